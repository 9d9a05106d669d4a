import type { WireRecord } from '../../api/types';
import { outcomeOf, secondsOf } from '../../records/record';
import type { TimeRange } from '../../records/windows';
import { SeenAs } from '../seenCalls';
import { CallTracker } from './callTracker';
import type { Checkpoint } from './checkpoint';
import { countFailure, withMatches, type Tally } from './digest';
import { Slices, type SliceLimits } from './slices';

export interface Watch extends SliceLimits {
	/** All records of a range, each once. */
	read(range: TimeRange): AsyncIterable<WireRecord[]>;
	isWanted(record: WireRecord): boolean;
	hasEvent(record: WireRecord): boolean;
	/** Whether a digest needs the calls without the event to be counted, too. */
	isCounting: boolean;
	/** How late a call may be listed and still be noticed. Seconds. */
	lookbackS: number;
}

export interface CatchUpResult {
	/** New calls with the event, oldest first. */
	matched: WireRecord[];
	/** All was read up to this time. Unix time in seconds. */
	toS: number;
	checkpoint: Checkpoint;
}

/** After this share of the budget, no slice is started: the last one needs some time as well. */
const BUDGET_SHARE = 0.6;
const OPEN_CALLS_BUDGET_SHARE = BUDGET_SHARE / 3;
const ENOUGH_MATCHED = 20_000;

/**
 * Reads what happened since a checkpoint, as far as the budget allows, and returns a new checkpoint to continue from.
 * @throws what `watch.read` throws
 */
export async function catchUp(watch: Watch, before: Checkpoint): Promise<CatchUpResult> {
	const poll = new CatchUp(watch, before);
	await poll.revisitOpenCalls();
	await poll.readOn();
	return poll.result();
}

class CatchUp {
	private readonly startedMs: number;

	private readonly tracker: CallTracker;

	private readonly slices: Slices;

	private readonly beginS: number;

	private readToS: number;

	private readonly tally: Tally;

	private readonly matched: WireRecord[] = [];

	constructor(
		private readonly watch: Watch,
		private readonly before: Checkpoint,
	) {
		this.startedMs = watch.now();
		this.tracker = new CallTracker(before, watch.nowS);
		this.slices = new Slices(before.sliceS, watch);
		this.beginS = Math.max(before.resumeAtS, watch.earliestS);
		this.readToS = this.beginS;
		this.tally = structuredClone(before.tally);
	}

	async revisitOpenCalls(): Promise<void> {
		// Each poll starts with another range, so that each has its turn when there is no time for all.
		for (const range of rotate(this.tracker.openRanges(), this.startedMs)) {
			if (this.hasUsed(OPEN_CALLS_BUDGET_SHARE)) return;
			for await (const records of this.watch.read(range)) {
				for (const record of records) if (this.tracker.isOpen(record)) this.take(record);
			}
		}
	}

	async readOn(): Promise<void> {
		while (this.readToS < this.watch.nowS && this.mayReadOn()) {
			const slice = this.slices.start(this.readToS);
			const records: WireRecord[] = [];
			for await (const batch of this.watch.read(slice)) {
				records.push(...batch);
				if (this.slices.isTooLong(records.length)) break;
			}
			if (this.slices.isTooLong(records.length)) {
				this.slices.abandon();
				continue;
			}
			for (const record of records) this.take(record);
			this.slices.finish(records.length);
			this.readToS = slice.toS;
		}
	}

	result(): CatchUpResult {
		const { before, readToS, watch } = this;
		const matched = [...this.matched].sort((a, b) => submitTimeOf(a) - submitTimeOf(b));
		const catchUpStartS = before.catchUpStartS || watch.nowS;
		// Never before `rereadFromS`: the calls from earlier are not remembered any more.
		const nextCatchUpFromS = Math.max(before.rereadFromS, catchUpStartS - watch.lookbackS);
		const isComplete = readToS >= watch.nowS;
		const resumeAtS = isComplete ? nextCatchUpFromS : readToS;
		const rereadFromS = Math.min(readToS, nextCatchUpFromS);
		return {
			matched,
			toS: readToS,
			checkpoint: {
				...before,
				...this.tracker.pack({ rereadFromS, resumeAtS }),
				rereadFromS,
				resumeAtS,
				readToS: Math.max(before.readToS, readToS),
				catchUpStartS: isComplete ? 0 : catchUpStartS,
				sliceS: this.slices.lengthS,
				tally: withMatches(this.tally, matched),
			},
		};
	}

	private take(record: WireRecord): void {
		const { tracker, watch, tally } = this;
		if (!tracker.observe(record) || !watch.isWanted(record)) return;
		if (watch.isCounting) {
			if (tracker.markOnce(record, SeenAs.ended)) tally.calls++;
			if (outcomeOf(record) === 'failed' && tracker.markOnce(record, SeenAs.failed)) {
				countFailure(tally, record);
			}
		}
		if (watch.hasEvent(record) && tracker.markOnce(record, SeenAs.matched)) this.matched.push(record);
	}

	/** Each poll reads at least one slice, even if the open calls took all of its time. */
	private mayReadOn(): boolean {
		const isFirstSlice = this.readToS === this.beginS;
		return isFirstSlice || (!this.hasUsed(BUDGET_SHARE) && this.matched.length < ENOUGH_MATCHED);
	}

	private hasUsed(budgetShare: number): boolean {
		return this.watch.now() - this.startedMs > this.watch.budgetMs * budgetShare;
	}
}

function rotate<T>(list: T[], seed: number): T[] {
	const start = list.length === 0 ? 0 : seed % list.length;
	return [...list.slice(start), ...list.slice(0, start)];
}

function submitTimeOf(record: WireRecord): number {
	return secondsOf(record.submitTime) ?? 0;
}
