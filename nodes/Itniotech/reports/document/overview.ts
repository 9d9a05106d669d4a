import type { TimeRange } from '../../records/calendar';
import { moneyText, numberText, quantityText, shareText, UNKNOWN } from '../../records/output/text';
import type { Figures } from '../figures/figures';
import type { CallReport } from './callReport';
import {
	costChange,
	countChange,
	isBelow,
	pointsPhrase,
	shareChange,
	type Change,
	type Share,
} from './change';
import { earlierNames, partText, rangeText, type EarlierNames } from './period';

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

/** The whole report in a sentence, e.g. `1,204 calls, 63.5% answered (5.3 points less than Monday), 440 failed, 45.86 USD`. */
export function sentenceOf(report: CallReport, layout: ReportLayout): string {
	const { total, comparedTotal, earlierTotal: earlier } = report;
	const names = namesOf(report, layout);
	if (total.calls === 0) return outageText(earlier?.calls, names.when, layout);
	const points = earlier && pointsPhrase(answeredShare(comparedTotal), answeredShare(earlier), names.than);
	return phrasesOf(report, layout, {
		calls: earlier?.calls === 0 && !layout.hasGapsBefore ? ` (no ${callNounOf(layout)}s ${names.when})` : '',
		answered: points ? ` (${names.since}${points})` : '',
	});
}

/** A subject has no room for a note that other calls are not counted. */
function callNounOf({ isFiltered }: ReportLayout): string {
	return isFiltered ? 'matching call' : 'call';
}

/** How sentences name what is compared. */
function namesOf(
	{ range, zone, comparedPart }: CallReport,
	{ earlierRange }: ReportLayout,
): EarlierNames & { since: string } {
	if (comparedPart) {
		const rest = 'in what is left of the earlier time';
		return { than: rest, when: rest, since: `${partText(comparedPart.later, range, zone)}: ` };
	}
	const names = earlierRange ? earlierNames(range, earlierRange, zone) : { than: 'before', when: 'before' };
	return { ...names, since: '' };
}

/** Stands alone, without notes below it, and without the comparison, for which a line in an inbox has no room. */
export function shortSentenceOf(report: CallReport, layout: ReportLayout): string {
	return report.total.calls === 0 ? sentenceOf(report, layout) : phrasesOf(report, layout);
}

function phrasesOf(
	{ total }: CallReport,
	layout: ReportLayout,
	comparison?: { calls: string; answered: string },
): string {
	const { failed, pending, voicemails } = countsOf(total);
	const { hasGaps } = layout;
	const listed = hasGaps ? ' listed' : '';
	const calls = quantityText(total.calls, callNounOf(layout)) + listed + (comparison?.calls ?? '');
	// What they cost is not known before they end.
	if (pending === total.calls) return `${calls}, ${total.calls === 1 ? 'not' : 'none'} ended yet`;
	const answered = [
		`${shareTextOf(answeredShare(total))} answered${comparison?.answered ?? ''}`,
		failed === 0 ? 'none failed' : `${numberText(failed)} failed`,
	];
	const cost = moneyText(total.costs.list(), total.costs.isSoFar || hasGaps);
	return [
		calls,
		...(answeredShare(total).whole > 0 ? answered : []),
		...(voicemails > 0 ? [`${numberText(voicemails)} to voicemail`] : []),
		...(!comparison && pending > 0 ? [`${numberText(pending)} not ended yet`] : []),
		/\d/.test(cost) ? cost : `cost ${cost}`,
	].join(', ');
}

