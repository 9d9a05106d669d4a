import type { WireRecord } from '../../../api/types';
import { calledNumberIn, isCallable } from '../../../records/phoneNumber';
import { outcomeOf, realTimeOf, textOf } from '../../../records/record';

/** The calls to a number that nobody has answered. */
export interface Attempts {
	calledNumber: string;
	/** Within the time range. */
	attempts: number;
	/** Unix time in seconds of the last one, up to now; infinite where a call has no time, so that it is never long ago. */
	lastS: number;
	/** Whether a voicemail took the last one, whose code says that it was answered. */
	isVoicemail: boolean;
	lastSubmitTime: unknown;
	lastTerminationCode: string | null;
	lastTerminationReason: string | null;
	area: string | null;
	calledInfo: string | null;
	voiceId: string;
}

/** Holds one entry per number, whatever the order and number of the calls. */
export class NumberAttempts {
	private readonly byNumber = new Map<string, Attempts | 'answered' | 'open'>();

	/** Calls to what is not one whole phone number: how many, and the first of these. */
	notNumbers = 0;

	firstNotNumber?: string | null;

	/** @param toS last second of the time range. Later calls count as answers, open calls and last calls, but not as attempts. */
	constructor(private readonly toS: number) {}

	add(record: WireRecord): void {
		const calledNumber = calledNumberIn(record);
		if (calledNumber === null || !isCallable(calledNumber)) {
			if (this.notNumbers++ === 0) this.firstNotNumber = calledNumber;
			return;
		}
		const before = this.byNumber.get(calledNumber);
		if (before === 'answered') return;
		const outcome = outcomeOf(record);
		if (outcome === 'answered') this.byNumber.set(calledNumber, 'answered');
		else if (outcome === 'pending') this.byNumber.set(calledNumber, 'open');
		else if (before !== 'open') {
			this.byNumber.set(calledNumber, this.addAttempt(before, toAttempt(calledNumber, record)));
		}
	}

	/** The numbers with a call in the time range that nobody has answered, the latest call first. */
	unanswered(): Attempts[] {
		return [...this.byNumber.values()]
			.filter((entry) => typeof entry === 'object' && entry.attempts > 0)
			.sort((a, b) => (isLater(a as Attempts, b as Attempts) ? -1 : 1)) as Attempts[];
	}

	count(state: 'answered' | 'open'): number {
		return [...this.byNumber.values()].filter((entry) => entry === state).length;
	}

	private addAttempt(before: Attempts | undefined, attempt: Attempts): Attempts {
		const isWithin = attempt.lastS <= this.toS || attempt.lastS === Infinity;
		const attempts = (before?.attempts ?? 0) + (isWithin ? 1 : 0);
		return { ...(before && !isLater(attempt, before) ? before : attempt), attempts };
	}
}

function toAttempt(calledNumber: string, record: WireRecord): Attempts {
	return {
		calledNumber,
		attempts: 1,
		lastS: realTimeOf(record.submitTime) ?? Infinity,
		isVoicemail: outcomeOf(record) !== 'failed',
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
