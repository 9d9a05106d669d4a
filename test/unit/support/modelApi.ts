import type { RecordPage, TimeSpan, WireRecord } from '../../../nodes/Itniotech/api/types';
import type { RecordQuery } from '../../../nodes/Itniotech/records/query';
import { scan, type RecordSource } from '../../../nodes/Itniotech/records/scan';

/** The readings of the API's documentation, each of which may be the true one. */
export interface Behaviour {
	/** `none`: the order in which the rows lie in `rows`. */
	order: 'newest' | 'oldest' | 'none';
	filteredBy: 'submitTime' | 'callTime';
	isStartInside: boolean;
	isEndInside: boolean;
	/** A larger size than this is cut down to it. */
	maxSize: number;
	/** The refusal of such a page reaches the scan as a page without rows and counts. */
	pastTheEnd: 'empty' | 'refused' | 'lastPageAgain';
	isCounted: boolean;
}

const PLAIN: Behaviour = {
	order: 'newest',
	filteredBy: 'submitTime',
	isStartInside: true,
	isEndInside: true,
	maxSize: 100,
	pastTheEnd: 'empty',
	isCounted: true,
};

/** A list of records in memory that is asked like the API, and refuses what the API is known to refuse. */
export class ModelApi implements RecordSource {
	readonly requests: Array<{ span: TimeSpan; current: number; size: number }> = [];

	maxInFlight = 0;

	private readonly onTheirWay = new Set<number>();

	private readonly behaviour: Behaviour;

	/** Awaited before the list is looked at; may change the list. */
	beforeAnswer: (request: number) => Promise<void> = async () => {};

	constructor(
		public rows: WireRecord[],
		behaviour: Partial<Behaviour> = {},
		private readonly nowS = Infinity,
	) {
		this.behaviour = { ...PLAIN, ...behaviour };
	}

	width(wanted: number): number {
		return wanted;
	}

	async fetchPage(span: TimeSpan, current: number, size: number, signal: AbortSignal): Promise<RecordPage> {
		const request = this.requests.push({ span, current, size });
		const leave = () => this.onTheirWay.delete(request);
		this.maxInFlight = Math.max(this.maxInFlight, this.onTheirWay.add(request).size);
		signal.addEventListener('abort', leave);
		await this.beforeAnswer(request);
		signal.removeEventListener('abort', leave);
		leave();
		const [fromS, toS] = [span.strTime, span.endTime].map((time) => Date.parse(time) / 1000);
		if (!(fromS <= toS && toS - fromS <= 31 * 86_400 && toS <= this.nowS)) throw new Error('refused: range');
		if (!(current >= 1 && size >= 1 && size <= 100)) throw new Error('refused: page');
		return this.page(this.rowsBetween(fromS, toS), current, Math.min(size, this.behaviour.maxSize));
	}

	private page(rows: WireRecord[], current: number, size: number): RecordPage {
		const { isCounted, pastTheEnd } = this.behaviour;
		const pages = Math.ceil(rows.length / size);
		const isPast = current > Math.max(1, pages);
		if (isPast && pastTheEnd === 'refused') return { records: [] };
		const shown = isPast && pastTheEnd === 'lastPageAgain' ? Math.max(1, pages) : current;
		const records = rows.slice((shown - 1) * size, shown * size);
		return isCounted ? { records, total: rows.length, pages } : { records };
	}

	private rowsBetween(fromS: number, toS: number): WireRecord[] {
		const { order, filteredBy, isStartInside, isEndInside } = this.behaviour;
		const secondsOf = (row: WireRecord) => Date.parse(String(row[filteredBy])) / 1000;
		const rows = this.rows.filter((row) => {
			const seconds = secondsOf(row);
			const isAfterStart = isStartInside ? seconds >= fromS : seconds > fromS;
			return isAfterStart && (isEndInside ? seconds <= toS : seconds < toS);
		});
		if (order === 'none') return rows;
		const direction = order === 'newest' ? -1 : 1;
		return rows.sort((a, b) => direction * (secondsOf(a) - secondsOf(b)));
	}
}

/** A row with its times in Unix seconds; a call that was not placed yet has no time of the call. */
export function row(voiceId: number | string, submitS: number, callS: number | null = submitS): WireRecord {
	const time = (seconds: number) => new Date(seconds * 1000).toISOString();
	return { voiceId: `${voiceId}`, submitTime: time(submitS), callTime: callS === null ? null : time(callS) };
}

export const FROM = Date.parse('2026-03-01T00:00:00Z') / 1000;
export const DAY_S = 86_400;

/** `count` rows in the first hour of March, a second apart, the oldest with the id 0. */
export const rowsWithin = (count: number) =>
	Array.from({ length: count }, (_, index) => row(index, FROM + 1 + index));

/** A query for that hour. */
export function ask(changes: Partial<RecordQuery> = {}): RecordQuery {
	const { range = { fromS: FROM, toS: FROM + 3600 } } = changes;
	return { range, zone: 'UTC', nowS: range.toS + DAY_S, pageSize: 100, maxConcurrentRequests: 3, ...changes };
}

/** Ids that a scan gave out, and what ended it. */
export async function run(source: RecordSource, query: RecordQuery) {
	const ids: string[] = [];
	let thrown: unknown;
	try {
		for await (const records of scan(source, query)) ids.push(...records.map(({ voiceId }) => voiceId));
	} catch (error) {
		thrown = error;
	}
	return { ids, thrown };
}
