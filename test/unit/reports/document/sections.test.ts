import type { WireRecord } from '../../../../nodes/Itniotech/api/types';
import type { ReportLayout, SectionName } from '../../../../nodes/Itniotech/reports/document/overview';
import { DAY_S } from '../../../support/times';
import { call, failedCall, many, reportOf, visible, type Given } from './support';

const sectionOf = (section: SectionName, records: WireRecord[], { layout, ...given }: Given = {}) => {
	const { html, text } = reportOf(records, { ...given, layout: { ...layout, sections: [section] } });
	return { html, seen: visible(html), text };
};
const dayOfCalls = (count: number, day: number, make = call) =>
	many(count, (index) => make({}, day * DAY_S + (index % 24) * 3600));

describe('a mark has its legend, and no legend is without its mark', () => {
	const low = (code = 'Low') => many(20, () => failedCall({ code }));
	const good = many(60, () => call({ code: 'Good' }));
	const legends: Array<[string, SectionName, RegExp, RegExp, Array<[WireRecord[], Given?]>]> = [
		['low', 'countries', /low&nbsp;\d/, /low: 20 points or more below the \d/, [
			[[...low(), ...good]],
			[good],
			// Too few calls, and a name that looks like a mark.
			[[...low().slice(1), ...good]],
			[[...many(5, () => failedCall({ code: 'low 5' })), ...good], { layout: { topN: 1 } }],
			[[...many(39, (index) => call({ code: `C${index}` })), ...good, ...low()], { layout: { topN: 40 } }],
			[[...many(39, (index) => call({ code: `C${index}` })), ...good, ...low()], { layout: { topN: 1 } }],
		]],
		['▲', 'overview', /[▲▼] \d/, /▲ rose by, ▼ fell by; in brackets the figure before/, [
			[good],
			[good, { earlier: low() }],
			[good, { earlier: good }],
			[good, { earlier: [] }],
			[[], { earlier: good }],
		]],
		['blue', 'trend', /bgcolor="#3b82f6"/, /■<\/span> answered/, [[good], [low()], [[...good, ...low()]]]],
		['orange', 'trend', /bgcolor="#d97706"/, /■<\/span> not answered/, [[good], [low()], [[...good, ...low()]]]],
		['shades', 'heatMap', /bgcolor="#(?!ffffff)/, /■<\/span> none to <span[^>]*>■<\/span> all/, [
			[dayOfCalls(240, 0), { days: 3 }],
			[dayOfCalls(24, 0), { days: 3 }],
		]],
		['no color', 'heatMap', /align="center"[^>]*style="color:#5b6472">\d/, /no color: fewer than 10 calls/, [
			[[...dayOfCalls(240, 0), ...dayOfCalls(24, 1)], { days: 3 }],
			[dayOfCalls(240, 0), { days: 3 }],
		]],
		['NER', 'overview', /Network \(NER\) \d/, /NER: of all calls that have ended/, [
			[good],
			[[call({ terminationCode: null })]],
			[[]],
		]],
	]; // prettier-ignore

	test.each(legends)('%s in the section %s', (_, section, mark, legend, inputs) => {
		const found = inputs.map(([records, given]) => {
			const { html } = sectionOf(section, records, given);
			expect([html, legend.test(html)]).toEqual([html, mark.test(html)]);
			return mark.test(html);
		});
		// Both directions were tried.
		expect(new Set(found)).toEqual(
			new Set([true, ...(section === 'trend' || inputs.length > 1 ? [false] : [])]),
		);
	});

	test('low begins at exactly 20 points', () => {
		const place = (name: string, answered: number, failed: number) => [
			...many(answered, () => call({ code: name })),
			...many(failed, () => failedCall({ code: name })),
		];
		const at = [...place('Others', 32, 8), ...place('Low', 10, 10)];
		expect(sectionOf('countries', at).seen).toMatch(/20 points or more below the 70\.0% .* low 50\.0%/);
		expect(sectionOf('countries', [...at, ...place('Low', 1, 0)]).seen).not.toMatch(/low/);
	});

	test('▼ means that a figure fell, and nothing else', () => {
		const { html } = reportOf([...low(), ...good]);
		expect(html).not.toMatch(/[▲▼]/);
	});
});

