import type { WireRecord } from '../../../nodes/Itniotech/api/types';
import {
	FIELD_NAMES,
	numberOf,
	outcomeOf,
	secondsOf,
	selectFields,
	simplify,
	textOf,
} from '../../../nodes/Itniotech/records/record';

/** The record that the vendor's page shows. */
const SAMPLE: WireRecord = Object.freeze({
	voiceId: '2203031113381000002',
	callee: '91856321412',
	displayNum: '1008122211',
	code: 'Afghanistan(Kandahar)',
	submitTime: '2022-01-18T14:42:40+08:00',
	callTime: '2022-01-18T14:45:42+08:00',
	callDuration: 5,
	terminationCode: '200',
	terminationReason: 'success',
	cost: '2',
	feedbackValue: '1',
});

describe('outcome', () => {
	test.each([
		['answered', '200'],
		['answered', '0'],
		['answered', 200],
		['answered', 0],
		['answered', ' 200 '],
		['failed', '486'],
		['failed', 404],
		['failed', '-1'],
		['failed', '2000'],
		['pending', null],
		['pending', ''],
		['pending', '  '],
		['pending', undefined],
	])('is %s when the code is %p', (outcome, terminationCode) => {
		expect(outcomeOf({ voiceId: '1', terminationCode })).toBe(outcome);
	});

	const TIME = '2022-01-18T14:45:42+08:00';
	test.each<[string, object]>([
		['failed', { hangupTime: TIME }],
		['failed', { hangupTime: TIME, answerTime: '', callDuration: 0 }],
		['failed', { hangupTime: TIME, answerTime: '1970-01-01T08:00:00+08:00', callDuration: '0' }],
		['answered', { hangupTime: TIME, answerTime: TIME }],
		['answered', { hangupTime: TIME, callDuration: 5 }],
		['answered', { hangupTime: TIME, callDuration: '5' }],
		['pending', { answerTime: TIME }],
		['pending', { answerTime: TIME, callDuration: 5, hangupTime: '' }],
		['pending', { hangupTime: '1970-01-01T08:00:00+08:00' }],
		['pending', { hangupTime: '9999-12-31T23:59:59+08:00' }],
		['pending', { hangupTime: 'none' }],
	])('is %s without a code when the call has %j', (outcome, fields) => {
		for (const terminationCode of [null, '', undefined])
			expect(outcomeOf({ voiceId: '1', terminationCode, ...fields })).toBe(outcome);
		expect(outcomeOf({ voiceId: '1', ...fields, terminationCode: '200' })).toBe('answered');
		expect(outcomeOf({ voiceId: '1', ...fields, terminationCode: '486' })).toBe('failed');
	});
});

describe('simplified record', () => {
	test('has the ten fields of the contract, in their order', () => {
		const simplified = simplify(SAMPLE);
		expect(simplified).toEqual({
			voiceId: '2203031113381000002',
			calledNumber: '91856321412',
			displayNum: '1008122211',
			area: 'Afghanistan(Kandahar)',
			submitTime: '2022-01-18T14:42:40+08:00',
			outcome: 'answered',
			terminationCode: '200',
			terminationReason: 'success',
			callDuration: 5,
			cost: 2,
		});
		expect(Object.keys(simplified).join()).toBe(
			'voiceId,calledNumber,displayNum,area,submitTime,outcome,terminationCode,terminationReason,callDuration,cost',
		);
	});

	test.each([
		['null', null],
		['empty text', ''],
		['absent', undefined],
	])('shows null for a value that is %s', (_case, nothing) => {
		const wire: WireRecord = { voiceId: '1' };
		for (const key of Object.keys(SAMPLE))
			if (key !== 'voiceId' && nothing !== undefined) wire[key] = nothing;
		const { voiceId, outcome, ...others } = simplify(wire);
		expect([voiceId, outcome]).toEqual(['1', 'pending']);
		expect(Object.values(others)).toEqual(Array(8).fill(null));
	});

	test('keeps a duration and a cost of nothing as 0', () => {
		expect(simplify({ voiceId: '1', callDuration: 0, cost: '0.000' })).toMatchObject({
			callDuration: 0,
			cost: 0,
		});
	});
});

test.each([
	['text', 'a', 'a'],
	['text with blanks', ' a b ', 'a b'],
	['a number', 5, '5'],
	['the number 0', 0, '0'],
	['empty text', '', null],
	['null', null, null],
	['undefined', undefined, null],
	['a truth value', true, null],
	['an object', {}, null],
	['a list', ['a'], null],
])('text of %s', (_case, value, expected) => expect(textOf(value)).toBe(expected));

test.each([
	['a number', 1.5, 1.5],
	['text', ' 1.50 ', 1.5],
	['0 as text', '0', 0],
	['words', 'five', null],
	['empty text', '', null],
	['null', null, null],
	['an infinite number', Infinity, null],
])('number of %s', (_case, value, expected) => expect(numberOf(value)).toBe(expected));

test.each([
	['the offset of the vendor', '2022-01-18T14:42:40+08:00', 1642488160],
	['an offset without colon', '2022-01-18T14:42:40+0800', 1642488160],
	['UTC', '2022-01-18T06:42:40Z', 1642488160],
	['a fraction of a second', '2022-01-18T06:42:40.999Z', 1642488160],
	['no offset, which would mean the zone of the host', '2022-01-18T14:42:40', null],
	['a date alone', '2022-01-18', null],
	['no such day', '2022-13-41T14:42:40+08:00', null],
	['more text than a time has', `2022-01-18T${'0'.repeat(30)}Z`, null],
	['nothing', null, null],
])('seconds of a time with %s', (_case, value, expected) => expect(secondsOf(value)).toBe(expected));

test('a long text is rejected as a time at once', () => {
	const text = `${'T'.repeat(1_000_000)}x`;
	const startedAt = performance.now();
	expect(secondsOf(text)).toBeNull();
	// Read by an expression, it would take a quarter of an hour.
	expect(performance.now() - startedAt).toBeLessThan(1000);
});

const RECORD = {
	voiceId: '1',
	callee: '15550100',
	code: 'India(Delhi)',
	terminationCode: 486,
	cost: '0.10',
	rate: '0.05',
};

test('selected fields have the values of the simplified record, others those of the API, in the chosen order', () => {
	const fields = selectFields(RECORD, [
		'rate',
		'calledNumber',
		'cost',
		'terminationCode',
		'outcome',
		'hangupTime',
	]);
	expect(Object.entries(fields)).toEqual([
		['rate', '0.05'],
		['calledNumber', '15550100'],
		['cost', 0.1],
		['terminationCode', '486'],
		['outcome', 'failed'],
		['hangupTime', null],
	]);
});

test('a value that cannot be simplified is null, not what the API sent', () => {
	expect(selectFields({ ...RECORD, cost: 'free' }, ['cost'])).toEqual({ cost: null });
});

test('every simplified field can be selected, and no field has a name that n8n refuses', () => {
	expect(FIELD_NAMES).toEqual(expect.arrayContaining(Object.keys(simplify(RECORD))));
	expect(FIELD_NAMES).not.toContain('callee');
});
