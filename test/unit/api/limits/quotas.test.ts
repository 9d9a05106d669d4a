import { share } from '../../../support/runs';
import { HOUR_MS, MINUTE_MS } from '../../../support/times';
import { PageReader } from '../../support/pageReader';
import {
	SimulatedService,
	allOf,
	atOnce,
	sliding,
	perWindow,
	type Limit,
} from '../../support/simulatedServices';
import { SimulatedTime } from '../../support/simulatedTime';

const UNIT_MS = { second: 1000, minute: MINUTE_MS, hour: HOUR_MS };
const LATENCIES = [5, 50, 150, 400];

interface Quota {
	count: number;
	windowMs: number;
}

const perS = (count: number): Quota => ({ count, windowMs: 1000 });
const perMinute = (count: number): Quota => ({ count, windowMs: MINUTE_MS });
const perHour = (count: number): Quota => ({ count, windowMs: HOUR_MS });

const leastSeconds = (quotas: Quota[], pages: number) =>
	Math.max(0, ...quotas.map(({ count, windowMs }) => (Math.floor((pages - 1) / count) * windowMs) / 1000));

/** @returns seconds, and the readers of as many processes */
async function readAtOnce(limit: Limit, pages: number, { runs = 1, processes = 1 } = {}) {
	const time = new SimulatedTime();
	const service = new SimulatedService(time, limit);
	const readers = Array.from({ length: processes }, () => new PageReader(service, time));
	const all = readers.flatMap((reader) => Array.from({ length: runs }, async () => await reader.read(pages)));
	await time.run(Promise.all(all));
	return { seconds: time.ms / 1000, readers, ...service };
}

const TWO_LIMITS = share(
	[
		[perS(10), perMinute(100)],
		[perS(5), perMinute(60)],
		[perS(5), perMinute(100)],
		[perS(2), perMinute(30)],
		[perS(20), perMinute(200)],
		[perS(10), perHour(300)],
		[perMinute(60), perHour(300)],
	].flatMap(([short, long]) =>
		LATENCIES.flatMap((latencyMs) =>
			[1, 2, 3].flatMap((runs) =>
				(['any time', 'clock'] as const).map((window) => ({ short, long, latencyMs, runs, window })),
			),
		),
	),
);

describe('a limit by a short and one by a longer time', () => {
	test.each(TWO_LIMITS)(
		'$short.count in $short.windowMs ms, $long.count in $long.windowMs ms ($window), $runs runs, $latencyMs ms: all pages are read in time, and what is said is true of one of them',
		async ({ short, long, latencyMs, runs, window }) => {
			const limitOf = ({ count, windowMs }: Quota) =>
				window === 'clock' ? perWindow(count, windowMs, latencyMs) : sliding(count, windowMs, latencyMs);
			const { seconds, answers, rejections, readers } = await readAtOnce(
				allOf(limitOf(short), limitOf(long)),
				150,
				{ runs },
			);
			expect(answers).toBe(150 * runs);
			expect(rejections).toBeLessThanOrEqual(50 + latencyMs / 20);
			const least = leastSeconds([short, long], 150 * runs);
			expect(seconds).toBeLessThanOrEqual(least / 0.7 + 65);
			const said = readers[0].pool.throttle.limit;
			if (!said) return;
			const ratios = [short, long].map(
				({ count, windowMs }) => said.count / UNIT_MS[said.unit] / (count / windowMs),
			);
			expect(Math.min(...ratios.map((ratio) => Math.abs(ratio - 1)))).toBeLessThanOrEqual(0.101);
		},
	);

	test('is not cut by what is too much at a time', async () => {
		for (const latencyMs of LATENCIES) {
			for (const runs of [1, 2]) {
				const limit = allOf(atOnce(3, latencyMs), sliding(60, MINUTE_MS, latencyMs));
				const { readers, answers } = await readAtOnce(limit, 90, { runs });
				expect(answers).toBe(90 * runs);
				const said = readers[0].pool.throttle.limit;
				if (said) expect(said).toEqual({ count: expect.closeTo(60, -1), unit: 'minute' });
			}
		}
	});
});

describe('two processes', () => {
	const QUOTAS = [perS(1), perS(5), perMinute(60), perMinute(100)];
	test.each(share(QUOTAS.flatMap((quota) => LATENCIES.map((latencyMs) => ({ ...quota, latencyMs })))))(
		'share $count in $windowMs ms at $latencyMs ms, and what one took is no limit of the other for long',
		async ({ count, windowMs, latencyMs }) => {
			const { seconds, answers } = await readAtOnce(sliding(count, windowMs, latencyMs), 90, {
				processes: 2,
			});
			expect(answers).toBe(180);
			// A process may wait for up to five minutes after all is free again.
			expect(seconds).toBeLessThanOrEqual(2 * leastSeconds([{ count, windowMs }], 180) + 300);
		},
	);
});
