import type { Figures } from '../figures/figures';
import { rounded } from '../figures/rounding';

/** What a comparison adds to a row, in its order. `null` is what is not known, or a change from nothing. */
// A type, as only that is an IDataObject.
export type Changes = {
	previousCalls: number | null;
	previousAsr: number | null;
	previousCost: number | null;
	callsChange: number | null;
	costChange: number | null;
	asrChange: number | null;
};

export const CHANGE_TYPES = {
	previousCalls: 'number',
	previousAsr: 'number',
	previousCost: 'number',
	callsChange: 'number',
	costChange: 'number',
	asrChange: 'number',
} as const satisfies Record<keyof Changes, 'number'>;

export const UNKNOWN_CHANGES: Changes = {
	previousCalls: null,
	previousAsr: null,
	previousCost: null,
	callsChange: null,
	costChange: null,
	asrChange: null,
};

/** @param before of the same group in the earlier range */
export function changesOf(now: Figures, before: Figures): Changes {
	const [asr, previousAsr] = [answerRate(now), answerRate(before)];
	const previousCost = before.costs.totalBeside(now.costs);
	return {
		previousCalls: before.calls,
		previousAsr: before.toJson().asr,
		previousCost,
		callsChange: relativeChange(now.calls, before.calls),
		costChange: relativeChange(now.costs.total, previousCost),
		asrChange: asr === null || previousAsr === null ? null : rounded(asr - previousAsr, 4),
	};
}

/** Exact, as only the change is rounded. */
function answerRate({ answered, failed }: Figures): number | null {
	return answered + failed === 0 ? null : answered / (answered + failed);
}

/** E.g. 0.25 for a quarter more. */
function relativeChange(now: number | null, before: number | null): number | null {
	return now === null || before === null || before === 0
		? null
		: rounded((now - before) / Math.abs(before), 4);
}
