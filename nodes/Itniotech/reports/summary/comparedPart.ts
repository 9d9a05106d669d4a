import { Calendar } from '../../records/calendar';
import type { TimeRange } from '../../records/calendar';
import type { EarlierRange } from './earlierRange';

/** The same hours of two ranges. */
export interface ComparedPart {
	earlier: TimeRange;
	later: TimeRange;
}

/** What is this close to being gone may be gone when it is read: the later range is read first. */
const READING_S = 15 * 60;

interface Known {
	/** What is compared with the earlier one. */
	range: TimeRange;
	/** Timezone of the hours. */
	zone: string;
	/** Since when there are calls. Unix time in seconds. */
	earliestS: number;
}

/**
 * What can be compared where the beginning of the earlier range is gone: its full hours that are left, and the same hours
 * of the range.
 * @returns `undefined` where nothing is left
 */
export function comparedPart(
	{ range: earlier, toLater }: EarlierRange,
	{ range, zone, earliestS }: Known,
): ComparedPart | undefined {
	const fromS = new Calendar('hour', zone).periodAt(earliestS + READING_S - 1).range.toS + 1;
	let { toS } = earlier;
	while (toLater(toS) > range.toS) toS -= toLater(toS) - range.toS;
	if (fromS > toS) return undefined;
	return { earlier: { fromS, toS }, later: { fromS: toLater(fromS), toS: toLater(toS) } };
}

export function isIn({ fromS, toS }: TimeRange, seconds: number | null): boolean {
	return seconds !== null && seconds >= fromS && seconds <= toS;
}
