import { limitText } from '../../../../nodes/Itniotech/api/limits/texts';
import { PageReader } from '../../support/pageReader';
import { SimulatedService, burst, perWindow, sliding, type Limit } from '../../support/simulatedServices';
import { SimulatedTime } from '../../support/simulatedTime';
import { share } from '../../../support/runs';
import { HOUR_MS, MINUTE_MS } from '../../../support/times';

const SECOND_MS = 1000;

interface Quota {
	name: string;
	count: number;
	windowMs: number;
	pages: number;
}

const quota = (count: number, unit: 'second' | 'minute' | 'hour', pages: number): Quota => ({
	name: `${count} per ${unit}`,
	count,
	windowMs: { second: SECOND_MS, minute: MINUTE_MS, hour: HOUR_MS }[unit],
	pages,
});

const QUOTAS = [
	quota(5, 'second', 300),
	quota(1, 'second', 150),
	quota(2, 'second', 150),
	quota(17, 'second', 400),
	quota(60, 'minute', 90),
	quota(60, 'minute', 400),
	quota(30, 'minute', 150),
	quota(97, 'minute', 300),
	quota(600, 'minute', 2000),
	quota(1000, 'hour', 1500),
	quota(1000, 'hour', 3500),
	quota(250, 'hour', 700),
];
const PHASES = [0, 0.1, 0.33, 0.6, 0.9];

const SERVICES: Array<[string, (one: Quota, latencyMs: number) => Limit]> = [
	['in any time', ({ count, windowMs }, latencyMs) => sliding(count, windowMs, latencyMs)],
	...PHASES.map((phase): [string, (one: Quota, latencyMs: number) => Limit] => [
		`by the clock, from ${phase} of a window on`,
		({ count, windowMs }, latencyMs) => perWindow(count, windowMs, latencyMs, phase * windowMs),
	]),
];
const GRID = [5, 50].flatMap((latencyMs) =>
	QUOTAS.flatMap((one) => SERVICES.map(([name, limitOf]) => ({ ...one, service: name, limitOf, latencyMs }))),
);

async function read(limit: Limit, pages: number, retryAfterMs?: (nowMs: number) => number) {
	const time = new SimulatedTime();
	const service = new SimulatedService(time, limit);
	const reader = new PageReader(service, time, retryAfterMs);
	await time.run(reader.read(pages));
	const { pool, longestSilenceMs } = reader;
	return { seconds: time.ms / 1000, ...service, limit: pool.throttle.limit, longestSilenceMs };
}

/** With the first window full at once, and each of the others too. */
const leastSeconds = ({ count, windowMs, pages }: Quota) =>
	(Math.floor((pages - 1) / count) * windowMs) / 1000;

describe.each(share(GRID))('$name $service, $pages pages, $latencyMs ms', (one) => {
	const { count, windowMs, pages, latencyMs, limitOf } = one;

	test('all are read, with few rejections, in time, and what is said of the limit is true', async () => {
		const result = await read(limitOf(one, latencyMs), pages);
		const maxRejections = windowMs < MINUTE_MS ? Math.max(20, pages / 10) : pages === 90 ? 10 : 27;
		expect(result.answers).toBe(pages);
		expect(result.rejections).toBeLessThanOrEqual(maxRejections);
		expect(result.longestSilenceMs).toBeLessThanOrEqual(HOUR_MS + 2 * SECOND_MS);
		expect(result.seconds).toBeLessThanOrEqual(leastSeconds(one) / 0.7 + windowMs / 1000);
		if (!result.limit) return;
		expect(limitText(result.limit)).toMatch(/^ITNIO TECH allows about [\d,]+ requests? per \w+$/);
		const unitMs = { second: SECOND_MS, minute: MINUTE_MS, hour: HOUR_MS }[result.limit.unit];
		const trueCount = (count / windowMs) * unitMs;
		expect(Math.abs(result.limit.count - trueCount) / trueCount).toBeLessThanOrEqual(0.1);
	});
});

