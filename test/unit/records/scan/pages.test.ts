import fc from 'fast-check';
import { sleep } from 'n8n-workflow';
import type { RecordPage } from '../../../../nodes/Itniotech/api/types';
import { readPages, type FetchPage, type Pace } from '../../../../nodes/Itniotech/records/scan/pages';

/** Page number `n` holds the one record `n`; requested pages are noted. */
function createSource(answer: (current: number) => RecordPage | Error, schedule = async () => {}) {
	const source = { requests: [] as number[], inFlight: 0, maxInFlight: 0, isAborted: false };
	const fetchPage: FetchPage = async (current, signal) => {
		if (current === 1) signal.addEventListener('abort', () => (source.isAborted = true));
		source.requests.push(current);
		source.maxInFlight = Math.max(source.maxInFlight, ++source.inFlight);
		await schedule();
		source.inFlight--;
		const page = answer(current);
		if (page instanceof Error) throw page;
		return page;
	};
	return Object.assign(source, { fetchPage });
}

const rowsOf = (count: number, voiceId: number) =>
	Array.from({ length: count }, () => ({ voiceId: `${voiceId}` }));
/** Two rows a page, one on the last. */
const counted = (pages: number) => (current: number) => ({
	records: rowsOf(current < pages ? 2 : 1, current),
	total: 2 * pages - 1,
	pages,
});
const uncounted = (pages: number) => (current: number) => ({
	records: rowsOf(current > pages ? 0 : 1, current),
});
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

const paceOf = (width: () => number, ahead = width): Pace => ({
	get maxInFlight() {
		return width();
	},
	maxAhead: ahead,
});

/** Numbers of the pages that were yielded, up to `wanted` of them or the first failure. */
async function read(fetchPage: FetchPage, width: () => number, wanted = Infinity) {
	const pages: number[] = [];
	let thrown: unknown;
	try {
		for await (const { records } of readPages(fetchPage, 100, paceOf(width))) {
			pages.push(Number(records[0]?.voiceId));
			if (pages.length >= wanted) break;
		}
	} catch (error) {
		thrown = error;
	}
	return { pages, thrown };
}

const pageCount = fc.integer({ min: 1, max: 12 });
const widths = fc.integer({ min: 1, max: 5 });

