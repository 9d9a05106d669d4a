import { DateTime } from 'luxon';

import type { Behaviour } from './behaviour';
import type { Dataset, DatasetQuery, WireRecord } from './dataset';
import { envelopeAnswer, jsonObject, recordJson, type Answer } from './wire';
import { DAY_MS } from '../support/times';

const MAX_RANGE_MS = 31 * DAY_MS;
const MAX_AGE_MONTHS = 2;
const REPEATED_ROWS = 2;

export interface PageContext {
	behaviour: Behaviour;
	dataset: Dataset;
	serviceNow: number;
	/** How many times the rows have changed places; 0 leaves them in the order of `behaviour`. */
	shuffles: number;
}

interface PageRequest {
	current: number;
	size: number;
	fromMs: number;
	toMs: number;
}

/** What one page of the list holds. */
export interface Page {
	/** One without an ID has an empty `voiceId`. */
	rows: WireRecord[];
	total: number | string;
	pages: number;
	request: PageRequest;
}

/** The answer to `POST /voice/recordGroupQuery`, and the end of its range when it is a page of rows. */
export function answerPage(body: unknown, context: PageContext): { answer: Answer; rangeEndMs?: number } {
	const { behaviour } = context;
	const page = findPage(body, context);
	if (typeof page === 'string') return { answer: envelopeAnswer(behaviour, page) };

	const { rows, total, pages, request } = page;
	const size = behaviour.reportsClampedSize ? Math.min(request.size, behaviour.maxSize) : request.size;
	const data = jsonObject({
		total: JSON.stringify(behaviour.searchCount ? total : 0),
		size: String(size),
		current: String(request.current),
		pages: String(behaviour.searchCount ? pages : 0),
		searchCount: String(behaviour.searchCount),
		records:
			rows.length === 0 && behaviour.emptyRecords === 'null'
				? 'null'
				: `[${rows.map((row) => recordJson(row, behaviour)).join(',')}]`,
	});
	return { answer: envelopeAnswer(behaviour, '0', { data }), rangeEndMs: request.toMs };
}

/** The page that is asked for, or the status of a refusal. */
export function findPage(body: unknown, context: PageContext): Page | string {
	const { behaviour, dataset, serviceNow } = context;
	const request = parsePageRequest(body, behaviour);
	if (!request) return '-22';

	const allowed = isAllowedRange(request, serviceNow);
	if (!allowed && behaviour.outOfRange !== 'empty') return behaviour.outOfRange;

	const list = listOf(datasetQuery(request, context), dataset, behaviour.listedTwice);
	const size = Math.min(request.size, behaviour.maxSize);
	const total = allowed ? list.total : 0;
	const lastPage = Math.max(1, Math.ceil(total / size));
	const pastTheEnd = request.current > lastPage;
	if (pastTheEnd && behaviour.pastTheEnd === 'error') return '-22';

	const page = pastTheEnd && behaviour.pastTheEnd === 'lastPage' ? lastPage : request.current;
	const start = (page - 1) * size;
	if (start > 0 && start >= behaviour.deepestRow) return '-22';
	const repeated = behaviour.duplicateRows && start < total ? Math.min(REPEATED_ROWS, start) : 0;
	const rows = total === 0 ? [] : list.slice(start - repeated, size + repeated);
	const claimed = claimedTotal(total, request, behaviour);
	return {
		rows: rows.map((row) => (behaviour.withoutId.includes(row.voiceId) ? { ...row, voiceId: '' } : row)),
		total: claimed,
		pages:
			behaviour.fixedTotal === undefined
				? Math.ceil(Number(claimed) / size)
				: Math.ceil(Math.max(1, Number(claimed) || 1) / size),
		request,
	};
}

/** The rows of a range, those of some calls twice in a row. */
function listOf(query: DatasetQuery, dataset: Dataset, listedTwice: string[]) {
	const total = dataset.count(query);
	const slice = (offset: number, limit: number) => dataset.slice(query, offset, limit);
	if (listedTwice.length === 0) return { total, slice };
	const rows = slice(0, total).flatMap((row) => (listedTwice.includes(row.voiceId) ? [row, row] : [row]));
	return { total: rows.length, slice: (offset: number, limit: number) => rows.slice(offset, offset + limit) };
}

function claimedTotal(total: number, { fromMs, toMs }: PageRequest, behaviour: Behaviour): number | string {
	const { totalOff, totalOffAtMs = fromMs, fixedTotal } = behaviour;
	const isOff = totalOffAtMs >= fromMs && totalOffAtMs <= toMs;
	return fixedTotal ?? Math.max(0, total + (isOff ? totalOff : 0));
}

function datasetQuery({ fromMs, toMs }: PageRequest, context: PageContext): DatasetQuery {
	const { behaviour, serviceNow, shuffles } = context;
	const listedUntilMs = behaviour.listingDelayMs > 0 ? serviceNow - behaviour.listingDelayMs : Infinity;
	return {
		fromMs,
		toMs: Math.min(toMs, listedUntilMs),
		field: behaviour.rangeFilter,
		endsInclusive: behaviour.endsInclusive,
		ongoing: behaviour.listsOngoingCalls,
		order: shuffles > 0 ? 'none' : behaviour.order,
		shuffle: shuffles,
	};
}

/** The checked request, or undefined when the service would call it a parameter exception. */
function parsePageRequest(body: unknown, { acceptsOtherOffsets }: Behaviour): PageRequest | undefined {
	if (!isObject(body) || !isObject(body.params)) return undefined;
	const { current, size } = body;
	if (!isPositiveInt(current) || !isPositiveInt(size)) return undefined;

	const fromMs = parseTime(body.params.strTime, acceptsOtherOffsets);
	const toMs = parseTime(body.params.endTime, acceptsOtherOffsets);
	if (fromMs === undefined || toMs === undefined || fromMs > toMs) return undefined;
	return { current, size, fromMs, toMs };
}

/** Exactly the documented form: ISO 8601, to the second, with an offset. */
function parseTime(text: unknown, acceptsOtherOffsets: boolean): number | undefined {
	const match = typeof text === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/.exec(text);
	if (!match || (match[1] !== '+08:00' && !acceptsOtherOffsets)) return undefined;
	const ms = Date.parse(match[0]);
	if (Number.isNaN(ms)) return undefined;
	const local = match[0].slice(0, 19);
	// JavaScript reads 30 February as 2 March.
	return new Date(`${local}Z`).toISOString().startsWith(local) ? ms : undefined;
}

function isAllowedRange({ fromMs, toMs }: PageRequest, serviceNow: number): boolean {
	if (toMs - fromMs > MAX_RANGE_MS) return false;
	// No two months are shorter than that: spares most requests the slow calendar.
	if (fromMs >= serviceNow - 59 * DAY_MS) return true;
	const oldest = DateTime.fromMillis(serviceNow, { zone: 'UTC+8' }).minus({ months: MAX_AGE_MONTHS });
	return fromMs >= oldest.toMillis();
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null;
}

function isPositiveInt(value: unknown): value is number {
	return Number.isInteger(value) && (value as number) >= 1;
}
