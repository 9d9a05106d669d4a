import type { RecordPage } from '../api/types';

/** @param current page number, from 1 */
export type FetchPage = (current: number, signal: AbortSignal) => Promise<RecordPage>;

/**
 * Yields pages in order while fetching several at a time: as many as the service counts. If it does not count, reading
 * ends with a page shorter than the first, or when the caller stops (the service may repeat its last page forever).
 * @param width how many pages may be in flight now, at least 1; called before each request
 * @throws what `fetchPage` throws, after the pages before it were yielded; requests in flight are aborted
 */
export async function* readPages(fetchPage: FetchPage, width: () => number): AsyncGenerator<RecordPage> {
	const abort = new AbortController();
	const inFlight: Array<Promise<RecordPage>> = [];
	try {
		const first = await fetchPage(1, abort.signal);
		const lastPage = countPages(first);
		yield first;
		for (let next = 2; ; ) {
			while (next <= lastPage && inFlight.length < Math.max(1, width())) {
				const page = fetchPage(next++, abort.signal);
				// A failure is thrown when the turn of this page comes, and never if reading stops before.
				page.catch(() => {});
				inFlight.push(page);
			}
			const page = await inFlight.shift();
			if (!page || (lastPage === Infinity && page.records.length === 0)) return;
			yield page;
			if (lastPage === Infinity && page.records.length < first.records.length) return;
		}
	} finally {
		abort.abort();
	}
}

/** Goes by the rows of the first page rather than by the requested size: the service may cap the size. */
function countPages({ records, total, pages }: RecordPage): number {
	if (records.length === 0) return 1;
	if (total === undefined) return pages || Infinity;
	return Math.max(pages ?? 1, Math.ceil(total / records.length));
}
