import fc from 'fast-check';
import { dueRanges, OpenCalls } from '../../../../nodes/Itniotech/triggers/polling/openCalls';
import type { TimeRange } from '../../../../nodes/Itniotech/records/calendar';
import { DAY_S, HOUR_S, NOW_S } from '../../../support/times';

const ALWAYS = { fromS: 0, toS: NOW_S };

function openCalls(calls: number[][]): OpenCalls {
	const made = OpenCalls.unpack('')!;
	calls.forEach((times, index) => made.add(`${index}`, times));
	return made;
}
const repacked = (calls: OpenCalls) => OpenCalls.unpack(calls.pack(Infinity, 0).openCalls)!;
const rangesOf = (calls: number[][], maxLengthS = 600) =>
	repacked(openCalls(calls))
		.rangesWithin(ALWAYS, maxLengthS)
		.map(({ fromS, toS }) => [fromS, toS]);

const time = fc.integer({ min: NOW_S - 7 * DAY_S, max: NOW_S });
const calls = fc.array(fc.array(time, { minLength: 1, maxLength: 2 }), { maxLength: 200 });

test.each<[string, number[][], number[][]]>([
	['none', [], []],
	['one with both times', [[1000, 1030]], [[1000, 1030]]],
	['one with times far apart', [[1000, 1500]], [[1500, 1500], [1000, 1000]]], // prettier-ignore
	['one that has not been called yet', [[1000]], [[1000, 1300]]],
	['two near each other, in any order', [[2000, 2002], [1940, 1940]], [[1940, 2002]]], // prettier-ignore
	['two apart', [[1000, 1000], [1121, 1121]], [[1121, 1121], [1000, 1000]]], // prettier-ignore
	['a long one before a short one', [[1000], [1100, 1100]], [[1000, 1300]]],
])('a call is looked up where it may be listed: %s', (_case, times, expected) => {
	expect(rangesOf(times)).toEqual(expected);
});

test('every time of every call is looked up, in ranges of a limited length, newest first', () => {
	fc.assert(
		fc.property(calls, fc.integer({ min: 510, max: 10_000 }), (times, maxLengthS) => {
			const ranges = rangesOf(times, maxLengthS);
			const isLookedUp = (one: number) => ranges.some(([fromS, toS]) => fromS <= one && one <= toS);
			expect(times.flat().filter((one) => !isLookedUp(one))).toEqual([]);
			expect(Math.max(0, ...ranges.map(([fromS, toS]) => toS - fromS))).toBeLessThanOrEqual(maxLengthS);
			expect(ranges).toEqual([...ranges].sort((a, b) => b[0] - a[0]));
		}),
	);
});

test('packing holds no id, and loses no call', () => {
	fc.assert(
		fc.property(calls, (times) => {
			const unpacked = repacked(repacked(openCalls(times)));
			expect(times.every((_, index) => unpacked.has(`${index}`))).toBe(true);
			expect(unpacked.has('other')).toBe(false);
			expect(times.every((_, index) => unpacked.delete(`${index}`))).toBe(true);
			expect(unpacked.pack(Infinity, 0)).toEqual({ openCalls: '', abandonedCount: 0 });
		}),
	);
});

test('of more than 50,000 the oldest are given up, and counted', () => {
	const times = Array.from({ length: 50_010 }, (_, index) => [NOW_S - index, NOW_S - index]);
	const { openCalls: text, abandonedCount } = openCalls(times).pack(Infinity, 0);
	expect(abandonedCount).toBe(10);
	expect(text.length).toBe(50_000 * 16);
	const unpacked = OpenCalls.unpack(text)!;
	expect([0, 49_999, 50_000, 50_009].map((index) => unpacked.has(`${index}`))).toEqual([
		true,
		true,
		false,
		false,
	]);
});

describe('the schedule', () => {
	const at = (ageS: number) => ({ fromS: NOW_S - ageS, toS: NOW_S - ageS });
	const many = Array.from({ length: 7 * 24 * 6 }, (_, index) => at(index * 600));

	const due = (ranges: TimeRange[], beforeS: number, nowS: number) =>
		dueRanges(ranges, { beforeS, nowS, giveUpBeforeS: nowS - 10 * DAY_S });

	test('looks up all once more that are given up', () => {
		const times = { beforeS: NOW_S - 1, nowS: NOW_S, giveUpBeforeS: NOW_S - 6 * DAY_S };
		const last = many.filter(({ fromS }) => fromS < NOW_S - 6 * DAY_S);
		expect(last.length).toBeGreaterThan(100);
		expect(dueRanges(many, times)).toEqual(expect.arrayContaining(last));
	});

	test('looks up a few ranges in each poll', () => {
		const few = [at(HOUR_S), at(DAY_S), at(6 * DAY_S)];
		expect(due(few, NOW_S - 60, NOW_S)).toEqual(few);
	});

	test.each([
		[60, 20],
		[HOUR_S, 300],
	])('looks up some of many in each poll, at an interval of %d s', (intervalS, most) => {
		for (let nowS = NOW_S; nowS < NOW_S + 10 * intervalS; nowS += intervalS)
			expect(due(many, nowS - intervalS, nowS).length).toBeLessThan(most);
	});

	test.each([60, 900, HOUR_S])(
		'lets no range wait for much more than an eighth of its age, polled each %d s',
		(intervalS) => {
			const some = many.filter((_, index) => index % 10 === 0);
			const lastLookups = new Map(some.map(({ toS }) => [toS, NOW_S]));
			for (let nowS = NOW_S + intervalS; nowS < NOW_S + DAY_S; nowS += intervalS) {
				for (const { toS } of due(some, nowS - intervalS, nowS)) lastLookups.set(toS, nowS);
				const waiting = [...lastLookups].map(([toS, lastS]) => nowS - lastS - (nowS - toS) / 8);
				expect(Math.max(...waiting)).toBeLessThanOrEqual(intervalS);
			}
		},
	);
});

test.each([
	['words', 'some words'],
	['half an entry', 'AAAA'],
])('text that was not packed is refused: %s', (_case, text) =>
	expect(OpenCalls.unpack(text)).toBeUndefined(),
);
