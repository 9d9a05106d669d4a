import { DAY_MS, HOUR_MS } from '../../support/times';

const MINUTE_MS = 60_000;

/** Part of a day in minutes; `to` is not in it. */
export interface Hours {
	from: number;
	to: number;
}

/** Date and time without an offset, as tasks have them. */
export function taskTime(ms: number, zoneHours: number): string {
	return new Date(ms + zoneHours * HOUR_MS).toISOString().slice(0, 19).replace('T', ' ');
}

/** Milliseconds since 1970, or undefined where it is not exactly `yyyy-MM-dd HH:mm:ss`. */
export function parseTaskTime(text: unknown, zoneHours: number): number | undefined {
	if (typeof text !== 'string' || !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)) return undefined;
	const ms = Date.parse(`${text.replace(' ', 'T')}Z`) - zoneHours * HOUR_MS;
	return Number.isNaN(ms) || taskTime(ms, zoneHours) !== text ? undefined : ms;
}

/** Minutes of the day, or undefined where it is not exactly `HH:mm`. */
export function parseHourOfDay(text: unknown): number | undefined {
	const match = typeof text === 'string' && /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text);
	return match ? Number(match[1]) * 60 + Number(match[2]) : undefined;
}

/** The first moment from `ms` on that is within one of the hours (no hours: every moment is); Infinity: none is. */
export function nextCallingTime(ms: number, hours: Hours[], { zoneHours, wraps }: Zone): number {
	if (hours.length === 0) return ms;
	const local = ms + zoneHours * HOUR_MS;
	const midnight = Math.floor(local / DAY_MS) * DAY_MS;
	const minute = (local - midnight) / MINUTE_MS;
	const open = hours.flatMap(({ from, to }) =>
		from < to ? [{ from, to }] : wraps ? overMidnight(from, to) : [],
	);
	if (open.length === 0) return Infinity;
	if (open.some(({ from, to }) => minute >= from && minute < to)) return ms;
	const starts = open.map(({ from }) => (from >= minute ? from : from + 24 * 60));
	return midnight + Math.min(...starts) * MINUTE_MS - zoneHours * HOUR_MS;
}

interface Zone {
	zoneHours: number;
	wraps: boolean;
}

function overMidnight(from: number, to: number): Hours[] {
	return [
		{ from: 0, to },
		{ from, to: 24 * 60 },
	];
}
