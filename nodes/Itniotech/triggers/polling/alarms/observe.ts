import { DateTime } from 'luxon';
import { OperationalError, type IDataObject } from 'n8n-workflow';
import { readRange, type PollRun } from '../pollRun';
import { verdictOn, type Verdict } from './alarmState';
import type { Reading } from './alarmText';
import { CallWindow, type CallCounts } from './callWindow';
import { METRICS } from './metrics';
import type { AlarmRule, CallsRule } from './readRule';

/** The present value, and what to say about it. */
export interface Observation {
	verdict: Verdict | undefined;
	reading: Reading;
	/** What follows the first line of the text. */
	details: string[];
	/** What follows the text in an item. */
	fields: IDataObject;
}

/**
 * The figure of the calls that ended within the window, which ends at the service's present.
 * @throws OperationalError when there are more calls than can be read in the time of a poll
 */
export async function observeCalls(run: PollRun<CallsRule>): Promise<Observation> {
	const { settings: rule, time } = run;
	const { metric, minimumCalls, threshold, windowMinutes, zone } = rule;
	const range = { fromS: time.nowS - windowMinutes * 60 + 1, toS: time.nowS };
	const counts = await countCalls(run, range);
	const { calls, failures, topFailures, currency } = counts;
	const { isRate, noun, valueOf, explain } = METRICS[metric];
	const value = valueOf(counts);
	const hasEnoughCalls = calls >= minimumCalls;
	const details = [explain(counts, `that ended in the last ${minutesText(windowMinutes)}`)];
	if (failures > 0) details.push(`Reasons: ${topFailures}`);
	if (!hasEnoughCalls) details.push(`With fewer than ${minimumCalls} calls, the alarm does not change`);
	const [from, to] = [range.fromS, range.toS].map((seconds) =>
		DateTime.fromSeconds(seconds, { zone }).toISO({ suppressMilliseconds: true }),
	);
	return {
		verdict: hasEnoughCalls ? verdictOn(rule, value) : undefined,
		reading: {
			...rule,
			noun: [noun, rule.codes.join(', ')].join(' ').trim(),
			value,
			unit: unitOf(isRate, metric === 'cost' ? currency : ''),
		},
		details,
		fields: { metric, value, threshold, calls, failures, topFailures, from, to },
	};
}

/** @throws OperationalError with a balance that cannot be read */
export async function observeBalance({
	api,
	settings: rule,
	time,
}: PollRun<AlarmRule>): Promise<Observation> {
	const { balance } = await api.fetchBalance();
	time.check();
	return {
		verdict: verdictOn(rule, balance),
		reading: { ...rule, noun: 'the balance', value: balance, unit: '' },
		details: [],
		fields: { balance, threshold: rule.threshold },
	};
}

async function countCalls(
	run: PollRun<CallsRule>,
	range: { fromS: number; toS: number },
): Promise<CallCounts> {
	const { settings: rule, budgetMs } = run;
	const stopMs = Date.now() + budgetMs;
	const window = new CallWindow(range, rule);
	// ITNIO lists a call by its start, which is some time before its end.
	for await (const records of readRange(run, { ...range, fromS: range.fromS - rule.lookbackS })) {
		if (Date.now() > stopMs) throw tooManyCalls(rule, budgetMs);
		for (const record of records) window.add(record);
	}
	return window.counts(rule.metric === 'cost');
}

function tooManyCalls({ windowMinutes }: CallsRule, budgetMs: number): OperationalError {
	const seconds = Math.round(budgetMs / 1000);
	return new OperationalError(
		`The calls of the last ${minutesText(windowMinutes)} could not be read within ${seconds} s`,
		{ description: 'Shorten "Window (Minutes)" or "Look-Back (Minutes)". Until then, no alarm changes.' },
	);
}

function minutesText(minutes: number): string {
	return minutes === 1 ? 'minute' : `${minutes} minutes`;
}

function unitOf(isRate: boolean, currency: string): string {
	if (isRate) return ' %';
	return currency && ` ${currency}`;
}
