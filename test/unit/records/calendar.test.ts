import fc from 'fast-check';
import { DateTime } from 'luxon';
import { Calendar } from '../../../nodes/Itniotech/records/calendar';

const seconds = (time: string) => Date.parse(time) / 1000;
const hoursOf = ({ fromS, toS }: { fromS: number; toS: number }) => (toS + 1 - fromS) / 3600;

describe('a day', () => {
	test.each<[string, string, string, number, string]>([
		['Asia/Singapore', '2026-11-20T08:00:30Z', '2026-11-20', 24, '2026-11-19T16:00:00Z'],
		['Asia/Kathmandu', '2026-11-20T18:20:00Z', '2026-11-21', 24, '2026-11-20T18:15:00Z'],
		['Europe/Berlin', '2026-03-29T12:00:00Z', '2026-03-29', 23, '2026-03-28T23:00:00Z'],
		['Europe/Berlin', '2026-10-25T12:00:00Z', '2026-10-25', 25, '2026-10-24T22:00:00Z'],
		['America/New_York', '2026-03-08T12:00:00Z', '2026-03-08', 23, '2026-03-08T05:00:00Z'],
		['America/New_York', '2026-11-01T12:00:00Z', '2026-11-01', 25, '2026-11-01T04:00:00Z'],
		['Australia/Lord_Howe', '2026-04-04T20:00:00Z', '2026-04-05', 24.5, '2026-04-04T13:00:00Z'],
		['Australia/Lord_Howe', '2026-10-03T20:00:00Z', '2026-10-04', 23.5, '2026-10-03T13:30:00Z'],
		// Midnight did not exist: the clock went from 23:59:59 to 01:00.
		['America/Sao_Paulo', '2018-11-04T12:00:00Z', '2018-11-04', 23, '2018-11-04T03:00:00Z'],
		// The last hour of the day came twice.
		['America/Sao_Paulo', '2018-02-17T12:00:00Z', '2018-02-17', 25, '2018-02-17T02:00:00Z'],
		// Midnight came twice: the clock went from 00:59:59 to 00:00.
		['America/Havana', '2026-11-01T12:00:00Z', '2026-11-01', 25, '2026-11-01T04:00:00Z'],
		// The 30th was left out.
		['Pacific/Apia', '2011-12-31T00:00:00Z', '2011-12-31', 24, '2011-12-30T10:00:00Z'],
	])('of %s at %s is %s, of %d hours', (zone, time, key, hours, start) => {
		const period = new Calendar('day', zone).periodAt(seconds(time));
		expect(period.key).toBe(key);
		expect(hoursOf(period.range)).toBe(hours);
		expect(period.range.fromS).toBe(seconds(start));
	});

	test('that a zone left out is left out', () => {
		const range = { fromS: seconds('2011-12-29T12:00:00Z'), toS: seconds('2011-12-30T12:00:00Z') };
		const days = new Calendar('day', 'Pacific/Apia').periodsIn(range);
		expect(days.map(({ key }) => key)).toEqual(['2011-12-29', '2011-12-31']);
	});
});

