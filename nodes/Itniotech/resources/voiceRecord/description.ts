import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';
import {
	columnOptions,
	filtersField,
	outputFields,
	readOptionsField,
	timeRangeFields,
} from '../../shared/fields';

const operations: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Export Voice Records',
			value: 'export',
			description: 'Write the call records of a time range to CSV or NDJSON files',
			action: 'Export voice records',
		},
		{
			name: 'Get Voice Record',
			value: 'get',
			description: 'Look one call record up by its ID',
			action: 'Get a voice record',
		},
		{
			name: 'Query Voice Records',
			value: 'query',
			description: 'Get the call records of a time range',
			action: 'Query voice records',
		},
		{
			name: 'Summarize Voice Records',
			value: 'summarize',
			description: 'Count the calls of a time range: answer rate (ASR), duration (ACD), failures and cost',
			action: 'Summarize voice records',
		},
	],
	default: 'query',
};

const queryFields: INodeProperties[] = [
	...timeRangeFields,
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		default: 50,
		typeOptions: { minValue: 1 },
		displayOptions: { show: { returnAll: [false] } },
		description: 'Max number of results to return',
	},
	...outputFields,
	filtersField,
	readOptionsField,
];

const getFields: INodeProperties[] = [
	{
		displayName: 'Voice ID',
		name: 'voiceId',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 2203031113381000002',
		description: 'ID of the call record, as "voiceId" of a queried record or of a sent call',
	},
	...outputFields,
];

const summarizeFields: INodeProperties[] = [
	...timeRangeFields,
	{
		displayName: 'Group By',
		name: 'groupBy',
		type: 'multiOptions',
		options: [
			{ name: 'Area', value: 'area' },
			{ name: 'Callee', value: 'callee' },
			{ name: 'Currency', value: 'currency' },
			{ name: 'Day', value: 'day' },
			{ name: 'Display Number', value: 'displayNum' },
			{ name: 'Hour', value: 'hour' },
			{ name: 'Outcome', value: 'outcome' },
			{ name: 'Termination Code', value: 'terminationCode' },
		],
		default: [],
		description:
			'One item for each group, in the order in which you choose them. None means one item for all calls.',
	},
	filtersField,
	readOptionsField,
];

const exportFields: INodeProperties[] = [
	...timeRangeFields,
	{
		displayName: 'Format',
		name: 'format',
		type: 'options',
		options: [
			{ name: 'CSV', value: 'csv', description: 'A table for spreadsheets and databases' },
			{ name: 'NDJSON', value: 'ndjson', description: 'One JSON object a line, for data tools' },
		],
		default: 'csv',
		description: 'The form of the files',
	},
	filtersField,
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{
				displayName: 'Byte Order Mark',
				name: 'byteOrderMark',
				type: 'boolean',
				default: true,
				description: 'Whether a CSV file begins with a mark by which Excel reads it as UTF-8',
			},
			{
				displayName: 'Columns',
				name: 'columns',
				type: 'multiOptions',
				options: columnOptions,
				default: [],
				description: 'The columns, in the order in which you choose them. None means all.',
			},
			{
				displayName: 'Escape Formulas',
				name: 'escapeFormulas',
				type: 'boolean',
				default: true,
				description:
					'Whether to put an apostrophe before text of a CSV file that a spreadsheet would run as a formula. Called Info comes from outside.',
			},
			{
				displayName: 'Max Records Per File',
				name: 'maxRecordsPerFile',
				type: 'number',
				default: 100000,
				typeOptions: { minValue: 1 },
				description: 'After so many records, the next item begins with the next file',
			},
			{
				displayName: 'Put Output File in Field',
				name: 'binaryPropertyName',
				type: 'string',
				default: 'data',
				description: 'The name of the output binary field to put the file in',
			},
			...(readOptionsField.options as INodeProperties[]),
		],
	},
];

export const voiceRecordDescription: INodeProperties[] = [
	...updateDisplayOptions({ show: { resource: ['voiceRecord'] } }, [operations]),
	...updateDisplayOptions({ show: { resource: ['voiceRecord'], operation: ['query'] } }, queryFields),
	...updateDisplayOptions({ show: { resource: ['voiceRecord'], operation: ['get'] } }, getFields),
	...updateDisplayOptions({ show: { resource: ['voiceRecord'], operation: ['summarize'] } }, summarizeFields),
	...updateDisplayOptions({ show: { resource: ['voiceRecord'], operation: ['export'] } }, exportFields),
];
