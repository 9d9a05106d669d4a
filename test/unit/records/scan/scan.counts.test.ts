import fc from 'fast-check';
import { recordWithoutId } from '../../../../nodes/Itniotech/records/scan/incompleteList';
import { OperationalError } from 'n8n-workflow';
import type { Behaviour } from '../../../simulator/behaviour';
import { FROM, ModelApi, ask, rowsWithin, run } from '../../support/modelApi';

const ids = (count: number) => rowsWithin(count).map(({ voiceId }) => voiceId);
/** Fails rather than reading forever. */
class BoundedApi extends ModelApi {
	override beforeAnswer = async (request: number) => {
		if (request > 3000) throw new Error('reads forever');
	};
}

const sorted = (list: string[]) => [...list].sort();
const WAY_ON = expect.stringContaining('"Incomplete Lists" under "Options"') as string;

describe('a list whose count cannot be true', () => {
	test.each<[string, number, Partial<Behaviour>]>([
		['is -1', 250, { fixedTotal: -1 }],
		['is text', 250, { fixedTotal: 'many' }],
		['is 0', 250, { fixedTotal: 0 }],
		['is one page', 250, { fixedTotal: 100 }],
		['is one page, as many as the API gives at a time', 250, { fixedTotal: 30, maxSize: 30 }],
		['is less than a page', 250, { fixedTotal: 20 }],
		['is two too low', 250, { totalOff: -2 }],
		['is lower than that by full pages', 300, { totalOff: -200 }],
		['is 0 for no rows, which are null', 0, { emptyRecords: 'null' }],
		['is -1 for no rows, which are null', 0, { emptyRecords: 'null', fixedTotal: -1 }],
		['ends with a full page before a page that is null', 200, { emptyRecords: 'null' }],
	])('as it %s, is read to its end', async (_case, count, like) => {
		for (const pastTheEnd of ['empty', 'error', 'lastPage'] as const) {
			const { ids: received, thrown } = await run(
				new BoundedApi(rowsWithin(count), { ...like, pastTheEnd }),
				ask(),
			);
			expect(thrown).toBeUndefined();
			expect(sorted(received)).toEqual(sorted(ids(count)));
		}
	});

	test('as it is one too high each time, is refused, or yielded and told', async () => {
		const like = { totalOff: 1 };
		const { thrown } = await run(new BoundedApi(rowsWithin(150), like), ask());
		expect(thrown).toBeInstanceOf(OperationalError);
		const message = 'ITNIO TECH counts 151 call records but lists 150, the same each time';
		expect(thrown).toMatchObject({ message, description: WAY_ON });

		const api = new BoundedApi(rowsWithin(150), like);
		const result = await run(api, ask({ incompleteLists: 'continue' }));
		expect(sorted(result.ids)).toEqual(sorted(ids(150)));
		expect(result.differences).toEqual([
			{ fromS: FROM - 1, toS: FROM + 3601, counted: 151, received: 150, withoutId: 0, isStable: true },
		]);
		expect(api.requests.map(({ current, size }) => [current, size])).toEqual([
			[1, 100],
			[2, 100],
			[1, 99],
			[2, 99],
		]);
	});

	test('as it is too high within one minute only, differs there only', async () => {
		const like = { totalOff: 1, totalOffAtMs: (FROM + 60) * 1000 };
		const query = (fromS: number) => ask({ range: { fromS, toS: fromS + 50 } });
		expect((await run(new BoundedApi(rowsWithin(150), like), query(FROM + 20))).thrown).toBeDefined();
		expect((await run(new BoundedApi(rowsWithin(150), like), query(FROM + 80))).thrown).toBeUndefined();
	});
});

describe('a list that the API refuses to read to its end', () => {
	test('is read in parts although its count is one page', async () => {
		const api = new BoundedApi(rowsWithin(300), { totalOff: -280, deepestRow: 90 });
		const { ids: received, thrown } = await run(api, ask({ pageSize: 20 }));
		expect(thrown).toBeUndefined();
		expect(sorted(received)).toEqual(sorted(ids(300)));
	});

	test.each([true, false])('is read in parts, counted: %p', async (searchCount) => {
		const api = new BoundedApi(rowsWithin(3000), { searchCount, deepestRow: 1000 });
		const { ids: received, thrown } = await run(api, ask({ range: { fromS: FROM, toS: FROM + 4000 } }));
		expect(thrown).toBeUndefined();
		expect(sorted(received)).toEqual(sorted(ids(3000)));
	});

	test.each([true, false])('is refused where it has no parts, counted: %p', async (searchCount) => {
		const rows = rowsWithin(500).map((one) => ({ ...one, ...rowsWithin(1)[0], voiceId: one.voiceId }));
		const like = { searchCount, deepestRow: 200 };
		const { thrown } = await run(new BoundedApi(rows, like), ask());
		expect(thrown).toBeInstanceOf(OperationalError);
		expect(String(thrown)).toMatch(
			searchCount ? /counts 500 .* listed only 297$/ : /refuses to list more than 297 /,
		);

		const result = await run(new BoundedApi(rows, like), ask({ incompleteLists: 'continue' }));
		expect(result.ids).toHaveLength(297);
		expect(result.differences[0]).toMatchObject({ counted: searchCount ? 500 : 0, received: 297 });
	});

	test('is complete where a page past its end is refused, whatever the size of a page', async () => {
		for (const pageSize of [1, 2, 50, 100]) {
			const api = new BoundedApi(rowsWithin(100), { searchCount: false, pastTheEnd: 'error' });
			const { ids: received, thrown } = await run(api, ask({ pageSize }));
			expect(thrown).toBeUndefined();
			expect(received).toHaveLength(100);
			expect(api.requests.length).toBeLessThan(1000 / pageSize + 40);
		}
	});
});

