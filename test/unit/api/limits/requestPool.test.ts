import fc from 'fast-check';
import { poolOf } from '../../../../nodes/Itniotech/api/limits/requestPool';
import { Client, secondsAtFixedWidth } from '../../support/poolClient';
import {
	atOnce,
	burst,
	noLimit,
	perSecond,
	queueing,
	rejecting,
	type Limit,
} from '../../support/simulatedServices';
import { SimulatedTime } from '../../support/simulatedTime';

const REQUESTS = 400;
const FIXED_WIDTHS = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20];

/** Its clock can be set back. */
class SettableTime extends SimulatedTime {
	setBackMs = 0;
	override now = () => 10 * 8 * 3_600_000 + this.ms - this.setBackMs;
}

/** Without a limit of the service, five at a time or 100 a second are as much as the pool may ask for. */
async function bestSeconds(limitOf: () => Limit, latencyMs: number): Promise<number> {
	const widths = FIXED_WIDTHS.filter((width) => width <= Math.max(5, latencyMs / 10));
	const seconds = widths.map(async (width) => await secondsAtFixedWidth(limitOf(), width, REQUESTS));
	return Math.min(...(await Promise.all(seconds)));
}

const latency = fc.integer({ min: 40, max: 800 });
const count = fc.integer({ min: 1, max: 25 });

