/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- for shipped code, not for tests */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { createApi } from '../../nodes/Itniotech/api/endpoints';
import { seededDataset } from '../simulator/dataset';
import type { RequestQuota } from '../simulator/quota';
import { DEMO_CREDENTIAL, startSimulator, type Simulator } from '../simulator/simulator';
import type * as TestClocks from '../support/testClock';
import { runs } from '../support/runs';
import { useTestClock } from '../support/testClock';
import { HOUR_MS, MINUTE_MS, NOW_MS } from '../support/times';
import { createContext, createPollContext, runWorkflow, workflowOf } from './support/engine';
import { hintsOf, queryLast31Days } from './support/summaries';

const PERFORMANCE = readFileSync(join(__dirname, '../../docs/performance.md'), 'utf8');
const PAGE_SIZE = 10;
const PAGES = 90;
const CALLS = PAGES * PAGE_SIZE - 5;

const clock = useTestClock(NOW_MS);

jest.mock('n8n-workflow', () =>
	jest.requireActual<typeof TestClocks>('../support/testClock').n8nOnTestClock(),
);

let simulator: Simulator;
beforeEach(async () => {
	const range = { from: NOW_MS - 30 * 24 * HOUR_MS, to: NOW_MS - HOUR_MS };
	simulator = await startSimulator({
		now: clock.now,
		dataset: seededDataset({ count: CALLS, ...range }),
	});
});
afterEach(async () => await simulator.stop());

const MINUTE_QUOTA: RequestQuota = { count: 60, windowMs: MINUTE_MS, window: 'fixed', rejection: '-15' };

/** Each with another credential, so that nothing is known of its limit. */
let credentials = 0;
const newCredential = () => ({ ...DEMO_CREDENTIAL, baseUrl: `${simulator.url}/${credentials++}` });

const query = async (parameters: object = {}) =>
	await queryLast31Days(newCredential(), { options: { pageSize: PAGE_SIZE }, ...parameters });
/** The ended calls of the last week, read without a limit. */
async function endedIds(): Promise<unknown[]> {
	simulator.behaviour.quota = undefined;
	const [startTime, endTime] = [NOW_MS - 7 * 24 * HOUR_MS, NOW_MS].map((ms) => new Date(ms).toISOString());
	const { items } = await query({ timeRange: 'custom', startTime, endTime, simplify: false });
	const ended = items.filter(({ json }) => json.hangupTime);
	return ended.map(({ json }) => json.voiceId).sort();
}
const rejections = () =>
	simulator.requests.filter(({ status, httpStatus }) => status === '-15' || httpStatus === 429).length;

