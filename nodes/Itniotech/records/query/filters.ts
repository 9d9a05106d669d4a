import { UserError } from 'n8n-workflow';
import type { WireRecord } from '../../api/types';
import {
	entriesOf,
	foldText,
	isEmpty,
	notText,
	notValid,
	readChoice,
	readCollection,
	refuseLostDigits,
	unknownValue,
} from './parameters';
import { calledNumberIn, phoneNumberOf } from '../phoneNumber';
import { countryOf, numberOf, outcomeOf, textOf } from '../record';
import { readPhoneNumbers } from './phoneNumbers';

export type FilterValues = Partial<Record<FilterName, unknown>>;

/** Each filter and its display name. */
export const FILTERS = {
	outcome: 'Outcome',
	calledNumber: 'Called Number',
	country: 'Country',
	area: 'Area',
	terminationCode: 'Termination Code',
	keyPressed: 'Key Pressed',
	minDuration: 'Minimum Duration (Seconds)',
	calledInfo: 'Called Info',
	displayNum: 'Display Number',
};
type FilterName = keyof typeof FILTERS;

export const FILTER_NAMES = Object.keys(FILTERS) as FilterName[];

/** Filters of one or several values. */
export const LISTS: FilterName[] = ['calledNumber', 'country', 'terminationCode', 'keyPressed', 'displayNum'];

export type RecordFilter = (record: WireRecord) => boolean;

const OUTCOMES = ['all', 'answered', 'failed', 'voicemail', 'pending'] as const;
const OUTCOMES_OF_ENDED = OUTCOMES.filter((outcome) => outcome !== 'pending');

/** What a filter of several texts takes. */
interface TextKind {
	displayName: string;
	pattern: RegExp;
	howToWrite: string;
}

const TERMINATION_CODES: TextKind = {
	displayName: FILTERS.terminationCode,
	pattern: /^-?\d+$/,
	howToWrite: 'Enter codes, separated by commas, e.g. 486, 503',
};
const KEYS: TextKind = {
	displayName: FILTERS.keyPressed,
	pattern: /^(-1|[\da-d*#]+)$/,
	howToWrite: 'Enter keys, separated by commas, e.g. 1, #. Calls without a key have -1.',
};
const CHECK_VALUE = 'Enter a value, or check the expression';

/**
 * The API filters only by time, so this filters what it returned. An empty filter lets every record pass.
 * @param values the collection "Filters", also as JSON text
 * @param onlyEnded whether there are no other records, so that no filter can want them
 * @throws UserError naming the filter that cannot be read
 * @returns `undefined` when every record is wanted
 */
export function createFilter(values: unknown, { onlyEnded = false } = {}): RecordFilter | undefined {
	const filters = readCollection(values, 'Filters', FILTER_NAMES);
	const outcomes = onlyEnded ? OUTCOMES_OF_ENDED : OUTCOMES;
	const outcome = readChoice(isEmpty(filters.outcome) ? 'all' : filters.outcome, 'Outcome', outcomes);
	const calledNumbers = readCalledNumbers(filters.calledNumber);
	const displayNumbers = readPhoneNumbers(filters.displayNum, 'Display Number');
	const countries = readCountries(filters.country);
	const area = readFilterText(filters.area, 'Area');
	const terminationCodes = readTexts(filters.terminationCode, TERMINATION_CODES);
	const keys = readTexts(filters.keyPressed, KEYS);
	const minDuration = readSeconds(filters.minDuration, FILTERS.minDuration);
	const calledInfo = readFilterText(filters.calledInfo, 'Called Info');

	const checks: RecordFilter[] = [];
	if (outcome !== 'all') checks.push((record) => outcomeOf(record) === outcome);
	if (calledNumbers.length > 0) checks.push((record) => includes(calledNumbers, calledNumberIn(record)));
	if (displayNumbers.length > 0) {
		checks.push(({ displayNum }) => includes(displayNumbers, phoneNumberOf(displayNum)));
	}
	if (countries) checks.push((record) => includesEntry(countries, countryOf(record.code)));
	if (area) checks.push(({ code }) => foldText(code).includes(area));
	if (terminationCodes.length > 0) {
		checks.push((record) => terminationCodes.includes(foldText(record.terminationCode)));
	}
	if (keys.length > 0) checks.push(({ feedbackValue }) => keys.includes(foldText(feedbackValue)));
	if (minDuration) checks.push(({ callDuration }) => (numberOf(callDuration) ?? 0) >= minDuration);
	if (calledInfo) {
		const parts = calledInfo.split('*');
		checks.push((record) => hasParts(foldText(record.calledInfo), parts));
	}

	if (checks.length === 0) return undefined;
	return (record) => checks.every((isWanted) => isWanted(record));
}

function includes(numbers: string[], number: string | null): boolean {
	return number !== null && numbers.includes(number);
}

/** No country code begins with 0, so a number that does would match nothing. */
function readCalledNumbers(value: unknown): string[] {
	const numbers = readPhoneNumbers(value, 'Called Number');
	const national = numbers.find((number) => number.startsWith('0'));
	if (national === undefined) return numbers;
	throw new UserError(`"Called Number" has no country code: ${national}`, {
		description: 'Enter a phone number with its country code, e.g. 12025550100',
	});
}

/** Names of countries between commas, as some have a comma themselves: `korea, republic of`. */
function readCountries(value: unknown): string {
	const entries = entriesOf(value, /[,;\r\n]/);
	if (!entries) throw new UserError(notText('Country', value), { description: CHECK_VALUE });
	return joinNames(entries.map((entry) => readFilterText(entry, 'Country')));
}

function joinNames(names: string[]): string {
	return names
		.flatMap((name) => name.split(','))
		.map((name) => name.trim())
		.filter((name) => name !== '')
		.join(',');
}

function includesEntry(names: string, name: string | null): boolean {
	const wanted = joinNames([foldText(name)]);
	return wanted !== '' && `,${names},`.includes(`,${wanted},`);
}

/** Whether a text is nothing but these parts, in their order and with any text between them. No regular expression, which would take minutes on some texts. */
export function hasParts(text: string, [first, ...others]: string[]): boolean {
	const last = others.pop();
	if (last === undefined) return text === first;
	if (!text.startsWith(first)) return false;
	let at = first.length;
	for (const part of others) {
		const found = text.indexOf(part, at);
		if (found < 0) return false;
		at = found + part.length;
	}
	return text.length - last.length >= at && text.endsWith(last);
}

function readFilterText(value: unknown, displayName: string): string {
	refuseLostDigits(value, displayName);
	if (isEmpty(value) || textOf(value) !== null) return foldText(value);
	throw new UserError(notText(displayName, value), { description: CHECK_VALUE });
}

function readTexts(value: unknown, { displayName, pattern, howToWrite }: TextKind): string[] {
	const entries = entriesOf(value);
	if (!entries) throw new UserError(notText(displayName, value), { description: CHECK_VALUE });
	return entries.flatMap((entry) => {
		const text = readFilterText(entry, displayName);
		if (text === '') return [];
		if (pattern.test(text)) return [text];
		throw new UserError(unknownValue(displayName, entry), { description: howToWrite });
	});
}

function readSeconds(value: unknown, displayName: string): number | null {
	const seconds = numberOf(value);
	if (isEmpty(value) || (seconds !== null && seconds >= 0)) return seconds;
	throw new UserError(notValid(displayName, 'number', value), {
		description: 'Enter a number of seconds, e.g. 30',
	});
}
