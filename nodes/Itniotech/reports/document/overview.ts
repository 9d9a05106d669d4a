import type { TimeRange } from '../../records/calendar';
import { moneyText, numberText, quantityText, shareText, UNKNOWN } from '../../records/output/text';
import type { Figures } from '../figures/figures';
import type { CallReport } from './callReport';
import { costChange, countChange, isBelow, shareChange, type Change, type Share } from './change';

export const SECTIONS = {
	overview: { displayName: 'Overview', description: 'Calls, answer rate, failed calls and cost' },
	causes: {
		displayName: 'What Changed',
		description:
			'Which country, area, display number, code or hour explains more failures or cost, with a comparison',
	},
	trend: { displayName: 'Trend', description: 'Calls by hour, day or week' },
	heatMap: {
		displayName: 'Heat Map',
		description: 'Share of answered calls by weekday and hour, for more than two days',
	},
	countries: { displayName: 'Countries', description: 'With the most calls' },
	areas: { displayName: 'Areas', description: 'With the most failed calls' },
	failures: { displayName: 'Failures', description: 'Why calls failed' },
	numbers: { displayName: 'Numbers', description: 'Those that failed twice or more' },
};

export type SectionName = keyof typeof SECTIONS;

export const SECTION_NAMES = Object.keys(SECTIONS) as SectionName[];

export interface ReportLayout {
	title: string;
	sections: SectionName[];
	/** The most lines of a section with countries, areas, failures or numbers. */
	topN: number;
	/** What the calls are compared with, if there is anything. */
	earlierRange?: TimeRange;
	/** Whether ITNIO no longer has anything of the time to compare with. */
	isTooEarly?: boolean;
	shortCallSeconds: number;
	isFiltered?: boolean;
	/** Whether ITNIO listed less than all calls of the range, or of the earlier one. */
	hasGaps?: boolean;
	hasGapsBefore?: boolean;
}

export interface OverviewFigure {
	name: string;
	value: string;
	change?: Change;
}

/** The four figures that a reader looks for first. */
export function overviewOf(
	{ total, comparedTotal: now, earlierTotal: before, comparedPart }: CallReport,
	{ hasGaps, hasGapsBefore }: ReportLayout,
): OverviewFigure[] {
	const isCompared = before !== null && before.calls > 0;
	const inPart = (change: Change | undefined) =>
		change && comparedPart ? { ...change, text: `in the compared part: ${change.text}` } : change;
	const figures: OverviewFigure[] = [
		{
			name: 'Calls',
			value: numberText(total.calls),
			change: isCompared ? countChange(now.calls, before.calls) : undefined,
		},
		{
			name: 'Answered',
			value: shareTextOf(answeredShare(total)),
			change: isCompared ? shareChange(answeredShare(now), answeredShare(before)) : undefined,
		},
		{
			name: 'Failed',
			value: numberText(total.failed),
			change: isCompared ? failedChange(now, before) : undefined,
		},
		{
			name: 'Cost',
			value: moneyText(total.costs.list(), total.costs.isSoFar || hasGaps),
			change: isCompared && !hasGaps && !hasGapsBefore ? costChange(now.costs, before.costs) : undefined,
		},
	];
	return figures.map((figure) => ({ ...figure, change: inPart(figure.change) }));
}

/** More failed calls are worse if they are a larger share, too. Nothing while calls may still fail, then or now. */
function failedChange(now: Figures, before: Figures): Change | undefined {
	if (now.pending + before.pending > 0) return undefined;
	const change = countChange(now.failed, before.failed);
	const isWorse = now.failed > before.failed && isBelow(answeredShare(now), answeredShare(before));
	return change && { ...change, isWorse };
}

/** What else the calls were like, a phrase each. */
export function otherFiguresOf({ total }: CallReport, { shortCallSeconds }: ReportLayout): string[] {
	const { acd, pdd, shortCalls, keyPresses, uniqueNumbers, reachedNumbers } = total.toJson();
	const p95 = total.postDialDelays.percentile(0.95);
	return [
		acd === null ? '' : `Average call ${secondsText(acd)}`,
		pdd === null ? '' : `Ringing starts after ${secondsText(pdd)} (95% within ${secondsText(p95)})`,
		shortCalls === 0
			? ''
			: `${numberText(shortCalls)} answered for ${numberText(shortCallSeconds)} s or less`,
		keyPresses === 0 ? '' : `${numberText(keyPresses)} pressed a key`,
		numbersText(uniqueNumbers, reachedNumbers),
		endedCalls(total) === 0 ? '' : `Network (NER) ${shareText(total.delivered, endedCalls(total))}`,
	].filter((phrase) => phrase !== '');
}

function numbersText(called: number, answered: number): string {
	if (called === 0) return '';
	const number = quantityText(called, 'number');
	if (called === 1) return `${number}, ${answered === 0 ? 'not ' : ''}answered`;
	return `${number}, ${numberText(answered)} of them answered`;
}

/** Among the calls that were answered or failed (ASR). */
export function answeredShare(figures: Figures): Share {
	const { answered, failed } = figures;
	return { part: answered, whole: answered + failed };
}

export function shareTextOf({ part, whole }: Share): string {
	return shareText(part, whole);
}

/** Voicemail included. */
export function endedCalls(figures: Figures): number {
	return figures.calls - figures.pending;
}

function secondsText(seconds: number | null): string {
	return seconds !== null ? `${numberText(seconds)} s` : UNKNOWN;
}
