import {
	UserError,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	type INodePropertyOptions,
} from 'n8n-workflow';
import { isExpression, readChoice } from '../records/query/parameters';
import { subtitleOf } from '../shared/fields';
import { accountDescription, accountOperations } from './account/description';
import { getBalance } from './account/execute';
import type { OperationRun } from './operationRun';
import type { OUTPUTS } from './outputs';
import { createCampaigns } from './voiceCampaign/create';
import { campaignOperations, voiceCampaignDescription } from './voiceCampaign/description';
import { callFailedAgain, cancelCampaign, getCampaign } from './voiceCampaign/execute';
import { getCampaigns } from './voiceCampaign/list';
import { messageOperations, voiceMessageDescription } from './voiceMessage/description';
import { placeCalls } from './voiceMessage/execute';
import { uploadFile } from './voiceMessage/upload';
import { recordOperations, voiceRecordDescription } from './voiceRecord/description';
import { getRecord } from './voiceRecord/execute';
import { exportFiles } from './voiceRecord/export/export';
import { queryRecords } from './voiceRecord/reading/queryRecords';
import { createReport } from './voiceRecord/reporting/report';
import { summarizeRecords } from './voiceRecord/reporting/summarize';
import { listUnreached } from './voiceRecord/unreached/unreached';

/** Executes an operation for one input item and returns its output items, not yet paired. */
type Handler = (run: OperationRun) => Promise<INodeExecutionData[]>;

/** An operation has a handler and an output. */
type Handlers = {
	[Resource in keyof typeof OUTPUTS]: Record<keyof (typeof OUTPUTS)[Resource], Handler>;
};

const HANDLERS: Handlers = {
	account: { getBalance },
	voiceCampaign: {
		callFailedAgain,
		cancel: cancelCampaign,
		create: createCampaigns,
		get: getCampaign,
		getAll: getCampaigns,
	},
	voiceMessage: { sendFile: placeCalls, sendText: placeCalls, uploadFile },
	voiceRecord: {
		export: exportFiles,
		get: getRecord,
		query: queryRecords,
		report: createReport,
		summarize: summarizeRecords,
		unreached: listUnreached,
	},
};

/** As many as the pool ever sends at a time: it decides how many do not have to wait. */
const LOOKUPS = 20;
/** Those of them with the same range read it once. */
const READINGS = 1000;

/** How many input items an operation executes at a time, where that is not one after another. */
const AT_A_TIME = new Map<Handler, number>([
	[getCampaign, LOOKUPS],
	[getRecord, LOOKUPS],
	[queryRecords, READINGS],
	[exportFiles, READINGS],
	[createReport, READINGS],
	[summarizeRecords, READINGS],
	[listUnreached, READINGS],
]);

/** 1 where an expression may choose another operation for each item. */
export function itemsAtATime(context: IExecuteFunctions): number {
	const { resource, operation } = context.getNode().parameters;
	if ([resource, operation].some(isExpression)) return 1;
	const byResource: Partial<Record<string, Record<string, Handler>>> = HANDLERS;
	const handler =
		byResource[String(context.getNodeParameter('resource', 0, ''))]?.[
			String(context.getNodeParameter('operation', 0, ''))
		];
	return (handler && AT_A_TIME.get(handler)) ?? 1;
}

/** n8n adds it to the resources and operations of each node whose credential signs requests. */
const CUSTOM_API_CALL = '__CUSTOM_API_CALL__';

/** @throws UserError for an unknown resource or operation, and for one that only the HTTP Request node can do */
export function readHandler(run: OperationRun): Handler {
	const resource = run.parameter('resource');
	// A custom resource has no operation.
	const operation = run.parameter('operation', '');
	if (resource === CUSTOM_API_CALL || operation === CUSTOM_API_CALL) {
		throw new UserError('Custom API calls are made by the HTTP Request node', {
			description:
				'Add an HTTP Request node, set "Authentication" to "Predefined Credential Type" and "Credential Type" to "ITNIO TECH API"',
		});
	}
	const byResource: Record<string, Record<string, Handler>> = HANDLERS;
	const handlers = byResource[readChoice(resource, 'Resource', Object.keys(HANDLERS))];
	return handlers[readChoice(operation, 'Operation', Object.keys(handlers))];
}

export const subtitle = subtitleOf(
	'operation',
	[accountOperations, campaignOperations, messageOperations, recordOperations].flatMap(
		({ options }) => options as INodePropertyOptions[],
	),
);

export const properties: INodeProperties[] = [
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Account', value: 'account' },
			{ name: 'Voice Campaign', value: 'voiceCampaign' },
			{ name: 'Voice Message', value: 'voiceMessage' },
			{ name: 'Voice Record', value: 'voiceRecord' },
		],
		default: 'voiceRecord',
	},
	...accountDescription,
	...voiceCampaignDescription,
	...voiceMessageDescription,
	...voiceRecordDescription,
];
