import type { RecordPage } from '../../api/types';

/** @param current page number, from 1 */
export type FetchPage = (current: number, signal: AbortSignal) => Promise<RecordPage>;

/** How many pages may be on their way, at least 1 each. */
export interface Pace {
	/** Requested but not yet received. */
	maxInFlight: number;
	/** Requested but not yet yielded. Pages that arrived wait among them for their turn. */
	maxAhead(isCounted: boolean): number;
}

/**
 * Yields pages in order while fetching several at a time: as many as the service counts, and more while the last one is
 * full, as the count may be too low. If it does not count, reading ends with a page shorter than the first. The caller
 * stops where the service repeats its last page forever.
 * @throws what `fetchPage` throws, after the pages before it were yielded; requests in flight are aborted
 */
export async function* readPages(fetchPage: FetchPage, size: number, pace: Pace): AsyncGenerator<RecordPage> {
	const abort = new AbortController();
	try {
		const first = await fetchPage(1, abort.signal);
		yield first;
		const rest = new PagesAhead(async (current) => await fetchPage(current, abort.signal), first, pace);
		let last = first;
		let isFull = isFullPage(first, size);
		let isRepeated = false;
		// As the last page is full too, one more follows in any case. It need not wait for the others.
		if (isFull && first.total !== undefined && first.total % countRows(first) === 0) rest.lastPage++;
		for (;;) {
			const page = await rest.next();
			if (!page) {
				if (!isFull || isRepeated) return;
				rest.lastPage++;
				continue;
			}
			// Only a refusal behind a full page may come before the end of the list.
			if (!rest.isCounted && countRows(page) === 0 && !(page.isRefused && isFull)) return;
			yield page;
			isFull = countRows(page) >= countRows(first);
			if (!rest.isCounted && !isFull) return;
			isRepeated = lastIdOf(page) === lastIdOf(last);
			last = page;
		}
	} finally {
		abort.abort();
	}
}

/** The pages behind the first one. As one arrives the next is requested, so that a late one holds up no others. */
class PagesAhead {
	readonly isCounted: boolean;
	lastPage: number;
	private readonly pages: Array<Promise<RecordPage>> = [];
	private nextPage = 2;
	private inFlight = 0;
	/** While the reader works on a page, it is not known how many more it needs. */
	private isAwaited = false;

	constructor(
		private readonly fetchPage: (current: number) => Promise<RecordPage>,
		private readonly first: RecordPage,
		private readonly pace: Pace,
	) {
		this.lastPage = countPages(first);
		this.isCounted = this.lastPage < Infinity;
	}

	async next(): Promise<RecordPage | undefined> {
		this.isAwaited = true;
		this.request();
		const page = await this.pages[0];
		this.pages.shift();
		this.isAwaited = false;
		return page;
	}

	private request(): void {
		const { pace, pages } = this;
		const maxAhead = Math.max(1, pace.maxAhead(this.isCounted));
		while (this.nextPage <= this.lastPage && this.inFlight < pace.maxInFlight && pages.length < maxAhead) {
			const page = this.receive(this.nextPage++);
			// A failure is thrown when the turn of this page comes, and never if reading stops before.
			page.catch(() => {});
			pages.push(page);
		}
	}

	private async receive(current: number): Promise<RecordPage> {
		this.inFlight++;
		// No page behind one that failed is wanted either.
		let isLast = true;
		try {
			const page = await this.fetchPage(current);
			isLast = !this.isCounted && countRows(page) < countRows(this.first);
			return page;
		} finally {
			if (isLast) this.lastPage = Math.min(this.lastPage, current);
			this.inFlight--;
			if (this.isAwaited) this.request();
		}
	}
}

function lastIdOf({ records }: RecordPage): string | undefined {
	return records.at(-1)?.voiceId;
}

function isFullPage(first: RecordPage, size: number): boolean {
	return countRows(first) >= Math.max(1, Math.min(size, first.size || size));
}

/** Goes by the rows of the first page rather than by the requested size: the service may cap the size. */
export function countPages(first: RecordPage): number {
	const { total, pages } = first;
	const rows = countRows(first);
	if (rows === 0) return 1;
	if (total === undefined) return Infinity;
	return Math.max(pages ?? 1, Math.ceil(total / rows));
}

export function countRows({ records, rowsWithoutId = [] }: RecordPage): number {
	return records.length + rowsWithoutId.length;
}
