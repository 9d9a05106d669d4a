import type { TimeRange } from '../../../records/calendar';
import { CallCounts, kindKey, type CallKind } from './callCounts';
import { FIRST_SLICE_S } from '../slices';
import { isWatched } from '../alarms/transition';

/** An ended call that the API may list again, with what is not known of it yet. Unix times in seconds. */
interface RecentCall {
	endS: number;
	/** The latest time by which the API lists it. */
	listedByS: number;
	kind: CallKind;
}

/** A call that no poll has counted: not listed yet at one poll, its end before the window at the next. */
interface LateCall {
	kind: CallKind;
	/** When a poll found it. Unix time in seconds. */
	foundS: number;
}

/** The calls from when alarms were known that this process did not follow, up to the look-back. */
export interface PastCalls {
	store: CallStore;
	/** From when on it tells if there were too few. Unix time in seconds. */
	fromS: number;
}

/** How long a group is remembered after its last call: below a threshold, no call at all counts too. */
const REMEMBER_GROUPS_S = 24 * 60 * 60;
const MAX_STORES = 1000;

/**
 * The ended calls that one trigger has read in this process, so that a poll reads only what is new. Calls are listed by
 * their start:
 *
 *   settledToS          the look-back          now
 * ──────┼────────────────────────────────────────┼──► time
 * counts by kind and end │ calls by id, read again by each poll
 */
export class CallStore {
	/** The last poll that read up to its present, 0 for none. Unix time in seconds. */
	polledS = 0;
	/** Since then, each poll has come within a window of the one before. Unix time in seconds. */
	watchedFromS = 0;
	sliceS = FIRST_SLICE_S;
	/** Whether a poll has read as far as a poll can settle, so that the next one need not read more than that. */
	hasSettled = false;
	/** Those found within a window: about as many may be missing of the present one. */
	late: LateCall[] = [];
	/** While a poll, or several, look back at alarms that this process did not follow. */
	past?: PastCalls;
	/** The number of the first checkpoint that has what was found. n8n may discard it: then the next poll looks back again. */
	lookedBackIn = Infinity;
	/** Whether the last poll knew that a group was not beyond the threshold; `undefined` where it did not know all calls. */
	notCrossed?: Map<string, boolean>;
	private readonly recent = new Map<string, RecentCall & { isNew: boolean; wasInWindow: boolean }>();
	/** By kind: when the calls ended. Eight bytes a call. */
	private readonly settled = new Map<string, { kind: CallKind; endsS: number[] }>();
	private readonly groups = new Map<string, number>();

	/** @param settledToS calls that are listed before this time are not read any more. Unix time in seconds */
	constructor(public settledToS: number) {}

	add(id: string, call: RecentCall): void {
		const { isNew = true, wasInWindow = false } = this.recent.get(id) ?? {};
		this.recent.set(id, { ...call, isNew, wasInWindow });
	}

	/** A call that does not count, or no longer does. */
	remove(id: string): void {
		this.recent.delete(id);
	}

	/** What the API listed before a time is final, unless it may be listed by a later time, too. */
	settle(toS: number): void {
		this.settledToS = Math.max(this.settledToS, toS);
		for (const [id, { endS, listedByS, kind }] of this.recent) {
			// Reading begins a second early.
			if (listedByS >= this.settledToS - 1) continue;
			const key = kindKey(kind);
			const settled = this.settled.get(key) ?? { kind, endsS: [] };
			settled.endsS.push(endS);
			this.settled.set(key, settled);
			this.recent.delete(id);
		}
	}

