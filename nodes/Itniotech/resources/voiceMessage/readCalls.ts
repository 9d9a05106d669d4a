import { UserError } from 'n8n-workflow';
import type { Api } from '../../api/endpoints';
import type { PlacedCall } from '../../api/types';
import { numberText } from '../../records/output/text';
import {
	isEmpty,
	locatorValue,
	readBoolean,
	readChoice,
	readNumber,
	readText,
	readWholeNumber,
} from '../../records/query/parameters';
import { phoneNumberOf } from '../../records/phoneNumber';
import { readEachNumberToCall, readNumbersToCall } from '../../records/query/phoneNumbers';
import { refuseEmptyExpressions } from '../expressions';
import type { OperationRun } from '../operationRun';
import { readLanguage } from '../placing/language';
import {
	addGapHint,
	addLengthHint,
	checkLength,
	readAppId,
	readDisplayNumber,
	readFileId,
	readId,
	readOptionalNumber,
	readSpokenText,
} from '../placing/readMessage';
import { referenceOf } from '../placing/reference';
import { DEFAULT_MAX_CALLS, DEFAULT_MAX_WAIT, SHARED_OPTIONS, TEXT_OPTIONS } from './fields';

/** The vendor's pages differ: up to 200, 500 or 1000 numbers in a request. */
const MAX_NUMBERS_PER_REQUEST = 200;
/** Source: the vendor's page "voice verification code". */
const VOICES = { male: 1, female: 2 } as const;

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
	/** For all items together. */
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
	const calledNumbers = readNumbersToCall(run.parameter('calledNumber'), 'Called Number');
	if (calledNumbers.length > 1) {
		throw new UserError(`"Called Number" has ${numberText(calledNumbers.length)} numbers`, {
			description: 'Pass one number with each input item, or choose "Send Audio File Call"',
		});
	}
	const { options } = run;
	const { speakingRate } = options;
	refuseEmptyExpressions(run, [...SHARED_OPTIONS, ...TEXT_OPTIONS]);
	const voice = isEmpty(options.voice) ? undefined : readChoice(options.voice, 'Voice', ['male', 'female']);
	const language = readLanguage(locatorValue(run.parameter('language')));
	const call = {
		language,
		text: readSpokenText(run, { value: run.parameter('text'), language }),
		...readSharedFields(run, options),
		recallCount: readOptionalNumber(options.recallCount, 'Recall Count', { min: 0, max: 9 }),
		recallInterval: readOptionalNumber(options.recallInterval, 'Recall Interval (Minutes)', {
			min: 1,
			max: 999,
		}),
		speakingRate: isEmpty(speakingRate)
			? undefined
			: readNumber(speakingRate, 'Speaking Rate', { min: 0.25, max: 4 }),
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
	const calledNumbers = readNumbersOfFileCall(run.parameter('calledNumbers'));
	const { options } = run;
	refuseEmptyExpressions(run, [...SHARED_OPTIONS, ...TEXT_OPTIONS]);
	const call = {
		fileId: readFileId(run.parameter('fileId')),
		...readSharedFields(run, options),
	};
	return {
		calledNumbers,
		...readPlacing(run, call),
		numbersPerRequest: MAX_NUMBERS_PER_REQUEST,
		place: async (api, numbers) =>
			await api.placeFileCall({ calledNumbers: numbers, ...call }, phoneNumberOf),
	};
}

/** @throws UserError which says that the others are not called either, where an item with several numbers has a wrong one */
function readNumbersOfFileCall(value: unknown): string[] {
	const numbers = readEachNumberToCall(value, 'Called Numbers');
	const error = numbers.find((one) => one.error)?.error;
	if (!error) return numbers.map(({ calledNumber }) => calledNumber);
	if (numbers.length === 1) throw error;
	throw new UserError(error.message, {
		description: `Nobody is called for this input item, which has ${numberText(numbers.length)} numbers. ${error.description}`,
	});
}

function readSharedFields(run: OperationRun, options: OperationRun['options']) {
	const { displayNum, loopCount, maxDuration, maxRingingTime } = options;
	return {
		appId: readAppId(run.parameter('appId')),
		calledInfo: readCalledInfo(run, options.calledInfo),
		displayNum: isEmpty(displayNum) ? undefined : readDisplayNumber(displayNum),
		loopCount: readOptionalNumber(loopCount, 'Loop Count', { min: 1, max: 9 }),
		maxDuration: readOptionalNumber(maxDuration, 'Max Duration (Seconds)', { min: 1, max: 120 }),
		maxRingingTime: readOptionalNumber(maxRingingTime, 'Max Ringing Time (Seconds)', { min: 20, max: 120 }),
	};
}

function readCalledInfo(run: OperationRun, value: unknown): string {
	if (isEmpty(value)) return referenceOf(run);
	addGapHint(run, { path: 'options.calledInfo', value, displayName: 'Called Info' });
	return checkLength(readId(value, 'Called Info', 'Enter a reference, or leave it empty'), 'Called Info');
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
function readMaxWait(run: OperationRun): number | undefined {
	if (!readBoolean(run.parameter('waitForOutcome', false), 'Wait for Outcome')) return undefined;
	return (
		60_000 *
		readWholeNumber(run.parameter('maxWait', DEFAULT_MAX_WAIT), 'Max Wait (Minutes)', { min: 1, max: 60 })
	);
}

function readMaxCalls({ maxCalls }: { maxCalls?: unknown }): number {
	return readWholeNumber(isEmpty(maxCalls) ? DEFAULT_MAX_CALLS : maxCalls, 'Max Calls', { min: 1 });
}
