import type { WireRecord } from '../../api/types';
import type { Confirmation } from './confirm';
import { SeenAs, SeenCalls } from '../seenCalls';

/** Looks up pushed calls. Never throws. A thorough lookup asks for each call that the list lacks. */
export type Confirm = (calls: WireRecord[], isThorough: boolean) => Promise<Confirmation>;

/** The source of time, which tests replace. */
export interface InboxClock {
	/** Unix time in milliseconds. */
	now(): number;
	sleep(ms: number): Promise<void>;
}

export interface Collection {
	/** New and confirmed, each call once. */
	records: WireRecord[];
	error?: unknown;
	/** Calls that wait for the next push because they are not listed yet. */
	postponedCount: number;
	/** Calls that will not be output because `error` lasts. */
	lostCount: number;
	/** Calls that were confirmed, but will not be output either: an execution shows an error or records. */
	withheldCount: number;
}

interface WaitingCall {
	call: WireRecord;
	pushedMs: number;
	tries: number;
	/** When the wait of `delayMs` for the next lookup began. */
	sinceMs: number;
	delayMs: number;
}

/** Repeats of a call are recognised for this time. */
export const SEEN_CALLS_AGE_S = 24 * 60 * 60;
/** About 800 kB of text in n8n's database, which reads it at each push. */
const MAX_SEEN_CALLS = 50_000;
const MAX_PENDING_CALLS = 20_000;
/** While one looks up calls, others gather what arrives and wait for calls that are listed late. */
const MAX_COLLECTORS = 3;
/** During a flood of pushes, about one execution starts per interval of this length. */
const GATHER_MS = 1000;
/** A record may be listed later than its call is pushed, and the API may be away: 11 lookups in 10 minutes. */
const DELAYS_BETWEEN_LOOKUPS_MS = [1, 2, 4, 8, 15, 30, 60, 120, 180, 180].map((seconds) => seconds * 1000);
/** The fourth lookup, seven seconds after the first. */
export const FIRST_THOROUGH_TRY = 3;
/** Maximum time that records wait for late calls when no other collector can wait for those. */
const MAX_HOLD_MS = 60_000;

/**
 * The pushed calls of one trigger until they are output. Every push puts its calls in, but only a few pushes wait as
 * collectors, and each outputs all that has arrived. So a flood of pushes starts few executions, and two pushes of the
 * same call cannot both output it.
 */
export class Inbox {
	private waiting: WaitingCall[] = [];
	/** IDs of calls that wait, are being looked up, or are confirmed and not output yet. */
	private readonly openIds = new Set<string>();
	private readonly seenCalls = SeenCalls.unpack('')!;
	private lastPacked = '';
	private collectors = 0;
	private lastLookupMs = -Infinity;
	private unknownCount = 0;
	private readonly patienceMs: number;

	/** @param lastTry the number of lookups after the first; a test in the editor cannot wait for ten minutes */
	constructor(
		private readonly clock: InboxClock,
		private readonly lastTry = DELAYS_BETWEEN_LOOKUPS_MS.length,
	) {
		this.patienceMs = DELAYS_BETWEEN_LOOKUPS_MS.slice(0, lastTry).reduce((sum, ms) => sum + ms, 0);
	}

	/** Adds the calls that an inbox has packed, also in another process. Any other value is ignored. */
	unpackSeenCalls(packed: unknown): void {
		if (typeof packed !== 'string' || packed === this.lastPacked) return;
		const seenCalls = SeenCalls.unpack(packed);
		if (seenCalls) this.seenCalls.absorb(seenCalls);
		this.lastPacked = packed;
	}

	/** Packs the calls confirmed in the last 24 hours, and forgets all others. */
	packSeenCalls(): string {
		const fromS = this.nowS() - SEEN_CALLS_AGE_S;
		this.seenCalls.forget(fromS, MAX_SEEN_CALLS);
		this.lastPacked = this.seenCalls.pack(fromS);
		return this.lastPacked;
	}

	/** Adds the calls except repeats. If there is no room for all, adds none and returns false. */
	put(calls: WireRecord[]): boolean {
		if (!this.hasRoomFor(calls)) this.giveUpLateCalls();
		if (!this.hasRoomFor(calls)) return false;
		for (const call of calls) {
			const { voiceId } = call;
			if (this.openIds.has(voiceId) || this.seenCalls.has(voiceId, SeenAs.matched)) continue;
			this.openIds.add(voiceId);
			this.waiting.push({ call, pushedMs: this.clock.now(), tries: 0, sinceMs: 0, delayMs: 0 });
		}
		return true;
	}

	/** The number of calls given up without a record since the last time it was taken. */
	takeUnknownCount(): number {
		const count = this.unknownCount;
		this.unknownCount = 0;
		return count;
	}

	get isEmpty(): boolean {
		return this.openIds.size === 0;
	}