	/** Ends a poll that has read up to its present. */
	finish(nowS: number, windowFromS: number, windowS: number): void {
		// After a longer pause, calls were missed that were listed in time.
		const { polledS } = this;
		const wasWatched = polledS > 0 && isWatched({ nowS, polledS, windowS });
		if (!wasWatched) {
			// After polls that followed each other closely, that was a pause: nobody knows whether alarms have lapsed in it.
			if (this.watchedFromS < polledS) this.lookedBackIn = Infinity;
			this.watchedFromS = nowS;
		}
		this.late = this.late.filter(({ foundS }) => foundS > nowS - windowS);
		for (const call of this.recent.values()) {
			const isLate = call.isNew && wasWatched && call.endS < windowFromS && call.endS <= polledS;
			if (isLate) this.late.push({ kind: call.kind, foundS: nowS });
			call.isNew = false;
			call.wasInWindow ||= call.endS >= windowFromS;
		}
		this.polledS = nowS;
	}

	/** Whether calls are known, and not one of them was listed while its end was in the window. */
	hasOnlyLateCalls(windowFromS: number): boolean {
		const calls = [...this.recent.values()];
		return calls.length > 0 && calls.every(({ endS, wasInWindow }) => endS < windowFromS && !wasInWindow);
	}

	/** When those calls ended that are counted by kind. */
	settledEnds(isCounted: (kind: CallKind) => boolean): number[] {
		return [...this.settled.values()].filter(({ kind }) => isCounted(kind)).flatMap(({ endsS }) => endsS);
	}

	/** When those calls of the look-back ended. */
	recentEnds(isCounted: (kind: CallKind) => boolean): number[] {
		return [...this.recent.values()].filter(({ kind }) => isCounted(kind)).map(({ endS }) => endS);
	}

	/** Drops the calls that ended before a time. */
	forget(beforeS: number): void {
		for (const [key, { kind, endsS }] of this.settled) {
			const rest = endsS.filter((endS) => endS >= beforeS);
			if (rest.length > 0) this.settled.set(key, { kind, endsS: rest });
			else this.settled.delete(key);
		}
	}

	/**
	 * The calls that ended within a range, by group. A group that had calls within a day is among them.
	 * @param more calls to count as if they had ended within the range
	 */
	countWithin({ fromS, toS }: TimeRange, more: LateCall[] = []): Map<string, CallCounts> {
		const counts = new Map<string, CallCounts>();
		const add = (kind: CallKind, calls: number) => {
			if (calls === 0) return;
			const { group } = kind;
			const ofGroup = counts.get(group) ?? new CallCounts();
			ofGroup.add(kind, calls);
			counts.set(group, ofGroup);
			this.groups.set(group, toS);
		};
		const isWithin = (endS: number) => endS >= fromS && endS <= toS;
		for (const { kind, endsS } of this.settled.values()) add(kind, endsS.filter(isWithin).length);
		for (const { kind, endS } of this.recent.values()) add(kind, isWithin(endS) ? 1 : 0);
		for (const { kind } of more) add(kind, 1);
		for (const [group, seenS] of this.groups) {
			if (seenS < toS - REMEMBER_GROUPS_S) this.groups.delete(group);
			else if (!counts.has(group)) counts.set(group, new CallCounts());
		}
		return counts;
	}
}

/** By trigger; `about` says of which calls. */
const stores = new Map<string, { about: string; store: CallStore }>();

/**
 * What this process knows of the calls of a trigger: nothing, where it was about others.
 * @param fromS where reading begins then
 */
export function storeOf(
	trigger: string,
	about: string,
	{ fromS, nowS }: { fromS: number; nowS: number },
): CallStore {
	const entry = stores.get(trigger);
	// A store of a later time went by a clock that was wrong.
	const isUsable = entry?.about === about && entry.store.settledToS <= nowS && entry.store.polledS <= nowS;
	const store = isUsable ? entry.store : new CallStore(fromS);
	// What ended before the window does not matter any more.
	store.settledToS = Math.max(store.settledToS, fromS);
	stores.delete(trigger);
	stores.set(trigger, { about, store });
	if (stores.size > MAX_STORES) stores.delete([...stores.keys()][0]);
	return store;
}
