import type { IDataObject } from 'n8n-workflow';
import type { RecordPage, TimeSpan, WantedPage, WireRecord } from '../../api/types';
import type { TimeRange } from '../calendar';
import { cutInHalf, toTimeSpan, type Retention } from '../windows';
import type { Effort } from './effort';
import { IdSet } from './idSet';
import type { ListDifference } from './incompleteList';
import { countPages, readPages, type Pace } from './pages';
import { Pass } from './pass';
import { verdictOnList } from './verdict';

export interface RecordSource {
	fetchPage(window: TimeSpan, page: WantedPage, signal?: AbortSignal): Promise<RecordPage>;
	/** How many requests are in flight at most now, at least 1; more of them wait. */
	width(): number;
	/** Unix time of the service in milliseconds. */
	now(): number;
}

/** What all windows of a scan have in common. */
export interface Paging {
	source: RecordSource;
	size: number;
	pace: Pace;
	retention: Retention;
	effort: Effort;
	/** For each page size, the number of the last page that brought new records: how far the API surely reads a list. */
	deepestPages: Map<number, number>;
	/** Throws unless such rows may be left out. */
	leaveOut(rowsWithoutId: IDataObject[]): void;
	/** Throws unless reading may continue. */
	report(difference: ListDifference): void;
}

/** A window, or a part of one, that is read in passes. */
interface List {
	range: TimeRange;
	/** What all passes over it received. */
	ids: IdSet;
	/** For a half of a list that was the same in each pass: reports the rows of the whole list that were left out, if any. */
	reportWhole?(): void;
}

const MAX_PASSES = 5;
/** Maximum times per window that the API's two months overtake reading. */
const MAX_CUT_OFFS = 20;
/** As halves share a second, the older half of such a range would be as long as the whole. */
const MIN_LENGTH_S = 2;
/** Maximum splits per window, plus one per page received. Without a limit, a nonsensical total would split it forever. */
const MAX_SPLITS = 50;
/** Source: the vendor's page "voice message record". No list of fewer rows is too long for the API. */
const MAX_PAGE_SIZE = 100;

/**
 * Reads one window until it has received as many records as the API counts in it. While calls keep arriving in the
 * window, no pass ever catches up with the count. A pass over half of it does, at the latest where all fits on one page.
 */
export class WindowScanner {
	readonly ids = new IdSet();
	private splits = 0;
	private cutOffs = 0;
	/** Rows on the first page of a longer list: the API may give fewer than requested. */
	private cappedSize = Infinity;

	constructor(private readonly paging: Paging) {}

	async *scan(range: TimeRange): AsyncGenerator<WireRecord[]> {
		yield* this.scanList({ range, ids: this.ids });
	}

	private async *scanList(list: List): AsyncGenerator<WireRecord[]> {
		const { retention, effort } = this.paging;
		const { ids } = list;
		let lastSize = -1;
		for (let number = 1; ; number++) {
			const window = retention.cutOff(list.range);
			if (!window) return;
			const sizeBefore = ids.size;
			const canHalve = this.canHalve(window);
			const pass = yield* this.readPass(window, { ...list, number, canHalve });
			const isStable = [sizeBefore, lastSize, pass.size].every((size) => size === ids.size);
			const requests = pass.pages + 2;
			const verdict = verdictOnList({
				...this.factsOf(window, pass, ids),
				isStable,
				isHalfOfStable: list.reportWhole !== undefined,
				isTooLongHalf: pass.isTooLong,
				isLastPass: number === MAX_PASSES,
				canHalve,
				isAffordable: effort.isAffordable(requests),
			});
			if (verdict === 'cutOff') {
				this.cutOffs++;
				return yield* this.scanParts(retention.cutIntoWindows(list.range), list, 0);
			}
			if (verdict === 'halve') {
				this.splits++;
				const isWhole = isStable && !pass.isCutShort && !pass.isGrowing();
				const reportWhole = isWhole
					? () => this.reportLeftOut(window, pass, { ids, isStable })
					: list.reportWhole;
				return yield* this.scanParts(cutInHalf(window), { ...list, reportWhole }, requests / 2);
			}
			if (verdict === 'incomplete') this.report(window, pass, { ids, isStable });
			if (pass.isTooLong) list.reportWhole?.();
			else if (verdict === 'complete') this.reportLeftOut(window, pass, { ids, isStable });
			if (verdict !== 'readAgain') return;
			lastSize = pass.size;
		}
	}

