import { DateTime, IANAZone } from 'luxon';
import { UserError } from 'n8n-workflow';
import { createFilter, type FilterValues, type RecordFilter } from './filters';
import { numberOf, textOf } from './record';
import type { TimeRange } from './windows';

/** What the user chose, as it comes from the form or from an expression. */
export interface QueryValues {
	timeRange: unknown;
	startTime?: unknown;
	endTime?: unknown;
	/** Left out: all records. */
	limit?: unknown;
	filters?: FilterValues | null;
	options?: (PagingValues & { timezone?: unknown }) | null;
}

interface PagingValues {
	pageSize?: unknown;
	maxConcurrentRequests?: unknown;
}

/** A checked wish for records. */
export interface RecordQuery {
	range: TimeRange;
	/** The timezone of days and hours. */
	zone: string;
	/** Unix time in seconds when the wish was made: no range reaches beyond it. */
	nowS: number;
	/** How many records at most; left out: all. */
	limit?: number;
	/** Left out: every record is wanted. */
	isWanted?: RecordFilter;
	/** Rows per page, 1 to 100. */
	pageSize: number;
	/** 1 to 20. */
	maxConcurrentRequests: number;
}

const DEFAULT_PAGE_SIZE = 100;
const DEFAULT_MAX_CONCURRENT_REQUESTS = 5;
/** An expression such as `$now.minus({ months: 2 })` is a moment older than the "now" that it is checked against. */
const RETENTION_TOLERANCE_S = 5 * 60;

/**
 * Checks what the user chose and makes a query of it.
 * @param workflowZone zone of times without an offset, where the option "Timezone" is not set
 * @throws UserError naming the field and the way out
 */
export function createQuery(values: QueryValues, workflowZone: string, nowMs: number): RecordQuery {
	const options = values.options ?? {};
	const zone = readZone(options.timezone, workflowZone);
	const now = DateTime.fromMillis(nowMs, { zone });
	return {
		range: readRange(values, now),
		zone,
		nowS: Math.floor(nowMs / 1000),
		limit: values.limit === undefined ? undefined : readWholeNumber(values.limit, 'Limit', 1),
		isWanted: createFilter(values.filters ?? {}),
		...readPaging(options),
	};
}

/**
 * How pages are read.
 * @throws UserError naming the field and the way out
 */
export function readPaging(options: PagingValues): Pick<RecordQuery, 'pageSize' | 'maxConcurrentRequests'> {
	const concurrency = options.maxConcurrentRequests ?? DEFAULT_MAX_CONCURRENT_REQUESTS;
	return {
		pageSize: readWholeNumber(options.pageSize ?? DEFAULT_PAGE_SIZE, 'Page Size', 1, 100),
		maxConcurrentRequests: readWholeNumber(concurrency, 'Max Concurrent Requests', 1, 20),
	};
}

function readZone(value: unknown, workflowZone: string): string {
	const zone = textOf(value) ?? workflowZone;
	if (IANAZone.isValidZone(zone)) return zone;
	throw new UserError(`"Timezone" is not known: ${zone}`, {
		description: 'Enter a name of the IANA time zone list, e.g. Asia/Singapore or Europe/Berlin',
	});
}

/**
 * A whole number from a form or an expression.
 * @throws UserError naming the field
 */
export function readWholeNumber(
	value: unknown,
	displayName: string,
	min: number,
	max = Number.MAX_SAFE_INTEGER,
): number {
	const number = numberOf(value);
	if (number !== null && Number.isInteger(number) && number >= min && number <= max) return number;
	const wanted = max === Number.MAX_SAFE_INTEGER ? `of ${min} or more` : `from ${min} to ${max}`;
	throw new UserError(`"${displayName}" must be a whole number ${wanted}`, {
		description: `It is ${textOf(value) ?? 'empty'} now`,
	});
}

