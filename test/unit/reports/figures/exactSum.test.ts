import fc from 'fast-check';
import { ExactSum } from '../../../../nodes/Itniotech/reports/figures/exactSum';
import { runs } from '../../../support/runs';

const sumOf = (amounts: string[]) => {
	const sum = new ExactSum();
	const isRead = amounts.map((amount) => sum.add(amount));
	return { text: sum.toString(), isRead };
};

describe('the sum', () => {
	test.each<[string, string[], string]>([
		['nothing', [], '0'],
		['what floating point cannot add', ['0.1', '0.2'], '0.3'],
		['amounts of different length', ['1', '0.25', '0.0005'], '1.2505'],
		['a longer amount before a shorter one', ['0.0005', '1'], '1.0005'],
		['amounts that end with zeros', ['1.50', '2.500'], '4'],
		['whole tens, which keep their zeros', ['60', '40'], '100'],
		['amounts that begin with zeros', ['007', '00.70'], '7.7'],
		['an amount without digits behind its point', ['5.', '1'], '6'],
		['an amount without digits before its point', ['.5', '-.25'], '0.25'],
		['amounts with signs', ['+1.5', '-2'], '-0.5'],
		['a negative amount below one', ['-0.05'], '-0.05'],
		['amounts that make up for each other', ['-0.7', '0.70'], '0'],
		['negative zero', ['-0.00'], '0'],
		['a small number as JavaScript writes it', [String(0.0000001), '1'], '1.0000001'],
		['a large number as JavaScript writes it', [String(1e21), '1'], '1000000000000000000001'],
		['exponents of either case and sign', ['1.5E+3', '25e-1', '1e2'], '1602.5'],
		['more digits than a number holds', ['9007199254740993.000000001', '0.1'], '9007199254740993.100000001'],
	])('of %s is exact', (_, amounts, expected) => {
		expect(sumOf(amounts).text).toBe(expected);
		expect(sumOf(amounts).isRead).not.toContain(false);
	});

	test('of a million micro-amounts is exact', () => {
		const sum = new ExactSum();
		for (let index = 0; index < runs(1_000_000); index++) sum.add('0.000001');
		expect(Number(sum.toString())).toBe(runs(1_000_000) / 1_000_000);
	});
});

test.each([
	'',
	' ',
	'.',
	'-',
	'e5',
	'1e',
	'.e1',
	'free',
	'1,50',
	'1 000',
	'1.2.3',
	'--1',
	'0x10',
	'NaN',
	'Infinity',
	'USD 1',
	'1n',
	'1_000',
	'١',
	'1\n2',
	'1e999',
])('%p is not an amount, and changes nothing', (text) => {
	expect(sumOf(['1.5', text])).toEqual({ text: '1.5', isRead: [true, false] });
});

const amount = fc.record({
	sign: fc.constantFrom('', '+', '-'),
	zeros: fc.constantFrom('', '0', '000'),
	units: fc.bigInt({ min: 0n, max: 10n ** 25n }),
	places: fc.nat({ max: 20 }),
	exponent: fc.option(fc.integer({ min: -20, max: 20 }), { nil: undefined }),
});

test('sums equal those of whole numbers of the smallest unit, in any order', () => {
	const PLACES = 40;
	fc.assert(
		fc.property(fc.array(amount, { maxLength: 30 }), (amounts) => {
			let units = 0n;
			const texts = amounts.map((one) => {
				const exponent = one.exponent ?? 0;
				const value = one.units * 10n ** BigInt(PLACES - one.places + exponent);
				units += one.sign === '-' ? -value : value;
				const digits = one.zeros + String(one.units).padStart(one.places + 1, '0');
				const [whole, fraction] = [
					digits.slice(0, digits.length - one.places),
					digits.slice(digits.length - one.places),
				];
				const tail = one.exponent === undefined ? '' : `e${one.exponent}`;
				return `${one.sign}${whole}${fraction && `.${fraction}`}${tail}`;
			});
			const text = sumOf(texts).text;
			expect(text).toMatch(/^(0|-?(?:[1-9]\d*|0(?=\.))(?:\.\d*[1-9])?)$/);
			const [whole, fraction = ''] = text.split('.');
			expect(BigInt(whole + fraction.padEnd(PLACES, '0'))).toBe(units);
			expect(sumOf([...texts].reverse()).text).toBe(text);
		}),
		{ numRuns: 500 },
	);
});
