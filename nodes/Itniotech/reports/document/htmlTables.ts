import { moneyText, numberText } from '../../records/output/text';
import { causeLines } from '../causes/causeTexts';
import type { CallReport, Place } from './callReport';
import { answeredShare, shareTextOf, type ReportLayout } from './overview';
import type { Tally } from './tally';
import { causeTextsOf } from './text';
import {
	attributesOf,
	BAR_COLORS,
	barHtml,
	cell,
	dataTable,
	escapeHtml,
	layoutTable,
	nameHtml,
	tableRow,
	textIn,
	unbroken,
	type Style,
} from './htmlCells';

/** A place this far below all calls is marked. */
const LOW_POINTS = 20;
const MIN_CALLS_TO_MARK = 20;

const TABLE_STYLES = {
	heading: { size: 15, isBold: true, color: 'ink', margin: '0' },
	explanation: { size: 12, color: 'muted' },
	table: { size: 13, color: 'ink' },
	columnHead: { size: 12, color: 'muted', align: 'right' },
	nameHead: { size: 12, color: 'muted', isName: true },
	// Long costs would leave a column of single letters.
	placeHead: { size: 12, color: 'muted', isName: true, width: '28%' },
	row: { line: 'above' },
	name: { isName: true },
	figure: { align: 'right' },
	low: { align: 'right', color: 'worse', isBold: true },
	lineName: { padding: '4px 8px 4px 0', width: '46%', isName: true },
	lineBar: { padding: '4px 8px 4px 0', width: '36%' },
	lineFigure: { padding: '4px 0', width: '18%', align: 'right', color: 'muted' },
} satisfies Record<string, Style>;

/** Rows of the page's table, with at most some lines of names; empty where there is nothing to show. */
export type SectionHtml = (maxLines: number) => string;

/** A row of the page's table. */
export function pageRow(html: string, padding = '4px 0'): string {
	return tableRow([cell(html, { padding })]);
}

export function headingRow(title: string, explanation = ''): string {
	const heading = `<h2${attributesOf(TABLE_STYLES.heading)}>${title}</h2>`;
	return pageRow(heading + (explanation && textIn(explanation, TABLE_STYLES.explanation)), '26px 0 6px');
}

/** What explains the changes, in rows that add up to the change of all calls. */
export function causesHtml(report: CallReport, layout: ReportLayout): SectionHtml {
	const { causes, allCalls } = report;
	if (causes.length === 0) return () => '';
	const heading = headingRow('What changed', causeTextsOf(report, layout).map(escapeHtml).join(' '));
	const head = tableRow([
		cell('Cause', TABLE_STYLES.nameHead, 'column'),
		...['Change', 'Now', 'Before'].map((name) => cell(name, TABLE_STYLES.columnHead, 'column')),
	]);
	return (maxLines) => {
		const lines = causeLines(causes, allCalls, Math.max(1, Math.min(layout.topN, maxLines))).map(
			({ name, unit, ...figures }) =>
				tableRow(
					[
						cell(
							`${nameHtml(name)}<br>${textIn(escapeHtml(unit), TABLE_STYLES.explanation)}`,
							TABLE_STYLES.name,
							'row',
						),
						...[figures.rise, figures.now, figures.before].map((text) =>
							cell(escapeHtml(text), TABLE_STYLES.figure),
						),
					],
					TABLE_STYLES.row,
				),
		);
		return heading + pageRow(dataTable([head, ...lines], TABLE_STYLES.table, 5));
	};
}

/** Countries or areas, with their failed calls and what they cost. */
export function placesHtml(
	{ title, column }: { title: string; column: string },
	places: Place[],
	{ report: { total }, layout: { topN, hasGaps } }: { report: CallReport; layout: ReportLayout },
): SectionHtml {
	if (places.length === 0) return () => '';
	const { currency } = total.costs;
	const lines = places.slice(0, topN).map((place) => {
		const isLow = isFarBelow(place.tally, total);
		return { isLow, html: placeRow(place, { isLow, currency, hasGaps }) };
	});
	const heads = ['Calls', 'Failed', 'Answered', currency ? `Cost (${currency})` : 'Cost'];
	const head = tableRow([
		cell(column, TABLE_STYLES.placeHead, 'column'),
		...heads.map((name) => cell(escapeHtml(name), TABLE_STYLES.columnHead, 'column')),
	]);
	const legend = `low: ${LOW_POINTS} points or more below the ${shareTextOf(answeredShare(total))} of all calls`;
	return (maxLines) => {
		const shown = lines.slice(0, maxLines);
		return (
			headingRow(title, shown.some(({ isLow }) => isLow) ? legend : '') +
			pageRow(dataTable([head, ...shown.map(({ html }) => html)], TABLE_STYLES.table, 5)) +
			moreRow(places.length - shown.length)
		);
	};
}

function placeRow(
	{ name, tally }: Place,
	{ isLow, currency, hasGaps }: { isLow: boolean; currency: string | null; hasGaps?: boolean },
): string {
	const cells = [
		cell(nameHtml(name), TABLE_STYLES.name, 'row'),
		cell(numberText(tally.calls), TABLE_STYLES.figure),
		cell(numberText(tally.failed), TABLE_STYLES.figure),
		cell(
			unbroken((isLow ? 'low ' : '') + shareTextOf(tally.answeredShare)),
			isLow ? TABLE_STYLES.low : TABLE_STYLES.figure,
		),
		cell(costsHtml(tally, { currency, hasGaps }), TABLE_STYLES.figure),
	];
	return tableRow(cells, TABLE_STYLES.row);
}

function isFarBelow(tally: Tally, total: CallReport['total']): boolean {
	const [{ part, whole }, all] = [tally.answeredShare, answeredShare(total)];
	// Without a division, which would take 70% less 50% for a little less than 20 points.
	const isLow = 100 * (all.part * whole - part * all.whole) >= LOW_POINTS * all.whole * whole;
	return whole >= MIN_CALLS_TO_MARK && isLow;
}

/** The currency is in the head of the column if there is only one. */
function costsHtml(
	{ costs }: Tally,
	{ currency, hasGaps }: { currency: string | null; hasGaps?: boolean },
): string {
	if (!costs) return '';
	const list = costs.list().map((one) => (one.currency === currency ? { ...one, currency: '' } : one));
	return escapeHtml(moneyText(list, costs.isSoFar || hasGaps));
}

/**
 * A line for each name with its failed calls, as bar and figure.
 * @param lines the most first
 */
export function failedCallsHtml(
	title: string,
	lines: Array<{ name: string | null; explanation?: string; failed: number }>,
	topN: number,
): SectionHtml {
	if (lines.length === 0) return () => '';
	const most = lines[0].failed;
	const rows = lines.slice(0, topN).map(({ name, explanation, failed }) => {
		const words = explanation ? `<br>${textIn(escapeHtml(explanation), TABLE_STYLES.explanation)}` : '';
		return tableRow([
			cell(nameHtml(name) + words, TABLE_STYLES.lineName),
			cell(barHtml([{ share: failed / most, color: BAR_COLORS.failed }]), TABLE_STYLES.lineBar),
			cell(unbroken(numberText(failed)), TABLE_STYLES.lineFigure),
		]);
	});
	return (maxLines) =>
		headingRow(title, 'failed calls') +
		pageRow(layoutTable(rows.slice(0, maxLines), TABLE_STYLES.table)) +
		moreRow(lines.length - Math.min(rows.length, maxLines));
}

function moreRow(count: number): string {
	return count > 0 ? pageRow(textIn(`and ${numberText(count)} more`, TABLE_STYLES.explanation)) : '';
}
