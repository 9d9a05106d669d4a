import type { WireRecord } from '../../../api/types';
import { calledNumberIn, isCallable } from '../../../records/phoneNumber';
import { hasTime, outcomeOf, secondsOf, textOf } from '../../../records/record';

/** The calls to a number that nobody has answered. */
export interface Attempts {
	calledNumber: string;
	attempts: number;
	/** Unix time in seconds of the last one; infinite where a call has no time, so that it is never long ago. */
	lastS: number;
	lastSubmitTime: unknown;
	lastTerminationCode: string | null;
	lastTerminationReason: string | null;
	area: string | null;
	calledInfo: string | null;
	voiceId: string;
}

/** The calls of a time range by number, whatever their order. Holds one entry per number, however many calls there are. */
export class NumberAttempts {
	/** `null`: somebody answered, or a call has not ended. */
	private readonly byNumber = new Map<string, Attempts | null>();

	add(record: WireRecord): void {
		const calledNumber = calledNumberIn(record);
		if (calledNumber === null || !isCallable(calledNumber)) return;
		if (this.byNumber.get(calledNumber) === null) return;
		if (outcomeOf(record) !== 'failed') {
			this.byNumber.set(calledNumber, null);
			return;
		}
		const before = this.byNumber.get(calledNumber);
		const attempt = toAttempts(calledNumber, record);
		const last = before && !isLater(attempt, before) ? before : attempt;
		last.attempts = (before?.attempts ?? 0) + 1;
		this.byNumber.set(calledNumber, last);
	}

	/** Of the numbers that nobody has answered, and that are not being called, the latest call first. */
	unanswered(): Attempts[] {
		return [...this.byNumber.values()]
			.filter((attempts) => attempts !== null)
			.sort((a, b) => (isLater(a, b) ? -1 : 1));
	}
}

function toAttempts(calledNumber: string, record: WireRecord): Attempts {
	return {
		calledNumber,
		attempts: 1,
		lastS: (hasTime(record.submitTime) ? secondsOf(record.submitTime) : null) ?? Infinity,
		lastSubmitTime: record.submitTime,
		lastTerminationCode: textOf(record.terminationCode),
		lastTerminationReason: textOf(record.terminationReason),
		area: textOf(record.code),
		calledInfo: textOf(record.calledInfo),
		voiceId: record.voiceId,
	};
}

/** Of two calls in the same second, the one with the higher ID. */
function isLater(a: Attempts, b: Attempts): boolean {
	return a.lastS === b.lastS ? a.voiceId > b.voiceId : a.lastS > b.lastS;
}
