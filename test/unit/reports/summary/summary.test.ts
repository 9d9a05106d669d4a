import type { IDataObject } from 'n8n-workflow';
import type { WireRecord } from '../../../../nodes/Itniotech/api/types';
import type { GroupName } from '../../../../nodes/Itniotech/reports/summary/groupBy';
import { ROW_TYPES, Summary, type SummaryOptions } from '../../../../nodes/Itniotech/reports/summary/summary';
import { atOnce } from '../../../support/atOnce';

const seconds = (time: string) => Date.parse(time) / 1000;
const ZONE = 'Europe/Berlin';
/** From the afternoon of one day to the morning of the third. */
const RANGE = { fromS: seconds('2026-10-24T15:00:00+02:00'), toS: seconds('2026-10-26T07:59:59+01:00') };
const NOTHING = {
	calls: 0,
	answered: 0,
	failed: 0,
	pending: 0,
	voicemails: 0,
	asr: null,
	ner: null,
	acd: null,
	pdd: null,
	shortCalls: 0,
	keyPresses: 0,
	totalDuration: 0,
	chargedDuration: 0,
	uniqueNumbers: 0,
	reachedNumbers: 0,
	cost: 0,
	currency: null,
	costPerMinute: null,
	topFailures: '',
};
const OPTIONS: SummaryOptions = {
	groupBy: [],
	sortBy: 'keys',
	maxGroups: 0,
	shortCallSeconds: 6,
	includeDetails: false,
};

let nextId = 0;
const call = (fields: IDataObject = {}): WireRecord => ({ voiceId: String(nextId++), ...fields });

function summarize(groupBy: GroupName[], records: WireRecord[], range = RANGE, zone = ZONE) {
	return summarizeWith({ groupBy }, records, range, zone);
}
function summarizeWith(options: Partial<SummaryOptions>, records: WireRecord[], range = RANGE, zone = ZONE) {
	const summary = new Summary({ ...OPTIONS, ...options }, range, zone);
	for (const record of records) summary.add(record);
	return { rows: atOnce(summary.rows()), hints: summary.hints() };
}
const detailsOf = (records: WireRecord[], options: Partial<SummaryOptions> = {}) => {
	const { rows } = summarizeWith({ ...options, includeDetails: true }, records);
	return rows[0].details as IDataObject;
};
const rowsOf = (groupBy: GroupName[], records: WireRecord[]) => summarize(groupBy, records).rows;
const columns = (rows: IDataObject[], ...names: string[]) =>
	rows.map((row) => names.map((name) => row[name]));

describe('a row', () => {
	test('has the group’s keys, then the figures of the contract in their order', () => {
		const [row] = rowsOf(['outcome', 'area'], [call({ code: 'India(Delhi)', terminationCode: '486' })]);
		expect(Object.keys(row).join()).toBe(
			'outcome,area,calls,answered,failed,pending,voicemails,asr,ner,acd,pdd,shortCalls,keyPresses,totalDuration,chargedDuration,uniqueNumbers,reachedNumbers,cost,currency,costPerMinute,topFailures,from,to',
		);
		expect(Object.keys(row).slice(2)).toEqual(Object.keys(ROW_TYPES));
		expect(Object.values(row).filter((value) => typeof value === 'object' && value !== null)).toEqual([]);
	});

	test('names at most three failures, most first and equals by code, whatever the order of the calls', () => {
		const codes = ['603', '404', '486', '503', '480', '487', '404', '603', '603', '0', '200', ''];
		const records = codes.map((terminationCode) => call({ terminationCode, terminationReason: 'r' }));
		for (const list of [records, [...records].reverse()]) {
			const [{ topFailures }] = rowsOf([], list);
			expect(topFailures).toBe('603 r: 3, 404 r: 2, 480 r: 1, and 3 more');
			expect((detailsOf(list).failures as IDataObject[]).map((one) => one.calls)).toEqual([3, 2, 1, 1, 1, 1]);
		}
	});
});

