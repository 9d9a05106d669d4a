import type { WireRecord } from '../api/types';
import { numberText } from './output/text';
import { textOf } from './record';

/** E.164. */
export const MAX_DIGITS = 15;
const MAX_WRITTEN_LENGTH = 60;
const PLAIN = /^[1-9]\d{0,14}$/;
const CALLABLE = /^[1-9]\d{6,14}$/;
const INTERNATIONAL_PREFIX = /^00(?=[1-9]\d{6,14}$)/;
/** Blanks, dashes, a minus sign, dots, brackets and slashes. */
const FORMATTING = /[\p{Zs}\p{Pd}\u2212.()[\]{}/]/gu;
const FULL_WIDTH = /[\uff01-\uff5e]/g;
const FULL_WIDTH_OFFSET = 0xfee0;
/** As spreadsheets write numbers, e.g. `918563214120.0`: what is before the dot is a phone number already. */
const FRACTION = /^\+?\d{7,}\.\d+$/;
/** All country codes (source: ITU-T E.164, list of assigned codes). */
const COUNTRY_CODE =
	/^(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|(2[1-689]|3[578]|42|5[09]|6[7-9]|8[035789]|9[679])\d)$/;
/**
 * Countries in which a number may begin with 0, also when it is called from abroad (source: the metadata of libphonenumber
 * 9, countries whose numbers begin with 0 and that have no prefix 0; the Vatican's own code 379 is not in use yet).
 */
const ZERO_IS_CALLED = /^(39|378|379|225|226|227|229|241|242|992)$/;
/** Codes of no country, such as of free numbers and satellites, have no zero that is dialled within it. */
const NO_COUNTRY = /^(800|808|87\d|88[1-3]|979)$/;
/** In brackets. */
const ZERO_ALONE = /[([{]\p{Zs}*0\p{Zs}*[)\]}]/gu;
const ZERO_FIRST = /[([{]\p{Zs}*0/u;
const URI = /^(?:sips?|tel):([^@;:]+)(?:;[^@]*)?(?:@.*)?$/i;

/** The digits of a phone number as people write it, or why it is not one. */
type ParsedNumber = { digits: string; fault?: undefined } | { digits?: undefined; fault: string };

/**
 * The one rule for what the digits of a phone number are: `15550100`, `+1 (555) 0100` and `0015550100` are the same.
 * @returns the digits with the country code, if it was written, however many there are
 */
export function parsePhoneNumber(written: string): ParsedNumber {
	if (written.length > MAX_WRITTEN_LENGTH)
		return { fault: `It has ${numberText(written.length)} characters.` };
	const text = foldPhoneNumber(written);
	const odd = oddCharacters(text)[0];
	if (odd !== undefined) return { fault: `${JSON.stringify(odd)} cannot be part of a phone number.` };
	if (FRACTION.test(text.replace(/\p{Zs}/gu, ''))) return { fault: 'It has decimals.' };
	const called = withoutTrunkZero(text);
	if (called === undefined) {
		return { fault: 'A zero in brackets must stand alone, right after the country code: +44 (0)20 …' };
	}
	const plain = called.replace(FORMATTING, '');
	if (plain.lastIndexOf('+') > 0) return { fault: '"+" can only be its first character.' };
	if (hasTrunkZero(plain)) {
		return {
			fault:
				'Numbers of this country have no 0 after the country code. Leave it out, e.g. +44 20 … instead of +44 020 …',
		};
	}
	const digits = withoutPrefix(plain);
	return digits === '' ? { fault: 'It has no digits.' } : { digits };
}

/** Full-width characters as plain ones, and without invisible marks. */
export function foldPhoneNumber(written: string): string {
	return written
		.replace(FULL_WIDTH, (character) => String.fromCharCode(character.charCodeAt(0) - FULL_WIDTH_OFFSET))
		.replace(/\p{Cf}/gu, '')
		.trim();
}

/** The characters of a folded text that no phone number has. */
export function oddCharacters(text: string): string[] {
	return [...text.replace(FORMATTING, '').replace(/[\d+]/g, '')];
}

/** Digits, or text that is not a phone number as it is; `null` for none. The same for each spelling of a number. */
export function phoneNumberOf(value: unknown): string | null {
	const text = textOf(value);
	if (text === null || PLAIN.test(text)) return text;
	const { digits } = parsePhoneNumber(URI.exec(text)?.[1] ?? text);
	return digits !== undefined && digits.length <= MAX_DIGITS ? digits : text;
}

export function calledNumberIn({ callee }: WireRecord): string | null {
	return phoneNumberOf(callee);
}

/** Whether ITNIO TECH can call it (source: the vendor's page "send voice group"). */
export function isCallable(digits: string): boolean {
	return CALLABLE.test(digits);
}

/** `undefined` for a zero that may or may not belong to the number. */
function withoutTrunkZero(text: string): string | undefined {
	const [alone, another] = text.matchAll(ZERO_ALONE);
	const zero = alone ?? ZERO_FIRST.exec(text);
	if (!zero) return text;
	if (another) return undefined;
	const before = text.slice(0, zero.index);
	const country = withoutPrefix(before.replace(FORMATTING, ''), /^00/);
	if (!alone) return COUNTRY_CODE.test(country) && !ZERO_IS_CALLED.test(country) ? undefined : text;
	if (!/^[1-9]\d{0,2}$/.test(country)) return undefined;
	return before + (ZERO_IS_CALLED.test(country) ? '0' : '') + text.slice(zero.index + zero[0].length);
}

/** Right after a country code of two or three digits, which only a plus sign or 00 tells apart from other digits. */
function hasTrunkZero(plain: string): boolean {
	const digits = /^(?:\+|00|\+00)([1-9]\d*)$/.exec(plain)?.[1] ?? '';
	const country = [digits.slice(0, 2), digits.slice(0, 3)].find((code) => COUNTRY_CODE.test(code));
	if (country === undefined || digits[country.length] !== '0') return false;
	return !ZERO_IS_CALLED.test(country) && !NO_COUNTRY.test(country);
}

function withoutPrefix(plain: string, prefix = INTERNATIONAL_PREFIX): string {
	return plain.replace(/^\+/, '').replace(prefix, '');
}
