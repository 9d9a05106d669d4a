import {
	NodeApiError,
	NodeOperationError,
	type IExecuteFunctions,
	type INodeExecutionData,
} from 'n8n-workflow';
import { UnknownOutcomeError } from '../../api/refusal';
import type { PlacedCall } from '../../api/types';
import type { OperationRun } from '../operationRun';
import { plannedCalls } from './plan';

const UNKNOWN_HINT =
	'It is not known whether all numbers were called: "reason" of those with the status "unknown" says how to find out';

const createPlacedCalls = (): PlacedCall[] => [];

/**
 * Calls the numbers of one input item, one request after the other, each sent once.
 * @throws what the first request that went wrong throws, with the calls of the run so far in its description
 */
export async function placeCalls(run: OperationRun): Promise<INodeExecutionData[]> {
	const { context, api } = run;
	const { calledNumbers, numbersPerRequest, place } = plannedCalls(run);
	const ofRun = run.nodeRun.once(createPlacedCalls);
	const ofItem: PlacedCall[] = [];
	let firstError: unknown;
	for (let start = 0; start < calledNumbers.length; start += numbersPerRequest) {
		const numbers = calledNumbers.slice(start, start + numbersPerRequest);
		try {
			const placed = await place(api, numbers);
			ofItem.push(...placed);
			ofRun.push(...placed);
		} catch (error) {
			if (!context.continueOnFail() || isCancelled(context)) {
				const ending = withCalls(context, error, { placed: ofRun, numbers });
				throw ending;
			}
			firstError ??= error;
			ofItem.push(...numbers.map((calledNumber) => lostCall(calledNumber, error)));
		}
	}
	if (ofItem.some(({ status }) => status === 'unknown')) run.hint(UNKNOWN_HINT);
	const items = ofItem.map((json) => ({ json }));
	if (firstError === undefined) return items;
	run.outputBeforeError = items;
	throw firstError as Error;
}

/** Whatever does not say for sure that nothing was placed leaves it unknown. */
function lostCall(calledNumber: string, error: unknown): PlacedCall {
	const isRefused = error instanceof NodeApiError && !(error instanceof UnknownOutcomeError);
	const { message, description } = error as NodeApiError;
	if (isRefused) return { voiceId: null, calledNumber, status: 'refused', reason: message };
	const reason = [message, description].filter(Boolean).join('. ');
	return { voiceId: null, calledNumber, status: 'unknown', reason };
}

/** The run ends with this error, and its output is lost: the description is all that remains of the calls. */
function withCalls(
	context: IExecuteFunctions,
	error: unknown,
	{ placed, numbers }: { placed: PlacedCall[]; numbers: string[] },
): Error {
	const nodeError =
		error instanceof NodeApiError ? error : new NodeOperationError(context.getNode(), error as Error);
	const isKnown = numbers.every((number) => lostCall(number, error).status === 'refused');
	const calls = placed.map(({ calledNumber, voiceId, status }) =>
		[calledNumber, status, voiceId].filter((part) => part !== null).join(' '),
	);
	const sentences = [
		nodeError.description?.replace(/\.?$/, '.'),
		`${isKnown ? 'Not called' : 'Not known whether called'}: ${numbers.join(', ')}.`,
		calls.length > 0 ? `Sent before in this run: ${calls.join(', ')}.` : '',
	];
	nodeError.description = sentences.filter(Boolean).join(' ');
	return nodeError;
}

function isCancelled(context: IExecuteFunctions): boolean {
	return (context as Partial<IExecuteFunctions>).getExecutionCancelSignal?.()?.aborted ?? false;
}
