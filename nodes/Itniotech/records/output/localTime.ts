import { IANAZone } from 'luxon';
import { hasTime, secondsOf, textOf } from '../record';
import { HOUR_S, QUARTER_S } from '../calendar';

/** `00:00` to `59:59`. */
const MINUTES_AND_SECONDS = Array.from(
	{ length: HOUR_S },
	(_, second) => `${twoDigits(Math.floor(second / 60))}:${twoDigits(second % 60)}`,
);

/** What all times of a quarter of an hour have in common. */
interface Quarter {
	/** `2026-11-20T13:` */
	hour: string;
	/** Where the quarter begins in its hour, in seconds. */
	startS: number;
	/** `+08:00` */
	offset: string;
}

/**
 * Formats times of the API in a zone: ISO 8601 with offset, to the second. `null` for a missing time and its placeholders.
 * Quarters of an hour are remembered, as a file has millions of times.
 * @param keepsOthers outputs text that is not a time as it is; else it is `null`, too
 */
export function localTimeIn(
	zoneName: string,
	{ keepsOthers = true } = {},
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
		if (seconds === null) return keepsOthers ? textOf(value) : null;
		if (!hasTime(value)) return null;
		const number = Math.floor(seconds / QUARTER_S);
		const { hour, startS, offset } = quarterAt(number);
		// Joined with `+`, the text would keep its parts: 105 bytes instead of 49.
		return [hour, MINUTES_AND_SECONDS[startS + seconds - number * QUARTER_S], offset].join('');
	};
}

function readQuarter(zone: IANAZone, seconds: number): Quarter {
	const minutes = zone.offset(seconds * 1000);
	const localS = seconds + minutes * 60;
	return {
		hour: new Date(localS * 1000).toISOString().slice(0, 14),
		startS: localS % HOUR_S,
		offset: offsetText(minutes),
	};
}

function offsetText(minutes: number): string {
	const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
	return `${minutes < 0 ? '-' : '+'}${twoDigits(hours)}:${twoDigits(rest)}`;
}

function twoDigits(number: number): string {
	return String(number).padStart(2, '0');
}
