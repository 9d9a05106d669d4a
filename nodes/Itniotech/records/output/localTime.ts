import { DateTime, IANAZone } from 'luxon';
import { hasTime, secondsOf, textOf } from '../record';
import { HOUR_S, QUARTER_S } from '../calendar';

/** ISO 8601 with offset, to the second; `null` for what no calendar has. @param seconds Unix time */
export function isoTime(seconds: number, zone: string): string | null {
	return DateTime.fromSeconds(seconds, { zone }).toISO({ suppressMilliseconds: true });
}

/** By offset: `00:00+08:00` to `59:59+08:00`. There are some forty offsets. */
const hourEndings = new Map<string, string[]>();

/** What all times of a quarter of an hour have in common. */
interface Quarter {
	/** `2026-11-20T13:` */
	hour: string;
	/** Where the quarter begins in its hour, in seconds. */
	startS: number;
	endings: string[];
}

/**
 * Formats times of the API in a zone: ISO 8601 with offset, to the second. `null` for a missing time and its placeholders.
 * Quarters of an hour are remembered, as a file has millions of times.
 * @param textOfOther what text that is not a time is output as
 */
export function localTimeIn(
	zoneName: string,
	textOfOther: (value: unknown) => string | null = textOf,
): (value: unknown) => string | null {
	const zone = IANAZone.create(zoneName);
	const quarters = new Map<number, Quarter>();
	const quarterAt = (number: number): Quarter => {
		const known = quarters.get(number);
		if (known) return known;
		const quarter = readQuarter(zone, number * QUARTER_S);
		quarters.set(number, quarter);
		return quarter;
	};
	return (value) => {
		const seconds = secondsOf(value);
		if (seconds === null) return textOfOther(value);
		if (!hasTime(value)) return null;
		const number = Math.floor(seconds / QUARTER_S);
		const { hour, startS, endings } = quarterAt(number);
		// V8 holds a text joined with `+` as its two parts, which all times share: 32 bytes, a copy takes 48.
		return hour + endings[startS + seconds - number * QUARTER_S];
	};
}

function readQuarter(zone: IANAZone, seconds: number): Quarter {
	const minutes = zone.offset(seconds * 1000);
	const localS = seconds + minutes * 60;
	return {
		hour: new Date(localS * 1000).toISOString().slice(0, 14),
		startS: localS % HOUR_S,
		endings: endingsOf(offsetText(minutes)),
	};
}

function endingsOf(offset: string): string[] {
	const known = hourEndings.get(offset);
	if (known) return known;
	const minutesAndSeconds = (second: number) =>
		`${twoDigits(Math.floor(second / 60))}:${twoDigits(second % 60)}`;
	const endings = Array.from({ length: HOUR_S }, (_, second) => minutesAndSeconds(second) + offset);
	hourEndings.set(offset, endings);
	return endings;
}

function offsetText(minutes: number): string {
	const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
	return `${minutes < 0 ? '-' : '+'}${twoDigits(hours)}:${twoDigits(rest)}`;
}

function twoDigits(number: number): string {
	return String(number).padStart(2, '0');
}
