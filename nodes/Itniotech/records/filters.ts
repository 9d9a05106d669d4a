import { UserError } from 'n8n-workflow';
import type { WireRecord } from '../api/types';
import { numberOf, outcomeOf, textOf } from './record';

/** The collection "Filters" as the user filled it in. */
export type FilterValues = Partial<Record<keyof typeof DISPLAY_NAMES, unknown>>;

const DISPLAY_NAMES = {
	outcome: 'Outcome',
	callee: 'Callee',
	displayNum: 'Display Number',
	area: 'Area',
	terminationCode: 'Termination Code',
	keyPressed: 'Key Pressed',
	minDuration: 'Minimum Duration',
	calledInfo: 'Called Info',
};

/** Whether a record is wanted. */
export type RecordFilter = (record: WireRecord) => boolean;

/**
 * The API itself filters by nothing but time, so filters look at what it returned. A filter that is left empty wants
 * every record.
 * @throws UserError naming the filter that cannot be read
 * @returns `undefined` when every record is wanted
 */
export function createFilter(values: FilterValues): RecordFilter | undefined {
	checkKinds(values);
	const checks: RecordFilter[] = [];
	const outcome = textOf(values.outcome) ?? 'all';
	if (!['all', 'answered', 'failed'].includes(outcome)) {
		throw new UserError(`"Outcome" cannot be "${outcome}"`, {
			description: 'Choose one of: all, answered, failed',
		});
	}
	if (outcome !== 'all') checks.push((record) => outcomeOf(record) === outcome);

	const callee = digitsOf(values.callee, 'Callee');
	if (callee) checks.push((record) => digits(record.callee) === callee);

	const displayNum = digitsOf(values.displayNum, 'Display Number');
	if (displayNum) checks.push((record) => digits(record.displayNum) === displayNum);

	const area = textOf(values.area)?.toLowerCase();
	if (area) checks.push((record) => textOf(record.code)?.toLowerCase().includes(area) ?? false);

	const terminationCodes = listOf(values.terminationCode);
	if (terminationCodes.length > 0) {
		checks.push((record) => terminationCodes.includes(textOf(record.terminationCode) ?? ''));
	}

	const keyPressed = textOf(values.keyPressed);
	if (keyPressed) checks.push((record) => textOf(record.feedbackValue) === keyPressed);

	const minDuration = numberOf(values.minDuration);
	if (minDuration === null && textOf(values.minDuration) !== null) {
		throw new UserError(`"Minimum Duration" is no number: ${textOf(values.minDuration)}`, {
			description: 'Enter a number of seconds, e.g. 30',
		});
	}
	if (minDuration) checks.push((record) => (numberOf(record.callDuration) ?? 0) >= minDuration);

	const calledInfo = textOf(values.calledInfo)?.toLowerCase();
	if (calledInfo)
		checks.push((record) => textOf(record.calledInfo)?.toLowerCase().includes(calledInfo) ?? false);

	if (checks.length === 0) return undefined;
	return (record) => checks.every((isWanted) => isWanted(record));
}

/** An expression may give anything. What cannot be read as text must not count as no filter. */
function checkKinds(values: FilterValues): void {
	for (const [name, value] of Object.entries(values)) {
		if (!(name in DISPLAY_NAMES)) continue;
		const isList = Array.isArray(value);
		const isKnown = value === undefined || value === null || ['string', 'number'].includes(typeof value);
		if (isKnown || (isList && name === 'terminationCode')) continue;
		throw new UserError(`"${DISPLAY_NAMES[name as keyof FilterValues]}" must be a text or a number`, {
			description: `Enter one, or check the expression, which gives ${isList ? 'a list' : `the type "${typeof value}"`} now`,
		});
	}
}

/** Phone numbers are compared by their digits: "+91 856-321" is the API's "91856321". */
function digits(value: unknown): string {
	return (textOf(value) ?? '').replace(/\D/g, '');
}

function digitsOf(value: unknown, displayName: string): string | undefined {
	if (textOf(value) === null) return undefined;
	const number = digits(value);
	if (number) return number;
	throw new UserError(`"${displayName}" holds no digit: ${textOf(value)}`, {
		description: 'Enter a phone number with its country code, e.g. 15550100',
	});
}

/** A list, or its entries in one text, separated by commas or blanks. */
export function listOf(value: unknown): string[] {
	const entries = Array.isArray(value) ? value : (textOf(value)?.split(/[\s,;]+/) ?? []);
	return entries.map(textOf).filter((entry) => entry !== null);
}
