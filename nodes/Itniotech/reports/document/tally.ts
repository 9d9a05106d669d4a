import type { WireRecord } from '../../api/types';
import type { Costs } from '../figures/costs';
import { ratio, type CallFacts } from '../figures/figures';

/** The few figures that a line of a report shows. */
export class Tally {
	calls = 0;

	answered = 0;

	failed = 0;

	private reached = 0;

	/** @param costs without them, the line shows no cost */
	constructor(readonly costs?: Costs) {}

	add(record: WireRecord, { outcome, isReached, isCharged }: CallFacts): void {
		this.calls++;
		if (outcome === 'answered') this.answered++;
		if (outcome === 'failed') this.failed++;
		if (isReached) this.reached++;
		this.costs?.add(record, isCharged);
	}

	addAll(other: Tally): void {
		this.calls += other.calls;
		this.answered += other.answered;
		this.failed += other.failed;
		this.reached += other.reached;
		if (other.costs) this.costs?.addAll(other.costs);
	}

	/** 0 to 1; `null` without ended calls. */
	get asr(): number | null {
		return ratio(this.answered, this.answered + this.failed, 4);
	}

	get ner(): number | null {
		return ratio(this.reached, this.answered + this.failed, 4);
	}
}
