import { UserError } from 'n8n-workflow';
import { numberText } from '../../records/output/text';
import { foldText, isEmpty, locatorValue, readText, readWholeNumber } from '../../records/query/parameters';
import { readNumbersToCall } from '../../records/query/phoneNumbers';
import { isSetByExpression, type ReadValue } from '../expressions';
import type { OperationRun } from '../operationRun';
import { hasGap, hasGapInName, refuseLeftovers, refuseLeftoversInId } from './texts';

const MAX_SPOKEN_LENGTH = 1000;
/** Source: the vendor's older pages. */
const LONG_TEXT_LENGTH = 800;
const SHORT_TEXT_LENGTH = 299;
const SHORT_TEXT_LANGUAGES = /^(VN|VI|TH|IDN|ID)$/i;

const GAP_HINT =
	'A text seems to have a gap, as if an expression in it gave no value. Check it for several spaces in a row, a space before a punctuation mark, empty brackets or quotation marks, and a missing beginning or end';

/** Control characters would be read aloud, or end the text. */
export function readSpokenText(
	run: OperationRun,
	{ value, language, placeholder }: { value: unknown; language: string; placeholder?: RegExp },
): string {
	const text = readVisibleText(value, 'Text', 'Enter what is read to the called party');
	refuseLeftovers(placeholder ? text.replace(placeholder, '') : text, 'Text', language);
	if (hasGap(String(value), language)) run.hint(GAP_HINT);
	return checkLength(text.replace(/\p{Cc}/gu, ' '), 'Text');
}

/** Without visible characters, the phone would ring and nothing be read, and nobody could look for a name or reference. */
export function readVisibleText(value: unknown, displayName: string, description: string): string {
	const text = readText(value, displayName, description);
	if (foldText(text.replace(/\p{Cc}/gu, ' ')) !== '') return text;
	throw new UserError(`"${displayName}" has no visible characters`, { description });
}

export function readId(value: unknown, displayName: string, description: string): string {
	const text = readVisibleText(value, displayName, description);
	refuseLeftoversInId(text, displayName);
	return text;
}

export function readAppId(value: unknown): string {
	return readId(value, 'App ID', 'Enter the ID of a voice application from the ITNIO console');
}

export function readFileId(value: unknown): string {
	return readId(locatorValue(value), 'Audio File', 'Choose a file from the list, or enter the ID of one');
}

export function checkLength(text: string, displayName: string): string {
	const { length } = [...text];
	if (length <= MAX_SPOKEN_LENGTH) return text;
	throw new UserError(`"${displayName}" has ${numberText(length)} characters`, {
		description: `ITNIO TECH takes up to ${numberText(MAX_SPOKEN_LENGTH)}. Shorten it.`,
	});
}

export function addLengthHint(
	{ hint }: OperationRun,
	{ text, language }: { text: string; language: string },
): void {
	const limit = SHORT_TEXT_LANGUAGES.test(language) ? SHORT_TEXT_LENGTH : LONG_TEXT_LENGTH;
	if ([...text].length <= limit) return;
	hint(
		`Texts of more than ${numberText(limit)} characters in ${language} may be cut or refused by ITNIO TECH`,
	);
}

export function readDisplayNumber(value: unknown): string {
	const numbers = readNumbersToCall(value, 'Display Number');
	if (numbers.length === 1) return numbers[0];
	throw new UserError(`"Display Number" has ${numberText(numbers.length)} numbers`, {
		description: 'Enter one number',
	});
}

export function readOptionalNumber(
	value: unknown,
	displayName: string,
	limits: { min: number; max: number },
) {
	return isEmpty(value) ? undefined : readWholeNumber(value, displayName, limits);
}

/** A reference or a name: where an expression is a part of it, that may have given nothing. */
export function addGapHint(run: OperationRun, { path, value, displayName }: ReadValue): void {
	if (!isSetByExpression(run, path) || !hasGapInName(String(value))) return;
	run.hint(`"${displayName}" seems to have a gap, as if an expression in it gave no value`);
}
