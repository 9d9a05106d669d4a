/**
 * Pieces of HTML that every mail program shows: tables, and colors both as attribute and as style, since Outlook for
 * Windows reads only the attribute. Classes are for dark mode alone; a mail program that drops them shows the light colors.
 */

export const FONT = 'Arial,sans-serif';
/** Blue and orange, which the color-blind can tell apart. Their text says the same. */
export const COLORS = {
	ink: '#1f2937',
	muted: '#5b6472',
	worse: '#b45309',
	paper: '#ffffff',
	line: '#e5e7eb',
	track: '#eef2f7',
	answered: '#2563eb',
	unanswered: '#93c5fd',
	failed: '#f59e0b',
};
/** Mail programs that follow the dark mode of the system take these, others invert the light colors. */
export const DARK_RULES = [
	'.paper{background-color:#111827!important}',
	'.ink{color:#f3f4f6!important}',
	'.muted{color:#b6bfcc!important}',
	'.worse{color:#fbbf24!important}',
	'.line{border-color:#374151!important}',
	'.track{background-color:#273244!important}',
].join('');

const MAX_NAME_LENGTH = 40;
/** Turn the direction of what follows them, also beyond their cell. */
const DIRECTION_MARKS = /[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/g;
const ESCAPES: Record<string, string> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};
const LONE_SURROGATES = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Text from outside, as text. */
export function escapeHtml(text: string): string {
	return text
		.replace(LONE_SURROGATES, '\ufffd')
		.replace(DIRECTION_MARKS, '')
		.replace(/[\p{Cc}\s]+/gu, ' ')
		.replace(/[&<>"']/g, (character) => ESCAPES[character]);
}

/** A name out of a record: short enough for a phone, in its own direction. */
export function nameHtml(name: string | null): string {
	const characters = [...(name ?? 'unknown')];
	const text =
		characters.slice(0, MAX_NAME_LENGTH).join('') + (characters.length > MAX_NAME_LENGTH ? '…' : '');
	const html = escapeHtml(text).replace(/\(/g, '<wbr>(');
	return `<span dir="auto" style="word-break:break-word">${html}</span>`;
}

/** A table for layout, which screen readers do not announce. */
export function layoutTable(rows: string): string {
	return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="width:100%;border-collapse:collapse">${rows}</table>`;
}

interface Bar {
	/** Of 1. */
	share: number;
	color: string;
}

/** Bars side by side, and the rest of the line. A cell of no width would show as a sliver in some mail programs. */
export function barHtml(bars: Bar[]): string {
	let rest = 100;
	const cells = bars.map(({ share, color }) => {
		const width = share > 0 ? Math.min(rest, Math.max(1, Math.round(share * 100))) : 0;
		rest -= width;
		return width === 0 ? '' : barCell(width, color);
	});
	return layoutTable(`<tr>${cells.join('')}${rest > 0 ? barCell(rest, COLORS.track, 'track') : ''}</tr>`);
}

function barCell(width: number, color: string, name?: string): string {
	const dark = name ? ` class="${name}"` : '';
	return `<td${dark} width="${width}%" bgcolor="${color}" style="width:${width}%;background:${color};font:1px/14px ${FONT}">&nbsp;</td>`;
}
