import type { INodeProperties } from 'n8n-workflow';
import { filtersField, pagingOptions, simplifyField } from '../../shared/fields';

/** Which calls start a workflow. */
export const eventField: INodeProperties = {
	displayName: 'Event',
	name: 'event',
	type: 'options',
	options: [
		{ name: 'Call Answered', value: 'callAnswered', description: 'A call ended that was answered' },
		{ name: 'Call Ended', value: 'callEnded', description: 'A call ended, answered or not' },
		{ name: 'Call Failed', value: 'callFailed', description: 'A call ended without an answer' },
		{ name: 'Key Pressed', value: 'keyPressed', description: 'A call ended in which a key was pressed' },
	],
	default: 'callFailed',
	description: 'What starts the workflow',
};

/** The form of the polling trigger. */
export const callEventDescription: INodeProperties[] = [
	eventField,
	{
		displayName: 'Output',
		name: 'output',
		type: 'options',
		options: [
			{
				name: 'Digest',
				value: 'digest',
				description: 'One item for all new calls of a poll, with a text for a chat message',
			},
			{ name: 'Each Record', value: 'eachRecord', description: 'One item for each new call' },
		],
		default: 'eachRecord',
		description: 'What a poll that finds new calls gives out',
	},
	{
		displayName: 'Minimum Failures',
		name: 'minimumFailures',
		type: 'number',
		default: 1,
		typeOptions: { minValue: 1 },
		displayOptions: { show: { event: ['callFailed'], output: ['digest'] } },
		description: 'How many failed calls to save up before a digest is given out. None is forgotten.',
	},
	simplifyField,
	{ ...filtersField, description: 'Only calls that meet every filter count' },
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{
				displayName: 'Look-Back (Minutes)',
				name: 'lookback',
				type: 'number',
				default: 60,
				typeOptions: { minValue: 1 },
				description:
					'How late after its start a call may show up in the list of ITNIO TECH and still be noticed',
			},
			...pagingOptions,
			{
				displayName: 'Start From (Hours Back)',
				name: 'startFrom',
				type: 'number',
				default: 0,
				typeOptions: { minValue: 0 },
				description:
					'How far back to look when the workflow is activated for the first time. 0 means from now on.',
			},
		],
	},
];
