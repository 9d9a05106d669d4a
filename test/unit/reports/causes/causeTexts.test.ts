import type { WireRecord } from '../../../../nodes/Itniotech/api/types';
import { CallReport } from '../../../../nodes/Itniotech/reports/document/callReport';
import { htmlOf } from '../../../../nodes/Itniotech/reports/document/htmlPage';
import { reportText } from '../../../../nodes/Itniotech/reports/document/text';
import { atOnce } from '../../../support/atOnce';
import { DAY_S } from '../../../support/times';
import { call, failedCall, FROM_S, LAYOUT, many, reportOf, visible } from '../document/support';

const place = (code: string, failed: number, { calls = 200, cost = '0.5' } = {}) =>
	many(calls, (index) =>
		index * failed % calls < failed // prettier-ignore
			? failedCall({ code }, (index % 24) * 3600)
			: call({ code, cost }, (index % 24) * 3600),
	);
const OTHERS = ['India', 'Peru', 'Chile', 'Spain'];
const day = (kenya: number, others = 20) => [
	...place('Kenya', kenya),
	...OTHERS.flatMap((code) => place(code, others)),
];
const outputsOf = (now: WireRecord[], earlier?: WireRecord[] | null, layout = {}) => {
	const { text, html } = reportOf(now, { earlier, layout: { sections: ['causes'], ...layout } });
	return { text, seen: visible(html) };
};

test.each([
	['all of them', day(100), day(20), 'Failures rose by 80: all of them in Kenya (50.0% failed, 10.0% before).'],
	['a part of them', day(100, 22), day(20), 'Failures rose by 88: 80 of them in Kenya (50.0% failed, 10.0% before).'],
	['more than all of them', day(100, 18), day(20), 'Failures rose by 80 in Kenya (50.0% failed, 10.0% before), and fell by 8 in all other calls.'],
	['more, where fewer calls failed altogether', day(100, 0), day(20, 24), 'Failures rose by 80 in Kenya (50.0% failed, 10.0% before), and fell by 96 in all other calls.'],
	['a place without calls before', day(200), OTHERS.flatMap((code) => place(code, 20)), 'Failures rose by 200: all of them in Kenya (100% failed, no calls before).'],
	['a cost', [...place('Kenya', 20, { cost: '5' }), ...day(20).slice(200)], day(20), 'Cost rose by 810.00 USD: all of it in Kenya (900.00 USD, 90.00 USD before).'],
])('What Changed says of %s what the data say, in the chat and in the mail', (_, now, earlier, sentence) => {
	const { text, seen } = outputsOf(now, earlier);
	expect(text).toContain(`\n${sentence}`);
	expect(seen).toContain(`What changed ${sentence} Cause Change Now Before Kenya`);
}); // prettier-ignore

test('the rate before of a place is not known where all its calls were open then, or may not have been listed', () => {
	const others = OTHERS.flatMap((code) => place(code, 20));
	const open = many(20, (index) => call({ code: 'Kenya', terminationCode: null, cost: null }, index * 3600));
	for (const { text, seen } of [
		outputsOf(day(200), [...open, ...others]),
		outputsOf(day(200), others, { hasGapsBefore: true }),
	])
		for (const output of [text, seen]) expect(output).toContain('in Kenya (100% failed, not known before).');
});

test('the rows of two causes add up to the change of all calls', () => {
	const others = ['India', 'Chile', 'Spain', 'Italy', 'Japan', 'Mali'];
	const now = [...place('Kenya', 140), ...place('Peru', 120), ...others.flatMap((code) => place(code, 22))];
	const before = ['Kenya', 'Peru', ...others].flatMap((code) => place(code, 20));
	const { text, seen } = outputsOf(now, before);
	expect(text).toContain(
		'Failures rose by 232: 120 of them in Kenya (70.0% failed, 10.0% before), 100 in Peru (60.0% failed, 10.0% before).',
	);
	expect(seen).toContain(
		'Kenya failed calls +120 140 20 Peru failed calls +100 120 20 all other calls failed calls +12 132 120',
	);
});

test('What Changed says nothing without a comparison, of an unknown time before, and on equal days', () => {
	for (const earlier of [undefined, null, day(100)]) {
		const { text, seen } = outputsOf(day(100), earlier);
		expect(text + seen).not.toMatch(/What changed|rose/);
	}
});

test('a name of a cause is text, in the mail and in the chat', () => {
	const name = 'Ke<b>n*ya';
	const rename = (records: WireRecord[]) =>
		records.map((record) => (record.code === 'Kenya' ? { ...record, code: name } : record));
	const { text } = outputsOf(rename(day(100)), rename(day(20)));
	const { html } = reportOf(rename(day(100)), { earlier: rename(day(20)) });
	expect(text).toContain('in Ke‹b›n ya (');
	expect(html).toContain('Ke&lt;b&gt;n*ya');
	expect(html).not.toContain('<b>');
});

test('What Changed comes right after the cards, and in the chat after the first lines', () => {
	const { html, text } = reportOf(day(100), { earlier: day(20) });
	expect(visible(html)).toMatch(/Network \(NER\) \S+ What changed .* By hour/);
	expect(text).toMatch(/Network \(NER\) \S+\nFailures rose by .*\nCalls by hour/);
});

test('causes for which a sentence has no room are counted, and so is what they explain', () => {
	const names = many(26, (index) => `Land ${index}`);
	const dayOf = (other: number) => [
		...names.slice(0, 5).flatMap((code, index) => place(code, 140 - index)),
		...names.slice(5).flatMap((code) => place(code, other)),
	];
	const before = names.flatMap((code) => place(code, 20));
	expect(outputsOf(dayOf(20), before).text).toContain(
		', 118 in Land 2 (69.0% failed, 10.0% before), 233 in 2 more.',
	);
	expect(outputsOf(dayOf(15), before).text).toContain(
		', by 118 in Land 2 (69.0% failed, 10.0% before), by 233 in 2 more, and fell by 105 in all other calls.',
	);
});

test('What Changed says which part is compared', () => {
	const report = new CallReport({ fromS: FROM_S, toS: FROM_S + 2 * DAY_S - 1 }, 'Asia/Singapore', LAYOUT);
	const earlier = { fromS: FROM_S - DAY_S, toS: FROM_S - 1 };
	report.compareOnly({ earlier, later: { fromS: FROM_S + DAY_S, toS: FROM_S + 2 * DAY_S - 1 } });
	const later = (records: WireRecord[], days: number) =>
		records.map((record) => ({ ...record, submitTime: new Date(Date.parse(String(record.submitTime)) + days * DAY_S * 1000).toISOString() })); // prettier-ignore
	for (const record of [...day(180), ...later(day(100), 1)]) report.add(record);
	const before = report.createEarlier((seconds) => seconds);
	for (const record of later(day(20), -1)) before.add(record);
	atOnce(report.compareWith(before));
	const sentence =
		'Since 21 Nov 2026, 00:00, failures rose by 80: all of them in Kenya (50.0% failed, 10.0% before).';
	const layout = { ...LAYOUT, earlierRange: earlier };
	expect(reportText(report, layout)).toContain(`\n${sentence}`);
	expect(visible(htmlOf(report, layout))).toContain(sentence);
});

test('a name of which nothing can be shown in a chat is unknown', () => {
	const rename = (records: WireRecord[]) =>
		records.map((record) => (record.code === 'Kenya' ? { ...record, code: '***' } : record));
	expect(outputsOf(rename(day(100)), rename(day(20))).text).toContain(' in unknown (50.0% failed');
});
