import { formatCount } from './format';
import type { CallReport } from './callReport';
import { notesOf, overviewOf, periodOf, type ReportLayout } from './overview';
import { COLORS, DARK_RULES, escapeHtml, FONT } from './htmlCells';
import { SECTION_HTML } from './htmlSections';

/** Gmail cuts a mail at 102 KB of its encoded source. */
export const MAX_BYTES = 90_000;
const MAX_TITLE_LENGTH = 100;
const RULES =
	'ASR: answered of all ended calls. NER: of all ended calls, those that were answered, rang, or ended with 480, 486, 600 or 603.';

/**
 * The report as a document for a mail and for a browser: tables with inline styles, nothing from outside. Sections show
 * fewer lines where it would become larger than mail programs show.
 */
export function htmlOf(report: CallReport, layout: ReportLayout): string {
	for (let { topN } = layout; ; topN = Math.floor(topN * 0.7)) {
		const html = pageOf(report, { ...layout, topN });
		if (Buffer.byteLength(html) <= MAX_BYTES || topN === 0) return html;
	}
}

function pageOf(report: CallReport, layout: ReportLayout): string {
	const title = escapeHtml([...layout.title].slice(0, MAX_TITLE_LENGTH).join(''));
	const body =
		report.total.calls === 0
			? paragraph('No calls in this time.', 15) + callsBefore(report)
			: layout.sections.map((section) => SECTION_HTML[section](report, layout)).join('');
	const footer = [...notesOf(report), RULES, 'Made by n8n-nodes-itniotech'].map(escapeHtml).join(' · ');
	return [
		'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">',
		'<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">',
		'<meta name="format-detection" content="telephone=no,date=no,address=no,email=no">',
		`<title>${title}</title><style>@media (prefers-color-scheme:dark){${DARK_RULES}}</style></head>`,
		`<body class="paper" style="margin:0;padding:0;background-color:${COLORS.paper}">`,
		`<table class="paper" role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="${COLORS.paper}" style="background-color:${COLORS.paper}"><tr><td align="center" style="padding:12px">`,
		'<table role="presentation" width="640" cellpadding="0" cellspacing="0" border="0" align="center" style="width:100%;max-width:640px;text-align:left">',
		`<tr><td class="ink" style="font:bold 20px/26px ${FONT};color:${COLORS.ink}"><span dir="auto">${title}</span></td></tr>`,
		paragraph(escapeHtml(periodOf(report, layout)), 13, 'muted'),
		body,
		paragraph(footer, 11, 'muted', '22px 0 0'),
		'</table></td></tr></table></body></html>',
	].join('');
}

function callsBefore(report: CallReport): string {
	const { earlierTotal } = report;
	const [calls] = overviewOf(report);
	return calls.change && earlierTotal
		? paragraph(`Calls before: ${formatCount(earlierTotal.calls)}`, 13)
		: '';
}

function paragraph(
	html: string,
	size: number,
	color: 'ink' | 'muted' = 'ink',
	padding = '2px 0 10px',
): string {
	return `<tr><td class="${color}" style="padding:${padding};font:${size}px/${Math.round(size * 1.4)}px ${FONT};color:${COLORS[color]}">${html}</td></tr>`;
}
