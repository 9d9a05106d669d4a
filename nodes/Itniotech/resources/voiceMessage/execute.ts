import { NodeApiError, NodeOperationError, type INodeExecutionData } from 'n8n-workflow';
import { UnknownOutcomeError } from '../../api/refusal';
import type { PlacedCall } from '../../api/types';
import { numberText } from '../../records/output/text';
import type { OperationRun } from '../operationRun';
import { runIndexOf } from '../placing/retries';
import { DRY_RUN, REPEATED } from '../placing/skipped';
import { callsOfRun } from './callsOfRun';
import { laterNumbers, plannedCalls } from './plan';
import type { Calls } from './readCalls';

const STOPPED_BEFORE_CALL = 'The execution was stopped before this number was called';
/** More numbers that were not tried are counted, not listed. */
const MAX_LISTED = 20;

/** A number of an input item, and where in the item it stands. */
interface NumberToCall {
	calledNumber: string;
	index: number;
}

/**
 * Calls the numbers of one input item, one request after the other, each sent once. Each number has an output item.
 * @throws what the first request that went wrong throws, with the calls of the run so far in its description
 */
export async function placeCalls(run: OperationRun): Promise<INodeExecutionData[]> {
	const { nodeRun, context } = run;
	const calls = plannedCalls(run);
	const ofRun = nodeRun.once(callsOfRun);
	const placed: PlacedCall[] = [];
	const failed: PlacedCall[] = [];
	let firstError: unknown;
	for (let entries = calls.calledNumbers.map(toEntry); entries.length > 0; ) {
		const { repeated, batch, rest } = nextBatch(entries, calls, (number) => ofRun.mayHaveCalled(number));
		for (const { calledNumber, index } of repeated) {
			placed[index] = ofRun.add(skippedCall(calls, calledNumber, REPEATED));
		}
		try {
			const answers = await place(run, calls, batch);
			batch.forEach(({ index }, at) => (placed[index] = ofRun.add(answers[at])));
		} catch (error) {
			const lost = batch.map(({ calledNumber }) => lostCall(run, calls, { calledNumber, error }));
			if (!context.continueOnFail()) {
				const untried = [...rest.map(({ calledNumber }) => calledNumber), ...laterNumbers(run)];
				const ending = withCalls(run, error, { lost, untried });
				throw ending;
			}
			firstError ??= error;
			failed.push(...lost);
			batch.forEach(({ index }, at) => (placed[index] = ofRun.add(lost[at])));
		}
		entries = rest;
	}
	const items = placed.map((call) => ({ json: ofRun.toItem(call, calls.maxWaitMs) }));
	if (firstError === undefined) return items;
	run.outputBeforeError = items;
	// The wait for the outcomes may find calls of which no answer came.
	run.isErrorOver = () => failed.every(({ status }) => status === 'submitted');
	throw firstError as Error;
}

function toEntry(calledNumber: string, index: number): NumberToCall {
	return { calledNumber, index };
}

/** A repeated number waits for what becomes of the first one, so no request has a number twice. */
function nextBatch(
	entries: NumberToCall[],
	{ numbersPerRequest, callsRepeated }: Calls,
	mayHaveCalled: (number: string) => boolean,
): { repeated: NumberToCall[]; batch: NumberToCall[]; rest: NumberToCall[] } {
	const [repeated, batch, rest]: NumberToCall[][] = [[], [], []];
	const numbers = new Set<string>();
	for (const entry of entries) {
		const { calledNumber } = entry;
		if (!callsRepeated && mayHaveCalled(calledNumber)) repeated.push(entry);
		else if (batch.length === numbersPerRequest || numbers.has(calledNumber)) rest.push(entry);
		else {
			batch.push(entry);
			numbers.add(calledNumber);
		}
	}
	return { repeated, batch, rest };
}

async function place(
	{ nodeRun, api }: OperationRun,
	calls: Calls,
	batch: NumberToCall[],
): Promise<PlacedCall[]> {
	const numbers = batch.map(({ calledNumber }) => calledNumber);
	if (calls.isDryRun) return numbers.map((number) => skippedCall(calls, number, DRY_RUN));
	if (numbers.length === 0) return [];
	nodeRun.throwIfCancelled();
	return await calls.place(api, numbers);
}

function skippedCall({ calledInfo }: Calls, calledNumber: string, reason: string): PlacedCall {
	return { calledNumber, status: 'skipped', reason, voiceId: null, calledInfo };
}

/** Whatever does not say for sure that nothing was placed leaves it unknown. */
function lostCall(
	{ nodeRun }: OperationRun,
	calls: Calls,
	{ calledNumber, error }: { calledNumber: string; error: unknown },
): PlacedCall {
	const isFromApi = error instanceof NodeApiError;
	if (!isFromApi && nodeRun.isCancelled) return skippedCall(calls, calledNumber, STOPPED_BEFORE_CALL);
	const { message, description } = error as NodeApiError;
	const isRefused = isFromApi && !(error instanceof UnknownOutcomeError);
	return {
		calledNumber,
		status: isRefused ? 'refused' : 'unknown',
		reason: isRefused ? message : [message, description].filter(Boolean).join('. '),
		voiceId: null,
		calledInfo: calls.calledInfo,
	};
}

/** The run ends with this error, and its output is lost: the description is all that remains of the calls. */
function withCalls(
	{ context, nodeRun }: OperationRun,
	error: unknown,
	{ lost, untried }: { lost: PlacedCall[]; untried: string[] },
): Error {
	const nodeError =
		error instanceof NodeApiError ? error : new NodeOperationError(context.getNode(), error as Error);
	const ofRun = nodeRun.once(callsOfRun);
	const runIndex = runIndexOf(context);
	const isUnknown = lost.some(({ status }) => status === 'unknown');
	if (isUnknown) nodeRun.mayHaveCalled = true;
	const lostNumbers = lost.map(({ calledNumber }) => calledNumber);
	const others = [...new Set(untried)].filter(
		(number) => !lostNumbers.includes(number) && !ofRun.mayHaveCalled(number),
	);
	const sent = ofRun
		.sent()
		.map(({ calledNumber, voiceId, status }) =>
			[calledNumber, status, voiceId].filter((part) => part !== null).join(' '),
		);
	const sentences = [
		nodeError.description?.replace(/\.?$/, '.'),
		`${isUnknown ? 'Not known whether called' : 'Not called'}: ${lostNumbers.join(', ')}.`,
		sent.length > 0 ? `Sent before in this run: ${sent.join(', ')}.` : '',
		others.length > 0 ? `Not tried, so not called: ${listOrCount(others)}.` : '',
		runIndex > 0 ? `This is about run ${numberText(runIndex + 1)} of this node alone.` : '',
	];
	nodeError.description = sentences.filter(Boolean).join(' ');
	return nodeError;
}

function listOrCount(numbers: string[]): string {
	return numbers.length > MAX_LISTED ? `${numberText(numbers.length)} numbers` : numbers.join(', ');
}
