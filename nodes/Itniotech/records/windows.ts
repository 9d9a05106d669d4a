import { DateTime } from 'luxon';
import type { TimeSpan } from '../api/types';
import { DAY_S, HOUR_S, type TimeRange } from './calendar';

/** Longest range of one request. Source: the vendor's page "voice message record". */
const MAX_WINDOW_S = 31 * 24 * 60 * 60;

/** No two months are shorter. It spares most requests the slow calendar. */
const MIN_RETENTION_S = 59 * DAY_S;
/** Longer than a range takes to read. */
const URGENT_S = 60 * 60;
/** `earliestTime` leaves a minute for reading; the last seconds of it are for a request that is on its way. */
const MAX_MARGIN_USE_S = 50;

/**
 * The API goes back two months (source: the vendor's page "voice message record"), by its own calendar. One minute less
 * here, so that the records are still there when their page is read.
 */
export function earliestTime(now: DateTime): DateTime {
	return now.setZone('UTC+8').minus({ months: 2 }).startOf('second').plus({ minutes: 1 }).setZone(now.zone);
}

/** Newest first. Neighbours share one second: no record is lost between them if the API excludes the ends of a window. */
export function cutIntoWindows({ fromS, toS }: TimeRange): TimeRange[] {
	const windows: TimeRange[] = [];
	for (let end = toS; ; end = windows[windows.length - 1].fromS + 1) {
		const start = Math.max(fromS, end - MAX_WINDOW_S);
		windows.push({ fromS: start, toS: end });
		if (start === fromS) return windows;
	}
}

/**
 * The two months that the API goes back. They move on while a long range is read, so the part that they would leave
 * behind is read first, and what they have left behind is cut off rather than requested, which the API would refuse.
 */
export class Retention {
	/** Where reading began because the API no longer had what was before. Unix time in seconds. */
	cutOffS?: number;

	/** @param now Unix time of the service in milliseconds */
	constructor(private readonly now: () => number) {}

	/** Windows newest first, but what the API will soon no longer have before all others. */
	cutIntoWindows({ fromS, toS }: TimeRange): TimeRange[] {
		if (this.isRecent(fromS)) return cutIntoWindows({ fromS, toS });
		const urgentToS = this.earliestS() + URGENT_S;
		if (fromS >= urgentToS || toS <= urgentToS) return cutIntoWindows({ fromS, toS });
		return [{ fromS, toS: urgentToS }, ...cutIntoWindows({ fromS: urgentToS - 1, toS })];
	}

	/** @returns what the API still has of a range, `undefined` for nothing */
	cutOff(range: TimeRange): TimeRange | undefined {
		if (!this.hasLeft(range)) return range;
		const fromS = this.earliestS();
		this.cutOffS = fromS;
		return fromS <= range.toS ? { fromS, toS: range.toS } : undefined;
	}

	/** Whether the API has, or will within seconds have, less than the whole range. */
	hasLeft({ fromS }: TimeRange): boolean {
		return !this.isRecent(fromS) && fromS < this.earliestS() - MAX_MARGIN_USE_S;
	}

	/** Whether the API will have a time for more than `URGENT_S`. */
	private isRecent(seconds: number): boolean {
		return seconds > this.now() / 1000 - MIN_RETENTION_S + 2 * URGENT_S;
	}

	private earliestS(): number {
		return earliestTime(DateTime.fromMillis(this.now(), { zone: 'utc' })).toSeconds();
	}
}

/** Halves of a window of more than two seconds. They share one second, as windows do. */
export function cutInHalf({ fromS, toS }: TimeRange): [newer: TimeRange, older: TimeRange] {
	const middleS = Math.floor((fromS + toS) / 2);
	return [
		{ fromS: middleS, toS },
		{ fromS, toS: middleS + 1 },
	];
}

/** An hour of yesterday: past for the service too, unless the clock of this server is off by more than a day. */
export function pastHour(nowMs: number): TimeSpan {
	const toS = Math.floor(nowMs / 1000) - DAY_S;
	return toTimeSpan({ fromS: toS - HOUR_S, toS });
}

/** A range as the API documents it: to the second, with the offset `+08:00`. */
export function toTimeSpan({ fromS, toS }: TimeRange): TimeSpan {
	return { strTime: toApiTime(fromS), endTime: toApiTime(toS) };
}

function toApiTime(seconds: number): string {
	return DateTime.fromSeconds(seconds, { zone: 'UTC+8' }).toFormat("yyyy-MM-dd'T'HH:mm:ssZZ");
}
