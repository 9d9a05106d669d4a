import { formatAmount, formatCount, formatShare, UNKNOWN } from './format';
import type { CallReport, Place } from './callReport';
import {
	otherFiguresOf,
	overviewOf,
	type OverviewFigure,
	type ReportLayout,
	type SectionName,
} from './overview';
import type { Tally } from './tally';
import { barHtml, COLORS, escapeHtml, FONT, layoutTable, nameHtml } from './htmlCells';

const PADDING = 'padding:4px 0';
/** A heat map cell from no answered call to all of them. Dark text can be read on each. */
const SHADES = ['#fde8c8', '#f4efe4', '#dbe7f5', '#b9d4f3', '#93c1f0', '#70aeec'];
/** A place this far below all calls is marked. */
const LOW_ASR_POINTS = 0.2;
const MIN_CALLS_TO_MARK = 20;

/** A section as rows of the page's table; empty where there is nothing to show. */
export type SectionRenderer = (report: CallReport, layout: ReportLayout) => string;

export const SECTION_HTML: Record<SectionName, SectionRenderer> = {
	overview: (report, layout) => {
		const [calls, answered, network, cost] = overviewOf(report).map(cardHtml);
		const cards = layoutTable(`<tr>${calls}${answered}</tr><tr>${network}${cost}</tr>`);
		return row(cards) + row(smallText(otherFiguresOf(report, layout).map(escapeHtml).join(' · ')));
	},
	trend: ({ hourly }) => {
		const { unit, lines } = hourly.trend();
		const most = Math.max(...lines.map(({ tally }) => tally.calls));
		const rows = lines.map(({ label, tally }) =>
			lineHtml(escapeHtml(label), barOf(tally, most), trendText(tally)),
		);
		return most === 0 ? '' : heading(`By ${unit}`, `${legend(COLORS.answered)} answered ${legend(COLORS.unanswered)} not answered · calls · ASR`) + row(layoutTable(rows.join(''))); // prettier-ignore
	},
	heatMap: ({ hourly }) => {
		if (hourly.trend().unit === 'hour') return '';
		const { weekdays, rows } = hourly.heatMap();
		if (rows.length === 0) return '';
		const head = `<tr>${headCell('Hour', 'left')}${weekdays.map((day) => headCell(day, 'center')).join('')}</tr>`;
		const body = rows.map(({ hour, tallies }) => `<tr>${textCell(hour, { isMuted: true })}${tallies.map(shadeCell).join('')}</tr>`); // prettier-ignore
		return (
			heading('When calls are answered', 'share of answered calls, in percent') +
			row(dataTable(head + body.join('')))
		);
	},
	countries: (report, layout) => placesHtml('Countries', 'Country', report.countries(), { report, layout }),
	areas: (report, layout) => {
		const failing = report.areas().filter(({ tally }) => tally.failed > 0);
		return placesHtml('Areas with the most failed calls', 'Area', failing, { report, layout });
	},
	failures: ({ total }, { topN }) => {
		const failures = total.failures.list();
		const lines = failures.map(({ terminationCode, terminationReason, calls }) => ({
			name: `${terminationCode} ${terminationReason}`.trim() || null,
			count: calls,
		}));
		return countsHtml('Why calls failed', lines, { topN, total: lines.length });
	},
	numbers: ({ failingNumbers }, { topN }) => {
		const lines = failingNumbers
			.top(topN)
			.map(({ calledNumber, failed }) => ({ name: calledNumber, count: failed }));
		return countsHtml('Numbers with the most failed calls', lines, { topN, total: failingNumbers.total });
	},
};

function placesHtml(
	title: string,
	column: string,
	places: Place[],
	{ report, layout: { topN } }: { report: CallReport; layout: ReportLayout },
): string {
	if (places.length === 0) return '';
	const { asr } = report.total.toJson();
	const currency = report.total.costs.currency;
	const head = [
		headCell(column, 'left'),
		...['Calls', 'ASR', 'NER', `Cost${currency ? ` (${escapeHtml(currency)})` : ''}`].map((name) =>
			headCell(name, 'right'),
		),
	];
	const rows = places.slice(0, topN).map(({ name, tally }) => {
		const isLow = tally.calls >= MIN_CALLS_TO_MARK && Number(asr) - (tally.asr ?? 1) >= LOW_ASR_POINTS;
		const cells = [
			textCell(nameHtml(name)),
			numberCell(formatCount(tally.calls)),
			numberCell(`${isLow ? '▼ ' : ''}${formatShare(tally.asr)}`, isLow),
			numberCell(formatShare(tally.ner)),
			numberCell(costsHtml(tally, currency)),
		];
		return `<tr>${cells.join('')}</tr>`;
	});
	const hasLow = rows.some((html) => html.includes('▼ '));
	return (
		heading(title, hasLow ? '▼ answer rate 20 points or more below that of all calls' : '') +
		row(dataTable(`<tr>${head.join('')}</tr>${rows.join('')}`)) +
		moreRow(places.length - rows.length)
	);
}

/** The currency is in the head of the column if there is only one. */
function costsHtml({ costs }: Tally, currency: string | null): string {
	const list = costs?.list() ?? [];
	if (list.length === 0) return costs?.total === 0 ? '0.00' : UNKNOWN;
	return list
		.map(({ currency: name, cost }) => `${formatAmount(cost)}${currency ? '' : ` ${escapeHtml(name)}`}`)
		.join('<br>');
}

