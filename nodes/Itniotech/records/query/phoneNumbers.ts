import { UserError } from 'n8n-workflow';
import { parseJson } from '../../api/values';
import { quantityText } from '../output/text';
import { foldPhoneNumber, isCallable, MAX_DIGITS, oddCharacters, parsePhoneNumber } from '../phoneNumber';
import { textOf } from '../record';
import { isEmpty, MAX_QUOTED_LENGTH, notText, notValid } from './parameters';

const SEPARATORS = /[,;，；\t\r\n\v\f\u0085\u2028\u2029]+/;
/** What is dialled before a country code in North America. Elsewhere it begins national numbers, so it is never called. */
const AMERICAN_PREFIX = /^011(?=[1-9]\d{6,14}$)/;

/**
 * Phone numbers to find: one, a list, a JSON list as text, or text with commas, semicolons, tabs or line breaks between them.
 * @returns the digits of each, as `phoneNumberOf` reads them in a record; none for nothing
 * @throws UserError naming the field and the number that is not valid
 */
export function readPhoneNumbers(value: unknown, displayName: string): string[] {
	return numberEntries(value, displayName).map((entry) =>
		readEntry(entry, displayName, (digits) => {
			const withoutPrefix = digits.replace(AMERICAN_PREFIX, '');
			return withoutPrefix.length <= MAX_DIGITS ? { digits: withoutPrefix } : wrongLength(digits);
		}),
	);
}

/**
 * Phone numbers to call, written as those to find. A number that was misread rings a stranger, so each must be complete.
 * @returns 7 to 15 digits each, in the given order, with the repetitions
 * @throws UserError naming the field and the number that is not valid
 */
export function readNumbersToCall(value: unknown, displayName: string): string[] {
	return readEachNumberToCall(value, displayName).map(({ calledNumber, error }) => {
		if (error) throw error;
		return calledNumber;
	});
}

/** A number to call, or what is written where one belongs, and why it is not valid. */
export interface ReadNumber {
	calledNumber: string;
	error?: UserError;
}

/**
 * The same, with those that are not valid.
 * @throws UserError naming the field where there is no number at all
 */
export function readEachNumberToCall(value: unknown, displayName: string): ReadNumber[] {
	const entries = numberEntries(value, displayName);
	if (entries.length === 0) throw notPhoneNumber(`"${displayName}" is empty`);
	return entries.map((entry) => {
		try {
			return { calledNumber: readEntry(entry, displayName, checkCallable) };
		} catch (error) {
			return { calledNumber: quoteValue(entry), error: error as UserError };
		}
	});
}

function checkCallable(digits: string): ReturnType<Check> {
	if (isCallable(digits)) return { digits };
	return digits.startsWith('0') ? { fault: 'It has no country code.' } : wrongLength(digits);
}

/** What stands where a number belongs. */
export function quoteValue(value: unknown): string {
	if (isEmpty(value)) return '';
	return (textOf(value) ?? JSON.stringify(value) ?? '').slice(0, MAX_QUOTED_LENGTH);
}

/** How numbers are written so that the same ones are the same text, for those that are not valid, too. */
export function spellPhoneNumbers(text: string): string {
	const numbers = text.split(SEPARATORS).map((entry) => {
		const digits = parsePhoneNumber(entry).digits ?? entry.trim();
		return digits.replace(AMERICAN_PREFIX, '');
	});
	return [...new Set(numbers)].filter(Boolean).sort().join();
}

function numberEntries(value: unknown, displayName: string): unknown[] {
	if (isEmpty(value)) return [];
	if (Array.isArray(value)) {
		const entries = value.flatMap((entry) => (typeof entry === 'string' ? split(entry) : [entry]));
		return entries.filter((entry) => !isEmpty(entry));
	}
	if (typeof value === 'number') return [value];
	if (typeof value !== 'string') throw notPhoneNumber(notText(displayName, value));
	if (!value.trim().startsWith('[')) return split(value);
	const list = readJsonList(value);
	return list ? numberEntries(list, displayName) : [value];
}

/** `undefined` for what is not JSON, and for numbers that lose their digits in it. */
function readJsonList(text: string): unknown[] | undefined {
	const withoutTexts = text.replace(/"(\\.|[^"\\])*"/g, '""');
	const list = /\d[.e]/i.test(withoutTexts) ? undefined : parseJson(text);
	return Array.isArray(list) ? list : undefined;
}

function split(text: string): string[] {
	return text.split(SEPARATORS).filter((entry) => !isEmpty(entry));
}

type Check = (digits: string) => ReturnType<typeof parsePhoneNumber>;

function readEntry(entry: unknown, displayName: string, check: Check): string {
	const isNumber = typeof entry === 'number';
	if (!isNumber && typeof entry !== 'string') throw notPhoneNumber(notText(displayName, entry));
	const read = isNumber ? parseNumber(entry) : parseText(entry);
	const { digits, fault } = read.digits === undefined ? read : check(read.digits);
	if (digits !== undefined) return digits;
	throw notPhoneNumber(notValid(displayName, 'phone number', quoteNumber(String(entry))), fault);
}

/** A number with more digits than it can hold has lost some. */
function parseNumber(entry: number): ReturnType<Check> {
	const isWhole = Number.isSafeInteger(entry) && entry >= 0;
	return isWhole ? { digits: String(entry) } : { fault: 'It is a number that has decimals or lost digits.' };
}

/** A list that could not be read would become one number without its brackets. */
function parseText(entry: string): ReturnType<Check> {
	return entry.trim().startsWith('[') ? { fault: 'It is not a valid JSON list.' } : parsePhoneNumber(entry);
}

function wrongLength(digits: string): ReturnType<Check> {
	return { fault: `It has ${quantityText(digits.length, 'digit')}.` };
}

/** With the code of each character that cannot be seen, or that looks like another. */
function quoteNumber(text: string): string {
	const folded = foldPhoneNumber(text);
	const odd = new Set(oddCharacters(folded).filter((character) => !/[!-~]/.test(character)));
	const parts = [...folded].map((character) => {
		if (!odd.has(character)) return character;
		const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
		return `${/[\p{L}\p{N}\p{P}\p{S}]/u.test(character) ? character : ''}[U+${code}]`;
	});
	return parts.slice(0, MAX_QUOTED_LENGTH).join('');
}

function notPhoneNumber(message: string, fault = ''): UserError {
	const advice = 'Enter each number as text, with its country code, 7 to 15 digits in all, e.g. 12025550100.';
	return new UserError(message, { description: `${advice} ${fault}`.trim() });
}
