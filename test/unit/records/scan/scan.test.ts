import { OperationalError } from 'n8n-workflow';
import type { RecordPage, WantedPage } from '../../../../nodes/Itniotech/api/types';
import { DAY_S, FROM, ModelApi, ask, row, rowsWithin, run } from '../../support/modelApi';

/**
 * A source with scripted answers: passes over the window are separated by bars, pages by blanks. Each page is the letters
 * of its ids and the total, if there is one. The last pass repeats forever.
 */
function play(script: string) {
	const passes = script.split(' | ').map((pass) => pass.split(' '));
	const source = {
		passes: 0,
		sizes: [] as number[],
		width: () => 5,
		now: () => FROM * 1000,
		async fetchPage(_window: unknown, { current, size }: WantedPage): Promise<RecordPage> {
			if (current === 1) source.sizes[source.passes++] = size;
			const page = passes[Math.min(source.passes, passes.length) - 1][current - 1] ?? '';
			const [, ids, total] = /^([a-z]*)(\d*)$/.exec(page) ?? [];
			return { records: [...ids].map((id) => row(id, FROM + 5)), total: total ? Number(total) : undefined };
		},
	};
	return source;
}

describe('a scan', () => {
	test.each([
		['the page size', {}, 100],
		['the limit, when that is less', { limit: 5 }, 5],
		['the page size, when a filter may drop rows', { limit: 5, isWanted: () => true }, 100],
	])('requests as many rows per page as %s', async (_case, changes, size) => {
		const api = new ModelApi(rowsWithin(3));
		await run(api, ask(changes));
		expect(api.requests).toMatchObject([{ current: 1, size }]);
	});

	test('does not read forever if the service counts more each time', async () => {
		let requests = 0;
		const source = {
			width: () => 5,
			now: () => FROM * 1000,
			async fetchPage(): Promise<RecordPage> {
				if (++requests > 2000) throw new Error('reads forever');
				return { records: [row('a', FROM), row(`b${requests % 3}`, FROM)], total: requests * 10 };
			},
		};
		const { thrown } = await run(source, ask({ range: { fromS: FROM, toS: FROM + 30 * DAY_S } }));
		expect(thrown).toBeInstanceOf(OperationalError);
	});

	test('reads the newest window first', async () => {
		const range = { fromS: FROM, toS: FROM + 40 * DAY_S };
		const api = new ModelApi([row('old', FROM), row('new', range.toS)], { order: 'oldestFirst' });
		expect(await run(api, ask({ range, limit: 1 }))).toMatchObject({ ids: ['new'], thrown: undefined });
		expect(api.requests.length).toBe(1);
	});

	test.each([
		['leaves repeated rows out', 'ab3 bc3', 'abc', 1],
		['reads again after rows changed places', 'ab4 bd4 | abc4 d4', 'abcd', 2],
		['continues as long as each pass brings more', 'ab4 | ac4 | bd4', 'abcd', 3],
		['uses the highest count, as responses overtake one another', 'ab5 cf6 e5 | abc6 def6', 'abcdef', 3],
		['uses the count from before a row went away', 'ab4 d3 | bc3 d3', 'abcd', 3],
		['finds no hole where a page holds a row twice that is counted twice', 'aab3', 'ab', 1],
		['does not go by a count lower than the rows', 'ab1 cd1 e1', 'abcde', 1],
		['reads on behind a full last page', 'ab2 cd2 ef2', 'abcdef', 1],
	])('%s', async (_case, script, ids, passes) => {
		const source = play(script);
		const result = await run(source, ask({ pageSize: 2 }));
		expect(result.thrown).toBeUndefined();
		expect(result.ids.sort().join('')).toBe(ids);
		expect(source.passes).toBe(passes);
	});

	test('leaves repeated rows out of an uncounted list', async () => {
		const { ids } = await run(play('aab bc'), ask());
		expect(ids).toEqual(['a', 'b', 'c']);
	});

	test('does not end an uncounted list with a row that was pushed onto the next page', async () => {
		const { ids, thrown } = await run(
			play('b b c d | a b c d'),
			ask({ pageSize: 1, maxConcurrentRequests: 1 }),
		);
		if (thrown === undefined) expect(ids).toEqual(expect.arrayContaining(['b', 'c', 'd']));
	});

	test.each([
		['fewer rows than it counts', 'ab3 3', 'counts 3 call records but lists 2, the same each time'],
		['fewer rows, some of them twice', 'aab4', 'counts 4 call records but lists 3, the same each time'],
		['no rows although it counts some', '3', 'counts 3 call records but lists 0, the same each time'],
		[
			'one more row a pass, for too many passes',
			'a7 | b7 | c7 | d7 | e7 | f7',
			'counts 7 call records but listed only 5',
		],
		[
			'other rows each time, but no new ones',
			'ab4 | a4 | b4 | a4 | b4',
			'counts 4 call records but listed only 2',
		],
	])('throws when the API lists %s', async (_case, script, difference) => {
		const source = play(script);
		const { thrown } = await run(source, ask());
		expect(thrown).toBeInstanceOf(OperationalError);
		expect(thrown).toMatchObject({
			message: `ITNIO TECH ${difference}`,
			description: expect.stringMatching(
				/No records were output.*"Incomplete Lists" under "Options"/,
			) as string,
		});
		expect(source.passes).toBeGreaterThan(1);
		expect(source.passes).toBeLessThanOrEqual(5);
	});

	test.each([
		['the same each time', 'ab3 3', 'ab', { counted: 3, received: 2, isStable: true }],
		['different each time', 'a7 | b7 | c7 | d7 | e7', 'abcde', { counted: 7, received: 5, isStable: false }],
	])(
		'yields a list that is %s all the same, and says so, where it may',
		async (_case, script, ids, figures) => {
			const result = await run(play(script), ask({ incompleteLists: 'continue' }));
			expect(result.thrown).toBeUndefined();
			expect(result.ids.join('')).toBe(ids);
			const window = { fromS: FROM - 1, toS: FROM + 3601 };
			expect(result.differences).toEqual([{ ...window, withoutId: 0, ...figures }]);
		},
	);

	test('uses other page borders in each pass, as rows may change places in the same way again', async () => {
		const source = play('a7 | b7 | c7 | d7 | e7');
		await run(source, ask({ pageSize: 50 }));
		expect(source.sizes[0]).toBe(50);
		expect(new Set(source.sizes).size).toBe(source.passes);
		expect(Math.max(...source.sizes)).toBe(50);
	});

	test('throws what the source throws', async () => {
		const refusal = new Error('refused');
		const source = { ...play(''), fetchPage: async () => await Promise.reject<RecordPage>(refusal) };
		expect(await run(source, ask())).toMatchObject({ ids: [], thrown: refusal });
	});

	test('reads ahead twice as many pages as the source sends at a time', async () => {
		const api = new ModelApi(rowsWithin(40));
		api.width = () => 2;
		await run(api, ask({ pageSize: 2, maxConcurrentRequests: 20 }));
		expect(api.maxInFlight).toBe(4);
	});

	test('reads no page ahead that may be past the end, where the source sends one at a time and does not count', async () => {
		const api = new ModelApi(rowsWithin(40), { searchCount: false });
		api.width = () => 1;
		await run(api, ask({ pageSize: 2, maxConcurrentRequests: 20 }));
		expect(api.maxInFlight).toBe(1);
	});
});
