import { UserError } from 'n8n-workflow';
import type { Api } from '../../api/endpoints';
import type { PlacedCall } from '../../api/types';
import { isRecord } from '../../api/values';
import {
	isEmpty,
	locatorValue,
	readBoolean,
	readChoice,
	readText,
	readWholeNumber,
} from '../../records/query/parameters';
import { readNumbersToCall } from '../../records/query/phoneNumbers';
import { numberOf } from '../../records/record';
import type { OperationRun } from '../operationRun';
import { DEFAULT_MAX_CALLS, DEFAULT_MAX_WAIT, optionNameOf } from './fields';
import { readLanguage } from './language';
import { referenceOf } from './reference';
import { hasGap, refuseLeftovers, refuseLeftoversInId } from './texts';

/** The vendor's pages differ: up to 200, 500 or 1000 numbers in a request. */
const MAX_NUMBERS_PER_REQUEST = 200;
const MAX_TEXT_LENGTH = 1000;
/** Of the vendor's older pages. */
const LONG_TEXT_LENGTH = 800;
const SHORT_TEXT_LENGTH = 299;
const SHORT_TEXT_LANGUAGES = /^(VN|VI|TH|IDN|ID)$/i;
/** Source: the vendor's page "voice verification code". */
const VOICES = { male: 1, female: 2 } as const;

const GAP_HINT =
	'A text seems to have a gap, as if an expression in it gave no value: several spaces in a row, or a space before a comma or full stop';
const RECALL_HINT =
	'With "Recall Count", ITNIO TECH may call again after the outcome that was output, which is that of the first call';

/** The calls of one input item, read and checked. */
export interface Calls {
	/** In the order of the item, with the repetitions. */
	calledNumbers: string[];
	calledInfo: string;
	callsRepeated: boolean;
	isDryRun: boolean;
	/** How long to wait for the outcomes; absent: not at all. */
	maxWaitMs?: number;
	/** Of all items together. */
	maxCalls: number;
	numbersPerRequest: number;
	place(api: Api, calledNumbers: string[]): Promise<PlacedCall[]>;
}

type ReadCalls = (run: OperationRun) => Calls;

/** By operation. Each throws a UserError that names the field and says what to enter. */
export const READERS = { sendText: readTextCall, sendFile: readFileCalls } satisfies Record<
	string,
	ReadCalls
>;

function readTextCall(run: OperationRun): Calls {
	const calledNumbers = readNumbersToCall(fieldValue(run, 'calledNumber'), 'Called Number');
	if (calledNumbers.length > 1) {
		throw new UserError(`"Called Number" has ${calledNumbers.length} numbers`, {
			description: 'Pass one number with each input item, or choose "Send Audio File Call"',
		});
	}
	const { options } = run;
	refuseEmptyExpressions(run);
	const voice = isEmpty(options.voice) ? undefined : readChoice(options.voice, 'Voice', ['male', 'female']);
	const language = readLanguage(locatorValue(fieldValue(run, 'language')));
	const call = {
		language,
		text: readSpokenText(run, language),
		...readSharedFields(run, options),
		recallCount: readOptional(options.recallCount, 'Recall Count', { min: 0, max: 9 }),
		recallInterval: readOptional(options.recallInterval, 'Recall Interval (Minutes)', { min: 1, max: 999 }),
		speakingRate: readSpeakingRate(options.speakingRate),
		ssmlGender: voice && VOICES[voice],
		accent: isEmpty(options.accent) ? undefined : readText(options.accent, 'Accent', 'Enter a code, e.g. 91'),
	};
	addLengthHint(run, call);
	if (call.recallCount && readMaxWait(run) !== undefined) run.hint(RECALL_HINT);
	return {
		calledNumbers,
		...readPlacing(run, call),
		numbersPerRequest: 1,
		place: async (api, [calledNumber]) => await api.placeTextCall({ calledNumber, ...call }),
	};
}

function readFileCalls(run: OperationRun): Calls {
	const calledNumbers = readNumbersToCall(fieldValue(run, 'calledNumbers'), 'Called Numbers');
	const { options } = run;
	refuseEmptyExpressions(run);
	const call = {
		fileId: readId(
			locatorValue(fieldValue(run, 'fileId')),
			'Audio File',
			'Choose a file from the list, or enter the ID of one',
		),
		...readSharedFields(run, options),
	};
	return {
		calledNumbers,
		...readPlacing(run, call),
		numbersPerRequest: MAX_NUMBERS_PER_REQUEST,
		place: async (api, numbers) => await api.placeFileCall({ calledNumbers: numbers, ...call }),
	};
}

