import { UserError } from 'n8n-workflow';
import { entriesOf, isEmpty, notText, notValid } from './parameters';
import { textOf } from './record';

/** E.164. */
const MAX_DIGITS = 15;
const MAX_TEXT_LENGTH = 60;
/** Of an international number; a number with its country code has 7 to 15 digits and begins with none of these. */
const DIALLING_PREFIX = /^(00|011)(?=[1-9]\d{6,14}$)/;
/** Blanks, invisible characters, dashes, dots, brackets and slashes. */
const FORMATTING = /[\s\p{Cf}\p{Pd}\u2212.()[\]{}/]/gu;

/**
 * Phone numbers as people write them: one, a list, or text with commas, semicolons, tabs or line breaks between them.
 * @returns the digits of each, without an international prefix; none for nothing
 * @throws UserError naming the field and the number that is not valid
 */
export function readPhoneNumbers(value: unknown, displayName: string): string[] {
	const entries = entriesOf(value, /[,;\t\r\n]+/);
	if (!entries) throw notPhoneNumber(notText(displayName, value));
	return entries.filter((entry) => !isEmpty(entry)).map((entry) => readPhoneNumber(entry, displayName));
}

/** The digits of a number in a record, comparable to those that were read. */
export function digitsOf(value: unknown): string {
	return (textOf(value) ?? '').normalize('NFKC').replace(/\D/g, '').replace(DIALLING_PREFIX, '');
}

function readPhoneNumber(entry: unknown, displayName: string): string {
	const text = textOf(entry)?.normalize('NFKC');
	if (text === undefined) throw notPhoneNumber(notText(displayName, entry));
	// A number with more digits than it can hold has lost some; one dot makes a fraction, as spreadsheets write it.
	const isNumber = typeof entry !== 'number' || (Number.isSafeInteger(entry) && entry >= 0);
	if (isNumber && text.length <= MAX_TEXT_LENGTH && !/^\+?\d+\.\d+$/.test(text)) {
		const withoutTrunkZero = text.replace(/(?<=\d\D*)\(\s*0\s*\)/g, '');
		const plain = withoutTrunkZero.replace(FORMATTING, '');
		const digits = plain.replace('+', '').replace(DIALLING_PREFIX, '');
		if (/^\+?\d+$/.test(plain) && digits.length <= MAX_DIGITS) return digits;
	}
	throw notPhoneNumber(notValid(displayName, 'phone number', entry));
}

function notPhoneNumber(message: string): UserError {
	return new UserError(message, {
		description:
			'Enter a phone number with its country code, e.g. 15550100, or several separated by commas. Pass numbers on as text.',
	});
}
