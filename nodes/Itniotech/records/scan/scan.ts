import type { IDataObject } from 'n8n-workflow';
import type { RecordPage, TimeSpan, WireRecord } from '../../api/types';
import { IdSet } from './idSet';
import { readPages, type Pace } from './pages';
import { Pass, incompleteList, recordWithoutId, type ListDifference } from './pass';
import type { RecordQuery } from '../query/query';
import { RangeEdges } from './rangeEdges';
import { Retention, cutInHalf, cutIntoWindows, toTimeSpan, type TimeRange } from '../windows';

export { describeDifference, type ListDifference } from './pass';

export interface RecordSource {
	fetchPage(window: TimeSpan, current: number, size: number, signal?: AbortSignal): Promise<RecordPage>;
	/** How many requests are in flight at most now, at least 1; more of them wait. */
	width(): number;
	/** Unix time of the service in milliseconds. */
	now(): number;
}

export interface ScanQuery extends Omit<RecordQuery, 'zone'> {
	/** What to do where a list cannot be complete: throw (default), or output what was received. */
	incompleteLists?: 'stop' | 'continue';
	/** Called for each list that is not complete, where reading continues. */
	onIncomplete?(difference: ListDifference): void;
	/** Called at the end if the API no longer had the beginning of the range: Unix seconds of what it still had. */
	onTooOld?(fromS: number): void;
}

interface Paging {
	source: RecordSource;
	size: number;
	pace: Pace;
	retention: Retention;
	/** For each page size, the number of the last page that brought new records: how far the API surely reads a list. */
	deepestPages: Map<number, number>;
	/** Throws unless such rows may be left out. */
	leaveOut(rowsWithoutId: IDataObject[]): void;
	/** Throws unless reading may continue. */
	report(difference: ListDifference): void;
}

/** What all passes over a list received, and whether it was the same each time. */
interface Result {
	ids: IdSet;
	isStable: boolean;
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
 * Reads the records of a query, newest window first, each record once. Requests no page that the limit does not need.
 * Without a limit, what the API will no longer have in an hour comes before all else.
 * @throws OperationalError when the API lists fewer records than it counts, or one without an ID, unless
 * `incompleteLists` is `continue`; what `source.fetchPage` throws
 */
export async function* scan(source: RecordSource, query: ScanQuery): AsyncGenerator<WireRecord[]> {
	const { limit = Infinity, isWanted = () => true } = query;
	// Without a filter, a page need not be larger than the limit.
	const size = query.isWanted ? query.pageSize : Math.min(query.pageSize, limit);
	let missing = limit;
	const pace: Pace = {
		maxInFlight: query.maxConcurrentRequests,
		// Twice the width, so that one late page does not hold up the others.
		maxAhead: (isCounted) => Math.min(source.width() * (isCounted ? 2 : 1), Math.ceil(missing / size)),
	};
	const retention = new Retention(() => source.now());
	const edges = new RangeEdges(query.range, query.nowS);
	const { outerRange } = edges;
	const windows = limit === Infinity ? retention.cutIntoWindows(outerRange) : cutIntoWindows(outerRange);
	const paging = { source, size, pace, retention, deepestPages: new Map(), ...rulesOf(query) };
	for await (const records of scanRange(paging, windows, edges)) {
		const batch = records.filter(isWanted).slice(0, missing);
		missing -= batch.length;
		if (batch.length > 0) yield batch;
		if (missing === 0) break;
	}
	if (retention.cutOffS !== undefined) query.onTooOld?.(retention.cutOffS);
}

function rulesOf({ incompleteLists, onIncomplete }: ScanQuery): Pick<Paging, 'leaveOut' | 'report'> {
	if (incompleteLists === 'continue') return { leaveOut: () => {}, report: (one) => onIncomplete?.(one) };
	return {
		leaveOut([row]) {
			throw recordWithoutId(row);
		},
		report(difference) {
			throw incompleteList(difference);
		},
	};
}

async function* scanRange(
	paging: Paging,
	windows: TimeRange[],
	edges: RangeEdges,
): AsyncGenerator<WireRecord[]> {
	for await (const records of scanWindows(paging, windows)) {
		yield records.filter((record) => edges.admit(record));
	}
	yield edges.admitLate();
}

async function* scanWindows(paging: Paging, windows: TimeRange[]): AsyncGenerator<WireRecord[]> {
	const earlierWindows: IdSet[] = [];
	for (const window of windows) {
		const scanner = new WindowScanner(paging);
		for await (const records of scanner.scan(window)) {
			yield records.filter(({ voiceId }) => !earlierWindows.some((ids) => ids.has(voiceId)));
		}
		earlierWindows.push(scanner.ids);
	}
}

/**
 * Reads one window until it has received as many records as the API counts in it. While calls keep arriving in the
 * window, no pass ever catches up with the count. A pass over half of it does, at the latest where all fits on one page.
 */
class WindowScanner {
	readonly ids = new IdSet();