test('costs of calls that have not ended are not taken for 0', () => {
	const open = call();
	const failed = call({ terminationCode: '486' });
	const answered = call({ cost: '1.5', terminationCode: '200' });
	const costOf = (records: WireRecord[]) => rowsOf([], records)[0].cost;
	expect([[open], [open, failed], [open, answered], [failed], []].map(costOf)).toEqual([null, null, 1.5, 0, 0]); // prettier-ignore
});

describe('costs of which a part is missing', () => {
	const of = (...costs: unknown[]) =>
		costs.map((cost) => call({ terminationCode: '200', callDuration: 60, cost: cost as string }));
	const costsOf = (records: WireRecord[]) => {
		const { cost, costPerMinute, currency } = rowsOf([], records)[0];
		return { cost, costPerMinute, currency };
	};

	test('are no cost, and their amounts so far are in the details', () => {
		const records = of('1', '1,234.50', '9 999');
		expect(costsOf(records)).toEqual({ cost: null, costPerMinute: null, currency: 'USD' });
		expect(detailsOf(records)).toMatchObject({
			costs: [{ currency: 'USD', cost: '1' }],
			callsWithoutCost: 2,
		});
		expect(detailsOf(of('1', null, 'free'))).toMatchObject({ callsWithoutCost: 2 });
	});

	test('are known where only free calls have no currency', () => {
		const paid = of('2.5', '2.5').map((one) => ({ ...one, currency: 'EUR' }));
		const free = call({ terminationCode: '486', cost: '0' });
		expect(costsOf([...paid, free])).toEqual({ cost: 5, costPerMinute: 2.5, currency: 'EUR' });
		expect(detailsOf([free, ...paid]).costs).toEqual([{ currency: 'EUR', cost: '5' }]);
		expect(costsOf([free])).toEqual({ cost: 0, costPerMinute: null, currency: 'USD' });
	});

	test('are free in several currencies: 0', () => {
		const records = ['EUR', 'GBP'].map((currency) => call({ terminationCode: '486', cost: '0', currency }));
		expect(costsOf(records)).toEqual({ cost: 0, costPerMinute: null, currency: null });
	});

	test('a price of a minute below a millionth is not 0', () => {
		const [call] = of('0.0000001234');
		expect(costsOf([call]).costPerMinute).toBe(0.000000123);
	});

	test('are explained where they are in several currencies', () => {
		const summary = new Summary({ ...OPTIONS, groupBy: ['area'] }, RANGE, ZONE);
		const [a, b] = of('1', '2');
		for (const record of [a, { ...b, currency: 'EUR' }, call({ code: 'x', cost: '1' })]) summary.add(record);
		expect(columns(atOnce(summary.rows()), 'area', 'cost')).toEqual([[null, null], ['x', 1]]); // prettier-ignore
		expect(summary.currencyHint()).toMatch(
			/^Items with costs in several currencies: 1\. .*Currency to "Group By"/,
		);
	});

	test('in one currency have no such hint', () => {
		const summary = new Summary(OPTIONS, RANGE, ZONE);
		for (const record of of('1', null)) summary.add(record);
		atOnce(summary.rows());
		expect(summary.currencyHint()).toBeUndefined();
	});
});

describe('durations', () => {
	const answered = (callDuration: unknown, fields: IDataObject = {}) =>
		call({ terminationCode: '200', cost: '0', callDuration: callDuration as number, ...fields });
	const hint = (count: number) => [expect.stringContaining(`missing or not possible: ${count}.`)];

	test.each<[unknown]>([[-1646277218], [71582788], [86_401], ['00:01:05'], ['NaN'], [{}], [true]])(
		'like %j are not possible, and are in no figure',
		(impossible) => {
			const records = [answered(60), answered(impossible), answered(30, { chargedDuration: impossible as number })]; // prettier-ignore
			const { rows, hints } = summarize([], records);
			expect(rows[0]).toMatchObject({ acd: 45, totalDuration: 90, chargedDuration: 0, answered: 3 });
			expect(hints).toEqual(hint(2));
		},
	);

	test.each([0, 86_400, '12.5', ' 7 '])('like %j are possible', (duration) => {
		const { rows, hints } = summarize([], [answered(duration, { chargedDuration: duration })]);
		const seconds = Number(duration);
		expect(rows[0]).toMatchObject({ acd: seconds, totalDuration: seconds, chargedDuration: seconds });
		expect(hints).toEqual([]);
	});
});