describe('pages', () => {
	test.each<[string, RecordPage, number]>([
		['by `pages` and `total` alike', { records: rowsOf(25, 1), total: 60, pages: 3 }, 3],
		['by `total` when `pages` is missing', { records: rowsOf(25, 1), total: 60 }, 3],
		['by `total` when `pages` is 0', { records: rowsOf(25, 1), total: 60, pages: 0 }, 3],
		['by the rows that a clamped page holds', { records: rowsOf(10, 1), total: 60, pages: 1 }, 6],
		['by `pages` when that is more', { records: rowsOf(25, 1), total: 60, pages: 4 }, 4],
		['only the first when it is not full', { records: rowsOf(25, 1), total: 25, pages: 1 }, 1],
		['one more when the first is full', { records: rowsOf(100, 1), total: 100, pages: 1 }, 2],
		[
			'one more when the first is full, as the service says',
			{ records: rowsOf(25, 1), total: 25, size: 25 },
			2,
		],
		['only the first when it is empty', { records: [], total: 0, pages: 0 }, 1],
		['only the first when it is empty and nothing is counted', { records: [] }, 1],
	])('are counted %s', async (_case, first, expected) => {
		const { fetchPage, requests } = createSource((current) =>
			current === 1 ? first : { records: rowsOf(1, current) },
		);
		await read(fetchPage, () => 3);
		expect(requests).toEqual(upTo(expected));
	});

	test('do not end with an empty one among the counted', async () => {
		const { fetchPage, requests } = createSource((current) =>
			current === 2 ? { ...counted(3)(2), records: [] } : counted(3)(current),
		);
		expect((await read(fetchPage, () => 1)).thrown).toBeUndefined();
		expect(requests).toEqual([1, 2, 3]);
	});

	test('come in order, each counted one fetched once, no more in flight than the width', async () => {
		await fc.assert(
			fc.asyncProperty(pageCount, widths, fc.scheduler(), async (count, width, scheduler) => {
				const source = createSource(counted(count), async () => await scheduler.schedule(Promise.resolve()));
				const { pages, thrown } = await scheduler.waitFor(read(source.fetchPage, () => width));
				expect(thrown).toBeUndefined();
				expect(pages).toEqual(upTo(count));
				expect(source.requests).toEqual(upTo(count));
				expect(source.maxInFlight).toBeLessThanOrEqual(width);
			}),
		);
	});

	test('are read several at a time, fewer as soon as the width narrows', async () => {
		const source = createSource(counted(9));
		const readAhead: number[] = [];
		let width = 4;
		for await (const { records } of readPages(
			source.fetchPage,
			100,
			paceOf(() => width),
		)) {
			readAhead.push(source.requests.length - Number(records[0].voiceId));
			if (records[0].voiceId === '2') width = 1;
		}
		expect(readAhead).toEqual([0, 3, 2, 1, 0, 0, 0, 0, 0]);
	});

	test('do not wait for a late one, up to as many as may wait for their turn', async () => {
		let release = () => {};
		const late = new Promise<void>((resolve) => (release = resolve));
		const source = createSource(counted(20));
		const fetchPage: FetchPage = async (current, signal) => {
			const page = source.fetchPage(current, signal);
			if (current === 2) await late;
			return await page;
		};
		const pages = readPages(
			fetchPage,
			100,
			paceOf(
				() => 3,
				() => 6,
			),
		);
		await pages.next();
		const second = pages.next();
		await sleep(1);
		expect(source.requests).toEqual(upTo(7));
		release();
		expect((await second).value?.records[0].voiceId).toBe('2');
	});

	test('are not requested while the reader works on one, as it may need no more', async () => {
		const source = createSource(counted(20));
		let ahead = 3;
		const pages = readPages(
			source.fetchPage,
			100,
			paceOf(
				() => 3,
				() => ahead,
			),
		);
		await pages.next();
		await pages.next();
		const requests = source.requests.length;
		await sleep(1);
		expect(source.requests).toHaveLength(requests);
		ahead = 1;
		await pages.next();
		expect(source.requests).toHaveLength(requests);
	});

	test('are no longer requested after one of them failed', async () => {
		const answer = (current: number) => (current === 3 ? new Error('refused') : counted(20)(current));
		const source = createSource(answer);
		let release = () => {};
		const late = new Promise<void>((resolve) => (release = resolve));
		const fetchPage: FetchPage = async (current, signal) => {
			const page = source.fetchPage(current, signal);
			if (current === 2) await late;
			return await page;
		};
		const reading = (async () => {
			for await (const page of readPages(
				fetchPage,
				100,
				paceOf(
					() => 2,
					() => 10,
				),
			))
				void page;
		})();
		await sleep(1);
		release();
		await expect(reading).rejects.toThrow('refused');
		expect(source.requests).toEqual([1, 2, 3]);
	});

	test('end with the first empty one if nothing is counted', async () => {
		await fc.assert(
			fc.asyncProperty(pageCount, widths, fc.scheduler(), async (count, width, scheduler) => {
				const source = createSource(
					uncounted(count),
					async () => await scheduler.schedule(Promise.resolve()),
				);
				const { pages } = await scheduler.waitFor(read(source.fetchPage, () => width));
				expect(pages).toEqual(upTo(count));
				expect(source.requests.length).toBeLessThanOrEqual(count + width);
				expect(source.isAborted).toBe(true);
			}),
		);
	});

	test('end with a shorter one than the first if nothing is counted, whatever comes after it', async () => {
		const answer = (current: number) =>
			current > 3 ? new Error('refused') : { records: rowsOf(current < 3 ? 2 : 1, current) };
		const { pages, thrown } = await read(createSource(answer).fetchPage, () => 2);
		expect(pages).toHaveLength(3);
		expect(thrown).toBeUndefined();
	});

	test('are no longer requested, and are aborted in flight, when the reader stops', async () => {
		await fc.assert(
			fc.asyncProperty(
				pageCount,
				pageCount,
				widths,
				fc.scheduler(),
				async (count, wanted, width, scheduler) => {
					const source = createSource(
						counted(count),
						async () => await scheduler.schedule(Promise.resolve()),
					);
					const { pages } = await scheduler.waitFor(read(source.fetchPage, () => width, wanted));
					const requestsAtStop = source.requests.length;
					await scheduler.waitAll();
					expect(pages).toEqual(upTo(Math.min(count, wanted)));
					expect(source.requests.length).toBe(requestsAtStop);
					expect(requestsAtStop).toBeLessThan(pages.length + width);
					expect(source.isAborted).toBe(true);
				},
			),
		);
	});

	test('throw when the turn of a failing one comes, after the earlier ones were yielded', async () => {
		await fc.assert(
			fc.asyncProperty(
				pageCount,
				pageCount,
				widths,
				fc.scheduler(),
				async (count, failing, width, scheduler) => {
					const refusal = new Error('refused');
					const answer = (current: number) => (current >= failing ? refusal : counted(count)(current));
					const source = createSource(answer, async () => await scheduler.schedule(Promise.resolve()));
					const { pages, thrown } = await scheduler.waitFor(read(source.fetchPage, () => width));
					await scheduler.waitAll();
					expect(pages).toEqual(upTo(Math.min(count, failing - 1)));
					expect(thrown).toBe(failing <= count ? refusal : undefined);
					expect(source.isAborted).toBe(true);
				},
			),
		);
	});
});
