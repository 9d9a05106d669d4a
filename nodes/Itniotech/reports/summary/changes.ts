import type { Figures } from '../figures/figures';

/** What a comparison adds to a row, in its order. */
export const CHANGE_TYPES = {
	previousCalls: 'number',
	previousAsr: 'number',
	previousCost: 'number',
	callsChange: 'number',
	costChange: 'number',
	asrChange: 'number',
} as const;

export type FigureRow = ReturnType<Figures['toJson']>;
type Row = Pick<FigureRow, 'calls' | 'asr' | 'cost' | 'currency'>;

export const NO_CALLS: Row = { calls: 0, asr: null, cost: 0, currency: null };

/** @param earlier the row of the same group in the earlier range; `null` where that is not known */
export function changesOf(row: Row, earlier: Row | null): Record<keyof typeof CHANGE_TYPES, number | null> {
	const isSameCurrency = !row.currency || !earlier?.currency || row.currency === earlier.currency;
	return {
		previousCalls: numberIn(earlier?.calls),
		previousAsr: numberIn(earlier?.asr),
		previousCost: numberIn(earlier?.cost),
		callsChange: ratioOfChange(row.calls, earlier?.calls),
		costChange: isSameCurrency ? ratioOfChange(row.cost, earlier?.cost) : null,
		asrChange: difference(row.asr, earlier?.asr),
	};
}

/** E.g. 0.25 for a quarter more. A change from nothing has no ratio. */
function ratioOfChange(now: unknown, before: unknown): number | null {
	const [a, b] = [numberIn(now), numberIn(before)];
	return a === null || b === null || b === 0 ? null : rounded((a - b) / Math.abs(b));
}

function difference(now: unknown, before: unknown): number | null {
	const [a, b] = [numberIn(now), numberIn(before)];
	return a === null || b === null ? null : rounded(a - b);
}

function rounded(value: number): number {
	return Math.round(value * 10_000) / 10_000;
}

function numberIn(value: unknown): number | null {
	return typeof value === 'number' ? value : null;
}