describe('countries and areas', () => {
	test('say how many calls failed, the most first', () => {
		const records = [
			...many(3, () => failedCall({ code: 'India(A)' })),
			...many(5, () => failedCall({ code: 'India(B)' })),
			...many(9, () => call({ code: 'India(C)' })),
		];
		const { seen, html } = sectionOf('areas', records);
		expect(seen).toMatch(
			/Area Calls Failed Answered Cost \(USD\) India \(B\) 5 5 0% 0\.00 India \(A\) 3 3 0% 0\.00 Answered:/,
		);
		expect(html).toMatch(/<th scope="col"[^>]*>Failed<\/th>/);
		expect(html).toMatch(/<th scope="row"[^>]*>India<wbr>\(B\)<\/th>/);
	});

	test('are shown once where they are the same', () => {
		const plain = [...many(3, () => failedCall({ code: 'India' })), call({ code: 'Kenya' })];
		expect(visible(reportOf(plain).html)).not.toMatch(/Areas with/);
		expect(reportOf(plain).text).not.toMatch(/Areas with/);
		expect(sectionOf('areas', plain).seen).toMatch(/Areas with/);
		expect(visible(reportOf([...plain, call({ code: 'Kenya(Nairobi)' })]).html)).toMatch(/Areas with/);
	});

	test('say of each cost what is missing', () => {
		const records = [
			call({ code: 'Part', cost: '2' }),
			call({ code: 'Part', cost: null }),
			call({ code: 'Unknown', cost: null }),
			call({ code: 'Whole', cost: '3' }),
			failedCall({ code: 'Free' }),
		];
		const { seen } = sectionOf('countries', records);
		expect(seen).toMatch(/Part 2 0 100% 2\.00 so far/);
		expect(seen).toMatch(/Unknown 1 0 100% not known yet/);
		expect(seen).toMatch(/Whole 1 0 100% 3\.00 Free 1 1 0% 0\.00|Free 1 1 0% 0\.00/);
	});
});

test('numbers are those that failed twice or more; else the section is left out', () => {
	const numbers = (...callees: string[]) => callees.map((callee) => failedCall({ callee }));
	const { seen, text } = sectionOf('numbers', numbers('15550101', '15550101', '15550102', '+1 555 0103', '0015550103')); // prettier-ignore
	for (const output of [seen, text]) {
		expect(output).toMatch(/15550101:? 2/);
		expect(output).toMatch(/15550103:? 2/);
		expect(output).not.toMatch(/15550102|more/);
	}
	for (const output of Object.values(sectionOf('numbers', numbers('15550101', '15550102')))) {
		expect(output).not.toMatch(/Numbers with/);
	}
});

test.each([
	[{ terminationCode: '487', terminationReason: '' }, /487 not picked up in time/],
	[{ terminationCode: '487', terminationReason: 'Request Terminated' }, /487 Request Terminated not picked up in time/], // prettier-ignore
	[{ terminationCode: '999', terminationReason: 'Odd' }, /999 Odd/],
	[{ terminationCode: '999', terminationReason: '' }, /failed calls 999 2/],
	[
		{ terminationCode: null, terminationReason: '', hangupTime: '2026-11-19T16:00:09Z' },
		/failed calls unknown 2/,
	],
])('the reason %j has plain words beside its code', (fields, words) => {
	expect(sectionOf('failures', [failedCall(fields), failedCall(fields)]).seen).toMatch(words);
});

test('the cost of a place whose calls have not ended is not known yet', () => {
	const open = many(3, () => call({ code: 'Kenya', terminationCode: null, cost: null }));
	expect(sectionOf('countries', [...open, call({ code: 'Peru' })]).seen).toContain('Kenya 3 0 – not known yet Peru 1 0 100% 0.50');
	expect(sectionOf('countries', [...open, call({ code: 'Kenya' })]).seen).toContain('Kenya 4 0 100% 0.50 so far');
}); // prettier-ignore

