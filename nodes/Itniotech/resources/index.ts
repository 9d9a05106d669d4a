import type { INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { readChoice } from '../records/parameters';
import { accountDescription } from './account/description';
import { getBalance } from './account/execute';
import type { OperationRun } from './operationRun';
import { voiceRecordDescription } from './voiceRecord/description';
import { getRecord, queryRecords, summarizeRecords } from './voiceRecord/execute';
import { exportFiles } from './voiceRecord/export';

/** Executes an operation for one input item and returns its output items, not yet paired. */
export type Handler = (run: OperationRun) => Promise<INodeExecutionData[]>;

const HANDLERS: Record<string, Record<string, Handler>> = {
	account: { getBalance },
	voiceRecord: { export: exportFiles, get: getRecord, query: queryRecords, summarize: summarizeRecords },
};

/** @throws UserError for an unknown resource or operation */
export function readHandler({ context, itemIndex }: OperationRun): Handler {
	const resource: unknown = context.getNodeParameter('resource', itemIndex);
	const handlers = HANDLERS[readChoice(resource, 'Resource', Object.keys(HANDLERS))];
	const operation: unknown = context.getNodeParameter('operation', itemIndex);
	return handlers[readChoice(operation, 'Operation', Object.keys(handlers))];
}

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
