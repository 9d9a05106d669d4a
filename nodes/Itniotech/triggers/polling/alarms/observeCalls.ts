import { isoTime } from '../../../records/output/localTime';
import { compareText, numberText } from '../../../records/output/text';
import type { TimeRange } from '../../../records/calendar';
import type { PollRun } from '../pollRun';
import { timeText } from './alarmText';
import { CallCounts, totalsOf } from '../countedCalls/callCounts';
import type { CallStore } from '../countedCalls/callStore';
import { isCostUnknown, metricOf, valueOf, valueText } from './metrics';
import { readCalls } from '../countedCalls/readCalls';
import type { GroupReading, Observation } from './observation';
import type { CallsRule } from './readRule';
import { compareFractions, isCrossed, isOnSide, roundValue, verdictOn, type Value } from './verdict';

/**
 * The figures of the calls that ended within the window.
 * @returns `undefined` where not all of these calls are known, which the log says
 * @throws OperationalError when there are more calls than can be read in the time of a poll
 */
export async function observeCalls(
	run: PollRun<CallsRule>,
	store: CallStore,
): Promise<Observation | undefined> {
	const { settings: rule, time, log } = run;
	const range = windowAt(rule, time.nowS);
	const { notCrossed } = store;
	// Until it is known again: a poll that fails, or cannot read all calls, knows nothing.
	store.notCrossed = undefined;
	if (!(await readCalls(run, store, range.fromS))) return undefined;
	const late = store.late.filter(({ foundS }) => foundS === time.nowS).length;
	if (late > 0) {
		log.add(
			'warn',
			`calls that no alarm counted, because their end was no longer in the window when a poll first found them: ${numberText(late)}. Choose a longer "Window (Minutes)", or raise "Ignore Last (Minutes)".`,
		);
	}
	const counts = store.countWithin(range);
	const most = store.late.length > 0 ? store.countWithin(range, store.late) : counts;
	// Calls are listed late, or no more come: nobody knows until the calls of a window should have been listed.
	const isUnsure = time.nowS - store.watchedFromS < rule.windowS && store.hasOnlyLateCalls(range.fromS);
	const observation = describeCalls(rule, { counts, most, isUnsure }, range);
	store.notCrossed = new Map(
		observation.readingsWith([]).map(({ group, value }) => [group, isNotCrossed(rule, value)]),
	);
	const isDelayed = rule.ignoreLastMinutes > 0;
	// A group that was not known had no calls.
	const isNotCrossedByNone = isNotCrossed(rule, valueOf(metricOf(rule.metric), new CallCounts()));
	const wasNotCrossed = (group: string) =>
		notCrossed?.get(group) ?? (notCrossed !== undefined && isNotCrossedByNone);
	return { ...observation, mayBeEarlier: (group) => isDelayed || !wasNotCrossed(group) };
}

/** Not in any currency, either. */
function isNotCrossed(rule: CallsRule, value: Value | undefined): boolean {
	const highest = value && { ...value, exact: value.most ?? value.exact };
	return [value, highest].every((one) => isCrossed(rule, one) === false);
}

/** The calls of the window, by group. */
interface CallsOfWindow {
	counts: Map<string, CallCounts>;
	/** With as many more as may be missing, as they are listed late. */
	most: Map<string, CallCounts>;
	/** Whether nobody can know yet if calls are missing. */
	isUnsure: boolean;
}

/** The window of a poll: it ends at the present, or some minutes before. */
export function windowAt({ windowMinutes, ignoreLastMinutes }: CallsRule, nowS: number): TimeRange {
	const toS = nowS - ignoreLastMinutes * 60;
	return { fromS: toS - windowMinutes * 60 + 1, toS };
}

