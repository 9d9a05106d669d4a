import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { COMPARISONS } from '../../../reports/summary/earlierRange';
import { SECTIONS } from '../../../reports/document/overview';
import { GROUP_TYPES } from '../../../reports/summary/groupBy';
import { filtersField, optionsField, optionsOf } from '../../../shared/fields';
import { binaryFieldOption } from '../export/files';
import { rangeOptions, timeRangeFields } from '../reading/rangeFields';

const SUMMARY_SORTS: INodePropertyOptions[] = [
	{ name: 'Groups', value: 'keys', description: 'By the fields of "Group By", in their order' },
	{ name: 'Most Calls', value: 'calls' },
	{ name: 'Most Failed Calls', value: 'failed' },
	{ name: 'Lowest Answer Rate', value: 'asr' },
	{ name: 'Highest Cost', value: 'cost', description: 'By the amount, whatever its currency' },
];

const shortCallOption: INodeProperties = {
	displayName: 'Short Call (Seconds)',
	name: 'shortCallSeconds',
	type: 'number',
	default: 6,
	typeOptions: { minValue: 0 },
	description: 'Answered calls of at most this duration count as short calls',
};

const compareField: INodeProperties = {
	displayName: 'Compare With',
	name: 'compareWith',
	type: 'options',
	options: optionsOf(COMPARISONS),
	default: 'nothing',
	description:
		'An earlier time to compare each item with: adds its calls, answer rate and cost, and how they changed',
};

export const summarizeFields: INodeProperties[] = [
	...timeRangeFields,
	{
		displayName: 'Group By',
		name: 'groupBy',
		type: 'multiOptions',
		options: optionsOf(GROUP_TYPES),
		default: [],
		description:
			'Outputs one item per group, sorted by the fields in the order you choose them. Choose none for one item with all calls.',
	},
	compareField,
	filtersField,
	optionsField(
		{
			displayName: 'Include Details',
			name: 'includeDetails',
			type: 'boolean',
			default: false,
			description:
				'Whether to add "details" to each item: all failures, costs by currency, keys pressed, delays, calls at the same time and billed seconds',
		},
		{
			displayName: 'Max Groups',
			name: 'maxGroups',
			type: 'number',
			default: 0,
			typeOptions: { minValue: 0 },
			description: 'Maximum number of items, the first ones of "Sort By". 0 means all.',
		},
		shortCallOption,
		{
			displayName: 'Sort By',
			name: 'sortBy',
			type: 'options',
			options: SUMMARY_SORTS,
			default: 'keys',
			description: 'Order of the items',
		},
		...rangeOptions,
	),
];

export const reportFields: INodeProperties[] = [
	...timeRangeFields.map((field) =>
		field.name === 'timeRange' ? { ...field, default: 'yesterday' } : field,
	),
	{
		displayName: 'Title',
		name: 'title',
		type: 'string',
		default: 'Call Report',
		description: 'First line of the report and beginning of its subject',
	},
	{
		displayName: 'Sections',
		name: 'sections',
		type: 'multiOptions',
		options: optionsOf(SECTIONS),
		default: ['overview', 'causes', 'trend', 'heatMap', 'countries', 'areas', 'failures', 'numbers'],
		description: 'Parts of the report, in the order you choose them. Choose none for all of them.',
	},
	{
		...compareField,
		default: 'previousPeriod',
		description: 'An earlier time to compare the figures with',
	},
	filtersField,
	optionsField(
		{
			displayName: 'Attach File',
			name: 'attachFile',
			type: 'boolean',
			default: false,
			description: 'Whether to output the HTML as a file too, e.g. to attach it to an e-mail',
		},
		{
			displayName: 'Max Rows per Section',
			name: 'topN',
			type: 'number',
			default: 10,
			typeOptions: { minValue: 1, maxValue: 1000 },
			description:
				'Maximum number of countries, areas, reasons and numbers. Fewer are output if the HTML would be too large for e-mail.',
		},
		binaryFieldOption,
		shortCallOption,
		...rangeOptions,
	),
];