	private splits = 0;

	private cutOffs = 0;

	/** Rows on the first page of a longer list: the API may give fewer than requested. */
	private cappedSize = Infinity;

	constructor(private readonly paging: Paging) {}

	async *scan(range: TimeRange, ids = this.ids): AsyncGenerator<WireRecord[]> {
		const { retention } = this.paging;
		let lastSize = -1;
		for (let number = 1; ; number++) {
			const window = retention.cutOff(range);
			if (!window) return;
			const sizeBefore = ids.size;
			const canSplit = this.canSplit(window);
			const pass = yield* this.readPass(window, { number, ids, canSplit });
			const isComplete = pass.isComplete(ids.size);
			if (retention.hasLeft(window) && !(isComplete && pass.hasSureEnd()) && this.cutOffs < MAX_CUT_OFFS) {
				this.cutOffs++;
				return yield* this.scanParts(retention.cutIntoWindows(range), ids);
			}
			const isStable = [sizeBefore, lastSize, pass.size].every((size) => size === ids.size);
			const isLast = isComplete || isStable || number === MAX_PASSES;
			if (!isComplete && canSplit && pass.needsHalves(isLast)) {
				this.splits++;
				return yield* this.scanParts(cutInHalf(window), ids);
			}
			if (isLast) return this.conclude(window, pass, { ids, isStable });
			lastSize = pass.size;
		}
	}

	private async *readPass(
		range: TimeRange,
		{ number, ids, canSplit }: { number: number; ids: IdSet; canSplit: boolean },
	): AsyncGenerator<WireRecord[], Pass> {
		const { source, pace, retention } = this.paging;
		const size = this.sizeOfPass(number);
		const window = toTimeSpan(range);
		const fetchPage = async (current: number, signal: AbortSignal) =>
			await source.fetchPage(window, current, size, signal).catch((error): RecordPage => {
				if (!retention.hasLeft(range)) throw error;
				return { records: [], isRefused: true };
			});
		const pass = new Pass(number === 1 ? ids : undefined);
		let isAbandoned = true;
		try {
			for await (const page of readPages(fetchPage, size, pace)) {
				const newInPass = this.observe(page, pass, size);
				yield number === 1 ? newInPass : newInPass.filter(({ voiceId }) => ids.add(voiceId));
				if (page.isRefused || pass.hasEnded() || (canSplit && pass.isGrowing())) break;
			}
			isAbandoned = false;
		} finally {
			// The reader has what it wants, and does not come back for the conclusion.
			if (isAbandoned && pass.withoutId > 0) this.report(range, pass, { ids, isStable: false });
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

	private async *scanParts(parts: TimeRange[], ids: IdSet): AsyncGenerator<WireRecord[]> {
		for (const part of parts) {
			for await (const records of this.scan(part, new IdSet())) {
				yield records.filter(({ voiceId }) => ids.add(voiceId));
			}
		}
	}

	/** Reports a list that is not complete after its last pass, and rows that had to be left out. */
	private conclude(range: TimeRange, pass: Pass, result: Result): void {
		const { counted, withoutId, isCutShort } = pass;
		const received = pass.received(result.ids.size);
		const isShortList = range.toS - range.fromS <= MIN_LENGTH_S && received < MAX_PAGE_SIZE;
		const isWhole = isCutShort
			? !pass.isCounted() && isShortList
			: received >= counted || (result.isStable && pass.rows >= counted);
		if (!isWhole || withoutId > 0) this.report(range, pass, result);
	}

	private report(range: TimeRange, pass: Pass, { ids, isStable }: Result): void {
		const { counted, withoutId } = pass;
		this.paging.report({ ...range, counted, received: pass.received(ids.size), withoutId, isStable });
	}

	private canSplit({ fromS, toS }: TimeRange): boolean {
		return toS - fromS > MIN_LENGTH_S && this.splits < MAX_SPLITS + this.ids.size / this.paging.size;
	}
}
