import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { ORDERS } from '../../records/output/sort';
import {
	fieldsOption,
	filtersField,
	optionsField,
	optionsOf,
	recordFieldOptions,
	timezoneOption,
} from '../../shared/fields';
import { forOperation, operationChoice } from '../displayed';
import { limitFields } from '../limitFields';
import { voiceIdField } from './voiceIdField';
import { binaryFieldOption } from './export/files';
import { outputFields } from './outputFields';
import { rangeOptions, timeRangeFields } from './reading/rangeFields';
import { reportFields, summarizeFields } from './reporting/fields';
import { unreachedFields } from './unreached/fields';

export const recordOperations: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Create Call Report',
			value: 'report',
			description: 'Get a report of the calls of a time range that is ready to send by e-mail or chat',
			action: 'Create a call report',
		},
		{
			name: 'Export Voice Records',
			value: 'export',
			description: 'Write the call records of a time range to CSV or NDJSON files',
			action: 'Export voice records',
		},
		{
			name: 'Get Voice Record',
			value: 'get',
			description: 'Look up a call record by its ID',
			action: 'Get a voice record',
		},
		{
			name: 'List Unreached Numbers',
			value: 'unreached',
			description:
				'Get the numbers of a time range that nobody has answered in it or since, and that are worth another call',
			action: 'List unreached numbers',
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
			description:
				'Get figures for the calls of a time range: answer rate (ASR), average duration (ACD), failures and cost',
			action: 'Summarize voice records',
		},
	],
	default: 'query',
};

/** An agent can read an item, but no file. */
const recordOperationsOfAgents: INodeProperties = {
	...recordOperations,
	options: (recordOperations.options as INodePropertyOptions[]).filter(({ value }) => value !== 'export'),
};

const sortField: INodeProperties = {
	displayName: 'Sort',
	name: 'sort',
	type: 'collection',
	placeholder: 'Add Sort',
	default: {},
	description:
		'Order of the records. All records in the time range are read to sort them, also with "Limit".',
	options: [
		{
			displayName: 'Sort By',
			name: 'sortBy',
			type: 'options',
			options: optionsOf(ORDERS),
			default: 'newest',
			description: 'What the records are sorted by',
		},
	],
};

const queryFields: INodeProperties[] = [
	...timeRangeFields,
	...limitFields({
		hint: 'Takes the first records that ITNIO TECH lists, or the first ones of "Sort"',
		agentHint: 'All records are counted: if there are more, the AI agent is told how many',
	}),
	...outputFields,
	filtersField,
	sortField,
	optionsField(fieldsOption, ...rangeOptions),
];

const getFields: INodeProperties[] = [
	voiceIdField,
	...outputFields,
	optionsField(fieldsOption, timezoneOption),
];

const exportFields: INodeProperties[] = [
	...timeRangeFields,
	{
		displayName: 'Format',
		name: 'format',
		type: 'options',
		options: [
			{ name: 'CSV', value: 'csv', description: 'A table for spreadsheets and databases' },
			{ name: 'NDJSON', value: 'ndjson', description: 'One JSON object per line, for data tools' },
		],
		default: 'csv',
		description: 'Format of the files',
	},
	filtersField,
	optionsField(
		{
			displayName: 'Byte Order Mark',
			name: 'byteOrderMark',
			type: 'boolean',
			default: true,
			description: 'Whether CSV files begin with a byte order mark, which makes Excel read them as UTF-8',
		},
		{
			displayName: 'Columns',
			name: 'columns',
			type: 'multiOptions',
			options: recordFieldOptions,
			default: [],
			description: 'Columns of the files, in the order you choose them. Choose none for all columns.',
		},
		{
			displayName: 'Delimiter',
			name: 'delimiter',
			type: 'options',
			options: [
				{ name: 'Comma', value: 'comma' },
				{
					name: 'Semicolon',
					value: 'semicolon',
					description: 'For spreadsheets that expect it, such as Excel with German settings',
				},
				{ name: 'Tab', value: 'tab' },
			],
			default: 'comma',
			description:
				'What separates the columns of CSV files. Decimals always have a point. A spreadsheet with German settings, for example, reads 1.5 as a date and 1.234 as 1234: when you import the file, choose English as its language.',
		},
		{
			displayName: 'Escape Formulas',
			name: 'escapeFormulas',
			type: 'boolean',
			default: true,
			description:
				'Whether to put an apostrophe before text in CSV files that a spreadsheet would run as a formula. Recommended, because "Called Info" may contain text from others.',
		},
		{
			displayName: 'Max Records per File',
			name: 'maxRecordsPerFile',
			type: 'number',
			default: 100000,
			typeOptions: { minValue: 1 },
			description: 'Maximum number of records per file. Each file becomes one item.',
		},
		binaryFieldOption,
		...rangeOptions,
	),
];

export const voiceRecordDescription: INodeProperties[] = [
	...operationChoice('voiceRecord', recordOperations, recordOperationsOfAgents),
	...forOperation('voiceRecord', 'query', queryFields),
	...forOperation('voiceRecord', 'get', getFields),
	...forOperation('voiceRecord', 'summarize', summarizeFields),
	...forOperation('voiceRecord', 'report', reportFields),
	...forOperation('voiceRecord', 'export', exportFields),
	...forOperation('voiceRecord', 'unreached', unreachedFields),
];