describe('a limit of requests in a time', () => {
	test.each(
		(['fixed', 'sliding'] as const)
			.flatMap((window) =>
				(['-15', '429'] as const).flatMap((rejection) =>
					[false, true].map((hasRetryAfter) => ({ window, rejection, hasRetryAfter })),
				),
			)
			// A quick run tries each pair of values once.
			.filter((_, nth) => runs(10) >= 10 || [0, 3, 5, 6].includes(nth)),
	)('by the minute ends no run, and a hint names it: %p', async (more) => {
		simulator.behaviour.quota = { ...MINUTE_QUOTA, ...more };
		const result = await query();
		expect(new Set(result.items.map(({ json }) => json.voiceId)).size).toBe(CALLS);
		expect(rejections()).toBeLessThanOrEqual(10);
		expect(clock.ms - NOW_MS).toBeLessThanOrEqual(2 * MINUTE_MS);
		if (!more.hasRetryAfter) {
			expect(hintsOf(result)).toEqual([
				`ITNIO TECH allows about 60 requests per minute. Requests that it rejected as too many: ${rejections()}. Requests from other programs and n8n processes were not counted.`,
			]);
		}
	});

	test.each<[number, number]>([
		[5, 1000],
		[1, 1000],
		[40, HOUR_MS],
	])('of %d in %d ms ends no run either', async (count, windowMs) => {
		simulator.behaviour.quota = { ...MINUTE_QUOTA, count, windowMs };
		const { items, error } = await query();
		expect(error).toBeUndefined();
		expect(items).toHaveLength(CALLS);
		expect(rejections()).toBeLessThanOrEqual(30);
	});

	test('that lets nothing through for an hour ends in a message with the rate, the records in hand and a way out', async () => {
		simulator.behaviour.quota = { ...MINUTE_QUOTA, windowMs: 24 * HOUR_MS };
		const { error } = await query();
		expect(error).toMatchObject({
			message: 'ITNIO TECH has rejected every request for an hour as one too many',
			description: expect.stringMatching(
				/^Try again at another time\. .* ITNIO TECH answered 60 requests of this run within 1 second\. \(status -15: frequent query\)\. Records read before: \d+\. A shorter "Time Range" needs fewer requests\.$/,
			),
		});
		expect(clock.ms - NOW_MS).toBeGreaterThanOrEqual(HOUR_MS);
		expect(clock.ms - NOW_MS).toBeLessThanOrEqual(HOUR_MS + 2 * MINUTE_MS);
		expect(rejections()).toBeLessThanOrEqual(20);
	});

	test('that lets nothing through is tried again at the times that docs/performance.md says', async () => {
		simulator.behaviour.quota = { ...MINUTE_QUOTA, windowMs: 24 * HOUR_MS };
		await query();
		const lastAnsweredMs = simulator.requests.filter(({ status }) => status === '0').at(-1)!.at;
		const secondsOf = (at: number) => (at - lastAnsweredMs) / 1000;
		const tries = [...new Set(simulator.requests.map(({ at }) => secondsOf(at)))].filter((time) => time >= 1);
		const [, seconds, minutes, every] =
			/tries again after (.+?)\s+seconds, (.+?) minutes, and from then on every (\d+) minutes/.exec(
				PERFORMANCE,
			)!;
		const numbersOf = (text: string) => text.match(/\d+/g)!.map(Number);
		const said = [...numbersOf(seconds), ...numbersOf(minutes).map((number) => 60 * number)];
		while (said.length < tries.length) said.push(said.at(-1)! + 60 * Number(every));
		expect(tries.length).toBeGreaterThan(10);
		expect(tries.map((time, nth) => Math.abs(time - said[nth]) <= 2 || [time, said[nth]])).toEqual(
			tries.map(() => true),
		);
	});

	test('that asks for a wait of hours ends the item at once, and the hint does not say how many were sent after it', async () => {
		const ranges = ['yesterday', 'last7Days'].map((timeRange) => ({ timeRange }));
		const parameters = { resource: 'voiceRecord', operation: 'query', timeRange: '={{ $json.timeRange }}' };
		const node = { ...parameters, returnAll: true, options: { pageSize: PAGE_SIZE } };
		const run = async (input: typeof ranges) =>
			await runWorkflow(workflowOf(node, { onError: 'continueRegularOutput' }), {
				credential: newCredential(),
				input,
			});
		await run(ranges.slice(0, 1));
		const count = simulator.requests.length;
		simulator.resetStats();
		const windowMs = 24 * HOUR_MS;
		simulator.behaviour.quota = { ...MINUTE_QUOTA, count, windowMs, rejection: '429', hasRetryAfter: true };
		const result = await run(ranges);
		const failed = result.items.filter(({ json }) => json.error !== undefined);
		expect(failed.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }]);
		expect(hintsOf(result).filter((hint) => hint.includes('as too many'))).toEqual([
			`Requests that ITNIO TECH rejected as too many: ${rejections()}`,
		]);
		expect(clock.ms - NOW_MS).toBeLessThan(MINUTE_MS);
	});

	test('ends a poll within its budget, and the next ones read on', async () => {
		simulator.behaviour.quota = { ...MINUTE_QUOTA, count: 6 };
		const trigger = await createPollContext({
			credential: newCredential(),
			timezone: 'Asia/Singapore',
			parameters: { event: 'callEnded', options: { pageSize: PAGE_SIZE, startFrom: 24 * 7 } },
		});
		const ids: unknown[] = [];
		const failures: unknown[] = [];
		for (let polls = 0; polls < 60; polls++) {
			const startedMs = clock.ms;
			const output = await trigger.poll().catch((error: Error) => void failures.push(error.message));
			expect(clock.ms - startedMs).toBeLessThanOrEqual(45_000);
			ids.push(...(output?.[0].map(({ json }) => json.voiceId) ?? []));
			clock.ms = startedMs + MINUTE_MS;
		}
		expect(failures).toEqual([]);
		expect(ids.length).toBeGreaterThan(150);
		expect(ids.sort()).toEqual(await endedIds());
	});
});

