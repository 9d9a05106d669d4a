import { countryOf } from '../../records/record';
import type { Costs } from '../figures/costs';
import { chooseCauses, type Candidate } from './chooseCauses';
import { costRiseOf, spendingNoiseOf, costUnitOf } from './costRise';
import { failureRiseOf, rateSpreadOf, type Rate, type RateChange } from './failureRise';
import type { CauseDimension, Segment, Segments } from './segments';

export type CauseFigure = 'failed' | 'cost';

/** A segment that explains a part of a rise. */
export interface Cause {
	figure: CauseFigure;
	dimension: CauseDimension;
	value: string;
	segment: Segment;
	/** Its part of the whole rise, or of what the causes rose by together where other calls fell. From 0 to 1, rounded down. */
	share: number;
}

// A type, as only that is an IDataObject.
export type CauseJson = {
	figure: CauseFigure;
	dimension: CauseDimension;
	value: string;
	calls: number;
	failed: number;
	/** In the currency of the report; `null` where that has several, or a part is not known. */
	cost: number | null;
	previousCalls: number;
	previousFailed: number;
	previousCost: number | null;
	share: number;
};

/** A segment is read both as such, and as what may be a cause. */
interface SegmentCandidate extends Candidate {
	segment: Segment;
}

/** In one dimension, a call is in one segment. */
const DISJOINT = ['country', 'area', 'displayNum', 'hourOfDay'] as const;
/** Excess without a fault, by the spread: found with simulated days, see docs/what-changed.md. */
const MIN_EXCESS_PER_SPREAD = 0.6;
/** How codes change without a fault; there are too few of them to measure it. */
const CODE_NOISE = { spread: 0.5, minExcess: 0.1 };
const SHARE_UNIT = 10_000;
/** Amounts are numbers here: all of 0.3 may come out as a little less. */
const FLOAT_ERROR = 1e-6;

/**
 * What explains a rise in failures, then in cost, the largest share first; empty where nothing stands out from chance.
 * @param hasGaps whether calls are missing, then or now
 */
export function causesIn(segments: Segments, { hasGaps = false } = {}): Cause[] {
	const { all } = segments;
	if (all.now.calls === 0 || all.before.calls === 0) return [];
	const failed = chooseCauses(failureCandidates(segments), { amount: all.now.failed, unit: 1 });
	const cost =
		!hasGaps && hasComparableCost(all)
			? chooseCauses(costCandidates(segments), {
					amount: costIn(all, 'now'),
					unit: costUnitOf({ calls: all.now.calls, cost: costIn(all, 'now') }),
				})
			: [];
	return [
		...withShares('failed', failed, all.now.failed - all.before.failed),
		...withShares('cost', cost, costIn(all, 'now') - costIn(all, 'before')),
	];
}

/** @param total what all calls of the report cost: an amount in another currency would say nothing */
export function causeToJson(
	{ figure, dimension, value, segment: { now, before }, share }: Cause,
	total: Costs,
): CauseJson {
	return {
		figure,
		dimension,
		value,
		calls: now.calls,
		failed: now.failed,
		cost: now.costs.totalBeside(total),
		previousCalls: before.calls,
		previousFailed: before.failed,
		previousCost: before.costs.totalBeside(total),
		share,
	};
}

function withShares(figure: CauseFigure, chosen: SegmentCandidate[], change: number): Cause[] {
	const whole = Math.max(
		change,
		chosen.reduce((sum, { rise }) => sum + rise, 0),
	);
	return chosen.map(({ dimension, value, segment, rise }) => ({
		figure,
		dimension,
		value: value!,
		segment,
		share: Math.floor((rise * SHARE_UNIT) / whole + FLOAT_ERROR) / SHARE_UNIT,
	}));
}

function failureCandidates(segments: Segments): SegmentCandidate[] {
	const { all } = segments;
	const spreads = new Map(DISJOINT.map((dimension) => [dimension, rateSpreadOf(segments.by(dimension))]));
	// A country changes less than its areas, which change independently.
	spreads.set('country', Math.min(spreads.get('country')!, spreads.get('area')!));
	const places = DISJOINT.flatMap((dimension) => {
		const spread = spreads.get(dimension)!;
		const noise = { spread, minExcess: MIN_EXCESS_PER_SPREAD * spread };
		return comparable(segments, dimension).map((segment) => ({
			...candidateOf(segment, dimension, all),
			...failureRiseOf(segment, all, noise),
			calls: segment.now.ended,
			amount: segment.now.failed,
			rise: segment.now.failed - segment.before.failed,
		}));
	});
	return [...places, ...codeCandidates(segments)];
}

/** A code is one of several ways in which all calls may fail. */
function codeCandidates(segments: Segments): SegmentCandidate[] {
	const { all } = segments;
	// So that the others are as many calls, with the other failures.
	const twice = ({ ended, failed }: Rate) => ({ ended: 2 * ended, failed });
	const both: RateChange = { now: twice(all.now), before: twice(all.before) };
	return segments
		.by('terminationCode')
		.filter(({ now }) => now.failed > 0)
		.map((segment) => {
			const { now, before } = segment;
			const change = {
				now: { ended: all.now.ended, failed: now.failed },
				before: { ended: all.before.ended, failed: before.failed },
			};
			return {
				...candidateOf(segment, 'terminationCode', all),
				...failureRiseOf(change, both, CODE_NOISE),
				shareOfCalls: 0,
				calls: now.ended,
				amount: now.failed,
				rise: now.failed - before.failed,
			};
		});
}

function costCandidates(segments: Segments): SegmentCandidate[] {
	const spendingOf = (segment: Segment) => ({
		now: { calls: segment.now.calls, cost: costIn(segment, 'now') },
		before: { calls: segment.before.calls, cost: costIn(segment, 'before') },
	});
	const all = spendingOf(segments.all);
	return DISJOINT.flatMap((dimension) => {
		const noise = spendingNoiseOf(segments.by(dimension).map(spendingOf));
		return comparable(segments, dimension).map((segment) => ({
			...candidateOf(segment, dimension, segments.all),
			...costRiseOf(spendingOf(segment), all, noise),
			calls: segment.now.calls,
			amount: costIn(segment, 'now'),
			rise: costIn(segment, 'now') - costIn(segment, 'before'),
		}));
	});
}

/** Without areas that are just their country, and hours that are in the range alone. */
function comparable(segments: Segments, dimension: CauseDimension): Segment[] {
	return segments.by(dimension).filter(({ value, before }) => {
		if (dimension === 'area') return value === null || countryOf(value) !== value;
		return dimension !== 'hourOfDay' || before.calls > 0;
	});
}

function candidateOf(segment: Segment, dimension: CauseDimension, all: Segment) {
	const { value, now, before } = segment;
	return {
		dimension,
		value,
		segment,
		...(dimension === 'area' && { country: countryOf(value) }),
		shareOfCalls: Math.max(now.calls / all.now.calls, before.calls / all.before.calls),
	};
}

/** Complete and in one currency, in both ranges: what is missing might have been anywhere. */
function hasComparableCost({ now, before }: Segment): boolean {
	if (now.costs.isSoFar || before.costs.isSoFar) return false;
	if (now.costs.total === null || before.costs.total === null) return false;
	return before.costs.total > 0 && now.costs.currency === before.costs.currency;
}

function costIn(segment: Segment, time: 'now' | 'before'): number {
	return segment[time].costs.total ?? 0;
}
