import { DateTime } from 'luxon';

import { listDataset, type WireRecord } from '../simulator/dataset';
import { startSimulator, type Simulator } from '../simulator/simulator';
import { randomSequence } from '../simulator/records';
import { call } from '../support/calls';
import { runs } from '../support/runs';
import { useTestClock } from '../support/testClock';
import type * as TestClocks from '../support/testClock';
import { DAY_MS, HOUR_MS, MINUTE_MS, NOW_MS } from '../support/times';
import { readWorkflow } from './support/engine';
import { runExample } from './support/example';
import { playWeeks, type Weeks } from './support/weeks';

jest.mock('n8n-workflow', () =>
	jest.requireActual<typeof TestClocks>('../support/testClock').n8nOnTestClock(),
);

const ZONE = 'Europe/Berlin';
/** A Monday. Six days later, the clocks go back. */
const START = DateTime.fromISO('2026-10-19', { zone: ZONE });
const CALLS_FROM = START.minus({ weeks: 1 });

const clock = useTestClock(NOW_MS);
let simulator: Simulator;

beforeEach(async () => {
	clock.ms = START.toMillis();
	simulator = await startSimulator({ now: clock.now, dataset: listDataset([]) });
	Object.assign(simulator.behaviour, { listsOngoingCalls: true, log: false });
});
afterEach(async () => await simulator.stop());

interface PlayedCall {
	id: string;
	submitMs: number;
	listedMs: number;
	endMs: number;
	billedMs: number;
	country: string;
	isAnswered: boolean;
	cents: number;
	currency: string;
	/** What is listed of it, by whether it has ended and is billed. */
	records: Record<string, WireRecord>;
}

const dayOf = (ms: number) => DateTime.fromMillis(ms, { zone: ZONE });

/** Calls until some days after `START`; listed up to half an hour late, billed up to a day late. */
function makeCalls(
	days: number,
	planAt: (time: DateTime) => { perHour: number } & Partial<PlayedCall>,
): PlayedCall[] {
	const calls: PlayedCall[] = [];
	const toMs = START.plus({ days }).toMillis();
	for (let ms = CALLS_FROM.toMillis(); ms < toMs; ms += HOUR_MS) {
		const { perHour, ...plan } = planAt(dayOf(ms));
		for (let nth = 0; nth < perHour; nth++) {
			const random = randomSequence(3, calls.length);
			const submitMs = ms + Math.floor(random() * 3600) * 1000;
			const endMs = submitMs + Math.floor(random() * 600) * 1000;
			calls.push({
				id: `26101900000${String(calls.length).padStart(8, '0')}`,
				submitMs,
				endMs,
				listedMs: submitMs + [0, 0, 0, 30 * MINUTE_MS][Math.floor(random() * 4)],
				billedMs: endMs + [0, 0, 0, 0, 20 * MINUTE_MS, DAY_MS][Math.floor(random() * 6)],
				country: ['Chad', 'Mali'][nth % 2],
				isAnswered: random() < 0.8,
				cents: 1 + Math.floor(random() * 300),
				currency: random() < 0.7 ? 'EUR' : 'USD',
				records: {},
				...plan,
			});
		}
	}
	return calls;
}

function recordAt(one: PlayedCall, nowMs: number): WireRecord {
	const [hasEnded, isBilled] = [nowMs >= one.endMs, nowMs >= one.billedMs];
	const ongoing = { hangupTime: undefined, terminationCode: undefined };
	return (one.records[`${hasEnded} ${isBilled}`] ??= call(one.id, one.submitMs - NOW_MS, {
		code: `${one.country}(Mobile)`,
		currency: one.currency,
		cost: isBilled ? (one.cents / 100).toFixed(2) : '',
		...(hasEnded ? { terminationCode: one.isAnswered ? '200' : '486' } : ongoing),
	}));
}

/** Plays the example with the calls. @returns what it sent: when, and the text */
async function play(name: string, calls: PlayedCall[], weeks: Pick<Weeks, 'to' | 'isOff' | 'isOutage'>) {
	const sent: Array<[string, string]> = [];
	const played: DateTime[] = [];
	await playWeeks(readWorkflow(name), {
		from: START,
		simulator,
		clock,
		...weeks,
		before({ time }) {
			const nowMs = time.toMillis();
			const listed = calls.filter(
				({ listedMs, submitMs }) => listedMs <= nowMs && submitMs > nowMs - 9 * DAY_MS,
			);
			simulator.dataset = listDataset(listed.map((one) => recordAt(one, nowMs)));
			return [];
		},
		after({ time }, evaluated) {
			played.push(time);
			for (const { text } of evaluated['Send to Slack'] ?? []) sent.push([time.toISO()!, String(text)]);
		},
	});
	return { sent, played };
}

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);

