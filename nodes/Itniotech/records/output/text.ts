import type { DateTime } from 'luxon';

/** What Slack and Telegram read as mark-up, and what looks like it. One character without a partner makes Telegram refuse a message. */
const LOOK_ALIKES: Record<string, string> = {
	'<': '‹',
	'>': '›',
	'[': '(',
	']': ')',
	'`': "'",
	'*': ' ',
	_: ' ',
	'~': ' ',
	'|': '/',
};

/** Names and reasons are shorter. */
const MAX_CHAT_LENGTH = 100;

/** Text out of a record as one short line of a chat message, without mark-up and control characters. */
export function chatText(text: string): string {
	const line = text
		.replace(/[<>[\]`*_~|]/g, (character) => LOOK_ALIKES[character])
		.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
		.trim();
	return cutText(line, MAX_CHAT_LENGTH);
}

/** With `…` where something is cut off. By code points, so that no character is cut in half. */
export function cutText(text: string, maxLength: number): string {
	const characters = [...text];
	return characters.length > maxLength ? `${characters.slice(0, maxLength).join('')}…` : text;
}

/** The first entries, e.g. `486 Busy Here: 7, 503 Service Unavailable: 5, and 3 more`. */
export function listText<T>(entries: T[], max: number, textOf: (entry: T) => string = String): string {
	const more = entries.length - max;
	return entries.slice(0, max).map(textOf).join(', ') + (more > 0 ? `, and ${numberText(more)} more` : '');
}

/** For a figure that does not exist or is not known. */
export const UNKNOWN = '–';

const MAX_CURRENCIES = 2;
const MAX_AMOUNT_DIGITS = 20;

// Made once: making one takes longer than to format a hundred numbers.
const NUMBERS = new Intl.NumberFormat('en-US', { maximumFractionDigits: MAX_AMOUNT_DIGITS });
const AMOUNTS = Array.from(
	{ length: MAX_AMOUNT_DIGITS + 1 },
	(_, maximumFractionDigits) =>
		new Intl.NumberFormat('en-US', {
			minimumFractionDigits: Math.min(2, maximumFractionDigits),
			maximumFractionDigits,
		}),
);

/** E.g. `1,204`, with all decimals. */
export function numberText(value: number): string {
	return NUMBERS.format(value);
}

/** E.g. `1 number`, `1,204 numbers`. */
export function quantityText(count: number, noun: string, plural = `${noun}s`): string {
	return `${numberText(count)} ${count === 1 ? noun : plural}`;
}

/**
 * A share of two counts, e.g. `63.5%`: rounded once, from the counts. All is `100%` and none `0%`; anything between has as
 * many digits as it takes to differ from them, e.g. `99.98%`.
 * @param isTrue what must also be true of the rounded percentage. It must be true of the exact one, or this does not end
 */
export function shareText(
	part: number | bigint,
	whole: number | bigint,
	isTrue: (percent: number) => boolean = () => true,
): string {
	const [dividend, divisor] = [BigInt(part), BigInt(whole)];
	if (divisor === 0n) return UNKNOWN;
	if (dividend === 0n || dividend === divisor) return dividend === 0n ? '0%' : '100%';
	for (let digits = 1; ; digits++) {
		const text = quotientText(100n * dividend, divisor, digits);
		if (Number(text) > 0 && Number(text) < 100 && isTrue(Number(text))) return `${text}%`;
	}
}

/** A quotient of whole numbers that are not negative, rounded once, halves up. */
export function quotientText(dividend: bigint, divisor: bigint, digits: number): string {
	const unit = 10n ** BigInt(digits);
	const units = (2n * unit * dividend + divisor) / (2n * divisor);
	return digits === 0 ? String(units) : `${units / unit}.${String(units % unit).padStart(digits, '0')}`;
}

/**
 * Money without its currency, e.g. `45.86`, `0.0123`, `0.00003`: what is below a tenth has four digits or as many as it
 * takes to show two that count.
 * @param amount an exact decimal as text, or a number
 * @param isTrue what must also be true of the rounded amount, if any number of digits allows it
 */
export function amountText(
	amount: string | number,
	isTrue: (amount: number) => boolean = () => true,
): string {
	const size = Math.abs(Number(amount));
	const isSmall = size > 0 && size < 0.1;
	const leastDigits = isSmall
		? Math.min(MAX_AMOUNT_DIGITS, Math.max(4, 1 - Math.floor(Math.log10(size))))
		: 2;
	for (let digits = leastDigits; ; digits++) {
		const text = AMOUNTS[digits].format(String(amount) as Intl.StringNumericLiteral);
		if (digits === MAX_AMOUNT_DIGITS || isTrue(Number(text.replace(/,/g, '')))) return text;
	}
}

/**
 * A cost by currency, e.g. `45.86 USD, 3.10 EUR`. What costs nothing is left out where something else does not, and of many
 * currencies those with the largest amounts are named.
 * @param isPart whether calls are missing from it: not billed yet, not ended, or with an unreadable cost
 */
export function moneyText(costs: Array<{ currency: string; cost: string }>, isPart = false): string {
	const paid = costs.filter(({ cost }) => Number(cost) !== 0);
	if (paid.length === 0 && isPart) return 'not known yet';
	const list = paid.length > 0 ? paid : costs.slice(0, 1);
	const largest = [...list].sort((a, b) => Number(b.cost) - Number(a.cost)).slice(0, MAX_CURRENCIES);
	const amounts = list
		.filter((cost) => largest.includes(cost))
		.map(({ currency, cost }) => `${amountText(cost)} ${chatText(currency)}`.trim());
	if (list.length === 0) amounts.push(amountText(0));
	const more = list.length - MAX_CURRENCIES;
	if (more > 0) amounts.push(`+${more} ${more === 1 ? 'currency' : 'currencies'}`);
	return amounts.join(', ') + (isPart ? ' so far' : '');
}

/** The time of day, with the offset where the clocks go back and it occurs twice. */
export function clockText(time: DateTime): string {
	return time.toFormat(time.getPossibleOffsets().length > 1 ? 'HH:mm ZZ' : 'HH:mm');
}

/** E.g. `2026-11-20 16:01`, which may occur twice, too. */
export function minuteText(time: DateTime): string {
	return `${time.toFormat('yyyy-MM-dd')} ${clockText(time)}`;
}

/** Sorts the same on every machine, unlike `localeCompare`. */
export function compareText(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