describe('currencies', () => {
	const inCurrency = (currency: unknown) => call({ cost: '1', currency: currency as string });

	test('are one however they are written', () => {
		const written = ['USD', 'usd', ' US$ ', 'ＵＳＤ', null, ''];
		const { rows, hints } = summarize(['currency'], written.map(inCurrency));
		expect(columns(rows, 'currency', 'cost')).toEqual([['USD', 6]]);
		expect(hints).toEqual([]);
		expect(rowsOf(['currency'], ['€', 'eur'].map(inCurrency))).toMatchObject([{ currency: 'EUR', cost: 2 }]);
	});
});

describe('groups', () => {
	const at = (time: string, fields: IDataObject = {}) => call({ submitTime: time, ...fields });

	test('do not run into one another when their keys do', () => {
		const records = [call({ callee: '1,2', code: '3' }), call({ callee: '1', code: '2,3' })];
		expect(rowsOf(['calledNumber', 'area'], records)).toHaveLength(2);
	});

	test('by day alone show each day of the range, cut to the range, in the zone', () => {
		const rows = rowsOf(['day'], [at('2026-10-25T06:30:00+08:00'), at('2026-10-24T22:00:00+08:00')]);
		expect(columns(rows, 'day', 'from', 'to', 'calls')).toEqual([
			['2026-10-24', '2026-10-24T15:00:00+02:00', '2026-10-24T23:59:59+02:00', 1],
			['2026-10-25', '2026-10-25T00:00:00+02:00', '2026-10-25T23:59:59+01:00', 1],
			['2026-10-26', '2026-10-26T00:00:00+01:00', '2026-10-26T07:59:59+01:00', 0],
		]);
		const { day, from, to, ...figures } = rows[2];
		expect([day, from, to]).not.toContain(undefined);
		expect(figures).toEqual(NOTHING);
	});

	test('by hour alone show each hour in the order of time, and an hour that occurs twice as two', () => {
		const range = { fromS: seconds('2026-10-24T23:30:00Z'), toS: seconds('2026-10-25T02:10:00Z') };
		const records = [at('2026-10-25T02:59:59+01:00'), at('2026-10-25T02:00:00+02:00')];
		expect(columns(summarize(['hour'], records, range).rows, 'hour', 'from', 'to', 'calls')).toEqual([
			['2026-10-25T01:00+02:00', '2026-10-25T01:30:00+02:00', '2026-10-25T01:59:59+02:00', 0],
			['2026-10-25T02:00+02:00', '2026-10-25T02:00:00+02:00', '2026-10-25T02:59:59+02:00', 1],
			['2026-10-25T02:00+01:00', '2026-10-25T02:00:00+01:00', '2026-10-25T02:59:59+01:00', 1],
			['2026-10-25T03:00+01:00', '2026-10-25T03:00:00+01:00', '2026-10-25T03:10:00+01:00', 0],
		]);
	});

	test.each<GroupName[][]>([[['day', 'hour']], [['hour', 'day']]])(
		'by %p beyond the range, which the API goes by another time for, bear the hour',
		(groupBy) => {
			const [row] = rowsOf(groupBy, [at('2026-10-24T14:59:00+02:00')]);
			expect([row.from, row.to]).toEqual(['2026-10-24T14:00:00+02:00', '2026-10-24T14:59:59+02:00']);
		},
	);

	test('by a time that cannot be read are null, with the whole range', () => {
		const { rows, hints } = summarize(['day', 'hour'], [at('2026-10-25T12:00:00')]);
		const [row] = rows;
		expect(hints).toEqual([expect.stringContaining('"submitTime" is not a time with an offset: 1.')]);
		expect(summarize(['area'], [at('soon')]).hints).toEqual([]);
		expect(row).toMatchObject({ day: null, hour: null, calls: 1, from: '2026-10-24T15:00:00+02:00' });
	});

	test.each<[GroupName[], IDataObject[]]>([
		[[], [{}]],
		[['area', 'outcome'], [{ area: null, outcome: null }]],
		[['day'], [{ day: '2026-10-24' }, { day: '2026-10-25' }, { day: '2026-10-26' }]],
	])('by %p of no calls are rows of zeros', (groupBy, keys) => {
		expect(rowsOf(groupBy, [])).toEqual(
			keys.map((key) => ({ ...key, ...NOTHING, from: expect.any(String), to: expect.any(String) })),
		);
	});
});

