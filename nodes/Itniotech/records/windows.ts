import { DateTime } from 'luxon';
import type { TimeSpan } from '../api/types';

/** A range of time, both ends included. Unix time in whole seconds. */
export interface TimeRange {
	fromS: number;
	toS: number;
}

/** Longest span of one query. Source: the vendor's page "voice message record". */
const MAX_WINDOW_S = 31 * 24 * 60 * 60;

/**
 * Cuts a range into windows that the API accepts, newest first. Neighbours share one second, so that no record falls
 * between them, whether the API counts the ends of a window as inside or not.
 */
export function cutIntoWindows({ fromS, toS }: TimeRange): TimeRange[] {
	const windows: TimeRange[] = [];
	for (let end = toS; ; end = windows[windows.length - 1].fromS + 1) {
		const start = Math.max(fromS, end - MAX_WINDOW_S);
		windows.push({ fromS: start, toS: end });
		if (start === fromS) return windows;
	}
}

/** The newer and the older half of a window of two seconds or more, which share one second as windows do. */
export function cutInHalf({ fromS, toS }: TimeRange): [newer: TimeRange, older: TimeRange] {
	const middleS = Math.floor((fromS + toS) / 2);
	return [
		{ fromS: middleS, toS },
		{ fromS, toS: middleS + 1 },
	];
}

/** A range in the form that the API documents: to the second, with the offset `+08:00`. */
export function toTimeSpan({ fromS, toS }: TimeRange): TimeSpan {
	return { strTime: toApiTime(fromS), endTime: toApiTime(toS) };
}

function toApiTime(seconds: number): string {
	return DateTime.fromSeconds(seconds, { zone: 'UTC+8' }).toFormat("yyyy-MM-dd'T'HH:mm:ssZZ");
}