/** Both ends belong to a range; a day ends with its last second. */
function readRange(values: QueryValues, now: DateTime): TimeRange {
	const nowS = Math.floor(now.toSeconds());
	// So many seconds, the present one among them: 31 days and the seam before them fit one window.
	const hoursBack = (hours: number) => ({ fromS: nowS - hours * 3600 + 1, toS: nowS });
	const wholeUnit = (unit: 'day' | 'month', back: number) => ({
		fromS: now
			.minus({ [unit]: back })
			.startOf(unit)
			.toSeconds(),
		toS: Math.min(
			nowS,
			now
				.minus({ [unit]: back })
				.endOf(unit)
				.startOf('second')
				.toSeconds(),
		),
	});
	switch (values.timeRange) {
		case 'last24Hours':
			return hoursBack(24);
		case 'last7Days':
			return hoursBack(7 * 24);
		case 'last31Days':
			return hoursBack(31 * 24);
		case 'today':
			return wholeUnit('day', 0);
		case 'yesterday':
			return wholeUnit('day', 1);
		case 'thisMonth':
			return wholeUnit('month', 0);
		case 'lastMonth':
			return wholeUnit('month', 1);
		case 'custom':
			return readCustomRange(values, now);
		default:
			throw new UserError(`"Time Range" cannot be "${textOf(values.timeRange) ?? ''}"`, {
				description:
					'Choose one of: last24Hours, today, yesterday, last7Days, last31Days, thisMonth, lastMonth, custom',
			});
	}
}

function readCustomRange({ startTime, endTime }: QueryValues, now: DateTime): TimeRange {
	const start = readTime(startTime, 'Start Time', now);
	const end = readTime(endTime, 'End Time', now);
	const earliest = earliestTime(now);
	if (start > end) {
		throw new UserError('"Start Time" is after "End Time"', {
			description: `It goes from ${show(start)} to ${show(end)} now: swap the two or correct one`,
		});
	}
	if (start > now) {
		throw new UserError('"Start Time" lies in the future', {
			description: `It is ${show(start)}, and there are no call records after ${show(now)}`,
		});
	}
	if (start.plus({ seconds: RETENTION_TOLERANCE_S }) < earliest || end < earliest) {
		throw new UserError('"Start Time" is more than two months ago', {
			description: `ITNIO TECH keeps call records for two months: choose ${show(earliest)} or later`,
		});
	}
	return {
		fromS: Math.floor(DateTime.max(start, earliest).toSeconds()),
		toS: Math.floor(DateTime.min(end, now).toSeconds()),
	};
}

/**
 * The API looks two months back (source: the vendor's page "voice message record"), by its own calendar; a minute less
 * here, so that what is asked for is still there when its turn comes.
 */
export function earliestTime(now: DateTime): DateTime {
	return now.setZone('UTC+8').minus({ months: 2 }).setZone(now.zone).startOf('second').plus({ minutes: 1 });
}

function readTime(value: unknown, displayName: string, now: DateTime): DateTime {
	const { zone } = now;
	const text = textOf(toIso(value));
	if (text === null) {
		throw new UserError(`"${displayName}" is empty`, {
			description: 'Pick a date and time, or choose another "Time Range"',
		});
	}
	// A time with its own offset keeps its moment; one without means the zone.
	const readings = [DateTime.fromISO(text, { zone }), DateTime.fromSQL(text, { zone })];
	const time = readings.find(({ isValid }) => isValid);
	// Without a date it would be a time of the host's today.
	if (time && /^\d{4}-/.test(text)) return time;
	throw new UserError(`"${displayName}" is no date and time: ${text.slice(0, 50)}`, {
		description: 'Enter it like 2026-11-01T08:30:00, or with an offset like 2026-11-01T08:30:00+08:00',
	});
}

/** An expression may give a luxon DateTime or a Date, both made by other copies of their class. */
function toIso(value: unknown): unknown {
	if (typeof value !== 'object' || value === null) return value;
	if ('toISO' in value && typeof value.toISO === 'function') return value.toISO();
	if ('toISOString' in value && typeof value.toISOString === 'function') return value.toISOString();
	return value;
}

function show(time: DateTime): string {
	return time.toFormat("yyyy-MM-dd HH:mm:ss 'UTC'ZZ");
}
