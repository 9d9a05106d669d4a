import fc from 'fast-check';
import { parse, type ParserError } from 'parse5';
import { CallReport } from '../../../../nodes/Itniotech/reports/document/callReport';
import { BAR_COLORS, COLORS, DARK_COLORS } from '../../../../nodes/Itniotech/reports/document/htmlCells';
import { SHADES } from '../../../../nodes/Itniotech/reports/document/htmlSections';
import { share } from '../../../support/runs';
import { DAY_S } from '../../../support/times';
import { call, failedCall, LAYOUT, many, reportOf } from './support';

/** 102 KB, where Gmail cuts a mail. */
const MAX_BYTES = 104_448;

/** As RFC 2045 has it: lines of at most 76 characters, `=` and what is not ASCII in three. */
function quotedPrintable(html: string): string {
	const lines = [''];
	for (const byte of Buffer.from(html)) {
		const isPlain = byte >= 32 && byte <= 126 && byte !== 61;
		const text = isPlain ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
		if (lines[lines.length - 1].length + text.length > 75) lines.push('');
		lines[lines.length - 1] += text;
	}
	return lines.join('=\r\n');
}

function parseErrors(html: string): string[] {
	const errors: ParserError[] = [];
	parse(html, { onParseError: (error) => errors.push(error) });
	return errors.map(({ code }) => code);
}

const WORDS: Record<string, string> = {
	Latin: 'Buenos Aires Movistar ',
	CJK: '中国北京移动通信集团公司',
	emoji: '😀🎉',
	ampersands: '&<"',
};

/** 300 areas, 90 reasons and 400 numbers, all day and night. */
function crowded(word: string, days: number, length = 40) {
	const name = (index: number) => `${index}${word.repeat(length)}`.slice(0, length);
	return many(1200, (index) => {
		const fields = {
			code: `${name(index % 60)}(${name(index % 300)})`,
			callee: `1555${String(index % 400).padStart(4, '0')}`,
			currency: ['USD', 'EUR', name(index % 20)][index % 3],
			terminationReason: name(index % 90),
		};
		const atS = Math.floor((index / 1200) * days * DAY_S);
		return index % 4 === 0 ? call(fields, atS) : failedCall({ ...fields, cost: '0.1234' }, atS);
	});
}

describe('the mail is not cut, and well formed', () => {
	const kinds = Object.keys(WORDS);
	const given = fc.record({
		kind: fc.constantFrom(...kinds),
		days: fc.constantFrom(1 / 24, 1, 2, 7, 31, 61),
		topN: fc.constantFrom(1, 25, 60, 300, 1000),
		length: fc.constantFrom(15, 40, 100),
		titleLength: fc.constantFrom(1, 1000),
	});
	test('whatever there is in it, and however many rows are asked for', () => {
		fc.assert(
			fc.property(given, ({ kind, days, topN, length, titleLength }) => {
				const title = WORDS[kind].repeat(titleLength);
				const { html, text } = reportOf(crowded(WORDS[kind], days, length), {
					days,
					layout: { topN, title },
				});
				expect(quotedPrintable(html).length).toBeLessThan(MAX_BYTES);
				expect(parseErrors(html)).toEqual([]);
				expect(html).toMatch(/<\/table><!--\[if mso\]><\/td><\/tr><\/table><!\[endif\]--><\/td><\/tr><\/table><\/body><\/html>$/); // prettier-ignore
				expect(text.length).toBeLessThanOrEqual(2900);
			}),
			{ numRuns: 60 },
		);
	});

	const rowsIn = (html: string) => (html.match(/<tr/g) ?? []).length;
	test.each(share(kinds))('more rows asked for never shows fewer: %s', (kind) => {
		const records = crowded(WORDS[kind], 7);
		const pages = [10, 30, 60, 100, 300, 1000].map((topN) => reportOf(records, { days: 7, layout: { topN } }).html); // prettier-ignore
		const rows = pages.map(rowsIn);
		expect(quotedPrintable(pages[pages.length - 1]).length).toBeLessThan(MAX_BYTES);
		expect(rows).toEqual([...rows].sort((a, b) => a - b));
		// What is left out is said.
		for (const html of pages) expect(html).toMatch(/and [\d,]+ more/);
	});

	test('a month shows the 25 rows of each section', () => {
		const { html } = reportOf(crowded(WORDS.Latin, 31, 20), { days: 31, layout: { topN: 25 } });
		for (const left of [60 - 25, 300 - 25, 90 - 25, 300 - 25]) expect(html).toContain(`and ${left} more`);
	});
});

