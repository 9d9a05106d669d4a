import { DateTime, IANAZone } from 'luxon';
import { UserError } from 'n8n-workflow';
import { createFilter, type RecordFilter } from './filters';
import { isEmpty, notValid, readChoice, readWholeNumber } from './parameters';
import { textOf } from '../record';
import { readRange, type TimeRangeValues } from './timeRange';
import type { TimeRange } from '../calendar';

export interface QueryValues extends TimeRangeValues {
	limit?: unknown;
	/** The collection "Filters", also as JSON text. */
	filters?: unknown;
	options?: (PagingValues & { timezone?: unknown; incompleteLists?: unknown }) | null;
}

interface PagingValues {
	pageSize?: unknown;
	maxConcurrentRequests?: unknown;
}

export interface RecordQuery {
	range: TimeRange;
	/** Timezone of days and hours. */
	zone: string;
	/** Unix time in seconds at which the query was made: no range goes beyond it. */
	nowS: number;
	/** Absent: all records. */
	limit?: number;
	isWanted?: RecordFilter;
	pageSize: number;
	maxConcurrentRequests: number;
	/** Whether to stop where ITNIO lists fewer records than it counts. Absent: stop. */
	incompleteLists?: (typeof INCOMPLETE_LISTS)[number];
	/** What to tell the user about the range. */
	hint?: string;
}

const INCOMPLETE_LISTS = ['stop', 'continue'] as const;

const DEFAULT_PAGE_SIZE = 100;
const DEFAULT_MAX_CONCURRENT_REQUESTS = 20;

/**
 * @param workflowZone zone of times without an offset, unless the option "Timezone" is set
 * @throws UserError naming the field and what to enter
 */
export function createQuery(values: QueryValues, workflowZone: string, nowMs: number): RecordQuery {
	const options = values.options ?? {};
	const zone = readZone(options.timezone, workflowZone);
	const { hint, ...range } = readRange(values, DateTime.fromMillis(nowMs, { zone }));
	return {
		range,
		hint,
		zone,
		nowS: Math.floor(nowMs / 1000),
		limit: values.limit === undefined ? undefined : readLimit(values.limit),
		isWanted: createFilter(values.filters),
		incompleteLists: readChoice(options.incompleteLists ?? 'stop', 'Incomplete Lists', INCOMPLETE_LISTS),
		...readPaging(options),
	};
}

export const DEFAULT_LIMIT = 50;

/** @throws UserError unless it is a whole number of 1 or more */
export function readLimit(value: unknown): number {
	return readWholeNumber(value, 'Limit', { min: 1 });
}

/** @throws UserError naming the field and its limits */
export function readPaging(options: PagingValues): Pick<RecordQuery, 'pageSize' | 'maxConcurrentRequests'> {
	const concurrency = options.maxConcurrentRequests ?? DEFAULT_MAX_CONCURRENT_REQUESTS;
	return {
		pageSize: readWholeNumber(options.pageSize ?? DEFAULT_PAGE_SIZE, 'Page Size', { min: 1, max: 100 }),
		maxConcurrentRequests: readWholeNumber(concurrency, 'Max Concurrent Requests', { min: 1, max: 20 }),
	};
}

/** @throws UserError unless it is a timezone of IANA; the zone of the workflow if it is empty */
export function readZone(value: unknown, workflowZone: string): string {
	const zone = isEmpty(value) ? workflowZone : textOf(value);
	if (zone !== null && IANAZone.create(zone).isValid) return zone;
	throw new UserError(notValid('Timezone', 'timezone', value), {
		description: 'Enter an IANA timezone name, e.g. Asia/Singapore or Europe/Berlin',
	});
}
