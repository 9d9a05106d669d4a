import { compareText } from '../../records/output/text';
import type { Costs } from '../figures/costs';
import type { CallFacts } from '../figures/callFacts';
import type { Share } from './change';

/** The few figures that a line of a report shows. */
export class Tally {
	calls = 0;
	answered = 0;
	failed = 0;

	/** @param costs without them, the line shows no cost */
	constructor(readonly costs?: Costs) {}

	add(facts: CallFacts): void {
		const { outcome } = facts;
		this.calls++;
		if (outcome === 'answered') this.answered++;
		if (outcome === 'failed') this.failed++;
		this.costs?.add(facts);
	}

	addAll(other: Tally): void {
		this.calls += other.calls;
		this.answered += other.answered;
		this.failed += other.failed;
		if (other.costs) this.costs?.addAll(other.costs);
	}

	get ended(): number {
		return this.answered + this.failed;
	}

	/** Among the calls that were answered or failed. */
	get answeredShare(): Share {
		return { part: this.answered, whole: this.ended };
	}
}

interface FailingNumber {
	calledNumber: string;
	failed: number;
}

/** Failed calls by number. */
export class FailingNumbers {
	/** At most 15 digits (ITU-T E.164), which a JavaScript number holds in half the memory of text. */
	private readonly counts = new Map<number | string, number>();

	add(calledNumber: string): void {
		const key = /^[1-9]\d{0,14}$/.test(calledNumber) ? Number(calledNumber) : calledNumber;
		this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
	}

	/** Numbers with at least this many failed calls, the most first, ties by number. */
	list(least: number): FailingNumber[] {
		return [...this.counts]
			.filter(([, failed]) => failed >= least)
			.map(([number, failed]) => ({ calledNumber: String(number), failed }))
			.sort((a, b) => b.failed - a.failed || compareText(a.calledNumber, b.calledNumber));
	}
}
