import { DateTime, IANAZone } from 'luxon';

/** Unix times in whole seconds, both included. */
export interface TimeRange {
	fromS: number;
	toS: number;
}

export type DayUnit = 'day' | 'week' | 'month';

export interface Period {
	/** `2026-11-20`, `2026-W47`, `2026-11`; for an hour its start with offset, `2026-11-20T13:00+08:00`. */
	key: string;
	range: TimeRange;
}

const KEY_FORMATS = {
	hour: "yyyy-MM-dd'T'HH:mmZZ",
	day: 'yyyy-MM-dd',
	week: "kkkk-'W'WW",
	month: 'yyyy-MM',
};

export const HOUR_S = 60 * 60;
export const DAY_S = 24 * HOUR_S;
/** Offsets from UTC are whole quarters of an hour today, and change at one. */
export const QUARTER_S = HOUR_S / 4;
/** No zone is further from UTC. */
const MAX_OFFSET_S = 16 * HOUR_S;

/**
 * Hours, days, weeks (from Monday) or months in a timezone, daylight saving included: a day may have 23 or 25 hours, and
 * an hour that occurs twice is two periods. A period is all quarters of an hour with the same day, or with the same hour
 * and offset: luxon's `startOf` and `plus` leave gaps where a zone moves by half an hour, and lose an hour where midnight
 * occurs twice.
 */
export class Calendar {
	private readonly byStep = new Map<number, Period>();
	private readonly zone: IANAZone;

	constructor(
		private readonly unit: DayUnit | 'hour',
		zone: string,
	) {
		this.zone = IANAZone.create(zone);
	}

	/** The period that contains a time. Unix time in seconds. */
	periodAt(seconds: number): Period {
		const step = Math.floor(seconds / QUARTER_S);
		return this.byStep.get(step) ?? this.addPeriod(step);
	}

	periodsIn({ fromS, toS }: TimeRange): Period[] {
		const periods: Period[] = [];
		for (let atS = fromS; atS <= toS; atS = periods[periods.length - 1].range.toS + 1) {
			periods.push(this.periodAt(atS));
		}
		return periods;
	}

	private addPeriod(step: number): Period {
		const { unit, zone } = this;
		const range = unit === 'hour' ? this.hourAround(step) : rangeOfDays(zone, unit, dateAt(zone, step));
		const key = DateTime.fromSeconds(range.fromS, { zone }).toFormat(KEY_FORMATS[unit]);
		const period = { key, range };
		for (let atS = range.fromS; atS < range.toS; atS += QUARTER_S) this.byStep.set(atS / QUARTER_S, period);
		return period;
	}

	private hourAround(step: number): TimeRange {
		const nameOf = (at: number) => {
			const local = localS(this.zone, at);
			return `${Math.floor(local / 3600)} ${local - at * QUARTER_S}`;
		};
		const name = nameOf(step);
		let [first, next] = [step, step + 1];
		while (nameOf(first - 1) === name) first--;
		while (nameOf(next) === name) next++;
		return { fromS: first * QUARTER_S, toS: next * QUARTER_S - 1 };
	}
}

export function isWholeDays({ fromS, toS }: TimeRange, zone: string): boolean {
	const days = new Calendar('day', zone);
	return fromS === days.periodAt(fromS).range.fromS && toS === days.periodAt(toS).range.toS;
}

/** The day, week (from Monday) or month of a date in a timezone. The date is given in UTC. */
export function rangeOfDays(zone: IANAZone, unit: DayUnit, date: DateTime): TimeRange {
	const first = date.startOf(unit);
	return { fromS: startOfDay(zone, first), toS: startOfDay(zone, first.plus({ [unit]: 1 })) - 1 };
}

/** The first second of a date, or of the next one where the zone leaves it out. Dates never go back in any zone. */
function startOfDay(zone: IANAZone, midnightInUtc: DateTime): number {
	const midnightS = midnightInUtc.toSeconds();
	let before = (midnightS - MAX_OFFSET_S) / QUARTER_S;
	let start = (midnightS + MAX_OFFSET_S) / QUARTER_S;
	while (start - before > 1) {
		const middle = Math.floor((before + start) / 2);
		if (localS(zone, middle) < midnightS) before = middle;
		else start = middle;
	}
	return start * QUARTER_S;
}

/** What the clocks of a zone say at a step, in seconds since their 1970. */
function localS(zone: IANAZone, step: number): number {
	return step * QUARTER_S + zone.offset(step * QUARTER_S * 1000) * 60;
}

function dateAt(zone: IANAZone, step: number): DateTime {
	return DateTime.fromSeconds(localS(zone, step), { zone: 'utc' });
}
