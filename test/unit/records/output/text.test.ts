import fc from 'fast-check';
import {
	amountText,
	chatText,
	listText,
	moneyText,
	numberText,
	quantityText,
	shareText,
} from '../../../../nodes/Itniotech/records/output/text';

test('text of any length becomes one short line without mark-up, and no character is cut in half', () => {
	const text = fc.oneof(
		fc.string({ unit: 'grapheme', maxLength: 300 }),
		fc.string({ unit: fc.constantFrom(...'<>[]`*_~|\n\t a', '😀', '\u202e'), maxLength: 300 }),
	);
	fc.assert(
		fc.property(text, (one) => {
			const line = chatText(one);
			expect(line).not.toMatch(/[<>[\]`*_~|\r\n\t]/);
			expect([...line].length).toBeLessThanOrEqual(101);
			expect(() => encodeURIComponent(line)).not.toThrow();
		}),
		{ numRuns: 500 },
	);
	expect(chatText('x'.repeat(5000))).toBe(`${'x'.repeat(100)}…`);
	for (const character of ['x', '语', '𠮷', '😀']) {
		expect(chatText(character.repeat(100))).toBe(character.repeat(100));
		expect(chatText(character.repeat(101))).toBe(`${character.repeat(100)}…`);
	}
});

test.each([
	[[], ''],
	[['a', 'b'], 'a, b'],
	[['a', 'b', 'c', 'd'], 'a, b, and 2 more'],
	[Array.from({ length: 1236 }, () => 'a'), 'a, a, and 1,234 more'],
])('a list in a text has two entries and the number of the others (case %#)', (entries, expected) =>
	expect(listText(entries, 2)).toBe(expected),
);

describe('a share', () => {
	test.each([
		[15, 19, '78.9%'],
		[28, 29, '96.6%'],
		[1, 29, '3.4%'],
		[3_999, 4_000, '99.98%'],
		[1, 3_999, '0.03%'],
		[20_000, 20_001, '99.995%'],
		[1, 25_000, '0.004%'],
		[1, 3, '33.3%'],
		[1, 2, '50.0%'],
		[7, 7, '100%'],
		[0, 7, '0%'],
		[0, 0, '–'],
	])('of %d of %d is %s', (part, whole, text) => expect(shareText(part, whole)).toBe(text));

	test('is the nearest one with its digits, and all or none only where it is', () => {
		const counts = fc
			.tuple(fc.maxSafeNat(), fc.maxSafeNat(), fc.constantFrom(10, 10_000, Number.MAX_SAFE_INTEGER))
			.map(([a, b, max]) => [a % max, b % max].sort((x, y) => x - y))
			.filter(([, whole]) => whole > 0);
		fc.assert(
			fc.property(counts, ([part, whole]) => {
				const text = shareText(part, whole);
				expect(text === '100%').toBe(part === whole);
				expect(text === '0%').toBe(part === 0);
				if (part === 0 || part === whole) return;
				const [, digits] = /^\d+\.(\d+)%$/.exec(text)!;
				const unit = 10n ** BigInt(digits.length);
				const distance = BigInt(text.replace(/[.%]/g, '')) * BigInt(whole) - 100n * unit * BigInt(part);
				expect(2n * (distance < 0n ? -distance : distance) <= BigInt(whole)).toBe(true);
				expect(Number.parseFloat(text)).toBeGreaterThan(0);
				expect(Number.parseFloat(text)).toBeLessThan(100);
			}),
			{ numRuns: 1000 },
		);
	});
});

test.each([
	[0, '0 numbers'],
	[1, '1 number'],
	[1204, '1,204 numbers'],
])('the number %d is said as %s', (count, text) => {
	expect(quantityText(count, 'number')).toBe(text);
	expect(numberText(count)).toBe(text.split(' ')[0]);
});

test('a noun can have a plural that is not regular', () => {
	expect(quantityText(1, 'country', 'countries')).toBe('1 country');
	expect(quantityText(2, 'country', 'countries')).toBe('2 countries');
});

describe('money', () => {
	test.each([
		['0', '0.00'],
		[45.86, '45.86'],
		['1234567.5', '1,234,567.50'],
		['0.995', '1.00'],
		['0.05', '0.05'],
		['0.01234', '0.0123'],
		['0.00003', '0.00003'],
		['0.0000345678', '0.000035'],
		['1e-7', '0.0000001'],
		['-0.004', '-0.004'],
		// A JavaScript number has 16 digits.
		['12345678901234567.89', '12,345,678,901,234,567.89'],
	])('of %s is %s', (amount, text) => expect(amountText(amount)).toBe(text));

	test('never says zero for something', () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 999_999 }), fc.integer({ min: 0, max: 12 }), (digits, places) => {
				expect(amountText(`${digits}e-${places}`)).toMatch(/[1-9]/);
			}),
			{ numRuns: 300 },
		);
	});

	test.each([
		[[], false, '0.00'],
		[[], true, 'not known yet'],
		[['USD 12.3'], false, '12.30 USD'],
		[['USD 12.3'], true, '12.30 USD so far'],
		[['USD 0'], false, '0.00 USD'],
		[['USD 0'], true, 'not known yet'],
		[['EUR 5', 'USD 0'], false, '5.00 EUR'],
		[['EUR 5', 'USD 0'], true, '5.00 EUR so far'],
		[['EUR 5', 'USD 4'], false, '5.00 EUR, 4.00 USD'],
		[['EUR 5', 'USD 4', 'INR 3'], false, '5.00 EUR, 4.00 USD, +1 currency'],
		[['EUR 5', 'USD 4', 'INR 3', 'KES 2'], true, '5.00 EUR, 4.00 USD, +2 currencies so far'],
		[['AED 0.01', 'AMD 0.01', 'USD 3800'], false, '0.01 AED, 3,800.00 USD, +1 currency'],
		[['AED 0.01', 'EUR 9', 'GBP 0.02', 'USD 38'], true, '9.00 EUR, 38.00 USD, +2 currencies so far'],
		[['_US* 5'], false, '5.00 US'],
	])('in %j, a part: %j, is said as %s', (costs, isPart, text) => {
		const list = costs.map((one) => ({ currency: one.split(' ')[0], cost: one.split(' ')[1] }));
		expect(moneyText(list, isPart)).toBe(text);
	});
});
