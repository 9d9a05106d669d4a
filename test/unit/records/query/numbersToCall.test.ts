import fc from 'fast-check';

import { isCallable, phoneNumberOf } from '../../../../nodes/Itniotech/records/phoneNumber';
import { readNumbersToCall, readPhoneNumbers } from '../../../../nodes/Itniotech/records/query/phoneNumbers';
import type { UserError } from 'n8n-workflow';
import { thrownBy } from '../../support/thrownBy';

const read = (value: unknown) => readNumbersToCall(value, 'Called Numbers');

/** No zero where a country code may end: it would be one that is dialled within the country alone. */
const digits = fc.stringMatching(/^[1-9][1-9]{3}\d{3,11}$/);
const blank = fc.constantFrom(
	' ',
	'-',
	'\u2013',
	'\u2011',
	'\u2212',
	'\u00a0',
	'\u202f',
	'\u3000',
	' - ',
	'  ',
	' (',
	') ',
	'/',
	'..',
);
const invisible = fc.constantFrom(
	...['', '\u200e', '\u202a', '\u202c', '\u2060', '\u200b', '\u2066', '\u2069', '\ufeff', '\u00ad'],
);
const separator = fc.constantFrom(',', ';', '\n', '\r\n', '\t', ', ', ' ;', '\n\n', ',,', '\u2028', '\u0085');

/** A number as people write it: its digits, and the way it is written. */
const written = fc
	.record({
		number: digits,
		prefix: fc.constantFrom('', '+', '00', '+ ', '00 '),
		gaps: fc.array(fc.tuple(fc.nat(14), blank), { maxLength: 4 }),
		around: fc.tuple(invisible, invisible, fc.constantFrom('', ' ', '\u00a0')),
	})
	.map(({ number, prefix, gaps, around: [before, after, edge] }) => {
		const spaced = [...number]
			.map((digit, index) => {
				const gap = index === 0 ? undefined : gaps.find(([place]) => place === index)?.[1];
				// A zero that begins a bracket may be one that is dialled within the country alone.
				return digit === '0' && gap === ' (' ? digit : `${gap ?? ''}${digit}`;
			})
			.join('');
		return { number, text: `${edge}${before}${prefix}${spaced}${after}${edge}` };
	});

test('a number keeps its digits however it is written', () => {
	fc.assert(
		fc.property(written, invisible, fc.nat(30), ({ number, text }, mark, at) => {
			const marked = text.slice(0, at) + mark + text.slice(at);
			expect(read(marked)).toEqual([number]);
			// It is the same number in a filter, and in a record.
			expect(readPhoneNumbers(marked, 'Called Number')).toEqual([number]);
			expect(phoneNumberOf(marked)).toBe(number);
		}),
		{ numRuns: 2000 },
	);
});

test('each separator tells numbers apart, and a list does, too', () => {
	fc.assert(
		fc.property(fc.array(written, { minLength: 1, maxLength: 6 }), separator, (list, between) => {
			const numbers = list.map(({ number }) => number);
			const texts = list.map(({ text }) => text);
			expect(read(texts.join(between))).toEqual(numbers);
			expect(read(texts)).toEqual(numbers);
			expect(read(JSON.stringify(texts))).toEqual(numbers);
			expect(read(numbers.map(Number))).toEqual(numbers);
			expect(read(`[${numbers.join(', ')}]`)).toEqual(numbers);
		}),
		{ numRuns: 500 },
	);
});

const ZERO_IS_CALLED = ['39', '378', '379', '225', '226', '227', '229', '241', '242', '992'];

