import { DateTime } from 'luxon';
import { UserError } from 'n8n-workflow';
import { notValid, readChoice, readText } from './parameters';
import type { TimeRange } from './windows';

export interface TimeRangeValues {
	timeRange: unknown;
	startTime?: unknown;
	endTime?: unknown;
}

interface NamedRange {
	displayName: string;
	description?: string;
	/** @param now in the zone that days and months are in */
	read(now: DateTime, values: TimeRangeValues): TimeRange;
}

/** The choices of "Time Range". */
export const TIME_RANGES = {
	last24Hours: { displayName: 'Last 24 Hours', read: lastHours(24) },
	today: { displayName: 'Today', description: 'From midnight until now', read: calendarUnit('day', 0) },
	yesterday: {
		displayName: 'Yesterday',
		description: 'The whole calendar day before today',
		read: calendarUnit('day', 1),
	},
	last7Days: { displayName: 'Last 7 Days', read: lastHours(7 * 24) },
	last31Days: { displayName: 'Last 31 Days', read: lastHours(31 * 24) },
	thisMonth: {
		displayName: 'This Month',
		description: 'From the first of this month until now',
		read: calendarUnit('month', 0),
	},
	lastMonth: {
		displayName: 'Last Month',
		description: 'The whole calendar month before this one',
		read: calendarUnit('month', 1),
	},
	custom: { displayName: 'Custom', description: 'From a start time to an end time', read: readCustomRange },
} satisfies Record<string, NamedRange>;

const TIME_RANGE_NAMES = Object.keys(TIME_RANGES) as Array<keyof typeof TIME_RANGES>;
/** An expression such as `$now.minus({ months: 2 })` was evaluated a moment before the check. */
const RETENTION_TOLERANCE_S = 5 * 60;

/**
 * The chosen range. Both ends belong to it, so a day ends with its last second.
 * @param now in the zone of days, months and times without an offset
 * @throws UserError naming the field and the way out
 */
export function readRange(values: TimeRangeValues, now: DateTime): TimeRange {
	return TIME_RANGES[readChoice(values.timeRange, 'Time Range', TIME_RANGE_NAMES)].read(now, values);
}

/**
 * The API goes back two months (source: the vendor's page "voice message record"), by its own calendar. One minute less
 * here, so that the records are still there when their page is read.
 */
export function earliestTime(now: DateTime): DateTime {
	return now.setZone('UTC+8').minus({ months: 2 }).setZone(now.zone).startOf('second').plus({ minutes: 1 });
}

function lastHours(hours: number): NamedRange['read'] {
	return (now) => {
		const nowS = Math.floor(now.toSeconds());
		// The present second counts, so that 31 days and the second before them fit into one window.
		return { fromS: nowS - hours * 3600 + 1, toS: nowS };
	};
}

function calendarUnit(unit: 'day' | 'month', back: number): NamedRange['read'] {
	return (now) => {
		const time = now.minus({ [unit]: back });
		const endS = time.endOf(unit).startOf('second').toSeconds();
		return { fromS: time.startOf(unit).toSeconds(), toS: Math.min(Math.floor(now.toSeconds()), endS) };
	};
}

function readCustomRange(now: DateTime, { startTime, endTime }: TimeRangeValues): TimeRange {
	const start = readTime(startTime, 'Start Time', now);
	const end = readTime(endTime, 'End Time', now);
	const earliest = earliestTime(now);
	if (start > end) {
		throw new UserError('"Start Time" is after "End Time"', {
			description: `The range is ${format(start)} to ${format(end)}: swap the two or correct one`,
		});
	}
	if (start > now) {
		throw new UserError('"Start Time" is in the future', {
			description: `It is ${format(start)}, and there are no call records after ${format(now)}`,
		});
	}
	if (start.plus({ seconds: RETENTION_TOLERANCE_S }) < earliest || end < earliest) {
		throw new UserError('"Start Time" is more than two months ago', {
			description: `ITNIO TECH keeps call records for two months: choose ${format(earliest)} or later`,
		});
	}
	return {
		fromS: Math.floor(DateTime.max(start, earliest).toSeconds()),
		toS: Math.floor(DateTime.min(end, now).toSeconds()),
	};
}

/** A time with an offset keeps its moment; one without is in the zone of `now`. */
function readTime(value: unknown, displayName: string, { zone }: DateTime): DateTime {
	const text = readText(toIso(value), displayName, 'Pick a date and time, or choose another "Time Range"');
	const times = [DateTime.fromISO(text, { zone }), DateTime.fromSQL(text, { zone })];
	const time = times.find(({ isValid }) => isValid);
	// Without a date it would be a time of the host's today.
	if (time && /^\d{4}-/.test(text)) return time;
	throw new UserError(notValid(displayName, 'date and time', text), {
		description: 'Enter it like 2026-11-01T08:30:00, or with an offset like 2026-11-01T08:30:00+08:00',
	});
}

/** An expression may return a luxon DateTime or a Date, each of another copy of its class. */
function toIso(value: unknown): unknown {
	if (typeof value !== 'object' || value === null) return value;
	if ('toISO' in value && typeof value.toISO === 'function') return value.toISO();
	if ('toISOString' in value && typeof value.toISOString === 'function') return value.toISOString();
	return value;
}

function format(time: DateTime): string {
	return time.toFormat("yyyy-MM-dd HH:mm:ss 'UTC'ZZ");
}
