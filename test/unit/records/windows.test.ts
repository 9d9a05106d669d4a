import fc from 'fast-check';
import { cutIntoWindows, toTimeSpan, type TimeRange } from '../../../nodes/Itniotech/records/windows';

const DAY_S = 86_400;
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
	])('%s', (_case, lengthS, expected) => {
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
