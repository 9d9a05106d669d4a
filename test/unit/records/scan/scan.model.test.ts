import fc from 'fast-check';
import { OperationalError } from 'n8n-workflow';
import type { RecordQuery } from '../../../../nodes/Itniotech/records/query/query';
import type { Behaviour, EndsInclusive } from '../../../simulator/behaviour';
import { DAY_S, FROM, ModelApi, ask, row, rowsWithin, run, type Row } from '../../support/modelApi';

const sorted = (ids: string[]) => [...ids].sort();
const small = fc.integer({ min: 1, max: 7 });
/** The readings of the API's documentation that the scan meets, each of which may be the true one. */
type Readings = Pick<
	Behaviour,
	'order' | 'rangeFilter' | 'endsInclusive' | 'maxSize' | 'pastTheEnd' | 'searchCount'
>;
const readings: fc.Arbitrary<Readings> = fc.record({
	order: fc.constantFrom('newestFirst', 'oldestFirst', 'none'),
	rangeFilter: fc.constantFrom('submitTime', 'callTime'),
	endsInclusive: fc.constantFrom<Array<EndsInclusive>>(true, false, 'start', 'end'),
	maxSize: small,
	pastTheEnd: fc.constantFrom('empty', 'error', 'lastPage'),
	searchCount: fc.boolean(),
});

/** Each is listed by only one of the two times, so they show which one the API filters by. */
const witnesses = [row('called', FROM - 1000, FROM), row('submitted', FROM, FROM - 1000)];

/** A range, and rows within, around and on the borders of its windows. */
const world = fc
	.record({
		lengthS: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 30 * DAY_S, max: 62 * DAY_S })),
		nowAfterS: fc.integer({ min: 0, max: 3 }),
		seeds: fc.array(fc.tuple(fc.nat(), fc.integer({ min: -3, max: 3 }), fc.integer({ min: -3, max: 3 })), {
			maxLength: 30,
		}),
	})
	.map(({ lengthS, nowAfterS, seeds }) => {
		const range = { fromS: FROM, toS: FROM + lengthS };
		const nowS = range.toS + nowAfterS;
		const borders = [FROM, range.toS, range.toS - 31 * DAY_S, FROM + Math.floor(lengthS / 2)];
		const rows = seeds.map(([pick, near, wait], index) => {
			const submitS = borders[pick % borders.length] + near;
			return row(index, submitS, wait === 3 ? null : submitS + wait);
		});
		const isOver = (one: Row) => ![one.submitTime, one.callTime].some((time) => secondsOf(time) >= nowS);
		return { range, nowS, rows: [...rows.filter(isOver), ...witnesses] };
	});

const secondsOf = (time: unknown) => Date.parse(String(time)) / 1000;
/** A call that was not placed yet is listed by its submit time. */
const listedS = (one: Row, field: Readings['rangeFilter']) => secondsOf(one[field] ?? one.submitTime);
const inside = (rows: Row[], { fromS, toS }: RecordQuery['range'], field: Readings['rangeFilter']) =>
	sorted(
		rows
			.filter((one) => listedS(one, field) >= fromS && listedS(one, field) <= toS)
			.map(({ voiceId }) => voiceId),
	);

/** Pages that hold the rows, and one more where the limit is not reached and the last page is full. */
function pagesRead({ count, limit, rowsPerPage }: Record<'count' | 'limit' | 'rowsPerPage', number>): number {
	if (limit <= count) return Math.ceil(limit / rowsPerPage);
	return Math.floor(count / rowsPerPage) + 1;
}

