import { DateTime } from 'luxon';
import type { WireRecord } from '../../api/types';
import { Calendar, type DayUnit, type Period, type TimeRange } from '../../records/calendar';
import { clockText } from '../../records/output/text';
import { realTimeOf } from '../../records/record';
import type { CallFacts } from '../figures/callFacts';
import { Tally } from './tally';

/** A bar for each hour of a longer range could not be read, nor a bar for each day of one longer than this. */
const MAX_HOURS = 49;
const MAX_DAYS = 35;

interface TrendLine {
	label: string;
	/** Makes sense alone: with the day of an hour where there are several. */
	fullLabel: string;
	/** Whether an hour is the first one of its day, where there are several days. */
	isNewDay?: boolean;
	tally: Tally;
}

interface Trend {
	unit: 'hour' | 'day' | 'week';
	lines: TrendLine[];
}

/** Share of answered calls by local hour and weekday. */
interface HeatMap {
	/** In the order of the week. */
	weekdays: string[];
	rows: Array<{ hour: string; tallies: Tally[] }>;
}

/** Calls by hour, from which days, weeks and weekdays are added up. */
export class HourlyCalls {
	/** Calls whose submit time cannot be read. */
	untimed = 0;
	private readonly tallies = new Map<Period, Tally>();
	private readonly hours: Calendar;

	/** @param zone timezone of hours and days */
	constructor(
		private readonly range: TimeRange,
		private readonly zone: string,
	) {
		this.hours = new Calendar('hour', zone);
	}

	add(record: WireRecord, facts: CallFacts): void {
		const seconds = realTimeOf(record.submitTime);
		if (seconds === null) this.untimed++;
		else this.tallyOf(this.hours.periodAt(seconds)).add(facts);
	}

	/** A line for each hour, day or week, as the length of the range suggests, also for those without calls. */
	trend(): Trend {
		const range = this.rangeOfCalls();
		const days = new Calendar('day', this.zone).periodsIn(range);
		if (days.length > MAX_DAYS) return { unit: 'week', lines: this.linesBy('week', range) };
		const hours = this.hours.periodsIn(range);
		if (hours.length > MAX_HOURS) return { unit: 'day', lines: this.linesBy('day', range) };
		return { unit: 'hour', lines: this.hourLines(hours) };
	}

	/** A call that ITNIO lists by another time than its submit time may lie outside the range. */
	private rangeOfCalls(): TimeRange {
		const { fromS, toS } = this.range;
		const outside = [...this.tallies.keys()].filter(({ range }) => range.toS < fromS || range.fromS > toS);
		return {
			fromS: Math.min(fromS, ...outside.map(({ range }) => range.fromS)),
			toS: Math.max(toS, ...outside.map(({ range }) => range.toS)),
		};
	}

	/** Without the hours before the first and after the last one with calls. */
	heatMap(): HeatMap {
		const byCell = new Map<string, Tally>();
		for (const [{ range }, tally] of this.tallies) {
			const time = DateTime.fromSeconds(range.fromS, { zone: this.zone });
			addTo(byCell, `${time.weekday} ${time.hour}`, tally);
		}
		const weekdays = [1, 2, 3, 4, 5, 6, 7].filter((day) =>
			[...byCell.keys()].some((key) => key.startsWith(`${day} `)),
		);
		const hours = [...byCell].filter(([, { calls }]) => calls > 0).map(([key]) => Number(key.slice(2)));
		const [first, last] = [Math.min(...hours), Math.max(...hours)];
		return {
			weekdays: weekdays.map((day) => DateTime.utc(2024, 1, day, { locale: 'en' }).toFormat('ccc')),
			rows: Array.from({ length: hours.length === 0 ? 0 : last - first + 1 }, (_, index) => ({
				hour: String(first + index).padStart(2, '0'),
				tallies: weekdays.map((day) => byCell.get(`${day} ${first + index}`) ?? new Tally()),
			})),
		};
	}

	private tallyOf(hour: Period): Tally {
		let tally = this.tallies.get(hour);
		if (!tally) {
			tally = new Tally();
			this.tallies.set(hour, tally);
		}
		return tally;
	}

	private hourLines(periods: Period[]): TrendLine[] {
		const hours = periods.map((hour) => ({ hour, time: this.dateAt(hour.range.fromS) }));
		const hasDays = new Set(hours.map(({ time }) => time.toISODate())).size > 1;
		let lastDay = '';
		return hours.map(({ hour, time }) => {
			const day = hasDays ? time.toFormat('ccc d LLL ') : '';
			const isNewDay = day !== lastDay;
			lastDay = day;
			const fullLabel = day + clockText(time);
			return {
				label: isNewDay ? fullLabel : clockText(time),
				fullLabel,
				isNewDay,
				tally: this.tallyOf(hour),
			};
		});
	}

	private linesBy(unit: DayUnit & Trend['unit'], rangeOfCalls: TimeRange): TrendLine[] {
		const calendar = new Calendar(unit, this.zone);
		const sums = new Map(calendar.periodsIn(rangeOfCalls).map((period) => [period, new Tally()]));
		for (const [{ range }, tally] of this.tallies) addTo(sums, calendar.periodAt(range.fromS), tally);
		return [...sums].map(([{ range }, tally]) => {
			if (unit === 'week') return { ...this.weekLabels(range, rangeOfCalls), tally };
			const label = this.dateAt(range.fromS).toFormat('ccc d LLL');
			return { label, fullLabel: label, tally };
		});
	}

	/** The first and the last week may be in the range only in part. */
	private weekLabels(week: TimeRange, range: TimeRange): Omit<TrendLine, 'tally'> {
		const [fromS, toS] = [Math.max(week.fromS, range.fromS), Math.min(week.toS, range.toS)];
		const [first, last] = [this.dateAt(fromS), this.dateAt(toS)];
		const start = first.toFormat(first.hasSame(last, 'month') ? 'd' : 'd LLL');
		return {
			label: `${first.hasSame(last, 'day') ? '' : `${start}–`}${last.toFormat('d LLL')}`,
			fullLabel: `week of ${this.dateAt(week.fromS).toFormat('d LLL')}`,
		};
	}

	private dateAt(seconds: number): DateTime {
		return DateTime.fromSeconds(seconds, { zone: this.zone, locale: 'en' });
	}
}

/** Joins lines without calls, so that a quiet night takes one. Where they end on a later day, the label says which. */
export function foldEmpty(lines: TrendLine[]): TrendLine[] {
	const folded: Array<TrendLine & { first: string; hasNewDay?: boolean }> = [];
	for (const line of lines) {
		const last = folded[folded.length - 1];
		if (last?.tally.calls === 0 && line.tally.calls === 0) {
			last.hasNewDay ||= line.isNewDay;
			const end = last.hasNewDay ? line.fullLabel : line.label;
			last.label = `${last.first}${`${last.first}${end}`.includes(' ') ? ' to ' : '–'}${end}`;
		} else folded.push({ ...line, first: line.label });
	}
	return folded;
}

function addTo<K>(sums: Map<K, Tally>, key: K, tally: Tally): void {
	const sum = sums.get(key) ?? new Tally();
	sum.addAll(tally);
	sums.set(key, sum);
}
