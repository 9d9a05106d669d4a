import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import type { RecordFilter } from '../records/filters';
import { readChoice } from '../records/parameters';
import { subtitleOf } from '../shared/fields';
import { keyPressedIn, outcomeOf } from '../records/record';

interface Event extends Pick<INodePropertyOptions, 'name' | 'description'> {
	/** Whether an ended call has the event. */
	matches: RecordFilter;
}

const EVENTS = {
	callFailed: {
		name: 'Call Failed',
		description: 'A call has ended without being answered',
		matches: (record) => outcomeOf(record) === 'failed',
	},
	callAnswered: {
		name: 'Call Answered',
		description: 'An answered call has ended',
		matches: (record) => outcomeOf(record) === 'answered',
	},
	callEnded: {
		name: 'Call Ended',
		description: 'A call has ended, answered or not',
		matches: () => true,
	},
	keyPressed: {
		name: 'Key Pressed',
		description: 'A call in which a key was pressed has ended',
		matches: (record) => keyPressedIn(record) !== null,
	},
} satisfies Record<string, Event>;

const EVENT_NAMES = Object.keys(EVENTS) as Array<keyof typeof EVENTS>;

const EVENT_OPTIONS: INodePropertyOptions[] = EVENT_NAMES.map((value) => ({
	name: EVENTS[value].name,
	value,
	description: EVENTS[value].description,
}));

/** E.g. "Call failed". */
export const eventSubtitle = subtitleOf(
	'event',
	EVENT_OPTIONS.map(({ name, value }) => ({ name: name[0] + name.slice(1).toLowerCase(), value })),
);

export const eventField: INodeProperties = {
	displayName: 'Event',
	name: 'event',
	type: 'options',
	options: EVENT_OPTIONS,
	default: 'callFailed',
	description: 'What starts the workflow',
};

/** @throws UserError for an unknown event */
export function readEvent(event: unknown): RecordFilter {
	return EVENTS[readChoice(event, 'Event', EVENT_NAMES)].matches;
}