test('requests at a time become fewer where the service rejects them, without a call lost, and a hint says so', async () => {
	// By the clock of the test, an answer takes no time: it comes from near, however busy the machine is.
	Object.assign(simulator.behaviour, { maxInFlight: 3, latencyMs: 20 });
	const result = await query();
	expect(new Set(result.items.map(({ json }) => json.voiceId)).size).toBe(CALLS);
	expect(rejections()).toBeGreaterThan(0);
	expect(rejections()).toBeLessThanOrEqual(15);
	expect(hintsOf(result)).toEqual([
		expect.stringMatching(
			new RegExp(
				`^Read with up to [2-5] requests at a time because ITNIO TECH rejected ${rejections()} as too many$`,
			),
		),
	]);
});

describe('a pause', () => {
	test.each([
		[15, 45],
		[45, 15],
		[5, 6],
		[58, 2],
	])('holds up no trigger for long once the service is back (polls at %d s and %d s)', async (...seconds) => {
		const backAfterMs = 165_000;
		const tooMany = { kind: 'http', httpStatus: 429, headers: { 'Retry-After': '30' } } as const;
		simulator.failNext(...Array.from({ length: 1000 }, () => tooMany));
		const credential = newCredential();
		const triggers = await Promise.all(
			['callFailed', 'balanceLow'].map(
				async (event) =>
					await createPollContext({ credential, parameters: { event, threshold: 10 }, budgetMs: 300_000 }),
			),
		);
		const succeededMs: Array<number | undefined> = [undefined, undefined];
		const polls = seconds.flatMap((second, index) =>
			Array.from({ length: 6 }, (_, minute) => ({ index, atMs: minute * MINUTE_MS + second * 1000 })),
		);
		for (const { index, atMs } of polls.sort((a, b) => a.atMs - b.atMs)) {
			if (atMs >= backAfterMs) simulator.resetStats();
			clock.ms = Math.max(clock.ms, NOW_MS + atMs);
			const [{ status }] = await Promise.allSettled([triggers[index].poll()]);
			if (status === 'fulfilled') succeededMs[index] ??= atMs;
		}
		for (const atMs of succeededMs) {
			expect(atMs).toBeGreaterThan(backAfterMs - MINUTE_MS);
			expect(atMs).toBeLessThanOrEqual(backAfterMs + 2 * MINUTE_MS);
		}
	});

	test('ends at once when the execution is stopped', async () => {
		simulator.behaviour.quota = { ...MINUTE_QUOTA, count: 0 };
		const stop = new AbortController();
		const api = createApi(await createContext(newCredential(), stop.signal), {
			timing: {
				...clock,
				sleep: async (ms, signals) => {
					if (ms > 5000) {
						stop.abort(new Error('stopped'));
						await new Promise(() => {});
					}
					await clock.sleep(ms, signals);
				},
			},
		});
		await expect(api.fetchBalance()).rejects.toThrow('stopped');
		expect(clock.ms - NOW_MS).toBeLessThan(5000);
	});
});
