import type { INodeProperties } from 'n8n-workflow';
import { TIME_RANGES } from '../../../records/query/timeRange';
import { optionsOf, pagingOptions, timezoneOption } from '../../../shared/fields';

export const timeRangeFields: INodeProperties[] = [
	{
		displayName: 'Time Range',
		name: 'timeRange',
		type: 'options',
		options: optionsOf(TIME_RANGES),
		default: 'last24Hours',
		description:
			'When the calls were made. ITNIO TECH keeps records for two months. Days and months are in the timezone of the workflow, unless you set "Timezone" under "Options".',
	},
	{
		displayName: 'Start Time',
		name: 'startTime',
		type: 'dateTime',
		default: '',
		// Not `required`: n8n would also ask for it where an expression sets another time range.
		displayOptions: { show: { timeRange: ['custom'] } },
		description:
			'First second of the range, at most two months ago. A date without a time means its first second.',
	},
	{
		displayName: 'End Time',
		name: 'endTime',
		type: 'dateTime',
		default: '',
		displayOptions: { show: { timeRange: ['custom'] } },
		description:
			'Last second of the range. A day, week or month means its end, a time without seconds the end of that minute, and a time in the future now. Midnight belongs to the new day: for whole days, enter dates such as 2026-11-30, or choose "Yesterday".',
	},
];

/** The options of all operations that read a time range. */
export const rangeOptions: INodeProperties[] = [
	{
		displayName: 'Incomplete Lists',
		name: 'incompleteLists',
		type: 'options',
		options: [
			{
				name: 'Output What Was Received',
				value: 'continue',
				description: 'Output the records, with a hint that says how many ITNIO TECH counts',
			},
			{
				name: 'Stop',
				value: 'stop',
				description: 'Output nothing, with a message that says how many ITNIO TECH counts',
			},
		],
		default: 'stop',
		description: 'What to do if ITNIO TECH lists fewer call records than it counts',
	},
	...pagingOptions,
	timezoneOption,
];
