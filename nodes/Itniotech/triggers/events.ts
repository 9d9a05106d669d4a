import {
	UserError,
	type IHookFunctions,
	type INodeProperties,
	type INodePropertyOptions,
	type IPollFunctions,
	type IWebhookFunctions,
} from 'n8n-workflow';
import { refuseEmptyFilters } from '../records/query/emptyFilters';
import { createFilter, FILTER_NAMES, type RecordFilter } from '../records/query/filters';
import { listOf, readChoice, readCollection } from '../records/query/parameters';
import { subtitleOf } from '../shared/fields';
import { keyPressedIn, outcomeOf } from '../records/record';

interface Event extends Pick<INodePropertyOptions, 'name' | 'description'> {
	/** Whether an ended call has the event. */
	matches: RecordFilter;
	/** What comes before their number in a digest, whose first line counts failed calls. */
	countName?: string;
}

const EVENTS = {
	callFailed: {
		name: 'Call Failed',
		description: 'A call has ended without being answered or going to voicemail',
		matches: (record) => outcomeOf(record) === 'failed',
	},
	callAnswered: {
		name: 'Call Answered',
		description: 'An answered call has ended',
		matches: (record) => outcomeOf(record) === 'answered',
		countName: 'Answered',
	},
	callEnded: {
		name: 'Call Ended',
		description: 'A call has ended: it was answered, failed or went to voicemail',
		matches: () => true,
		countName: 'Ended',
	},
	keyPressed: {
		name: 'Key Pressed',
		description: 'A call in which a key was pressed has ended',
		matches: (record) => keyPressedIn(record) !== null,
		countName: 'With a key pressed',
	},
} satisfies Record<string, Event>;

/** Events of the polling trigger alone. */
const ALARMS = {
	thresholdCrossed: {
		name: 'Threshold Crossed',
		description: 'An alarm on a figure of the latest calls, e.g. the failure rate, is raised or cleared',
	},
	balanceLow: {
		name: 'Balance Low',
		description: 'An alarm on the balance of the account is raised or cleared',
	},
};

/** Also of the polling trigger alone. */
const CAMPAIGN_EVENTS = {
	campaignFinished: {
		name: 'Campaign Finished',
		description:
			'A campaign has ended: ITNIO TECH has finished it or could not start it, or it was cancelled',
	},
};

export const CAMPAIGN_FINISHED = 'campaignFinished';

export type AlarmName = keyof typeof ALARMS;

export const CALL_EVENTS = Object.keys(EVENTS) as Array<keyof typeof EVENTS>;
export const ALARM_NAMES = Object.keys(ALARMS) as AlarmName[];

const eventOptions = (events: Record<string, Pick<Event, 'name' | 'description'>>): INodePropertyOptions[] =>
	Object.entries(events).map(([value, { name, description }]) => ({ name, value, description }));
const CALL_OPTIONS = eventOptions(EVENTS);
const ALL_OPTIONS = [...CALL_OPTIONS, ...eventOptions(CAMPAIGN_EVENTS), ...eventOptions(ALARMS)];
const ALL_EVENTS = ALL_OPTIONS.map(({ value }) => String(value));

/** E.g. "Call failed". */
export const eventSubtitle = subtitleOf(
	'event',
	ALL_OPTIONS.map(({ name, value }) => ({ name: name[0] + name.slice(1).toLowerCase(), value })),
);

export const eventField: INodeProperties = {
	displayName: 'Event',
	name: 'event',
	type: 'options',
	options: CALL_OPTIONS,
	default: 'callFailed',
	description: 'What starts the workflow',
};

export const pollingEventField: INodeProperties = { ...eventField, options: ALL_OPTIONS };

/** @throws UserError for an unknown event */
export function readEvent(event: unknown): Event {
	return EVENTS[readChoice(event, 'Event', CALL_EVENTS)];
}

/**
 * The filters of a trigger, which starts for calls that have ended.
 * @throws UserError naming a filter that has no value or cannot be read
 */
export function readEndedFilter(context: IPollFunctions | IHookFunctions | IWebhookFunctions): RecordFilter {
	const filters: unknown = context.getNodeParameter('filters', null);
	refuseEmptyFilters(filters, context.getNode().parameters.filters);
	return createFilter(filters, { onlyEnded: true }) ?? (() => true);
}

/** @throws UserError for termination codes that no call with the event can have: the workflow would never start */
export function refuseOtherCodes(event: unknown, filters: unknown): void {
	const { name, matches } = EVENTS[readChoice(event, 'Event', CALL_EVENTS)];
	const codes = listOf(readCollection(filters, 'Filters', FILTER_NAMES).terminationCode);
	const canHave = (terminationCode: string) => matches({ voiceId: '', terminationCode, feedbackValue: '1' });
	if (codes.length === 0 || codes.some(canHave)) return;
	throw new UserError('"Filters" → "Termination Code" leaves out all calls with the event', {
		description: `No call with the event "${name}" ends with ${codes.length === 1 ? 'this code' : 'any of these codes'}. Choose other codes, or another "Event".`,
	});
}

/**
 * @returns `undefined` for an event of calls or campaigns
 * @throws UserError for an unknown event
 */
export function readAlarmName(event: unknown): AlarmName | undefined {
	const name = readChoice(event, 'Event', ALL_EVENTS);
	return ALARM_NAMES.find((alarm) => alarm === name);
}
