import fc from 'fast-check';
import {
	countryOf,
	keyPressedIn,
	numberOf,
	outcomeOf,
	reasonIn,
	realTimeOf,
	secondsOf,
	textOf,
} from '../../../nodes/Itniotech/records/record';

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

describe('voicemail', () => {
	test.each([40, '40', ' 40 '])(
		'is the outcome of call status %p, whatever else the record says',
		(callStatus) => {
			for (const terminationCode of [null, '200', '486', 0])
				for (const hangupTime of [null, '2022-01-18T14:45:42+08:00'])
					expect(outcomeOf({ voiceId: '1', callStatus, terminationCode, hangupTime })).toBe('voicemail');
		},
	);

	test.each([10, '20', 30, '50', 60, 0, 4, 400, '', ' ', null, undefined, 'voicemail', {}])(
		'is not the outcome of call status %p',
		(callStatus) => {
			expect(outcomeOf({ voiceId: '1', callStatus, terminationCode: '200' })).toBe('answered');
			expect(outcomeOf({ voiceId: '1', callStatus, terminationCode: '486' })).toBe('failed');
			expect(outcomeOf({ voiceId: '1', callStatus })).toBe('pending');
		},
	);
});

test.each<[string | null, object]>([
	['486 Busy Here', { terminationCode: '486', terminationReason: 'Busy Here' }],
	['200 success', { terminationCode: 200, terminationReason: ' success ' }],
	['503', { terminationCode: '503', terminationReason: '' }],
	['Busy Here', { terminationReason: 'Busy Here', hangupTime: '2022-01-18T14:45:42+08:00' }],
	['machine', { terminationReason: 'machine', callStatus: '40' }],
	[null, { hangupTime: '2022-01-18T14:45:42+08:00' }],
	[null, { terminationReason: 'ringing' }],
	[null, { terminationCode: ' ', terminationReason: null }],
])('the reason is %p for %j', (expected, fields) => {
	expect(reasonIn({ voiceId: '1', ...fields })).toBe(expected);
});

test.each([
	['1', '1'],
	[' 12 ', '12'],
	[0, '0'],
	['#', '#'],
	['-1', null],
	[-1, null],
	['', null],
	[null, null],
])('the key pressed for %p is %p', (feedbackValue, expected) => {
	expect(keyPressedIn({ voiceId: '1', feedbackValue })).toBe(expected);
});

test.each([
	['Afghanistan(Kandahar)', 'Afghanistan'],
	['Congo (Kinshasa)(Vodacom)', 'Congo (Kinshasa)'],
	['Congo (Brazzaville)(Airtel)', 'Congo (Brazzaville)'],
	['刚果（金）（Vodacom）', '刚果（金）'],
	['India(Delhi (NCR))', 'India'],
	['India(Delhi', 'India'],
	['India)', 'India)'],
	['India (Delhi)(Airtel)', 'India (Delhi)'],
	['India(Delhi) 2', 'India'],
	['(Kinshasa)(Vodacom)', '(Kinshasa)'],
	['中国（北京）', '中国'],
	['Chile', 'Chile'],
	['(Unknown)', null],
	['', null],
	[null, null],
])('the country of the area %p is %p', (code, expected) => {
	expect(countryOf(code)).toBe(expected);
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
])('%s (%j) of a record is the text %j', (_case, value, expected) => expect(textOf(value)).toBe(expected));

test.each([
	['a number', 1.5, 1.5],
	['text', ' 1.50 ', 1.5],
	['0 as text', '0', 0],
	['words', 'five', null],
	['empty text', '', null],
	['null', null, null],
	['an infinite number', Infinity, null],
])('%s (%j) of a record is the number %j', (_case, value, expected) =>
	expect(numberOf(value)).toBe(expected),
);

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
])('a time with %s (%j) is the second %j', (_case, value, expected) =>
	expect(secondsOf(value)).toBe(expected),
);

test.each([
	['the API', '2022-01-18T14:42:40+08:00', 1642488160],
	['1970', '1970-01-01T08:00:00+08:00', null],
	['the year 9999', '9999-12-31T23:59:59+08:00', null],
	['another form', '2022-01-18 14:42', null],
	['nothing', undefined, null],
])('a time of %s (%j) is the second %j, a placeholder none', (_case, value, expected) =>
	expect(realTimeOf(value)).toBe(expected),
);

test('the seconds of a time are those of `Date.parse`, whatever is in its place', () => {
	const number = (max: number, width = 2) => fc.nat({ max }).map((one) => String(one).padStart(width, '0'));
	const offset = fc
		.tuple(fc.constantFrom('+', '-', ' '), number(25), fc.constantFrom(':', ';'), number(61))
		.map((parts) => parts.join(''));
	const time = fc
		.tuple(
			number(9999, 4),
			fc.constantFrom('-', '/'),
			number(13),
			fc.constantFrom('-', 'x'),
			number(32),
			fc.constantFrom('T', 'T', ' '),
			number(24),
			fc.constantFrom(':', '.'),
			number(61),
			fc.constantFrom(':', ':', '0'),
			number(61),
			offset,
		)
		.map((parts) => parts.join(''));
	const broken = fc
		.tuple(
			fc.constant('2026-11-20T13:00:00+08:00'),
			fc.nat({ max: 24 }),
			fc.constantFrom('x', ' ', '/', ':', '٣'),
		)
		.map(([text, at, character]) => text.slice(0, at) + character + text.slice(at + 1));
	const valid = fc
		.date({ min: new Date('0100-01-02'), max: new Date('9998-12-30'), noInvalidDate: true })
		.map((date) => `${date.toISOString().slice(0, 19)}-03:45`);
	fc.assert(
		fc.property(fc.oneof(time, broken, valid), (text) => {
			const ms = /T.*(Z|[+-]\d\d:?\d\d)$/.test(text) ? Date.parse(text) : NaN;
			expect(secondsOf(text)).toBe(Number.isNaN(ms) ? null : Math.floor(ms / 1000));
		}),
		{ numRuns: 5000 },
	);
});

test('a long text is rejected as a time at once', () => {
	const text = `${'T'.repeat(1_000_000)}x`;
	const startedAt = performance.now();
	expect(secondsOf(text)).toBeNull();
	// Read by an expression, it would take a quarter of an hour.
	expect(performance.now() - startedAt).toBeLessThan(60_000);
});
