import { DateTime, IANAZone } from 'luxon';
import {
	Calendar,
	DAY_S,
	QUARTER_S,
	rangeOfDays,
	type DayUnit,
	type TimeRange,
} from '../../records/calendar';

export const COMPARISONS = {
	nothing: { displayName: 'Nothing' },
	previousPeriod: {
		displayName: 'Previous Period',
		description: 'The time before, of the same length; for days, weeks and months the one before',
	},
	weekEarlier: { displayName: 'A Week Earlier', description: 'The same time a week earlier' },
};

export type ComparisonName = keyof typeof COMPARISONS;

export const COMPARISON_NAMES = Object.keys(COMPARISONS) as ComparisonName[];

/** The time ranges that are a unit of the calendar; the first of each has not ended yet. */
const CALENDAR_UNITS: Record<string, DayUnit> = {
	today: 'day',
	yesterday: 'day',
	thisWeek: 'week',
	lastWeek: 'week',
	thisMonth: 'month',
	lastMonth: 'month',
};
const UNFINISHED = ['today', 'thisWeek', 'thisMonth'];

interface ComparedRange {
	/** The value of "Time Range". */
	timeRange: unknown;
	range: TimeRange;
	/** Timezone of days, weeks and months. */
	zone: string;
}

/** Unix time in seconds to Unix time in seconds. */
export type TimeShift = (seconds: number) => number;

export interface EarlierRange {
	range: TimeRange;
	/** The time in the range that is compared with one in the earlier range. */
	toLater: TimeShift;
}

/** The range to compare with. An unfinished day, week or month is compared with the same part of the one before. */
export function earlierRange(
	compareWith: Exclude<ComparisonName, 'nothing'>,
	{ timeRange, range, zone }: ComparedRange,
): EarlierRange {
	const { fromS, toS } = range;
	if (compareWith === 'weekEarlier') {
		const earlier = { fromS: earlierS(fromS, { days: 7 }, zone), toS: earlierS(toS, { days: 7 }, zone) };
		return { range: earlier, toLater: shiftByDays(7, zone) };
	}
	const unit = CALENDAR_UNITS[String(timeRange)];
	if (!unit)
		return timeRange === 'custom' && beginsWithDay(range, zone)
			? sameDaysBefore(range, zone)
			: timeBefore(range, zone);
	const firstEarlier = localDate(fromS - 1, zone).startOf(unit);
	const days = localDate(fromS, zone).diff(firstEarlier, 'days').days;
	const earlier = rangeOfDays(IANAZone.create(zone), unit, firstEarlier);
	if (UNFINISHED.includes(String(timeRange))) {
		// On the 31st, the whole month before, if that has 30 days.
		earlier.toS = Math.min(earlier.toS, earlierS(toS, { days }, zone));
	}
	return { range: earlier, toLater: shiftByDays(days, zone) };
}

function beginsWithDay({ fromS }: TimeRange, zone: string): boolean {
	return new Calendar('day', zone).periodAt(fromS).range.fromS === fromS;
}

/** As many local days before, to the same time of day. */
function sameDaysBefore({ fromS, toS }: TimeRange, zone: string): EarlierRange {
	// The first second of the next day, as of a range that ends with $today, is not a day.
	const last = localDate(Math.max(fromS, toS - 1), zone);
	const days = last.diff(localDate(fromS, zone), 'days').days + 1;
	const [earlierFromS, earlierToS] = [fromS, toS].map((seconds) => earlierS(seconds, { days }, zone));
	return {
		range: { fromS: earlierFromS, toS: Math.min(earlierToS, fromS - 1) },
		toLater: shiftByDays(days, zone),
	};
}

function timeBefore({ fromS, toS }: TimeRange, zone: string): EarlierRange {
	const seconds = toS - fromS + 1;
	const isDays = seconds % DAY_S === 0;
	return {
		range: { fromS: fromS - seconds, toS: fromS - 1 },
		toLater: isDays ? shiftByDays(seconds / DAY_S, zone) : (atS) => atS + seconds,
	};
}

/** The local date, as midnight in UTC. */
function localDate(seconds: number, zone: string): DateTime {
	return DateTime.fromSeconds(seconds, { zone }).setZone('utc', { keepLocalTime: true }).startOf('day');
}

function earlierS(seconds: number, length: { days: number }, zone: string): number {
	return DateTime.fromSeconds(seconds, { zone }).minus(length).toSeconds();
}

/** By the local clock, so that 8 o'clock is compared with 8 o'clock also where the clocks change in between. */
function shiftByDays(days: number, zone: string): TimeShift {
	const shifts = new Map<number, number>();
	return (seconds) => {
		const step = Math.floor(seconds / QUARTER_S);
		let shift = shifts.get(step);
		if (shift === undefined) {
			const time = DateTime.fromSeconds(step * QUARTER_S, { zone });
			shift = time.plus({ days }).toSeconds() - step * QUARTER_S;
			shifts.set(step, shift);
		}
		return seconds + shift;
	};
}
