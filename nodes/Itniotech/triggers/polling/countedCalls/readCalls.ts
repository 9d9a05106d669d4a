import { OperationalError } from 'n8n-workflow';
import type { WireRecord } from '../../../api/types';
import { isoTime } from '../../../records/output/localTime';
import { numberText } from '../../../records/output/text';
import { outcomeOf } from '../../../records/record';
import type { TimeRange } from '../../../records/calendar';
import { endOfCall } from '../../callEnd';
import { latestTimeOf } from '../callTracker';
import { readPolledRange, type PollRun } from '../pollRun';
import { BUDGET_SHARE, Slices } from '../slices';
import { kindKey, kindOf, type CallKind } from './callCounts';
import type { CallStore } from './callStore';
import type { CallsRule } from '../alarms/readRule';

/**
 * Reads into the store what the API lists since its last poll, and the look-back again. After a restart, that is the whole
 * window: as far as the budget allows, and the next poll reads on.
 * @param windowFromS first second of the window
 * @returns whether all calls up to the present are known
 * @throws OperationalError where the budget is too short even for the look-back
 */
export async function readCalls(
	run: PollRun<CallsRule>,
	store: CallStore,
	windowFromS: number,
): Promise<boolean> {
	const reading = new CallReading(run, store);
	const isWhole = await reading.run();
	const { nowS } = run.time;
	store.forget(windowFromS);
	if (isWhole) store.finish(nowS, windowFromS, run.settings.windowS);
	return isWhole;
}

/** One poll's reading of the list into a store. */
export class CallReading {
	private readonly startedMs = Date.now();
	private readonly slices: Slices;
	private readonly kinds = new Map<string, CallKind>();
	/** Where the first list began that is known to be incomplete. */
	private missingFromS = Infinity;
	private readToS: number;
	/** Whether the next poll gets further than this one. */
	private hasProgress = false;

	constructor(
		private readonly current: PollRun<CallsRule>,
		private readonly store: CallStore,
		private readonly toS = current.time.nowS,
	) {
		const limits = { earliestS: 0, nowS: toS, budgetMs: current.budgetMs, now: () => Date.now() };
		this.slices = new Slices(store.sliceS, limits);
		this.readToS = store.settledToS;
	}

	async run(): Promise<boolean> {
		const { store, current } = this;
		const { time, settings } = current;
		const lookbackFromS = time.nowS - settings.lookbackS;
		// Otherwise, the next poll has as much to read as this one.
		const isBehind = !store.hasSettled || store.settledToS < lookbackFromS - settings.lookbackS;
		while (this.readToS < this.toS) {
			if (this.hasUsed(BUDGET_SHARE)) return this.unfinished(isBehind && this.hasProgress);
			const slice = this.slices.start(this.readToS);
			const count = await this.read(slice);
			if (count === undefined) continue;
			this.slices.finish(count);
			this.readToS = slice.toS;
			this.hasProgress = true;
			store.sliceS = this.slices.lengthS;
			store.settle(Math.min(this.readToS, lookbackFromS, this.missingFromS));
			store.hasSettled ||= store.settledToS >= lookbackFromS;
		}
		return !this.isIncomplete;
	}

	get isIncomplete(): boolean {
		return this.missingFromS !== Infinity;
	}

	/** @returns how many records there were, `undefined` where the slice was too long */
	private async read(slice: TimeRange): Promise<number | undefined> {
		let count = 0;
		const onIncomplete: Parameters<typeof readPolledRange>[2] = {
			onIncomplete: (difference) => {
				this.missingFromS = Math.min(this.missingFromS, difference.fromS);
				this.current.log.incompleteList(difference, 'Until the list is complete, no alarm changes.');
			},
		};
		for await (const records of readPolledRange(this.current, slice, onIncomplete)) {
			for (const record of records) this.observe(record);
			count += records.length;
			const isOutOfTime = this.hasUsed(1);
			if (isOutOfTime || this.slices.isTooLong(count)) {
				// The next poll begins with a shorter slice.
				this.hasProgress ||= !isOutOfTime;
				this.slices.abandon();
				this.store.sliceS = this.slices.lengthS;
				return undefined;
			}
		}
		return count;
	}

	private observe(record: WireRecord): void {
		const { store, current } = this;
		const { settings, time } = current;
		if (outcomeOf(record) === 'pending' || !settings.isWanted(record)) {
			store.remove(record.voiceId);
			return;
		}
		const kind = kindOf(record, settings);
		const key = kindKey(kind);
		this.kinds.set(key, this.kinds.get(key) ?? kind);
		const endS = endOfCall(record, time.nowS);
		const listedByS = latestTimeOf(record, time.nowS);
		store.add(record.voiceId, { endS, listedByS, kind: this.kinds.get(key)! });
	}

	private unfinished(willEnd: boolean): false {
		const { log, settings, budgetMs } = this.current;
		const until = isoTime(this.readToS, settings.zone);
		if (!willEnd) throw tooManyCalls(budgetMs);
		log.add('warn', `calls are read up to ${until}. The next poll reads on; until then, no alarm changes.`);
		return false;
	}

	private hasUsed(budgetShare: number): boolean {
		return Date.now() - this.startedMs > this.current.budgetMs * budgetShare;
	}
}

function tooManyCalls(budgetMs: number): OperationalError {
	const seconds = Math.round(budgetMs / 1000);
	return new OperationalError('The calls of the look-back could not be read in the time of one poll', {
		description: `A poll has ${numberText(seconds)} s. No alarm changes, and the next poll tries again. If this message appears at every poll, shorten "Look-Back (Minutes)".`,
	});
}
