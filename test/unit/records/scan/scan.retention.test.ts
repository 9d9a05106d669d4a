import { DateTime } from 'luxon';
import fc from 'fast-check';
import type { Behaviour } from '../../../simulator/behaviour';
import { wireTime as wireTimeOf } from '../../../simulator/records';
import { NOW_MS, NOW_S } from '../../../support/times';
import { DAY_S, ModelApi, ask, row, run } from '../../support/modelApi';

const wireTime = (seconds: number) => wireTimeOf(seconds * 1000);

/** Where the API's two months begin when reading starts. */
const BORDER_S = DateTime.fromMillis(NOW_MS, { zone: 'UTC+8' }).minus({ months: 2 }).toSeconds();

/** A call each `everyS`, from the border on; each request takes `latencyMs`. */
function movingApi(like: Partial<Behaviour>, { everyS, latencyMs }: { everyS: number; latencyMs: number }) {
	const times = Array.from(
		{ length: Math.floor((NOW_S - BORDER_S) / everyS) },
		(_, nth) => BORDER_S + nth * everyS,
	);
	const api = new ModelApi(
		times.map((seconds) => row(seconds, seconds)),
		like,
		NOW_S,
	);
	let ms = NOW_MS;
	api.now = () => ms;
	api.beforeAnswer = async (request) => {
		if (request > 2000) throw new Error('reads forever');
		ms += latencyMs;
	};
	return { api, inRange: (fromS: number) => times.filter((seconds) => seconds >= fromS).map(String) };
}

const range = { fromS: BORDER_S + 120, toS: NOW_S };
const sorted = (list: string[]) => [...list].sort();
const oneAtATime = { nowS: NOW_S, maxConcurrentRequests: 1 };
const outOfRange = fc.constantFrom<Behaviour['outOfRange']>('-22', '-25', 'empty');
const readings = fc.record({
	order: fc.constantFrom<Behaviour['order']>('newestFirst', 'oldestFirst', 'none'),
	pastTheEnd: fc.constantFrom<Behaviour['pastTheEnd']>('empty', 'error', 'lastPage'),
	searchCount: fc.boolean(),
	outOfRange,
});

describe('a range that begins at the border of two months', () => {
	test('is read whole, although reading takes longer than the border needs to get there', async () => {
		const { api, inRange } = movingApi({}, { everyS: 3600, latencyMs: 2000 });
		const { ids, cutOffS, thrown } = await run(api, ask({ range, ...oneAtATime, pageSize: 10 }));
		expect(thrown).toBeUndefined();
		expect(cutOffS).toBeUndefined();
		expect(sorted(ids)).toEqual(sorted(inRange(range.fromS)));
		expect(api.requests[0].window.strTime).toBe(wireTime(range.fromS - 1));
		expect(api.now() - NOW_MS).toBeGreaterThan(120_000);
	});

	test('is read newest first where a limit ends reading', async () => {
		const { api, inRange } = movingApi({}, { everyS: 3600, latencyMs: 2000 });
		const { ids, thrown } = await run(api, ask({ range, ...oneAtATime, limit: 10 }));
		expect(thrown).toBeUndefined();
		expect(ids).toEqual(inRange(range.fromS).reverse().slice(0, 10));
		expect(api.requests).toHaveLength(1);
	});

	test('is read as far as the API still has it, and never refused, whatever the API is like', async () => {
		await fc.assert(
			fc.asyncProperty(
				readings,
				fc.constantFrom(1800, 3 * 3600, DAY_S),
				fc.constantFrom(100, 5000, 30_000),
				fc.option(fc.constantFrom(10_000), { nil: undefined }),
				async (like, everyS, latencyMs, limit) => {
					const { api, inRange } = movingApi(like, { everyS, latencyMs });
					const { ids, cutOffS = 0, thrown } = await run(api, ask({ range, ...oneAtATime, limit }));
					expect(thrown).toBeUndefined();
					const received = new Set(ids);
					expect(received.size).toBe(ids.length);
					expect(ids.filter((id) => Number(id) < range.fromS)).toEqual([]);
					expect(inRange(Math.max(range.fromS, cutOffS)).filter((id) => !received.has(id))).toEqual([]);
				},
			),
			{ numRuns: 200 },
		);
	});

	test('that has left the API before reading starts yields nothing, and says so', async () => {
		const { api } = movingApi({}, { everyS: 3600, latencyMs: 100 });
		const old = { fromS: BORDER_S - DAY_S, toS: BORDER_S - 3600 };
		const { ids, cutOffS, thrown } = await run(api, ask({ range: old, ...oneAtATime }));
		expect([ids, thrown, api.requests]).toEqual([[], undefined, []]);
		expect(cutOffS).toBe(BORDER_S + 60);
	});

	test('throws what is no matter of the border', async () => {
		const { api } = movingApi({}, { everyS: 3600, latencyMs: 100 });
		const refusal = new Error('refused');
		api.beforeAnswer = async () => await Promise.reject(refusal);
		expect((await run(api, ask({ range, ...oneAtATime }))).thrown).toBe(refusal);
	});
});
