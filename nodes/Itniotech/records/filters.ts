import { UserError } from 'n8n-workflow';
import type { WireRecord } from '../api/types';
import { listOf, notText, notValid, readChoice } from './parameters';
import { numberOf, outcomeOf, textOf } from './record';

/** The collection "Filters", unchecked. */
export type FilterValues = Partial<Record<keyof typeof DISPLAY_NAMES, unknown>>;

const DISPLAY_NAMES = {
	outcome: 'Outcome',
	calledNumber: 'Called Number',
	displayNum: 'Display Number',
	area: 'Area',
	terminationCode: 'Termination Code',
	keyPressed: 'Key Pressed',
	minDuration: 'Minimum Duration',
	calledInfo: 'Called Info',
};

/** Whether a record is wanted. */
export type RecordFilter = (record: WireRecord) => boolean;

const OUTCOMES = ['all', 'answered', 'failed'] as const;

/**
 * The API itself filters only by time, so filters look at the records that it returned. An empty filter lets every
 * record pass.
 * @throws UserError naming the filter that cannot be read
 * @returns `undefined` when every record is wanted
 */
export function createFilter(values: FilterValues): RecordFilter | undefined {
	checkTypes(values);
	const checks: RecordFilter[] = [];
	const outcome = readChoice(textOf(values.outcome) ?? 'all', 'Outcome', OUTCOMES);
	if (outcome !== 'all') checks.push((record) => outcomeOf(record) === outcome);

	const calledNumber = readDigits(values.calledNumber, 'Called Number');
	if (calledNumber) checks.push((record) => digitsOf(record.callee) === calledNumber);

	const displayNum = readDigits(values.displayNum, 'Display Number');
	if (displayNum) checks.push((record) => digitsOf(record.displayNum) === displayNum);

	const area = lowerCase(values.area);
	if (area) checks.push((record) => lowerCase(record.code).includes(area));

	const terminationCodes = listOf(values.terminationCode);
	if (terminationCodes.length > 0) {
		checks.push((record) => terminationCodes.includes(textOf(record.terminationCode) ?? ''));
	}

	const keyPressed = textOf(values.keyPressed);
	if (keyPressed) checks.push((record) => textOf(record.feedbackValue) === keyPressed);

	const minDuration = readSeconds(values.minDuration, 'Minimum Duration');
	if (minDuration) checks.push((record) => (numberOf(record.callDuration) ?? 0) >= minDuration);

	const calledInfo = lowerCase(values.calledInfo);
	if (calledInfo) checks.push((record) => lowerCase(record.calledInfo).includes(calledInfo));

	if (checks.length === 0) return undefined;
	return (record) => checks.every((isWanted) => isWanted(record));
}

/** An expression may return anything: a filter that cannot be read as text must not count as an empty one. */
function checkTypes(values: FilterValues): void {
	for (const [name, value] of Object.entries(values)) {
		if (!(name in DISPLAY_NAMES)) continue;
		const isReadable = value === undefined || value === null || ['string', 'number'].includes(typeof value);
		if (isReadable || (Array.isArray(value) && name === 'terminationCode')) continue;
		throw new UserError(notText(DISPLAY_NAMES[name as keyof FilterValues], value), {
			description: 'Enter a value, or check the expression',
		});
	}
}

function lowerCase(value: unknown): string {
	return (textOf(value) ?? '').toLowerCase();
}

/** Phone numbers are compared by their digits: "+91 856-321" is the API's "91856321". */
function digitsOf(value: unknown): string {
	return (textOf(value) ?? '').replace(/\D/g, '');
}

function readDigits(value: unknown, displayName: string): string | undefined {
	if (textOf(value) === null) return undefined;
	const digits = digitsOf(value);
	if (digits) return digits;
	throw new UserError(notValid(displayName, 'phone number', value), {
		description: 'Enter a phone number with its country code, e.g. 15550100',
	});
}

function readSeconds(value: unknown, displayName: string): number | null {
	const seconds = numberOf(value);
	if (seconds !== null || textOf(value) === null) return seconds;
	throw new UserError(notValid(displayName, 'number', value), {
		description: 'Enter a number of seconds, e.g. 30',
	});
}
