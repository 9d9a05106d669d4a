import type { WireRecord } from '../api/types';
import { finiteNumber, wireText } from '../api/values';

/** How a call ended. `voicemail`: a machine took it. `pending`: it has not ended yet. */
export type Outcome = 'answered' | 'failed' | 'voicemail' | 'pending';

/** `0` is in the vendor's older pages and public client code. */
const ANSWERED_CODES = ['200', '0'];

/** A `callStatus`, which the newest accounts have (source: a sibling's page on pushed calls). */
const VOICEMAIL = 40;

const MAX_TIME_LENGTH = 40;

/** Voicemail by its status, whatever the code. Else by the code; a call that has hung up has ended without one, too. */
export function outcomeOf(record: WireRecord): Outcome {
	if (numberOf(record.callStatus) === VOICEMAIL) return 'voicemail';
	const code = textOf(record.terminationCode);
	if (code !== null) return ANSWERED_CODES.includes(code) ? 'answered' : 'failed';
	if (!hasTime(record.hangupTime)) return 'pending';
	const isAnswered = hasTime(record.answerTime) || (numberOf(record.callDuration) ?? 0) > 0;
	return isAnswered ? 'answered' : 'failed';
}

/** The key that the called party pressed; `-1` stands for none (source: the vendor's page "voice message record"). */
export function keyPressedIn({ feedbackValue }: WireRecord): string | null {
	const key = textOf(feedbackValue);
	return key === '-1' ? null : key;
}

/** Why a call ended, e.g. `486 Busy Here`; `null` while it has not. */
export function reasonIn(record: WireRecord): string | null {
	const [code, reason] = [textOf(record.terminationCode), textOf(record.terminationReason)];
	if (code === null) return outcomeOf(record) === 'pending' ? null : reason;
	return reason === null ? code : textWithCode(code, reason);
}

/** Records have few reasons, so that each text is made and held once. By the reason. */
const textsWithCode = new Map<string, { code: string; text: string }>();
const MAX_REASONS = 1000;

function textWithCode(code: string, reason: string): string {
	const known = textsWithCode.get(reason);
	if (known?.code === code) return known.text;
	if (textsWithCode.size >= MAX_REASONS) textsWithCode.clear();
	const text = [code, reason].join(' ');
	textsWithCode.set(reason, { code, text });
	return text;
}

/**
 * What stands before the last bracket of an area: `Afghanistan` of `Afghanistan(Kandahar)`, `Congo (Kinshasa)` of
 * `Congo (Kinshasa)(Vodacom)`.
 * @param area the field `code` of a record
 */
export function countryOf(area: unknown): string | null {
	const text = textOf(area) ?? '';
	let depth = 0;
	for (let at = text.length - 1; at >= 0; at--) {
		const character = text[at];
		if (character === ')' || character === '）') depth++;
		const isOpening = character === '(' || character === '（';
		if (isOpening && --depth <= 0) return textOf(text.slice(0, at));
	}
	return textOf(text);
}

/** Text without the blanks around it; `null` for each way in which the API leaves a field empty. */
export function textOf(value: unknown): string | null {
	return wireText(value) || null;
}

export function numberOf(value: unknown): number | null {
	return finiteNumber(value) ?? null;
}

/** Longer calls do not exist: such a duration is a clock that was set, or milliseconds. */
const MAX_DURATION_S = 24 * 60 * 60;

/** Seconds; `null` without a duration that a call can have. */
export function durationOf(value: unknown): number | null {
	const seconds = numberOf(value);
	return seconds !== null && seconds >= 0 && seconds <= MAX_DURATION_S ? seconds : null;
}

/** Whether a time is filled, and not by a placeholder such as 1970 or 9999: they lie in other centuries. */
export function hasTime(value: unknown): boolean {
	const text = textOf(value) ?? '';
	return text.startsWith('20') && text[4] === '-' && !Number.isNaN(pairAt(text, 2));
}

/** Unix time in seconds of a time with an offset; `null` without one, which would mean the host's zone. */
export function secondsOf(value: unknown): number | null {
	const text = textOf(value);
	// Anyone can push any text, and the regular expression would take minutes on a long one.
	if (text === null || text.length > MAX_TIME_LENGTH) return null;
	const seconds = secondsOfApiTime(text);
	if (!Number.isNaN(seconds)) return seconds;
	if (!/T.*(Z|[+-]\d\d:?\d\d)$/.test(text)) return null;
	const ms = Date.parse(text);
	return Number.isNaN(ms) ? null : Math.floor(ms / 1000);
}

/** The same of a time that is not a placeholder. */
export function realTimeOf(value: unknown): number | null {
	return hasTime(value) ? secondsOf(value) : null;
}

/** As the API writes times, `2026-11-20T13:00:00+08:00`, in a fourth of the time of `Date.parse`. NaN for any other text. */
function secondsOfApiTime(text: string): number {
	const sign = text[19];
	if (text.length !== 25 || (sign !== '+' && sign !== '-') || text[22] !== ':') return NaN;
	if (text[4] !== '-' || text[7] !== '-' || text[10] !== 'T' || text[13] !== ':' || text[16] !== ':')
		return NaN;
	const days = daysBefore(100 * pairAt(text, 0) + pairAt(text, 2), pairAt(text, 5), pairAt(text, 8));
	const local = clockSeconds(pairAt(text, 11), pairAt(text, 14), pairAt(text, 17));
	const offset = clockSeconds(pairAt(text, 20), pairAt(text, 23), 0);
	return days * 86_400 + local + (sign === '+' ? -offset : offset);
}

/** Two digits; NaN for anything else. */
function pairAt(text: string, at: number): number {
	const [tens, ones] = [text.charCodeAt(at) - 48, text.charCodeAt(at + 1) - 48];
	return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? 10 * tens + ones : NaN;
}

function clockSeconds(hours: number, minutes: number, seconds: number): number {
	return hours < 24 && minutes < 60 && seconds < 60 ? 3600 * hours + 60 * minutes + seconds : NaN;
}

function daysBefore(year: number, month: number, day: number): number {
	return year >= 100 && month >= 1 && month <= 12 && day >= 1 && day <= 31
		? Date.UTC(year, month - 1, day) / 86_400_000
		: NaN;
}
