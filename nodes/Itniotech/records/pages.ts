import type { RecordPage } from '../api/types';

/**
 * Fetches one page.
 * @param current page number, from 1
 * @param signal aborts when nobody waits for the page any more
 */
export type FetchPage = (current: number, signal: AbortSignal) => Promise<RecordPage>;

/**
 * Reads pages one after another in their order, several at a time.
 *
 * Where the service counts its rows, exactly the counted pages are read. Where it does not, reading goes on up to a
 * page that is shorter than the first one, or until the reader stops (a page past the last one may also be the last one
 * again).
 *
 * @param width how many pages may be on their way now; asked again before each request, at least 1
 * @throws what `fetchPage` throws, after the pages before it were given out; the requests on their way are aborted
 */
export async function* readPages(fetchPage: FetchPage, width: () => number): AsyncGenerator<RecordPage> {
	const abort = new AbortController();
	const onTheirWay: Array<Promise<RecordPage>> = [];
	try {
		const first = await fetchPage(1, abort.signal);
		const lastPage = countPages(first);
		yield first;
		for (let next = 2; ; ) {
			while (next <= lastPage && onTheirWay.length < Math.max(1, width())) {
				const page = fetchPage(next++, abort.signal);
				// Its failure is thrown when its turn comes, or not at all when reading stops before.
				page.catch(() => {});
				onTheirWay.push(page);
			}
			const page = await onTheirWay.shift();
			if (!page || (lastPage === Infinity && page.records.length === 0)) return;
			yield page;
			if (lastPage === Infinity && page.records.length < first.records.length) return;
		}
	} finally {
		abort.abort();
	}
}

/**
 * How many pages there are. The rows of the first page count for more than the size that was asked for: a service that
 * clamps the size fills its own.
 */
function countPages({ records, total, pages }: RecordPage): number {
	if (records.length === 0) return 1;
	if (total === undefined) return pages || Infinity;
	return Math.max(pages ?? 1, Math.ceil(total / records.length));
}
