import type { INodeProperties, INodePropertyMode, INodePropertyOptions } from 'n8n-workflow';
import { RECORD_FIELDS } from '../records/output/fields';

interface Choice {
	displayName: string;
	description?: string;
}

export function optionsOf(table: Record<string, Choice>): INodePropertyOptions[] {
	return Object.entries(table).map(([value, { displayName: name, description }]) => ({
		name,
		value,
		...(description && { description }),
	}));
}

/** By name, as users look for one among many. */
export const recordFieldOptions: INodePropertyOptions[] = optionsOf(RECORD_FIELDS).sort((a, b) =>
	a.name.localeCompare(b.name),
);

export const simplifyField: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
};

/** A value that can be chosen among those of the newest calls, entered as text, or set by an expression. */
export function locatorField(
	field: Pick<INodeProperties, 'displayName' | 'name' | 'description' | 'required'>,
	list: string,
	entered: Pick<INodePropertyMode, 'name' | 'displayName' | 'placeholder' | 'validation'>,
): INodeProperties {
	return {
		...field,
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod: list, searchable: true },
			},
			{ ...entered, type: 'string' },
		],
	};
}

const byText = (placeholder: string) => ({ name: 'text', displayName: 'By Text', placeholder });

const ENDED: INodePropertyOptions[] = [
	{ name: 'All', value: 'all' },
	{
		name: 'Answered',
		value: 'answered',
		description:
			'Termination code 200 (0 in older accounts). A call that hung up without a code: one with an answer time or a duration.',
	},
	{
		name: 'Failed',
		value: 'failed',
		description: 'Any other termination code. A call that hung up without a code: one with neither.',
	},
	{
		name: 'Voicemail',
		value: 'voicemail',
		description: 'Call status 40, which only accounts with the newest record fields have',
	},
];
const PENDING = { name: 'Pending', value: 'pending', description: 'The call has not ended yet' };

const outcomeFilter: INodeProperties = {
	displayName: 'Outcome',
	name: 'outcome',
	type: 'options',
	options: [...ENDED, PENDING],
	default: 'all',
	description: 'How the call ended',
};

/** In the order of use. */
const OTHER_FILTERS: INodeProperties[] = [
	locatorField(
		{
			displayName: 'Called Number',
			name: 'calledNumber',
			description:
				'Number that was called, with its country code, or several numbers separated by commas. Only digits are compared.',
		},
		'searchCalledNumbers',
		byText('e.g. 12025550100'),
	),
	locatorField(
		{
			displayName: 'Country',
			name: 'country',
			description:
				'Full name of the country, e.g. Afghanistan, or several separated by commas. It is the part of "Area" before its last bracket.',
		},
		'searchCountries',
		byText('e.g. Niger, Oman'),
	),
	locatorField(
		{
			displayName: 'Area',
			name: 'area',
			description: 'Part of the area and operator of the called number',
		},
		'searchAreas',
		byText('e.g. Kandahar'),
	),
	locatorField(
		{
			displayName: 'Termination Code',
			name: 'terminationCode',
			description: 'SIP code that ended the call, or several separated by commas',
		},
		'searchTerminationCodes',
		byText('e.g. 486, 503'),
	),
	{
		displayName: 'Key Pressed',
		name: 'keyPressed',
		type: 'string',
		default: '',
		placeholder: 'e.g. 1',
		description: 'Key that the called party pressed, or several separated by commas',
	},
	{
		displayName: 'Minimum Duration (Seconds)',
		name: 'minDuration',
		type: 'number',
		default: 1,
		typeOptions: { minValue: 0 },
		description: 'Include only calls with at least this much talk time',
	},
	{
		displayName: 'Called Info',
		name: 'calledInfo',
		type: 'string',
		default: '',
		placeholder: 'e.g. order-1042',
		description:
			'Your own reference that was sent with the call, in full. An asterisk stands for any text: order-* finds order-1042.',
	},
	locatorField(
		{
			displayName: 'Display Number',
			name: 'displayNum',
			description:
				'Caller ID that the called party saw, or several separated by commas. Only digits are compared.',
		},
		'searchDisplayNumbers',
		byText('e.g. 12025550199'),
	),
];

export const filtersField: INodeProperties = {
	displayName: 'Filters',
	name: 'filters',
	type: 'collection',
	placeholder: 'Add Filter',
	default: {},
	description:
		'Include only records that match every filter. ITNIO TECH cannot filter by them, so the others are read too.',
	options: [outcomeFilter, ...OTHER_FILTERS],
};

/** For triggers, which start for calls that have ended. Two of their events say how. */
export const endedCallsFilter: INodeProperties = {
	...filtersField,
	options: [
		{
			...outcomeFilter,
			options: ENDED,
			displayOptions: { hide: { '/event': ['callFailed', 'callAnswered'] } },
		},
		...OTHER_FILTERS,
	],
};

export const fieldsOption: INodeProperties = {
	displayName: 'Fields',
	name: 'fields',
	type: 'multiOptions',
	options: recordFieldOptions,
	default: [],
	description:
		'Only these fields of each record, in the order you choose them, instead of "Simplify". Numbers are numbers, missing values are null, and times are in the timezone of the workflow unless you set "Timezone".',
};

export const timezoneOption: INodeProperties = {
	displayName: 'Timezone',
	name: 'timezone',
	type: 'string',
	default: '',
	placeholder: 'e.g. Asia/Singapore',
	description:
		'IANA timezone name for days, months and all times. Leave empty to use the timezone of the workflow.',
};

export const pagingOptions: INodeProperties[] = [
	{
		displayName: 'Max Concurrent Requests',
		name: 'maxConcurrentRequests',
		type: 'number',
		default: 20,
		typeOptions: { minValue: 1, maxValue: 20 },
		description:
			'Maximum number of pages to read at the same time, from 1 to 20. The node uses fewer if more would not be faster or ITNIO TECH rejects them.',
	},
	{
		displayName: 'Page Size',
		name: 'pageSize',
		type: 'number',
		default: 100,
		typeOptions: { minValue: 1, maxValue: 100 },
		description: 'Number of records per request, from 1 to 100',
	},
];

/** The collection "Options", by name. */
export function optionsField(...options: INodeProperties[]): INodeProperties {
	return {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: options.sort((a, b) => a.displayName.localeCompare(b.displayName)),
	};
}

/** A node's subtitle on the canvas: what is chosen, in words. */
export function subtitleOf(parameter: string, choices: INodePropertyOptions[]): string {
	const words = Object.fromEntries(choices.map(({ value, name, action }) => [value, action ?? name]));
	return `={{ (${JSON.stringify(words)})[$parameter["${parameter}"]] }}`;
}
