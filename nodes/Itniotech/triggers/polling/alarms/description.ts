import type { INodeProperties } from 'n8n-workflow';
import { locatorField, optionsOf } from '../../../shared/fields';
import { METRICS } from './metrics';

const ofCalls = { event: ['thresholdCrossed'] };

/** Of the two events that watch a value. */
export const alarmFields: INodeProperties[] = [
	{
		displayName: 'Metric',
		name: 'metric',
		type: 'options',
		options: optionsOf(METRICS),
		default: 'failureRate',
		displayOptions: { show: ofCalls },
		description: 'Figure to watch, of the calls that ended within the window',
	},
	{
		...locatorField(
			{
				displayName: 'Termination Code',
				name: 'terminationCode',
				description: 'SIP code whose share counts, or several separated by commas, which count together',
				required: true,
			},
			'searchTerminationCodes',
			{ name: 'text', displayName: 'By Text', placeholder: 'e.g. 486, 503' },
		),
		displayOptions: { show: { ...ofCalls, metric: ['codeShare'] } },
	},
	{
		displayName: 'Condition',
		name: 'condition',
		type: 'options',
		options: [
			{ name: 'Above', value: 'above' },
			{ name: 'Below', value: 'below' },
		],
		default: 'above',
		displayOptions: { show: ofCalls },
		description: 'On which side of the threshold the alarm is raised',
	},
	{
		displayName: 'Threshold',
		name: 'threshold',
		type: 'number',
		default: 20,
		displayOptions: { show: ofCalls },
		description:
			'Percentage for a rate or share, e.g. 20 for 20 %. Otherwise, a number of calls or an amount of money.',
	},
	{
		displayName: 'Threshold',
		name: 'threshold',
		type: 'number',
		default: 10,
		displayOptions: { show: { event: ['balanceLow'] } },
		description: 'Amount below which the balance is low, in the currency of the account',
	},
	{
		displayName: 'Window (Minutes)',
		name: 'windowMinutes',
		type: 'number',
		default: 60,
		typeOptions: { minValue: 1, maxValue: 1440 },
		displayOptions: { show: ofCalls },
		description:
			'How far back to look at each poll, from 1 to 1440 minutes. Calls count by the time they ended.',
	},
	{
		displayName: 'Minimum Calls',
		name: 'minimumCalls',
		type: 'number',
		default: 20,
		typeOptions: { minValue: 1 },
		displayOptions: { show: ofCalls, hide: { metric: ['calls'] } },
		description: 'With fewer calls in the window, the alarm is neither raised nor cleared',
	},
];

/** For the collection "Options". */
export const alarmOptions: INodeProperties[] = [
	{
		displayName: 'Clear At',
		name: 'clearAt',
		type: 'number',
		default: 0,
		description:
			'Value at which the alarm is over, e.g. 15 for a threshold of 20. Without it, the threshold counts, and a value around it raises and clears the alarm often.',
	},
	{
		displayName: 'Notify When Cleared',
		name: 'notifyWhenCleared',
		type: 'boolean',
		default: true,
		description: 'Whether to output an item when the alarm is over, too',
	},
];
