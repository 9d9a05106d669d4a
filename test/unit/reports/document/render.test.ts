import fc from 'fast-check';
import { parse, type ParserError } from 'parse5';
import type { WireRecord } from '../../../../nodes/Itniotech/api/types';
import { CallReport } from '../../../../nodes/Itniotech/reports/document/callReport';
import { htmlOf, MAX_BYTES } from '../../../../nodes/Itniotech/reports/document/htmlPage';
import { SECTION_NAMES, type ReportLayout } from '../../../../nodes/Itniotech/reports/document/overview';
import { subjectOf, textOf } from '../../../../nodes/Itniotech/reports/document/text';
import { runs } from '../../../support/runs';
import { DAY_S } from '../../../support/times';

const FROM_S = Date.parse('2026-11-19T16:00:00Z') / 1000;
const LAYOUT: ReportLayout = { title: 'Call Report', sections: SECTION_NAMES, topN: 10, shortCallSeconds: 6 };

interface Given {
	days?: number;
	zone?: string;
	layout?: Partial<ReportLayout>;
	/** `null`: not known. */
	earlier?: WireRecord[] | null;
}

function reportOf(records: WireRecord[], { days = 1, zone = 'Asia/Singapore', layout, earlier }: Given = {}) {
	const report = new CallReport({ fromS: FROM_S, toS: FROM_S + days * DAY_S - 1 }, zone, LAYOUT);
	for (const record of records) report.add(record);
	if (earlier !== undefined) {
		const summary = earlier && report.createEarlier((seconds) => seconds);
		for (const record of earlier ?? []) summary!.add(record);
		report.compareWith(summary);
	}
	const whole = { ...LAYOUT, ...layout };
	return { html: htmlOf(report, whole), text: textOf(report, whole), subject: subjectOf(report, whole) };
}

let nextId = 0;
function call(fields: Partial<WireRecord> = {}, atS = 0): WireRecord {
	const submitTime = new Date((FROM_S + atS) * 1000).toISOString();
	return {
		voiceId: String(nextId++),
		submitTime,
		terminationCode: '200',
		callDuration: 30,
		cost: '0.5',
		...fields,
	};
}
const many = (count: number, make: (index: number) => WireRecord) =>
	Array.from({ length: count }, (_, index) => make(index));

const visible = (html: string) =>
	html.replace(/<[^>]*>/g, ' ').replace(/&nbsp;/g, ' ').replace(/\s+/g, ' '); // prettier-ignore

function parseErrors(html: string): string[] {
	const errors: ParserError[] = [];
	parse(html, { onParseError: (error) => errors.push(error) });
	return errors.map(({ code }) => code);
}

describe('the report', () => {
	const records = [
		...many(6, () => call({ code: 'India(Delhi)', callee: '15550101' })),
		...many(2, () => call({ code: 'Kenya(Nairobi)', callee: '15550102', terminationCode: '486', terminationReason: 'Busy Here', cost: '0' })), // prettier-ignore
	];
	const earlier = [...many(3, () => call()), ...many(1, () => call({ terminationCode: '503', cost: '0' }))];

	test('has the figures, and how they changed, in its subject, text and HTML alike', () => {
		const { html, text, subject } = reportOf(records, {
			earlier,
			layout: { comparison: 'compared with before' },
		});
		expect(subject).toBe('Call Report, Fri 20 Nov 2026: 8 calls, 75.0 % answered, 3.00 USD');
		for (const output of [text, visible(html)]) {
			expect(output).toMatch(/^.*Call Report\s+Fri 20 Nov 2026 \(Asia\/Singapore\), compared with before/s);
			expect(output).toMatch(/Calls:?\s+8\s+▲ 100 % \(4\)/);
			expect(output).toMatch(/Answered \(ASR\):?\s+75\.0 %\s+unchanged \(75\.0 %\)/);
			expect(output).toMatch(/Network \(NER\):?\s+100\.0 %\s+▲ 25\.0 points \(75\.0 %\)/);
			expect(output).toMatch(/Cost:?\s+3\.00 USD\s+▲ 100 % \(1\.50\)/);
			expect(output).toMatch(/486 Busy Here:?\s+2/);
			expect(output).toMatch(/15550102:?\s+2/);
			expect(output).toMatch(/Kenya\s*\(Nairobi\):?\s+2/);
		}
	});

	test('says "new" against nothing, and nothing where the time before is not known', () => {
		expect(reportOf(records, { earlier: [] }).text).toMatch(
			/Calls: 8 {2}new\nAnswered \(ASR\): 75.0 % {2}new/,
		);
		expect(reportOf(records, { earlier: null }).text).toMatch(/Calls: 8\nAnswered \(ASR\): 75.0 %\n/);
	});

	test('says that there were no calls, without charts', () => {
		const { html, text, subject } = reportOf([], { earlier });
		expect(subject).toBe('Call Report, Fri 20 Nov 2026: no calls');
		expect(text).toMatch(/No calls in this time\nCalls before: 4$/);
		expect(visible(html)).toMatch(/No calls in this time\. Calls before: 4/);
		expect(html).not.toMatch(/By hour|<th/);
	});

	test('keeps currencies apart, and says what is not billed yet', () => {
		const mixed = [call({ cost: '1.5' }), call({ cost: '2', currency: 'EUR' }), call({ cost: null })];
		const { html, text, subject } = reportOf(mixed);
		for (const output of [text, visible(html)]) {
			expect(output).toMatch(/Cost:?\s+2\.00 EUR, 1\.50 USD/);
			expect(output).toMatch(/1 call is not billed yet and not in the cost/);
		}
		expect(subject).toMatch(/2\.00 EUR, 1\.50 USD$/);
	});

	test.each([
		[['failures'], /486 Busy Here/, /India|15550102|ASR\)/],
		[['countries'], /India/, /486 Busy|15550102|Delhi/],
		[['numbers', 'overview'], /15550102.*Calls/s, /486 Busy|India/],
	] as Array<[ReportLayout['sections'], RegExp, RegExp]>)(
		'has only the sections %j',
		(sections, has, hasNot) => {
			const { html, text } = reportOf(records, { layout: { sections } });
			for (const output of [text, visible(html)]) {
				expect(output).toMatch(has);
				expect(output).not.toMatch(hasNot);
			}
		},
	);

	test('counts what it leaves out', () => {
		const areas = many(40, (index) => call({ code: `Country ${index}`, terminationCode: '486' }));
		const { html, text } = reportOf(areas, { layout: { topN: 7 } });
		expect(visible(html).match(/and 33 more/g)).toHaveLength(2);
		expect(text.match(/and 35 more/g)).toHaveLength(2);
	});

	test('marks an area that is answered far less, also without color', () => {
		const low = many(20, () => call({ code: 'Low', terminationCode: '486' }));
		const good = many(60, () => call({ code: 'Good' }));
		expect(visible(reportOf([...low, ...good]).html)).toMatch(/Low 20 ▼ 0\.0 %/);
	});
});

