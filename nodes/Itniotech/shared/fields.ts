import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

/** A range of time; "Custom" shows its two ends. */
export const timeRangeFields: INodeProperties[] = [
	{
		displayName: 'Time Range',
		name: 'timeRange',
		type: 'options',
		options: [
			{ name: 'Custom', value: 'custom', description: 'From a start time to an end time' },
			{ name: 'Last 24 Hours', value: 'last24Hours' },
			{ name: 'Last 31 Days', value: 'last31Days' },
			{ name: 'Last 7 Days', value: 'last7Days' },
			{ name: 'Last Month', value: 'lastMonth', description: 'The whole calendar month before this one' },
			{ name: 'This Month', value: 'thisMonth', description: 'From the first of this month until now' },
			{ name: 'Today', value: 'today', description: 'From midnight until now' },
			{ name: 'Yesterday', value: 'yesterday', description: 'The whole calendar day before today' },
		],
		default: 'last24Hours',
		description:
			'When the calls took place. ITNIO TECH keeps records for two months. Days and months are those of the timezone of the workflow, or of "Timezone" under "Options".',
	},
	{
		displayName: 'Start Time',
		name: 'startTime',
		type: 'dateTime',
		default: '',
		// Not `required`: n8n would ask for it also where an expression sets another time range.
		displayOptions: { show: { timeRange: ['custom'] } },
		description: 'First second of the range. Not more than two months ago.',
	},
	{
		displayName: 'End Time',
		name: 'endTime',
		type: 'dateTime',
		default: '',
		displayOptions: { show: { timeRange: ['custom'] } },
		description: 'Last second of the range. A time in the future means now.',
	},
];

/** The fields of a record, `code` by its meaning, and the outcome. */
export const columnOptions: INodePropertyOptions[] = [
	{ name: 'Answer Time', value: 'answerTime' },
	{ name: 'Area', value: 'area' },
	{ name: 'Base Cost', value: 'baseCost' },
	{ name: 'Billing Period', value: 'billPeriod' },
	{ name: 'Call Duration', value: 'callDuration' },
	{ name: 'Call Time', value: 'callTime' },
	{ name: 'Called Info', value: 'calledInfo' },
	{ name: 'Callee', value: 'callee' },
	{ name: 'Charged Duration', value: 'chargedDuration' },
	{ name: 'Cost', value: 'cost' },
	{ name: 'Currency', value: 'currency' },
	{ name: 'Display Number', value: 'displayNum' },
	{ name: 'Hangup Time', value: 'hangupTime' },
	{ name: 'Key Pressed', value: 'feedbackValue' },
	{ name: 'Outcome', value: 'outcome' },
	{ name: 'Quote Exchange', value: 'quoteExchange' },
	{ name: 'Rate', value: 'rate' },
	{ name: 'Ringing Time', value: 'ringingTime' },
	{ name: 'Settle Pay', value: 'settlePay' },
	{ name: 'Settle Rate', value: 'settleRate' },
	{ name: 'Submit Time', value: 'submitTime' },
	{ name: 'Termination Code', value: 'terminationCode' },
	{ name: 'Termination Reason', value: 'terminationReason' },
	{ name: 'Voice File ID', value: 'voiceFileId' },
	{ name: 'Voice ID', value: 'voiceId' },
];

export const simplifyField: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

/** How much of a record is output: a switch on the canvas, a choice for an AI agent. */
export const outputFields: INodeProperties[] = [
	{ ...simplifyField, displayOptions: { hide: { '@tool': [true] } } },
	{
		displayName: 'Output',
		name: 'output',
		type: 'options',
		options: [
			{ name: 'Raw', value: 'raw', description: 'Every field, as ITNIO TECH sends it' },
			{ name: 'Selected Fields', value: 'selectedFields', description: 'Only the fields that you choose' },
			{ name: 'Simplified', value: 'simplified', description: 'The ten fields that most workflows need' },
		],
		default: 'simplified',
		displayOptions: { show: { '@tool': [true] } },
		description: 'How much of each record the AI agent gets. Less text costs fewer tokens.',
	},
	{
		displayName: 'Fields',
		name: 'fields',
		type: 'multiOptions',
		options: columnOptions,
		default: ['voiceId', 'submitTime', 'outcome', 'terminationReason'],
		displayOptions: { show: { '@tool': [true], output: ['selectedFields'] } },
		description: 'The fields of each record to output',
	},
];

/** What narrows the records down; the API itself filters by nothing but time. */
export const filtersField: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add Filter',
	default: {},
	description:
		'Only records that meet every filter are output. All records of the time range are read for it.',
	options: [
		{
			displayName: 'Area',
			name: 'area',
			type: 'string',
			default: '',
			placeholder: 'e.g. Kandahar',
			description: 'Part of the area and operator of the called number',
		},
		{
			displayName: 'Called Info',
			name: 'calledInfo',
			type: 'string',
			default: '',
			placeholder: 'e.g. order-1042',
			description: 'Part of the reference of your own that was sent with the call',
		},
		{
			displayName: 'Callee',
			name: 'callee',
			type: 'string',
			default: '',
			placeholder: 'e.g. 15550100',
			description: 'The called number with its country code. Only its digits count.',
		},
		{
			displayName: 'Display Number',
			name: 'displayNum',
			type: 'string',
			default: '',
			placeholder: 'e.g. 15550199',
			description: 'The number that the called party saw. Only its digits count.',
		},
		{
			displayName: 'Key Pressed',
			name: 'keyPressed',
			type: 'string',
			default: '',
			placeholder: 'e.g. 1',
			description: 'The key that the called party pressed',
		},
		{
			displayName: 'Minimum Duration',
			name: 'minDuration',
			type: 'number',
			default: 1,
			typeOptions: { minValue: 0 },
			description: 'Shortest time talked, in seconds',
		},
		{
			displayName: 'Outcome',
			name: 'outcome',
			type: 'options',
			options: [
				{ name: 'All', value: 'all' },
				{ name: 'Answered', value: 'answered', description: 'Termination code 200 (in older accounts 0)' },
				{ name: 'Failed', value: 'failed', description: 'Any other termination code' },
			],
			default: 'all',
			description: 'How the call ended',
		},
		{
			displayName: 'Termination Code',
			name: 'terminationCode',
			type: 'string',
			default: '',
			placeholder: 'e.g. 486, 503',
			description: 'SIP code with which the call ended, or several separated by commas',
		},
	],
};

/** How pages are read. */
export const pagingOptions: INodeProperties[] = [
	{
		displayName: 'Max Concurrent Requests',
		name: 'maxConcurrentRequests',
		type: 'number',
		default: 5,
		typeOptions: { minValue: 1, maxValue: 20 },
		description:
			'How many pages to read at the same time, from 1 to 20. More is faster as long as ITNIO TECH allows it.',
	},
	{
		displayName: 'Page Size',
		name: 'pageSize',
		type: 'number',
		default: 100,
		typeOptions: { minValue: 1, maxValue: 100 },
		description: 'How many records to ask for in one request, from 1 to 100',
	},
];

/** How the records of a time range are read. */
export const readOptionsField: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add Option',
	default: {},
	options: [
		...pagingOptions,
		{
			displayName: 'Timezone',
			name: 'timezone',
			type: 'string',
			default: '',
			placeholder: 'e.g. Asia/Singapore',
			description:
				'IANA name of the timezone for days, months and times without an offset. Empty means the timezone of the workflow.',
		},
	],
};
