import fc from 'fast-check';
import type { RecordPage, TimeSpan, WantedPage, WireRecord } from '../../../../nodes/Itniotech/api/types';
import { verdictOnList, type ListFacts } from '../../../../nodes/Itniotech/records/scan/verdict';
import { DAY_S, FROM, ask, row, run } from '../../support/modelApi';

/** Answers from a list of rows, newest first, in which an id may occur twice at different times. */
function listOfRows(rows: WireRecord[]) {
	const source = {
		requests: 0,
		width: () => 5,
		now: () => (FROM + DAY_S) * 1000,
		async fetchPage({ strTime, endTime }: TimeSpan, { current, size }: WantedPage): Promise<RecordPage> {
			source.requests++;
			const [fromMs, toMs] = [Date.parse(strTime), Date.parse(endTime)];
			const isWithin = ({ submitTime }: WireRecord) => {
				const ms = Date.parse(String(submitTime));
				return ms >= fromMs && ms <= toMs;
			};
			const listed = rows.filter(isWithin);
			const page = listed.slice((current - 1) * size, current * size);
			return {
				records: page.filter(({ voiceId }) => voiceId !== ''),
				rowsWithoutId: page.filter(({ voiceId }) => voiceId === ''),
				total: listed.length,
				size,
			};
		},
	};
	return source;
}

/** How many pages an answer promises, which may be shorter than asked; at most seven, as not all of more are asked for. */
function pagesOf({ records, rowsWithoutId = [], total = 1, pages = 1 }: RecordPage): number {
	const rows = Math.max(1, records.length + rowsWithoutId.length);
	return Math.max(1, Math.min(7, Math.max(pages, Math.ceil(total / rows))));
}

describe('the requests are in proportion to the list for', () => {
	test.each([
		['a second', 0, 1],
		['an hour', 3600, 1],
		['31 days', 31 * DAY_S - 2, 1],
		['58 days', 58 * DAY_S, 2],
	])(
		'an answer that repeats its only call on every page, for a range of %s',
		async (_case, lengthS, windows) => {
			let requests = 0;
			const source = {
				width: () => 5,
				now: () => FROM * 1000,
				async fetchPage(): Promise<RecordPage> {
					requests++;
					return { records: [{ voiceId: '0' }], total: 2 };
				},
			};
			const range = { fromS: FROM - lengthS, toS: FROM };
			expect(await run(source, ask({ range, nowS: FROM }))).toMatchObject({ ids: ['0'], thrown: undefined });
			expect(requests).toBeLessThanOrEqual(3 * windows + 20);
		},
	);

	test('an answer that is the same on every page, with and without IDs, whatever it counts', async () => {
		const records = fc.array(fc.record({ voiceId: fc.constantFrom('0', '1', '2') }), { maxLength: 3 });
		const rowsWithoutId = fc.array(fc.record({ submitTime: fc.constantFrom('', 'then') }), { maxLength: 3 });
		const count = fc.option(fc.constantFrom(0, 1, 2, 7, 1000, 2 ** 53, 2 ** 60), { nil: undefined });
		const page = fc.record({ records, rowsWithoutId, total: count, pages: count, size: count });
		const lengths = fc.constantFrom(0, 1, 3600, 31 * DAY_S - 2);
		await fc.assert(
			fc.asyncProperty(page, lengths, fc.integer({ min: 1, max: 100 }), async (answer, lengthS, pageSize) => {
				let requests = 0;
				const source = {
					width: () => 5,
					now: () => FROM * 1000,
					fetchPage: async (): Promise<RecordPage> => {
						// Ends what would go on for ever.
						if (++requests > 500) throw new Error('too many requests');
						return answer;
					},
				};
				const range = { fromS: FROM - lengthS, toS: FROM };
				await run(source, ask({ range, nowS: FROM, pageSize, incompleteLists: 'continue' }));
				expect(requests).toBeLessThanOrEqual(3 * pagesOf(answer) + 20);
			}),
			{ numRuns: 300 },
		);
	});

	/** Reads calls at equal distances, newest first, of which one is listed again in the place of another. */
	async function readListedTwice(
		count: number,
		{ pageSize, places, lengthS }: { pageSize: number; places: [number, number]; lengthS: number },
	): Promise<void> {
		const rows = Array.from({ length: count }, (_, index) =>
			row(index, FROM - Math.floor((index * lengthS) / count)),
		);
		const [first, second] = places.map((place) => Math.min(count - 1, Math.floor(place * count)));
		rows[second] = { ...rows[second], voiceId: rows[first].voiceId };
		const source = listOfRows(rows as WireRecord[]);
		const range = { fromS: FROM - lengthS, toS: FROM };
		const { ids, thrown } = await run(source, ask({ range, nowS: FROM + 1, pageSize }));
		expect(thrown).toBeUndefined();
		expect(ids.sort()).toEqual([...new Set(rows.map(({ voiceId }) => voiceId))].sort());
		expect(source.requests).toBeLessThanOrEqual(3 * Math.ceil(count / pageSize) + 20);
	}

	test('a list in which a call is listed twice, wherever', async () => {
		const share = fc.double({ min: 0, max: 1, noNaN: true });
		const list = fc.record({
			pageSize: fc.integer({ min: 2, max: 100 }),
			places: fc.tuple(share, share),
			lengthS: fc.constantFrom(1, 60, 3600, 30 * DAY_S),
		});
		await fc.assert(fc.asyncProperty(fc.integer({ min: 2, max: 2000 }), list, readListedTwice), {
			numRuns: 60,
		});
	});

	test.each([
		[430, 44],
		[1000, 20],
		[2000, 10],
		[2000, 40],
	])(
		'a list of %d calls of one second, which both halves hold, in pages of %d',
		async (count, pageSize) => await readListedTwice(count, { pageSize, places: [0.1024, 0], lengthS: 1 }),
	);

	test('a list that repeats a call and has a row without an ID, which is told wherever it is', async () => {
		const list = fc.record({
			count: fc.integer({ min: 100, max: 1000 }),
			pageSize: fc.integer({ min: 5, max: 40 }),
			place: fc.nat(),
			lengthS: fc.constantFrom(1, 3600),
		});
		await fc.assert(
			fc.asyncProperty(list, async ({ count, pageSize, place, lengthS }) => {
				const rows = Array.from({ length: count }, (_, index) =>
					row(index, FROM - Math.floor((index * lengthS) / count)),
				);
				rows[count - 1].voiceId = rows[0].voiceId;
				rows[1 + (place % (count - 2))].voiceId = '';
				const range = { fromS: FROM - lengthS, toS: FROM };
				const query = ask({ range, nowS: FROM + 1, pageSize, incompleteLists: 'continue' });
				const { ids, differences } = await run(listOfRows(rows as WireRecord[]), query);
				expect(ids).toHaveLength(count - 2);
				expect(differences).not.toEqual([]);
				// The call that is listed twice may be taken for one that is missing, but no other.
				for (const { counted, received, withoutId } of differences)
					expect([withoutId, counted - received <= 1]).toEqual([1, true]);
			}),
			{ numRuns: 60, examples: [[{ count: 100, pageSize: 5, place: 0, lengthS: 1 }]] },
		);
	});
});

