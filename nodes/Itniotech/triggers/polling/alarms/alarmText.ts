import { DateTime } from 'luxon';
import { chatText } from '../../../records/output/text';
import { verdictOn, type Limits } from './alarmState';

/** A value and its limits, to be put into words. */
export interface Reading extends Limits {
	/** What the value is of, e.g. `the failure rate`. */
	noun: string;
	/** `null` where it is not known. */
	value: number | null;
	/** E.g. ` %`. */
	unit: string;
	zone: string;
}

/** @param isFirst whether nobody looked before, so that it may have held for longer */
export function raisedText(reading: Reading, sinceS: number, isFirst: boolean): string {
	const since = `since ${timeText(sinceS, reading.zone)}${isFirst ? ' or earlier' : ''}`;
	return `Alarm: ${valueText(reading)}, ${limitText(reading)} ${since}`;
}

/** @param raisedS when the alarm was raised, Unix time in seconds */
export function clearedText(reading: Reading, raisedS: number): string {
	const since = timeText(raisedS, reading.zone);
	return `Cleared: ${valueText(reading)}, no longer ${limitText(reading)}. The alarm had held since ${since}.`;
}

/** For a test in the editor. */
export function presentText(reading: Reading, nowS: number): string {
	const time = timeText(nowS, reading.zone);
	if (reading.value === null) return `Now: ${valueText(reading)}, ${time}`;
	const not = verdictOn(reading, reading.value) === 'raised' ? '' : 'not ';
	return `Now: ${valueText(reading)}, ${not}${limitText(reading)}, ${time}`;
}

function valueText({ noun, value, unit }: Reading): string {
	return value === null ? `${noun} is not known` : `${noun} is ${value}${unit}`;
}

function limitText({ condition, threshold, unit }: Reading): string {
	return `${condition} ${threshold}${unit}`;
}

/** A zone such as America/New_York has a character that Telegram reads as mark-up. */
function timeText(seconds: number, zone: string): string {
	return `${DateTime.fromSeconds(seconds, { zone }).toFormat('yyyy-MM-dd HH:mm')} (${chatText(zone)})`;
}
