import fc from 'fast-check';
import { FailingNumbers } from '../../../../nodes/Itniotech/reports/document/failingNumbers';
import { runs } from '../../../support/runs';

test('counts thousands of numbers exactly, however they are distributed', () => {
	const input = {
		first: fc.integer({ min: 1, max: 999_999_999_990_000 }),
		step: fc.constantFrom(1, 2, 1024, 65_536, 1_000_000),
		numbers: fc.integer({ min: 1, max: 3000 }),
	};
	fc.assert(
		fc.property(fc.record(input), ({ first, step, numbers }) => {
			const failing = new FailingNumbers();
			const all = Array.from({ length: numbers }, (_, index) => `${(first + index * step) % 1e15 || 1}`);
			const plain = new Map<string, number>();
			for (const [index, number] of all.entries()) {
				for (let times = 0; times <= index % 3; times++) {
					failing.add(number);
					plain.set(number, (plain.get(number) ?? 0) + 1);
				}
			}
			const top = [...plain]
				.map(([calledNumber, failed]) => ({ calledNumber, failed }))
				.sort((a, b) => b.failed - a.failed || (a.calledNumber < b.calledNumber ? -1 : 1));
			expect(failing.top(5000)).toEqual(top);
		}),
		{ numRuns: runs(30) },
	);
});
