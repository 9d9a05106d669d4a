import { OperationalError } from 'n8n-workflow';
import type { RecordPage, TimeSpan, WireRecord } from '../api/types';
import { IdSet } from './idSet';
import { readPages } from './pages';
import type { RecordQuery } from './query';
import { RangeEdges } from './rangeEdges';
import { cutInHalf, cutIntoWindows, toTimeSpan, type TimeRange } from './windows';

export interface RecordSource {
	fetchPage(window: TimeSpan, current: number, size: number, signal?: AbortSignal): Promise<RecordPage>;
	/** How many of the wanted requests may be in flight now, at least 1. */
	width(wanted: number): number;
}

export interface ScanQuery extends Omit<RecordQuery, 'zone'> {
	/** What to do where a list cannot be complete: throw (default), or output what was received. */
	incompleteLists?: 'stop' | 'continue';
	/** Called for each list that is not complete, where reading continues. */
	onIncomplete?(difference: ListDifference): void;
}

/** How a list differs from what the API counts in it. The times are Unix times in seconds, both included. */
export interface ListDifference {
	fromS: number;
	toS: number;
	/** 0 where the API does not count. */
	counted: number;
	/** Rows of the list; one without an ID is among them, although it cannot be output. */
	received: number;
	withoutId: number;
	/** Whether the list was the same each time it was read. */
	isStable: boolean;
}

interface Paging {
	source: RecordSource;
	size: number;
	width(): number;
	/** Throws unless reading continues. */
	reportIncomplete(difference: ListDifference): void;
}

const MAX_PASSES = 5;
/** Maximum splits per window, plus one per page received. Without a limit, a nonsensical total would split it forever. */
const MAX_SPLITS = 50;
/** After this many pages without a new record, a list has ended. One such page may hold rows that new ones pushed down. */
const MAX_STALE_PAGES = 2;

/**
 * Reads the records of a query, newest window first, each record once. Requests no page that the limit does not need.
 * @throws OperationalError when the API lists fewer records than it counts, unless `incompleteLists` is `continue`; what
 * `source.fetchPage` throws
 */
export async function* scan(source: RecordSource, query: ScanQuery): AsyncGenerator<WireRecord[]> {
	const { limit = Infinity, isWanted = () => true } = query;
	// Without a filter, a page need not be larger than the limit.
	const size = query.isWanted ? query.pageSize : Math.min(query.pageSize, limit);
	let missing = limit;
	const width = () => Math.min(source.width(query.maxConcurrentRequests), Math.ceil(missing / size));
	const reportIncomplete = (difference: ListDifference) => {
		if (query.incompleteLists !== 'continue') throw incompleteList(difference);
		query.onIncomplete?.(difference);
	};
	const edges = new RangeEdges(query.range, query.nowS);
	for await (const records of scanRange({ source, size, width, reportIncomplete }, edges)) {
		const batch = records.filter(isWanted).slice(0, missing);
		missing -= batch.length;
		if (batch.length > 0) yield batch;
		if (missing === 0) return;
	}
}

async function* scanRange(paging: Paging, edges: RangeEdges): AsyncGenerator<WireRecord[]> {
	for await (const records of scanWindows(paging, cutIntoWindows(edges.outerRange))) {
		yield records.filter((record) => edges.admit(record));
	}
	yield edges.admitLate();
}

async function* scanWindows(paging: Paging, windows: TimeRange[]): AsyncGenerator<WireRecord[]> {
	const newerWindows: IdSet[] = [];
	for (const window of windows) {
		const scanner = new WindowScanner(paging);
		for await (const records of scanner.scan(window)) {
			yield records.filter(({ voiceId }) => !newerWindows.some((ids) => ids.has(voiceId)));
		}
		newerWindows.push(scanner.ids);
	}
}

/**
 * Reads one window until it has received as many different records as the API counts in it. While calls keep arriving in
 * the window, no pass ever catches up with the count. A pass over half of it does, at the latest where all fits on one page.
 */
class WindowScanner {
	readonly ids = new IdSet();

	private splits = 0;

	constructor(private readonly paging: Paging) {}

	async *scan(range: TimeRange, ids = this.ids): AsyncGenerator<WireRecord[]> {
		const canSplit = this.canSplit(range);
		for (let pass = 1; ; pass++) {
			const idsBefore = ids.size;
			const totals = yield* this.readPass(range, { pass, ids, canSplit });
			if (ids.size >= totals.highest) return;
			if (canSplit && totals.isGrowing()) return yield* this.scanHalves(range, ids);
			const hasStalled = pass > 1 && ids.size === idsBefore;
			if (!hasStalled && pass < MAX_PASSES) continue;
			const figures = { counted: totals.highest, received: ids.size, withoutId: 0, isStable: hasStalled };
			return this.paging.reportIncomplete({ ...range, ...figures });
		}
	}

	private async *readPass(
		range: TimeRange,
		{ pass, ids, canSplit }: { pass: number; ids: IdSet; canSplit: boolean },
	): AsyncGenerator<WireRecord[], Totals> {
		const { source, size, width } = this.paging;
		// Rows of the same second may swap places across a page border in every pass, so each pass has other borders.
		const passSize = Math.max(1, size + 1 - pass);
		const window = toTimeSpan(range);
		const fetchPage = async (current: number, signal: AbortSignal) =>
			await source.fetchPage(window, current, passSize, signal);
		const idsOfPass = pass === 1 ? ids : new IdSet();
		const totals = new Totals();
		let stalePages = 0;
		for await (const { records, total } of readPages(fetchPage, width)) {
			const newInPass = records.filter(({ voiceId }) => idsOfPass.add(voiceId));
			totals.observe(total);
			yield pass === 1 ? newInPass : newInPass.filter(({ voiceId }) => ids.add(voiceId));
			stalePages = newInPass.length > 0 ? 0 : stalePages + 1;
			if (stalePages === MAX_STALE_PAGES || (canSplit && totals.isGrowing())) break;
		}
		return totals;
	}

	private async *scanHalves(range: TimeRange, ids: IdSet): AsyncGenerator<WireRecord[]> {
		this.splits++;
		for (const half of cutInHalf(range)) {
			for await (const records of this.scan(half, new IdSet())) {
				yield records.filter(({ voiceId }) => ids.add(voiceId));
			}
		}
	}

	private canSplit({ fromS, toS }: TimeRange): boolean {
		return toS - fromS >= 2 && this.splits < MAX_SPLITS + this.ids.size / this.paging.size;
	}
}

/** The totals on the pages of one pass. As responses overtake one another, the last one need not be the latest. */
class Totals {
	/** 0 where nothing is counted. */
	highest = 0;

	private lowest = Infinity;

	observe(total: number | undefined): void {
		if (total === undefined) return;
		this.highest = Math.max(this.highest, total);
		this.lowest = Math.min(this.lowest, total);
	}

	isGrowing(): boolean {
		return this.lowest < this.highest;
	}
}

function incompleteList({ counted, received }: ListDifference): OperationalError {
	return new OperationalError(`ITNIO TECH counts ${counted} call records but handed out only ${received}`, {
		description:
			'No records were output, because some would be missing. Run again, or choose a shorter "Time Range".',
	});
}
