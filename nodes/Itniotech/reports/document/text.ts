import { chatText, listText } from '../../records/output/text';
import type { CallReport, Place } from './callReport';
import { formatCosts, formatCount, formatRange, formatShare } from './format';
import {
	notesOf,
	otherFiguresOf,
	overviewOf,
	periodOf,
	type ReportLayout,
	type SectionName,
} from './overview';

/** A section block of Slack takes 3,000 characters. */
const MAX_LENGTH = 2900;
const MAX_ENTRIES = 5;
const CUT = '…';

/** One line: title, range and the figures that matter most. */
export function subjectOf(report: CallReport, { title }: ReportLayout): string {
	const { total, range, zone } = report;
	const head = `${chatText(title)}, ${formatRange(range, zone)}`;
	if (total.calls === 0) return `${head}: no calls`;
	const { asr } = total.toJson();
	const answered = typeof asr === 'number' ? `, ${formatShare(asr)} answered` : '';
	return `${head}: ${callsText(total.calls)}${answered}, ${formatCosts(total.costs)}`;
}

/**
 * The report for a chat message, in plain text without mark-up, the most important lines first.
 * At most 2,900 characters.
 */
export function textOf(report: CallReport, layout: ReportLayout): string {
	const { title, sections } = layout;
	// Timezones have underscores, which Telegram reads as mark-up.
	const head = [chatText(title), periodOf(report, layout).replace(/_/g, ' ')];
	const [calls] = overviewOf(report);
	if (report.total.calls === 0) {
		const before = calls.change ? [`Calls before: ${formatCount(report.earlierTotal!.calls)}`] : [];
		return [...head, 'No calls in this time', ...before].join('\n');
	}
	const lines = sections.flatMap((section) => LINES[section](report, layout));
	return withinLength([...head, ...lines, ...notesOf(report)]);
}

const LINES: Record<SectionName, (report: CallReport, layout: ReportLayout) => string[]> = {
	overview: (report, layout) => [
		...overviewOf(report).map(({ name, value, change }) =>
			[`${name}: ${value}`, change?.text].filter(Boolean).join('  '),
		),
		otherFiguresOf(report, layout).join(' · '),
	],
	trend: (report) => {
		const { unit, lines } = report.hourly.trend();
		const [busiest] = [...lines].sort((a, b) => b.tally.calls - a.tally.calls);
		return busiest.tally.calls === 0
			? []
			: [`Most calls in ${aOrAn(unit)}: ${busiest.label}, ${callsText(busiest.tally.calls)}`];
	},
	// Not for a line of text.
	heatMap: () => [],
	countries: (report, { topN }) =>
		listLine(
			'Countries',
			report.countries(),
			({ name, tally }) =>
				`${placeName(name)}: ${formatCount(tally.calls)} (${formatShare(tally.asr)} answered)`,
			topN,
		),
	areas: (report, { topN }) =>
		listLine(
			'Areas with the most failed calls',
			report.areas().filter(({ tally }) => tally.failed > 0),
			({ name, tally }) => `${placeName(name)}: ${formatCount(tally.failed)} of ${formatCount(tally.calls)}`,
			topN,
		),
	failures: ({ total }, { topN }) =>
		listLine(
			'Why calls failed',
			total.failures.list(),
			({ terminationCode, terminationReason, calls }) =>
				`${chatText(`${terminationCode} ${terminationReason}`) || 'unknown'}: ${formatCount(calls)}`,
			topN,
		),
	numbers: ({ failingNumbers }, { topN }) =>
		listLine(
			'Numbers with the most failed calls',
			failingNumbers.top(Math.min(topN, MAX_ENTRIES)),
			({ calledNumber, failed }) => `${chatText(calledNumber)}: ${formatCount(failed)}`,
			topN,
		),
};

function listLine<T>(name: string, entries: T[], toText: (entry: T) => string, topN: number): string[] {
	const texts = entries.map(toText);
	return texts.length === 0 ? [] : [`${name}: ${listText(texts, Math.min(topN, MAX_ENTRIES))}`];
}

function withinLength(lines: string[]): string {
	const fits = (count: number) => lines.slice(0, count).join('\n').length <= MAX_LENGTH - CUT.length - 1;
	let count = lines.length;
	while (!fits(count)) count--;
	return [...lines.slice(0, count), ...(count < lines.length ? [CUT] : [])].join('\n');
}

function placeName(name: Place['name']): string {
	return chatText(name ?? '') || 'unknown';
}

function callsText(calls: number): string {
	return calls === 1 ? '1 call' : `${formatCount(calls)} calls`;
}

function aOrAn(unit: string): string {
	return unit === 'hour' ? 'an hour' : `a ${unit}`;
}
