import type { Figures } from '../figures/figures';
import { roundedQuotient } from '../figures/rounding';

/** What a comparison adds to a row, in its order. `null` is what is not known, or a change from nothing. */
// A type, as only that is an IDataObject.
type Changes = {
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
	const previousCost = before.costs.totalBeside(now.costs);
	return {
		previousCalls: before.calls,
		previousAsr: before.asr,
		previousCost,
		callsChange: relativeChange(now.calls, before.calls),
		costChange: [now, before].some(({ costs }) => costs.isSoFar)
			? null
			: relativeChange(now.costs.total, previousCost),
		asrChange: rateChange(now, before),
	};
}

/** Rounded once, from the counts. */
function rateChange(now: Figures, before: Figures): number | null {
	const [ended, endedBefore] = [now, before].map(({ answered, failed }) => answered + failed);
	if (ended === 0 || endedBefore === 0) return null;
	return roundedQuotient(now.answered * endedBefore - before.answered * ended, ended * endedBefore, 4);
}

/** E.g. 0.25 for a quarter more. */
function relativeChange(now: number | null, before: number | null): number | null {
	return now === null || before === null || before === 0
		? null
		: roundedQuotient(now - before, Math.abs(before), 4);
}