describe('the hours around a change of the clock', () => {
	test.each<[string, string, string, string[]]>([
		[
			'an hour that comes twice',
			'Europe/Berlin',
			'2026-10-24T23:59:59Z',
			['01:00+02:00', '02:00+02:00', '02:00+01:00', '03:00+01:00'],
		],
		[
			'an hour that is left out',
			'Europe/Berlin',
			'2026-03-28T23:59:59Z',
			['00:00+01:00', '01:00+01:00', '03:00+02:00', '04:00+02:00'],
		],
		[
			'an hour that comes twice in the west',
			'America/New_York',
			'2026-11-01T04:59:59Z',
			['00:00-04:00', '01:00-04:00', '01:00-05:00', '02:00-05:00'],
		],
		[
			'half an hour that comes twice',
			'Australia/Lord_Howe',
			'2026-04-04T13:59:59Z',
			['00:00+11:00', '01:00+11:00', '01:30+10:30', '02:00+10:30'],
		],
		[
			'half an hour that is left out',
			'Australia/Lord_Howe',
			'2026-10-03T14:29:59Z',
			['00:00+10:30', '01:00+10:30', '02:30+11:00', '03:00+11:00'],
		],
		[
			'midnight that is left out',
			'America/Sao_Paulo',
			'2018-11-04T01:59:59Z',
			['22:00-03:00', '23:00-03:00', '01:00-02:00', '02:00-02:00'],
		],
		[
			'quarters off the hour',
			'Asia/Kathmandu',
			'2026-11-20T18:14:59Z',
			['23:00+05:45', '00:00+05:45', '01:00+05:45', '02:00+05:45'],
		],
	])('show %s', (_, zone, time, expected) => {
		const hours = new Calendar('hour', zone);
		const fromS = seconds(time);
		const keys = hours.periodsIn({ fromS, toS: fromS + 2.5 * 3600 }).map(({ key }) => key.slice(11));
		expect(keys.slice(0, 4)).toEqual(expected.slice(0, keys.length));
		expect(keys.length).toBeGreaterThanOrEqual(3);
	});
});

const ZONES = [
	'UTC',
	'Europe/Berlin',
	'America/New_York',
	'America/St_Johns',
	'America/Havana',
	'America/Sao_Paulo',
	'Asia/Singapore',
	'Asia/Kathmandu',
	'Asia/Beirut',
	'Australia/Lord_Howe',
	'Pacific/Chatham',
	'Pacific/Apia',
	'Africa/Casablanca',
];
const FIRST_S = seconds('2012-01-01T00:00:00Z');
const LAST_S = seconds('2026-12-31T00:00:00Z');

const range = fc
	.tuple(fc.integer({ min: FIRST_S, max: LAST_S }), fc.integer({ min: 0, max: 62 * 86_400 }))
	.map(([fromS, lengthS]) => ({ fromS, toS: fromS + lengthS }));

const NAMES = { hour: "yyyy-MM-dd'T'HH", day: 'yyyy-MM-dd', week: "kkkk-'W'WW", month: 'yyyy-MM' };

describe.each(['hour', 'day', 'week', 'month'] as const)('the %ss of a range', (unit) => {
	test('follow one another without a gap, each second in the one of its name, in every zone', () => {
		fc.assert(
			fc.property(fc.constantFrom(...ZONES), range, fc.infiniteStream(fc.nat()), (zone, one, picks) => {
				const calendar = new Calendar(unit, zone);
				const periods = calendar.periodsIn(one);
				expect(periods[0].range.fromS).toBeLessThanOrEqual(one.fromS);
				expect(periods[0].range.toS).toBeGreaterThanOrEqual(one.fromS);
				expect(periods[periods.length - 1].range.toS).toBeGreaterThanOrEqual(one.toS);
				expect(periods[periods.length - 1].range.fromS).toBeLessThanOrEqual(one.toS);
				expect(
					periods.slice(1).filter(({ range }, index) => range.fromS !== periods[index].range.toS + 1),
				).toEqual([]);
				expect(new Set(periods.map(({ key }) => key)).size).toBe(periods.length);
				for (const pick of picks.take(20)) {
					const second = one.fromS + (pick % (one.toS - one.fromS + 1));
					const period = calendar.periodAt(second);
					expect(periods).toContain(period);
					expect(second).toBeGreaterThanOrEqual(period.range.fromS);
					expect(second).toBeLessThanOrEqual(period.range.toS);
					const local = DateTime.fromSeconds(second, { zone });
					expect(period.key.slice(0, 13)).toBe(local.toFormat(NAMES[unit]));
					if (unit === 'hour') expect(period.key.slice(16)).toBe(local.toFormat('ZZ'));
				}
			}),
			{ numRuns: 60 },
		);
	});
});
