import type { RequestLimit } from '../../../../nodes/Itniotech/api/limits/quota';
import { Quotas } from '../../../../nodes/Itniotech/api/limits/quotas';
import { durationText, limitText } from '../../../../nodes/Itniotech/api/limits/texts';
import { share } from '../../../support/runs';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../support/times';
import { PageReader } from '../../support/pageReader';
import { SimulatedService, perWindow, sliding, type Limit } from '../../support/simulatedServices';
import { SimulatedTime } from '../../support/simulatedTime';

const UNIT_MS = { second: 1000, minute: MINUTE_MS, hour: HOUR_MS };
const QUOTAS = [
	...[1, 2, 3, 5, 10, 20].map((count) => ({ count, windowMs: 1000 })),
	...[6, 10, 20, 60, 120].map((count) => ({ count, windowMs: MINUTE_MS })),
	...[60, 360].map((count) => ({ count, windowMs: HOUR_MS })),
	// None of a unit: what is said, if anything, must be true all the same.
	{ count: 7, windowMs: 10_000 },
	{ count: 50, windowMs: 5 * MINUTE_MS },
];
const GRID = QUOTAS.flatMap((quota) =>
	[20, 100, 250, 400].flatMap((latencyMs) =>
		[1, 3].flatMap((runs) =>
			(['any time', 0, 0.3, 0.7] as const).flatMap((phase) =>
				[0, 0.3].map((jitter) => ({ ...quota, latencyMs, runs, phase, jitter })),
			),
		),
	),
);

/** Answers take up to this share more or less; by a fixed seed. */
function withJitter(limit: Limit, jitter: number): Limit {
	let state = 1;
	const random = () => {
		state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
		return state / 2 ** 31;
	};
	return { ...limit, latencyMs: (inFlight) => limit.latencyMs(inFlight) * (1 + jitter * (2 * random() - 1)) };
}

describe('what is said of a limit', () => {
	test.each(share(GRID))(
		'is true at each moment: $count in $windowMs ms ($phase), $runs runs, $latencyMs ms ± $jitter',
		async ({ count, windowMs, latencyMs, runs, phase, jitter }) => {
			const time = new SimulatedTime();
			const limit =
				phase === 'any time'
					? sliding(count, windowMs, latencyMs)
					: perWindow(count, windowMs, latencyMs, phase * windowMs);
			const service = new SimulatedService(time, withJitter(limit, jitter));
			const reader = new PageReader(service, time);
			const pages = Math.min(400, Math.max(60, 3 * count));
			const isTrue = (said: RequestLimit) => {
				const ratio = said.count / UNIT_MS[said.unit] / (count / windowMs);
				return Math.abs(ratio - 1) <= 0.1;
			};
			const untrue = new Set<string>();
			let isDone = false;
			const read = Promise.all(Array.from({ length: runs }, async () => await reader.read(pages)));
			const watch = async () => {
				for (; !isDone; await time.sleep(Math.min(windowMs / 3, 5000))) {
					const { limit: said } = reader.pool.throttle;
					if (said && !isTrue(said)) untrue.add(limitText(said));
				}
			};
			const watching = watch();
			await time.run(read.finally(() => (isDone = true)));
			await time.run(watching);
			expect([...untrue]).toEqual([]);
		},
	);
});

test('starts of requests are stored for hours, not for as long as a trigger polls', () => {
	const quotas = new Quotas();
	for (let ms = 0; ms < 7 * DAY_MS; ms += MINUTE_MS)
		for (let page = 0; page < 5; page++) quotas.add(ms + page);
	expect(JSON.stringify(quotas).match(/\d+/g)!.length).toBeLessThanOrEqual(4 * 60 * 5 + 10);
	expect(JSON.stringify(quotas).match(/\d+/g)!.length).toBeGreaterThanOrEqual(2 * 60 * 5);
});

test('asking when a request may be sent changes nothing', () => {
	const quotas = new Quotas();
	const rejected = { isAlone: true, isWider: false };
	for (let ms = 0; ms < 5; ms++) quotas.add(ms);
	quotas.add(400);
	quotas.observeRejection({ ...rejected, startMs: 400 });
	quotas.add(1100);
	quotas.observeAnswer(1100);
	const before = JSON.stringify(quotas);
	expect(quotas.freeAtMs(1101)).toBeGreaterThan(-Infinity);
	expect(JSON.stringify(quotas)).toBe(before);
	// A quota that holds nothing up is not blocked.
	quotas.block(10_000);
	expect(JSON.stringify(quotas)).toBe(before);
	for (let ms = 1101; ms < 1105; ms++) quotas.add(ms);
	expect(quotas.freeAtMs(1105)).toBeGreaterThan(1105);
	const full = JSON.stringify(quotas);
	quotas.block(1105);
	expect(JSON.stringify(quotas)).not.toBe(full);
});

test.each([
	[0, '1 second'],
	[1, '2 seconds'],
	[119, '119 seconds'],
	[120, '2 minutes'],
	[3500, '59 minutes'],
	[35_999, '600 minutes'],
	[36_000, '10 hours'],
	[86_400, '24 hours'],
	[200_000, '56 hours'],
	[2_275_747_200, '26,340 days'],
])('%d seconds are said as %s', (seconds, text) => {
	expect(durationText(seconds === 1 ? 1001 : seconds * 1000)).toBe(text);
});
