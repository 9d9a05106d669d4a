import type { NodeApiError } from 'n8n-workflow';
import { isTemporary } from '../../api/refusal';
import type { WireRecord } from '../../api/types';
import { outcomeOf, secondsOf } from '../../records/record';
import type { TimeRange } from '../../records/calendar';
import { SeenAs } from '../seenCalls';
import { CallTracker } from './callTracker';
import type { Checkpoint } from './checkpoint';
import { countFailure, withMatches, type DigestTally } from './digest';
import { BUDGET_SHARE, type SliceLimits, Slices } from './slices';

export interface CallWatch extends SliceLimits {
	/** All records of a range, each once. */
	read(range: TimeRange): AsyncIterable<WireRecord[]>;
	isWanted(record: WireRecord): boolean;
	hasEvent(record: WireRecord): boolean;
	/** How late a call may be listed and still be noticed. Seconds. */
	lookbackS: number;
}

export interface CatchUpResult {
	/** New calls with the event, oldest first. */
	matched: WireRecord[];
	/** All was read up to this time. Unix time in seconds. */
	toS: number;
	checkpoint: Checkpoint;
	abandonedCount: number;
	/** Why it stopped before the present, where something was read before. */
	stoppedBy?: NodeApiError;
}

const OPEN_CALLS_BUDGET_SHARE = BUDGET_SHARE / 3;
const ENOUGH_MATCHED = 20_000;
const MAX_LOOKUPS = 40;

/**
 * Reads what happened since a checkpoint, as far as the budget allows, and returns a new checkpoint to continue from.
 * @throws what `watch.read` throws
 */
export async function catchUp(watch: CallWatch, before: Checkpoint): Promise<CatchUpResult> {
	const poll = new CatchUp(watch, before);
	await poll.run();
	return poll.result();
}

class CatchUp {
	private readonly startedMs: number;
	private readonly tracker: CallTracker;
	private readonly slices: Slices;
	private readonly beginS: number;
	private readToS: number;
	private readonly tally: DigestTally;
	private readonly matched: WireRecord[] = [];
	private revisit: Pick<Checkpoint, 'revisitedS' | 'revisitBeforeS'>;
	private hasProgress = false;
	private stoppedBy?: NodeApiError;

	constructor(
		private readonly watch: CallWatch,
		private readonly before: Checkpoint,
	) {
		this.startedMs = watch.now();
		this.tracker = new CallTracker(before, watch);
		this.slices = new Slices(before.sliceS, watch);
		this.beginS = Math.max(before.resumeAtS, watch.earliestS);
		this.readToS = this.beginS;
		this.tally = structuredClone(before.tally);
		this.revisit = before;
	}

	/** Where the service is too busy for the rest, what was read is not lost: otherwise each poll might end like this. */
	async run(): Promise<void> {
		const [reading] = await Promise.allSettled([
			this.revisitOpenCalls().then(async () => await this.readOn()),
		]);
		if (reading.status === 'fulfilled') return;
		const reason: unknown = reading.reason;
		if (!this.hasProgress || !isTemporary(reason)) throw reason as Error;
		this.stoppedBy = reason;
	}

	private async revisitOpenCalls(): Promise<void> {
		for (const [index, range] of this.tracker.openRanges().entries()) {
			if (index === MAX_LOOKUPS || this.hasUsed(OPEN_CALLS_BUDGET_SHARE)) return;
			for await (const records of this.watch.read(range)) {
				for (const record of records) if (this.tracker.isOpen(record)) this.take(record);
			}
			this.revisit = { ...this.revisit, revisitBeforeS: range.fromS };
			this.hasProgress = true;
		}
		this.revisit = { revisitedS: this.watch.nowS, revisitBeforeS: 0 };
	}

	private async readOn(): Promise<void> {
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
			this.hasProgress = true;
		}
	}

	result(): CatchUpResult {
		const { before, readToS, watch } = this;
		const matched = oldestFirst(this.matched);
		const catchUpStartS = before.catchUpStartS || watch.nowS;
		// Never before `rereadFromS`: the calls from earlier are not remembered any more.
		const nextCatchUpFromS = Math.max(before.rereadFromS, catchUpStartS - watch.lookbackS);
		const isComplete = readToS >= watch.nowS;
		const resumeAtS = isComplete ? nextCatchUpFromS : readToS;
		const rereadFromS = Math.min(readToS, nextCatchUpFromS);
		const { revisitedS, revisitBeforeS } = this.revisit;
		const isRevisited = revisitedS === watch.nowS;
		const { abandonedCount, ...calls } = this.tracker.pack({ rereadFromS, resumeAtS }, isRevisited);
		return {
			matched,
			toS: readToS,
			abandonedCount,
			stoppedBy: this.stoppedBy,
			checkpoint: {
				...before,
				...calls,
				revisitedS,
				revisitBeforeS,
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
		if (tracker.markOnce(record, SeenAs.counted)) tally.calls++;
		if (outcomeOf(record) === 'failed' && tracker.markOnce(record, SeenAs.failed))
			countFailure(tally, record);
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

/** By submit time, read once for each record. */
export function oldestFirst(records: WireRecord[]): WireRecord[] {
	return records
		.map((record) => ({ record, submitS: secondsOf(record.submitTime) ?? 0 }))
		.sort((a, b) => a.submitS - b.submitS)
		.map(({ record }) => record);
}
