import type { WireRecord } from '../../../../nodes/Itniotech/api/types';
import type { ReportLayout } from '../../../../nodes/Itniotech/reports/document/overview';
import { call, failedCall, many, reportOf, visible, type Given } from './support';

const INDIA = many(6, () => call({ code: 'India(Delhi)', callee: '15550101' }));
const KENYA = many(2, () => failedCall({ code: 'Kenya(Nairobi)', callee: '15550102' }));
const RECORDS = [...INDIA, ...KENYA];
const BEFORE = [...many(3, () => call()), ...many(1, () => failedCall({ terminationCode: '503' }))];

/** What the text and the HTML say. */
const outputs = (records: WireRecord[], given?: Given) => {
	const { html, text } = reportOf(records, given);
	return [text, visible(html)];
};

describe('the report', () => {
	test('begins with a sentence, and has the same figures and changes in its subject, text and HTML', () => {
		const { html, text, subject } = reportOf(RECORDS, { earlier: BEFORE });
		expect(subject).toBe('Call Report, Fri 20 Nov 2026: 8 calls, 75.0% answered, 2 failed, 3.00 USD');
		for (const output of [text, visible(html)]) {
			expect(output).toMatch(
				/^Call Report\s+Fri 20 Nov 2026 \(Asia\/Singapore\), compared with Thu 19 Nov 2026\s+8 calls, 75\.0% answered \(unchanged\), 2 failed, 3\.00 USD\.\s+Calls/,
			);
			expect(output).toMatch(/Calls:?\s+8\s+▲ 100% \(4\)/);
			expect(output).toMatch(/Failed:?\s+2\s+▲ 100% \(1\)/);
			expect(output).toMatch(/Answered:?\s+75\.0%\s+unchanged \(75\.0%\)/);
			expect(output).toMatch(/Cost:?\s+3\.00 USD\s+▲ 100% \(1\.50\)/);
			expect(output).toMatch(/Network \(NER\) 100%/);
			expect(output).toMatch(/486 Busy Here.*2/);
			expect(output).toMatch(/15550102:?\s+2/);
			expect(output).toMatch(/Kenya\s*\(Nairobi\):?\s+2/);
		}
	});

	test('has the failed calls second in a chat, and its notes before the lists', () => {
		const { text } = reportOf([...RECORDS, call({ terminationCode: null, cost: null })], { earlier: BEFORE });
		expect(text.replace(/:.*/g, '').split('\n').slice(2)).toEqual([
			expect.stringMatching(/^9 calls/),
			'1 call has not ended yet.',
			'Calls',
			'Failed',
			'Answered',
			'Cost',
			expect.stringMatching(/^Average call/),
			expect.stringMatching(/^Calls by hour, 00$/),
			'Countries',
			'Areas with the most failed calls',
			'Why calls failed',
			'Numbers with the most failed calls',
		]);
	});

	test('shows for an inbox the sentence, not what comes first in the mail', () => {
		expect(reportOf(RECORDS).html).toMatch(
			/<body[^>]*><div style="display:none[^"]*">8 calls, 75\.0% answered, 2 failed, 3\.00 USD\.(&nbsp;&zwnj;)+<\/div>/,
		);
	});

	test.each([
		['all answered', many(7, () => call()), '7 calls, 100% answered, none failed, 3.50 USD'],
		['one of many failed', [...many(3999, () => call()), failedCall()], '4,000 calls, 99.98% answered, 1 failed, 1,999.50 USD'], // prettier-ignore
		['one of many answered', [...many(3998, () => failedCall()), call()], '3,999 calls, 0.03% answered, 3,998 failed, 0.50 USD'], // prettier-ignore
		['none answered', many(2, () => failedCall()), '2 calls, 0% answered, 2 failed, 0.00 USD'],
		['15 of 19', [...many(15, () => call()), ...many(4, () => failedCall())], '19 calls, 78.9% answered, 4 failed, 7.50 USD'], // prettier-ignore
		['one call', [call()], '1 call, 100% answered, none failed, 0.50 USD'],
		['one call that has not ended', [call({ terminationCode: null, cost: null })], '1 call, not ended yet'], // prettier-ignore
		['voicemail', [call(), failedCall(), ...many(2, () => call({ callStatus: 40 }))], '4 calls, 50.0% answered, 1 failed, 2 to voicemail, 1.50 USD'], // prettier-ignore
		['voicemail alone', [call({ callStatus: 40 })], '1 call, 1 to voicemail, 0.50 USD'],
		[
			'tiny costs',
			many(3, () => call({ cost: '0.00001' })),
			'3 calls, 100% answered, none failed, 0.00003 USD',
		],
		['nothing billed', [failedCall(), call({ cost: null }), call({ cost: '' })], '3 calls, 66.7% answered, 1 failed, cost not known yet'], // prettier-ignore
		['a part billed', [call({ cost: '12.3' }), call({ cost: null })], '2 calls, 100% answered, none failed, 12.30 USD so far'], // prettier-ignore
		['unreadable costs', ['1', '1,234.50', '9 999'].map((cost) => call({ cost })), '3 calls, 100% answered, none failed, 1.00 USD so far'], // prettier-ignore
		['a free call without a currency', [...many(2, () => call({ cost: '2.5', currency: 'EUR' })), failedCall({ currency: null })], '3 calls, 66.7% answered, 1 failed, 5.00 EUR'], // prettier-ignore
		['two currencies', [call({ currency: 'EUR', cost: '2' }), call()], '2 calls, 100% answered, none failed, 2.00 EUR, 0.50 USD'], // prettier-ignore
		['six currencies', ['AED', 'BRL', 'EUR', 'INR', 'KES', 'USD'].map((currency) => call({ currency })), '6 calls, 100% answered, none failed, 0.50 AED, 0.50 BRL, +4 currencies'], // prettier-ignore
	])('with %s, its subject and its first sentence say so', (_, records, sentence) => {
		const { html, text, subject } = reportOf(records);
		expect(subject).toBe(`Call Report, Fri 20 Nov 2026: ${sentence}`);
		expect(text.split('\n')[2]).toBe(`${sentence}.`);
		expect(visible(html)).toContain(` ${sentence}. `);
	});

	test.each([
		[call({ cost: null }), '1 call is not billed yet and not in the cost.'],
		[call({ cost: '1,234.50' }), 'The cost of 1 call cannot be read and is not in the sum.'],
		[call({ terminationCode: null }), '1 call has not ended yet.'],
		[call({ submitTime: 'soon' }), '1 call without a readable time is not in any chart.'],
	])('notes what is missing, and only then (case %#)', (record, note) => {
		for (const output of outputs([...RECORDS, record])) expect(output).toContain(note);
		for (const output of outputs(RECORDS)) expect(output).not.toContain(note);
		const several = note.replace('1 call is', '2 calls are').replace('1 call without a readable time is', '2 calls without a readable time are').replace('1 call has', '2 calls have').replace('1 call', '2 calls'); // prettier-ignore
		for (const output of outputs([...RECORDS, record, record])) expect(output).toContain(several);
	});

	test('says how calls to voicemail count, where there are any', () => {
		const note = 'Calls to voicemail count as neither answered nor failed.';
		for (const output of outputs([...RECORDS, call({ callStatus: 40 })])) expect(output).toContain(note);
		for (const output of outputs(RECORDS)) expect(output).not.toContain(note);
		for (const output of outputs([call({ callStatus: 40 })])) expect(output).not.toMatch(/ASR|% answered/);
	});

	test('says when phones begin to ring, where it is known, and by whom they were answered', () => {
		const ringing = (seconds: number) => ({ callTime: '2026-11-20T09:00:00+08:00', ringingTime: `2026-11-20T09:00:0${seconds}+08:00` }); // prettier-ignore
		const busy = [1, 2, 2, 3, 9].map((seconds) =>
			failedCall({ callee: `1555010${seconds}`, ...ringing(seconds) }),
		);
		for (const output of outputs([...busy, call({ callee: '15550103' })])) {
			expect(output).toContain('Ringing starts after 2 s (95% within 9 s)');
			expect(output).toContain('4 numbers, 1 of them answered · Network (NER) 100%');
		}
		for (const output of outputs(RECORDS)) expect(output).not.toContain('Ringing');
	});

	test.each([
		[[['countries'], /India/, /486 Busy|15550102|Delhi/]],
		[[['failures'], /486 Busy Here/, /India|15550102|Average/]],
		[[['numbers', 'overview'], /15550102.*Calls/s, /486 Busy|India/]],
	] as Array<[[ReportLayout['sections'], RegExp, RegExp]]>)(
		'has only the sections %j',
		([sections, has, hasNot]) => {
			for (const output of outputs(RECORDS, { layout: { sections } })) {
				expect(output).toMatch(has);
				expect(output).not.toMatch(hasNot);
			}
		},
	);

	test('counts what it leaves out', () => {
		const areas = many(40, (index) =>
			failedCall({ code: `Country (${index})`, terminationReason: `R${index}` }),
		);
		const { html, text } = reportOf(areas, { layout: { topN: 7 } });
		expect(visible(html).match(/and 33 more/g)).toHaveLength(2);
		expect(text.match(/and 35 more/g)).toHaveLength(2);
	});
});

