import fc from 'fast-check';
import { DateTime, IANAZone } from 'luxon';
import { UserError } from 'n8n-workflow';
import { readRange, type TimeRangeValues } from '../../../../nodes/Itniotech/records/query/timeRange';
import { runs, share } from '../../../support/runs';
import { HOUR_S } from '../../../support/times';
import { thrownBy } from '../../support/thrownBy';

const NOW = '2026-03-15T12:00:00.789Z';
const ZONES = [
	'UTC',
	'Asia/Shanghai',
	'America/New_York',
	'Europe/Berlin',
	'Asia/Kolkata',
	'Pacific/Kiritimati',
];

const ALL_ZONES = Intl.supportedValuesOf('timeZone');
/** With `FC_RUNS` of 10 or more, which takes minutes. */
const IS_FULL_RUN = runs(1) >= 10;

const range = (values: TimeRangeValues, zone = 'UTC', now = NOW) =>
	readRange(values, DateTime.fromISO(now, { zone }));
const custom = (startTime: unknown, endTime: unknown, zone = 'UTC', now = NOW) =>
	datesOf(range({ timeRange: 'custom', startTime, endTime }, zone, now));
const hintOf = (startTime: unknown, now: string, zone = 'UTC') =>
	range({ timeRange: 'custom', startTime, endTime: now }, zone, now).hint;
