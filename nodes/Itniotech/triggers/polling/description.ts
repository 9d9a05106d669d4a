import type { INodeProperties } from 'n8n-workflow';
import { eventField } from '../events';
import { filtersField, pagingOptions, simplifyField } from '../../shared/fields';

/** The form of the polling trigger. */
export const pollingDescription: INodeProperties[] = [
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