const FACTS: ListFacts = {
	isComplete: false,
	isOvertaken: false,
	isCutShort: false,
	isGrowing: false,
	hasAllRows: false,
	isStable: false,
	isHalfOfStable: false,
	isLastPass: false,
	canHalve: true,
	isAffordable: true,
	isTooLongHalf: false,
	isShort: false,
};

test.each<[string, Partial<ListFacts>, string]>([
	['all that is counted was received', { isComplete: true }, 'complete'],
	['that, but the two months went by', { isComplete: true, isOvertaken: true }, 'cutOff'],
	['rows are missing', {}, 'readAgain'],
	['rows are missing, the same each time', { isStable: true }, 'incomplete'],
	['rows are missing in the last pass', { isLastPass: true }, 'incomplete'],
	['the list grows', { isGrowing: true }, 'halve'],
	['the list grows in two seconds', { isGrowing: true, canHalve: false }, 'readAgain'],
	['the API refuses the rest', { isCutShort: true }, 'halve'],
	['it refuses the rest of a second', { isCutShort: true, canHalve: false, isLastPass: true }, 'incomplete'],
	['it refuses what is short and not counted', { isCutShort: true, canHalve: false, isLastPass: true, isShort: true }, 'complete'], // prettier-ignore
	['rows repeat', { hasAllRows: true }, 'readAgain'],
	['rows repeat, the same each time', { hasAllRows: true, isStable: true }, 'halve'],
	['rows repeat in a half of such a list', { hasAllRows: true, isHalfOfStable: true }, 'halve'],
	['the same, and more is out of proportion', { hasAllRows: true, isHalfOfStable: true, isAffordable: false }, 'complete'], // prettier-ignore
	['rows repeat, the same each time, in a long list', { hasAllRows: true, isStable: true, isAffordable: false }, 'complete'], // prettier-ignore
	[
		'a half of it begins with a page of many, and more is out of proportion',
		{ isTooLongHalf: true },
		'complete',
	],
	[
		'rows change places up to the last pass',
		{ hasAllRows: true, isLastPass: true, isAffordable: false },
		'halve',
	],
	[
		'rows change places within a second',
		{ hasAllRows: true, isLastPass: true, canHalve: false },
		'incomplete',
	],
])('the verdict on a list follows from what is known: %s', (_case, facts, verdict) => {
	expect(verdictOnList({ ...FACTS, ...facts })).toBe(verdict);
});