function describeCalls(
	rule: CallsRule,
	calls: CallsOfWindow,
	range: TimeRange,
): Omit<Observation, 'mayBeEarlier'> {
	const { metric, threshold, zone, alarmPer } = rule;
	const countsOf = (group: string) => calls.counts.get(group) ?? new CallCounts();
	const readingOf = (group: string) => readCounts(rule, group, calls);
	const groups = new Set(alarmPer === 'all' ? [''] : calls.counts.keys());
	const { noun, unit } = metricOf(metric);
	const [from, to] = [range.fromS, range.toS].map((seconds) => isoTime(seconds, zone));
	return {
		readingsWith: (others) => [...new Set([...groups, ...others])].map(readingOf).sort(worstFirst(rule)),
		noun: [noun, rule.codes.join(', ')].join(' ').trim(),
		unitTextOf: (listed) =>
			unit === 'share' ? '%' : currencyText(listed.map(({ group }) => countsOf(group))),
		details: detailsOf(rule, countsOf(''), range),
		fieldsOf: (listed) => ({
			metric,
			value: listed[0]?.number ?? null,
			threshold,
			...totalsOf(listed.map(({ group }) => countsOf(group))),
			...(alarmPer !== 'all' && {
				groups: listed.map(({ group, number, calls }) => ({ group, value: number, calls })),
			}),
			from,
			to,
		}),
	};
}

/** Empty where groups have several currencies, and for metrics other than amounts. */
function currencyText(all: CallCounts[]): string {
	const [currency, ...others] = new Set(all.map(({ costs }) => costs[0]?.currency));
	return currency === undefined || others.length > 0 ? '' : ` ${currency}`;
}

function readCounts(rule: CallsRule, group: string, calls: CallsOfWindow): GroupReading {
	const metric = metricOf(rule.metric);
	const counts = calls.counts.get(group) ?? new CallCounts();
	const value = valueWithLate(metric, calls, group);
	const shareOf = metric.shareOf?.(counts);
	const hasTooFewCalls = shareOf !== undefined && shareOf[1] < rule.minimumCalls;
	const verdict = hasTooFewCalls ? undefined : verdictOn(rule, value);
	const isWhole = value !== undefined && !value.isPart && !value.hasLate;
	const details = metric.explain(counts, '');
	return {
		group,
		value,
		number: value && !isCostUnknown(counts) ? roundValue(rule, value) : null,
		text: value && valueText(metric, counts, (rounded) => isOnSide(rule, value, rounded)),
		details: details[0].toLowerCase() + details.slice(1),
		calls: counts.calls,
		verdict,
		isKnown: verdict === 'raised' || (isWhole && !hasTooFewCalls),
		hasTooFewCalls,
	};
}

/** Late calls change a number of calls or an amount in one direction, a share in both. */
function valueWithLate(
	metric: ReturnType<typeof metricOf>,
	{ counts, most, isUnsure }: CallsOfWindow,
	group: string,
): Value | undefined {
	const [listed, all] = [counts, most].map((groups) => groups.get(group) ?? new CallCounts());
	const value = valueOf(metric, listed);
	const highest = valueOf(metric, all);
	if (metric.shareOf || !value || !highest) return value;
	if (compareFractions(value.exact, highest.exact) === 0)
		return { ...highest, isPart: highest.isPart || isUnsure };
	const [before, after] = [listed, all].map(({ costs }) => costs[0]?.currency);
	const isOtherMoney = before !== undefined && before !== after;
	return {
		exact: value.exact,
		most: highest.most ?? highest.exact,
		isPart: highest.isPart || isOtherMoney || isUnsure,
		hasLate: true,
	};
}

function detailsOf(rule: CallsRule, counts: CallCounts, { toS }: TimeRange): string[] {
	const { metric, windowMinutes, ignoreLastMinutes, minimumCalls, zone } = rule;
	const { explain, shareOf } = metricOf(metric);
	const minutes = windowMinutes === 1 ? 'minute' : `${numberText(windowMinutes)} minutes`;
	const period = ignoreLastMinutes > 0 ? `${minutes} until ${timeText(toS, zone)}` : `last ${minutes}`;
	const details = [explain(counts, ` that ended in the ${period}`)];
	const { failures, topFailures } = totalsOf([counts]);
	if (failures > 0) details.push(`Reasons: ${topFailures}`);
	if (shareOf && shareOf(counts)[1] < minimumCalls)
		details.push(`With fewer than ${numberText(minimumCalls)} calls, no alarm is raised or cleared`);
	return details;
}

function worstFirst({ condition }: CallsRule): (a: GroupReading, b: GroupReading) => number {
	const direction = condition === 'above' ? -1 : 1;
	return (a, b) => {
		const order = a.value && b.value ? direction * compareFractions(a.value.exact, b.value.exact) : 0;
		const isKnownFirst = Number(b.value !== undefined) - Number(a.value !== undefined);
		return isKnownFirst || order || b.calls - a.calls || compareText(a.group, b.group);
	};
}
