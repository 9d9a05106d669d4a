import type { Rise } from './failureRise';
import type { CauseDimension } from './segments';

export interface Candidate extends Rise {
	dimension: CauseDimension;
	/** `null` for the calls without a value. */
	value: string | null;
	/** The country of an area. */
	country?: string | null;
	/** Of all calls, now or before: the larger share. */
	shareOfCalls: number;
	/** Calls now that the figure is about. */
	calls: number;
	/** By how much the figure rose. */
	rise: number;
}

/** How often, at most, something is named where there is no fault. */
const MAX_CHANCE = 0.005;
/** A segment with nearly all calls explains nothing. */
const MAX_SHARE_OF_CALLS = 0.8;
/** Of all failures, or of the whole cost. */
const MIN_SHARE_OF_FIGURE = 0.05;
/** A rest of a country below this share says nothing about the country. */
const SMALL_REST = 0.1;
const MIN_EXCESS_OF_REST = 5;
/** The rest of a country is as bad as its bad areas from this part of their excess on. */
const AS_BAD = 0.5;
/** What each further cause has to add, as a country may look like several of its areas. */
const EVIDENCE_OF_A_CAUSE = 5;

/** Where a fault is says more than which code it has, unless the code has this many times the evidence. */
const CODE_FACTOR = 3;

/**
 * The segments that stand out, none of which shares a call with another: those of the dimension with the most evidence.
 * @param figure of all calls now
 * @returns the largest rise first
 */
export function chooseCauses<T extends Candidate>(candidates: T[], figure: number): T[] {
	const limit = MAX_CHANCE / candidates.length;
	const outstanding = candidates.filter(
		({ value, rise, shareOfCalls, chance, excess }) =>
			value !== null &&
			rise > 0 &&
			chance <= limit &&
			shareOfCalls <= MAX_SHARE_OF_CALLS &&
			excess >= MIN_SHARE_OF_FIGURE * figure,
	);
	const by = (dimension: CauseDimension) => outstanding.filter((one) => one.dimension === dimension);
	const choices = [placesOf(by('country'), by('area')), by('displayNum'), by('hourOfDay')];
	const [best] = choices.sort((a, b) => evidenceOf(b) - evidenceOf(a));
	const codes = by('terminationCode');
	const isCode = best.length === 0 || evidenceOf(codes) > CODE_FACTOR * evidenceOf(best);
	return (isCode ? codes : best).sort((a, b) => b.rise - a.rise);
}

/** A country where a fault is in all of it; else the areas where it is. */
function placesOf<T extends Candidate>(countries: T[], areas: T[]): T[] {
	const whole = countries.filter((country) =>
		isWhole(
			country,
			areas.filter((area) => area.country === country.value),
		),
	);
	const names = new Set(whole.map(({ value }) => value));
	return [...whole, ...areas.filter(({ country }) => !names.has(country ?? null))];
}

/** Whether the rest of a country, beside the areas that stand out, is as bad as these. */
function isWhole(country: Candidate, areas: Candidate[]): boolean {
	if (areas.length === 0) return true;
	const sum = (read: (one: Candidate) => number) => areas.reduce((total, area) => total + read(area), 0);
	const bad = { calls: sum(({ calls }) => calls), excess: sum(({ excess }) => excess) };
	const rest = { calls: country.calls - bad.calls, excess: country.excess - bad.excess };
	if (areas.length > 1 && rest.calls < SMALL_REST * country.calls) return true;
	return rest.excess >= MIN_EXCESS_OF_REST && rest.excess * bad.calls >= AS_BAD * bad.excess * rest.calls;
}

/** Less what each cause may have by chance; 0 without any. */
function evidenceOf(causes: Candidate[]): number {
	return causes.reduce((sum, { evidence }) => sum + evidence - EVIDENCE_OF_A_CAUSE, 0);
}
