import { numberText, UNKNOWN } from '../../records/output/text';
import { reasonOf } from '../figures/failures';
import type { CallReport } from './callReport';
import {
	BAR_COLORS,
	barHtml,
	cell,
	dataTable,
	escapeHtml,
	layoutTable,
	tableRow,
	textIn,
	unbroken,
	type Style,
} from './htmlCells';
import { causesHtml, failedCallsHtml, headingRow, pageRow, placesHtml, type SectionHtml } from './htmlTables';
import {
	otherFiguresOf,
	overviewOf,
	shareTextOf,
	type OverviewFigure,
	type ReportLayout,
	type SectionName,
} from './overview';
import type { Tally } from './tally';
import { foldEmpty } from './trend';

/** A heat map cell from no answered call to all of them. Dark text can be read on each. */
export const SHADES = ['#fde8c8', '#f4efe4', '#dbe7f5', '#b9d4f3', '#93c1f0', '#70aeec'];
/** The share of fewer calls is chance. */
const MIN_CALLS_TO_SHADE = 10;
/** On a phone, a card has room for as many characters in large letters, and in smaller ones. */
const MAX_LARGE_LENGTH = 12;
const MAX_MIDDLE_LENGTH = 14;

const SECTION_STYLES = {
	card: { width: '50%', padding: '12px 10px', line: 'box', isAtTop: true },
	cardName: { size: 12, color: 'muted' },
	cardValue: { size: 22, isBold: true, color: 'ink' },
	cardMiddleValue: { size: 16, isBold: true, color: 'ink' },
	cardLongValue: { size: 13, isBold: true, color: 'ink' },
	change: { size: 12, color: 'muted' },
	worseChange: { size: 12, color: 'worse' },
	otherFigures: { size: 13, color: 'muted' },
	lines: { size: 13, color: 'ink' },
	lineName: { padding: '3px 8px 3px 0', width: '28%' },
	lineBar: { padding: '3px 8px 3px 0', width: '44%' },
	lineFigure: { padding: '3px 0', width: '28%', align: 'right', color: 'muted' },
	heatMap: { size: 11, color: 'onShade' },
	heatHead: { size: 11, color: 'muted', align: 'center' },
	plainCell: { color: 'muted', align: 'center' },
} satisfies Record<string, Style>;

export const SECTION_HTML: Record<SectionName, (report: CallReport, layout: ReportLayout) => SectionHtml> = {
	overview: (report, layout) => {
		const [calls, answered, failed, cost] = overviewOf(report, layout).map(cardHtml);
		const cards = layoutTable([tableRow([calls, answered]), tableRow([failed, cost])]);
		const others = otherFiguresOf(report, layout).map(escapeHtml).join(' · ');
		const html = pageRow(cards) + (others && pageRow(textIn(others, SECTION_STYLES.otherFigures)));
		return () => html;
	},
	causes: causesHtml,
	trend: (report) => {
		const html = trendHtml(report);
		return () => html;
	},
	heatMap: (report) => {
		const html = heatMapHtml(report);
		return () => html;
	},
	countries: (report, layout) =>
		placesHtml({ title: 'Countries', column: 'Country' }, report.countries(), { report, layout }),
	areas: (report, layout) => {
		const areas = report.failingAreas(layout.sections.includes('countries'));
		return placesHtml({ title: 'Areas with the most failed calls', column: 'Area' }, areas, {
			report,
			layout,
		});
	},
	failures: ({ total }, { topN }) => {
		const lines = total.failures.list().map((failure) => ({ ...reasonOf(failure), failed: failure.calls }));
		return failedCallsHtml('Why calls failed', lines, topN);
	},
	numbers: ({ failingNumbers }, { topN }) => {
		const lines = failingNumbers.list(2).map(({ calledNumber, failed }) => ({ name: calledNumber, failed }));
		return failedCallsHtml('Numbers with the most failed calls', lines, topN);
	},
};

function cardHtml({ name, value, change }: OverviewFigure): string {
	const lines = [
		textIn(name, SECTION_STYLES.cardName),
		textIn(escapeHtml(value), valueStyleOf(value)),
		...(change
			? [textIn(escapeHtml(change.text), change.isWorse ? SECTION_STYLES.worseChange : SECTION_STYLES.change)]
			: []),
	];
	return cell(lines.join('<br>'), SECTION_STYLES.card);
}

