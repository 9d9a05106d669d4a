import fc from 'fast-check';
import type { RecordPage, WireRecord } from '../../../../nodes/Itniotech/api/types';
import { scan } from '../../../../nodes/Itniotech/records/scan/scan';
import type { RecordSource } from '../../../../nodes/Itniotech/records/scan/windowScanner';
import {
	MAX_SHARED_RECORDS,
	ReadAgainError,
	SharedScan,
	type SharedQuery,
} from '../../../../nodes/Itniotech/records/scan/sharedScan';
import type { Behaviour } from '../../../simulator/behaviour';
import { DAY_S, FROM, ModelApi, ask, row } from '../../support/modelApi';

const wanted =
	(every: number) =>
	({ voiceId }: WireRecord) =>
		Number(voiceId) % every === 0;

/** A list of one or two windows. */
const world = fc.record({
	count: fc.nat({ max: 40 }),
	range: fc.constantFrom({ fromS: FROM, toS: FROM + 3600 }, { fromS: FROM, toS: FROM + 40 * DAY_S }),
});
const like: fc.Arbitrary<Partial<Behaviour>> = fc.record({
	order: fc.constantFrom('newestFirst', 'oldestFirst'),
	pastTheEnd: fc.constantFrom('empty', 'error', 'lastPage'),
	searchCount: fc.boolean(),
});
const readers = (hasLimit: boolean) =>
	fc.array(
		fc.record({
			isWanted: fc.option(fc.integer({ min: 1, max: 5 }).map(wanted), { nil: undefined }),
			limit: hasLimit ? fc.integer({ min: 1, max: 50 }) : fc.constant(undefined),
		}),
		{ minLength: 1, maxLength: 6 },
	);
const groups = fc.boolean().chain(readers);
const pageSizes = fc.integer({ min: 1, max: 9 });

type Asked = Pick<SharedQuery, 'isWanted' | 'limit' | 'range' | 'pageSize'>;

async function readAll(batches: AsyncGenerator<WireRecord[]>): Promise<string[] | Error> {
	const ids: string[] = [];
	try {
		for await (const records of batches) ids.push(...records.map(({ voiceId }) => voiceId));
		return ids;
	} catch (error) {
		return error as Error;
	}
}

async function together(source: RecordSource, queries: Asked[], isOutput = true) {
	const shared = new SharedScan(source);
	// The last one asks first.
	const all = [...queries.entries()]
		.reverse()
		.map(async ([place, query]) => await readAll(shared.read({ ...ask(query), place, isOutput })));
	await shared.run();
	return (await Promise.all(all)).reverse();
}

const rowsOf = ({ count, range }: { count: number; range: { fromS: number; toS: number } }) =>
	Array.from({ length: count }, (_, index) =>
		row(index, FROM + 1 + Math.floor((index * (range.toS - FROM - 2)) / Math.max(1, count))),
	);

/** How many requests ask for each window. */
function requestsByWindow({ requests }: ModelApi): Map<string, number> {
	const counts = new Map<string, number>();
	for (const { window } of requests) {
		const key = `${window.strTime} ${window.endTime}`;
		counts.set(key, (counts.get(key) ?? 0) + 1);
	}
	return counts;
}

test('each reader gets what it would get alone, and no more of a window is requested than by the one that needs most of it', async () => {
	await fc.assert(
		fc.asyncProperty(world, like, groups, pageSizes, async (one, behaviour, asked, pageSize) => {
			const queries = asked.map((query) => ({ ...query, pageSize, range: one.range }));
			const api = new ModelApi(rowsOf(one), behaviour);
			const ids = await together(api, queries);
			const alone = [];
			for (const query of queries) {
				const own = new ModelApi(rowsOf(one), behaviour);
				alone.push({ ids: await readAll(scan(own, ask(query))), requests: requestsByWindow(own) });
			}
			expect(ids).toEqual(alone.map((reading) => reading.ids));
			for (const [window, requests] of requestsByWindow(api)) {
				const most = Math.max(...alone.map((reading) => reading.requests.get(window) ?? 0));
				expect(requests).toBeLessThanOrEqual(most);
			}
		}),
		{ numRuns: 500 },
	);
});

test('where a request fails, the first reader that still reads gets the error, and the others begin again', async () => {
	await fc.assert(
		fc.asyncProperty(
			world,
			groups,
			pageSizes,
			fc.integer({ min: 1, max: 9 }),
			async (one, asked, pageSize, at) => {
				const queries = asked.map((query) => ({ ...query, pageSize, range: one.range }));
				const api = new ModelApi(rowsOf(one));
				const failure = new Error('lost');
				api.beforeAnswer = async (request) => {
					if (request === at) throw failure;
				};
				const results = await together(api, queries);
				const complete = await together(new ModelApi(rowsOf(one)), queries);
				const failed = results.flatMap((result, place) => (Array.isArray(result) ? [] : [place]));
				expect(failed.map((place) => results[place])).toEqual(
					failed.map((_, index) => (index === 0 ? failure : expect.any(ReadAgainError))),
				);
				const others = results.flatMap((result, place) =>
					Array.isArray(result) ? [[result, complete[place]]] : [],
				);
				for (const [result, expected] of others) expect(result).toEqual(expected);
			},
		),
		{ numRuns: 300 },
	);
});

test('a reader that leaves between two batches does not hold up the others', async () => {
	const shared = new SharedScan(new ModelApi(rowsOf({ count: 20, range: ask().range })));
	const [leaving, staying] = [0, 1].map((place) =>
		shared.read({ ...ask({ pageSize: 5 }), place, isOutput: true }),
	);
	const all = readAll(staying);
	const first = leaving.next();
	const reading = shared.run();
	expect((await first).value).toHaveLength(5);
	await leaving.return(undefined);
	expect(await all).toHaveLength(20);
	await reading;
});

describe('readers that hold records', () => {
	const PAGES = Math.ceil((1.5 * MAX_SHARED_RECORDS) / 300);
	/** Pages of 100 records, of which nobody sees all at a time. */
	const source: RecordSource = {
		now: () => FROM * 1000,
		width: () => 1,
		fetchPage: async (_, { current }): Promise<RecordPage> => ({
			records: Array.from({ length: current > PAGES ? 0 : 100 }, (_row, index) => ({
				voiceId: `${current} ${index}`,
			})),
			total: PAGES * 100,
			pages: PAGES,
		}),
	};
	const everything = { pageSize: 100, range: { fromS: FROM, toS: FROM + 3600 } };
	const nothing = { ...everything, isWanted: () => false };
	const countsOf = async (queries: Asked[], isOutput: boolean) =>
		(await together(source, queries, isOutput)).map((result) =>
			result instanceof ReadAgainError ? 'again' : Array.isArray(result) ? result.length : result,
		);

	test('begin again, the last ones, before all of them together hold too many', async () => {
		expect(await countsOf([everything, nothing, everything, everything], false)).toEqual([
			PAGES * 100,
			0,
			PAGES * 100,
			'again',
		]);
	});

	test('go on where the records are their output', async () => {
		expect(await countsOf([everything, everything, everything], true)).toEqual(Array(3).fill(PAGES * 100));
	});
});