describe('the width', () => {
	test('comes close to the best fixed one where a service takes some requests at once', async () => {
		await fc.assert(
			fc.asyncProperty(count, latency, async (limit, latencyMs) => {
				const client = new Client(atOnce(limit, latencyMs));
				const seconds = (await client.requests(REQUESTS)) / 1000;
				const best = await bestSeconds(() => atOnce(limit, latencyMs), latencyMs);
				expect(best / seconds).toBeGreaterThan(0.7);
				expect(client.service.answers).toBe(REQUESTS);
			}),
			{ numRuns: 30 },
		);
	});

	test.each(
		[20, 50, 150, 400].flatMap((latencyMs) => [1, 3, 10, 20, 30, 50, 80].map((limit) => [limit, latencyMs])),
	)('comes close to the best fixed one at %d per second and %d ms', async (limit, latencyMs) => {
		const client = new Client(perSecond(limit, latencyMs));
		const seconds = (await client.requests(REQUESTS)) / 1000;
		const best = await bestSeconds(() => perSecond(limit, latencyMs), latencyMs);
		expect(best / seconds).toBeGreaterThanOrEqual(0.7);
	});

	test.each([20, 50, 150, 400].flatMap((latencyMs) => [1, 5, 20, 40].map((rate) => [rate, latencyMs])))(
		'comes close to the best fixed one where bursts are allowed, %d per second and %d ms',
		async (rate, latencyMs) => {
			const limitOf = () => burst(20, rate, latencyMs);
			const seconds = (await new Client(limitOf()).requests(REQUESTS)) / 1000;
			expect((await bestSeconds(limitOf, latencyMs)) / seconds).toBeGreaterThanOrEqual(0.7);
		},
	);

	test('does not exceed what a service takes at once for more than a few answers', async () => {
		await fc.assert(
			fc.asyncProperty(count, latency, async (limit, latencyMs) => {
				const client = new Client(atOnce(limit, latencyMs));
				await client.requests(REQUESTS);
				expect(client.service.rejections).toBeLessThanOrEqual(25);
				const late = client.widths.slice(REQUESTS / 2);
				const tooWide = late.filter((width) => width > limit).length;
				expect(tooWide / late.length).toBeLessThan(0.05);
			}),
			{ numRuns: 30 },
		);
	});

	test('does not stay at one where a service takes more', async () => {
		await fc.assert(
			fc.asyncProperty(fc.integer({ min: 3, max: 20 }), latency, async (limit, latencyMs) => {
				const client = new Client(atOnce(limit, latencyMs));
				await client.requests(REQUESTS);
				const late = client.widths.slice(REQUESTS / 2);
				expect(late.filter((width) => width === 1).length / late.length).toBeLessThan(0.05);
			}),
			{ numRuns: 30 },
		);
	});

	test('costs at most 15 rejections in 100 pages, and at most 2.2 times as long, where 8 are taken at once', async () => {
		for (const latencyMs of [20, 50, 100, 200, 400, 800]) {
			const client = new Client(atOnce(8, latencyMs));
			const seconds = (await client.requests(100)) / 1000;
			expect(client.service.rejections).toBeLessThanOrEqual(15);
			expect(seconds).toBeLessThanOrEqual(2.2 * (await secondsAtFixedWidth(atOnce(8, latencyMs), 8, 100)));
		}
	});

	test.each([50, 400])('recovers from five rejections in a row at %d ms', async (latencyMs) => {
		const limitOf = () => rejecting([2, 3, 4, 5, 6], latencyMs);
		const client = new Client(limitOf());
		const seconds = (await client.requests(100)) / 1000;
		expect(seconds).toBeLessThanOrEqual(2 * (await secondsAtFixedWidth(limitOf(), 8, 100)));
		expect(client.pool.throttle.width).toBeGreaterThanOrEqual(5);
	});

	test('halves once for all rejections of requests that were sent before', async () => {
		const client = new Client(rejecting([1, 2, 3, 4, 5], 50));
		await client.requests(5);
		expect(client.widths.slice(0, 5)).toEqual([2, 2, 2, 2, 2]);
	});

	test('does not fall further while nothing but rejections come', async () => {
		const client = new Client(rejecting([1, 2, 3], 50));
		await client.requests(1);
		expect(client.widths).toEqual([2, 2, 2, 2]);
	});

	test('grows to 20 where answers are slow and nothing is rejected', async () => {
		const client = new Client(noLimit(400));
		await client.requests(100);
		expect(client.service.maxInFlight).toBe(20);
	});

	test('grows to 20 again where answers have become slow without any load', async () => {
		let latencyMs = 200;
		const client = new Client({ ...noLimit(0), latencyMs: () => latencyMs });
		await client.requests(100);
		latencyMs = 1000;
		await client.requests(200);
		client.service.maxInFlight = 0;
		await client.requests(REQUESTS);
		expect(client.service.maxInFlight).toBe(20);
	});

	test('does not exceed five where more would ask over a hundred times a second', async () => {
		await fc.assert(
			fc.asyncProperty(fc.integer({ min: 1, max: 800 }), async (latencyMs) => {
				const client = new Client(noLimit(latencyMs));
				await client.requests(REQUESTS);
				expect(client.service.maxInFlight).toBeLessThanOrEqual(Math.max(5, Math.floor(latencyMs / 10)));
			}),
			{ numRuns: 30 },
		);
	});

	test('shrinks again where requests only queue up at the service', async () => {
		await fc.assert(
			fc.asyncProperty(fc.integer({ min: 1, max: 5 }), latency, async (workers, latencyMs) => {
				const client = new Client(queueing(workers, latencyMs));
				await client.requests(REQUESTS);
				const late = client.widths.slice(REQUESTS / 2);
				expect(Math.max(...late)).toBeLessThanOrEqual(12);
			}),
			{ numRuns: 30 },
		);
	});

	test('does not grow by requests that leave slots unused', async () => {
		const client = new Client(noLimit(400));
		for (let nth = 0; nth < 100; nth++) await client.requests(1);
		expect(client.pool.throttle.width).toBe(5);
	});
});

