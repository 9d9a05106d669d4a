import fc from 'fast-check';
import { costRiseOf } from '../../../../nodes/Itniotech/reports/causes/costRise';

const spending = fc
	.record({ calls: fc.nat(500), cost: fc.integer({ min: -500, max: 5000 }) })
	.map(({ calls, cost }) => ({ calls, cost: calls === 0 ? 0 : cost }));
const change = fc.record({ now: spending, before: spending });

test('whatever was charged and refunded, a rise is a number, and its chance is one', () => {
	let rises = 0;
	fc.assert(
		fc.property(change, change, (segment, rest) => {
			const sum = (time: 'now' | 'before') => ({
				calls: segment[time].calls + rest[time].calls,
				cost: segment[time].cost + rest[time].cost,
			});
			const all = { now: sum('now'), before: sum('before') };
			fc.pre(all.before.cost > 0 && all.now.calls > 0 && all.before.calls > 0);
			const { chance, evidence } = costRiseOf(segment, all, { volume: 0.4, price: 0.3 });
			expect(evidence).toBeGreaterThanOrEqual(0);
			expect(chance).toBeGreaterThanOrEqual(0);
			expect(chance).toBeLessThanOrEqual(1);
			if (evidence > 0) rises++;
		}),
		{ numRuns: 5000 },
	);
	expect(rises).toBeGreaterThan(0);
});
