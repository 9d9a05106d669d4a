import { IANAZone } from 'luxon';
import { hasTime, secondsOf, textOf } from '../record';

/** No zone changes its offset within a quarter of an hour. */
const QUARTER_S = 900;

/**
 * Formats times of the API in a zone: ISO 8601 with offset, to the second. `null` for a missing time and its placeholders;
 * text that is not a time is output as it is. Offsets are remembered, as a file has millions of times.
 */
export function localTimeIn(zoneName: string): (value: unknown) => string | null {
	const zone = IANAZone.create(zoneName);
	const offsets = new Map<number, { ms: number; text: string }>();
	const offsetAt = (seconds: number) => {
		const quarter = Math.floor(seconds / QUARTER_S);
		let offset = offsets.get(quarter);
		if (!offset) {
			const minutes = zone.offset(quarter * QUARTER_S * 1000);
			offset = { ms: minutes * 60_000, text: offsetText(minutes) };
			offsets.set(quarter, offset);
		}
		return offset;
	};
	return (value) => {
		const seconds = secondsOf(value);
		if (seconds === null) return textOf(value);
		if (!hasTime(value)) return null;
		const { ms, text } = offsetAt(seconds);
		return new Date(seconds * 1000 + ms).toISOString().slice(0, 19) + text;
	};
}

function offsetText(minutes: number): string {
	const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
	return `${minutes < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
}