describe('what was learnt', () => {
	test('is shared by all who use the same credential', () => {
		const time = new SimulatedTime();
		expect(poolOf('a', time)).toBe(poolOf('a', time));
		expect(poolOf('a', time)).not.toBe(poolOf('b', time));
	});

	test.each([
		[4, 20],
		[6, 5],
	])('is used again after %d minutes: %d at a time', async (minutes, expected) => {
		const client = new Client(noLimit(400));
		await client.requests(100);
		client.time.ms += minutes * 60_000;
		client.service.maxInFlight = 0;
		await client.requests(5 + (expected === 20 ? 95 : 0));
		expect(client.service.maxInFlight).toBe(expected);
	});

	test('is forgotten, with a pause, when the clock of this server is set back', async () => {
		const client = new Client(rejecting([1, 2, 3, 4, 5], 50));
		client.time.ms = 3_600_000;
		await client.requests(5);
		client.time.ms -= 3_600_000;
		expect(await client.requests(1)).toBe(50);
		expect(client.pool.throttle.width).toBe(5);
	});

	test('is forgotten after some minutes although single requests go on', async () => {
		const client = new Client(rejecting([1, 2, 3, 4, 5], 50));
		await client.requests(5);
		expect(client.pool.throttle.width).toBe(2);
		for (let minute = 0; minute < 6; minute++) {
			client.time.ms += 60_000;
			await client.requests(1);
		}
		expect(client.pool.throttle.width).toBe(5);
	});
});

describe('a pause', () => {
	const retryAfter = async (waits: Array<number | undefined>, concurrent = 5) => {
		const client = new Client(noLimit(50));
		const { time, pool } = client;
		const sentAgainAtMs: number[] = [];
		const reject = async (retryAfterMs?: number) =>
			await pool.run({
				send: async () => await time.sleep(50),
				classify: () => ({ kind: 'rejected', retryAfterMs }),
				signals: [],
				tries: 0,
			});
		await time.run(Promise.all(waits.map(reject)));
		const send = async () => void sentAgainAtMs.push(time.ms);
		const again = async () =>
			await pool.run({ send, classify: () => ({ kind: 'answered' }), signals: [], tries: 0 });
		await time.run(Promise.all(Array.from({ length: concurrent }, again)));
		return sentAgainAtMs;
	};

	test('holds up every request of the account, not only the rejected one', async () => {
		const [first] = await retryAfter([3000]);
		expect(first).toBeGreaterThanOrEqual(3050);
		expect(first).toBeLessThanOrEqual(3150);
	});

	test('is as long as the longest that was asked for, whatever comes after it', async () => {
		const [first] = await retryAfter([1000, 7000, 0, undefined, 2000]);
		expect(first).toBeGreaterThanOrEqual(7050);
		expect(first).toBeLessThanOrEqual(7150);
	});

	test('holds up every request too where the server is down for a while', async () => {
		const { time, pool } = new Client(noLimit(50));
		const turn = { send: async () => time.ms, signals: [], tries: 0 };
		await pool.run({ ...turn, classify: () => ({ kind: 'failed', retryAfterMs: 4000 }) });
		expect(pool.throttle.width).toBe(5);
		expect(pool.throttle.pauseMs).toBe(4000);
		const sentAtMs = await time.run(pool.run({ ...turn, classify: () => ({ kind: 'answered' }) }));
		expect(sentAtMs).toBeGreaterThanOrEqual(4000);
	});

	test('takes a quarter of a second where none was asked for', async () => {
		const [first] = await retryAfter([undefined]);
		expect(first).toBeGreaterThanOrEqual(300);
		expect(first).toBeLessThanOrEqual(400);
	});

	test('ends with half the width, spread over the time of an answer', async () => {
		const [first, second, third] = await retryAfter([3000], 3);
		expect([second - first, third - second]).toEqual([50, 50]);
	});

	test('grows longer while every try is rejected', async () => {
		const client = new Client(rejecting([1, 2, 3, 4], 0));
		await client.requests(1);
		const pauses = client.sentAtMs.slice(1).map((ms, index) => ms - client.sentAtMs[index]);
		[250, 750, 2250, 6750].forEach((ms, index) => {
			expect(pauses[index]).toBeGreaterThanOrEqual(ms);
			expect(pauses[index]).toBeLessThanOrEqual(ms + 100);
		});
	});

	test('lasts no longer when the clock of this server is set back meanwhile', async () => {
		const backMs = fc.constantFrom(1, 100, 60_000, 8 * 3_600_000);
		await fc.assert(
			fc.asyncProperty(fc.array(fc.tuple(fc.nat(300), backMs), { maxLength: 5 }), async (setBacks) => {
				const client = new Client(rejecting([1, 2, 3], 50), new SettableTime());
				const time = client.time as SettableTime;
				const requests = [client.request(), client.request()];
				const work = [
					...requests,
					...setBacks.map(async ([atMs, ms]) => {
						await time.sleep(atMs);
						time.setBackMs += ms;
					}),
				];
				await time.run(Promise.all(work));
				await time.run(client.request());
				// Two pauses, 0.25 and 0.75 s, four answers, and what is left of 0.3 s of small changes.
				expect(time.ms).toBeLessThanOrEqual(2000);
			}),
		);
	});

	test('does not count as an hour of rejections when the clock of this server is set forward meanwhile', async () => {
		const client = new Client(rejecting([1, 2, 3, 4, 5, 6], 50), new SettableTime());
		const time = client.time as SettableTime;
		const setForward = async () => {
			await time.sleep(2000);
			time.setBackMs -= 8 * 3_600_000;
		};
		const silences: number[] = [];
		const watch = async () => {
			for (let nth = 0; nth < 20; nth++) {
				await time.sleep(500);
				silences.push(client.pool.throttle.silentMs);
			}
		};
		await time.run(Promise.all([client.request(), setForward(), watch()]));
		expect(Math.max(...silences.slice(-12))).toBeLessThan(60_000);
		expect(client.service.answers).toBe(1);
	});

	test('can be prolonged while others wait for its end', async () => {
		const { time, pool } = new Client(noLimit(50));
		const send = (ms: number, retryAfterMs?: number) =>
			pool.run({
				send: async () => {
					await time.sleep(ms);
					return time.ms;
				},
				classify: () => ({ kind: retryAfterMs === undefined ? 'answered' : 'rejected', retryAfterMs }),
				signals: [],
				tries: 0,
			});
		const early = send(50, 1000);
		const late = send(500, 5000);
		const waiting = time.sleep(60).then(async () => await send(0));
		await time.run(Promise.all([early, late]));
		expect(await time.run(waiting)).toBeGreaterThanOrEqual(5500);
	});
});

