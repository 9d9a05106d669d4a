import { UserError } from 'n8n-workflow';
import { numberOf, textOf } from './record';

const MAX_QUOTED_LENGTH = 50;

/** @throws UserError listing the choices */
export function readChoice<T extends string>(value: unknown, displayName: string, choices: readonly T[]): T {
	const choice = choices.find((one) => one === textOf(value));
	if (choice !== undefined) return choice;
	throw new UserError(`Unknown value for "${displayName}": ${describe(value)}`, {
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
	const isSeparated = value === null || value === undefined || typeof value === 'string';
	const entries: unknown[] = Array.isArray(value) ? value : isSeparated ? listOf(value) : [value];
	return [...new Set(entries.map((entry) => readChoice(entry, displayName, choices)))];
}

/** @throws UserError naming the field and its limits */
export function readWholeNumber(
	value: unknown,
	displayName: string,
	{ min, max = Number.MAX_SAFE_INTEGER }: { min: number; max?: number },
): number {
	const number = numberOf(value);
	if (number !== null && Number.isInteger(number) && number >= min && number <= max) return number;
	const limits = max === Number.MAX_SAFE_INTEGER ? `of ${min} or more` : `from ${min} to ${max}`;
	throw new UserError(`"${displayName}" must be a whole number ${limits}`, {
		description: `The current value is ${describe(value)}`,
	});
}

/** @throws UserError naming the field, with the description, for empty text */
export function readText(value: unknown, displayName: string, description: string): string {
	const text = textOf(value);
	if (text !== null) return text;
	const isEmpty = value === null || value === undefined || typeof value === 'string';
	throw new UserError(isEmpty ? `"${displayName}" is empty` : notText(displayName, value), { description });
}

export function notText(displayName: string, value: unknown): string {
	return `"${displayName}" must be text or a number, not ${describe(value)}`;
}

/** @param expected e.g. `number` or `date and time` */
export function notValid(displayName: string, expected: string, value: unknown): string {
	return `"${displayName}" is not a valid ${expected}: ${describe(value)}`;
}

/** The entries of a list, or of one text separated by commas, semicolons or blanks. */
export function listOf(value: unknown): string[] {
	const entries = Array.isArray(value) ? value : (textOf(value)?.split(/[\s,;]+/) ?? []);
	return entries.map(textOf).filter((entry) => entry !== null);
}

function describe(value: unknown): string {
	const text = textOf(value);
	if (text !== null) return text.slice(0, MAX_QUOTED_LENGTH);
	if (value === null || value === undefined || typeof value === 'string') return 'empty';
	if (Array.isArray(value)) return 'a list';
	return typeof value === 'boolean' ? String(value) : 'an object';
}