describe('far from the service', () => {
	test.each([
		[5, 10, 17],
		[50, 10, 17],
		[100, 15, 22],
		[200, 25, 32],
		[300, 25, 32],
		[400, 25, 32],
	])('%d ms, 60 a minute cost at most %d rejections in 90 pages, %d in 600', async (latencyMs, few, more) => {
		for (const [, limitOf] of SERVICES) {
			for (const [pages, most] of [
				[90, few],
				[600, more],
			]) {
				const { answers, rejections } = await read(limitOf(quota(60, 'minute', pages), latencyMs), pages);
				expect(answers).toBe(pages);
				expect(rejections).toBeLessThanOrEqual(most);
			}
		}
	});

	test.each([
		[50, 1.3],
		[150, 1.7],
		[250, 1.7],
		[350, 1.7],
		[400, 1.3],
	])(
		'%d ms, 5 a second are read in at most %d times the time that the limit asks for',
		async (latencyMs, most) => {
			const one = quota(5, 'second', 400);
			for (const [, limitOf] of SERVICES) {
				const { seconds } = await read(limitOf(one, latencyMs), one.pages);
				expect(seconds / leastSeconds(one)).toBeLessThanOrEqual(most);
			}
		},
	);
});

describe('the limit', () => {
	test.each([
		[60, MINUTE_MS, 90, 'ITNIO TECH allows about 60 requests per minute'],
		[97, MINUTE_MS, 120, 'ITNIO TECH allows about 97 requests per minute'],
		[1000, HOUR_MS, 1500, 'ITNIO TECH allows about 1,000 requests per hour'],
		[1234, HOUR_MS, 1500, 'ITNIO TECH allows about 1,200 requests per hour'],
		[5, SECOND_MS, 100, 'ITNIO TECH allows about 5 requests per second'],
		[1, SECOND_MS, 60, 'ITNIO TECH allows about 1 request per second'],
	])('of %d in %d ms is known after %d pages', async (count, windowMs, pages, expected) => {
		const { limit } = await read(sliding(count, windowMs, 50), pages);
		expect(limit && limitText(limit)).toBe(expected);
	});

	test('is not said where no rejection came, or only of requests at a time', async () => {
		expect((await read(sliding(60, MINUTE_MS, 50), 60)).limit).toBeUndefined();
		expect(
			(await read({ accepts: (_, inFlight) => inFlight <= 3, latencyMs: () => 50 }, 300)).limit,
		).toBeUndefined();
	});

	test.each([30_000, 20_000, 150_000])(
		'by another time than a unit, %d ms, is not called one',
		async (ms) => {
			expect((await read(sliding(30, ms, 50), 100)).limit).toBeUndefined();
		},
	);

	test.each([1, 5])('is found where a bucket of 20 is filled by %d a second', async (rate) => {
		const { seconds, rejections } = await read(burst(20, rate, 50), 200);
		expect(seconds).toBeLessThanOrEqual(180 / rate / 0.7);
		expect(rejections).toBeLessThanOrEqual(40);
	});

	test('is read on at where rejected requests count, too', async () => {
		const limit = sliding(60, MINUTE_MS, 50, { countsRejected: true });
		const { answers, rejections, seconds } = await read(limit, 400);
		expect(answers).toBe(400);
		expect(rejections).toBeLessThanOrEqual(25);
		expect(seconds).toBeLessThanOrEqual(600);
	});

	test.each(SERVICES)('is kept with "Retry-After", %s', async (_, limitOf) => {
		const one = quota(60, 'minute', 400);
		const untilMinute = (nowMs: number) => MINUTE_MS - (nowMs % MINUTE_MS);
		const result = await read(limitOf(one, 50), one.pages, untilMinute);
		expect(result.answers).toBe(one.pages);
		expect(result.rejections).toBeLessThanOrEqual(40);
	});

	test('is not asked for again and again by a "Retry-After" that is too short', async () => {
		const { answers, rejections } = await read(sliding(60, MINUTE_MS, 50), 90, () => SECOND_MS);
		expect(answers).toBe(90);
		expect(rejections).toBeLessThanOrEqual(12);
	});

	test('grows again where the service allows more than before', async () => {
		const few = sliding(10, SECOND_MS, 50);
		const limit: Limit = {
			...few,
			accepts: (nowMs, inFlight) => nowMs > 30_000 || few.accepts(nowMs, inFlight),
		};
		const { seconds } = await read(limit, 1500);
		// 300 in half a minute, and the others at about 100 a second.
		expect(seconds).toBeLessThanOrEqual(55);
	});
});