describe('a row without an ID', () => {
	const like: Partial<Behaviour> = { withoutId: ['1', '2'] };

	test('is refused with its time', async () => {
		const { ids: received, thrown } = await run(new BoundedApi(rowsWithin(3), like), ask());
		expect(received).toEqual([]);
		expect(thrown).toBeInstanceOf(OperationalError);
		expect(thrown).toMatchObject({
			message: 'ITNIO TECH listed a call record without an ID, submitted at 2026-03-01T08:00:03+08:00',
			description: WAY_ON,
		});
	});

	test.each(['x'.repeat(5000), 'yesterday', `2026-03-01T${'0'.repeat(5000)}Z`, '', null, { at: 1 }])(
		'is refused without what is not a time (case %#)',
		(submitTime) => {
			expect(recordWithoutId({ submitTime }, true).message).toBe(
				'ITNIO TECH listed a call record without an ID',
			);
		},
	);

	test.each([undefined, 1])('is left out and told, each of them, with the limit %p', async (limit) => {
		const order = limit ? 'oldestFirst' : 'newestFirst';
		const query = ask({ incompleteLists: 'continue', limit, isWanted: () => true });
		const result = await run(new BoundedApi(rowsWithin(4), { ...like, order }), query);
		expect(sorted(result.ids)).toEqual(limit ? ['0'] : ['0', '3']);
		expect(result.differences).toMatchObject([{ counted: 4, received: 4, withoutId: 2 }]);
	});
});

/** At least 2: behind the count, a page with one row that was listed before is the end. */
const small = fc.integer({ min: 2, max: 12 });
const some = fc.array(fc.nat({ max: 60 }).map(String), { maxLength: 5 });
const oneOf = <T>(...values: T[]) => fc.constantFrom(...values);
/** Everything that a list may do to its reader. */
const readings: fc.Arbitrary<Partial<Behaviour>> = fc
	.record(
		{
			order: oneOf<Behaviour['order']>('newestFirst', 'oldestFirst', 'none'),
			pastTheEnd: oneOf<Behaviour['pastTheEnd']>('empty', 'error', 'lastPage'),
			maxSize: small,
			searchCount: fc.boolean(),
			totalOff: fc.integer({ min: -30, max: 3 }),
			totalOffAtMs: fc.integer({ min: 0, max: 60 }).map((second) => (FROM + second) * 1000),
			fixedTotal: oneOf<number | string>(-1, 0, 1, 12, 50, 'many', ''),
			emptyRecords: oneOf<Behaviour['emptyRecords']>('list', 'null'),
			deepestRow: fc.integer({ min: 15, max: 60 }),
			duplicateRows: fc.boolean(),
			listedTwice: some,
			withoutId: some,
		},
		{ requiredKeys: [] },
	)
	// A refusal right behind the last row of the count cannot be told from the end of the list.
	.map(({ deepestRow = Infinity, ...like }) => {
		const mayCountTooFew = (like.totalOff ?? 0) < 0 || like.fixedTotal !== undefined;
		return { ...like, deepestRow: mayCountTooFew ? Infinity : deepestRow };
	});

/** Rows are counted on the first page, but null comes instead of them. */
const isUnexpected = (thrown: unknown, { emptyRecords }: Partial<Behaviour>) =>
	emptyRecords === 'null' && String(thrown) === 'Error: unexpected response';

describe('a scan of a list that does not change, whatever its counts, pages and rows are like', () => {
	const count = fc.nat({ max: 60 });
	const limits = fc.option(fc.integer({ min: 1, max: 70 }), { nil: undefined });

	test('yields each record once, or throws', async () => {
		await fc.assert(
			fc.asyncProperty(count, readings, small, limits, async (rows, like, pageSize, limit) => {
				const api = new BoundedApi(rowsWithin(rows), like);
				const { ids: received, thrown } = await run(api, ask({ pageSize, limit }));
				if (thrown !== undefined && !isUnexpected(thrown, like))
					expect(thrown).toBeInstanceOf(OperationalError);
				const expected = thrown === undefined ? Math.min(rows, limit ?? Infinity) : received.length;
				expect(received).toHaveLength(expected);
				expect(new Set(received).size).toBe(received.length);
				expect(ids(rows)).toEqual(expect.arrayContaining(received));
			}),
			{ numRuns: 300 },
		);
	});

	test('yields each record once, and says so where one may be missing', async () => {
		await fc.assert(
			fc.asyncProperty(count, readings, small, limits, async (rows, like, pageSize, limit) => {
				const api = new BoundedApi(rowsWithin(rows), like);
				const query = ask({ pageSize, limit, incompleteLists: 'continue' });
				const { ids: received, differences, thrown } = await run(api, query);
				if (!isUnexpected(thrown, like)) expect(thrown).toBeUndefined();
				expect(new Set(received).size).toBe(received.length);
				if (differences.length === 0 && thrown === undefined)
					expect(received).toHaveLength(Math.min(rows, limit ?? Infinity));
			}),
			{ numRuns: 300 },
		);
	});

	test('does not throw for calls that are listed twice', async () => {
		await fc.assert(
			fc.asyncProperty(
				count,
				some,
				small,
				readings,
				async (rows, listedTwice, pageSize, { order = 'none' }) => {
					const api = new BoundedApi(rowsWithin(rows), { order, listedTwice });
					const { ids: received, thrown } = await run(api, ask({ pageSize }));
					expect(thrown).toBeUndefined();
					expect(sorted(received)).toEqual(sorted(ids(rows)));
				},
			),
			{ numRuns: 300 },
		);
	});
});