test('a title that is cut says so', () => {
	const titleIn = (length: number) =>
		visible(reportOf([call()], { layout: { title: 't'.repeat(length) } }).html).split(' ')[0];
	expect(titleIn(100)).toBe('t'.repeat(100));
	expect(titleIn(101)).toBe(`${'t'.repeat(100)}…`);
});

describe('a comparison', () => {
	const sentenceWith = (now: WireRecord[], earlier: WireRecord[], given: Given = {}) =>
		reportOf(now, { earlier, ...given }).text.split('\n')[2];

	test.each([
		[1, /\(25\.0 points less than Thursday\)/],
		[7, /\(25\.0 points less than the week before\)/],
		[3, /\(25\.0 points less than in the time before\)/],
	])('over %d days is named as people do', (days, phrase) => {
		const now = [call(), failedCall()];
		expect(sentenceWith(now, [...many(3, () => call()), failedCall()], { days })).toMatch(phrase);
	});

	test('with the same day of the week before says so', () => {
		const fromS = Date.parse('2026-11-12T16:00:00Z') / 1000;
		const layout = { earlierRange: { fromS, toS: fromS + 86_399 } };
		expect(sentenceWith([failedCall()], [call()], { layout })).toMatch(
			/100\.0 points less than a week earlier/,
		);
		expect(sentenceWith([], [call()], { layout })).toBe('No calls. 1 a week earlier.');
	});

	test.each([
		[36_232, 36_234, /▼|▲/, /about the same \(36,234\)/],
		[5, 5, /▼|▲/, /unchanged \(5\)/],
		[9, 10, /▲/, /▼ 10% \(10\)/],
		[1000, 1030, /▲/, /▼ 2\.9% \(1,030\)/],
		[100, 3, /▼/, /▲ 3,233% \(3\)/],
	])('of %d calls with %d is in words or with an arrow', (now, before, hasNot, has) => {
		const [record] = [call()];
		const { text } = reportOf(Array(now).fill(record), { earlier: Array(before).fill(record) });
		const calls = text.split('\n').find((line) => line.startsWith('Calls:'));
		expect(calls).toMatch(has);
		expect(calls).not.toMatch(hasNot);
	});

	test('with no calls says so once, and shows no change', () => {
		for (const output of outputs(RECORDS, { earlier: [] })) {
			expect(output.match(/no calls the day before/g)).toHaveLength(1);
			expect(output).not.toMatch(/new|[▲▼]|unchanged/);
		}
	});

	test('that is not known is not mentioned', () => {
		for (const output of outputs(RECORDS, { earlier: null })) {
			expect(output).not.toMatch(/before|compared|new|[▲▼]|unchanged/);
		}
	});

	const cost = (records: WireRecord[], earlier: WireRecord[]) =>
		reportOf(records, { earlier }).text.split('\n').find((line) => line.startsWith('Cost:')); // prettier-ignore
	test.each([
		['a part of it not billed', [call({ cost: '60' })], [call({ cost: '50' }), call({ cost: null })], 'Cost: 60.00 USD'], // prettier-ignore
		['a part of this not billed', [call({ cost: '60' }), call({ cost: null })], [call({ cost: '50' })], 'Cost: 60.00 USD so far'], // prettier-ignore
		['one in another currency', [call({ cost: '60' })], [call({ cost: '50', currency: 'EUR' })], 'Cost: 60.00 USD'], // prettier-ignore
		['one that another replaced', [call({ cost: '60' })], [call({ cost: '50' }), call({ cost: '9', currency: 'EUR' })], 'Cost: 60.00 USD  ▲ 20% (50.00 USD)'], // prettier-ignore
		['nothing now', [failedCall()], [call({ cost: '50', currency: 'EUR' })], 'Cost: 0.00 USD  ▼ 100% (50.00 EUR)'], // prettier-ignore
		['pending calls', [call({ cost: '60' })], many(10, () => call({ terminationCode: null, cost: null })), 'Cost: 60.00 USD'], // prettier-ignore
		['pending calls beside others', [call({ cost: '60' })], [call({ cost: '50' }), call({ terminationCode: null, cost: null })], 'Cost: 60.00 USD'], // prettier-ignore
		['pending calls now', [call({ cost: '60' }), call({ terminationCode: null, cost: null })], [call({ cost: '50' })], 'Cost: 60.00 USD so far'], // prettier-ignore
		['nothing but pending calls', [call({ terminationCode: null, cost: '' })], [call({ cost: '50' })], 'Cost: not known yet'], // prettier-ignore
		['an unreadable one', [call({ cost: '60' })], [call({ cost: '1,000' }), call({ cost: '5' })], 'Cost: 60.00 USD'], // prettier-ignore
		['two currencies each', [call({ cost: '60' }), call({ cost: '1', currency: 'EUR' })], [call({ cost: '50' }), call({ cost: '2', currency: 'EUR' })], 'Cost: 1.00 EUR, 60.00 USD  ▼ 50% (2.00 EUR), ▲ 20% (50.00 USD)'], // prettier-ignore
	])('of costs with %s says no more than is known', (_, now, before, line) => {
		expect(cost(now, before)).toBe(line);
	});

	test('marks failed calls as worse only where their share rose', () => {
		const worse = /class="worse"[^>]*>▲ 100% \(1\)/;
		const before = [call(), failedCall()];
		expect(reportOf([call(), failedCall(), failedCall()], { earlier: before }).html).toMatch(worse);
		expect(reportOf([...many(9, () => call()), failedCall(), failedCall()], { earlier: before }).html).not.toMatch(worse); // prettier-ignore
	});
});

describe('no calls', () => {
	test.each([
		[many(200, () => call()), 'No calls. 200 the day before'],
		[[], 'No calls, and none the day before'],
		[null, 'No calls'],
		[undefined, 'No calls'],
	])('are loud in subject, text and HTML, without terms that do not occur (case %#)', (earlier, sentence) => {
		const { html, text, subject } = reportOf([], { earlier });
		expect(subject).toBe(`Call Report, Fri 20 Nov 2026: ${sentence}`);
		expect(text).toMatch(new RegExp(`\\n${sentence}\\.$`));
		expect(html).toMatch(new RegExp(`<td class="worse"[^>]*bold 22px[^>]*>${sentence}\\.</td>`));
		expect(visible(html)).not.toMatch(/ASR|NER|▲|▼|Why|By hour/);
		expect(html).not.toMatch(/<th|<h2/);
	});
});
