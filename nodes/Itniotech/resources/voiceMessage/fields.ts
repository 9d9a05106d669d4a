import type { INodeProperties } from 'n8n-workflow';
import {
	appIdField,
	audioFileField,
	displayNumberOption,
	languageField,
	loopCountOption,
	maxRingingTimeOption,
	textField,
} from '../placing/fields';

export const DEFAULT_MAX_CALLS = 100;
export const DEFAULT_MAX_WAIT = 5;

const waitFields: INodeProperties[] = [
	{
		displayName: 'Wait for Outcome',
		name: 'waitForOutcome',
		type: 'boolean',
		default: false,
		description:
			'Whether to wait until the calls have ended and output whether each was answered, which key was pressed, and the cost',
	},
	{
		displayName: 'Max Wait (Minutes)',
		name: 'maxWait',
		type: 'number',
		default: DEFAULT_MAX_WAIT,
		typeOptions: { minValue: 1, maxValue: 60 },
		displayOptions: { show: { waitForOutcome: [true] } },
		description:
			'How long to wait for the calls of all input items, from 1 to 60 minutes. Calls that have not ended by then are output as pending.',
	},
];

export const textFields: INodeProperties[] = [
	{
		displayName: 'Called Number',
		name: 'calledNumber',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 12025550100',
		builderHint: {
			propertyHint:
				'Rings a real phone. Never invent a number: take it from the input, or leave it empty and ask.',
		},
		description:
			'Number to call, with its country code. A plus sign or 00 in front of it, and spaces, dashes, dots, brackets and slashes in it, make no difference.',
	},
	textField,
	languageField,
	appIdField,
	...waitFields,
];

export const fileFields: INodeProperties[] = [
	{
		displayName: 'Called Numbers',
		name: 'calledNumbers',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 12025550100, 12025550101',
		builderHint: {
			propertyHint:
				'Rings real phones. Never invent numbers: take them from the input, or leave it empty and ask.',
		},
		description:
			'Numbers to call, with their country codes: a list, or text with commas, semicolons, tabs or line breaks between them',
	},
	audioFileField,
	appIdField,
	...waitFields,
];

export const SHARED_OPTIONS: INodeProperties[] = [
	{
		displayName: 'Called Info',
		name: 'calledInfo',
		type: 'string',
		default: '',
		placeholder: 'e.g. order-1042',
		description:
			'Your own reference for the call, e.g. an order number, up to 1,000 characters. It appears in the record of the call. Leave empty to let the node create one.',
	},
	displayNumberOption,
	{
		displayName: 'Dry Run',
		name: 'dryRun',
		type: 'boolean',
		default: false,
		description:
			'Whether to check and count everything without calling anybody. Each number is output with the status "skipped".',
	},
	loopCountOption,
	{
		displayName: 'Max Calls',
		name: 'maxCalls',
		type: 'number',
		default: DEFAULT_MAX_CALLS,
		typeOptions: { minValue: 1 },
		description:
			'Maximum number of calls in one run, for all input items together. If there are more, nobody is called.',
	},
	{
		displayName: 'Max Duration (Seconds)',
		name: 'maxDuration',
		type: 'number',
		default: 60,
		typeOptions: { minValue: 1, maxValue: 120 },
		description: 'When to end an answered call, from 1 to 120 seconds',
	},
	maxRingingTimeOption,
	{
		displayName: 'Repeated Numbers',
		name: 'repeatedNumbers',
		type: 'options',
		options: [
			{ name: 'Call Each Time', value: 'call', description: 'Call a number as many times as it occurs' },
			{
				name: 'Skip',
				value: 'skip',
				description: 'Call a number once per run; again only if ITNIO TECH refused the earlier call',
			},
		],
		default: 'skip',
		description: 'What to do with a number that occurs several times in a run, however it is written',
	},
];

export const TEXT_OPTIONS: INodeProperties[] = [
	{
		displayName: 'Accent',
		name: 'accent',
		type: 'string',
		default: '',
		placeholder: 'e.g. 91',
		description: 'Country code of the accent to speak with, where the language has several',
	},
	{
		displayName: 'Recall Count',
		name: 'recallCount',
		type: 'number',
		default: 0,
		typeOptions: { minValue: 0, maxValue: 9 },
		description:
			'Number of times ITNIO TECH calls again if nobody answers, from 0 to 9. Do not combine it with a workflow that calls again.',
	},
	{
		displayName: 'Recall Interval (Minutes)',
		name: 'recallInterval',
		type: 'number',
		default: 5,
		typeOptions: { minValue: 1, maxValue: 999 },
		description: 'Minutes between the calls of "Recall Count", from 1 to 999',
	},
	{
		displayName: 'Speaking Rate',
		name: 'speakingRate',
		type: 'number',
		default: 1,
		typeOptions: { minValue: 0.25, maxValue: 4, numberPrecision: 2 },
		description: 'Speed of the voice, from 0.25 to 4',
	},
	{
		displayName: 'Voice',
		name: 'voice',
		type: 'options',
		options: [
			{ name: 'Female', value: 'female' },
			{ name: 'Male', value: 'male' },
		],
		default: 'female',
		description: 'Voice that reads the text',
	},
];

export const uploadFields: INodeProperties[] = [
	{
		displayName: 'Input Binary Field',
		name: 'binaryPropertyName',
		type: 'string',
		default: 'data',
		required: true,
		hint: 'The name of the input field that contains the file',
		description: 'Name of the binary field of the input item that has the audio file',
	},
	{
		displayName: 'File Name',
		name: 'fileName',
		type: 'string',
		default: '',
		placeholder: 'e.g. welcome.mp3',
		description:
			'Name of the file at ITNIO TECH, 5 to 32 characters that end in .mp3, .m4a or .wav. Leave empty to use the name that the file has.',
	},
];
