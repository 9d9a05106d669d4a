import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';
import type { TimeRange } from '../../../records/windows';
import { compareText } from '../../../reports/figures/compareText';
import type { PollRun } from '../pollRun';
import { timeText } from './alarmText';
import { CallCounts, totalsOf } from './callCounts';
import type { CallStore } from './callStore';
import { isCostUnknown, metricOf, valueOf, valueText } from './metrics';
import { readCalls } from './readCalls';
import type { AlarmRule, CallsRule } from './readRule';
import type { Observed } from './transition';
import { compareFractions, fractionOf, roundValue, verdictOn, type Value } from './verdict';

/** The present value of one alarm. */
export interface Reading extends Observed {
	/** Empty where there is one alarm for all calls. */
	group: string;
	value: Value | undefined;
	/** In an item, `null` where it is not known. */
	number: number | null;
	/** `undefined` where it is not known. */
	text: string | undefined;
	/** E.g. `failed: 3 of 7 calls`. */
	details: string;
	calls: number;
}

/** The present values, and what to say about them. */
export interface Observation {
	/** The worst value first. */
	readings: Reading[];
	noun: string;
	unitText: string;
	/** Of an alarm whose group has no calls. */
	readingOf(group: string): Reading;
	/** What follows the first line of a text about one alarm for all calls. */
	details: string[];
	/** What follows the text in an item about these groups. */
	fieldsOf(readings: Reading[]): IDataObject;
}

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
	if (!(await readCalls(run, store, range.fromS))) return undefined;
	if (store.lateCalls > 0) {
		log.add(
			'warn',
			`calls that ITNIO TECH listed only when their end was no longer in the window, so no alarm counted them: ${store.lateCalls}. Choose a longer "Window (Minutes)".`,
		);
		store.lateCalls = 0;
	}
	return describeCalls(rule, store.countWithin(range), range);
}

/** The window of a poll: it ends at the present, or some minutes before. */
export function windowAt({ windowMinutes, ignoreLastMinutes }: CallsRule, nowS: number): TimeRange {
	const toS = nowS - ignoreLastMinutes * 60;
	return { fromS: toS - windowMinutes * 60 + 1, toS };
}

/** @throws OperationalError with a balance that cannot be read */
export async function observeBalance({
	api,
	settings: rule,
	time,
}: PollRun<AlarmRule>): Promise<Observation> {
	const { balance } = await api.fetchBalance();
	time.check();
	const value: Value = { exact: fractionOf(balance), isPart: false };
	const reading: Reading = {
		group: '',
		value,
		number: balance,
		text: String(balance),
		details: '',
		calls: 0,
		verdict: verdictOn(rule, value),
		isKnown: true,
		hasTooFewCalls: false,
	};
	return {
		readings: [reading],
		noun: 'the balance',
		unitText: '',
		readingOf: () => reading,
		details: [],
		fieldsOf: () => ({ balance, threshold: rule.threshold }),
	};
}

function describeCalls(rule: CallsRule, groups: Map<string, CallCounts>, range: TimeRange): Observation {
	const { metric, threshold, zone, alarmPer } = rule;
	if (alarmPer === 'all' && groups.size === 0) groups.set('', new CallCounts());
	const countsOf = (group: string) => groups.get(group) ?? new CallCounts();
	const readingOf = (group: string) => readCounts(rule, group, countsOf(group));
	const readings = [...groups.keys()].map(readingOf).sort(worstFirst(rule));
	const { noun, unit } = metricOf(metric);
	const currency = unit === 'amount' && readings[0] && countsOf(readings[0].group).costs[0]?.currency;
	const [from, to] = [range.fromS, range.toS].map((seconds) =>
		DateTime.fromSeconds(seconds, { zone }).toISO({ suppressMilliseconds: true }),
	);
	return {
		readings,
		noun: [noun, rule.codes.join(', ')].join(' ').trim(),
		unitText: unit === 'share' ? '%' : currency ? ` ${currency}` : '',
		readingOf,
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

function readCounts(rule: CallsRule, group: string, counts: CallCounts): Reading {
	const metric = metricOf(rule.metric);
	const value = valueOf(metric, counts);
	const shareOf = metric.shareOf?.(counts);
	const hasTooFewCalls = shareOf !== undefined && shareOf[1] < rule.minimumCalls;
	const verdict = hasTooFewCalls ? undefined : verdictOn(rule, value);
	const isPart = value?.isPart ?? true;
	const details = metric.explain(counts, '');
	return {
		group,
		value,
		number: value && !isCostUnknown(counts) ? roundValue(rule, value) : null,
		text: valueText(metric, counts),
		details: details[0].toLowerCase() + details.slice(1),
		calls: counts.calls,
		verdict,
		isKnown: verdict === 'raised' || (!isPart && !hasTooFewCalls),
		hasTooFewCalls,
	};
}

function detailsOf(rule: CallsRule, counts: CallCounts, { toS }: TimeRange): string[] {
	const { metric, windowMinutes, ignoreLastMinutes, minimumCalls, zone } = rule;
	const { explain, unit } = metricOf(metric);
	const minutes = windowMinutes === 1 ? 'minute' : `${windowMinutes} minutes`;
	const period = ignoreLastMinutes > 0 ? `${minutes} until ${timeText(toS, zone)}` : `last ${minutes}`;
	const details = [explain(counts, ` that ended in the ${period}`)];
	const { failures, topFailures } = totalsOf([counts]);
	if (failures > 0) details.push(`Reasons: ${topFailures}`);
	if (unit === 'share' && counts.calls < minimumCalls) {
		details.push(`With fewer than ${minimumCalls} calls, no alarm is raised or cleared`);
	}
	return details;
}

function worstFirst({ condition }: CallsRule): (a: Reading, b: Reading) => number {
	const direction = condition === 'above' ? -1 : 1;
	return (a, b) => {
		const order = a.value && b.value ? direction * compareFractions(a.value.exact, b.value.exact) : 0;
		const isKnownFirst = Number(b.value !== undefined) - Number(a.value !== undefined);
		return isKnownFirst || order || b.calls - a.calls || compareText(a.group, b.group);
	};
}
