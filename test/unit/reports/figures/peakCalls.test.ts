import fc from 'fast-check';
import { PeakCalls } from '../../../../nodes/Itniotech/reports/figures/peakCalls';

const START_S = Date.parse('2026-11-20T00:00:00Z') / 1000;

test('the peak is the most calls of any second, over hours, also where an hour has thousands of calls', () => {
	const input = {
		calls: fc.array(fc.tuple(fc.nat({ max: 7300 }), fc.nat({ max: 200 })), { maxLength: 30 }),
		/** As many short calls, in one hour. */
		crowd: fc.constantFrom(0, 0, 0, 2500, 9000),
	};
	fc.assert(
		fc.property(fc.record(input), ({ calls, crowd }) => {
			const peakCalls = new PeakCalls();
			const perSecond = new Map<number, number>();
			const add = (fromS: number, length: number) => {
				peakCalls.add(START_S + fromS, START_S + fromS + length);
				for (let second = 0; second < Math.max(1, length); second++) {
					perSecond.set(fromS + second, (perSecond.get(fromS + second) ?? 0) + 1);
				}
			};
			for (let index = 0; index < crowd; index++) add(index % 3600, index % 2);
			for (const [fromS, length] of calls) add(fromS, length);
			expect(peakCalls.peak()).toBe(perSecond.size === 0 ? null : Math.max(...perSecond.values()));
		}),
		{ numRuns: 200 },
	);
});