describe('figures of reaching people', () => {
	const START = '2026-10-25T12:00:00+08:00';
	const after = (s: number) => new Date(Date.parse(START) + s * 1000).toISOString();
	const rang = (s: number, fields: IDataObject = {}) =>
		call({ callTime: START, ringingTime: after(s), ...fields });

	test.each<[string, IDataObject, number]>([
		['was busy everywhere', { terminationCode: 600 }, 1],
		['does not exist', { terminationCode: '604' }, 0],
	])('a called party that %s counts in the NER, or not', (_, fields, ner) => {
		expect(rowsOf([], [call(fields), call({ ringingTime: START })])).toMatchObject([{ ner }]);
	});

	test.each<[string, number[], number | null]>([
		['0 and 120 seconds', [0, 120], 60],
		['times that cannot be', [-1, 121], null],
	])('the post-dial delay is the median: %s', (_, delays, pdd) => {
		const records = delays.map((s) => rang(s));
		expect(rowsOf([], records)).toMatchObject([{ pdd }]);
		const measured = pdd === null ? 0 : delays.length;
		expect(detailsOf([...records, call()]).pdd).toMatchObject({ notMeasured: delays.length + 1 - measured });
	});

	test('short calls, key presses and reached numbers are counted', () => {
		const answered = { terminationCode: '200', callee: '1' };
		const records = [
			call({ ...answered, callDuration: 6, feedbackValue: '2' }),
			call({ ...answered, callDuration: 7, feedbackValue: '-1' }),
			call({ ...answered, callee: '2', feedbackValue: '2' }),
			call({ callee: '3', terminationCode: '486', callDuration: 1, feedbackValue: '9' }),
		];
		expect(rowsOf([], records)).toMatchObject([
			{ shortCalls: 1, keyPresses: 3, uniqueNumbers: 3, reachedNumbers: 2 },
		]);
		expect(summarizeWith({ shortCallSeconds: 7 }, records).rows).toMatchObject([{ shortCalls: 2 }]);
		expect(detailsOf(records).keysPressed).toEqual([
			{ key: '2', calls: 2 },
			{ key: '9', calls: 1 },
		]);
	});

	test('a voicemail is reached and charged, but neither answered nor failed', () => {
		const records = [
			call({ terminationCode: '200', cost: '1' }),
			call({ terminationCode: '503', cost: '0' }),
			call({ terminationCode: '200', callStatus: '40', cost: '2' }),
		];
		const [row] = rowsOf([], records);
		expect(row).toMatchObject({ answered: 1, failed: 1, voicemails: 1, asr: 0.5, ner: 0.6667, cost: 3 });
		expect(detailsOf(records)).toMatchObject({ seer: 0.6667 });
		expect(rowsOf([], [call({ terminationCode: '200', callStatus: 40 })])).toMatchObject([{ cost: null }]);
	});

	test('SEER counts what ASR counts as answered', () => {
		const codes = [...Array(60).fill('0'), ...Array(40).fill('486')] as string[];
		const records = codes.map((terminationCode) => call({ terminationCode }));
		expect(rowsOf([], records)).toMatchObject([{ asr: 0.6 }]);
		expect(detailsOf(records)).toMatchObject({ seer: 1 });
	});

	test('a call of no length counts in the peak of its second', () => {
		const at = (s: number) => call({ callTime: after(s), hangupTime: after(s) });
		expect(detailsOf([at(5), at(5), at(6)])).toMatchObject({ peakCalls: 2 });
	});

	test('the details say of how many calls the peak tells nothing', () => {
		const wrong = call({ callTime: after(9), hangupTime: after(1) });
		expect(detailsOf([wrong, wrong])).toMatchObject({ peakCalls: null, peakNotMeasured: 2 });
		const right = call({ callTime: after(1), hangupTime: after(9) });
		expect(detailsOf([wrong, right])).toMatchObject({ peakCalls: 1, peakNotMeasured: 1 });
	});

	test('the details have failures by class, SEER, ring time and dispatch delay', () => {
		const codes = ['486', '404', '503', '603', '200', '-1', ''];
		expect(detailsOf(codes.map((terminationCode) => call({ terminationCode })))).toMatchObject({
			failuresByClass: { '4xx': 2, '5xx': 1, '6xx': 1, other: 1 },
			seer: 0.5,
		});
		expect(detailsOf([call()])).toMatchObject({ seer: null });
		const hundred = Array.from({ length: 100 }, (_, index) => rang(index + 1));
		expect(detailsOf(hundred).pdd).toEqual({ p90: 90, p95: 95, notMeasured: 0 });
		const times = (s: number) => rang(0, { submitTime: after(-s), answerTime: after(2 * s) });
		expect(detailsOf([1, 2, 3, 4].map(times))).toMatchObject({
			dispatchDelay: { median: 2.5, p90: 4, p95: 4, calls: 4 },
			ringTime: { median: 5, p90: 8, p95: 8, calls: 4 },
		});
	});

	test.each<[string, number, number, number, number]>([
		['60+6', 5, 60, 1, 0],
		['60+6', 61, 66, 1, 0],
		['60+6', 66, 66, 1, 0],
		['60+6', 66, 60, 1, 1],
		['20 + 20', 0, 0, 1, 0],
		['60+0', 60, 60, 0, 0],
		['per minute', 60, 60, 0, 0],
	])(
		'billed by %s: %d seconds talked, %d billed',
		(billPeriod, callDuration, chargedDuration, checked, deviations) => {
			const records = [call({ terminationCode: '200', billPeriod, callDuration, chargedDuration })];
			expect(detailsOf(records).billing).toEqual({
				talkedSeconds: callDuration,
				billedSeconds: chargedDuration,
				checked,
				deviations,
			});
		},
	);
});

