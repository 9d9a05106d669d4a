import { DateTime, IANAZone } from 'luxon';
import { rangeOfDays, type DayUnit } from '../../records/calendar';
import type { TimeRange } from '../../records/windows';

export const COMPARISONS = {
	nothing: { displayName: 'Nothing' },
	previousPeriod: {
		displayName: 'Previous Period',
		description: 'The time before, of the same length; for days, weeks and months the one before',
	},
	weekEarlier: { displayName: 'A Week Earlier', description: 'The same time a week before' },
};

export type ComparisonName = keyof typeof COMPARISONS;

export const COMPARISON_NAMES = Object.keys(COMPARISONS) as ComparisonName[];

/** The time ranges that are a unit of the calendar; the first of each has not ended yet. */
const UNITS: Record<string, DayUnit> = {
	today: 'day',
	yesterday: 'day',
	thisWeek: 'week',
	lastWeek: 'week',
	thisMonth: 'month',
	lastMonth: 'month',
};
const UNFINISHED = ['today', 'thisWeek', 'thisMonth'];
const DAY_S = 24 * 3600;
/** Offsets from UTC change at whole quarters of an hour. */
const STEP_S = 15 * 60;

interface Compared {
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
	{ timeRange, range, zone }: Compared,
): EarlierRange {
	const { fromS, toS } = range;
	if (compareWith === 'weekEarlier') {
		const earlier = { fromS: earlierS(fromS, 'week', zone), toS: earlierS(toS, 'week', zone) };
		return { range: earlier, toLater: shiftByDays(7, zone) };
	}
	const unit = UNITS[String(timeRange)];
	if (!unit) {
		const seconds = toS - fromS + 1;
		const isDays = seconds % DAY_S === 0;
		return {
			range: { fromS: fromS - seconds, toS: fromS - 1 },
			toLater: isDays ? shiftByDays(seconds / DAY_S, zone) : (atS) => atS + seconds,
		};
	}
	const first = dateAt(fromS, zone);
	const firstEarlier = dateAt(fromS - 1, zone).startOf(unit);
	const earlier = rangeOfDays(IANAZone.create(zone), unit, firstEarlier);
	if (UNFINISHED.includes(String(timeRange))) {
		earlier.toS = Math.min(earlier.toS, earlierS(toS, unit, zone));
	}
	return { range: earlier, toLater: shiftByDays(first.diff(firstEarlier, 'days').days, zone) };
}

/** The local date, as midnight in UTC. */
function dateAt(seconds: number, zone: string): DateTime {
	return DateTime.fromSeconds(seconds, { zone }).setZone('utc', { keepLocalTime: true }).startOf('day');
}

/** The same local time a day, week or month before. */
function earlierS(seconds: number, unit: DayUnit, zone: string): number {
	return DateTime.fromSeconds(seconds, { zone })
		.minus({ [unit]: 1 })
		.toSeconds();
}

/** By the local clock, so that 8 o'clock is compared with 8 o'clock also where the clocks change in between. */
function shiftByDays(days: number, zone: string): TimeShift {
	const shifts = new Map<number, number>();
	return (seconds) => {
		const step = Math.floor(seconds / STEP_S);
		let shift = shifts.get(step);
		if (shift === undefined) {
			const time = DateTime.fromSeconds(step * STEP_S, { zone });
			shift = time.plus({ days }).toSeconds() - step * STEP_S;
			shifts.set(step, shift);
		}
		return seconds + shift;
	};
}
