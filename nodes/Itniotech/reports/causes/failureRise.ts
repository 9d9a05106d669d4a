import { spreadOf } from './spread';
import { chanceOfAtLeast } from './tail';

/** Calls that were answered or failed, and how many of them failed. */
export interface Rate {
	ended: number;
	failed: number;
}

export interface RateChange {
	now: Rate;
	before: Rate;
}

/** How much a segment stands out of the others. */
export interface Rise {
	/** The chance of a rise like this, were nothing wrong in the segment. */
	chance: number;
	/** How much more likely the figure is with a fault in the segment than without (logarithm). Adds up over segments. */
	evidence: number;
	/** Beyond what is expected. */
	excess: number;
}

/** What is known without a fault. */
interface Noise {
	/** By how much segments change, see `rateSpreadOf`. */
	spread: number;
	/** A smaller excess is no fault, as a share of the ended calls. */
	minExcess: number;
}

/** The rate of all calls counts as this many calls of the segment: with few before, it fails about as often as all do. */
const PRIOR_STRENGTH = 12;
/** With more trials, the chance is the same, as the rate varies by more. */
const MAX_TRIALS = 1000;

/**
 * How much the failures of a segment rose beyond the shift of all others.
 * @param all the segment included
 */
export function failureRiseOf(segment: RateChange, all: RateChange, { spread, minExcess }: Noise): Rise {
	const { now, before } = segment;
	const usual = (all.before.failed + 0.5) / (all.before.ended + 1);
	const shift = Math.max(1, oddsRatio(othersOf(segment, all)));
	const rateBefore = (before.failed + usual) / (before.ended + 1);
	// However many calls there were before: without a fault, too, the rate is another one now.
	const maxStrength = 1 / (rateBefore * (1 - rateBefore) * spread ** 2);
	const strengthBefore = (before.ended * maxStrength) / (before.ended + maxStrength);
	const strength = PRIOR_STRENGTH + strengthBefore;
	const mean = shiftRate((PRIOR_STRENGTH * usual + strengthBefore * rateBefore) / strength, shift);
	const expected = now.ended * shiftRate(rateBefore, shift);
	const excess = now.failed - expected;
	if (excess <= 0 || excess < minExcess * now.ended) return { chance: 1, evidence: 0, excess };
	const scale = Math.min(1, MAX_TRIALS / now.ended);
	const trials = Math.round(now.ended * scale);
	const hits = Math.min(trials, Math.round(now.failed * scale));
	return {
		chance: chanceOfAtLeast(hits, { trials, mean, strength }),
		evidence: now.failed * Math.log(now.failed / expected) - excess,
		excess,
	};
}

function othersOf({ now, before }: RateChange, all: RateChange): RateChange {
	const minus = (a: Rate, b: Rate) => ({ ended: a.ended - b.ended, failed: a.failed - b.failed });
	return { now: minus(all.now, now), before: minus(all.before, before) };
}

function oddsRatio({ now, before }: RateChange): number {
	const odds = ({ ended, failed }: Rate) => (failed + 0.5) / (ended - failed + 0.5);
	return odds(now) / odds(before);
}

function shiftRate(rate: number, ratio: number): number {
	return (rate * ratio) / (1 - rate + rate * ratio);
}

/** What is assumed of the logarithms of the odds of a failure. */
const USUAL_SPREAD = 0.4;
/** Segments with fewer calls say little about the spread. */
const MIN_ENDED_CALLS = 40;

/** How much the rates of segments change without a fault. */
export function rateSpreadOf(segments: RateChange[]): number {
	const changes = segments
		.filter(({ now, before }) => Math.min(now.ended, before.ended) >= MIN_ENDED_CALLS)
		.map((change) => ({ log: Math.log(oddsRatio(change)), variance: samplingVariance(change) }));
	return spreadOf(changes, USUAL_SPREAD);
}

function samplingVariance({ now, before }: RateChange): number {
	return [now, before].reduce(
		(sum, { ended, failed }) => sum + 1 / (failed + 0.5) + 1 / (ended - failed + 0.5),
		0,
	);
}
