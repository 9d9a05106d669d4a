import type { WireRecord } from '../../api/types';
import { CallTracker, type Checkpoint } from './checkpoint';
import { countFailure, countMatch } from './digest';
import { Mark } from '../seenCalls';
import { outcomeOf, secondsOf } from '../../records/record';
import type { TimeRange } from '../../records/windows';

/** What to watch for, and how. */
export interface Watch {
	/** All records of a range, each once. */
	read(range: TimeRange): AsyncIterable<WireRecord[]>;
	/** Whether a call counts at all. */
	isWanted(record: WireRecord): boolean;
	/** Whether an ended call has the event. */
	hasEvent(record: WireRecord): boolean;
	/** Whether the calls without the event are counted too, for a digest. */
	isCounting: boolean;
	/** How late a call may show up in the list. Seconds. */
	lookbackS: number;
	/** The first time that the API has records of. Unix time in seconds. */
	earliestS: number;
	/** How long a poll may take. Milliseconds. */
	budgetMs: number;
	/** Unix time in milliseconds. */
	now(): number;
}

export interface WatchResult {
	/** New calls with the event, oldest first. */
	matched: WireRecord[];
	/** Up to where was read. Unix time in seconds. */
	toS: number;
	checkpoint: Checkpoint;
}

/** A slice is made as long as takes this time to read. */
const SLICE_TARGET_MS = 5_000;
const MIN_SLICE_S = 60;
const MAX_SLICE_S = 24 * 60 * 60;
/** No further slice is begun after this part of the budget; open calls get the first third of that. */
const BUDGET_SHARE = 0.6;
/** A slice that takes longer than this part of the budget is begun anew, shorter. */
const SLICE_SHARE = 0.25;
/** So few records take no less time in a shorter slice. */
const FEW_RECORDS = 100;
/** No further slice is begun with so many calls to give out. */
const MAX_MATCHED = 20_000;

/**
 * Reads what happened since a checkpoint, oldest slice of time first, as far as the budget allows; the next poll goes
 * on from there. The checkpoint that is given stays as it is.
 * @throws what `watch.read` throws
 */
export async function watchCalls(watch: Watch, before: Checkpoint): Promise<WatchResult> {
	const startedMs = watch.now();
	const nowS = Math.floor(startedMs / 1000);
	const recognizer = new CallTracker(before, nowS);
	const tally = structuredClone(before.tally);
	const matched: WireRecord[] = [];

	const take = (record: WireRecord) => {
		if (!recognizer.hasEnded(record) || !watch.isWanted(record)) return;
		if (watch.isCounting) {
			if (recognizer.isNew(record, Mark.counted)) tally.calls++;
			if (outcomeOf(record) === 'failed' && recognizer.isNew(record, Mark.failed))
				countFailure(tally, record);
		}
		if (watch.hasEvent(record) && recognizer.isNew(record, Mark.matched)) matched.push(record);
	};
	const isBudgetUsed = (share: number) => watch.now() - startedMs > watch.budgetMs * share;

	for (const range of startAnywhere(recognizer.openRanges(), startedMs)) {
		if (isBudgetUsed(BUDGET_SHARE / 3)) break;
		for await (const records of watch.read(range)) {
			for (const record of records) if (recognizer.isOpen(record)) take(record);
		}
	}

	const beginS = Math.max(before.fromS, watch.earliestS);
	let readToS = beginS;
	let { sliceS } = before;
	const mayGoOn = () => !isBudgetUsed(BUDGET_SHARE) && matched.length < MAX_MATCHED;
	// Each poll gets on by a slice at least, even when the open calls took all of its time.
	while (readToS < nowS && (readToS === beginS || mayGoOn())) {
		const slice = { fromS: Math.max(readToS - 1, watch.earliestS), toS: Math.min(readToS + sliceS, nowS) };
		const sliceStartedMs = watch.now();
		const tookMs = () => watch.now() - sliceStartedMs;
		const found: WireRecord[] = [];
		const isTooLong = () =>
			tookMs() > watch.budgetMs * SLICE_SHARE && found.length > FEW_RECORDS && sliceS > MIN_SLICE_S;
		for await (const records of watch.read(slice)) {
			found.push(...records);
			if (isTooLong()) break;
		}
		if (isTooLong()) {
			sliceS = Math.max(MIN_SLICE_S, Math.round((slice.toS - slice.fromS) / 8));
			continue;
		}
		found.forEach(take);
		sliceS = nextSlice(sliceS, slice.toS - slice.fromS, found.length > FEW_RECORDS ? tookMs() : 0);
		readToS = slice.toS;
	}

	matched.sort((a, b) => (secondsOf(a.submitTime) ?? 0) - (secondsOf(b.submitTime) ?? 0));
	for (const record of matched) countMatch(tally, record);
	// A round reads from the look-back to the present, in several polls if need be. What is forgotten is never read again.
	const roundS = before.roundS || nowS;
	const againS = Math.max(before.keptS, roundS - watch.lookbackS);
	const isComplete = readToS >= nowS;
	return {
		toS: readToS,
		matched,
		checkpoint: recognizer.checkpoint({
			fromS: isComplete ? againS : readToS,
			readToS: Math.max(before.readToS, readToS),
			roundS: isComplete ? 0 : roundS,
			keptS: Math.min(readToS, againS),
			sliceS,
			tally,
		}),
	};
}

/** A slice grows to four times at most at once, and a short last one says nothing against a long one. */
function nextSlice(sliceS: number, readS: number, tookMs: number): number {
	const fittingS = Math.round(readS * Math.min(4, SLICE_TARGET_MS / Math.max(1, tookMs)));
	const nextS = tookMs < SLICE_TARGET_MS ? Math.max(sliceS, fittingS) : fittingS;
	return Math.min(MAX_SLICE_S, Math.max(MIN_SLICE_S, nextS));
}

/** The list from some place on and around, so that no entry always comes last. */
function startAnywhere<T>(list: T[], seed: number): T[] {
	const start = list.length === 0 ? 0 : seed % list.length;
	return [...list.slice(start), ...list.slice(0, start)];
}
