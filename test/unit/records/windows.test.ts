import fc from 'fast-check';
import { DateTime } from 'luxon';
import type { TimeRange } from '../../../nodes/Itniotech/records/calendar';
import {
	Retention,
	cutIntoWindows,
	earliestTime,
	pastHour,
	toTimeSpan,
} from '../../../nodes/Itniotech/records/windows';
import { DAY_S } from '../../support/times';

const MAX_S = 31 * DAY_S;
const T = Date.parse('2026-03-15T12:00:00Z') / 1000;

const range = fc
	.tuple(fc.integer({ min: T - 90 * DAY_S, max: T }), fc.integer({ min: 0, max: 70 * DAY_S }))
	.map(([fromS, lengthS]) => ({ fromS, toS: fromS + lengthS }));

const holds = (check: (windows: TimeRange[], range: TimeRange) => boolean) =>
	fc.assert(fc.property(range, (one) => check(cutIntoWindows(one), one)));

describe('windows', () => {
	test.each<[string, number, number[][]]>([
		['a single second', 0, [[0, 0]]],
		['an hour', 3600, [[-3600, 0]]],
		['exactly 31 days', MAX_S, [[-MAX_S, 0]]],
		[
			'a second more than 31 days',
			MAX_S + 1,
			[
				[-MAX_S, 0],
				[-MAX_S - 1, -MAX_S + 1],
			],
		],
		[
			'62 days',
			2 * MAX_S,
			[
				[-MAX_S, 0],
				[1 - 2 * MAX_S, 1 - MAX_S],
				[-2 * MAX_S, 2 - 2 * MAX_S],
			],
		],
	])('cover %s', (_case, lengthS, expected) => {
		const windows = cutIntoWindows({ fromS: T - lengthS, toS: T });
		expect(windows.map(({ fromS, toS }) => [fromS - T, toS - T])).toEqual(expected);
	});

	test('reach from the newest second of the range to the oldest', () => {
		holds((windows, { fromS, toS }) => windows[0].toS === toS && windows.at(-1)?.fromS === fromS);
	});

	test('are no longer than the 31 days that the API accepts', () => {
		holds((windows) => windows.every(({ fromS, toS }) => fromS <= toS && toS - fromS <= MAX_S));
	});

	test('go from new to old, and neighbours share exactly one second', () => {
		holds((windows) => windows.slice(1).every(({ toS }, index) => toS === windows[index].fromS + 1));
	});

	test('leave no second out even if the API excludes both ends of a window', () => {
		holds((windows, { fromS, toS }) =>
			windows
				.flatMap((window) => [window.fromS, window.fromS + 1])
				.filter((second) => second > fromS && second < toS)
				.every((second) => windows.some((window) => second > window.fromS && second < window.toS)),
		);
	});

	test('are no more than necessary', () => {
		holds(
			(windows, { fromS, toS }) => windows.length <= Math.max(1, Math.ceil((toS - fromS - 1) / (MAX_S - 1))),
		);
	});
});

describe('times on the wire', () => {
	test.each([
		['2026-03-15T12:00:00Z', '2026-03-15T20:00:00+08:00'],
		['2025-12-31T16:00:00Z', '2026-01-01T00:00:00+08:00'],
		['2024-02-29T15:59:59Z', '2024-02-29T23:59:59+08:00'],
	])('%s is sent as %s', (time, expected) => {
		const seconds = Date.parse(time) / 1000;
		expect(toTimeSpan({ fromS: seconds, toS: seconds })).toEqual({ strTime: expected, endTime: expected });
	});

	test('keep their moment, to the second, with the documented offset', () => {
		fc.assert(
			fc.property(range, ({ fromS, toS }) => {
				const { strTime, endTime } = toTimeSpan({ fromS, toS });
				expect(strTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/);
				expect([Date.parse(strTime), Date.parse(endTime)]).toEqual([fromS * 1000, toS * 1000]);
			}),
		);
	});
});

describe('the two months that the API goes back', () => {
	/** `earliestTime` at this moment: a minute after 1 March 00:00:00 in UTC+8. */
	const now = Date.parse('2026-05-01T00:00:00+08:00');
	const earliestS = Date.parse('2026-03-01T00:01:00+08:00') / 1000;
	const retention = (ms = now) => new Retention(() => ms);

	test('leave a range as it is while they hold it, even at their border', () => {
		for (const range of [
			{ fromS: earliestS - 50, toS: earliestS },
			{ fromS: earliestS + 9 * DAY_S, toS: earliestS + 10 * DAY_S },
		]) {
			const one = retention();
			expect([one.hasLeft(range), one.cutOff(range), one.cutOffS]).toEqual([false, range, undefined]);
		}
	});

	test('cut off what they have left behind', () => {
		const one = retention();
		const range = { fromS: earliestS - 51, toS: earliestS + 60 };
		expect(one.hasLeft(range)).toBe(true);
		expect(one.cutOff(range)).toEqual({ fromS: earliestS, toS: earliestS + 60 });
		expect(one.cutOffS).toBe(earliestS);
		expect(retention().cutOff({ fromS: earliestS - 60, toS: earliestS - 1 })).toBeUndefined();
	});

	test('are those of the calendar, whatever the month', () => {
		const day = fc.integer({ min: T, max: T + 2000 * DAY_S });
		fc.assert(
			fc.property(day, fc.integer({ min: -3 * DAY_S, max: 3 * DAY_S }), (nowS, offsetS) => {
				const borderS = earliestTime(DateTime.fromSeconds(nowS)).toSeconds();
				const range = { fromS: borderS + offsetS, toS: borderS + 5 * DAY_S };
				const one = retention(nowS * 1000);
				expect(one.hasLeft(range)).toBe(offsetS < -50);
				const isUrgent = offsetS < 3600;
				expect(one.cutIntoWindows(range)).toHaveLength(isUrgent ? 2 : 1);
			}),
		);
	});

	test('have what they soon leave behind read before all else', () => {
		const toS = earliestS + 40 * DAY_S;
		const [first, ...others] = retention().cutIntoWindows({ fromS: earliestS, toS });
		expect(first).toEqual({ fromS: earliestS, toS: earliestS + 3600 });
		expect(others).toEqual(cutIntoWindows({ fromS: earliestS + 3599, toS }));
	});

	test.each([
		['far from the border', 3600, 40 * DAY_S],
		['wholly close to the border', 0, 3600],
	])('do not change the windows of a range %s', (_case, from, to) => {
		const one = { fromS: earliestS + from, toS: earliestS + to };
		expect(retention().cutIntoWindows(one)).toEqual(cutIntoWindows(one));
	});
});

test('the hour of a cheap request ended a day ago', () => {
	expect(pastHour(Date.parse('2026-11-24T04:00:00.999Z'))).toEqual({
		strTime: '2026-11-23T11:00:00+08:00',
		endTime: '2026-11-23T12:00:00+08:00',
	});
});