const datesOf = ({ fromS, toS }: { fromS: number; toS: number }) =>
	[fromS, toS].map((seconds) => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z'));

describe('a preset range', () => {
	test.each([
		['lastHour', 'UTC', NOW, '2026-03-15T11:00:01Z', '2026-03-15T12:00:00Z'],
		['last24Hours', 'UTC', NOW, '2026-03-14T12:00:01Z', '2026-03-15T12:00:00Z'],
		['thisWeek', 'UTC', NOW, '2026-03-09T00:00:00Z', '2026-03-15T12:00:00Z'],
		['thisWeek', 'Pacific/Kiritimati', NOW, '2026-03-15T10:00:00Z', '2026-03-15T12:00:00Z'],
		['lastWeek', 'UTC', NOW, '2026-03-02T00:00:00Z', '2026-03-08T23:59:59Z'],
		['lastWeek', 'Europe/Berlin', '2026-10-26T12:00:00Z', '2026-10-18T22:00:00Z', '2026-10-25T22:59:59Z'],
		['today', 'Atlantic/Azores', '2026-10-25T12:00:00Z', '2026-10-25T00:00:00Z', '2026-10-25T12:00:00Z'],
		['yesterday', 'Atlantic/Azores', '2026-10-26T12:00:00Z', '2026-10-25T00:00:00Z', '2026-10-26T00:59:59Z'],
		['yesterday', 'America/Havana', '2026-11-02T12:00:00Z', '2026-11-01T04:00:00Z', '2026-11-02T04:59:59Z'],
		['yesterday', 'America/Nuuk', '2026-10-25T01:30:00Z', '2026-10-23T01:00:00Z', '2026-10-24T00:59:59Z'],
		['thisMonth', 'America/Havana', '2026-11-02T12:00:00Z', '2026-11-01T04:00:00Z', '2026-11-02T12:00:00Z'],
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
	])('%s in %s at %s is %s to %s', (timeRange, zone, now, from, to) => {
		expect(datesOf(range({ timeRange }, zone, now))).toEqual([from, to]);
	});

	test.each([
		['yesterday', 'today'],
		['lastWeek', 'thisWeek'],
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
		[
			'that the clocks skip, with what comes after',
			'2026-03-08T02:30:00',
			'America/New_York',
			'2026-03-08T07:00:00Z',
		],
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
		['one date is that day', '2026-03-01', '2026-03-01', '2026-03-01T00:00:00Z', '2026-03-01T23:59:59Z'],
		[
			'a date as end is its last second',
			'2026-03-01',
			'2026-03-03',
			'2026-03-01T00:00:00Z',
			'2026-03-03T23:59:59Z',
		],
		...[
			'2026-03-01T23:59',
			'2026-03-01 23:59',
			'2026-03-01T23:59Z',
			'2026-03-02T05:29+05:30',
			'20260301T2359',
			'2026-03-01T23',
		].map((end): [string, string, string, string, string] => [
			`${end} ends with its minute or hour`,
			'2026-03-01T23:59',
			end.replace('20260301T2359', '2026-03-01T2359'),
			'2026-03-01T23:59:00Z',
			'2026-03-01T23:59:59Z',
		]),
		...['2026-03-02T00:00:00', '2026-03-01T24:00', '2026-03-02T00:00:00.000Z', '2026-03-01T2400'].map(
			(end): [string, string, string, string, string] => [
				`${end} is that second`,
				'2026-03-01',
				end,
				'2026-03-01T00:00:00Z',
				'2026-03-02T00:00:00Z',
			],
		),
		['a month ends with its last day', '2026-02', '2026-02', '2026-02-01T00:00:00Z', '2026-02-28T23:59:59Z'],
		['a week ends with its Sunday', '2026-W09', '2026-W10', '2026-02-23T00:00:00Z', '2026-03-08T23:59:59Z'],
		['a day of a week', '2026-W10-1', '2026-W10-2', '2026-03-02T00:00:00Z', '2026-03-03T23:59:59Z'],
		['a day of the year', '2026-060', '2026-060', '2026-03-01T00:00:00Z', '2026-03-01T23:59:59Z'],
		[
			'a time as end is that second',
			'2026-03-01',
			'2026-03-03T00:00:00',
			'2026-03-01T00:00:00Z',
			'2026-03-03T00:00:00Z',
		],
		[
			'a single second',
			'2026-03-01T00:00',
			'2026-03-01T00:00:00',
			'2026-03-01T00:00:00Z',
			'2026-03-01T00:00:00Z',
		],
		[
			'a start just too early is moved',
			'2026-01-15T11:58',
			'2026-02-01',
			'2026-01-15T12:01:00Z',
			'2026-02-01T23:59:59Z',
		],
	])('%s', (_case, startTime, endTime, from, to) => expect(custom(startTime, endTime)).toEqual([from, to]));

	test('is refused when it ends too early, also where its start would be moved', () => {
		expect(thrownBy(() => custom('2026-01-15T11:58', '2026-01-15T11:59'))).toBeInstanceOf(UserError);
	});

	test('counts two months back by the calendar of the API', () => {
		const now = '2026-04-29T17:00:00Z'; // 30 April in UTC+8, so 28 February there
		expect(custom('2026-02-27T17:01:00Z', now, 'UTC', now)[0]).toBe('2026-02-27T17:01:00Z');
		expect(thrownBy(() => custom('2026-02-24T14:00:00Z', now, 'UTC', now))).toBeInstanceOf(UserError);
	});
});

describe('a wall time that occurs twice', () => {
	const NEW_YORK = 'America/New_York';
	const now = '2026-11-02T12:00:00Z';

	test.each([
		['without an offset, means both', '2026-11-01T01:00:00', '2026-11-01T01:59:59', '05:00:00Z', '06:59:59Z'],
		[
			'with a blank for the T, means both',
			'2026-11-01 01:00',
			'2026-11-01 01:59:59',
			'05:00:00Z',
			'06:59:59Z',
		],
		[
			'as a single second, means both',
			'2026-11-01T01:30:00',
			'2026-11-01T01:30:00',
			'05:30:00Z',
			'06:30:00Z',
		],
		[
			'with an offset, means that moment',
			'2026-11-01T01:00:00-05:00',
			'2026-11-01T01:59:59-05:00',
			'06:00:00Z',
			'06:59:59Z',
		],
		['in UTC, means that moment', '2026-11-01T05:30:00Z', '2026-11-01T05:40:00Z', '05:30:00Z', '05:40:00Z'],
	])('%s', (_case, startTime, endTime, from, to) => {
		expect(custom(startTime, endTime, NEW_YORK, now)).toEqual([`2026-11-01T${from}`, `2026-11-01T${to}`]);
	});

	test.each(['UTC', NEW_YORK, 'Asia/Kolkata'])('in UTC by its name, means that moment in %s, too', (zone) => {
		const [start, end] = ['2026-11-01 05:15:00 UTC', '2026-11-01 05:45 GMT'];
		expect(custom(start, end, zone, now)).toEqual(['2026-11-01T05:15:00Z', '2026-11-01T05:45:59Z']);
	});

	test.each([
		'2026-11-01 05:15:00 Asia/Kolkata',
		'2026-11-01 05:15:00 Etc/GMT+5',
		'2026-11-01 05:15 EST',
		'2026-11-01T05:15:00[Asia/Kolkata]',
		'2026-11-01T05:15:00+05:75',
		'2026-11-01 05:15:00 -0560',
		'2026-11-01T05:15+25:00',
		'2026-11-01T05:15-15:00',
		'2026-11-01T05:15+9900',
		'2026-11-01 05:15:00+24',
	])('with an unclear zone (%s) is not valid', (time) => {
		for (const zone of ['UTC', NEW_YORK])
			expect(thrownBy(() => custom(time, time, zone, now))).toMatchObject({
				message: `"Start Time" is not a valid date and time: ${time}`,
			});
	});

	test.each(['+05:30', '+0530', '+14:00', '-12:00', '+05:30[Asia/Kolkata]', '-0330', '+08', 'Z[Etc/UTC]'])(
		'with the offset %s, is valid',
		(offset) => {
			const time = `2026-10-31T05:15:00${offset}`;
			const moment = DateTime.fromISO(time.replace(/\[.*/, '')).toMillis();
			expect(Date.parse(custom(time, time, NEW_YORK, now)[0])).toBe(moment);
		},
	);

	test('of a whole day of 25 hours, means all of them', () => {
		const both = ['2026-11-01T04:00:00Z', '2026-11-02T04:59:59Z'];
		expect(custom('2026-11-01', '2026-11-01', NEW_YORK, now)).toEqual(both);
		expect(custom('2026-11-01', '2026-11-01', 'America/Havana', now)).toEqual(both);
	});
});

describe('two months ago', () => {
	test.each([
		['Europe/Berlin', '2026-12-10T11:00:00Z'],
		['America/New_York', '2026-11-15T12:00:00Z'],
		['Asia/Tokyo', '2026-04-29T15:30:00Z'],
		['Pacific/Auckland', '2026-05-20T12:00:00Z'],
		['America/New_York', '2027-02-28T17:00:00Z'],
	])('in %s at %s is where the range starts, with a hint that says from when', (zone, now) => {
		const start = DateTime.fromISO(now, { zone }).minus({ months: 2 });
		const [from] = custom(start, now, zone, now);
		const earliest = DateTime.fromISO(now, { zone: 'UTC+8' }).minus({ months: 2 }).plus({ minutes: 1 });
		expect(Date.parse(from)).toBe(earliest.toMillis());
		expect(hintOf(start, now, zone)).toContain(
			earliest.setZone(zone).toFormat("'starts at 'yyyy-MM-dd HH:mm:ss"),
		);
	});

	test.each([
		['2026-03-29T02:15', 'Europe/Berlin', '2026-03-29T01:00:00Z', '2026-03-29T01:15:59Z'],
		['2026-04-24T00:59:59', 'Africa/Cairo', '2026-04-23T22:00:00Z', '2026-04-23T22:59:59Z'],
		['2026-10-04 02:10', 'Australia/Lord_Howe', '2026-10-03T15:30:00Z', '2026-10-03T15:40:59Z'],
	])('from or to %s, which %s skips, leaves out no call', (time, zone, from, to) => {
		const now = DateTime.fromISO(from).plus({ days: 2 }).toISO()!;
		expect(custom(time, now, zone, now)[0]).toBe(from);
		expect(custom(DateTime.fromISO(from).minus({ days: 2 }), time, zone, now)[1]).toBe(to);
	});

	test('is accepted in every zone at every time, and never lets a range start too early', () => {
		const moment = fc.date({ min: new Date('2026-01-01'), max: new Date('2028-12-31'), noInvalidDate: true });
		fc.assert(
			fc.property(
				moment,
				fc.constantFrom(...ALL_ZONES),
				fc.constantFrom(...ALL_ZONES),
				(date, zone, other) => {
					const now = date.toISOString();
					const start = DateTime.fromJSDate(date, { zone: other }).minus({ months: 2 });
					const [from] = custom(start, now, zone, now);
					const earliestMs =
						DateTime.fromISO(now, { zone: 'UTC+8' }).minus({ months: 2 }).toMillis() + 60_000;
					const expected = Math.max(start.toMillis(), Math.floor(earliestMs / 1000) * 1000);
					expect(Date.parse(from)).toBe(Math.floor(expected / 1000) * 1000);
					expect(hintOf(start, now, zone) === undefined).toBe(start.toMillis() >= expected);
				},
			),
			{ numRuns: 300 },
		);
	});

	test('needs no hint when the range starts later', () => {
		expect(hintOf('2026-01-15T12:01:00Z', NOW)).toBeUndefined();
	});
});

describe('nightly reports of "yesterday"', () => {
	const YEAR_S = Date.parse('2026-01-01T00:00:00Z') / 1000;
	const HOURS = 365 * 24;
	const offsetAt = (zone: IANAZone, hour: number) => zone.offset((YEAR_S + hour * HOUR_S) * 1000);

	/** Hours before which the clocks of a zone change. */
	function changes(zone: IANAZone): number[] {
		const hours: number[] = [];
		for (let day = 0; day < HOURS; day += 24) {
			if (offsetAt(zone, day) === offsetAt(zone, day + 24)) continue;
			for (let hour = day + 1; hour <= day + 24; hour++) {
				if (offsetAt(zone, hour - 1) !== offsetAt(zone, hour)) hours.push(hour);
			}
		}
		return hours;
	}

	/** One zone of each kind: with the same offset and changes, all are alike. */
	const kinds = new Map(
		share(ALL_ZONES).map((name) => {
			const zone = IANAZone.create(name);
			const hours = changes(zone);
			const offsets = [0, ...hours].map((hour) => offsetAt(zone, hour));
			return [JSON.stringify([hours, offsets]), { name, hours }];
		}),
	);

	/** The hours whose reports leave a gap, overlap, or are not the day before. */
	function faultsIn(name: string, hours: number[]): string[] {
		const dateOf = (seconds: number) => DateTime.fromSeconds(seconds, { zone: name }).toISODate();
		let before: { fromS: number; toS: number } | undefined;
		return hours.flatMap((hour) => {
			const now = new Date((YEAR_S + hour * HOUR_S) * 1000).toISOString();
			const yesterday = range({ timeRange: 'yesterday' }, name, now);
			const today = range({ timeRange: 'today' }, name, now);
			const isSame = yesterday.fromS === before?.fromS && yesterday.toS === before.toS;
			if (isSame && yesterday.toS + 1 === today.fromS) return [];
			const isNext = !before || before.toS + 1 === yesterday.fromS;
			const [last, first] = [yesterday.fromS - 1, yesterday.fromS].map(dateOf);
			const isOneDay = last !== first && first === dateOf(yesterday.toS);
			before = yesterday;
			const isRight = yesterday.toS + 1 === today.fromS && isNext && isOneDay;
			return isRight ? [] : [`${name} ${now}`];
		});
	}

	test(`tile the year in every zone, at ${IS_FULL_RUN ? 'every hour' : 'the hours around a change of the clocks'}`, () => {
		expect(kinds.size).toBeGreaterThan(share(ALL_ZONES).length / 20);
		const all = Array.from({ length: HOURS }, (_, index) => index);
		const around = (hour: number) => Array.from({ length: 49 }, (_, index) => hour - 24 + index);
		const stretches = (hours: number[]) => (IS_FULL_RUN ? [all] : hours.map(around));
		const faults = [...kinds.values()].flatMap(({ name, hours }) =>
			stretches(hours).flatMap((stretch) => faultsIn(name, stretch)),
		);
		expect(faults).toEqual([]);
	});
});

const customly = (startTime: unknown, endTime: unknown = NOW) => ({
	timeRange: 'custom',
	startTime,
	endTime,
});

test.each<[TimeRangeValues, string, string]>([
	[{ timeRange: 'lastCentury' }, 'Unknown value for "Time Range": lastCentury', 'Choose from: lastHour, '],
	[{ timeRange: undefined }, 'Unknown value for "Time Range": empty', 'Choose from: lastHour, '],
	[customly(''), '"Start Time" is empty', 'Pick a date'],
	[customly(null), '"Start Time" is empty', 'Pick a date'],
	[customly('2026-03-01', ''), '"End Time" is empty', 'Pick a date'],
	[customly('2026-03-02', '2026-03-01'), '"Start Time" is after "End Time"', 'swap the two'],
	[customly('2026-04-01', '2026-05-01'), '"Start Time" is in the future', 'but the current time is'],
	[customly('2026-01-12T09:59'), '"Start Time" is more than two months ago', 'keeps call records for two'],
	[customly('2026-03-01', 'tomorrow'), '"End Time" is not a valid date and time: tomorrow', 'Enter it like'],
])('an error names the time and what to enter when it is refused: %j', (values, message, hint) => {
	const error = thrownBy(() => range(values));
	expect(error).toBeInstanceOf(UserError);
	expect(error).toMatchObject({ message, description: expect.stringContaining(hint) as string });
});

test.each([
	['words', 'some day'],
	['a day that does not exist', '2026-02-30'],
	['a number of milliseconds', 1772323200000],
	['an hour alone, which would mean the day of the host', '08:30'],
	['a day with slashes, which has two readings', '03/04/2026'],
	['a list', ['2026-03-01']],
	['an expression that found no date', new Date('some day')],
	['an expression that could not read a date', DateTime.fromISO('some day')],
	['what cannot be written as a date', { toISO: 'no function', toISOString: () => JSON.parse('') as string }],
	['the words of a web page', 'Sun, 01 Mar 2026 08:30:00 GMT'],
])('a date and time is refused: %s', (_case, startTime) => {
	expect(thrownBy(() => range(customly(startTime)))).toMatchObject({
		message: expect.stringMatching(
			/^"Start Time" (is not a valid date and time: |must be text or a number, not a list$)/,
		) as string,
		description: expect.stringMatching(/^(Enter it like|Pick a date)/) as string,
	});
	if (typeof startTime === 'string')
		expect((thrownBy(() => range(customly(startTime))) as Error).message).toContain(`: ${startTime}`);
});
