import type { INodeProperties } from 'n8n-workflow';
import { DEFAULT_MAX_DURATION_S } from '../../api/campaigns';
import { CAMPAIGN_STATUSES } from '../../api/campaignValues';
import { CAMPAIGN_FIELDS } from '../../reports/summary/campaigns';
import { locatorField, optionsOf, simplifyField, timezoneOption } from '../../shared/fields';
import { limitFields } from '../limitFields';
import {
	appIdField,
	audioFileField,
	displayNumberOption,
	languageField,
	loopCountOption,
	maxRingingTimeOption,
	textField,
} from '../placing/fields';
import { timeRangeFields } from '../voiceRecord/reading/rangeFields';

export const DEFAULT_MAX_NUMBERS = 1000;

export const campaignIdField: INodeProperties = locatorField(
	{
		displayName: 'Campaign',
		name: 'campaignId',
		required: true,
		description: 'ID of the campaign: the "campaignId" of a campaign that was created or listed',
	},
	'searchCampaigns',
	{ name: 'id', displayName: 'By ID', placeholder: 'e.g. 5000602' },
);

const showFor = (messageType: string, field: INodeProperties): INodeProperties => ({
	...field,
	displayOptions: { show: { messageType: [messageType] } },
});

export const createFields: INodeProperties[] = [
	{
		displayName: 'Campaign Name',
		name: 'campaignName',
		type: 'string',
		default: '',
		placeholder: 'e.g. Spring sale',
		description:
			'Name of the campaign, 2 to 64 characters, which no other campaign of the account has. Do not tell names apart by upper and lower case alone. Leave empty to let the node create one from workflow and execution.',
	},
	{
		displayName: 'Called Number',
		name: 'calledNumber',
		type: 'string',
		default: '={{ $json.calledNumber }}',
		required: true,
		placeholder: 'e.g. 12025550100',
		description:
			'Number to call, with its country code: an expression that takes it from each input item. All input items are one campaign.',
	},
	{
		displayName: 'Message',
		name: 'messageType',
		type: 'options',
		options: [
			{ name: 'Audio File', value: 'audioFile', description: 'Play an uploaded file' },
			{ name: 'Text', value: 'text', description: 'Read a text' },
		],
		default: 'audioFile',
		description: 'What people hear when they answer. Apart from "Variables", it is the same for all numbers.',
	},
	showFor('audioFile', audioFileField),
	showFor('text', {
		...textField,
		description:
			'What is read to the called party, up to 1,000 characters. ${text1} to ${text5} stand for "Variables" under "Options".',
	}),
	showFor('text', languageField),
	appIdField,
];

const variable = (number: number): INodeProperties => ({
	displayName: `Text${number}`,
	name: `text${number}`,
	type: 'string',
	default: '',
	placeholder: 'e.g. {{ $json.name }}',
	description: `What replaces \${text${number}}, up to 30 characters`,
});

export const CREATE_OPTIONS: INodeProperties[] = [
	{
		displayName: 'Calling Hours',
		name: 'callingHours',
		type: 'string',
		default: '',
		placeholder: 'e.g. 09:00-12:00, 14:00-18:00',
		description:
			'Hours of the day in which people may be called, up to three ranges, in the timezone of the workflow unless you set "Timezone". They do not follow a change to or from summer time during the campaign.',
	},
	displayNumberOption,
	{
		displayName: 'Dry Run',
		name: 'dryRun',
		type: 'boolean',
		default: false,
		description:
			'Whether to check all input items and count the numbers without sending anything. The campaign is output with the status "skipped".',
	},
	loopCountOption,
	{
		displayName: 'Max Duration (Seconds)',
		name: 'maxDuration',
		type: 'number',
		default: DEFAULT_MAX_DURATION_S,
		typeOptions: { minValue: 1, maxValue: 999 },
		description: 'When to end an answered call, from 1 to 999 seconds',
	},
	{
		displayName: 'Max Numbers',
		name: 'maxNumbers',
		type: 'number',
		default: DEFAULT_MAX_NUMBERS,
		typeOptions: { minValue: 1 },
		description: 'Maximum number of numbers to call in one run. If there are more, nobody is called.',
	},
	maxRingingTimeOption,
	{
		displayName: 'Start At',
		name: 'startAt',
		type: 'dateTime',
		default: '',
		description:
			'When to start calling, in the timezone of the workflow unless you set "Timezone" or it has an offset. At most a year ahead. A time that occurs twice, when the clocks go back, is the first one. Leave empty to start at once.',
	},
	{
		...timezoneOption,
		description:
			'IANA timezone name for "Start At" and "Calling Hours". Leave empty to use the timezone of the workflow.',
	},
	{
		displayName: 'Variables',
		name: 'variables',
		type: 'fixedCollection',
		default: {},
		placeholder: 'Add Variables',
		description:
			'Texts that differ from number to number. ITNIO TECH describes them for group calls, but one of its pages names them for text messages only: try them with your own number first.',
		options: [{ displayName: 'Values', name: 'values', values: [1, 2, 3, 4, 5].map(variable) }],
	},
];

export const campaignFieldsOption: INodeProperties = {
	displayName: 'Fields',
	name: 'fields',
	type: 'multiOptions',
	options: optionsOf(CAMPAIGN_FIELDS).sort((a, b) => a.name.localeCompare(b.name)),
	default: [],
	description:
		'Only these fields of each campaign, in the order you choose them, instead of "Simplify". Times are in the timezone of the workflow unless you set "Timezone".',
};

const DEFAULT_RANGE = 'last31Days';

export const listFields: INodeProperties[] = [
	...timeRangeFields.map((field) =>
		field.name === 'timeRange'
			? {
					...field,
					default: DEFAULT_RANGE,
					description:
						'When the campaigns were created. Days and months are in the timezone of the workflow, unless you set "Timezone" under "Options".',
				}
			: { ...field, description: field.description?.replace(', at most two months ago', '') },
	),
	...limitFields({ agentHint: 'The AI agent is told if there are more campaigns' }),
	simplifyField,
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		description: 'Include only campaigns that match every filter',
		options: [
			{
				displayName: 'Status',
				name: 'status',
				type: 'multiOptions',
				options: CAMPAIGN_STATUSES.map((value) => ({
					name: value[0].toUpperCase() + value.slice(1),
					value,
				})),
				default: [],
				description: 'Status of the campaign',
			},
			{
				displayName: 'Name',
				name: 'name',
				type: 'string',
				default: '',
				placeholder: 'e.g. Spring sale',
				description:
					'Name of the campaign, in full. An asterisk stands for any text: Spring* finds Spring sale.',
			},
		],
	},
];