describe('the HTML', () => {
	test.each([1 / 24, 1, 2, 7, 31, 61])(
		'of %s days is below 90 KB and well formed, however much there is',
		(days) => {
			const hostile = (index: number) => `${'&<"€😀'.repeat(40)}${index}`;
			const records = many(600, (index) =>
				call(
					{
						code: `${hostile(index % 300)}(x)`,
						callee: hostile(index),
						terminationCode: index % 3 ? '486' : '200',
						terminationReason: hostile(index % 200),
						currency: hostile(index % 20),
					},
					Math.floor((index / 600) * days * DAY_S),
				),
			);
			const { html, text } = reportOf(records, { days, layout: { topN: 1000 } });
			expect(Buffer.byteLength(html)).toBeLessThanOrEqual(MAX_BYTES);
			expect(parseErrors(html)).toEqual([]);
			expect(html).toMatch(/<\/table><\/body><\/html>$/);
			expect(html).toMatch(/and [\d,]+ more/);
			expect(text.length).toBeLessThanOrEqual(2900);
		},
	);

	test('loads nothing, runs nothing, and shows records as text', () => {
		const evil = `<script>alert(1)</script><img src=x onerror=alert(1)>"'\u202e\u2066javascript:`;
		const fields = {
			code: evil,
			callee: evil,
			terminationReason: evil,
			currency: evil,
			terminationCode: '486',
		};
		const { html } = reportOf([call(fields)], { layout: { title: evil } });
		expect(html).not.toMatch(
			/<(script|img|svg|link|iframe|a|object|form)\b|https?:|url\(|@import|[\u202a-\u202e\u2066-\u2069]/i,
		);
		// No attribute begins within a value.
		expect(html).not.toMatch(/<[^>]*onerror/);
		expect(parseErrors(html)).toEqual([]);
	});

	test('has no bar of no width, and none beside a full one', () => {
		const { html } = reportOf([call(), call({ terminationCode: '486' }, 3600)]);
		expect(html).not.toMatch(/width="0%"/);
		for (const [, row] of html.matchAll(/<tr>((?:<td[^>]*width="\d+%"[^>]*>&nbsp;<\/td>)+)<\/tr>/g)) {
			const widths = [...row.matchAll(/ width="(\d+)%"/g)].map(([, width]) => Number(width));
			expect(widths.reduce((sum, width) => sum + width, 0)).toBe(100);
		}
	});

	test('labels an hour that occurs twice with its offset', () => {
		const { html } = reportOf([call()], { zone: 'America/New_York', days: 1 });
		expect(html).not.toMatch(/-0[45]:00/);
		const clocksBack = new CallReport(
			{ fromS: Date.parse('2026-11-01T04:00:00Z') / 1000, toS: Date.parse('2026-11-02T04:59:59Z') / 1000 },
			'America/New_York',
			LAYOUT,
		);
		clocksBack.add(call({ submitTime: '2026-11-01T06:30:00Z' }));
		const labels = clocksBack.hourly.trend().lines.map(({ label }) => label);
		expect(labels.slice(0, 4)).toEqual(['00:00', '01:00 -04:00', '01:00 -05:00', '02:00']);
	});
});

test('the text has no mark-up out of records, and is short enough for every chat', () => {
	const word = fc.string({ unit: 'grapheme', maxLength: 300 }).map((text) => `${text}_*[\`<!channel>`);
	const record = fc.record({ code: word, callee: word, terminationReason: word, currency: word });
	fc.assert(
		fc.property(fc.array(record, { minLength: 1, maxLength: 40 }), word, (records, title) => {
			const given = records.map((fields) => call({ ...fields, terminationCode: '486' }));
			const { text, subject } = reportOf(given, { zone: 'America/New_York', layout: { title, topN: 50 } });
			expect(text).not.toMatch(/[_*[`<]/);
			expect(subject).not.toMatch(/[_*[`<\n]/);
			expect(text.length).toBeLessThanOrEqual(2900);
			// Half a character cannot be encoded.
			expect(() => encodeURIComponent(text)).not.toThrow();
		}),
		{ numRuns: runs(100) },
	);
});
