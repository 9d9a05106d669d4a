import { DateTime, IANAZone } from 'luxon';
import type { TimeRange } from './windows';

/** A day or an hour in a timezone. */
export interface Period {
	/** `2026-11-20` for a day; for an hour its start with offset, `2026-11-20T13:00+08:00`. */
	key: string;
	range: TimeRange;
}

/** Offsets from UTC are whole quarters of an hour today, and change at one. */
const STEP_S = 15 * 60;

/**
 * Days or hours in a timezone, daylight saving included: a day may have 23 or 25 hours, and an hour that occurs twice
 * is two periods. A period is all quarters of an hour with the same day, or with the same hour and offset: luxon's
 * `startOf` and `plus` leave gaps where a zone moves by half an hour, and lose an hour where midnight occurs twice.
 */
export class Calendar {
	private readonly byStep = new Map<number, Period>();

	private readonly zone: IANAZone;

	constructor(
		private readonly unit: 'day' | 'hour',
		zone: string,
	) {
		this.zone = IANAZone.create(zone);
	}

	/** The day or hour that contains a time. Unix time in seconds. */
	periodAt(seconds: number): Period {
		const step = Math.floor(seconds / STEP_S);
		return this.byStep.get(step) ?? this.addPeriod(step);
	}

	/** The days or hours of a range, first to last. */
	periodsIn({ fromS, toS }: TimeRange): Period[] {
		const periods: Period[] = [];
		for (let atS = fromS; atS <= toS; atS = periods[periods.length - 1].range.toS + 1) {
			periods.push(this.periodAt(atS));
		}
		return periods;
	}

	private addPeriod(step: number): Period {
		const name = this.nameOf(step);
		let [first, next] = [step, step + 1];
		while (this.nameOf(first - 1) === name) first--;
		while (this.nameOf(next) === name) next++;
		const start = DateTime.fromSeconds(first * STEP_S, { zone: this.zone });
		const key = start.toFormat(this.unit === 'day' ? 'yyyy-MM-dd' : "yyyy-MM-dd'T'HH:mmZZ");
		const period = { key, range: { fromS: first * STEP_S, toS: next * STEP_S - 1 } };
		for (let at = first; at < next; at++) this.byStep.set(at, period);
		return period;
	}

	/** Equal for all steps of one day or hour. */
	private nameOf(step: number): string {
		const offsetS = this.zone.offset(step * STEP_S * 1000) * 60;
		const localS = step * STEP_S + offsetS;
		return this.unit === 'day' ? `${Math.floor(localS / 86_400)}` : `${Math.floor(localS / 3600)} ${offsetS}`;
	}
}
