import type { WireRecord } from '../../api/types';
import type { Confirmation } from './confirm';
import { SeenAs, SeenCalls } from '../seenCalls';

/** Looks up pushed calls. Never throws. On the last try, a call without a record counts as unknown. */
export type Confirm = (calls: WireRecord[], isLastTry: boolean) => Promise<Confirmation>;

/** The source of time, which tests replace. */
export interface InboxClock {
	/** Unix time in milliseconds. */
	now(): number;
	sleep(ms: number): Promise<void>;
}

export interface Collection {
	/** New and confirmed, each call once. */
	records: WireRecord[];
	unknownCount: number;
	error?: unknown;
	/** Calls that wait for the next push because of `error`. */
	postponedCount: number;
	/** Calls that will not be output because of `error`. Zero if there are records. */
	lostCount: number;
}

interface WaitingCall {
	call: WireRecord;
	tries: number;
	dueMs: number;
}

const SEEN_CALLS_AGE_S = 24 * 60 * 60;
/** About 800 kB of text in n8n's database, which reads it at each push. */
const MAX_SEEN_CALLS = 50_000;
const MAX_OPEN_CALLS = 20_000;
/** One looks up calls while the other gathers what arrives. */
const MAX_COLLECTORS = 2;
/** During a flood of pushes, about one execution starts in this time. */
const GATHER_MS = 1000;
const RETRY_AFTER_ERROR_MS = 15_000;
/** A record may be listed later than its call is pushed. */
const DELAYS_BETWEEN_LOOKUPS_MS = [1000, 2000, 4000];

/**
 * The pushed calls of one trigger until they are output. Every push puts its calls in, but only a few pushes wait as
 * collectors, and each outputs all that has arrived. So a flood of pushes starts few executions, and two pushes of the
 * same call cannot both output it.
 */
export class Inbox {
	private waiting: WaitingCall[] = [];
	/** IDs of calls that wait or are being looked up. */
	private readonly openIds = new Set<string>();
	private readonly seenCalls = SeenCalls.unpack('')!;
	private lastPacked = '';
	private collectors = 0;
	private lastEndMs = -Infinity;

	constructor(private readonly clock: InboxClock) {}

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

	/** Puts in the calls except repeats, or none of them and returns false if there is no room. */
	put(calls: WireRecord[]): boolean {
		if (this.openIds.size + calls.length > MAX_OPEN_CALLS) return false;
		for (const call of calls) {
			const { voiceId } = call;
			if (this.openIds.has(voiceId) || this.seenCalls.has(voiceId, SeenAs.matched)) continue;
			this.openIds.add(voiceId);
			this.waiting.push({ call, tries: 0, dueMs: 0 });
		}
		return true;
	}

	/**
	 * Collects the waiting calls, unless enough others do. The last collector stays until no call waits, or until lookups
	 * fail; after a temporary error it tries once more.
	 */
	async collect(confirm: Confirm): Promise<Collection> {
		const collection: Collection = { records: [], unknownCount: 0, postponedCount: 0, lostCount: 0 };
		if (this.waiting.length === 0 || this.collectors === MAX_COLLECTORS) return collection;
		this.collectors++;
		await this.clock.sleep(Math.max(0, this.lastEndMs + GATHER_MS - this.clock.now()));
		let hasRetried = false;
		while (this.waiting.length > 0) {
			const { error, isTemporary } = await this.lookUpDueCalls(confirm, collection);
			collection.error = error;
			if (this.collectors > 1) break;
			if (error === undefined) continue;
			if (!isTemporary || hasRetried) break;
			await this.clock.sleep(RETRY_AFTER_ERROR_MS);
			hasRetried = true;
		}
		this.collectors--;
		this.lastEndMs = this.clock.now();
		if (collection.error !== undefined) this.postponeOrDropWaiting(collection);
		return collection;
	}

	/** An execution outputs records or shows an error, so calls are dropped only if the user can be told. */
	private postponeOrDropWaiting(collection: Collection): void {
		if (this.collectors > 0 || collection.records.length > 0) {
			collection.postponedCount = this.waiting.length;
			return;
		}
		collection.lostCount = this.waiting.length;
		for (const { call } of this.waiting.splice(0)) this.openIds.delete(call.voiceId);
	}

	private async lookUpDueCalls(
		confirm: Confirm,
		collection: Collection,
	): Promise<Pick<Confirmation, 'error' | 'isTemporary'>> {
		const firstDueMs = Math.min(...this.waiting.map(({ dueMs }) => dueMs));
		await this.clock.sleep(Math.max(0, firstDueMs - this.clock.now()));
		const { tries, calls } = this.takeDueCalls();
		if (calls.length === 0) return {};
		const isLastTry = tries === DELAYS_BETWEEN_LOOKUPS_MS.length;
		const { records, missing, remaining, error, isTemporary } = await confirm(calls, isLastTry);

		for (const { voiceId } of records) this.seenCalls.markOnce(voiceId, SeenAs.matched, this.nowS());
		collection.records.push(...records);
		if (isLastTry) collection.unknownCount += missing.length;
		else this.putBack(missing, tries + 1, this.clock.now() + DELAYS_BETWEEN_LOOKUPS_MS[tries]);
		this.putBack(remaining, tries, 0);
		const waitingIds = new Set(this.waiting.map(({ call }) => call.voiceId));
		for (const { voiceId } of calls) if (!waitingIds.has(voiceId)) this.openIds.delete(voiceId);
		return { error, isTemporary };
	}

	private takeDueCalls(): { tries: number; calls: WireRecord[] } {
		const nowMs = this.clock.now();
		const tries = this.waiting.find(({ dueMs }) => dueMs <= nowMs)?.tries ?? 0;
		const isDue = (one: WaitingCall) => one.tries === tries && one.dueMs <= nowMs;
		const calls = this.waiting.filter(isDue).map(({ call }) => call);
		this.waiting = this.waiting.filter((one) => !isDue(one));
		return { tries, calls };
	}

	private putBack(calls: WireRecord[], tries: number, dueMs: number): void {
		for (const call of calls) this.waiting.push({ call, tries, dueMs });
	}

	private nowS(): number {
		return Math.floor(this.clock.now() / 1000);
	}
}
