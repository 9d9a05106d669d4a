import { UserError } from 'n8n-workflow';
import { parseJson } from '../../api/values';
import { isEmpty, notText, notValid } from '../../records/query/parameters';

const MAX_LENGTH = 60;
const SEPARATORS = /[,;\t\r\n\v\f\u0085\u2028\u2029]+/;
/** Direction marks and a word joiner, which copied text begins and ends with. */
const INVISIBLE = /[\u200e\u200f\u202a-\u202e\u2060]/g;
const BLANKS = /\p{Zs}+/gu;
/** No country code has more than three digits, and a zero in brackets is dialled within the country alone. */
const TRUNK_ZERO = /^(\+|00)( ?\d{1,3}) ?\( ?0 ?\)/;
const PLAIN = /^(\+|00)?([1-9]\d{6,14})$/;

/**
 * The numbers to call: one, a list, a JSON list as text, or text with commas, semicolons, tabs or line breaks between
 * them. Blanks and dashes within a number, a plus sign or 00 before it, and `(0)` after the country code are dropped.
 * Stricter than the filters: a number that was misread rings a stranger.
 * @returns 7 to 15 digits each, in the given order, with the repetitions
 * @throws UserError naming the field and the number that is not valid
 */
export function readNumbers(value: unknown, displayName: string): string[] {
	const numbers = entriesOf(value, displayName)
		.filter((entry) => !isEmpty(entry))
		.map((entry) => readNumber(entry, displayName));
	if (numbers.length === 0) throw refuse(`"${displayName}" is empty`);
	return numbers;
}

function entriesOf(value: unknown, displayName: string): unknown[] {
	if (Array.isArray(value)) return value.flatMap((entry) => (isText(entry) ? split(entry) : [entry]));
	if (typeof value === 'number') return [value];
	if (isEmpty(value)) return [];
	if (!isText(value)) throw refuse(notText(displayName, value));
	const list = value.trim().startsWith('[') ? readJsonList(value) : undefined;
	return list ? entriesOf(list, displayName) : split(value);
}

/** `undefined` for what is not JSON, and for numbers that lose their digits in it. */
function readJsonList(text: string): unknown[] | undefined {
	const withoutTexts = text.replace(/"(\\.|[^"\\])*"/g, '""');
	const list = /\d[.e]/i.test(withoutTexts) ? undefined : parseJson(text);
	return Array.isArray(list) ? list : undefined;
}

const isText = (value: unknown) => typeof value === 'string';

function split(text: string): string[] {
	return text.split(SEPARATORS);
}

function readNumber(entry: unknown, displayName: string): string {
	const isNumber = typeof entry === 'number';
	if (!isText(entry) && !isNumber) throw refuse(notText(displayName, entry));
	const text = String(entry);
	const hasAllDigits = !isNumber || (Number.isSafeInteger(entry) && entry > 0);
	const digits = hasAllDigits && text.length <= MAX_LENGTH ? digitsOf(text) : undefined;
	if (digits === undefined) throw refuse(notValid(displayName, 'phone number', entry));
	return digits;
}

function digitsOf(text: string): string | undefined {
	const blanked = text.replace(INVISIBLE, '').replace(BLANKS, ' ').trim();
	const plain = blanked.replace(TRUNK_ZERO, '$1$2').replace(/[ \p{Pd}\u2212]/gu, '');
	return PLAIN.exec(plain)?.[2];
}

function refuse(message: string): UserError {
	return new UserError(message, {
		description:
			'Enter numbers with their country code, 7 to 15 digits each, e.g. 15550100. Separate several by commas, and pass them on as text.',
	});
}