describe('a scan of a list that does not change', () => {
	test('yields each record of the range once, whatever the API is like', async () => {
		await fc.assert(
			fc.asyncProperty(world, readings, small, fc.scheduler(), async (one, like, pageSize, scheduler) => {
				const api = new ModelApi(one.rows, like, one.nowS);
				api.beforeAnswer = async () => await scheduler.schedule(Promise.resolve());
				const { ids, thrown } = await scheduler.waitFor(run(api, ask({ ...one, pageSize })));
				expect(thrown).toBeUndefined();
				expect(sorted(ids)).toEqual(inside(one.rows, one.range, like.rangeFilter));
				expect(api.maxInFlight).toBeLessThanOrEqual(3);
			}),
			{ numRuns: 500 },
		);
	});

	test('yields as many records as the limit allows, none twice and none from outside the range', async () => {
		await fc.assert(
			fc.asyncProperty(world, readings, small, small, async (one, like, pageSize, limit) => {
				const { ids } = await run(new ModelApi(one.rows, like, one.nowS), ask({ ...one, pageSize, limit }));
				const expected = inside(one.rows, one.range, like.rangeFilter);
				expect(ids.length).toBe(Math.min(limit, expected.length));
				expect(new Set(ids).size).toBe(ids.length);
				expect(expected).toEqual(expect.arrayContaining(ids));
			}),
			{ numRuns: 500 },
		);
	});

	test('requests no page that a limit does not need', async () => {
		await fc.assert(
			fc.asyncProperty(fc.nat({ max: 40 }), readings, small, small, async (count, like, pageSize, limit) => {
				const api = new ModelApi(rowsWithin(count), {
					...like,
					searchCount: like.searchCount || limit > count,
				});
				await run(api, ask({ pageSize, limit }));
				const rowsPerPage = Math.min(pageSize, limit, like.maxSize);
				expect(api.requests.length).toBe(pagesRead({ count, limit, rowsPerPage }));
			}),
		);
	});

	test('requests no page that a limit on filtered records does not need', async () => {
		await fc.assert(
			fc.asyncProperty(fc.nat({ max: 40 }), small, small, small, async (count, every, pageSize, limit) => {
				const isWanted = ({ voiceId }: { voiceId: string }) => Number(voiceId) % every === 0;
				const api = new ModelApi(rowsWithin(count), { order: 'oldestFirst' });
				const { ids } = await run(api, ask({ pageSize, limit, isWanted }));
				const wanted = rowsWithin(count).filter(isWanted).slice(0, limit);
				const rowsNeeded = wanted.length === limit ? Number(wanted[limit - 1].voiceId) + 1 : Infinity;
				expect(ids).toEqual(wanted.map(({ voiceId }) => voiceId));
				expect(api.requests.length).toBe(pagesRead({ count, limit: rowsNeeded, rowsPerPage: pageSize }));
			}),
		);
	});
});

describe('a scan of a list that changes', () => {
	/** A late row arrives among the others, or all rows change places. */
	function move(api: ModelApi, place: number, isArrival: boolean) {
		if (isArrival) api.dataset.add(row(`late ${api.requests.length}`, FROM + (place % 20)));
		else api.shuffles += 1 + (place % 5);
	}

	test('yields all that was there from the beginning, each once, while late calls keep arriving', async () => {
		const order = fc.constantFrom<Behaviour['order']>('newestFirst', 'oldestFirst');
		const every = fc.integer({ min: 3, max: 40 });
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 100, max: 600 }),
				every,
				order,
				async (count, requests, rowOrder) => {
					const api = new ModelApi(rowsWithin(count), { order: rowOrder });
					const range = { fromS: FROM, toS: FROM + 1000 };
					let sent = 0;
					api.beforeAnswer = async () => {
						if (++sent % requests > 0) return;
						api.dataset.add(row(`late ${sent}`, FROM + 900 + (sent % 100)));
					};
					const { ids, thrown } = await run(api, ask({ pageSize: 20, range }));
					expect(thrown).toBeUndefined();
					const given = new Set(ids);
					expect(rowsWithin(count).filter(({ voiceId }) => !given.has(voiceId))).toEqual([]);
					expect(given.size).toBe(ids.length);
				},
			),
			{ numRuns: 200 },
		);
	});

	test('yields all that was there from the beginning, each once, or throws', async () => {
		const order = fc.constantFrom<Behaviour['order']>('newestFirst', 'oldestFirst', 'none');
		const moves = fc.array(
			fc.record({ at: fc.integer({ min: 2, max: 9 }), place: fc.nat(), isArrival: fc.boolean() }),
			{ maxLength: 6 },
		);
		await fc.assert(
			fc.asyncProperty(
				fc.nat({ max: 12 }),
				moves,
				order,
				small,
				fc.scheduler(),
				async (count, plan, ...others) => {
					const [rowOrder, pageSize, scheduler] = others;
					const api = new ModelApi(rowsWithin(count), { order: rowOrder });
					api.beforeAnswer = async (request) => {
						await scheduler.schedule(Promise.resolve());
						for (const { at, place, isArrival } of plan) if (at === request) move(api, place, isArrival);
					};
					const { ids, thrown } = await scheduler.waitFor(run(api, ask({ pageSize })));
					const expected = thrown === undefined ? rowsWithin(count).map(({ voiceId }) => voiceId) : [];
					expect(ids).toEqual(expect.arrayContaining(expected));
					expect(new Set(ids).size).toBe(ids.length);
					if (thrown !== undefined) expect(thrown).toBeInstanceOf(OperationalError);
				},
			),
			{ numRuns: 1000 },
		);
	});
});
