/**
 * A quotient rounded once, halves away from zero: 3 of 20,000 are 0.0002. Exact for whole numbers, whose
 * quotient as a floating-point number may be a little less than a half. Without the negative zero of a small loss.
 */
export function roundedQuotient(dividend: number, divisor: number, decimals: number): number {
	const factor = 10 ** decimals;
	return (Math.sign(dividend) * Math.round((Math.abs(dividend) * factor) / divisor)) / factor + 0;
}

/**
 * A part of a whole, from 0 to 1 to four decimals; `null` of nothing. Only all is 1 and only none is 0: 20,000 of 20,001
 * are 0.9999.
 */
export function shareOf(part: number, whole: number): number | null {
	if (whole === 0) return null;
	if (part === 0 || part === whole) return part / whole;
	return Math.min(Math.max(roundedQuotient(part, whole, 4), 0.0001), 0.9999);
}