/** The calls of a range that are listed at a time. Both ends in milliseconds, the first one excluded. */
const within = (calls: PlayedCall[], fromMs: number, toMs: number, nowMs: number) =>
	calls.filter(({ submitMs, listedMs }) => submitMs > fromMs && submitMs <= toMs && listedMs <= nowMs);

/** Down on Tuesday and for most of each night, and without an answer from ITNIO for hours. */
const isOff = ({ weekday, hour }: DateTime) => weekday === 2 || (hour < 6 && hour !== 3);
const isOutage = ({ weekday, hour }: DateTime) => weekday === 3 && hour >= 9 && hour < 13;

describe('Cost spike to Slack', () => {
	const DAYS = runs(21, 4);
	const calls = makeCalls(DAYS, (time) => {
		const isWork = time.weekday <= 6 && time.hour >= 7 && time.hour < 20;
		const isSpike = time > START && (time.hour + time.day) % 5 === 0;
		return { perHour: isWork ? (isSpike ? 30 : 10) : 0, ...(time.hour === 8 && { currency: 'EUR' }) };
	});

	function expectedAt(time: DateTime): string[] {
		const nowMs = time.toMillis();
		const before = time.minus({ weeks: 1 });
		const now = within(calls, nowMs - HOUR_MS, nowMs, nowMs);
		const earlier = within(calls, before.minus({ hours: 1 }).toMillis(), before.toMillis(), nowMs);
		const isBilled = ({ billedMs }: PlayedCall) => billedMs <= nowMs;
		const isOpen = ({ endMs }: PlayedCall) => endMs > nowMs;
		const missing = now.filter((one) => isOpen(one) || (one.isAnswered && !isBilled(one))).length;
		const soFar = missing > 0 ? ` so far (calls that have not ended or have no cost yet: ${missing})` : '';
		return ['EUR', 'USD'].flatMap((currency) => {
			const of = (list: PlayedCall[]) => list.filter((one) => one.currency === currency);
			const cents = sum(
				of(now)
					.filter(isBilled)
					.map((one) => one.cents),
			);
			const centsBefore = sum(of(earlier).map((one) => one.cents));
			if (of(now).length === 0 || !of(earlier).every(isBilled)) return [];
			if (cents <= 1000 || 2 * cents <= 3 * centsBefore) return [];
			const amount = (value: number) => `${(value / 100).toFixed(2)} ${currency}`;
			return [
				`Cost of the calls in the last hour: ${amount(cents)}${soFar}, in the same hour a week earlier: ${amount(centsBefore)}`,
			];
		});
	}

	it(`sends one message for each currency and hour that cost much more, through ${DAYS} days`, async () => {
		const to = START.plus({ days: DAYS });
		const { sent, played } = await play('cost-spike-to-slack', calls, { to, isOff, isOutage });
		const expected = played.flatMap((time) => expectedAt(time).map((text) => [time.toISO(), text]));
		expect(sent.length).toBeGreaterThan(5);
		expect(sent.length).toBeLessThan(played.length);
		expect(sent.some(([, text]) => text.includes('so far'))).toBe(true);
		expect(sent.sort()).toEqual(expected.sort());
	});
});

