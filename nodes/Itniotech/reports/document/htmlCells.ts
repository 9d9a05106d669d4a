import { cutText } from '../../records/output/text';

/**
 * Pieces of HTML that every mail program shows: tables, and colors both as attribute and as style, since Outlook for
 * Windows reads only the attribute. Classes are for dark mode alone; a mail program that drops them shows the light colors.
 */

export const FONT = 'Arial,sans-serif';
/** Blue and orange, which the color-blind can tell apart, at 3:1 against the light and the dark paper. */
export const BAR_COLORS = { answered: '#3b82f6', failed: '#d97706' };
export const COLORS = {
	ink: '#1f2937',
	muted: '#5b6472',
	worse: '#b45309',
	paper: '#ffffff',
	line: '#e5e7eb',
};
/** On a ground that is light in dark mode, too. */
const INK_ON_SHADE = COLORS.ink;
export const DARK_COLORS = {
	ink: '#f3f4f6',
	muted: '#b6bfcc',
	worse: '#fbbf24',
	paper: '#111827',
	line: '#374151',
} satisfies typeof COLORS;
/** Mail programs that follow the dark mode of the system take these, others invert the light colors. */
export const DARK_RULES = [
	...(['ink', 'muted', 'worse'] as const).map((name) => `.${name}{color:${DARK_COLORS[name]}!important}`),
	`.paper{background-color:${DARK_COLORS.paper}!important}`,
	`.line{border-color:${DARK_COLORS.line}!important}`,
].join('');

/** What an element looks like. Fonts and colors of text are inherited by the cells of a table. */
export interface Style {
	color?: 'ink' | 'muted' | 'worse' | 'onShade';
	/** The background, if it differs from the page's. */
	ground?: string;
	/** In pixels; the line height follows. */
	size?: number;
	isBold?: boolean;
	/** As in CSS, e.g. `4px 0`. */
	padding?: string;
	width?: string;
	/** In pixels, where `width` is `100%`. */
	maxWidth?: number;
	margin?: string;
	align?: 'left' | 'right' | 'center';
	isAtTop?: boolean;
	/** Around it, or above each row of a table. */
	line?: 'box' | 'above';
	isCollapsed?: boolean;
	/** Long names break, and none widens a table beyond a phone. */
	isName?: boolean;
}

/** The only way to a style attribute: classes for dark mode, attributes for Outlook, and the style for all others. */
export function attributesOf(style: Style): string {
	const { color, ground, width, align, isAtTop, line, isName } = style;
	const isPaper = ground === COLORS.paper;
	const classes = [color !== 'onShade' && color, isPaper && 'paper', line && 'line']
		.filter(Boolean)
		.join(' ');
	const attributes = {
		class: classes,
		dir: isName && 'auto',
		align: align ?? (isName && 'left'),
		width,
		valign: isAtTop && 'top',
		bgcolor: ground,
		style: cssOf(style),
	};
	return Object.entries(attributes)
		.map(([name, value]) => (value ? ` ${name}="${value}"` : ''))
		.join('');
}

function cssOf(style: Style): string {
	const { color, ground, size, isBold, padding, margin, width, maxWidth, line, isCollapsed, isName } = style;
	return [
		width && `width:${width}`,
		maxWidth && `max-width:${maxWidth}px`,
		margin && `margin:${margin}`,
		padding && `padding:${padding}`,
		ground && `background-color:${ground}`,
		isCollapsed && 'border-collapse:collapse',
		line && `border${line === 'above' ? '-top' : ''}:1px solid ${COLORS.line}`,
		size && `font:${isBold ? 'bold ' : ''}${size}px/${Math.round(size * 1.4)}px ${FONT}`,
		isBold === false && 'font-weight:normal',
		color && `color:${color === 'onShade' ? INK_ON_SHADE : COLORS[color]}`,
		isName && 'word-break:break-word',
	]
		.filter(Boolean)
		.join(';');
}

/** A cell of any table: of a value, or the head of its column or row. */
export function cell(html: string, style: Style = {}, headOf?: 'column' | 'row'): string {
	const tag = headOf ? 'th' : 'td';
	const isBold = headOf && !style.size ? false : style.isBold;
	const scope = headOf === 'column' ? 'col' : headOf;
	return `<${tag}${scope ? ` scope="${scope}"` : ''}${attributesOf({ ...style, isBold })}>${html}</${tag}>`;
}

export function tableRow(cells: string[], style: Style = {}): string {
	return `<tr${attributesOf(style)}>${cells.join('')}</tr>`;
}

/** With figures, whose cells screen readers announce with the heads of their column and row. */
export function dataTable(rows: string[], style: Style, cellPadding: number): string {
	return tableTag(` cellpadding="${cellPadding}"`, rows, { ...style, width: '100%', isCollapsed: true });
}

/** For layout, which screen readers do not announce. */
export function layoutTable(rows: string[], style: Style = {}): string {
	return tableTag(' role="presentation" cellpadding="0"', rows, {
		...style,
		width: '100%',
		isCollapsed: true,
	});
}

function tableTag(attributes: string, rows: string[], style: Style): string {
	return `<table${attributes} cellspacing="0" border="0"${attributesOf(style)}>${rows.join('')}</table>`;
}

export function textIn(html: string, style: Style): string {
	return `<span${attributesOf(style)}>${html}</span>`;
}

interface Bar {
	/** 0 to 1. */
	share: number;
	color: string;
}

/** Bars side by side, and the rest of the line. A cell of no width would show as a sliver in some mail programs. */
export function barHtml(bars: Bar[]): string {
	let rest = 100;
	const cells = bars.map(({ share, color }) => {
		const width = share > 0 ? Math.min(rest, Math.max(1, Math.round(share * 100))) : 0;
		rest -= width;
		return width === 0 ? '' : cell('&nbsp;', { width: `${width}%`, ground: color });
	});
	if (rest > 0) cells.push(cell('&nbsp;', { width: `${rest}%` }));
	return layoutTable([tableRow(cells)], { size: 8 });
}

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

/** A name out of a record, short enough for a phone. */
export function nameHtml(name: string | null): string {
	return escapeHtml(cutText(name ?? 'unknown', MAX_NAME_LENGTH)).replace(/\(/g, '<wbr>(');
}

/** On one line, also on a phone. */
export function unbroken(text: string): string {
	return escapeHtml(text).replace(/ /g, '&nbsp;');
}
