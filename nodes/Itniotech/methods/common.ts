import type { INodeCredentialDescription, INodeTypeDescription } from 'n8n-workflow';
import { testItniotechApi } from './credentialTest';
import { listSearch } from './listSearch';

/** What all three nodes have. */
export const ICON: INodeTypeDescription['icon'] = {
	light: 'file:itniotech.svg',
	dark: 'file:itniotech.dark.svg',
};

export const CREDENTIALS: INodeCredentialDescription[] = [
	{ name: 'itniotechApi', required: true, testedBy: 'testItniotechApi' },
];

export const EDITOR_METHODS = { credentialTest: { testItniotechApi }, listSearch };
