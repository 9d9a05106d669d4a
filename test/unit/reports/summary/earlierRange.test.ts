import fc from 'fast-check';
import { DateTime } from 'luxon';
import { readRange } from '../../../../nodes/Itniotech/records/query/timeRange';
import { earlierRange } from '../../../../nodes/Itniotech/reports/summary/earlierRange';

const BERLIN = 'Europe/Berlin';

function earlier(
	compareWith: Parameters<typeof earlierRange>[0],
	timeRange: string,
	now: string,
	zone = BERLIN,
	custom: object = {},
) {
	const range = readRange({ timeRange, ...custom }, DateTime.fromISO(now, { zone }));
	const { fromS, toS } = earlierRange(compareWith, { timeRange, range, zone }).range;
	return [fromS, toS].map((seconds) =>
		DateTime.fromSeconds(seconds, { zone }).toISO({ suppressMilliseconds: true })!.slice(0, 19),
	);
}

test.each([
	['lastHour', '2026-11-20T10:00:00', '2026-11-20T08:00:01', '2026-11-20T09:00:00'],
	['last24Hours', '2026-11-20T10:00:00', '2026-11-18T10:00:01', '2026-11-19T10:00:00'],
	['last7Days', '2026-11-20T10:00:00', '2026-11-06T10:00:01', '2026-11-13T10:00:00'],
	['today', '2026-11-20T10:00:00', '2026-11-19T00:00:00', '2026-11-19T10:00:00'],
	['yesterday', '2026-11-20T10:00:00', '2026-11-18T00:00:00', '2026-11-18T23:59:59'],
	['thisWeek', '2026-11-18T10:00:00', '2026-11-09T00:00:00', '2026-11-11T10:00:00'],
	['lastWeek', '2026-11-18T10:00:00', '2026-11-02T00:00:00', '2026-11-08T23:59:59'],
	['thisMonth', '2026-11-18T10:00:00', '2026-10-01T00:00:00', '2026-10-18T10:00:00'],
	['thisMonth', '2026-10-31T00:10:00', '2026-09-01T00:00:00', '2026-09-30T23:59:59'],
	['thisMonth', '2026-03-29T10:00:00', '2026-02-01T00:00:00', '2026-02-28T23:59:59'],
	['lastMonth', '2026-11-18T10:00:00', '2026-09-01T00:00:00', '2026-09-30T23:59:59'],
	// The clocks went back on the 25th, which had 25 hours.
	['yesterday', '2026-10-27T10:00:00', '2026-10-25T00:00:00', '2026-10-25T23:59:59'],
	['today', '2026-10-26T10:00:00', '2026-10-25T00:00:00', '2026-10-25T10:00:00'],
])('the period before %s at %s is %s to %s', (timeRange, now, from, to) => {
	expect(earlier('previousPeriod', timeRange, now)).toEqual([from, to]);
});

test.each([
	['2026-10-19', '2026-10-25'],
	['2026-W43', '2026-W43'],
	['2026-10-19T00:00:00', '2026-10-25T23:59:59'],
	['2026-10-19T00:00', '2026-10-25T23:59'],
	['2026-10-19 00:00:00', '2026-10-25 23:59:59'],
	['2026-10-18T22:00:00Z', '2026-10-25T22:59:59Z'],
	// From $today minus a week to $today.
	['2026-10-19T00:00:00', '2026-10-26T00:00:00'],
])('days by hand, %s to %s, shift by local days, also over a change of the clocks', (startTime, endTime) => {
	const custom = { startTime, endTime };
	const [from, to] = earlier('previousPeriod', 'custom', '2026-10-27T10:00:00', BERLIN, custom);
	expect(from).toBe('2026-10-12T00:00:00');
	expect(to.slice(0, 16)).toBe('2026-10-18T23:59');
	const range = readRange(
		{ timeRange: 'custom', ...custom },
		DateTime.fromISO('2026-10-27T10:00:00', { zone: BERLIN }),
	);
	const { toLater } = earlierRange('previousPeriod', { timeRange: 'custom', range, zone: BERLIN });
	for (const [time, later] of [
		['2026-10-12T08:10', '2026-10-19T08:10'],
		['2026-10-18T23:30', '2026-10-25T23:30'],
	]) {
		const [before, after] = [time, later].map((one) => DateTime.fromISO(one, { zone: BERLIN }).toSeconds());
		expect(toLater(before)).toBe(after);
	}
});

test('a custom range from midnight until now is compared with the same part of the day before', () => {
	const custom = { startTime: '2026-10-26T00:00:00', endTime: '2026-10-26T10:00:00' };
	const expected = ['2026-10-25T00:00:00', '2026-10-25T10:00:00'];
	expect(earlier('previousPeriod', 'custom', '2026-10-26T10:00:00', BERLIN, custom)).toEqual(expected);
});

test('the period before a custom range is as long, and ends right before it', () => {
	const custom = { startTime: '2026-11-18T08:00:00', endTime: '2026-11-18T09:59:59' };
	const expected = ['2026-11-18T06:00:00', '2026-11-18T07:59:59'];
	expect(earlier('previousPeriod', 'custom', '2026-11-20T10:00:00', BERLIN, custom)).toEqual(expected);
});

test.each([
	['yesterday', '2026-11-20T10:00:00', '2026-11-12T00:00:00', '2026-11-12T23:59:59'],
	['today', '2026-10-30T10:00:00', '2026-10-23T00:00:00', '2026-10-23T10:00:00'],
	['last24Hours', '2026-10-28T10:00:00', '2026-10-20T10:00:01', '2026-10-21T10:00:00'],
])('a week before %s at %s is the same local time: %s to %s', (timeRange, now, from, to) => {
	expect(earlier('weekEarlier', timeRange, now)).toEqual([from, to]);
});

test('the period before ends before the range, in every zone at every time', () => {
	const zones = Intl.supportedValuesOf('timeZone');
	const moment = fc.date({ min: new Date('2024-01-01'), max: new Date('2027-12-31'), noInvalidDate: true });
	const presets = [
		'lastHour',
		'today',
		'yesterday',
		'last7Days',
		'thisWeek',
		'lastWeek',
		'thisMonth',
		'lastMonth',
	];
	fc.assert(
		fc.property(fc.constantFrom(...zones), fc.constantFrom(...presets), moment, (zone, timeRange, date) => {
			const range = readRange({ timeRange }, DateTime.fromJSDate(date, { zone }));
			const { range: before } = earlierRange('previousPeriod', { timeRange, range, zone });
			expect(before.fromS).toBeLessThanOrEqual(before.toS);
			expect(before.toS).toBeLessThan(range.fromS);
			const isUnfinished = /^this|^today/.test(timeRange);
			if (!isUnfinished) expect(before.toS + 1).toBe(range.fromS);
		}),
		{ numRuns: 300 },
	);
});
