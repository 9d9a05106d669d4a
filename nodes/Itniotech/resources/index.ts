import type { INodeExecutionData, INodeProperties } from 'n8n-workflow';
import { accountDescription } from './account/description';
import { getBalance } from './account/execute';
import type { OperationRun } from './operationRun';
import { voiceRecordDescription } from './voiceRecord/description';
import { getRecord, queryRecords, summarizeRecords } from './voiceRecord/execute';
import { exportFiles } from './voiceRecord/export';

/** Executes an operation for one input item and returns its output items, not yet paired. */
export type Handler = (run: OperationRun) => Promise<INodeExecutionData[]>;

/** The handlers by resource and operation. A map: a name such as `constructor` finds nothing in it. */
const HANDLERS = new Map<string, Map<string, Handler>>([
	['account', new Map([['getBalance', getBalance]])],
	[
		'voiceRecord',
		new Map([
			['export', exportFiles],
			['get', getRecord],
			['query', queryRecords],
			['summarize', summarizeRecords],
		]),
	],
]);

/** The handler of an operation, or `undefined` when there is no such operation. */
export function findHandler(resource: string, operation: string): Handler | undefined {
	return HANDLERS.get(resource)?.get(operation);
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