describe('groups of the calendar', () => {
	const at = (submitTime: string, fields: IDataObject = {}) => call({ submitTime, ...fields });

	test('by week and month show each of the range', () => {
		const range = { fromS: seconds('2026-09-28T12:00:00Z'), toS: seconds('2026-10-12T12:00:00Z') };
		expect(columns(summarize(['week'], [], range).rows, 'week')).toEqual([['2026-W40'], ['2026-W41'], ['2026-W42']]); // prettier-ignore
		expect(columns(summarize(['month'], [], range).rows, 'month')).toEqual([['2026-09'], ['2026-10']]);
	});

	test('by weekday and hour of day are in their own order, and an hour that occurs twice is one', () => {
		const records = [at('2026-10-25T02:30:00+02:00'), at('2026-10-25T02:30:00+01:00')];
		const { rows } = summarize(['weekday'], records);
		expect(columns(rows, 'weekday', 'calls')).toEqual([['Monday', 0], ['Saturday', 0], ['Sunday', 2]]); // prettier-ignore
		const hours = summarize(['hourOfDay'], records).rows;
		expect(hours).toHaveLength(24);
		expect(columns(hours, 'hourOfDay', 'calls')[2]).toEqual(['02', 2]);
		expect(columns(summarize(['weekday', 'hourOfDay'], records).rows, 'weekday', 'hourOfDay')).toEqual([['Sunday', '02']]); // prettier-ignore
	});

	test('by country put its areas together', () => {
		const records = ['India(Delhi)', 'India(Goa)', 'Chile', ''].map((code) => call({ code }));
		expect(columns(rowsOf(['country'], records), 'country', 'calls')).toEqual([[null, 1], ['Chile', 1], ['India', 2]]); // prettier-ignore
	});
});

