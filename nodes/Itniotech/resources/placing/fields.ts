import type { INodeProperties } from 'n8n-workflow';
import { locatorField } from '../../shared/fields';

export const appIdField: INodeProperties = {
	displayName: 'App ID',
	name: 'appId',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. 4luaKsL2',
	builderHint: { propertyHint: 'Only the user knows it. Leave it empty and ask for it.' },
	description:
		'ID of the voice application that places the call. The ITNIO console lists it with your voice applications; if you find none there, ask your ITNIO TECH contact.',
};

export const textField: INodeProperties = {
	displayName: 'Text',
	name: 'text',
	type: 'string',
	typeOptions: { rows: 3 },
	default: '',
	required: true,
	placeholder: 'e.g. Your code is 1 2 3 4.',
	description: 'What is read to the called party, up to 1,000 characters',
};

export const languageField: INodeProperties = {
	...locatorField(
		{
			displayName: 'Language',
			name: 'language',
			required: true,
			description: 'Language of the text. Choose it from the list, or enter its code at ITNIO TECH.',
		},
		'searchLanguages',
		{ name: 'code', displayName: 'By Code', placeholder: 'e.g. EN' },
	),
	default: { mode: 'list', value: 'EN', cachedResultName: 'English' },
};

export const audioFileField: INodeProperties = locatorField(
	{
		displayName: 'Audio File',
		name: 'fileId',
		required: true,
		description: 'What is played to the called party: an uploaded file',
	},
	'searchFiles',
	{ name: 'id', displayName: 'By ID', placeholder: 'e.g. 12022022570cc2484c59d4f8b9745d34226285b1e.mp3' },
);

export const agentNotice: INodeProperties = {
	displayName:
		'Each use of this tool rings a real phone and costs money, and an agent may use it again. Let a person approve each call: add a human review step to this tool.',
	name: 'approvalNotice',
	type: 'notice',
	default: '',
	displayOptions: { show: { '@tool': [true] } },
};

const DOCS = 'https://github.com/n8n-nodes-itniotech/n8n-nodes-itniotech/blob/main/docs/calls.md';

export const callNotice: INodeProperties = {
	displayName: `<b>Execute step rings real phones and costs money</b>, unless "Dry Run" under "Options" is on. <a href="${DOCS}" target="_blank">What to know before you place calls</a>`,
	name: 'callNotice',
	type: 'notice',
	default: '',
	displayOptions: { hide: { '@tool': [true] } },
};

export const displayNumberOption: INodeProperties = {
	displayName: 'Display Number',
	name: 'displayNum',
	type: 'string',
	default: '',
	placeholder: 'e.g. 12025550199',
	description: 'Caller ID that the called party sees. Your account must be allowed to use it.',
};

export const loopCountOption: INodeProperties = {
	displayName: 'Loop Count',
	name: 'loopCount',
	type: 'number',
	default: 1,
	typeOptions: { minValue: 1, maxValue: 9 },
	description: 'Number of times to play the message in one call, from 1 to 9',
};

export const maxRingingTimeOption: INodeProperties = {
	displayName: 'Max Ringing Time (Seconds)',
	name: 'maxRingingTime',
	type: 'number',
	default: 60,
	typeOptions: { minValue: 20, maxValue: 120 },
	description: 'How long to let the phone ring, from 20 to 120 seconds',
};