function valueStyleOf({ length }: string): Style {
	if (length > MAX_MIDDLE_LENGTH) return SECTION_STYLES.cardLongValue;
	return length > MAX_LARGE_LENGTH ? SECTION_STYLES.cardMiddleValue : SECTION_STYLES.cardValue;
}

function trendHtml({ hourly }: CallReport): string {
	const { unit, lines } = hourly.trend();
	const most = Math.max(...lines.map(({ tally }) => tally.calls));
	if (most === 0) return '';
	const legend = [
		lines.some(({ tally }) => tally.answered > 0) && `${square(BAR_COLORS.answered)} answered`,
		lines.some(({ tally }) => tally.answered < tally.calls) && `${square(BAR_COLORS.failed)} not answered`,
		'number of calls',
		'share answered',
	].filter(Boolean);
	const rows = foldEmpty(lines).map(({ label, tally }) =>
		tableRow([
			cell(unbroken(label), SECTION_STYLES.lineName),
			cell(tally.calls === 0 ? '' : barOf(tally, most), SECTION_STYLES.lineBar),
			cell(unbroken(trendText(tally)), SECTION_STYLES.lineFigure),
		]),
	);
	return headingRow(`By ${unit}`, legend.join(' · ')) + pageRow(layoutTable(rows, SECTION_STYLES.lines));
}

function barOf({ calls, answered }: Tally, most: number): string {
	return barHtml([
		{ share: answered / most, color: BAR_COLORS.answered },
		{ share: (calls - answered) / most, color: BAR_COLORS.failed },
	]);
}

function trendText({ calls, answeredShare }: Tally): string {
	return calls === 0 ? 'no calls' : `${numberText(calls)} · ${shareTextOf(answeredShare)}`;
}

function heatMapHtml({ hourly }: CallReport): string {
	if (hourly.trend().unit === 'hour') return '';
	const { weekdays, rows } = hourly.heatMap();
	if (rows.length === 0) return '';
	const tallies = rows.flatMap((row) => row.tallies).filter(({ ended }) => ended > 0);
	const hasShades = tallies.some(isShaded);
	const legend = [
		'percent of calls answered, by hour and weekday',
		hasShades && `${square(SHADES[0])} none to ${square(SHADES[SHADES.length - 1])} all`,
		hasShades &&
			!tallies.every(isShaded) &&
			`no color: fewer than ${MIN_CALLS_TO_SHADE} calls answered or failed`,
	].filter(Boolean);
	const heads = ['Hour', ...weekdays].map((name) => cell(name, SECTION_STYLES.heatHead, 'column'));
	const lines = rows.map(({ hour, tallies: cells }) =>
		tableRow([cell(hour, SECTION_STYLES.heatHead, 'row'), ...cells.map(shadeCell)]),
	);
	return (
		headingRow('When calls are answered', legend.join(' · ')) +
		pageRow(dataTable([tableRow(heads), ...lines], SECTION_STYLES.heatMap, 1))
	);
}

/** A number without a share has none of its colors, and so does one of a few calls. */
function isShaded({ ended }: Tally): boolean {
	return ended >= MIN_CALLS_TO_SHADE;
}

function shadeCell(tally: Tally): string {
	const { calls, ended, answered } = tally;
	if (calls === 0) return cell('', SECTION_STYLES.plainCell);
	const figure = ended === 0 ? UNKNOWN : percentText(tally);
	if (!isShaded(tally)) return cell(figure, SECTION_STYLES.plainCell);
	const shade = SHADES[Math.round((answered / ended) * (SHADES.length - 1))];
	return cell(figure, { align: 'center', ground: shade });
}

/** A whole number, as a cell is narrow: of what is neither none nor all, neither 0 nor 100. */
function percentText({ answered, ended }: Tally): string {
	const percent = (100 * answered) / ended;
	if (percent > 0 && percent < 1) return '&lt;1';
	return percent > 99 && percent < 100 ? '&gt;99' : String(Math.round(percent));
}

/** In the color of a bar or a cell. */
function square(color: string): string {
	return `<span style="color:${color}">■</span>`;
}