describe('sorting', () => {
	const records = [
		...['486', '486', '200'].map((terminationCode) => call({ code: 'a', terminationCode, cost: '1' })),
		...['486', '200', '200', '200'].map((terminationCode) =>
			call({ code: 'b', terminationCode, cost: '0.5' }),
		),
		call({ code: 'c', cost: '9' }),
		call({ code: 'd', terminationCode: '200', cost: null }),
	];

	test.each<[SummaryOptions['sortBy'], string]>([
		['keys', 'abcd'],
		['calls', 'bacd'],
		['failed', 'abcd'],
		['asr', 'abdc'],
		['cost', 'cabd'],
	])('by %s: %s, what is not known last', (sortBy, order) => {
		const { rows } = summarizeWith({ groupBy: ['area'], sortBy }, records);
		expect(columns(rows, 'area').join('')).toBe(order);
	});

	test('by answer rate compares exact rates, which may look the same when rounded', () => {
		const rate = (code: string, answered: number, calls: number) =>
			Array.from({ length: calls }, (_, index) =>
				call({ code, terminationCode: index < answered ? '200' : '486' }),
			);
		const close = [...rate('a', 101, 203), ...rate('b', 100, 201)];
		const { rows } = summarizeWith({ groupBy: ['area'], sortBy: 'asr' }, close);
		expect(columns(rows, 'area', 'asr')).toEqual([['b', 0.4975], ['a', 0.4975]]); // prettier-ignore
	});

	test('shows the first groups, and a hint counts the others', () => {
		const { rows, hints } = summarizeWith({ groupBy: ['area'], sortBy: 'cost', maxGroups: 2 }, records);
		expect(columns(rows, 'area')).toEqual([['c'], ['a']]);
		expect(hints).toContain('Groups that are not output because of "Max Groups": 2');
		const all = summarizeWith({ groupBy: ['area'], maxGroups: 4 }, records);
		expect(all.hints.join()).not.toContain('Max Groups');
		expect(all.rows).toHaveLength(4);
	});
});

