import fc from 'fast-check';
import { roundedQuotient, shareOf } from '../../../../nodes/Itniotech/reports/figures/rounding';

test.each<[number, number, number | null]>([
	[0, 0, null],
	[0, 5, 0],
	[5, 5, 1],
	[3999, 4000, 0.9998],
	[20_000, 20_001, 0.9999],
	[1, 30_000, 0.0001],
	[15, 19, 0.7895],
	[3, 20_000, 0.0002],
	[29, 20_000, 0.0015],
])('the share of %d in %d is %p', (part, whole, expected) => {
	expect(shareOf(part, whole)).toBe(expected);
});

test('a share is 1 only of all and 0 only of none, and else the nearest of four decimals', () => {
	const counts = fc
		.nat({ max: 1_000_000 })
		.chain((whole) => fc.tuple(fc.nat({ max: whole }), fc.constant(whole)));
	fc.assert(
		fc.property(counts, ([part, whole]) => {
			const share = shareOf(part, whole);
			if (whole === 0) return expect(share).toBeNull();
			expect(share === 1).toBe(part === whole);
			expect(share === 0).toBe(part === 0);
			expect(Math.abs(share! - part / whole)).toBeLessThan(0.0001);
			if (part / whole > 0.0001 && part / whole < 0.9999) expect(share).toBeCloseTo(part / whole, 4);
		}),
	);
});

test('a half is rounded away from zero, whatever it is a quotient of', () => {
	const quotients: Array<[up: number, down: number, belowHalf: number]> = [];
	const expected: typeof quotients = [];
	for (let part = 1; part < 20_000; part += 2) {
		const half = (part + 1) / 2 / 10_000;
		quotients.push([
			roundedQuotient(part, 20_000, 4),
			roundedQuotient(-part, 20_000, 4),
			roundedQuotient(part * 100_000 - 1, 20_000 * 100_000, 4),
		]);
		expected.push([half, -half, (part - 1) / 2 / 10_000]);
	}
	expect(quotients).toEqual(expected);
});

test('no loss is rounded to a negative zero', () => {
	expect(Object.is(roundedQuotient(-1, 100_000, 4), 0)).toBe(true);
});