	private factsOf(window: TimeRange, pass: Pass, ids: IdSet) {
		const { retention } = this.paging;
		const { fromS, toS } = window;
		const isComplete = pass.isComplete(ids.size);
		const mayHaveGoneOn = !(isComplete && pass.hasSureEnd());
		return {
			isComplete,
			isOvertaken: retention.hasLeft(window) && mayHaveGoneOn && this.cutOffs < MAX_CUT_OFFS,
			isCutShort: pass.isCutShort,
			isGrowing: pass.isGrowing(),
			hasAllRows: pass.rows >= pass.counted,
			isShort: !pass.isCounted() && toS - fromS <= MIN_LENGTH_S && pass.received(ids.size) < MAX_PAGE_SIZE,
		};
	}

	private async *readPass(
		range: TimeRange,
		{ number, ids, canHalve, reportWhole }: List & { number: number; canHalve: boolean },
	): AsyncGenerator<WireRecord[], Pass> {
		const { source, pace, retention, effort } = this.paging;
		const size = this.sizeOfPass(number);
		const window = toTimeSpan(range);
		const fetchPage = async (current: number, signal: AbortSignal) => {
			effort.countRequest();
			return await source.fetchPage(window, { current, size }, signal).catch((error): RecordPage => {
				if (!retention.hasLeft(range)) throw error;
				return { records: [], isRefused: true };
			});
		};
		const pass = new Pass(number === 1 ? ids : undefined);
		let isAbandoned = true;
		try {
			for await (const page of readPages(fetchPage, size, pace)) {
				const newInPass = this.observe(page, pass, size);
				yield number === 1 ? newInPass : newInPass.filter(({ voiceId }) => ids.add(voiceId));
				const isFirst = pass.pages === 1;
				pass.isTooLong = isFirst && reportWhole !== undefined && !effort.isAffordable(countPages(page) - 1);
				if (pass.isTooLong || page.isRefused || pass.hasEnded() || (canHalve && pass.isGrowing())) break;
			}
			isAbandoned = false;
		} finally {
			// The reader has what it wants, and does not come back for the verdict.
			if (isAbandoned) this.reportLeftOut(range, pass, { ids, isStable: false });
		}
		return pass;
	}

	private observe(page: RecordPage, pass: Pass, size: number): WireRecord[] {
		const { deepestPages, leaveOut } = this.paging;
		const deepestPage = deepestPages.get(size) ?? 0;
		const start = pass.rows;
		if (page.rowsWithoutId?.length) leaveOut(page.rowsWithoutId);
		const newInPass = pass.observe(page);
		if (page.isRefused) {
			pass.isCutShort = pass.isCounted() ? start < pass.counted : pass.pages > deepestPage;
		} else if (newInPass.length > 0) {
			deepestPages.set(size, Math.max(pass.pages, deepestPage));
		}
		if (size === this.paging.size && start > 0 && pass.rows > start)
			this.cappedSize = Math.min(this.cappedSize, start);
		return newInPass;
	}

	/** Rows of the same second may swap places across a page border in every pass, so each pass has other borders. */
	private sizeOfPass(number: number): number {
		const { size } = this.paging;
		return number === 1 ? size : Math.max(1, Math.min(size, this.cappedSize) + 1 - number);
	}

	/** @param requests that each part will take, as far as is known beforehand */
	private async *scanParts(parts: TimeRange[], list: List, requests: number): AsyncGenerator<WireRecord[]> {
		const { effort } = this.paging;
		effort.plan(requests * parts.length);
		for (const range of parts) {
			effort.plan(-requests);
			for await (const records of this.scanList({ ...list, range, ids: new IdSet() })) {
				yield records.filter(({ voiceId }) => list.ids.add(voiceId));
			}
		}
	}

	private reportLeftOut(range: TimeRange, pass: Pass, list: { ids: IdSet; isStable: boolean }): void {
		if (pass.withoutId > 0) this.report(range, pass, list);
	}

	private report(range: TimeRange, pass: Pass, { ids, isStable }: { ids: IdSet; isStable: boolean }): void {
		const { counted, withoutId } = pass;
		this.paging.report({ ...range, counted, received: pass.received(ids.size), withoutId, isStable });
	}

	private canHalve({ fromS, toS }: TimeRange): boolean {
		return toS - fromS > MIN_LENGTH_S && this.splits < MAX_SPLITS + this.ids.size / this.paging.size;
	}
}
