import { updateDisplayOptions, type INodeProperties, type INodePropertyOptions } from 'n8n-workflow';
import { locatorField, optionsField } from '../../shared/fields';

export const DEFAULT_MAX_CALLS = 100;

const sendFile: INodePropertyOptions = {
	name: 'Send Audio File Call',
	value: 'sendFile',
	description:
		'Call one or many numbers and play an audio file to whoever answers. Rings real phones and costs money.',
	action: 'Send an audio file call',
};

const sendText: INodePropertyOptions = {
	name: 'Send Text-to-Speech Call',
	value: 'sendText',
	description: 'Call a number and read a text to whoever answers. Rings a real phone and costs money.',
	action: 'Send a text-to-speech call',
};

export const operations: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	options: [sendFile, sendText],
	default: 'sendText',
};

/** What an AI agent reads of a tool is its action. */
const operationsOfAgents: INodeProperties = {
	...operations,
	options: [
		{
			...sendFile,
			action:
				'Warning: rings real phones and costs money each time. Plays an audio file to the called numbers',
		},
		{
			...sendText,
			action: 'Warning: rings a real phone and costs money each time. Reads a text to the called number',
		},
	],
};

const agentNotice: INodeProperties = {
	displayName:
		'Each use of this tool rings a real phone and costs money, and an agent may use it again. Let a person approve each call: add a human review step to this tool.',
	name: 'approvalNotice',
	type: 'notice',
	default: '',
	displayOptions: { show: { '@tool': [true] } },
};

const appIdField: INodeProperties = {
	displayName: 'App ID',
	name: 'appId',
	type: 'string',
	default: '',
	required: true,
	description: 'ID of the voice application in the ITNIO console that places the call',
};

const textFields: INodeProperties[] = [
	agentNotice,
	{
		displayName: 'Called Number',
		name: 'calledNumber',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 15550100',
		description:
			'Number to call, with its country code. A plus sign or 00 before it, and blanks, dashes, dots, brackets and slashes within it, make no difference.',
	},
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '',
		required: true,
		placeholder: 'e.g. Your code is 1 2 3 4.',
		description: 'What is read to the called party, up to 1000 characters',
	},
	{
		displayName: 'Language',
		name: 'language',
		type: 'string',
		default: 'EN',
		required: true,
		placeholder: 'e.g. EN',
		description:
			'Code of the language of the text, as ITNIO TECH lists it: for example EN, ES, PT, DE, IN, IDN, TH or VN',
	},
	appIdField,
];

const fileFields: INodeProperties[] = [
	agentNotice,
	{
		displayName: 'Called Numbers',
		name: 'calledNumbers',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 15550100, 15550101',
		description:
			'Numbers to call, with their country codes: a list, or text with commas, semicolons, tabs or line breaks between them',
	},
	locatorField(
		{
			displayName: 'Audio File',
			name: 'fileId',
			required: true,
			description: 'What is played to the called party: a file that was uploaded in the ITNIO console',
		},
		'searchFiles',
		{ name: 'id', displayName: 'By ID', placeholder: 'e.g. 12022022570cc2484c59d4f8b9745d34226285b1e.mp3' },
	),
	appIdField,
];

const SHARED_OPTIONS: INodeProperties[] = [
	{
		displayName: 'Called Info',
		name: 'calledInfo',
		type: 'string',
		default: '',
		placeholder: 'e.g. order-1042',
		description:
			'Reference that the record of the call repeats, up to 1000 characters. Leave empty for one that the node makes of workflow, execution and item.',
	},
	{
		displayName: 'Display Number',
		name: 'displayNum',
		type: 'string',
		default: '',
		placeholder: 'e.g. 15550199',
		description: 'Caller ID that the called party sees. Your account must be allowed to use it.',
	},
	{
		displayName: 'Loop Count',
		name: 'loopCount',
		type: 'number',
		default: 1,
		typeOptions: { minValue: 1, maxValue: 9 },
		description: 'Number of times to play the message in one call, from 1 to 9',
	},
	{
		displayName: 'Max Calls',
		name: 'maxCalls',
		type: 'number',
		default: DEFAULT_MAX_CALLS,
		typeOptions: { minValue: 1 },
		description:
			'Maximum number of calls of one run, for all input items together. If there are more, nobody is called.',
	},
	{
		displayName: 'Max Duration (Seconds)',
		name: 'maxDuration',
		type: 'number',
		default: 60,
		typeOptions: { minValue: 1, maxValue: 120 },
		description: 'When to end an answered call, from 1 to 120 seconds',
	},
	{
		displayName: 'Max Ringing Time (Seconds)',
		name: 'maxRingingTime',
		type: 'number',
		default: 60,
		typeOptions: { minValue: 20, maxValue: 120 },
		description: 'How long to let the phone ring, from 20 to 120 seconds',
	},
];

const TEXT_OPTIONS: INodeProperties[] = [
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

export const voiceMessageDescription: INodeProperties[] = [
	...updateDisplayOptions({ show: { resource: ['voiceMessage'] }, hide: { '@tool': [true] } }, [operations]),
	...updateDisplayOptions({ show: { resource: ['voiceMessage'], '@tool': [true] } }, [operationsOfAgents]),
	...updateDisplayOptions({ show: { resource: ['voiceMessage'], operation: ['sendText'] } }, [
		...textFields,
		optionsField(...SHARED_OPTIONS, ...TEXT_OPTIONS),
	]),
	...updateDisplayOptions({ show: { resource: ['voiceMessage'], operation: ['sendFile'] } }, [
		...fileFields,
		optionsField(...SHARED_OPTIONS),
	]),
];