test('the zero in brackets after the country code is called only where numbers begin with it', () => {
	fc.assert(
		fc.property(
			fc.oneof(fc.stringMatching(/^[1-9]{1,3}$/), fc.constantFrom(...ZERO_IS_CALLED)),
			fc.stringMatching(/^[1-9]{3}\d{3,7}$/),
			fc.constantFrom('+', '00', '', '(+'),
			fc.constantFrom('(0)', ' (0)', ' (0) ', '(0) ', ' ( 0 ) ', '-(0)-', '.(0)', '\u2066(0)\u2069', '[0]'),
			(country, rest, prefix, zero) => {
				const text = `${prefix}${country}${prefix === '(+' ? ')' : ''}${zero}${rest}`;
				const called = country + (ZERO_IS_CALLED.includes(country) ? '0' : '') + rest;
				fc.pre(isCallable(called));
				expect(read(text)).toEqual([called]);
				expect(readPhoneNumbers(text, 'Called Number')).toEqual([called]);
				expect(phoneNumberOf(text)).toBe(called);
			},
		),
		{ numRuns: 500 },
	);
});

const TRUNK_ZERO = [
	'20',
	'27',
	'31',
	'33',
	'34',
	'36',
	'44',
	'49',
	'61',
	'81',
	'91',
	'212',
	'254',
	'353',
	'420',
	'852',
	'971',
	'998',
];

test('a zero right after the country code is refused, unless numbers of the country begin with it', () => {
	fc.assert(
		fc.property(
			fc.constantFrom(...TRUNK_ZERO, ...ZERO_IS_CALLED, '800'),
			fc.stringMatching(/^[1-9]\d{6,9}$/),
			fc.constantFrom('+', '00', '+00', '(+'),
			fc.constantFrom('0', ' 0', '-0', ' 0 ', '.0', '/0'),
			(country, rest, prefix, zero) => {
				const text = `${prefix}${country}${prefix === '(+' ? ')' : ''}${zero}${rest}`;
				if (TRUNK_ZERO.includes(country)) {
					const { description } = thrownBy(() => read(text)) as UserError;
					expect(description).toContain('Numbers of this country have no 0 after the country code.');
					expect(() => readPhoneNumbers(text, 'Called Number')).toThrow('is not a valid phone number');
					expect(phoneNumberOf(text)).toBe(text);
				} else {
					expect(read(text)).toEqual([`${country}0${rest}`]);
					expect(phoneNumberOf(text)).toBe(`${country}0${rest}`);
				}
			},
		),
		{ numRuns: 500 },
	);
}); // prettier-ignore

test.each([
	['+39 (0)6 1234 5678', '390612345678'],
	['+39 (06) 1234 5678', '390612345678'],
	['+378 (0)549 123456', '3780549123456'],
	['+1 (555) 010-0123', '15550100123'],
	['1.555.010.0123', '15550100123'],
	['+1.5550100123', '15550100123'],
	['＋１５５５０１００', '15550100'],
	['+0015550100', '15550100'],
])('the number %j is %s in a call, a filter and a record', (text, number) => {
	expect(read(text)).toEqual([number]);
	expect(readPhoneNumbers(text, 'Called Number')).toEqual([number]);
	expect(phoneNumberOf(text)).toBe(number);
});

test('any other character refuses the number, and the message names it', () => {
	const allowed = /[\d\p{Zs}\p{Pd}\p{Cf}\u2212.()[\]{}/,;，；\t\r\n\v\f\u0085\u2028\u2029\uff01-\uff5e]/u;
	const odd = fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).filter((one) => !allowed.test(one));
	fc.assert(
		fc.property(digits, fc.nat(15), odd, (number, at, character) => {
			const text = `${number.slice(0, at)}${character}${number.slice(at)}`;
			// At its beginning, a plus sign is part of a number.
			if (text.startsWith('+')) return;
			const error = thrownBy(() => read(text)) as UserError;
			expect(error.message).toMatch('"Called Numbers" is not a valid phone number');
			const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
			expect(error.message).toMatch(/[!-~]/.test(character) ? character : `[U+${code}]`);
		}),
		{ numRuns: 2000 },
	);
});