function outageText(before: number | undefined, when: string, layout: ReportLayout): string {
	const { hasGaps, hasGapsBefore } = layout;
	const none = `No ${callNounOf(layout)}s${hasGaps ? ' listed' : ''}`;
	if (before === undefined || (before === 0 && hasGapsBefore)) return none;
	if (before === 0) return `${none}, and none ${when}`;
	return `${none}. ${numberText(before)}${hasGapsBefore ? ' or more' : ''} ${when}`;
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
			value: numberText(countsOf(total).failed),
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
	const [a, b] = [countsOf(now), countsOf(before)];
	if (a.pending + b.pending > 0) return undefined;
	const change = countChange(a.failed, b.failed);
	const isWorse = a.failed > b.failed && isBelow(answeredShare(now), answeredShare(before));
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
		uniqueNumbers === 0
			? ''
			: `${quantityText(uniqueNumbers, 'number')}, ${numberText(reachedNumbers)} of them answered`,
		endedCalls(total) === 0 ? '' : `Network (NER) ${shareText(total.delivered, endedCalls(total))}`,
	].filter((phrase) => phrase !== '');
}

/** What the figures leave out, a sentence each. */
export function notesOf(
	{ total, earlierTotal, hourly, comparedPart, zone }: CallReport,
	{ isFiltered, hasGaps, hasGapsBefore, isTooEarly }: ReportLayout,
): string[] {
	const { pending, voicemails } = countsOf(total);
	const { unbilledCalls, unreadableCosts } = total.costs;
	const hasChanges = total.calls > 0 && (earlierTotal?.calls ?? 0) > 0;
	const calls = (count: number, one: string, many: string) =>
		`${quantityText(count, 'call')} ${count === 1 ? one : many}`;
	const notes: Array<string | false | undefined> = [
		isFiltered && 'Only calls that match the filters are counted.',
		hasGaps && 'Calls of this time may be missing from the list of ITNIO TECH.',
		hasGaps && !hasGapsBefore && hasChanges && 'Changes may not be exact.',
		hasGapsBefore &&
			`Calls of the time before may be missing from the list of ITNIO TECH${hasChanges ? ', so changes may not be exact' : ''}.`,
		// Where none has ended, the sentence before says so.
		pending > 0 && pending < total.calls && `${calls(pending, 'has', 'have')} not ended yet.`,
		voicemails > 0 && 'Calls to voicemail count as neither answered nor failed.',
		unbilledCalls > 0 && `${calls(unbilledCalls, 'is', 'are')} not billed yet and not in the cost.`,
		unreadableCosts > 0 &&
			`The cost of ${quantityText(unreadableCosts, 'call')} cannot be read and is not in the sum.`,
		total.untimedCalls > 0 &&
			`The duration of ${quantityText(total.untimedCalls, 'answered call')} is not known and in no figure.`,
		hourly.untimed > 0 &&
			`${calls(hourly.untimed, 'without a readable time is', 'without a readable time are')} in no chart.`,
		isTooEarly && 'ITNIO TECH keeps calls for two months, so there is nothing to compare with.',
		comparedPart &&
			`ITNIO TECH keeps calls for two months. Changes compare ${rangeText(comparedPart.later, zone)} with ${rangeText(comparedPart.earlier, zone)}, the part that is left.`,
	];
	return notes.filter((note) => typeof note === 'string');
}

/** E.g. `Tue 24 Nov 2026 (Asia/Singapore), compared with Mon 23 Nov 2026`. */
export function periodOf({ range, zone }: CallReport, { earlierRange }: ReportLayout): string {
	const comparison = earlierRange ? `, compared with ${rangeText(earlierRange, zone)}` : '';
	return `${rangeText(range, zone)} (${zone})${comparison}`;
}

/** Among the calls that were answered or failed (ASR). */
export function answeredShare(figures: Figures): Share {
	const { answered, failed } = countsOf(figures);
	return { part: answered, whole: answered + failed };
}

export function shareTextOf({ part, whole }: Share): string {
	return shareText(part, whole);
}

function countsOf(figures: Figures): Record<'answered' | 'failed' | 'pending' | 'voicemails', number> {
	const { answered, failed, pending, voicemails } = figures.toJson();
	return { answered, failed, pending, voicemails };
}

/** Voicemail included. */
export function endedCalls(figures: Figures): number {
	return figures.calls - countsOf(figures).pending;
}

function secondsText(seconds: number | null): string {
	return seconds !== null ? `${numberText(seconds)} s` : UNKNOWN;
}
