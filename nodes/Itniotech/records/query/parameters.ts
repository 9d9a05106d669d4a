import { UserError } from 'n8n-workflow';
import { isRecord, parseJson } from '../../api/values';
import { numberText } from '../output/text';
import { numberOf, textOf } from '../record';

/** A longer value is cut in a message. */
export const MAX_QUOTED_LENGTH = 50;

/** @throws UserError listing the choices */
export function readChoice<T extends string>(value: unknown, displayName: string, choices: readonly T[]): T {
	const choice = choices.find((one) => one === textOf(value));
	if (choice !== undefined) return choice;
	throw new UserError(unknownValue(displayName, value), {
		description: `Choose from: ${choices.join(', ')}`,
	});
}

/**
 * Each choice once, in the given order, from a list or from text separated by commas.
 * @throws UserError listing the choices
 */
export function readChoices<T extends string>(
	value: unknown,
	displayName: string,
	choices: readonly T[],
): T[] {
	const entries = entriesOf(value) ?? [value];
	return [...new Set(entries.map((entry) => readChoice(entry, displayName, choices)))];
}

/** @throws UserError naming the field, unless the value is a truth value, also as text */
export function readBoolean(value: unknown, displayName: string): boolean {
	if (typeof value === 'boolean') return value;
	const text = typeof value === 'string' ? value.toLowerCase() : value;
	return readChoice(text, displayName, ['true', 'false']) === 'true';
}

/**
 * The fields of a collection, also as JSON text; empty for nothing.
 * @throws UserError naming the collection and a field that it cannot have
 */
export function readCollection<Name extends string>(
	value: unknown,
	displayName: string,
	names: readonly Name[],
): Partial<Record<Name, unknown>> {
	const collection = isEmpty(value) ? {} : typeof value === 'string' ? parseJson(value) : value;
	if (!isRecord(collection)) {
		throw new UserError(notValid(displayName, 'JSON object', value), {
			description: `Enter an object with any of these fields: ${names.join(', ')}`,
		});
	}
	for (const name of Object.keys(collection)) readChoice(name, displayName, names);
	const entries = Object.entries(collection).map(([name, field]) => [name, locatorValue(field)]);
	return Object.fromEntries(entries) as Partial<Record<Name, unknown>>;
}

/** What a field holds in which a value can be chosen from a list or entered. */
export function locatorValue(value: unknown): unknown {
	return isRecord(value) && 'mode' in value && 'value' in value ? value.value : value;
}

interface NumberLimits {
	min: number;
	max?: number;
}

/** @throws UserError naming the field and its limits */
export function readWholeNumber(value: unknown, displayName: string, limits: NumberLimits): number {
	const number = numberOf(value);
	if (number !== null && Number.isInteger(number) && isInLimits(number, limits)) return number;
	throw notWithin(value, `"${displayName}" must be a whole number`, limits);
}

/** @throws UserError naming the field and its limits */
export function readNumber(value: unknown, displayName: string, limits: NumberLimits): number {
	const number = numberOf(value);
	if (number === null) {
		throw new UserError(notValid(displayName, 'number', value), { description: 'Enter a number' });
	}
	if (isInLimits(number, limits)) return number;
	throw notWithin(value, `"${displayName}" must be a number`, limits);
}

function isInLimits(number: number, { min, max = Number.MAX_SAFE_INTEGER }: NumberLimits): boolean {
	return number >= min && number <= max;
}

function notWithin(value: unknown, message: string, { min, max }: NumberLimits): UserError {
	const limits =
		max === undefined ? `of ${numberText(min)} or more` : `from ${numberText(min)} to ${numberText(max)}`;
	return new UserError(`${message} ${limits}`, {
		description: `The current value is ${describeValue(value)}`,
	});
}

/** @throws UserError naming the field, for a number of which nobody knows the last digits */
export function refuseLostDigits(value: unknown, displayName: string): void {
	if (!Number.isFinite(value) || Math.abs(Number(value)) <= Number.MAX_SAFE_INTEGER) return;
	throw new UserError(`"${displayName}" is a number that has lost its last digits`, {
		description: 'It may have more digits than a number can hold: pass it to this node as text',
	});
}

/** @throws UserError naming the field, with the description for empty text */
export function readText(value: unknown, displayName: string, description: string): string {
	refuseLostDigits(value, displayName);
	const text = textOf(value);
	if (text !== null) return text;
	throw new UserError(isEmpty(value) ? `"${displayName}" is empty` : notText(displayName, value), {
		description,
	});
}

export function notText(displayName: string, value: unknown): string {
	return `"${displayName}" must be text or a number, not ${describeValue(value)}`;
}

export function unknownValue(displayName: string, value: unknown): string {
	return `Unknown value for "${displayName}": ${describeValue(value)}`;
}

/** @param expected e.g. `number` or `date and time` */
export function notValid(displayName: string, expected: string, value: unknown): string {
	return `"${displayName}" is not a valid ${expected}: ${describeValue(value)}`;
}

/** The entries of a list, also as JSON text, or of one text; none for nothing, `undefined` for anything else. */
export function entriesOf(value: unknown, separator = /[\s,;]+/): unknown[] | undefined {
	if (isEmpty(value)) return [];
	if (Array.isArray(value)) return value;
	if (typeof value === 'number') return [value];
	const text = textOf(value)?.normalize('NFKC');
	const list = text?.startsWith('[') ? parseJson(text) : undefined;
	return Array.isArray(list) ? list : text?.split(separator).filter((entry) => entry !== '');
}

/** The entries of a list, or of one text separated by commas, semicolons or blanks. */
export function listOf(value: unknown): string[] {
	return (entriesOf(value) ?? []).map(textOf).filter((entry) => entry !== null);
}

/** Text of several kinds of digits, letters and blanks in one: what looks the same is the same. */
export function foldText(value: unknown): string {
	const text = (textOf(value) ?? '').normalize('NFKC').replace(/\p{Cf}/gu, '');
	return text.toLowerCase().normalize('NFKC').replace(/\s+/g, ' ').trim();
}

/** @param parameter as it is stored in the node */
export function isExpression(parameter: unknown): parameter is string {
	return typeof parameter === 'string' && parameter.startsWith('=');
}

export function isEmpty(value: unknown): boolean {
	return value === null || value === undefined || (typeof value === 'string' && value.trim() === '');
}

function describeValue(value: unknown): string {
	const text = textOf(value);
	if (text !== null) return text.slice(0, MAX_QUOTED_LENGTH);
	if (isEmpty(value)) return 'empty';
	if (Array.isArray(value)) return 'a list';
	return typeof value === 'object' ? 'an object' : String(value);
}
