import type { CallReport } from './callReport';
import { changeOf, changeOfShare, type Change } from './change';
import { formatAmount, formatCosts, formatCount, formatRange, formatSeconds, formatShare } from './format';

export const SECTIONS = {
	overview: { displayName: 'Overview', description: 'Calls, answer rate, network effectiveness and cost' },
	trend: { displayName: 'Trend', description: 'Calls by hour, day or week' },
	heatMap: {
		displayName: 'Heat Map',
		description: 'Share of answered calls by weekday and hour, for more than two days',
	},
	countries: { displayName: 'Countries', description: 'With the most calls' },
	areas: { displayName: 'Areas', description: 'With the most failed calls' },
	failures: { displayName: 'Failures', description: 'Why calls failed' },
	numbers: { displayName: 'Numbers', description: 'With the most failed calls' },
};

export type SectionName = keyof typeof SECTIONS;

export const SECTION_NAMES = Object.keys(SECTIONS) as SectionName[];

export interface ReportLayout {
	title: string;
	sections: SectionName[];
	/** The most lines of a section with countries, areas, failures or numbers. */
	topN: number;
	/** E.g. `compared with Mon 23 Nov 2026`. */
	comparison?: string;
	shortCallSeconds: number;
}

export interface OverviewFigure {
	name: string;
	value: string;
	change?: Change;
}

/** The four figures that a reader looks for first. */
export function overviewOf(report: CallReport): OverviewFigure[] {
	const { total, earlierTotal } = report;
	const now = total.toJson();
	const before = earlierTotal?.toJson();
	const share = (name: 'asr' | 'ner') =>
		before && changeOfShare({ now: numberIn(now[name]), before: numberIn(before[name]) });
	const isSameCurrency = !now.currency || !before?.currency || now.currency === before.currency;
	const beforeCost = isSameCurrency ? numberIn(before?.cost) : null;
	return [
		{
			name: 'Calls',
			value: formatCount(total.calls),
			change: before && changeOf({ now: total.calls, before: numberIn(before.calls) }, formatCount),
		},
		{ name: 'Answered (ASR)', value: formatShare(numberIn(now.asr)), change: share('asr') },
		{ name: 'Network (NER)', value: formatShare(numberIn(now.ner)), change: share('ner') },
		{
			name: 'Cost',
			value: formatCosts(total.costs),
			change:
				before &&
				changeOf({ now: numberIn(now.cost), before: beforeCost }, (cost) => formatAmount(String(cost))),
		},
	];
}

/** What else the calls were like, a phrase each. */
export function otherFiguresOf({ total }: CallReport, { shortCallSeconds }: ReportLayout): string[] {
	const { acd, pdd, shortCalls, keyPresses, uniqueNumbers, reachedNumbers } = total.toJson();
	const count = (figure: unknown) => formatCount(Number(figure));
	const p95 = total.postDialDelays.percentile(0.95);
	return [
		`Average call ${formatSeconds(numberIn(acd))}`,
		...(pdd === null
			? []
			: [`Ringing starts after ${formatSeconds(numberIn(pdd))} (95 %: ${formatSeconds(p95)})`]),
		`${count(shortCalls)} answered for ${shortCallSeconds} s or less`,
		`${count(keyPresses)} pressed a key`,
		`${count(uniqueNumbers)} numbers, ${count(reachedNumbers)} reached`,
	];
}

/** What the figures leave out or need to be read rightly, a sentence each. */
export function notesOf({ total, hourly }: CallReport): string[] {
	const { failed, pending } = total.toJson();
	const { unbilledCalls } = total.costs;
	const isOne = unbilledCalls === 1;
	return [
		`Failed calls: ${formatCount(Number(failed))}`,
		pending === 0 ? '' : `Calls that have not ended: ${formatCount(Number(pending))}`,
		unbilledCalls === 0
			? ''
			: `${formatCount(unbilledCalls)} ${isOne ? 'call is' : 'calls are'} not billed yet and not in the cost`,
		hourly.untimed === 0 ? '' : `Calls without a readable time, in no chart: ${formatCount(hourly.untimed)}`,
	].filter((note) => note !== '');
}

/** E.g. `Tue 24 Nov 2026 (Asia/Singapore), compared with Mon 23 Nov 2026`. */
export function periodOf({ range, zone }: CallReport, { comparison }: ReportLayout): string {
	return `${formatRange(range, zone)} (${zone})${comparison ? `, ${comparison}` : ''}`;
}

function numberIn(value: unknown): number | null {
	return typeof value === 'number' ? value : null;
}
