import fc from 'fast-check';
import { sleep } from 'n8n-workflow';
import { inTurns } from '../../../../nodes/Itniotech/resources/voiceRecord/reporting/inTurns';
import { eachInSlices, sortInSlices } from '../../../../nodes/Itniotech/reports/summary/slices';
import { Summary, type SummaryOptions } from '../../../../nodes/Itniotech/reports/summary/summary';
import { atOnce } from '../../../support/atOnce';

const SLICE = 200;

test('sorting in slices gives what sorting at once gives, and what is equal keeps its order', () => {
	const entries = fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.nat()), { maxLength: 5000 });
	fc.assert(
		fc.property(entries, (list) => {
			const byFirst = (a: [number, number], b: [number, number]) => a[0] - b[0];
			expect(atOnce(sortInSlices(list, byFirst))).toEqual([...list].sort(byFirst));
		}),
		{ numRuns: 30 },
	);
});

test('a list of any length is worked on in slices', () => {
	const list = Array.from({ length: 20 * SLICE + 1 }, (_, index) => (index * 7919) % 10_007);
	let done = 0;
	const mostPerSlice = (work: Generator<void, unknown>) => {
		let most = 0;
		for (let step = work.next(); !step.done; step = work.next()) {
			most = Math.max(most, done);
			done = 0;
		}
		return most;
	};
	expect(mostPerSlice(eachInSlices(list, () => done++))).toBe(SLICE);
	done = 0;
	const compare = (a: number, b: number) => {
		done++;
		return a - b;
	};
	// A run of two hundred takes some eight comparisons each.
	expect(mostPerSlice(sortInSlices(list, compare))).toBeLessThan(12 * SLICE);
});

test.each(['keys', 'calls', 'cost'] as const)('rows by %s are made of what is output alone, in slices', (sortBy) => {
	const options: SummaryOptions = { groupBy: ['calledNumber'], sortBy, maxGroups: 10, shortCallSeconds: 6, includeDetails: true };
	const summary = new Summary(options, { fromS: 1_795_000_000, toS: 1_795_003_599 }, 'UTC');
	for (let index = 0; index < 5 * SLICE; index++) summary.add({ voiceId: `${index}`, callee: `${15_550_000 + index}`, terminationCode: '486' });
	const work = summary.rows();
	let slices = 0;
	let step = work.next();
	for (; !step.done; step = work.next()) slices++;
	expect(slices).toBeGreaterThanOrEqual(10);
	expect(step.value).toHaveLength(10);
}); // prettier-ignore

test('others have their turn while work goes on', async () => {
	function* work() {
		for (let index = 0; index < 10; index++) {
			const untilMs = Date.now() + 20;
			while (Date.now() < untilMs);
			yield;
		}
		return 'done';
	}
	let turns = 0;
	let isDone = false;
	const countTurns = async () => {
		for (; !isDone; turns++) await sleep(0);
	};
	void countTurns();
	await expect(inTurns(work())).resolves.toBe('done');
	isDone = true;
	expect(turns).toBeGreaterThanOrEqual(2);
});
