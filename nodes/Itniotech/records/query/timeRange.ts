import { DateTime, IANAZone, type Zone } from 'luxon';
import { UserError } from 'n8n-workflow';
import { rangeOfDays, type DayUnit, type TimeRange } from '../calendar';
import { earliestTime } from '../windows';
import { notValid, readChoice, readText } from './parameters';

export interface TimeRangeValues {
	timeRange: unknown;
	startTime?: unknown;
	endTime?: unknown;
}

interface ChosenRange extends TimeRange {
	hint?: string;
}

/** By the clock that was asked, which may be off. */
export class FutureStartError extends UserError {
	readonly aheadMs: number;

	constructor(start: DateTime, now: DateTime) {
		super('"Start Time" is in the future', {
			description: `It is ${format(start)}, but the current time is ${format(now)}`,
		});
		this.aheadMs = start.toMillis() - now.toMillis();
	}
}

interface NamedRange {
	displayName: string;
	description?: string;
	/** @param now in the zone that days and months are in */
	read(now: DateTime, values: TimeRangeValues, earliest: DateTime): ChosenRange;
}

export const TIME_RANGES = {
	lastHour: { displayName: 'Last Hour', read: lastHours(1) },
	last24Hours: { displayName: 'Last 24 Hours', read: lastHours(24) },
	today: { displayName: 'Today', description: 'From midnight until now', read: calendarUnit('day', 0) },
	yesterday: {
		displayName: 'Yesterday',
		description: 'The whole calendar day before today',
		read: calendarUnit('day', 1),
	},
	last7Days: { displayName: 'Last 7 Days', read: lastHours(7 * 24) },
	thisWeek: { displayName: 'This Week', description: 'From Monday until now', read: calendarUnit('week', 0) },
	lastWeek: {
		displayName: 'Last Week',
		description: 'The whole week before this one, Monday to Sunday',
		read: calendarUnit('week', 1),
	},
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
/** Two months ago is earlier in another zone: by up to 3 days on 28 February (UTC+8: 1 March), by an hour with summer time. */
const RETENTION_TOLERANCE = { days: 3, hours: 2 };
/** Dates without a time of day, and what each stands for. */
const DATES: Array<[RegExp, DayUnit]> = [
	[/^\d{4}-(\d\d-\d\d|\d{3}|W\d\d-\d)$/, 'day'],
	[/^\d{4}-W\d\d$/, 'week'],
	[/^\d{4}-\d\d$/, 'month'],
];

const HOW_TO_WRITE = 'Enter it like 2026-11-01T08:30:00, or with an offset like 2026-11-01T08:30:00+08:00';

const WRITTEN_OFFSET = /(Z|[+-]\d\d(:?\d\d)?)(\[.*\])?$/i;
/** Luxon takes any offset, and does not say whether the clocks of a zone that is written by its name skip the time or repeat it. */
const UNCLEAR_ZONE =
	/[T ].*[+-](1[5-9]|[2-9]\d|\d\d:?[6-9]\d)(:?\d\d)?(\[.*\])?$|(?<!Z|[+-]\d\d(:?\d\d)?)\[| [a-z]{2}\S*$/i;
/** As databases write it. */
const UTC_BY_NAME = /(?<=\d) ?(UTC|GMT)$/i;

/** Times that say no seconds, or no minutes, and how long each of them lasts. */
const COARSE_TIMES: Array<[RegExp, { hours?: number; minutes?: number }]> = [
	[/[T ](?!24)\d\d(\s*(Z|[+-]\d\d(:?\d\d)?))?(\[.*\])?$/i, { hours: 1 }],
	[/[T ](?!24)\d\d:?\d\d(\s*(Z|[+-]\d\d(:?\d\d)?))?(\[.*\])?$/i, { minutes: 1 }],
];

/**
 * The chosen range. Both ends belong to it, so a day ends with its last second.
 * @param now in the zone of days, months and times without an offset
 * @param earliest what a custom range cannot begin before: by default the oldest call record
 * @throws UserError naming the field and the way out
 */
export function readRange(values: TimeRangeValues, now: DateTime, earliest = earliestTime(now)): ChosenRange {
	const name = readChoice(values.timeRange, 'Time Range', TIME_RANGE_NAMES);
	const range: NamedRange = TIME_RANGES[name];
	return range.read(now, values, earliest);
}

function lastHours(hours: number): NamedRange['read'] {
	return (now) => {
		const nowS = Math.floor(now.toSeconds());
		// The present second counts, so that 31 days and the second before them fit into one window.
		return { fromS: nowS - hours * 3600 + 1, toS: nowS };
	};
}

/** @param back 0 for the one that now is in, up to now; 1 for the one before */
function calendarUnit(unit: DayUnit, back: 0 | 1): NamedRange['read'] {
	return (now) => {
		const date = now.setZone('utc', { keepLocalTime: true }).minus({ [unit]: back });
		const { fromS, toS } = rangeOfDays(IANAZone.create(now.zone.name), unit, date);
		return { fromS, toS: Math.min(toS, Math.floor(now.toSeconds())) };
	};
}

function readCustomRange(
	now: DateTime,
	{ startTime, endTime }: TimeRangeValues,
	earliest: DateTime,
): ChosenRange {
	const start = readTime(startTime, 'Start Time', now).first;
	const end = readTime(endTime, 'End Time', now).last;
	if (start > end) {
		throw new UserError('"Start Time" is after "End Time"', {
			description: `The range is ${format(start)} to ${format(end)}: swap the two or correct one`,
		});
	}
	if (start > now) throw new FutureStartError(start, now);
	if (start.plus(RETENTION_TOLERANCE) < earliest || end < earliest) {
		throw new UserError('"Start Time" is more than two months ago', {
			description: `ITNIO TECH keeps call records for two months: choose ${format(earliest)} or later`,
		});
	}
	return {
		fromS: Math.floor(DateTime.max(start, earliest).toSeconds()),
		toS: Math.floor(DateTime.min(end, now).toSeconds()),
		...(start < earliest && {
			hint: `ITNIO TECH keeps call records for two months, so the range starts at ${format(earliest)} instead of ${format(start)}`,
		}),
	};
}

/**
 * A moment that a person sets, e.g. the start of something. One that occurs twice is the first.
 * @param now in the zone of times without an offset
 * @throws UserError naming the field, also for a date without a time of day, and for a time that the clocks skip
 */
export function readMoment(value: unknown, displayName: string, now: DateTime): DateTime {
	const text = readText(toIso(value), displayName, HOW_TO_WRITE);
	if (DATES.some(([pattern]) => pattern.test(text.trim()))) {
		throw new UserError(`"${displayName}" has no time of day: ${text}`, { description: HOW_TO_WRITE });
	}
	const { first, isSkipped } = readTime(value, displayName, now);
	if (isSkipped) {
		throw new UserError(`"${displayName}" does not exist in ${now.zoneName}: ${text}`, {
			description: `The clocks are set forward then. Choose another time, e.g. ${format(first)}.`,
		});
	}
	return first;
}

/**
 * The first and the last moment that a text stands for: of a date, its day; of a time without seconds, its minute; of a time
 * that occurs twice when the clocks go back, both; of one that the clocks skip, what comes right after. A time with an offset
 * keeps its moment; one without is in the zone of `now`.
 */
function readTime(
	value: unknown,
	displayName: string,
	{ zone }: DateTime,
): { first: DateTime; last: DateTime; isSkipped?: boolean } {
	const howToSet = 'Pick a date and time, or choose another "Time Range"';
	const entered = readText(toIso(value), displayName, howToSet);
	const text = entered.replace(UTC_BY_NAME, 'Z');
	const unit = DATES.find(([pattern]) => pattern.test(text))?.[1];
	const timeIn = (one: Zone | string) =>
		[DateTime.fromISO(text, { zone: one }), DateTime.fromSQL(text, { zone: one })].find(
			(time) => time.isValid,
		);
	const [time, written] = [timeIn(unit ? 'utc' : zone), timeIn('utc')];
	// Without a date it would be a time of the host's today.
	if (!time || !written || !/^\d{4}-/.test(text) || UNCLEAR_ZONE.test(text)) {
		throw new UserError(notValid(displayName, 'date and time', entered), {
			description: HOW_TO_WRITE,
		});
	}
	if (unit) {
		const { fromS, toS } = rangeOfDays(IANAZone.create(zone.name), unit, time);
		return { first: DateTime.fromSeconds(fromS, { zone }), last: DateTime.fromSeconds(toS, { zone }) };
	}
	const hasOffset = WRITTEN_OFFSET.test(text);
	const passes = hasOffset ? [time] : time.getPossibleOffsets();
	const last = passes[passes.length - 1];
	const length = COARSE_TIMES.find(([pattern]) => pattern.test(text))?.[1];
	const isSkipped = !hasOffset && +time.setZone('utc', { keepLocalTime: true }) !== +written;
	return {
		// Luxon moves a skipped time on by what the clocks skip.
		first: isSkipped ? time.startOf('hour') : passes[0],
		last: length ? last.plus(length).minus({ seconds: 1 }) : last,
		isSkipped,
	};
}

/** An expression may return a luxon DateTime or a Date, each from another copy of its class. An invalid one has only its text. */
function toIso(value: unknown): unknown {
	if (typeof value !== 'object' || value === null) return value;
	try {
		if ('toISO' in value && typeof value.toISO === 'function') return value.toISO() ?? String(value);
		if ('toISOString' in value && typeof value.toISOString === 'function') return value.toISOString();
	} catch {
		return String(value);
	}
	return value;
}

function format(time: DateTime): string {
	return time.toFormat("yyyy-MM-dd HH:mm:ss 'UTC'ZZ");
}
