import type { WireRecord } from '../simulator/dataset';
import { wireTime } from '../simulator/records';
import { NOW_MS } from './times';

let ended = 0;

/** What a call that goes on lacks. */
export const OPEN = { terminationCode: undefined, hangupTime: undefined } satisfies Partial<WireRecord>;

/** A call that was submitted and called at a time, and ended ten seconds later. Milliseconds from NOW_MS. */
export function call(voiceId: string, atMs: number, changes: Partial<WireRecord> = {}): WireRecord {
	const time = wireTime(NOW_MS + atMs);
	return {
		voiceId,
		callee: '999931234567',
		displayNum: '1008122211',
		code: 'Afghanistan(Kandahar)',
		submitTime: time,
		callTime: time,
		hangupTime: wireTime(NOW_MS + atMs + 10_000),
		terminationCode: '486',
		terminationReason: 'Busy Here',
		callDuration: 0,
		feedbackValue: '-1',
		cost: '0',
		...changes,
	};
}

/** The same, at a time as the service writes it. */
export const callAt = (voiceId: string, time: string, changes?: Partial<WireRecord>) =>
	call(voiceId, Date.parse(time) - NOW_MS, changes);

/** Calls that end at a time, the failed ones first. Milliseconds from NOW_MS. */
export function endedCalls(
	endMs: number,
	{ failed = 0, answered = 0 },
	changes: Partial<WireRecord> = {},
): WireRecord[] {
	const codes = [...Array<string>(failed).fill('486'), ...Array<string>(answered).fill('200')];
	return codes.map((terminationCode) =>
		call(`ended ${++ended}`, endMs - 10_000, {
			terminationCode,
			terminationReason: terminationCode === '200' ? 'success' : 'Busy Here',
			...changes,
		}),
	);
}
