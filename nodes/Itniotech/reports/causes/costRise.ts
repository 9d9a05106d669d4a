import type { Rise } from './failureRise';
import { spreadOf } from './spread';
import { upperTailOf } from './tail';

/** Calls and what they cost, in one currency. */
interface Spending {
	calls: number;
	cost: number;
}

interface SpendingChange {
	now: Spending;
	before: Spending;
}

/** By how much segments change without a fault, see `spreadOf`: the number of their calls, and the cost of a call. */
interface SpendingNoise {
	volume: number;
	price: number;
}

/** What is assumed of them. */
const USUAL_VOLUME_SPREAD = 0.4;
const USUAL_PRICE_SPREAD = 0.3;
/** Segments with fewer calls say little about the spread. */
const MIN_PRICED_CALLS = 20;
/** A cost below this share of all is nothing to compare with. */
const LEAST_SHARE = 0.01;
/** How much the costs of calls differ from one another: variance by squared mean. */
const CALL_VARIANCE = 2;
/** No call before may as well be a few. */
const FEW_CALLS = 3;

/**
 * How much the cost of a segment rose beyond the rise of all others: by more calls, or by a higher price.
 * @param all the segment included, with a cost before
 */
export function costRiseOf(segment: SpendingChange, all: SpendingChange, noise: SpendingNoise): Rise {
	const { now, before } = segment;
	const least = LEAST_SHARE * all.before.cost;
	const restNow = all.now.cost - now.cost + least;
	const restBefore = all.before.cost - before.cost + least;
	// Refunds may make a cost negative.
	const expected = Math.max(0, before.cost) * Math.max(1, restNow / restBefore) + least;
	const cost = now.cost + least;
	const excess = cost - expected;
	const unit = costUnitOf(all.now);
	if (excess <= 0 || !(unit > 0)) return { chance: 1, evidence: 0, excess };
	const price = Math.log(priceRatio(segment, all)) / Math.sqrt(noise.price ** 2 + priceVariance(segment));
	const volume = Math.log(volumeRatio(segment, all)) / Math.sqrt(noise.volume ** 2 + volumeVariance(segment));
	return {
		chance: Math.min(1, 2 * Math.min(upperTailOf(volume), upperTailOf(price))),
		evidence: (cost * Math.log(cost / expected) - excess) / unit,
		excess,
	};
}

/** So much of a cost is as uncertain as one call is in a count of calls. */
export function costUnitOf({ calls, cost }: Spending): number {
	return (cost / calls) * (1 + CALL_VARIANCE);
}

export function spendingNoiseOf(segments: SpendingChange[]): SpendingNoise {
	const changes = segments.filter(({ now, before }) => Math.min(now.calls, before.calls) >= MIN_PRICED_CALLS);
	const volumes = changes.map(({ now, before }) => ({
		log: Math.log(now.calls / before.calls),
		variance: volumeVariance({ now, before }),
	}));
	const prices = changes
		.filter(({ now, before }) => now.cost > 0 && before.cost > 0)
		.map((change) => ({
			log: Math.log(change.now.cost / change.now.calls / (change.before.cost / change.before.calls)),
			variance: priceVariance(change),
		}));
	return { volume: spreadOf(volumes, USUAL_VOLUME_SPREAD), price: spreadOf(prices, USUAL_PRICE_SPREAD) };
}

function volumeVariance({ now, before }: SpendingChange): number {
	return 1 / (now.calls + FEW_CALLS) + 1 / (before.calls + FEW_CALLS);
}

function priceVariance({ now, before }: SpendingChange): number {
	return CALL_VARIANCE * (1 / (now.calls + 1) + 1 / (before.calls + 1));
}

/** By how much the calls rose beyond all others. */
function volumeRatio({ now, before }: SpendingChange, all: SpendingChange): number {
	const restRatio = (all.now.calls - now.calls + FEW_CALLS) / (all.before.calls - before.calls + FEW_CALLS);
	return (now.calls + FEW_CALLS) / (before.calls + FEW_CALLS) / Math.max(1, restRatio);
}

/** By how much the cost of a call rose beyond that of all others. */
function priceRatio({ now, before }: SpendingChange, all: SpendingChange): number {
	if (before.cost <= 0 || now.cost <= 0) return 1;
	const price = ({ calls, cost }: Spending) => cost / calls;
	const minus = (a: Spending, b: Spending) => ({ calls: a.calls - b.calls, cost: a.cost - b.cost });
	const [restNow, restBefore] = [minus(all.now, now), minus(all.before, before)];
	const restRatio = restNow.cost > 0 && restBefore.cost > 0 ? price(restNow) / price(restBefore) : 1;
	return price(now) / price(before) / Math.max(1, restRatio);
}
