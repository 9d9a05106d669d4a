import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';
import type { Api } from '../api/request';
import { accountDescription } from './account/description';
import * as account from './account/execute';
import { voiceRecordDescription } from './voiceRecord/description';
import * as voiceRecord from './voiceRecord/execute';
import { exportFiles } from './voiceRecord/export';

/** Carries an operation out for one input item and returns its output items, not yet paired. */
export type Handler = (
	context: IExecuteFunctions,
	itemIndex: number,
	api: Api,
) => Promise<INodeExecutionData[]>;

export const handlers: Record<string, Record<string, Handler>> = {
	account,
	voiceRecord: { ...voiceRecord, export: exportFiles },
};

export const properties: INodeProperties[] = [
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Account', value: 'account' },
			{ name: 'Voice Record', value: 'voiceRecord' },
		],
		default: 'voiceRecord',
	},
	...accountDescription,
	...voiceRecordDescription,
];
