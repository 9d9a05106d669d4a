import type { WireRecord } from '../api/types';
import { realTimeOf } from '../records/record';

/**
 * When a call ended, as Unix time in seconds. Without a hang-up time: no earlier than the latest of its other times, as their
 * order is not certain; without any time, now. A placeholder and a time to come are no times of a call.
 */
export function endOfCall(record: WireRecord, nowS: number): number {
	const hangupS = realTimeOf(record.hangupTime);
	if (hangupS !== null) return hangupS;
	const { submitTime, callTime, ringingTime, answerTime } = record;
	const times = [submitTime, callTime, ringingTime, answerTime]
		.map(realTimeOf)
		.filter((time) => time !== null)
		.filter((time) => time <= nowS);
	return times.length > 0 ? Math.max(...times) : nowS;
}
