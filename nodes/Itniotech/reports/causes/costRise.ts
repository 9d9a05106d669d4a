import type { Rise } from './failureRise';
import { upperTailOf } from './tail';

/** Calls and what they cost, in one currency. */
export interface Spending {
	calls: number;
	cost: number;
}

export interface SpendingChange {
	now: Spending;
	before: Spending;
}

/** Without a fault, the calls of a segment change by a factor of `exp(this)` or less in two cases of three. */
const VOLUME_SPREAD = 0.5;
/** And the cost of a call by one of `exp(this)`. */
const PRICE_SPREAD = 0.3;
/** A cost below this share of all is nothing to compare with. */
const LEAST_SHARE = 0.01;
/** How much the costs of calls differ from one another: variance by squared mean. */
const CALL_VARIANCE = 2;

/**
 * How much the cost of a segment rose beyond the rise of all others: by more calls, or by a higher price.
 * @param all the segment included, with a cost before
 */
export function costRiseOf(segment: SpendingChange, all: SpendingChange): Rise {
	const { now, before } = segment;
	const least = LEAST_SHARE * all.before.cost;
	const restNow = all.now.cost - now.cost + least;
	const restBefore = all.before.cost - before.cost + least;
	const expected = before.cost * Math.max(1, restNow / restBefore) + least;
	const cost = now.cost + least;
	const excess = cost - expected;
	const perCall = all.now.cost / all.now.calls;
	if (excess <= 0 || !(perCall > 0)) return { chance: 1, evidence: 0, excess };
	const sampling = CALL_VARIANCE * (1 / (now.calls + 1) + 1 / (before.calls + 1));
	const volume = Math.log(cost / expected) / Math.sqrt(VOLUME_SPREAD ** 2 + sampling);
	const price = Math.log(priceRatio(segment, all)) / Math.sqrt(PRICE_SPREAD ** 2 + sampling);
	return {
		chance: Math.min(1, 2 * Math.min(upperTailOf(volume), upperTailOf(price))),
		evidence: (cost * Math.log(cost / expected) - excess) / perCall,
		excess,
	};
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