describe('the trend', () => {
	test('has a line for each hour, and one for a quiet night', () => {
		const { seen } = sectionOf('trend', [call({}, 9 * 3600), call({}, 10 * 3600), failedCall({}, 12 * 3600)]);
		expect(seen).toMatch(
			/By hour .* 00:00–08:00 no calls 09:00 1 · 100% 10:00 1 · 100% 11:00 no calls 12:00 1 · 0% 13:00–23:00 no calls/,
		);
	});

	test('is a line of characters in a chat, with its busiest hour and the day of it', () => {
		const records = [...many(8, () => call({}, 13 * 3600)), call({}, 14 * 3600)];
		expect(sectionOf('trend', records).text).toMatch(
			/Calls by hour, 00:00 to 23:00: ▁{13}█▂▁{9} most at 13:00 \(8 calls\)$/,
		);
		expect(sectionOf('trend', records, { days: 2 }).text).toMatch(/most at Fri 20 Nov 13:00 \(8 calls\)$/);
		expect(sectionOf('trend', records, { days: 7 }).text).toMatch(/▁{6} most on Fri 20 Nov \(9 calls\)$/);
		expect(sectionOf('trend', records, { days: 61 }).text).toMatch(/most in the week of 16 Nov \(9 calls\)$/);
	});

	test.each([1, 7])('of %d days has each call that ITNIO lists, also one that was submitted before or after', (days) => {
		const records = [call({}, -100), call({}, -50), call({}, 100), call({}, days * DAY_S + 5)];
		const { seen, text } = sectionOf('trend', records, { days });
		const [hour, midnight] = days === 1 ? [' 23:00', ' 00:00'] : ['', ''];
		expect(seen).toMatch(new RegExp(`Thu 19 Nov${hour} 2 · 100% Fri 20 Nov${midnight} 1 · 100% .* no calls \\w{3} 2\\d Nov${midnight} 1 · 100%`));
		expect(text).toMatch(new RegExp(`most (at|on) Thu 19 Nov${hour} \\(2 calls\\)$`));
	}); // prettier-ignore

	test('has no line for a placeholder of a time', () => {
		const { text, seen } = sectionOf('trend', [call(), call({ submitTime: '1970-01-01T08:00:00+08:00' })], { days: 7 });
		for (const output of [text, seen]) expect(output).toContain('1 call without a readable time is not in any chart.');
		expect(seen).not.toContain('Jan');
	}); // prettier-ignore

	test('names weeks by both ends, the first and the last as far as they are in the range', () => {
		expect(sectionOf('trend', [call()], { days: 61 }).seen).toMatch(
			/By week .* 20–22 Nov 1 · 100% .*23–29 Nov to 18–19 Jan no calls/,
		);
	});
});

test('the heat map shows pending calls without a color, and no share of them', () => {
	const pending = many(30, () => call({ terminationCode: null, cost: null }));
	const { html, seen } = sectionOf('heatMap', [...pending, ...many(30, () => call({}, DAY_S))], { days: 3 });
	expect(seen).toMatch(/Hour Fri Sat 00 – 100/);
	expect(html.match(/bgcolor="#70aeec"/g)).toHaveLength(1);
	expect(html.match(/bgcolor="#fde8c8"/g)).toBeNull();
});

test.each([
	[2, 3, '67'],
	[1, 300, '<1'],
	[299, 300, '>99'],
	[300, 300, '100'],
	[0, 300, '0'],
	[1, 200, '<1'],
	[2, 200, '1'],
])('%d answered of %d calls of an hour are %s in the heat map', (answered, calls, figure) => {
	const list = many(calls, (index) => (index < answered ? call() : failedCall()));
	const { html } = sectionOf('heatMap', list, { days: 3 });
	const cells = [...html.matchAll(/<td [^>]*align="center"[^>]*>([^<]*)</g)].map(([, text]) => text);
	expect(cells.filter((text) => text !== '')).toEqual([figure.replace('<', '&lt;').replace('>', '&gt;')]);
});

test('the figures of the heat map are as dark on its light shades in dark mode', () => {
	const { html } = sectionOf('heatMap', dayOfCalls(240, 0), { days: 3 });
	const table = /<table[^>]*>(?=<tr><th[^>]*>Hour)/.exec(html)![0];
	expect(table).toMatch(/color:#1f2937/);
	expect(table).not.toMatch(/class=/);
	for (const [cell] of html.matchAll(/<td[^>]*bgcolor="#70aeec"[^>]*>/g)) expect(cell).not.toMatch(/class=/);
});

test('headings are headings, and heads of rows and columns are such', () => {
	const { html } = reportOf([...dayOfCalls(48, 0), ...dayOfCalls(48, 1, failedCall)], { days: 4 });
	const sections: ReportLayout['sections'] = ['trend', 'heatMap', 'countries', 'areas', 'failures'];
	expect(html.match(/<h1[ >]/g)).toHaveLength(1);
	expect(html.match(/<h2[ >]/g)).toHaveLength(sections.length - 1);
	for (const [, table] of html.matchAll(/<table cellpadding(.*?)<\/table>/g)) {
		const rows = table.split('<tr').slice(1);
		expect(rows[0]).toMatch(/^[^>]*>(<th scope="col".*?<\/th>)+<\/tr>$/);
		for (const row of rows.slice(1)) expect(row).toMatch(/^[^>]*><th scope="row"/);
	}
});
