import { DateTime } from 'luxon';
import type { TimeSpan } from '../api/types';

/** Unix times in whole seconds, both included. */
export interface TimeRange {
	fromS: number;
	toS: number;
}

/** Longest range of one request. Source: the vendor's page "voice message record". */
const MAX_WINDOW_S = 31 * 24 * 60 * 60;

/** Newest first. Neighbours share one second: no record is lost between them if the API excludes the ends of a window. */
export function cutIntoWindows({ fromS, toS }: TimeRange): TimeRange[] {
	const windows: TimeRange[] = [];
	for (let end = toS; ; end = windows[windows.length - 1].fromS + 1) {
		const start = Math.max(fromS, end - MAX_WINDOW_S);
		windows.push({ fromS: start, toS: end });
		if (start === fromS) return windows;
	}
}

/** Halves of a window of at least two seconds. They share one second, as windows do. */
export function cutInHalf({ fromS, toS }: TimeRange): [newer: TimeRange, older: TimeRange] {
	const middleS = Math.floor((fromS + toS) / 2);
	return [
		{ fromS: middleS, toS },
		{ fromS, toS: middleS + 1 },
	];
}

/** A range as the API documents it: to the second, with the offset `+08:00`. */
export function toTimeSpan({ fromS, toS }: TimeRange): TimeSpan {
	return { strTime: toApiTime(fromS), endTime: toApiTime(toS) };
}

function toApiTime(seconds: number): string {
	return DateTime.fromSeconds(seconds, { zone: 'UTC+8' }).toFormat("yyyy-MM-dd'T'HH:mm:ssZZ");
}
