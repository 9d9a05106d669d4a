import { cutText } from '../../records/output/text';
import type { CallReport } from './callReport';
import {
	attributesOf,
	cell,
	COLORS,
	DARK_RULES,
	escapeHtml,
	FONT,
	layoutTable,
	tableRow,
	type Style,
} from './htmlCells';
import { SECTION_HTML } from './htmlSections';
import type { SectionHtml } from './htmlTables';
import { answeredShare, endedCalls, overviewOf, type ReportLayout } from './overview';
import { notesOf, periodOf, sentenceOf } from './sentences';

/**
 * Gmail cuts a mail at 102 KB (104,448 bytes) of its source as it travels. The rest is for the mail's head and what
 * Send Email adds below.
 */
const MAX_ENCODED_BYTES = 100_000;
const MAX_TITLE_LENGTH = 100;
const WIDTH_PX = 640;
const ANSWERED_RULE = 'Answered: of all calls that were answered or failed (ASR)';
const NER_RULE =
	'NER: of all calls that have ended, those that were answered, rang, went to voicemail, or ended with 480, 486, 600 or 603';
const ARROWS_RULE = '▲ rose by, ▼ fell by; in brackets the figure before';

const PAGE_STYLES = {
	body: { ground: COLORS.paper, margin: '0' },
	page: { ground: COLORS.paper },
	margin: { padding: '12px' },
	column: { maxWidth: WIDTH_PX, margin: '0 auto' },
	period: { size: 13, color: 'muted', padding: '2px 0 8px' },
	sentence: { size: 16, color: 'ink', padding: '0 0 8px' },
	outage: { size: 22, isBold: true, color: 'worse', padding: '12px 0' },
	title: { size: 20, isBold: true, color: 'ink', margin: '0', isName: true },
	notes: { size: 13, color: 'muted', padding: '0 0 10px' },
	footer: { size: 11, color: 'muted', padding: '24px 0 0' },
} satisfies Record<string, Style>;

/**
 * The report as a document for a mail and for a browser: tables with inline styles, nothing from outside. Sections show
 * as many lines as a mail has room for; asking for more never shows fewer.
 */
export function htmlOf(report: CallReport, layout: ReportLayout): string {
	const pageWith = createPage(report, layout);
	const whole = pageWith(layout.topN);
	if (encodedBytes(whole) <= MAX_ENCODED_BYTES) return whole;
	let [fits, exceeds] = [0, layout.topN];
	while (exceeds - fits > 1) {
		const middle = Math.floor((fits + exceeds) / 2);
		if (encodedBytes(pageWith(middle)) <= MAX_ENCODED_BYTES) fits = middle;
		else exceeds = middle;
	}
	return pageWith(fits);
}

/** Quoted-printable, as mail programs send HTML: at most; a line has 73 bytes or more before its soft break. */
function encodedBytes(html: string): number {
	let encoded = 0;
	for (const byte of Buffer.from(html)) encoded += byte < 32 || byte > 126 || byte === 61 ? 3 : 1;
	return encoded + 3 * Math.ceil(encoded / 73);
}

function createPage(report: CallReport, layout: ReportLayout): SectionHtml {
	const title = escapeHtml(cutText(layout.title, MAX_TITLE_LENGTH));
	const sentence = `${escapeHtml(sentenceOf(report, layout))}.`;
	const notes = notesOf(report, layout).map(escapeHtml).join(' ');
	const isOutage = report.total.calls === 0;
	const sections = isOutage ? [] : layout.sections.map((section) => SECTION_HTML[section](report, layout));
	const head = [
		cell(`<h1${attributesOf(PAGE_STYLES.title)}>${title}</h1>`),
		cell(escapeHtml(periodOf(report, layout)), PAGE_STYLES.period),
		cell(sentence, isOutage ? PAGE_STYLES.outage : PAGE_STYLES.sentence),
		...(notes === '' ? [] : [cell(notes, PAGE_STYLES.notes)]),
	].map((one) => tableRow([one]));
	const foot = tableRow([cell(legendsOf(report, layout).map(escapeHtml).join(' · '), PAGE_STYLES.footer)]);
	return (maxLines) => {
		const column = columnHtml([...head, ...sections.map((section) => section(maxLines)), foot]);
		return [
			headHtml(title),
			`<body${attributesOf(PAGE_STYLES.body)}>${previewHtml(sentence)}`,
			layoutTable([tableRow([cell(column, PAGE_STYLES.margin)])], PAGE_STYLES.page),
			'</body></html>',
		].join('');
	};
}

function headHtml(title: string): string {
	return [
		'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">',
		'<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">',
		'<meta name="format-detection" content="telephone=no,date=no,address=no,email=no">',
		`<title>${title}</title><style>@media (prefers-color-scheme:dark){${DARK_RULES}}</style>`,
		// Outlook for Windows does not inherit fonts into cells.
		`<!--[if mso]><style>td,th{font-family:${FONT}}</style><![endif]--></head>`,
	].join('');
}

/** What an inbox shows beside the subject, without what comes first in the mail. */
function previewHtml(sentence: string): string {
	return `<div style="display:none;max-height:0;overflow:hidden">${sentence}${'&nbsp;&zwnj;'.repeat(40)}</div>`;
}

/** Outlook for Windows knows no greatest width, and gets a table of a fixed one. */
function columnHtml(rows: string[]): string {
	const fixed = `<!--[if mso]><table role="presentation" align="center" width="${WIDTH_PX}" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->`;
	return `${fixed}${layoutTable(rows, PAGE_STYLES.column)}<!--[if mso]></td></tr></table><![endif]-->`;
}

/** The terms and marks that occur, each explained. */
function legendsOf(report: CallReport, layout: ReportLayout): string[] {
	const { total } = report;
	const hasOverview = layout.sections.includes('overview') && total.calls > 0;
	const hasArrows =
		hasOverview && overviewOf(report, layout).some(({ change }) => /[▲▼]/.test(change?.text ?? ''));
	return [
		...(answeredShare(total).whole > 0 ? [ANSWERED_RULE] : []),
		...(hasOverview && endedCalls(total) > 0 ? [NER_RULE] : []),
		...(hasArrows ? [ARROWS_RULE] : []),
		'Made by n8n-nodes-itniotech',
	];
}