describe('a slot', () => {
	const pending = () => new Promise<never>(() => {});

	test('goes to the request with the most tries first, then to the one that waits longest', async () => {
		const { pool, time } = new Client(noLimit(50));
		const order: string[] = [];
		const run = async (name: string, tries: number) =>
			await pool.run({
				send: async () => {
					order.push(name);
					await time.sleep(50);
				},
				classify: () => ({ kind: 'failed' }),
				signals: [],
				tries,
			});
		const first = ['1', '2', '3', '4', '5'].map(async (name) => await run(name, 0));
		const later = [run('new', 0), run('newer', 0), run('once', 1), run('twice', 2), run('once more', 1)];
		await time.run(Promise.all([...first, ...later]));
		expect(order.slice(5)).toEqual(['twice', 'once', 'once more', 'new', 'newer']);
	});

	test('is free again when a request throws or its wait is aborted', async () => {
		const { pool, time } = new Client(noLimit(50));
		const turn = { classify: () => ({ kind: 'answered' as const }), signals: [], tries: 0 };
		for (let nth = 0; nth < 10; nth++) {
			const failing = pool.run({ ...turn, send: async () => await Promise.reject(new Error('broken')) });
			await expect(time.run(failing)).rejects.toThrow('broken');
		}
		let release = () => {};
		const held = new Promise<void>((resolve) => (release = resolve));
		const holders = Array.from(
			{ length: 5 },
			async () => await pool.run({ ...turn, send: async () => await held }),
		);
		const abort = new AbortController();
		const waiting = pool.run({ ...turn, send: pending, signals: [abort.signal] });
		abort.abort(new Error('cancelled'));
		await expect(waiting).rejects.toThrow('cancelled');
		release();
		await Promise.all(holders);
		await expect(time.run(pool.run({ ...turn, send: async () => 'sent' }))).resolves.toBe('sent');
	});
});