function readSharedFields(run: OperationRun, options: OperationRun['options']) {
	const { displayNum, loopCount, maxDuration, maxRingingTime } = options;
	return {
		appId: readId(
			fieldValue(run, 'appId'),
			'App ID',
			'Enter the ID of a voice application of the ITNIO console',
		),
		calledInfo: readCalledInfo(run, options.calledInfo),
		displayNum: isEmpty(displayNum) ? undefined : readDisplayNumber(displayNum),
		loopCount: readOptional(loopCount, 'Loop Count', { min: 1, max: 9 }),
		maxDuration: readOptional(maxDuration, 'Max Duration (Seconds)', { min: 1, max: 120 }),
		maxRingingTime: readOptional(maxRingingTime, 'Max Ringing Time (Seconds)', { min: 20, max: 120 }),
	};
}

/** Control characters would be read aloud, or end the text. */
function readSpokenText(run: OperationRun, language: string): string {
	const value = fieldValue(run, 'text');
	const text = readText(value, 'Text', 'Enter what is read to the called party');
	refuseLeftovers(text, 'Text', language);
	if (hasGap(String(value))) run.hint(GAP_HINT);
	return checkLength(text.replace(/\p{Cc}/gu, ' '), 'Text');
}

function readId(value: unknown, displayName: string, description: string): string {
	const text = readText(value, displayName, description);
	refuseLeftoversInId(text, displayName);
	return text;
}

function readCalledInfo(run: OperationRun, value: unknown): string {
	if (isEmpty(value)) return referenceOf(run);
	return checkLength(readId(value, 'Called Info', 'Enter a reference, or leave it empty'), 'Called Info');
}

function checkLength(text: string, displayName: string): string {
	const { length } = [...text];
	if (length <= MAX_TEXT_LENGTH) return text;
	throw new UserError(`"${displayName}" has ${length} characters`, {
		description: `ITNIO TECH takes up to ${MAX_TEXT_LENGTH}. Shorten it.`,
	});
}

function addLengthHint({ hint }: OperationRun, { text, language }: { text: string; language: string }): void {
	const limit = SHORT_TEXT_LANGUAGES.test(language) ? SHORT_TEXT_LENGTH : LONG_TEXT_LENGTH;
	if ([...text].length <= limit) return;
	hint(`Texts of more than ${limit} characters in ${language} may be cut or refused by ITNIO TECH`);
}

function readDisplayNumber(value: unknown): string {
	const numbers = readNumbersToCall(value, 'Display Number');
	if (numbers.length === 1) return numbers[0];
	throw new UserError(`"Display Number" has ${numbers.length} numbers`, { description: 'Enter one number' });
}

function readPlacing(run: OperationRun, { calledInfo }: { calledInfo: string }) {
	const { repeatedNumbers, dryRun } = run.options;
	const repeated = isEmpty(repeatedNumbers) ? 'skip' : repeatedNumbers;
	return {
		calledInfo,
		maxCalls: readMaxCalls(run.options),
		callsRepeated: readChoice(repeated, 'Repeated Numbers', ['skip', 'call']) === 'call',
		isDryRun: !isEmpty(dryRun) && readBoolean(dryRun, 'Dry Run'),
		maxWaitMs: readMaxWait(run),
	};
}

/** Milliseconds; `undefined` without a wait. */
function readMaxWait({ context, itemIndex }: OperationRun): number | undefined {
	const waits: unknown = context.getNodeParameter('waitForOutcome', itemIndex, false);
	if (!readBoolean(waits, 'Wait for Outcome')) return undefined;
	const minutes: unknown = context.getNodeParameter('maxWait', itemIndex, DEFAULT_MAX_WAIT);
	return 60_000 * readWholeNumber(minutes, 'Max Wait (Minutes)', { min: 1, max: 60 });
}

/** An option that is set by an expression is meant to have a value, and its default would ring the phone otherwise. */
function refuseEmptyExpressions({ context, options, isTool }: OperationRun): void {
	const written: unknown = context.getNode().parameters.options;
	if (isTool || !isRecord(written)) return;
	for (const [name, expression] of Object.entries(written)) {
		if (typeof expression !== 'string' || !expression.startsWith('=') || !isEmpty(options[name])) continue;
		throw new UserError(`"${optionNameOf(name)}" is empty: its expression gave no value`, {
			description: 'Check the expression, or remove the option. Nobody was called.',
		});
	}
}

function readMaxCalls({ maxCalls }: { maxCalls?: unknown }): number {
	return readWholeNumber(isEmpty(maxCalls) ? DEFAULT_MAX_CALLS : maxCalls, 'Max Calls', { min: 1 });
}

function readSpeakingRate(value: unknown): number | undefined {
	if (isEmpty(value)) return undefined;
	const rate = numberOf(value);
	if (rate !== null && rate >= 0.25 && rate <= 4) return rate;
	throw new UserError('"Speaking Rate" must be a number from 0.25 to 4');
}

function readOptional(value: unknown, displayName: string, limits: { min: number; max: number }) {
	return isEmpty(value) ? undefined : readWholeNumber(value, displayName, limits);
}

function fieldValue({ context, itemIndex }: OperationRun, name: string): unknown {
	return context.getNodeParameter(name, itemIndex, null);
}