test('whatever is read is 7 to 15 digits, all of them from the text and in its order', () => {
	const piece = fc.constantFrom(...'0123456789+-() .,;/x\n'.split(''), '(0)', '00', '+44', '555', '\u200e');
	fc.assert(
		fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
			const text = pieces.join('');
			let numbers: string[] = [];
			try {
				numbers = read(text);
			} catch {
				return;
			}
			const groups = text.split(/[,;\n]+/).map((group) => {
				const [before, ...after] = group.split('(0)');
				const isCalled = /^(00)?(39|378|379|22[5679]|241|242|992)$/.test(before.replace(/\D/g, ''));
				return [before, ...after].join(isCalled ? '0' : '').replace(/\D/g, '');
			});
			expect(numbers).toEqual(
				groups.filter((group) => group !== '').map((group) => group.replace(/^00/, '')),
			);
			for (const number of numbers) expect(number).toMatch(/^[1-9]\d{6,14}$/);
		}),
		{ numRuns: 5000 },
	);
});

test.each<[string, unknown]>([
	['16 digits', '1555010015550100'],
	['a zero in brackets without a country code', '(0)20 7946 0012'],
	['a zero in brackets later on', '+44 20 (0)7946 0012'],
	['two zeros in brackets', '+44 (0)20 (0)7946 001'],
	['a zero in brackets behind an open one', '555(000(0)'],
	['two plus signs', '++15550100'],
	['an area code with its zero, in brackets', '+44 (020) 7946 0012'],
	['a prefix that begins national numbers elsewhere', '011 44 20 7946 0012'],
	['a whole number written as a fraction', '918563214120.0'],
	['a footnote', '15550100²'],
	['Arabic digits', '١٥٥٥٠١٠٠'],
	['a number as a spreadsheet shows it', '9.18E+11'],
	['a number as a spreadsheet shows it, in a list', '[9.18E+11]'],
	['a fraction in a list', '[15550100.5]'],
	['a whole number written as a fraction, in a list', '[15550100.0]'],
	['a number that has lost digits', 12345678901234567000],
	['a number that has lost digits, in a list', '[12345678901234567891]'],
	['a negative number', -15550100],
	['a negative number in a list', '[-15550100]'],
	['not a number', NaN],
	['a truth value in a list', '[true]'],
	['an object', { number: '15550100' }],
	['a list in a list', [['15550100']]],
	['a long text', '1'.repeat(61)],
])('what is to be called is refused: %s', (_, value) => {
	expect(() => read(value)).toThrow(/"Called Numbers" (is not a valid phone number|must be text)/);
});

test.each([[''], [' '], [null], [undefined], [[]], [['']], ['[]'], [',;\n']])(
	'a list without a number to call is refused: %j',
	(value) => {
		expect(() => read(value)).toThrow('"Called Numbers" is empty');
	},
);

test.each([
	['1555О100', '1555О[U+041E]100', '"О" cannot be part of a phone number.'],
	['1555\u28000100', '1555\u2800[U+2800]0100', '"\u2800" cannot be part of a phone number.'],
	['15550100 ext. 5', '15550100 ext. 5', '"e" cannot be part of a phone number.'],
	['1555\ufe0f0100', '1555[U+FE0F]0100', 'cannot be part of a phone number.'],
	['155501', '155501', 'It has 6 digits.'],
	['1', '1', 'It has 1 digit.'],
	['020 7946 0012', '020 7946 0012', 'It has no country code.'],
	['15550100.5', '15550100.5', 'It has decimals.'],
	['1555+0100', '1555+0100', '"+" can only be its first character.'],
	['+44 20 (0)7946', '+44 20 (0)7946', 'A zero in brackets must stand alone'],
	[15550100.5, '15550100.5', 'It is a number that has decimals or lost digits.'],
	['+', '+', 'It has no digits.'],
])('an error shows the number %j so that its fault can be seen', (value, quoted, fault) => {
	expect(thrownBy(() => read(value))).toMatchObject({
		message: `"Called Numbers" is not a valid phone number: ${quoted}`,
		description: expect.stringContaining(fault) as string,
	});
});

test('the advice is true of a field that takes a single number, too', () => {
	const { description } = thrownBy(() => readNumbersToCall('+', 'Called Number')) as UserError;
	expect(description).toContain('7 to 15 digits');
	expect(description).not.toMatch(/several|commas/i);
});