	/**
	 * Collects the waiting calls, unless enough others do. A collector with records leaves when another can wait for the
	 * other calls. The last one waits until all are found or given up, or lookups have failed and the newest call has waited
	 * for ten minutes.
	 */
	async collect(confirm: Confirm): Promise<Collection> {
		const collection: Collection = { records: [], postponedCount: 0, lostCount: 0, withheldCount: 0 };
		if (this.waiting.length === 0 || this.collectors === MAX_COLLECTORS) return collection;
		this.collectors++;
		let [errors, heldMs] = [0, 0];
		let retry = { sinceMs: 0, delayMs: 0 };
		while (this.waiting.length > 0) {
			const hasRecords = collection.records.length > 0;
			const isHeldTooLong = heldMs >= MAX_HOLD_MS && errors === 0;
			if (hasRecords && (this.collectors > 1 || isHeldTooLong)) break;
			const toRetryMs = this.msToEnd(retry.sinceMs, retry.delayMs);
			const pauseMs = Math.min(Math.max(this.msToLookup(), toRetryMs), GATHER_MS);
			if (pauseMs > 0) {
				await this.clock.sleep(pauseMs);
				if (hasRecords) heldMs += pauseMs;
				continue;
			}
			const { error, isTemporary } = await this.lookUpDueCalls(confirm, collection);
			collection.error = error;
			errors = error === undefined ? 0 : errors + 1;
			if (errors === 0) continue;
			// Where it has just confirmed other calls, it may do so again.
			const mayRetry = isTemporary === true || collection.records.length > 0;
			if (!mayRetry || (errors > this.lastTry && !this.mustStay())) break;
			const delayMs = DELAYS_BETWEEN_LOOKUPS_MS[errors - 1] ?? DELAYS_BETWEEN_LOOKUPS_MS.at(-1)!;
			retry = { sinceMs: this.clock.now(), delayMs };
		}
		this.collectors--;
		this.close(collection);
		return collection;
	}

	/** An execution outputs records or shows an error. The last collector shows it, as nobody else would. */
	private close(collection: Collection): void {
		const { records, error } = collection;
		const isLast = this.collectors === 0;
		const isLost = isLast && error !== undefined && this.waiting.length > 0;
		if (isLost) {
			collection.lostCount = this.remove(() => true);
			collection.withheldCount = records.length;
			collection.records = [];
		} else if (isLast) collection.postponedCount = this.waiting.length;
		for (const { voiceId } of records) {
			this.openIds.delete(voiceId);
			if (!isLost) this.seenCalls.markOnce(voiceId, SeenAs.matched, this.nowS());
		}
	}

	/** Whether nobody else would look up a call that was pushed when this collector had already waited. */
	private mustStay(): boolean {
		const isNew = ({ pushedMs }: WaitingCall) => this.msToEnd(pushedMs, this.patienceMs) > 0;
		return this.collectors === 1 && this.waiting.some(isNew);
	}

	private async lookUpDueCalls(
		confirm: Confirm,
		collection: Collection,
	): Promise<Pick<Confirmation, 'error' | 'isTemporary'>> {
		this.lastLookupMs = this.clock.now();
		const isDue = ({ sinceMs, delayMs }: WaitingCall) => this.msToEnd(sinceMs, delayMs) === 0;
		const dueCalls = this.waiting.filter(isDue);
		this.waiting = this.waiting.filter((one) => !isDue(one));
		let failure: Pick<Confirmation, 'error' | 'isTemporary'> = {};
		for (const isThorough of [false, true]) {
			const batch = dueCalls.filter(({ tries }) => (tries === FIRST_THOROUGH_TRY) === isThorough);
			if (failure.error !== undefined) this.waiting.push(...batch);
			else if (batch.length > 0) {
				const confirmation = await confirm(
					batch.map(({ call }) => call),
					isThorough,
				);
				collection.records.push(...confirmation.records);
				this.settle(batch, confirmation);
				failure = confirmation;
			}
		}
		return failure;
	}

	private settle(batch: WaitingCall[], { missing, remaining }: Confirmation): void {
		const [missingIds, remainingIds] = [missing, remaining].map(
			(calls) => new Set(calls.map(({ voiceId }) => voiceId)),
		);
		const sinceMs = this.clock.now();
		for (const one of batch) {
			const { call, tries } = one;
			const isMissing = missingIds.has(call.voiceId);
			if (remainingIds.has(call.voiceId)) this.waiting.push({ ...one, delayMs: 0 });
			else if (isMissing && tries < this.lastTry) {
				const delayMs = DELAYS_BETWEEN_LOOKUPS_MS[tries];
				this.waiting.push({ ...one, tries: tries + 1, sinceMs, delayMs });
			} else if (isMissing) {
				this.openIds.delete(call.voiceId);
				this.unknownCount++;
			}
		}
	}

	private hasRoomFor(calls: WireRecord[]): boolean {
		return this.openIds.size + calls.length <= MAX_PENDING_CALLS;
	}

	/** Calls that were looked up thoroughly make room for new ones: in such a flood, most are fake. */
	private giveUpLateCalls(): void {
		this.unknownCount += this.remove(({ tries }) => tries > FIRST_THOROUGH_TRY);
	}

	private remove(isRemoved: (one: WaitingCall) => boolean): number {
		const removed = this.waiting.filter(isRemoved);
		this.waiting = this.waiting.filter((one) => !isRemoved(one));
		for (const { call } of removed) this.openIds.delete(call.voiceId);
		return removed.length;
	}

	private msToLookup(): number {
		const toDue = Math.min(...this.waiting.map(({ sinceMs, delayMs }) => this.msToEnd(sinceMs, delayMs)));
		return Math.max(toDue, this.msToEnd(this.lastLookupMs, GATHER_MS));
	}

	/** A wait ends early when the clock is set back, so that it cannot last for hours. */
	private msToEnd(sinceMs: number, delayMs: number): number {
		const passedMs = this.clock.now() - sinceMs;
		return passedMs < 0 ? 0 : Math.max(0, delayMs - passedMs);
	}

	private nowS(): number {
		return Math.floor(this.clock.now() / 1000);
	}
}
