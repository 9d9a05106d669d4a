import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { locatorField, optionsOf } from '../../../shared/fields';
import { METRIC_NAMES, METRICS, metricOf, type Unit } from './metrics';

const ofCalls = { event: ['thresholdCrossed'] };
const metricsIn = (unit: Unit) => METRIC_NAMES.filter((name) => metricOf(name).unit === unit);
const SHARES = metricsIn('share');

const GROUPS: INodePropertyOptions[] = [
	{ name: 'All Calls Together', value: 'all' },
	{ name: 'Each Area', value: 'area', description: 'Country and operator of the called number' },
	{ name: 'Each Country', value: 'country' },
	{ name: 'Each Display Number', value: 'displayNum', description: 'Caller ID that the called party saw' },
];
const EACH_CODE = { name: 'Each Termination Code', value: 'terminationCode' };

const alarmPerField: INodeProperties = {
	displayName: 'One Alarm For',
	name: 'alarmPer',
	type: 'options',
	options: GROUPS,
	default: 'all',
	displayOptions: { show: { ...ofCalls, metric: SHARES } },
	description:
		'Which calls are watched together. Each group has its own alarm, and one item lists all alarms that a poll raises.',
};

const thresholdIn = (
	label: string,
	field: Pick<INodeProperties, 'displayOptions' | 'description'>,
): INodeProperties => ({
	displayName: `Threshold (${label})`,
	name: 'threshold',
	type: 'number',
	default: 20,
	...field,
});

/** For the two events that watch a value. */
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
				description: 'SIP code whose share to watch, or several separated by commas, which count together',
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
	thresholdIn('%', {
		displayOptions: { show: { ...ofCalls, metric: SHARES } },
		description: 'Percentage of the calls in the window, e.g. 20 for 20%',
	}),
	thresholdIn('Calls', {
		displayOptions: { show: { ...ofCalls, metric: metricsIn('calls') } },
		description: 'Number of calls in the window',
	}),
	thresholdIn('Amount', {
		displayOptions: { show: { ...ofCalls, metric: metricsIn('amount') } },
		description: 'What the calls in the window cost, in the currency of most of them',
	}),
	{
		...thresholdIn('Amount', {
			displayOptions: { show: { event: ['balanceLow'] } },
			description:
				'The alarm is raised when the balance is below this amount. ITNIO TECH does not say in which currency.',
		}),
		default: 10,
	},
	alarmPerField,
	{
		...alarmPerField,
		options: [...GROUPS, EACH_CODE],
		displayOptions: { show: ofCalls, hide: { metric: SHARES } },
	},
	{
		displayName: 'Window (Minutes)',
		name: 'windowMinutes',
		type: 'number',
		default: 60,
		typeOptions: { minValue: 1, maxValue: 1440 },
		displayOptions: { show: ofCalls },
		description:
			'How far back calls count, by the time they ended, from 1 to 1,440 minutes. Choose more than ITNIO TECH takes to list a call after its end: calls that are listed later are not counted.',
	},
	{
		displayName: 'Minimum Calls',
		name: 'minimumCalls',
		type: 'number',
		default: 20,
		typeOptions: { minValue: 1 },
		displayOptions: { show: { ...ofCalls, metric: SHARES } },
		description: 'With fewer calls in the window, the alarm is neither raised nor cleared',
	},
];

/** For the collection "Options". */
export const alarmOptions: INodeProperties[] = [
	{
		displayName: 'Clear At',
		name: 'clearAt',
		type: 'number',
		default: '',
		placeholder: 'e.g. 15',
		description:
			'Value that clears the alarm, e.g. 15 for a threshold of 20. Leave empty to use the threshold itself: then a value that hovers around it raises and clears the alarm often.',
	},
	{
		displayName: 'Notify When Cleared',
		name: 'notifyWhenCleared',
		type: 'boolean',
		default: true,
		description: 'Whether to also output an item when the alarm is cleared',
	},
	{
		displayName: 'Remind Every (Hours)',
		name: 'remindEvery',
		type: 'number',
		default: 0,
		typeOptions: { minValue: 0 },
		description:
			'How often to output an item again while an alarm is active and its value is known. 0 means never.',
	},
];

/** For the event that watches calls. */
export const callsAlarmOptions: INodeProperties[] = [
	{
		displayName: 'Ignore Last (Minutes)',
		name: 'ignoreLast',
		type: 'number',
		default: 0,
		typeOptions: { minValue: 0, maxValue: 1440 },
		description:
			'Let the window end this many minutes ago instead of now, for calls that are listed or billed late',
	},
];
