import { DateTime, IANAZone } from 'luxon';
import type { TimeRange } from '../records/windows';

/** A day or an hour of the calendar of a zone. */
export interface CalendarSpan extends TimeRange {
	/** `2026-11-20` for a day; for an hour its start with offset, `2026-11-20T13:00+08:00`. */
	key: string;
}

/** The zones of today are whole quarters of an hour from UTC, and change at one. */
const STEP_S = 15 * 60;

/**
 * Days or hours of a zone, daylight saving included: a day may have 23 or 25 hours, and an hour that comes twice is two.
 * A span is made of all quarters of an hour with the same day, or with the same hour and offset: luxon's `startOf` and
 * `plus` leave gaps where a zone moves by half an hour, and forget an hour where midnight comes twice.
 */
export class Calendar {
	private readonly byStep = new Map<number, CalendarSpan>();

	private readonly byKey = new Map<string, CalendarSpan>();

	private readonly zone: IANAZone;

	constructor(
		private readonly unit: 'day' | 'hour',
		zone: string,
	) {
		this.zone = IANAZone.create(zone);
	}

	/** The day or hour that a time lies in. Unix time in seconds. */
	spanOf(seconds: number): CalendarSpan {
		const step = Math.floor(seconds / STEP_S);
		return this.byStep.get(step) ?? this.makeSpan(step);
	}

	/** The days or hours of a range, first to last. */
	spansIn({ fromS, toS }: TimeRange): CalendarSpan[] {
		const spans: CalendarSpan[] = [];
		for (let at = fromS; at <= toS; at = spans[spans.length - 1].toS + 1) spans.push(this.spanOf(at));
		return spans;
	}

	/** A day or hour that was asked for before. */
	known(key: string | null): CalendarSpan | undefined {
		return this.byKey.get(key ?? '');
	}

	private makeSpan(step: number): CalendarSpan {
		const name = this.nameOf(step);
		let [first, next] = [step, step + 1];
		while (this.nameOf(first - 1) === name) first--;
		while (this.nameOf(next) === name) next++;
		const start = DateTime.fromSeconds(first * STEP_S, { zone: this.zone });
		const key = start.toFormat(this.unit === 'day' ? 'yyyy-MM-dd' : "yyyy-MM-dd'T'HH:mmZZ");
		const span = { key, fromS: first * STEP_S, toS: next * STEP_S - 1 };
		for (let at = first; at < next; at++) this.byStep.set(at, span);
		this.byKey.set(key, span);
		return span;
	}

	/** The same for the steps of one day or hour. */
	private nameOf(step: number): string {
		const offsetS = this.zone.offset(step * STEP_S * 1000) * 60;
		const localS = step * STEP_S + offsetS;
		return this.unit === 'day' ? `${Math.floor(localS / 86_400)}` : `${Math.floor(localS / 3600)} ${offsetS}`;
	}
}
