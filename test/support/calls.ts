import type { WireRecord } from '../simulator/dataset';
import { wireTime } from '../simulator/records';
import { NOW_MS } from './times';

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
