import fc from 'fast-check';

import { readNumbers } from '../../../../nodes/Itniotech/resources/voiceMessage/numbers';
import { runs } from '../../../support/runs';

const read = (value: unknown) => readNumbers(value, 'Called Numbers');

const digits = fc.stringMatching(/^[1-9]\d{6,14}$/);
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
);
const invisible = fc.constantFrom(
	...['', '\u200e', '\u200f', '\u202a', '\u202b', '\u202c', '\u202d', '\u202e', '\u2060'],
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
				return `${gap ?? ''}${digit}`;
			})
			.join('');
		return { number, text: `${edge}${before}${prefix}${spaced}${after}${edge}` };
	});

test('a number keeps its digits however it is written', () => {
	fc.assert(
		fc.property(written, ({ number, text }) => {
			expect(read(text)).toEqual([number]);
		}),
		{ numRuns: runs(2000) },
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
		{ numRuns: runs(500) },
	);
});

test('the zero in brackets after the country code is never dialled', () => {
	fc.assert(
		fc.property(
			fc.stringMatching(/^[1-9]\d{0,2}$/),
			fc.stringMatching(/^\d{6,12}$/),
			fc.constantFrom('+', '00'),
			fc.constantFrom('(0)', ' (0)', ' (0) ', '(0) ', ' ( 0 ) '),
			(country, rest, prefix, zero) => {
				expect(read(`${prefix}${country}${zero}${rest}`)).toEqual([country + rest]);
			},
		),
		{ numRuns: runs(500) },
	);
});

test('any other character refuses the number, and the message names it', () => {
	const allowed = /[\d\p{Zs}\p{Pd}\u2212\u200e\u200f\u202a-\u202e\u2060,;\t\r\n\v\f\u0085\u2028\u2029]/u;
	const odd = fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }).filter((one) => !allowed.test(one));
	fc.assert(
		fc.property(digits, fc.nat(15), odd, (number, at, character) => {
			const text = `${number.slice(0, at)}${character}${number.slice(at)}`;
			// At its beginning, a plus sign is part of a number.
			if (text.startsWith('+')) return;
			expect(() => read(text)).toThrow('"Called Numbers" is not a valid phone number');
		}),
		{ numRuns: runs(2000) },
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
			const groups = text.split(/[,;\n]+/).map((group) => group.replace(/\(0\)/, '').replace(/\D/g, ''));
			expect(numbers).toEqual(
				groups.filter((group) => group !== '').map((group) => group.replace(/^00/, '')),
			);
			for (const number of numbers) expect(number).toMatch(/^[1-9]\d{6,14}$/);
		}),
		{ numRuns: runs(5000) },
	);
});

test.each<[string, unknown]>([
	['six digits', '155501'],
	['16 digits', '1555010015550100'],
	['a national number', '020 7946 0012'],
	['an area code in brackets', '+1 (555) 0100'],
	['a zero in brackets without a country code', '(0)20 7946 0012'],
	['a zero in brackets later on', '+44 20 (0)7946 0012'],
	['two plus signs', '++15550100'],
	['a plus sign within', '1555+0100'],
	['a plus sign and 00', '+0015550100'],
	['an extension', '15550100 ext. 5'],
	['full-width digits', '１５５５０１００'],
	['Arabic digits', '١٥٥٥٠١٠٠'],
	['a number as a spreadsheet shows it', '9.18E+11'],
	['a number as a spreadsheet shows it, in a list', '[9.18E+11]'],
	['a fraction', 15550100.5],
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
	['a zero-width blank', '1555\u200b0100'],
	['an isolate', '\u206615550100\u2069'],
])('refuses %s', (_, value) => {
	expect(() => read(value)).toThrow(/"Called Numbers" (is not a valid phone number|must be text)/);
});

test.each([[''], [' '], [null], [undefined], [[]], [['']], ['[]'], [',;\n']])(
	'refuses no number at all: %j',
	(value) => {
		expect(() => read(value)).toThrow('"Called Numbers" is empty');
	},
);
