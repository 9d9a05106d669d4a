import type { INodeProperties } from 'n8n-workflow';
import { ALARM_NAMES, CALL_EVENTS, CAMPAIGN_FINISHED, pollingEventField } from '../events';
import {
	fieldsOption,
	endedCallsFilter,
	optionsField,
	pagingOptions,
	simplifyField,
	timezoneOption,
} from '../../shared/fields';
import { alarmFields, alarmOptions, callsAlarmOptions } from './alarms/description';

const CALLS_AND_FIGURES = [...CALL_EVENTS, 'thresholdCrossed'];

/** An option that is offered for some events alone. */
const forEvents = (events: string[], option: INodeProperties): INodeProperties => ({
	...option,
	displayOptions: { show: { '/event': events } },
});

export const pollingDescription: INodeProperties[] = [
	pollingEventField,
	...alarmFields,
	{
		displayName: 'Output',
		name: 'output',
		type: 'options',
		options: [
			{
				name: 'Digest',
				value: 'digest',
				description: 'One item per poll that finds calls with the event, with a text for a chat message',
			},
			{ name: 'Each Record', value: 'eachRecord', description: 'One item per call with the event' },
		],
		default: 'eachRecord',
		displayOptions: { show: { event: CALL_EVENTS } },
		description: 'What each poll outputs',
	},
	{
		displayName: 'Minimum Failures',
		name: 'minimumFailures',
		type: 'number',
		default: 1,
		typeOptions: { minValue: 1 },
		displayOptions: { show: { event: ['callFailed'], output: ['digest'] } },
		description: 'Number of failed calls to collect before a digest is output',
	},
	{ ...simplifyField, displayOptions: { show: { event: CALL_EVENTS, output: ['eachRecord'] } } },
	{ ...simplifyField, displayOptions: { show: { event: [CAMPAIGN_FINISHED] } } },
	{
		...endedCallsFilter,
		displayOptions: { show: { event: CALLS_AND_FIGURES } },
		description: 'Only calls that match all filters are output or counted',
	},
	optionsField(
		...alarmOptions.map((option) => forEvents(ALARM_NAMES, option)),
		forEvents(CALL_EVENTS, fieldsOption),
		...callsAlarmOptions.map((option) => forEvents(['thresholdCrossed'], option)),
		forEvents(CALLS_AND_FIGURES, {
			displayName: 'Look-Back (Minutes)',
			name: 'lookback',
			type: 'number',
			default: 60,
			typeOptions: { minValue: 1 },
			description:
				'How late after its start a call may be listed by ITNIO TECH and still be noticed. For an alarm, it must also have ended and have its cost by then, and be listed while its end is still in the window.',
		}),
		...pagingOptions.map((option) => forEvents(CALLS_AND_FIGURES, option)),
		forEvents(CALL_EVENTS, {
			displayName: 'Start From (Hours Back)',
			name: 'startFrom',
			type: 'number',
			default: 0,
			typeOptions: { minValue: 0 },
			description: 'How far back to look when the workflow is first activated. 0 means only new calls.',
		}),
		timezoneOption,
	),
];
