import type { IDataObject } from 'n8n-workflow';
import type { RecordPage, WireRecord } from '../../api/types';
import { IdSet } from './idSet';
import { countRows } from './pages';

/** After this many pages without a new record, a list has ended. One such page may hold rows that new ones pushed down. */
const MAX_STALE_PAGES = 2;

/** What one pass over a list received, compared with what the API counts in it. */
export class Pass {
	/** The highest count, as responses overtake one another. 0 where nothing is counted. */
	counted = 0;
	pages = 0;
	rows = 0;
	withoutId = 0;
	/** The API refused the next page although the list goes on. */
	isCutShort = false;
	/** Not read to its end: only the first page shows how many there are. */
	isTooLong = false;
	private lowestCount = Infinity;
	/** Rows of one page that repeat another row of it. They hide no record, unlike a row that moved to the next page. */
	private repeats = 0;
	private stalePages = 0;
	private firstRows = 0;
	/** The last page holds fewer rows than the first. */
	private isLastShort = false;
	/** Rows without an ID as text: a service that repeats its page repeats them, too. */
	private readonly textsWithoutId = new Set<string>();

	constructor(private readonly ids = new IdSet()) {}

	get size(): number {
		return this.ids.size;
	}

	/** @returns the records of the page that are new in this pass */
	observe(page: RecordPage): WireRecord[] {
		const { records, rowsWithoutId = [], total = 0 } = page;
		const isBehindCount = this.counted > 0 && this.rows >= this.counted;
		const isWithinCount = this.rows < this.counted;
		const newRecords = records.filter(({ voiceId }) => this.ids.add(voiceId));
		if (this.pages++ === 0) this.firstRows = countRows(page);
		this.isLastShort = countRows(page) > 0 && countRows(page) < this.firstRows;
		// The service repeats a page, rather than listing each call of it twice.
		const isRepeat = newRecords.length === 0 && rowsWithoutId.length === 0 && records.length > 1;
		if (!isRepeat) this.rows += countRows(page);
		this.withoutId += rowsWithoutId.length;
		if (newRecords.length > 0) this.repeats += countRepeats(records);
		// A count below the rows cannot be true.
		if (total >= this.rows && total > 0) {
			this.counted = Math.max(this.counted, total);
			this.lowestCount = Math.min(this.lowestCount, total);
		}
		const newWithoutId = rowsWithoutId.filter((row) => this.addWithoutId(row));
		const isNew = newRecords.length > 0 || (newWithoutId.length > 0 && isWithinCount);
		this.stalePages = isNew ? 0 : this.stalePages + (isBehindCount ? MAX_STALE_PAGES : 1);
		return newRecords;
	}

	private addWithoutId(row: IDataObject): boolean {
		const { size } = this.textsWithoutId;
		return this.textsWithoutId.add(JSON.stringify(row)).size > size;
	}

	hasEnded(): boolean {
		return this.stalePages >= MAX_STALE_PAGES;
	}

	isGrowing(): boolean {
		return this.lowestCount < this.counted;
	}

	/** Whether the API counts these rows, and not fewer. */
	isCounted(): boolean {
		return this.counted > 0 && this.rows <= this.counted;
	}

	/** Whether the list did not end because the API no longer had the rest of it. */
	hasSureEnd(): boolean {
		return this.isCounted() || this.hasEnded() || this.isLastShort;
	}

	/** @param distinct how many different records of the list were received, in all passes */
	received(distinct: number): number {
		return distinct + this.repeats + this.withoutId;
	}

	isComplete(distinct: number): boolean {
		return !this.isCutShort && this.received(distinct) >= this.counted;
	}
}

function countRepeats(records: WireRecord[]): number {
	return records.length - new Set(records.map(({ voiceId }) => voiceId)).size;
}
