import fc from 'fast-check';
import {
	compareFractions,
	fractionOf,
	roundValue,
	verdictOn,
	type Limits,
	type AlarmVerdict,
} from '../../../../../nodes/Itniotech/triggers/polling/alarms/verdict';

const limits = (condition: Limits['condition']): Limits =>
	condition === 'above'
		? { condition, threshold: 20, clearAt: 15 }
		: { condition, threshold: 10, clearAt: 12 };
const valueOf = (number: number | null, isPart = false) =>
	number === null ? undefined : { exact: fractionOf(number), isPart };

test.each<[Limits['condition'], number | null, AlarmVerdict | undefined, AlarmVerdict | undefined]>([
	['above', 20.01, 'raised', 'raised'],
	['above', 20, undefined, undefined],
	['above', 15.01, undefined, undefined],
	['above', 15, 'cleared', undefined],
	['above', 0, 'cleared', undefined],
	['above', null, undefined, undefined],
	['below', 9.99, 'raised', undefined],
	['below', -5, 'raised', undefined],
	['below', 10, undefined, undefined],
	['below', 11.99, undefined, undefined],
	['below', 12, 'cleared', 'cleared'],
	['below', null, undefined, undefined],
])('%s its threshold, %p means %p, and %p while more is to come', (condition, number, whole, part) => {
	expect(verdictOn(limits(condition), valueOf(number))).toBe(whole);
	expect(verdictOn(limits(condition), valueOf(number, true))).toBe(part);
});

test('a share is compared without rounding', () => {
	const [part, whole] = [fc.bigInt({ min: 0n, max: 10n ** 6n }), fc.bigInt({ min: 1n, max: 10n ** 6n })];
	const threshold = fc.integer({ min: 1, max: 9999 });
	fc.assert(
		fc.property(part, whole, threshold, (a, b, hundredths) => {
			const value = { exact: { part: 100n * a, whole: b }, isPart: false };
			const one: Limits = { condition: 'above', threshold: hundredths / 100, clearAt: hundredths / 100 };
			const isAbove = 10_000n * a > BigInt(hundredths) * b;
			expect(verdictOn(one, value)).toBe(isAbove ? 'raised' : 'cleared');
			// Who reads the number decides the same.
			expect(roundValue(one, value) > one.threshold).toBe(isAbove);
		}),
		{ numRuns: 2000 },
	);
});

test.each([
	[1, 25_000, 0.004],
	[24_999, 25_000, 99.996],
	[3, 7, 42.86],
	[2001, 10_004, 20.002],
	[1, 3, 33.33],
	[0, 3, 0],
	[3, 3, 100],
])('%d of %d is the number %d, never on another side of a limit', (part, whole, number) => {
	const value = { exact: { part: 100n * BigInt(part), whole: BigInt(whole) }, isPart: false };
	expect(roundValue(limits('above'), value)).toBe(number);
});

test('decimals are read exactly', () => {
	expect(compareFractions(fractionOf('0.30'), fractionOf(0.3))).toBe(0);
	expect(compareFractions(fractionOf(1e-7), fractionOf('0.0000001'))).toBe(0);
	expect(compareFractions(fractionOf(-0.5), fractionOf(0))).toBe(-1);
	expect(compareFractions(fractionOf('100.000000000000001'), fractionOf(100))).toBe(1);
});
