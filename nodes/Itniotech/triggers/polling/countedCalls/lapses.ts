import { OperationalError } from 'n8n-workflow';
import { isTemporary } from '../../../api/refusal';
import type { TimeRange } from '../../../records/calendar';
import { metricOf } from '../alarms/metrics';
import type { CallsRule } from '../alarms/readRule';
import { isWatched } from '../alarms/transition';
import { PollLog, type PollRun } from '../pollRun';
import { readPollInterval } from '../settings';
import { CallCounts, type CallKind } from './callCounts';
import { CallStore, type PastCalls } from './callStore';
import { CallReading } from './readCalls';

/** A weekend, from Friday evening to Monday morning. */
const MAX_PAST_S = 3 * 24 * 60 * 60;

/** What the calls tell about alarms that no poll has followed for a while, by group. */
export interface Lapses {
	lapsed: Set<string>;
	/** Those that have not lapsed: until when their value was known. Unix times in seconds. */
	knownS: Map<string, number>;
	/** Those about which the next polls find out. */
	pending: Set<string>;
}

export const NO_LAPSES: Lapses = { lapsed: new Set(), knownS: new Map(), pending: new Set() };

/** Active alarms that may have lapsed since they were known. */
export interface StaleAlarms {
	/** By group, when the value of its alarm was known last. Unix times in seconds. */
	knownS: Map<string, number>;
	/** The number of the checkpoint that has them. */
	number: number;
	/** Whether this process has not gone on from it yet. */
	isFromElsewhere: boolean;
}

/**
 * After a restart, nothing is stored about an alarm that lapsed, and in a pause no poll has looked: the calls since it was
 * known tell, for up to three days.
 * @throws NodeApiError
 */
export async function findLapses(
	run: PollRun<CallsRule>,
	store: CallStore,
	{ knownS, number, isFromElsewhere }: StaleAlarms,
): Promise<Lapses> {
	const { minimumCalls, windowS } = run.settings;
	const intervalS = readPollInterval(run.context);
	// A count or sum is known with no call at all, and where polls are rarer than the window, no alarm lapses.
	if (minimumCalls === 0 || !isWatched({ nowS: intervalS, polledS: 0, windowS })) return NO_LAPSES;
	if (!isFromElsewhere && number >= store.lookedBackIn) return NO_LAPSES;
	if (knownS.size > 0) {
		store.past = pastFor(run, knownS, store.past);
		const state = await readPast(run, store.past.store, store.settledToS);
		if (state === 'unfinished') return { ...NO_LAPSES, pending: new Set(knownS.keys()) };
		if (state === 'incomplete') store.past = undefined;
	}
	const { past } = store;
	store.past = undefined;
	store.lookedBackIn = number + 1;
	return lapsesIn(run, { store, past, knownS });
}

function lapsesIn(
	{ settings: rule, time }: PollRun<CallsRule>,
	{ store, past, knownS }: { store: CallStore; past?: PastCalls; knownS: Map<string, number> },
): Lapses {
	const ignoredS = rule.ignoreLastMinutes * 60;
	const found = { ...NO_LAPSES, lapsed: new Set<string>(), knownS: new Map<string, number>() };
	for (const [group, seconds] of knownS) {
		// Where the past is not known, the time without calls begins with the present.
		let untilS: number | undefined = time.nowS - ignoredS;
		if (past) {
			const range = { fromS: Math.max(seconds - ignoredS, past.fromS), toS: untilS };
			const isCounted = (kind: CallKind) => kind.group === group && isOfMinimum(rule, kind);
			const endsS = [...past.store.settledEnds(isCounted), ...store.recentEnds(isCounted)];
			untilS = knownUntil(endsS, range, rule);
		}
		if (untilS === undefined) found.lapsed.add(group);
		else found.knownS.set(group, untilS + ignoredS);
	}
	return found;
}

/**
 * Until when the value of an alarm was known, by the calls, as polls each minute would have found.
 * @param endsS when the calls of its minimum ended. Unix times in seconds
 * @param range from when its value was known, up to the present
 * @returns `undefined` where there were too few calls for a whole window: the alarm has lapsed
 */
function knownUntil(
	endsS: number[],
	{ fromS, toS }: TimeRange,
	{ windowS, minimumCalls }: { windowS: number; minimumCalls: number },
): number | undefined {
	const sorted = [...endsS].sort((a, b) => a - b);
	let knownToS = fromS;
	const isSilentUntil = (seconds: number) => seconds - knownToS >= windowS;
	for (const [first, knownFromS] of sorted.slice(minimumCalls - 1).entries()) {
		const untilS = sorted[first] + windowS;
		if (knownFromS >= untilS || knownFromS > toS) continue;
		if (isSilentUntil(knownFromS)) return undefined;
		knownToS = Math.max(knownToS, untilS);
	}
	return isSilentUntil(toS) ? undefined : Math.min(knownToS, toS);
}

/** @param begun by a poll before, for alarms that may have been known until later */
function pastFor(
	{ settings, time }: PollRun<CallsRule>,
	knownS: Map<string, number>,
	begun?: PastCalls,
): PastCalls {
	const { windowS, lookbackS, ignoreLastMinutes } = settings;
	const oldestS = Math.max(Math.min(...knownS.values()), time.nowS - MAX_PAST_S);
	const fromS = oldestS - ignoreLastMinutes * 60;
	if (begun && begun.fromS <= fromS) return begun;
	return { store: new CallStore(fromS - windowS - lookbackS), fromS };
}

/** Whether a call counts for "Minimum Calls". */
function isOfMinimum({ metric }: CallsRule, kind: CallKind): boolean {
	const counts = new CallCounts();
	counts.add(kind, 1);
	return metricOf(metric).shareOf?.(counts)[1] === 1;
}

/** @param toS from there on, the present poll has read what the API lists */
async function readPast(
	run: PollRun<CallsRule>,
	past: CallStore,
	toS: number,
): Promise<'whole' | 'unfinished' | 'incomplete'> {
	// A line in the log would say that no alarm changes, which is true of the window alone.
	const reading = new CallReading({ ...run, log: new PollLog(run.context) }, past, toS);
	const [result] = await Promise.allSettled([reading.run()]);
	if (result.status === 'rejected') {
		const reason: unknown = result.reason;
		if (isTemporary(reason) || reason instanceof OperationalError) return 'unfinished';
		throw reason as Error;
	}
	if (result.value) return 'whole';
	return reading.isIncomplete ? 'incomplete' : 'unfinished';
}
