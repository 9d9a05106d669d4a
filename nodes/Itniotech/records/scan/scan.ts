import type { WireRecord } from '../../api/types';
import type { RecordQuery } from '../query/query';
import type { TimeRange } from '../calendar';
import { Retention, cutIntoWindows } from '../windows';
import { Effort } from './effort';
import type { IdSet } from './idSet';
import type { Pace } from './pages';
import { incompleteList, recordWithoutId, type ListDifference } from './incompleteList';
import { RangeEdges } from './rangeEdges';
import { WindowScanner, type Paging, type RecordSource } from './windowScanner';

/*
 * The way of a record, from the service to whoever reads the scan:
 *
 *   fetchPage      one request
 *      │
 *   readPages      the pages of one list, several requests at a time, in order          pages.ts
 *      │
 *   Pass           one pass over a list: each record once, compared with the count      pass.ts
 *      │
 *   WindowScanner  passes over a window or its halves until the verdict says "final"    windowScanner.ts, verdict.ts
 *      │
 *   scanWindows    window after window: each record once
 *      │
 *   scanRange      what belongs to the range                                            rangeEdges.ts
 *      │
 *   scan           what is wanted, up to the limit
 */

export interface ScanQuery extends Omit<RecordQuery, 'zone'> {
	/** What to do where a list cannot be complete: throw, or output what was received. Absent: throw, as there is no choice. */
	incompleteLists?: 'stop' | 'continue';
	/** Called for each list that is not complete, where reading continues. */
	onIncomplete?(difference: ListDifference): void;
	/** Called at the end if the API no longer had the beginning of the range: Unix seconds of what it still had. */
	onTooOld?(fromS: number): void;
}

/**
 * Reads the records of a query, newest window first, each record once. Requests no page that the limit does not need.
 * Without a limit, what the API will no longer have in an hour comes before all else.
 * @throws OperationalError when the API lists fewer records than it counts, or one without an ID, unless
 * `incompleteLists` is `continue`; what `source.fetchPage` throws
 */
export async function* scan(source: RecordSource, query: ScanQuery): AsyncGenerator<WireRecord[]> {
	const selection = new Selection(query);
	const retention = new Retention(() => source.now());
	for await (const records of scanFor({ source, query, retention, selections: () => [selection] })) {
		const batch = selection.select(records);
		if (batch.length > 0) yield batch;
		if (selection.missing === 0) break;
	}
	if (retention.cutOffS !== undefined) query.onTooOld?.(retention.cutOffS);
}

/** What one reader of a list wants of it: the records that match, up to a limit. */
export class Selection {
	/** How many more records it takes at most. */
	missing: number;
	/** Without a filter, a page need not be larger than the limit. */
	readonly pageSize: number;

	constructor(private readonly query: Pick<ScanQuery, 'limit' | 'isWanted' | 'pageSize'>) {
		const { limit = Infinity, isWanted, pageSize } = query;
		this.missing = limit;
		this.pageSize = isWanted ? pageSize : Math.min(pageSize, limit);
	}

	select(records: WireRecord[]): WireRecord[] {
		const { isWanted } = this.query;
		const batch = (isWanted ? records.filter(isWanted) : records).slice(0, this.missing);
		this.missing -= batch.length;
		return batch;
	}
}

interface Readers {
	source: RecordSource;
	/** What they have in common; whether they have a limit, too. */
	query: ScanQuery;
	retention: Retention;
	/** What those that still read select: no page is requested that none of them needs. */
	selections(): Selection[];
}

/** All records of the range of a query, for one reader or several. */
export async function* scanFor({
	source,
	query,
	retention,
	selections,
}: Readers): AsyncGenerator<WireRecord[]> {
	const size = Math.max(...selections().map(({ pageSize }) => pageSize));
	const pagesMissing = () => Math.ceil(Math.max(...selections().map(({ missing }) => missing)) / size);
	const pace: Pace = {
		maxInFlight: query.maxConcurrentRequests,
		// Twice the width, so that one late page does not hold up the others.
		maxAhead: (isCounted) => Math.min(source.width() * (isCounted ? 2 : 1), pagesMissing()),
	};
	const edges = new RangeEdges(query.range, query.nowS);
	const { outerRange } = edges;
	const windows =
		query.limit === undefined ? retention.cutIntoWindows(outerRange) : cutIntoWindows(outerRange);
	const paging: Paging = {
		source,
		size,
		pace,
		retention,
		effort: new Effort(),
		deepestPages: new Map(),
		...rulesOf(query),
	};
	yield* scanRange(paging, windows, edges);
}

function rulesOf({ incompleteLists, onIncomplete }: ScanQuery): Pick<Paging, 'leaveOut' | 'report'> {
	if (incompleteLists === 'continue') return { leaveOut: () => {}, report: (one) => onIncomplete?.(one) };
	const hasOption = incompleteLists !== undefined;
	return {
		leaveOut([row]) {
			throw recordWithoutId(row, hasOption);
		},
		report(difference) {
			throw incompleteList(difference, hasOption);
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
			const newRecords = records.filter(({ voiceId }) => !earlierWindows.some((ids) => ids.has(voiceId)));
			if (newRecords.length > 0) paging.effort.countNewPage();
			yield newRecords;
		}
		earlierWindows.push(scanner.ids);
	}
}
