import { ExactSum } from '../../../reports/figures/exactSum';

/** A number without rounding. `whole` is above 0. */
interface Fraction {
	part: bigint;
	whole: bigint;
}

export interface Value {
	exact: Fraction;
	/** More is to come, nobody knows how much, e.g. of a cost that is not billed yet: the value can only grow. */
	isPart: boolean;
	/** The most that it may be, where that is more: with calls that are listed late, or in another currency. */
	most?: Fraction;
	/** Whether calls are listed late, so that it may be more. */
	hasLate?: boolean;
}

/** What a value means: it crosses the threshold, or the alarm is cleared. */
export type AlarmVerdict = 'raised' | 'cleared';

export interface Limits {
	condition: 'above' | 'below';
	threshold: number;
	/** The value that clears an alarm, which may be some distance before the threshold. */
	clearAt: number;
}

/** @param decimal a number, or what an exact sum has as text */
export function fractionOf(decimal: number | string): Fraction {
	const sum = new ExactSum();
	sum.add(String(decimal));
	const [whole, fraction = ''] = sum.toString().split('.');
	return { part: BigInt(whole + fraction), whole: 10n ** BigInt(fraction.length) };
}

/** @returns -1, 0 or 1, the sign of the difference */
export function compareFractions(a: Fraction, b: Fraction): number {
	const difference = a.part * b.whole - b.part * a.whole;
	if (difference === 0n) return 0;
	return difference > 0n ? 1 : -1;
}

/** @returns `undefined` of an empty list */
export function largestOf(fractions: Fraction[]): Fraction | undefined {
	return fractions.reduce<Fraction | undefined>(
		(most, one) => (most && compareFractions(most, one) >= 0 ? most : one),
		undefined,
	);
}

/** @returns `undefined` for a value that is not known or decides nothing: between the threshold and "Clear At", or a part */
export function verdictOn(
	{ condition, threshold, clearAt }: Limits,
	value: Value | undefined,
): AlarmVerdict | undefined {
	if (!value) return undefined;
	const { exact: least, most = least, isPart } = value;
	const [raising, clearing] = [threshold, clearAt].map(fractionOf);
	if (condition === 'above') {
		if (compareFractions(least, raising) > 0) return 'raised';
		return !isPart && compareFractions(most, clearing) <= 0 ? 'cleared' : undefined;
	}
	if (compareFractions(least, clearing) >= 0) return 'cleared';
	return !isPart && compareFractions(most, raising) < 0 ? 'raised' : undefined;
}

/**
 * Whether a value is beyond the threshold, also one of too few calls, which decides nothing.
 * @returns `undefined` where more is to come that may change it
 */
export function isCrossed(limits: Limits, value: Value | undefined): boolean | undefined {
	const verdict = verdictOn(limits, value);
	if (verdict !== undefined || !value) return verdict === 'raised';
	const isBelow = compareFractions(value.exact, fractionOf(limits.threshold)) < 0;
	const mayCross = limits.condition === 'above' ? value.isPart : isBelow;
	return mayCross ? undefined : false;
}

/** Whether a rounded value may be shown: it is on the same side of each limit as the value, or equal to the limit. */
export function isOnSide({ threshold, clearAt }: Limits, { exact }: Value, rounded: number): boolean {
	return [threshold, clearAt].map(fractionOf).every((limit) => {
		const side = compareFractions(fractionOf(rounded), limit);
		return side === 0 || side === compareFractions(exact, limit);
	});
}

/** The value as a number of few digits, which is never on another side of a limit, of 0 or of 100 than the value itself. */
export function roundValue({ threshold, clearAt }: Limits, { exact }: Value): number {
	const value = Number(exact.part) / Number(exact.whole);
	const limits = [threshold, clearAt, 0, 100].map(fractionOf);
	const sidesOf = (fraction: Fraction) => limits.map((limit) => compareFractions(fraction, limit)).join();
	const sides = sidesOf(exact);
	const rounded = [2, 4, 6, 8].map((digits) => Number(value.toFixed(digits)));
	return rounded.find((number) => sidesOf(fractionOf(number)) === sides) ?? value;
}
