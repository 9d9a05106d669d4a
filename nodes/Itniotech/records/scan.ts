import { OperationalError } from 'n8n-workflow';
import type { RecordPage, TimeSpan, WireRecord } from '../api/types';
import { IdSet } from './idSet';
import { readPages } from './pages';
import type { RecordQuery } from './query';
import { RangeEdges } from './rangeEdges';
import { cutInHalf, cutIntoWindows, toTimeSpan, type TimeRange } from './windows';

/** Where the records come from. */
export interface RecordSource {
	fetchPage(span: TimeSpan, current: number, size: number, signal?: AbortSignal): Promise<RecordPage>;
	/** How many of the wanted requests may be on their way now, at least 1. */
	width(wanted: number): number;
}

/** A list that changed while it was read is read again, at most so often in all. */
const MAX_PASSES = 5;
/** A window is cut so often, and once more for each page of records that came. Counts without sense would go on for ever. */
const FREE_CUTS = 50;

/**
 * Reads the records of a query, newest window first, each record once, in batches of up to a page.
 *
 * With a limit, no page is asked for that the limit does not need.
 *
 * @throws OperationalError when the API does not hand out as many records as it counts
 * @throws what `source.fetchPage` throws
 */
export async function* scan(
	source: RecordSource,
	query: Omit<RecordQuery, 'zone'>,
): AsyncGenerator<WireRecord[]> {
	const { limit = Infinity, isWanted = () => true } = query;
	const edges = new RangeEdges(query.range, query.nowS);
	// Without a filter a page need not be larger than what is asked for.
	const size = query.isWanted ? query.pageSize : Math.min(query.pageSize, limit);
	let missing = limit;
	const take = (records: WireRecord[]) => {
		const taken = records.filter(isWanted).slice(0, missing);
		missing -= taken.length;
		return taken;
	};
	const width = () => Math.min(source.width(query.maxConcurrentRequests), Math.ceil(missing / size));

	for await (const records of scanWindows(source, cutIntoWindows(edges.asked), size, width)) {
		const taken = take(records.filter((record) => edges.belongs(record)));
		if (taken.length > 0) yield taken;
		if (missing === 0) return;
	}
	const late = take(edges.late());
	if (late.length > 0) yield late;
}

async function* scanWindows(
	source: RecordSource,
	windows: TimeRange[],
	size: number,
	width: () => number,
): AsyncGenerator<WireRecord[]> {
	const earlier: IdSet[] = [];
	for (const window of windows) {
		const ids = new IdSet();
		for await (const records of scanWindow(source, window, size, width, ids)) {
			yield records.filter(({ voiceId }) => !earlier.some((seen) => seen.has(voiceId)));
		}
		earlier.push(ids);
	}
}

/**
 * Reads a window until it has given out as many different records as the API counts in it. While calls keep showing up
 * in it, no pass comes to an end of them, but one over a shorter time does, at the latest where all fits on one page.
 */
async function* scanWindow(
	source: RecordSource,
	window: TimeRange,
	size: number,
	width: () => number,
	ids: IdSet,
	whole = { ids, cuts: 0 },
): AsyncGenerator<WireRecord[]> {
	const span = toTimeSpan(window);
	const canCut = window.toS - window.fromS >= 2 && whole.cuts < FREE_CUTS + whole.ids.size / size;
	for (let pass = 1; ; pass++) {
		const idsBefore = ids.size;
		// Rows of the same second may change places at a page border, the same way each time: other passes, other borders.
		const passSize = Math.max(1, size + 1 - pass);
		const fetchPage = async (current: number, signal: AbortSignal) =>
			await source.fetchPage(span, current, passSize, signal);
		const idsOfPass = pass === 1 ? ids : new IdSet();
		let total: number | undefined;
		let leastTotal = Infinity;
		const isGrowing = () => leastTotal < (total ?? 0);
		let wasStale = false;
		for await (const page of readPages(fetchPage, width)) {
			const newInPass = page.records.filter(({ voiceId }) => idsOfPass.add(voiceId));
			const fresh = pass === 1 ? newInPass : newInPass.filter(({ voiceId }) => ids.add(voiceId));
			// Answers overtake one another, so the last page need not bear the last count.
			if (page.total !== undefined) {
				total = Math.max(total ?? 0, page.total);
				leastTotal = Math.min(leastTotal, page.total);
			}
			yield fresh;
			// A list ends where nothing new comes, whatever it counts; one such page may be rows that others have pushed down.
			const isStale = newInPass.length === 0;
			if ((wasStale && isStale) || (isGrowing() && canCut)) break;
			wasStale = isStale;
		}
		if (total === undefined || ids.size >= total) return;
		if (isGrowing() && canCut) {
			whole.cuts++;
			for (const half of cutInHalf(window)) {
				for await (const records of scanWindow(source, half, size, width, new IdSet(), whole)) {
					yield records.filter(({ voiceId }) => ids.add(voiceId));
				}
			}
			return;
		}
		if (pass === MAX_PASSES || (pass > 1 && ids.size === idsBefore)) {
			throw new OperationalError(`ITNIO TECH counts ${total} call records but handed out only ${ids.size}`, {
				description:
					'No records were output, because some would be missing. Run again, or choose a shorter "Time Range".',
			});
		}
	}
}
