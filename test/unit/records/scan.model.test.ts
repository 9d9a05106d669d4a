import fc from 'fast-check';
import { OperationalError } from 'n8n-workflow';
import type { WireRecord } from '../../../nodes/Itniotech/api/types';
import type { RecordQuery } from '../../../nodes/Itniotech/records/query';
import { DAY_S, FROM, ModelApi, ask, row, rowsWithin, run, type Behaviour } from '../support/modelApi';

const sorted = (ids: string[]) => [...ids].sort();
const small = fc.integer({ min: 1, max: 7 });
const behaviour: fc.Arbitrary<Behaviour> = fc.record({
	order: fc.constantFrom('newest', 'oldest', 'none'),
	filteredBy: fc.constantFrom('submitTime', 'callTime'),
	isStartInside: fc.boolean(),
	isEndInside: fc.boolean(),
	maxSize: small,
	pastTheEnd: fc.constantFrom('empty', 'refused', 'lastPageAgain'),
	isCounted: fc.boolean(),
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
		const isOver = (one: WireRecord) =>
			![one.submitTime, one.callTime].some((time) => secondsOf(time) >= nowS);
		return { range, nowS, rows: [...rows.filter(isOver), ...witnesses] };
	});

const secondsOf = (time: unknown) => Date.parse(String(time)) / 1000;
const inside = (rows: WireRecord[], { fromS, toS }: RecordQuery['range'], field: Behaviour['filteredBy']) =>
	sorted(
		rows
			.filter((one) => secondsOf(one[field]) >= fromS && secondsOf(one[field]) <= toS)
			.map(({ voiceId }) => voiceId),
	);

describe('a scan of a list that does not change', () => {
	test('yields each record of the range once, whatever the API is like', async () => {
		await fc.assert(
			fc.asyncProperty(world, behaviour, small, fc.scheduler(), async (one, like, pageSize, scheduler) => {
				const api = new ModelApi(one.rows, like, one.nowS);
				api.beforeAnswer = async () => await scheduler.schedule(Promise.resolve());
				const { ids, thrown } = await scheduler.waitFor(run(api, ask({ ...one, pageSize })));
				expect(thrown).toBeUndefined();
				expect(sorted(ids)).toEqual(inside(one.rows, one.range, like.filteredBy));
				expect(api.maxInFlight).toBeLessThanOrEqual(3);
			}),
			{ numRuns: 500 },
		);
	});

	test('yields as many records as the limit allows, none twice and none from outside the range', async () => {
		await fc.assert(
			fc.asyncProperty(world, behaviour, small, small, async (one, like, pageSize, limit) => {
				const { ids } = await run(new ModelApi(one.rows, like, one.nowS), ask({ ...one, pageSize, limit }));
				const expected = inside(one.rows, one.range, like.filteredBy);
				expect(ids.length).toBe(Math.min(limit, expected.length));
				expect(new Set(ids).size).toBe(ids.length);
				expect(expected).toEqual(expect.arrayContaining(ids));
			}),
			{ numRuns: 500 },
		);
	});

	test('requests no page that a limit does not need', async () => {
		await fc.assert(
			fc.asyncProperty(fc.nat({ max: 40 }), behaviour, small, small, async (count, like, pageSize, limit) => {
				const api = new ModelApi(rowsWithin(count), { ...like, isCounted: like.isCounted || limit > count });
				await run(api, ask({ pageSize, limit }));
				const rowsPerPage = Math.min(pageSize, limit, like.maxSize);
				expect(api.requests.length).toBe(Math.max(1, Math.ceil(Math.min(limit, count) / rowsPerPage)));
			}),
		);
	});

	test('requests no page that a limit on filtered records does not need', async () => {
		await fc.assert(
			fc.asyncProperty(fc.nat({ max: 40 }), small, small, small, async (count, every, pageSize, limit) => {
				const isWanted = ({ voiceId }: WireRecord) => Number(voiceId) % every === 0;
				const api = new ModelApi(rowsWithin(count), { order: 'oldest' });
				const { ids } = await run(api, ask({ pageSize, limit, isWanted }));
				const wanted = rowsWithin(count).filter(isWanted).slice(0, limit);
				const lastRow = wanted.length === limit ? Number(wanted[limit - 1].voiceId) + 1 : count;
				expect(ids).toEqual(wanted.map(({ voiceId }) => voiceId));
				expect(api.requests.length).toBe(Math.max(1, Math.ceil(lastRow / pageSize)));
			}),
		);
	});
});

describe('a scan of a list that changes', () => {
	/** A late row arrives among the others, or all rows change places. */
	function move(api: ModelApi, place: number, isArrival: boolean) {
		const at = place % (api.rows.length + 1);
		const late = isArrival ? [row(`late ${api.rows.length}`, FROM + at)] : [];
		const [before, after] = [api.rows.slice(0, at), api.rows.slice(at)];
		api.rows = isArrival ? [...before, ...late, ...after] : [...after, ...before];
	}

	test('yields all that was there from the beginning, each once, while late calls keep arriving', async () => {
		const order = fc.constantFrom<Behaviour['order']>('newest', 'oldest');
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
						api.rows = [...api.rows, row(`late ${sent}`, FROM + 900 + (sent % 100))];
					};
					const { ids, thrown } = await run(api, ask({ pageSize: 20, range }));
					expect(thrown).toBeUndefined();
					expect(ids).toEqual(expect.arrayContaining(rowsWithin(count).map(({ voiceId }) => voiceId)));
					expect(new Set(ids).size).toBe(ids.length);
				},
			),
			{ numRuns: 200 },
		);
	});

	test('yields all that was there from the beginning, each once, or throws', async () => {
		const order = fc.constantFrom<Behaviour['order']>('newest', 'oldest', 'none');
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