describe('a comparison', () => {
	const answered = (cost: string, fields: IDataObject = {}) =>
		call({ terminationCode: '200', cost, ...fields });
	const failed = (fields: IDataObject = {}) => call({ terminationCode: '486', ...fields });
	function changesOf(now: WireRecord[], before: WireRecord[] | null, options: Partial<SummaryOptions> = {}) {
		const summary = new Summary({ ...OPTIONS, ...options }, RANGE, ZONE);
		const earlier = summary.createEarlier((seconds) => seconds);
		for (const record of now) summary.add(record);
		for (const record of before ?? []) earlier.add(record);
		atOnce(summary.compareWith(before && earlier));
		return atOnce(summary.rows());
	}

	test('adds the figures before and how they changed, after the range', () => {
		const [row] = changesOf(
			[answered('3'), answered('0'), failed()],
			[answered('1'), failed(), failed(), failed()],
		);
		expect(Object.entries(row).slice(-8)).toEqual([
			['from', expect.anything()],
			['to', expect.anything()],
			['previousCalls', 4],
			['previousAsr', 0.25],
			['previousCost', 1],
			['callsChange', -0.25],
			['costChange', 2],
			['asrChange', 0.4167],
		]);
	});

	test.each<[string, WireRecord[], WireRecord[] | null, object]>([
		['nothing before', [answered('3')], [], { previousCalls: 0, previousAsr: null, previousCost: 0, callsChange: null, asrChange: null, costChange: null }], // prettier-ignore
		['nothing now', [], [answered('3')], { calls: 0, previousCalls: 1, callsChange: -1, asrChange: null, costChange: -1 }], // prettier-ignore
		['a cost that is not known yet', [answered('3')], [answered('')], { previousCost: null, costChange: null, callsChange: 0 }], // prettier-ignore
		['another currency', [answered('3')], [answered('2', { currency: 'EUR' })], { previousCost: 0, costChange: null }], // prettier-ignore
		['a time that ITNIO has no more', [answered('3')], null, { previousCalls: null, previousAsr: null, previousCost: null, callsChange: null, asrChange: null, costChange: null }], // prettier-ignore
	])('says what is known, and null for the rest, with %s', (_, now, before, expected) => {
		expect(changesOf(now, before)[0]).toMatchObject(expected);
	});

	test('compares each currency with itself', () => {
		const eur = { currency: 'EUR' };
		const before = [answered('2', eur), answered('4')];
		expect(changesOf([answered('3', eur)], before)[0]).toMatchObject({ previousCost: 2, costChange: 0.5 });
		expect(changesOf([answered('3')], before)[0]).toMatchObject({ previousCost: 4, costChange: -0.25 });
		const both = changesOf([answered('3'), answered('3', eur)], before)[0];
		expect(both).toMatchObject({ cost: null, previousCost: null, costChange: null });
		const byCurrency = changesOf([answered('3'), answered('3', eur)], before, { groupBy: ['currency'] });
		expect(columns(byCurrency, 'currency', 'costChange')).toEqual([['EUR', 0.5], ['USD', -0.25]]); // prettier-ignore
		const free = failed({ cost: '0' });
		expect(changesOf([free], [answered('2', eur)])[0]).toMatchObject({ previousCost: 2, costChange: -1 });
	});

	test('knows no rate before of calls that were all pending', () => {
		const [row] = changesOf([answered('3')], [call(), call()]);
		expect(row).toMatchObject({ previousCalls: 2, previousAsr: null, asrChange: null });
	});

	test('rounds a change once, from the counts', () => {
		const list = (good: number, bad: number) => [
			...Array.from({ length: good }, () => answered('0')),
			...Array.from({ length: bad }, () => failed()),
		];
		const [row] = changesOf(list(9999, 6), list(9999, 4));
		expect(row).toMatchObject({ asr: 0.9994, previousAsr: 0.9996, asrChange: -0.0002 });
		expect(changesOf(list(20_000, 1), list(20_000, 0))[0]).toMatchObject({ asr: 0.9999, asrChange: 0 });
	});

	test('has a row for a group that was there only before', () => {
		const rows = changesOf([failed({ code: 'a' })], [failed({ code: 'b' })], { groupBy: ['area'] });
		expect(columns(rows, 'area', 'calls', 'previousCalls')).toEqual([['a', 1, 0], ['b', 0, 1]]); // prettier-ignore
	});

	test('says what the figures before leave out, and which calls are compared with nothing', () => {
		const summary = new Summary({ ...OPTIONS, groupBy: ['day'] }, RANGE, ZONE);
		const earlier = summary.createEarlier((seconds) => seconds);
		earlier.add(answered('', { callDuration: 5, submitTime: '2026-10-25T12:00:00+01:00' }));
		earlier.add(answered('free', { callDuration: 5, submitTime: '2026-10-28T12:00:00+01:00' }));
		atOnce(summary.compareWith(earlier));
		atOnce(summary.rows());
		expect(summary.hints()).toEqual([
			expect.stringMatching(/^Compared with: Calls without a cost yet: 1/),
			expect.stringMatching(/^Compared with: Call records whose "cost" is not a number: 1/),
			expect.stringMatching(/^Earlier calls whose day or hour has no counterpart in the time range: 1/),
		]);
	});

	test('with details does not compare or repeat them', () => {
		const [row] = changesOf([answered('3')], [answered('1')], { includeDetails: true });
		expect(Object.keys(row).slice(-2)).toEqual(['asrChange', 'details']);
	});
});