describe('Answer rate by country', () => {
	const DAYS = runs(28, 8);
	const calls = makeCalls(DAYS, (time) => {
		const { weekday, hour, day } = time;
		if (weekday === 7) return { perHour: 0 };
		const isBad = time > START && day % 3 === 0;
		// Few calls on some mornings.
		const perHour = hour >= 8 && hour < 18 ? (day % 4 === 1 ? 3 : 12) : 1;
		return { perHour, ...(isBad && hour % 3 > 0 && { isAnswered: hour % 3 === 1 }) };
	});

	function expectedAt(time: DateTime): string[] {
		const nowMs = time.toMillis();
		const figuresOf = (end: DateTime, country: string) => {
			const fromMs = end.startOf('day').toMillis() - 1;
			const all = within(calls, fromMs, end.toMillis(), nowMs).filter((one) => one.country === country);
			const ended = all.filter(({ endMs }) => endMs <= nowMs);
			return {
				calls: all.length,
				ended: ended.length,
				answered: ended.filter((one) => one.isAnswered).length,
			};
		};
		return ['Chad', 'Mali'].flatMap((country) => {
			const [now, before] = [time, time.minus({ weeks: 1 })].map((end) => figuresOf(end, country));
			if (now.calls < 20 || before.calls < 20 || !now.ended || !before.ended) return [];
			const isMuchLower =
				10 * (before.answered * now.ended - now.answered * before.ended) >= before.ended * now.ended;
			if (!isMuchLower) return [];
			const percent = ({ answered, ended }: typeof now) => `${((answered / ended) * 100).toFixed(2)}%`;
			return [
				`${country}: ${percent(now)} of ${now.ended} calls that were answered or failed today, ${percent(before)} at the same time a week earlier. Failures: 486 Busy Here: ${now.ended - now.answered}`,
			];
		});
	}

	it(`sends one message for each country and run in which fewer calls are answered, through ${DAYS} days`, async () => {
		const to = START.plus({ days: DAYS });
		const { sent, played } = await play('answer-rate-by-country', calls, { to, isOff, isOutage });
		expect(new Set(played.map(({ hour }) => hour))).toEqual(new Set([12, 17]));
		const expected = played.flatMap((time) => expectedAt(time).map((text) => [time.toISO(), text]));
		expect(sent.length).toBeGreaterThan(4);
		expect(sent.sort()).toEqual(expected.sort());
	});
});

describe('Lost alerts to Slack', () => {
	const DAYS = runs(28, 8);
	const calls = makeCalls(DAYS, ({ weekday, hour }) => ({
		perHour: weekday === 7 ? 0 : hour === 9 ? 60 : 1,
		...(hour === 9 && { isAnswered: hour === 9 && weekday % 2 === 0 }),
	}));

	it(`posts the failed calls of 24 hours whenever an execution is lost, through ${DAYS} days`, async () => {
		const workflow = readWorkflow('lost-alerts-to-slack');
		const url = 'https://n8n.example.com/7';
		let [whole, cut, none] = [0, 0, 0];
		for (let hours = 9; hours < DAYS * 24; hours += 17) {
			const time = START.plus({ hours });
			clock.ms = time.toMillis();
			const listed = calls.filter(({ listedMs }) => listedMs <= clock.ms);
			simulator.dataset = listDataset(listed.map((one) => recordAt(one, clock.ms)));
			// n8n reports a failed poll without an execution.
			const isPoll = hours % 5 === 0;
			const input = isPoll
				? [{ trigger: { error: { message: 'ITNIO' } } }]
				: [{ execution: { id: '7', url } }];
			const { evaluated } = await runExample(workflow, { url: simulator.url, timezone: ZONE, input });
			const failed = within(listed, clock.ms - DAY_MS, clock.ms, clock.ms)
				.filter(({ endMs, isAnswered }) => endMs <= clock.ms && !isAnswered)
				.sort((a, b) => b.submitMs - a.submitMs);
			const texts = evaluated['Send to Slack']?.map(({ text }) => String(text)) ?? [];
			if (isPoll || failed.length === 0) {
				none++;
				expect(texts).toEqual([]);
				continue;
			}
			expect(texts).toHaveLength(1);
			const [head, ...lines] = texts[0].split('\n');
			expect(head).toContain(
				`(${url}). Failed calls of the last 24 hours: ${failed.length}, the newest first:`,
			);
			const rest =
				failed.length > 50 ? [`and ${failed.length - 50} more: run Query Voice Records to see them`] : [];
			expect(lines.splice(50)).toEqual(rest);
			const timesOf = (list: PlayedCall[]) =>
				list.map(({ submitMs }) => dayOf(submitMs).toFormat('MM-dd HH:mm'));
			expect(lines.map((line) => /, (\d\d-\d\d \d\d:\d\d) \(ID /.exec(line)?.[1])).toEqual(
				timesOf(failed.slice(0, 50)),
			);
			const ids = lines.map((line) => /\(ID (\d+)\)$/.exec(line)?.[1]);
			expect(new Set(ids).size).toBe(lines.length);
			const newest = failed
				.filter(({ submitMs }) => submitMs > (failed[50]?.submitMs ?? 0))
				.map(({ id }) => id);
			expect(newest.filter((id) => !ids.includes(id))).toEqual([]);
			if (rest.length > 0) cut++;
			else whole++;
		}
		expect(Math.min(whole, cut, none)).toBeGreaterThan(0);
	});
});
