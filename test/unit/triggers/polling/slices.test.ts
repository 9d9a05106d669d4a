import { Slices } from '../../../../nodes/Itniotech/triggers/polling/slices';
import { DAY_S, HOUR_S, NOW_S } from '../../../support/times';

const MANY = 101;

function slicesOf(lengthS: number, fromS = NOW_S - 30 * DAY_S) {
	let nowMs = NOW_S * 1000;
	const limits = { earliestS: NOW_S - 60 * DAY_S, nowS: NOW_S, budgetMs: 40_000, now: () => nowMs };
	const slices = new Slices(lengthS, limits);
	const start = (tookMs: number) => {
		const slice = slices.start(fromS);
		nowMs += tookMs;
		return slice;
	};
	return { slices, start };
}

test.each([
	['begins a second early', NOW_S - 2 * HOUR_S, NOW_S - 2 * HOUR_S - 1, NOW_S - HOUR_S],
	['ends at the present', NOW_S - 60, NOW_S - 61, NOW_S],
	[
		'does not begin before the first record',
		NOW_S - 60 * DAY_S,
		NOW_S - 60 * DAY_S,
		NOW_S - 60 * DAY_S + HOUR_S,
	],
])('a slice %s', (_case, beginS, fromS, toS) => {
	expect(slicesOf(HOUR_S, beginS).start(0)).toEqual({ fromS, toS });
});

test.each([
	['a quick one, twice as long', HOUR_S, 4_999, MANY, 2 * HOUR_S],
	['a slow one, half as long', HOUR_S, 5_000, MANY, HOUR_S / 2],
	['a slow one with few records, twice as long', HOUR_S, 9_000, 100, 2 * HOUR_S],
	['a quick long one, no longer than a day', DAY_S, 0, MANY, DAY_S],
	['a slow short one, no shorter than a minute', 60, 9_000, MANY, 60],
])('the next slice is, after %s', (_case, lengthS, tookMs, recordCount, expected) => {
	const { slices, start } = slicesOf(lengthS);
	start(tookMs);
	slices.finish(recordCount);
	expect(slices.lengthS).toBe(expected);
});

test('a quick slice that is cut short by the present does not shorten the next one', () => {
	const { slices, start } = slicesOf(DAY_S, NOW_S - 60);
	start(0);
	slices.finish(MANY);
	expect(slices.lengthS).toBe(DAY_S);
});

test.each([
	['not within a quarter of the budget', HOUR_S, 10_000, MANY, false],
	['after a quarter of the budget', HOUR_S, 10_001, MANY, true],
	['not with few records', HOUR_S, 10_001, 100, false],
	['not when it cannot be shorter', 60, 10_001, MANY, false],
])('a slice is too long: %s', (_case, lengthS, tookMs, recordCount, expected) => {
	const { slices, start } = slicesOf(lengthS);
	start(tookMs);
	expect(slices.isTooLong(recordCount)).toBe(expected);
});

test('an abandoned slice is followed by a much shorter one', () => {
	const { slices, start } = slicesOf(HOUR_S);
	start(20_000);
	slices.abandon();
	expect(slices.lengthS).toBe(450);
});

test.each([
	[1, 60],
	[1e12, DAY_S],
])('a stored length of %d s is brought within the limits', (lengthS, expected) =>
	expect(slicesOf(lengthS).slices.lengthS).toBe(expected),
);
