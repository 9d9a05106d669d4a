import type { INodeProperties } from 'n8n-workflow';
import { filtersField, optionsField, pagingOptions, timezoneOption } from '../../../shared/fields';
import { timeRangeFields } from '../reading/rangeFields';
import { DEFAULT_CODES } from './terminationCodes';

export const DEFAULT_MAX_ATTEMPTS = 3;
export const DEFAULT_MINIMUM_AGE = 15;

/** The others would hide calls that were answered, and the numbers would be called again. */
export const FILTERS_BY_OUTCOME = ['outcome', 'terminationCode', 'keyPressed', 'minDuration'];

const UP_TO_NOW =
	'Answers, calls that have not ended and the latest call of each number are read up to now, whatever the range.';

const filters: INodeProperties = {
	...filtersField,
	options: (filtersField.options as INodeProperties[]).filter(
		({ name }) => !FILTERS_BY_OUTCOME.includes(name),
	),
	description:
		'Count only calls that match every filter. A number that answered another call is still listed.',
};

export const UNREACHED_OPTIONS: INodeProperties[] = [
	{
		displayName: 'Minimum Age (Minutes)',
		name: 'minimumAge',
		type: 'number',
		default: DEFAULT_MINIMUM_AGE,
		typeOptions: { minValue: 0 },
		description:
			'Leave out numbers that were called less than this long ago, because ITNIO TECH may list calls late',
	},
	{
		displayName: 'Termination Codes',
		name: 'terminationCodes',
		type: 'string',
		default: DEFAULT_CODES,
		placeholder: `e.g. ${DEFAULT_CODES}`,
		description: 'List only numbers whose last call ended with one of these SIP codes or went to voicemail',
	},
	...pagingOptions,
	timezoneOption,
];

export const unreachedFields: INodeProperties[] = [
	...timeRangeFields.map((field) =>
		field.name === 'timeRange'
			? { ...field, default: 'last7Days', description: `${field.description} ${UP_TO_NOW}` }
			: field,
	),
	{
		displayName: 'Max Attempts',
		name: 'maxAttempts',
		type: 'number',
		default: DEFAULT_MAX_ATTEMPTS,
		typeOptions: { minValue: 1 },
		description:
			'List only numbers that were called fewer times than this in the time range. Calls before the time range are not counted.',
	},
	filters,
	optionsField(...UNREACHED_OPTIONS),
];
