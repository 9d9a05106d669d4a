import { UserError, type INodeProperties } from 'n8n-workflow';
import type { WireRecord } from '../api/types';
import type { RecordFilter } from '../records/filters';
import { outcomeOf, textOf } from '../records/record';

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

const EVENTS = new Map<unknown, RecordFilter>([
	['callFailed', (record) => outcomeOf(record) === 'failed'],
	['callAnswered', (record) => outcomeOf(record) === 'answered'],
	['callEnded', () => true],
	['keyPressed', hasPressedKey],
]);

/** `-1` stands for no key (source: the vendor's page "voice message record"). */
function hasPressedKey({ feedbackValue }: WireRecord): boolean {
	const key = textOf(feedbackValue);
	return key !== null && key !== '-1';
}

/**
 * What an ended call has to be like for an event.
 * @throws UserError for an unknown event
 */
export function readEvent(event: unknown): RecordFilter {
	const hasEvent = EVENTS.get(event);
	if (hasEvent) return hasEvent;
	throw new UserError('"Event" has an unknown value', {
		description: `Choose one of: ${[...EVENTS.keys()].join(', ')}`,
	});
}
