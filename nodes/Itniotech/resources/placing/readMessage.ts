import { UserError, type INodeProperties } from 'n8n-workflow';
import { isRecord } from '../../api/values';
import { numberText } from '../../records/output/text';
import { foldText, isEmpty, locatorValue, readText, readWholeNumber } from '../../records/query/parameters';
import { readNumbersToCall } from '../../records/query/phoneNumbers';
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

/** The phone would ring and nothing be read, and nobody could look for such a name or reference. */
export function readVisibleText(value: unknown, displayName: string, description: string): string {
	const text = readText(value, displayName, description);
	if (foldText(text.replace(/\p{Cc}/gu, ' ')) !== '') return text;
	throw new UserError(`"${displayName}" has no character that can be seen`, { description });
}

export function readId(value: unknown, displayName: string, description: string): string {
	const text = readVisibleText(value, displayName, description);
	refuseLeftoversInId(text, displayName);
	return text;
}

export function readAppId(value: unknown): string {
	return readId(value, 'App ID', 'Enter the ID of a voice application of the ITNIO console');
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

/** An option that is set by an expression is meant to have a value, and its default would ring the phone otherwise. */
export function refuseEmptyExpressions(run: OperationRun, fields: INodeProperties[]): void {
	const written: unknown = run.context.getNode().parameters.options;
	for (const name of Object.keys(isRecord(written) ? written : {})) {
		const displayName = fields.find((field) => field.name === name)?.displayName ?? name;
		refuseEmptyExpression(
			run,
			{ path: `options.${name}`, value: run.options[name], displayName },
			'Check the expression, or remove the option. Nobody was called.',
		);
	}
}

/** @throws UserError naming a parameter whose expression gave nothing */
export function refuseEmptyExpression(
	run: OperationRun,
	{ path, value, displayName }: WrittenValue,
	description: string,
): void {
	if (run.isTool || !isSetByExpression(run, path) || !isEmpty(value)) return;
	throw new UserError(`"${displayName}" is empty: its expression gave no value`, { description });
}

/** A reference or a name: where an expression is a part of it, that may have given nothing. */
export function addGapHint(run: OperationRun, { path, value, displayName }: WrittenValue): void {
	if (!isSetByExpression(run, path) || !hasGapInName(String(value))) return;
	run.hint(`"${displayName}" seems to have a gap, as if an expression in it gave no value`);
}

/** A parameter by its path, and the value that it has for an item. */
interface WrittenValue {
	path: string;
	value: unknown;
	displayName: string;
}

function isSetByExpression({ context }: OperationRun, path: string): boolean {
	const written = path
		.split('.')
		.reduce<unknown>((part, key) => (isRecord(part) ? part[key] : undefined), context.getNode().parameters);
	return typeof written === 'string' && written.startsWith('=');
}

export function parameterOf({ context, itemIndex }: OperationRun, name: string): unknown {
	return context.getNodeParameter(name, itemIndex, null);
}
