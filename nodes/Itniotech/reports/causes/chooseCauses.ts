import type { Rise } from './failureRise';
import type { CauseDimension } from './segments';

export interface Candidate extends Rise {
	dimension: CauseDimension;
	/** `null` for the calls without a value. */
	value: string | null;
	/** The country of an area. */
	country?: string | null;
	/** Its part of all calls, now or before: the larger one. */
	shareOfCalls: number;
	/** Calls now that the figure is about. */
	calls: number;
	/** The figure now. */
	amount: number;
	/** By how much the figure rose. */
	rise: number;
}

/** How often, at most, something of a dimension is named where there is no fault. */
const MAX_CHANCE = 0.0025;
/** A segment with nearly all calls explains nothing. */
const MAX_SHARE_OF_CALLS = 0.8;
/** A cause has at least this part of all failures, or of the whole cost. */
const MIN_SHARE_OF_FIGURE = 0.05;
/** What each further cause has to add, as a country may look like several of its areas. */
const EVIDENCE_OF_A_CAUSE = 5;
/** How much more likely a whole country has to be than one of its areas, as there are more areas. */
const EVIDENCE_OF_A_COUNTRY = 2;
/** Where a fault is says more than which code it has, unless the code has this many times the evidence. */
const CODE_FACTOR = 3;

/** The figure of all calls now, and how much of it is as uncertain as one call is. */
interface Whole {
	amount: number;
	unit: number;
}

/**
 * The segments that stand out, none of which shares a call with another: those of the dimension with the most evidence.
 * @returns the largest rise first
 */
export function chooseCauses<T extends Candidate>(candidates: T[], whole: Whole): T[] {
	const by = (dimension: CauseDimension) => candidates.filter((one) => one.dimension === dimension);
	const outstanding = (dimension: CauseDimension) => outstandingOf(by(dimension), whole);
	const places = placesOf(
		{
			possible: by('country').filter(isPossible),
			countries: outstanding('country'),
			areas: outstanding('area'),
		},
		whole,
	);
	const choices = [places, outstanding('displayNum'), outstanding('hourOfDay')];
	const [best = []] = choices
		.filter(({ length }) => length > 0)
		.sort((a, b) => evidenceOf(b) - evidenceOf(a));
	const codes = outstanding('terminationCode');
	const isCode = best.length === 0 || evidenceOf(codes) > CODE_FACTOR * evidenceOf(best);
	return (isCode ? codes : best).sort((a, b) => b.rise - a.rise);
}

/** @param candidates of one dimension */
function outstandingOf<T extends Candidate>(candidates: T[], { amount }: Whole): T[] {
	return candidates.filter(
		(one) =>
			isPossible(one) &&
			one.chance * candidates.length <= MAX_CHANCE &&
			one.excess >= MIN_SHARE_OF_FIGURE * amount,
	);
}

function isPossible({ value, rise, shareOfCalls }: Candidate): boolean {
	return value !== null && rise > 0 && shareOfCalls <= MAX_SHARE_OF_CALLS;
}

/** A country where a fault is in all of it; else the areas where it is. */
function placesOf<T extends Candidate>(
	{ possible, countries, areas }: Record<'possible' | 'countries' | 'areas', T[]>,
	whole: Whole,
): T[] {
	const found = possible.filter((country) => {
		const own = areas.filter((area) => area.country === country.value);
		return own.length === 0 ? countries.includes(country) : isWhole(country, own, whole);
	});
	const names = new Set(found.map(({ value }) => value));
	return [...found, ...areas.filter(({ country }) => !names.has(country ?? null))];
}

/**
 * Whether the rest of a country, beside the areas that stand out, is rather as bad as these than as expected: by the
 * logarithm of how much more likely that is, for counts. A country is simpler than several areas.
 */
function isWhole(country: Candidate, areas: Candidate[], { unit }: Whole): boolean {
	const sum = (read: (one: Candidate) => number) => areas.reduce((total, area) => total + read(area), 0);
	const badRate = sum(({ amount }) => amount) / sum(({ calls }) => calls);
	const calls = country.calls - sum((area) => area.calls);
	const amount = country.amount - sum((area) => area.amount);
	const expected = amount - (country.excess - sum(({ excess }) => excess));
	if (calls <= 0 || expected <= 0) return areas.length > 1;
	const evidence = (amount * Math.log((badRate * calls) / expected) - (badRate * calls - expected)) / unit;
	return evidence > EVIDENCE_OF_A_COUNTRY - EVIDENCE_OF_A_CAUSE * (areas.length - 1);
}

/** Less what each cause may have by chance; 0 without any. */
function evidenceOf(causes: Candidate[]): number {
	return causes.reduce((sum, { evidence }) => sum + evidence - EVIDENCE_OF_A_CAUSE, 0);
}
