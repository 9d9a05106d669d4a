import type { RequestLimit } from './quota';
import type { RunRecord } from './slowdown';

const WHOLE_NUMBERS = new Intl.NumberFormat('en-US');
export const TRY_ANOTHER_TIME =
	'Try again at another time. If it keeps happening, ask ITNIO TECH for the limit of your account.';

/** A sentence without a full stop at its end. */
export function limitText({ count, unit }: RequestLimit): string {
	return `ITNIO TECH allows about ${requestsText(count)} per ${unit}`;
}

/** What a measured limit leaves out, because nobody knows it. */
export const OTHER_PROGRAMS = 'Requests from other programs and n8n processes were not counted.';

/**
 * What to do where nothing but rejections came, and what came before.
 * @param askedMs for how long ITNIO TECH asked to wait, where that is too long
 */
export function rejectedText(run: RunRecord, limit?: RequestLimit, askedMs?: number): string {
	const answered =
		run.answers > 0
			? `ITNIO TECH answered ${requestsText(run.answers)} of this run within ${durationText(run.answeredMs)}.`
			: 'ITNIO TECH answered no request of this run.';
	const asked = askedMs ? ` ITNIO TECH asked for a wait of ${durationText(askedMs)}.` : '';
	return `${TRY_ANOTHER_TIME}${asked} ${answered}${limit ? ` ${limitText(limit)}. ${OTHER_PROGRAMS}` : ''}`;
}

function requestsText(count: number): string {
	return `${WHOLE_NUMBERS.format(count)} ${count === 1 ? 'request' : 'requests'}`;
}

/** With the count from which each is used: rounding up a few hours would say much more than there are. */
const UNITS: Array<[string, number, number]> = [
	['days', 24 * 60 * 60, 10],
	['hours', 60 * 60, 10],
	['minutes', 60, 2],
];

/** Rounded up, in seconds below two minutes, in minutes below ten hours, in hours below ten days. */
export function durationText(ms: number): string {
	const seconds = Math.max(1, Math.ceil(ms / 1000));
	if (seconds === 1) return '1 second';
	const [unit, size] = UNITS.find(([, unitSeconds, from]) => seconds >= from * unitSeconds) ?? ['seconds', 1];
	return `${WHOLE_NUMBERS.format(Math.ceil(seconds / size))} ${unit}`;
}
