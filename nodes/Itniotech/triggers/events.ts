import { UserError, type INodeProperties } from 'n8n-workflow';
import type { WireRecord } from '../api/types';
import type { RecordFilter } from '../records/filters';
import { outcomeOf, textOf } from '../records/record';

export const eventField: INodeProperties = {
	displayName: 'Event',
	name: 'event',
	type: 'options',
	options: [
		{ name: 'Call Answered', value: 'callAnswered', description: 'An answered call has ended' },
		{ name: 'Call Ended', value: 'callEnded', description: 'A call has ended, answered or not' },
		{ name: 'Call Failed', value: 'callFailed', description: 'A call has ended without being answered' },
		{ name: 'Key Pressed', value: 'keyPressed', description: 'A call in which a key was pressed has ended' },
	],
	default: 'callFailed',
	description: 'What starts the workflow',
};

const FILTERS_BY_EVENT = new Map<unknown, RecordFilter>([
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

/** @throws UserError for an unknown event */
export function readEvent(event: unknown): RecordFilter {
	const hasEvent = FILTERS_BY_EVENT.get(event);
	if (hasEvent) return hasEvent;
	throw new UserError(`Unknown value for "Event": ${textOf(event) ?? ''}`, {
		description: `Choose one of: ${[...FILTERS_BY_EVENT.keys()].join(', ')}`,
	});
}
