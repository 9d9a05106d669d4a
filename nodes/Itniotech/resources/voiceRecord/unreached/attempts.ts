import type { WireRecord } from '../../../api/types';
import { calledNumberIn, isCallable } from '../../../records/phoneNumber';
import { outcomeOf, realTimeOf, textOf, type Outcome } from '../../../records/record';

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

/** A number that is not called again, and whether a call to it is in the time range. */
type Settled = 'answered' | 'answeredLater' | 'open' | 'openLater';

/** Holds one entry per number, whatever the order and number of the calls. */
export class NumberAttempts {
	private readonly byNumber = new Map<string, Attempts | Settled>();
	/** Calls of the time range to what is not one whole phone number: how many, and the first of these. */
	notNumbers = 0;
	firstNotNumber?: string | null;

	/** @param toS last second of the time range. Later calls count as answers, open calls and last calls, but not as attempts. */
	constructor(private readonly toS: number) {}

	add(record: WireRecord): void {
		const calledNumber = calledNumberIn(record);
		const attempt = toAttempt(record);
		const isWithin = attempt.lastS <= this.toS || attempt.lastS === Infinity;
		if (calledNumber === null || !isCallable(calledNumber)) {
			if (isWithin && this.notNumbers++ === 0) this.firstNotNumber = calledNumber;
			return;
		}
		const before = this.byNumber.get(calledNumber);
		this.byNumber.set(
			calledNumber,
			stateAfter(before, { ...attempt, calledNumber, attempts: isWithin ? 1 : 0 }, outcomeOf(record)),
		);
	}

	/** The numbers with a call in the time range that nobody has answered, the latest call first. */
	unanswered(): Attempts[] {
		return [...this.byNumber.values()]
			.filter((entry) => typeof entry === 'object' && entry.attempts > 0)
			.sort((a, b) => (isLater(a as Attempts, b as Attempts) ? -1 : 1)) as Attempts[];
	}

	/** Numbers with a call in the time range. */
	count(state: 'answered' | 'open'): number {
		return [...this.byNumber.values()].filter((entry) => entry === state).length;
	}
}

/** An answer counts for more than a call that has not ended, and that for more than one that failed. */
function stateAfter(
	before: Attempts | Settled | undefined,
	call: Attempts,
	outcome: Outcome,
): Attempts | Settled {
	const earlier = typeof before === 'object' ? before : undefined;
	const wasWithin = before === 'answered' || before === 'open' || (earlier?.attempts ?? 0) > 0;
	const isWithin = call.attempts > 0 || wasWithin;
	const wasAnswered = before === 'answered' || before === 'answeredLater';
	if (outcome === 'answered' || wasAnswered) return isWithin ? 'answered' : 'answeredLater';
	if (outcome === 'pending' || typeof before === 'string') return isWithin ? 'open' : 'openLater';
	const last = earlier && !isLater(call, earlier) ? earlier : call;
	return { ...last, attempts: call.attempts + (earlier?.attempts ?? 0) };
}

function toAttempt(record: WireRecord): Omit<Attempts, 'calledNumber' | 'attempts'> {
	return {
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

/** Two calls in the same second: the one with the higher ID. */
function isLater(a: Attempts, b: Attempts): boolean {
	return a.lastS === b.lastS ? isHigher(a.voiceId, b.voiceId) : a.lastS > b.lastS;
}

/** As numbers, of which these IDs have more digits than a number can hold. */
function isHigher(id: string, other: string): boolean {
	return id.length === other.length ? id > other : id.length > other.length;
}
