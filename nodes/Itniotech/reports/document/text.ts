import { chatText, listText, numberText, quantityText } from '../../records/output/text';
import { causeSentences } from '../causes/causeTexts';
import { reasonOf } from '../figures/failures';
import type { CallReport, Place } from './callReport';
import { otherFiguresOf, overviewOf, shareTextOf, type ReportLayout, type SectionName } from './overview';
import { partText, rangeText } from './period';
import { notesOf, periodOf, sentenceOf, shortSentenceOf } from './sentences';
import type { Tally } from './tally';

/** A section block of Slack takes 3,000 characters. */
const MAX_MESSAGE_LENGTH = 2900;
const MAX_ENTRIES = 5;
const CUT = '…';
/** From no call to the most. */
const BLOCKS = '▁▂▃▄▅▆▇█';

/** One line: title, range and the figures that matter most. */
export function reportSubject(report: CallReport, layout: ReportLayout): string {
	const { range, zone } = report;
	return `${chatText(layout.title)}, ${rangeText(range, zone)}: ${shortSentenceOf(report, layout)}`;
}

/**
 * The report for a chat message, in plain text without mark-up, the most important lines first.
 * At most 2,900 characters.
 */
export function reportText(report: CallReport, layout: ReportLayout): string {
	const { title, sections } = layout;
	// Timezones have underscores, which Telegram reads as mark-up.
	const head = [
		chatText(title),
		periodOf(report, layout).replace(/_/g, ' '),
		`${sentenceOf(report, layout)}.`,
		...notesOf(report, layout),
	];
	if (report.total.calls === 0) return head.join('\n');
	return withinLength([...head, ...sections.flatMap((section) => LINES[section](report, layout))]);
}

const LINES: Record<SectionName, (report: CallReport, layout: ReportLayout) => string[]> = {
	overview: (report, layout) => {
		const [calls, answered, failed, cost] = overviewOf(report, layout).map(({ name, value, change }) =>
			[`${name}: ${value}`, change?.text].filter(Boolean).join('  '),
		);
		return [calls, failed, answered, cost, otherFiguresOf(report, layout).join(' · ')].filter(Boolean);
	},
	causes: causeTextsOf,
	trend: trendLines,
	// Not for a line of text.
	heatMap: () => [],
	countries: (report, { topN }) =>
		listLine(
			'Countries',
			{ entries: report.countries(), topN },
			({ name, tally }) => `${placeName(name)}: ${numberText(tally.calls)}${answeredText(tally)}`,
		),
	areas: (report, { topN, sections }) =>
		listLine(
			'Areas with the most failed calls',
			{ entries: report.failingAreas(sections.includes('countries')), topN },
			({ name, tally }) => `${placeName(name)}: ${numberText(tally.failed)} of ${numberText(tally.calls)}`,
		),
	failures: ({ total }, { topN }) =>
		listLine(
			'Why calls failed',
			{ entries: total.failures.list(), topN },
			(failure) => `${placeName(reasonOf(failure).name)}: ${numberText(failure.calls)}`,
		),
	numbers: ({ failingNumbers }, { topN }) =>
		listLine(
			'Numbers with the most failed calls',
			{ entries: failingNumbers.list(2), topN },
			({ calledNumber, failed }) => `${chatText(calledNumber)}: ${numberText(failed)}`,
		),
};

/** A sentence for each figure. */
export function causeTextsOf(
	{ causes, allCalls, comparedPart, range, zone }: CallReport,
	{ hasGapsBefore }: ReportLayout,
): string[] {
	const part = comparedPart && partText(comparedPart.later, range, zone);
	return causeSentences(causes, allCalls, { part, hasGapsBefore });
}

/** A column of a chart for each hour, day or week, e.g. `Calls by hour, 00:00 to 23:00: ▁▁▃█▅▂, most at 13:00 (87)`. */
function trendLines({ hourly }: CallReport): string[] {
	const { unit, lines } = hourly.trend();
	const most = Math.max(...lines.map(({ tally }) => tally.calls));
	if (most === 0) return [];
	const busiest = lines.find(({ tally }) => tally.calls === most)!;
	const preposition = { hour: 'at', day: 'on', week: 'in the' }[unit];
	const chart = lines
		.map(({ tally }) => BLOCKS[Math.ceil((tally.calls / most) * (BLOCKS.length - 1))])
		.join('');
	const edges = `${lines[0].fullLabel} to ${lines[lines.length - 1].fullLabel}`;
	const isTied = lines.filter(({ tally }) => tally.calls === most).length > 1;
	const peak = isTied
		? `at most ${quantityText(most, 'call')}`
		: `most ${preposition} ${busiest.fullLabel} (${quantityText(most, 'call')})`;
	return [lines.length === 1 ? `Calls by ${unit}: ${peak}` : `Calls by ${unit}, ${edges}: ${chart} ${peak}`];
}

function listLine<T>(
	name: string,
	{ entries, topN }: { entries: T[]; topN: number },
	toText: (entry: T) => string,
): string[] {
	return entries.length === 0 ? [] : [`${name}: ${listText(entries, Math.min(topN, MAX_ENTRIES), toText)}`];
}

function withinLength(lines: string[]): string {
	const fits = (count: number) =>
		lines.slice(0, count).join('\n').length <= MAX_MESSAGE_LENGTH - CUT.length - 1;
	let count = lines.length;
	while (!fits(count)) count--;
	return [...lines.slice(0, count), ...(count < lines.length ? [CUT] : [])].join('\n');
}

/** Calls that have not ended or went to voicemail have no such share. */
function answeredText({ ended, answeredShare }: Tally): string {
	return ended === 0 ? '' : ` (${shareTextOf(answeredShare)} answered)`;
}

function placeName(name: Place['name']): string {
	return chatText(name ?? '') || 'unknown';
}