function countsHtml(
	title: string,
	lines: Array<{ name: string | null; count: number }>,
	{ topN, total }: { topN: number; total: number },
): string {
	if (lines.length === 0) return '';
	const most = Math.max(...lines.map(({ count }) => count));
	const rows = lines
		.slice(0, topN)
		.map(({ name, count }) => lineHtml(nameHtml(name), barHtml([{ share: count / most, color: COLORS.failed }]), formatCount(count))); // prettier-ignore
	return heading(title, 'failed calls') + row(layoutTable(rows.join(''))) + moreRow(total - rows.length);
}

function barOf({ calls, answered }: Tally, most: number): string {
	return barHtml([
		{ share: answered / most, color: COLORS.answered },
		{ share: (calls - answered) / most, color: COLORS.unanswered },
	]);
}

function trendText({ calls, asr }: Tally): string {
	return calls === 0 ? '0' : `${formatCount(calls)} · ${formatShare(asr)}`;
}

function cardHtml({ name, value, change }: OverviewFigure): string {
	const tone = change?.isWorse ? 'worse' : 'muted';
	const lines = [
		text(name, { size: 12, color: 'muted' }),
		text(escapeHtml(value), { size: value.length > 12 ? 16 : 22, color: 'ink', isBold: true }),
		...(change ? [text(change.text, { size: 12, color: tone })] : []),
	];
	return `<td class="line" width="50%" valign="top" style="width:50%;padding:12px 14px;border:1px solid ${COLORS.line}">${lines.join('<br>')}</td>`;
}

interface TextStyle {
	size: number;
	color: 'ink' | 'muted' | 'worse';
	isBold?: boolean;
}

function text(html: string, { size, color, isBold = false }: TextStyle): string {
	const font = `${isBold ? 'bold ' : ''}${size}px/${Math.round(size * 1.4)}px ${FONT}`;
	return `<span class="${color}" style="font:${font};color:${COLORS[color]}">${html}</span>`;
}

/** A name, its bar, and its figure as text. */
function lineHtml(name: string, bar: string, figure: string): string {
	const cell = (html: string, color: 'ink' | 'muted', attributes: string) =>
		`<td class="${color}" ${attributes} style="${PADDING};font:13px/18px ${FONT};color:${COLORS[color]}">${html}</td>`;
	return `<tr>${cell(name, 'ink', 'width="30%"')}<td width="50%" style="padding:4px 8px">${bar}</td>${cell(unbroken(figure), 'muted', 'align="right"')}</tr>`;
}

function shadeCell({ calls, asr }: Tally): string {
	if (calls === 0) return `<td class="track line" bgcolor="${COLORS.track}" style="background:${COLORS.track};border:1px solid ${COLORS.paper}">&nbsp;</td>`; // prettier-ignore
	const shade = SHADES[Math.round((asr ?? 0) * (SHADES.length - 1))];
	const figure = asr === null ? UNKNOWN : String(Math.round(asr * 100));
	return `<td class="line" align="center" bgcolor="${shade}" style="background:${shade};border:1px solid ${COLORS.paper}">${figure}</td>`;
}

function dataTable(rows: string): string {
	return `<table width="100%" cellpadding="0" cellspacing="0" border="0" style="width:100%;border-collapse:collapse;font:11px/16px ${FONT};color:${COLORS.ink}">${rows}</table>`;
}

function headCell(html: string, align: string): string {
	return `<th class="muted line" scope="col" align="${align}" style="padding:4px;border-bottom:1px solid ${COLORS.line};font:12px/16px ${FONT};color:${COLORS.muted}">${html}</th>`;
}

function textCell(html: string, { isMuted = false } = {}): string {
	const color = isMuted ? 'muted' : 'ink';
	const border = isMuted ? '' : `;border-bottom:1px solid ${COLORS.line}`;
	return `<td class="${color} line" style="padding:${isMuted ? 1 : 5}px 4px${border};font:13px/18px ${FONT};color:${COLORS[color]}">${html}</td>`;
}

function numberCell(html: string, isLow = false): string {
	const color = isLow ? 'worse' : 'ink';
	return `<td class="${color} line" align="right" style="padding:5px 4px;border-bottom:1px solid ${COLORS.line};font:13px/18px ${FONT};color:${COLORS[color]}">${unbroken(html)}</td>`;
}

/** On one line, also on a phone. */
function unbroken(html: string): string {
	return html.replace(/ /g, '&nbsp;');
}

function heading(title: string, explanation: string): string {
	const small = explanation && ` ${text(explanation, { size: 12, color: 'muted' })}`;
	return row(text(title, { size: 15, color: 'ink', isBold: true }) + small, '24px 0 8px');
}

/** A square in the color of a bar. */
function legend(color: string): string {
	return `<span style="color:${color}">■</span>`;
}

function smallText(html: string): string {
	return text(html, { size: 13, color: 'muted' });
}

function moreRow(count: number): string {
	return count > 0 ? row(text(`and ${formatCount(count)} more`, { size: 12, color: 'muted' }), '4px 0') : '';
}

function row(html: string, padding = '4px 0'): string {
	return `<tr><td style="padding:${padding}">${html}</td></tr>`;
}
