/** What is assumed of the spread counts as this many segments: it decides where there are few. */
const USUAL_SEGMENTS = 30;
const MAX_SPREAD = 1;
/** The median square of a normal value. */
const MEDIAN_SQUARE = 0.455;

/** How much a figure of a segment changed. */
interface LogChange {
	/** A logarithm of a ratio. */
	log: number;
	/** Its variance by chance alone, as a segment has few calls. */
	variance: number;
}

/**
 * How much segments change without a fault: two in three by less than this. By the median, so that a few faults make no
 * difference.
 * @param usual what is assumed
 */
export function spreadOf(changes: LogChange[], usual: number): number {
	if (changes.length === 0) return usual;
	const middle = median(changes.map(({ log }) => log));
	const square = median(changes.map(({ log, variance }) => (log - middle) ** 2 / MEDIAN_SQUARE - variance));
	const found = Math.min(MAX_SPREAD ** 2, Math.max(0, square));
	return Math.sqrt(
		(changes.length * found + USUAL_SEGMENTS * usual ** 2) / (changes.length + USUAL_SEGMENTS),
	);
}

function median(values: number[]): number {
	return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