test('the HTML loads nothing, runs nothing, and shows records as text', () => {
	const evil = `<script>alert(1)</script><img src=x onerror=alert(1)>"'\u202e\u2066javascript:`;
	const fields = { code: evil, callee: evil, terminationReason: evil, currency: evil };
	const { html } = reportOf([failedCall(fields), failedCall(fields)], { layout: { title: evil } });
	expect(html).not.toMatch(
		/<(script|img|svg|link|iframe|a|object|form)\b|https?:|url\(|@import|[\u202a-\u202e\u2066-\u2069]/i,
	);
	// No attribute begins within a value.
	expect(html).not.toMatch(/<[^>]*onerror/);
	expect(parseErrors(html)).toEqual([]);
});

test('no bar has no width, and none is beside a full one', () => {
	const { html } = reportOf([call(), failedCall({}, 3600)]);
	expect(html).not.toMatch(/width="0%"/);
	const bars = [...html.matchAll(/<tr>((?:<td[^>]*width="\d+%"[^>]*>&nbsp;<\/td>)+)<\/tr>/g)];
	expect(bars.length).toBeGreaterThan(2);
	for (const [, row] of bars) {
		const widths = [...row.matchAll(/ width="(\d+)%"/g)].map(([, width]) => Number(width));
		expect(widths.reduce((sum, width) => sum + width, 0)).toBe(100);
	}
});

describe('Outlook for Windows', () => {
	const { html } = reportOf([call(), failedCall({}, 3600)]);

	test('has a table of a fixed width, and each width and color as an attribute', () => {
		expect(html).toMatch(/<!--\[if mso\]><table role="presentation" align="center" width="640"/);
		for (const [tag] of html.matchAll(/<(?:td|th|table)\b[^>]*style="(?:[^"]*;)?width:[^>]*>/g)) {
			expect(tag).toMatch(/ width="\d+%"/);
		}
		for (const [tag] of html.matchAll(/<(?:td|th|table)\b[^>]*background-color:[^>]*>/g)) {
			expect(tag).toMatch(/ bgcolor="#/);
		}
	});
});

describe('the colors', () => {
	const luminance = (color: string) => {
		const [r, g, b] = [1, 3, 5]
			.map((at) => parseInt(color.slice(at, at + 2), 16) / 255)
			.map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	const contrast = (a: string, b: string) => {
		const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
		return (light + 0.05) / (dark + 0.05);
	};

	test.each(Object.entries(BAR_COLORS))('of the bar %s stands out by 3:1 in light and dark', (_, color) => {
		for (const { paper } of [COLORS, DARK_COLORS]) expect(contrast(color, paper)).toBeGreaterThanOrEqual(3);
	});

	test('of all text can be read, by 4.5:1', () => {
		for (const { paper, ink, muted, worse } of [COLORS, DARK_COLORS]) {
			for (const color of [ink, muted, worse]) expect(contrast(color, paper)).toBeGreaterThanOrEqual(4.5);
		}
		for (const shade of SHADES) expect(contrast(COLORS.ink, shade)).toBeGreaterThanOrEqual(4.5);
	});
});

test('an hour that occurs twice has its offset in its label, others have none', () => {
	expect(reportOf([call()], { zone: 'America/New_York', days: 1 }).html).not.toMatch(/-0[45]:00/);
	const clocksBack = new CallReport(
		{ fromS: Date.parse('2026-11-01T04:00:00Z') / 1000, toS: Date.parse('2026-11-02T04:59:59Z') / 1000 },
		'America/New_York',
		LAYOUT,
	);
	clocksBack.add(call({ submitTime: '2026-11-01T06:30:00Z' }));
	const labels = clocksBack.hourly.trend().lines.map(({ label }) => label);
	expect(labels.slice(0, 4)).toEqual(['00:00', '01:00 -04:00', '01:00 -05:00', '02:00']);
});

test('the chat text has no mark-up out of records, and is short enough for every chat', () => {
	const word = fc.string({ unit: 'grapheme', maxLength: 300 }).map((text) => `${text}_*[\`<!channel>`);
	const record = fc.record({ code: word, callee: word, terminationReason: word, currency: word });
	fc.assert(
		fc.property(fc.array(record, { minLength: 1, maxLength: 40 }), word, (records, title) => {
			const given = records.map((fields) => failedCall(fields));
			const { text, subject } = reportOf(given, { zone: 'America/New_York', layout: { title, topN: 50 } });
			expect(text).not.toMatch(/[_*[`<]/);
			expect(subject).not.toMatch(/[_*[`<\n]/);
			expect(text.length).toBeLessThanOrEqual(2900);
			// Half a character cannot be encoded.
			expect(() => encodeURIComponent(text)).not.toThrow();
		}),
		{ numRuns: 100 },
	);
});
