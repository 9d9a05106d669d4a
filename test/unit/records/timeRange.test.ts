import fc from 'fast-check';
import { DateTime } from 'luxon';
import { UserError } from 'n8n-workflow';
import { readRange, type TimeRangeValues } from '../../../nodes/Itniotech/records/timeRange';
import { thrownBy } from '../support/thrownBy';

const NOW = '2026-03-15T12:00:00.789Z';
const ZONES = [
	'UTC',
	'Asia/Shanghai',
	'America/New_York',
	'Europe/Berlin',
	'Asia/Kolkata',
	'Pacific/Kiritimati',
];

const range = (values: TimeRangeValues, zone = 'UTC', now = NOW) =>
	readRange(values, DateTime.fromISO(now, { zone }));
const custom = (startTime: unknown, endTime: unknown, zone = 'UTC', now = NOW) =>
	datesOf(range({ timeRange: 'custom', startTime, endTime }, zone, now));
const datesOf = ({ fromS, toS }: { fromS: number; toS: number }) =>
	[fromS, toS].map((seconds) => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z'));

describe('a preset range', () => {
	test.each([
		['last24Hours', 'UTC', NOW, '2026-03-14T12:00:01Z', '2026-03-15T12:00:00Z'],
		['last7Days', 'UTC', NOW, '2026-03-08T12:00:01Z', '2026-03-15T12:00:00Z'],
		['last31Days', 'UTC', NOW, '2026-02-12T12:00:01Z', '2026-03-15T12:00:00Z'],
		['today', 'UTC', NOW, '2026-03-15T00:00:00Z', '2026-03-15T12:00:00Z'],
		['today', 'Asia/Shanghai', NOW, '2026-03-14T16:00:00Z', '2026-03-15T12:00:00Z'],
		['yesterday', 'Asia/Shanghai', NOW, '2026-03-13T16:00:00Z', '2026-03-14T15:59:59Z'],
		['thisMonth', 'UTC', NOW, '2026-03-01T00:00:00Z', '2026-03-15T12:00:00Z'],
		['lastMonth', 'UTC', NOW, '2026-02-01T00:00:00Z', '2026-02-28T23:59:59Z'],
		['lastMonth', 'UTC', '2026-03-31T23:00:00Z', '2026-02-01T00:00:00Z', '2026-02-28T23:59:59Z'],
		['lastMonth', 'UTC', '2026-01-05T00:00:00Z', '2025-12-01T00:00:00Z', '2025-12-31T23:59:59Z'],
		['yesterday', 'America/New_York', '2026-03-09T12:00:00Z', '2026-03-08T05:00:00Z', '2026-03-09T03:59:59Z'],
		['yesterday', 'America/New_York', '2026-11-02T12:00:00Z', '2026-11-01T04:00:00Z', '2026-11-02T04:59:59Z'],
		[
			'last24Hours',
			'America/New_York',
			'2026-03-08T12:00:00Z',
			'2026-03-07T12:00:01Z',
			'2026-03-08T12:00:00Z',
		],
	])('%s in %s at %s', (timeRange, zone, now, from, to) => {
		expect(datesOf(range({ timeRange }, zone, now))).toEqual([from, to]);
	});

	test.each([
		['yesterday', 'today'],
		['lastMonth', 'thisMonth'],
	])('%s ends in the second before %s, in all zones at all times', (before, after) => {
		const moment = fc.date({ min: new Date('2026-01-01'), max: new Date('2027-12-31'), noInvalidDate: true });
		fc.assert(
			fc.property(moment, fc.constantFrom(...ZONES), (now, zone) => {
				const named = (timeRange: string) => range({ timeRange }, zone, now.toISOString());
				expect(named(before).toS + 1).toBe(named(after).fromS);
				expect(named(after).toS).toBe(Math.floor(now.getTime() / 1000));
			}),
		);
	});
});

describe('a custom range', () => {
	test.each([
		['without an offset', '2026-03-01T08:30:00', 'Asia/Kolkata', '2026-03-01T03:00:00Z'],
		['with a blank for the T', '2026-03-01 08:30:00', 'Asia/Kolkata', '2026-03-01T03:00:00Z'],
		['of a day alone', '2026-03-01', 'America/New_York', '2026-03-01T05:00:00Z'],
		['with an offset, which wins over the zone', '2026-03-01T08:30:00+08:00', 'UTC', '2026-03-01T00:30:00Z'],
		['in UTC, which wins over the zone', '2026-03-01T08:30:00.500Z', 'Asia/Kolkata', '2026-03-01T08:30:00Z'],
		['in an hour that summer time skips', '2026-03-08T02:30:00', 'America/New_York', '2026-03-08T07:30:00Z'],
		['as a Date', new Date('2026-03-01T08:30:00Z'), 'Asia/Kolkata', '2026-03-01T08:30:00Z'],
		['as a DateTime', { toISO: () => '2026-03-01T08:30:00+01:00' }, 'UTC', '2026-03-01T07:30:00Z'],
	])('begins with a time %s', (_case, startTime, zone, from) => {
		expect(custom(startTime, NOW, zone)[0]).toBe(from);
	});

	test.each([
		[
			'an end in the future becomes now',
			'2026-03-15',
			'2026-12-31',
			'2026-03-15T00:00:00Z',
			'2026-03-15T12:00:00Z',
		],
		['a single second', '2026-03-01', '2026-03-01', '2026-03-01T00:00:00Z', '2026-03-01T00:00:00Z'],
		[
			'a start just too early is moved',
			'2026-01-15T11:58',
			'2026-02-01',
			'2026-01-15T12:01:00Z',
			'2026-02-01T00:00:00Z',
		],
	])('%s', (_case, startTime, endTime, from, to) => expect(custom(startTime, endTime)).toEqual([from, to]));

	test('is refused when it ends too early, also where its start would be moved', () => {
		expect(thrownBy(() => custom('2026-01-15T11:58', '2026-01-15T11:59'))).toBeInstanceOf(UserError);
	});

	test('counts two months back by the calendar of the API', () => {
		const now = '2026-04-29T17:00:00Z'; // 30 April in UTC+8, so 28 February there
		expect(custom('2026-02-27T17:01:00Z', now, 'UTC', now)[0]).toBe('2026-02-27T17:01:00Z');
		expect(thrownBy(() => custom('2026-02-27T16:54:00Z', now, 'UTC', now))).toBeInstanceOf(UserError);
	});
});

const customly = (startTime: unknown, endTime: unknown = NOW) => ({
	timeRange: 'custom',
	startTime,
	endTime,
});

test.each<[string, TimeRangeValues]>([
	['Time Range', { timeRange: 'lastCentury' }],
	['Time Range', { timeRange: undefined }],
	['Start Time', customly('')],
	['Start Time', customly(null)],
	['End Time', customly('2026-03-01', '')],
	['Start Time', customly('2026-03-02', '2026-03-01')],
	['Start Time', customly('2026-04-01', '2026-05-01')],
	['Start Time', customly('2026-01-15T11:54')],
])('names "%s" and the way out when it is refused: %j', (displayName, values) => {
	const error = thrownBy(() => range(values));
	expect(error).toBeInstanceOf(UserError);
	expect(error).toMatchObject({
		message: expect.stringMatching(`^(Unknown value for )?"${displayName}"`) as string,
		description: expect.stringMatching(/\w/) as string,
	});
});

test.each([
	['words', 'some day'],
	['a day that does not exist', '2026-02-30'],
	['a number of milliseconds', 1772323200000],
	['an hour alone, which would mean the day of the host', '08:30'],
	['a day with slashes, which has two readings', '03/04/2026'],
	['a list', ['2026-03-01']],
])('refuses %s as a date and time', (_case, startTime) => {
	expect(thrownBy(() => range(customly(startTime)))).toMatchObject({
		message: expect.stringMatching(
			/^"Start Time" (is not a valid date and time: |must be text or a number, not a list$)/,
		) as string,
	});
});
