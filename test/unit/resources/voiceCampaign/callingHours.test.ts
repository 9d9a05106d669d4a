import fc from 'fast-check';

import {
	nextCallingMs,
	readCallingHours,
} from '../../../../nodes/Itniotech/resources/voiceCampaign/callingHours';

const WINTER_MS = Date.parse('2026-11-20T08:00:00Z');
const SUMMER_MS = Date.parse('2026-07-20T08:00:00Z');
const hours = (value: unknown, zone = 'Asia/Singapore', startMs = WINTER_MS) =>
	readCallingHours(value, zone, startMs)?.map(({ strTime, endTime }) => `${strTime}-${endTime}`);

test.each<[unknown, string[] | undefined]>([
	['09:00-12:00', ['09:00-12:00']],
	['9:00 – 12:30, 14:00-18:00;20:00-21:00', ['09:00-12:30', '14:00-18:00', '20:00-21:00']],
	['00:00-23:59', ['00:00-23:59']],
	['20:00-24:00', ['20:00-23:59']],
	['22:00-02:00', ['22:00-23:59', '00:00-02:00']],
	['22:00-00:00', ['22:00-23:59']],
	['23:59-08:00', ['00:00-08:00']],
	['00:00-24:00', undefined],
	['09:00-12:00, 11:00-14:00', ['09:00-14:00']],
	['09:00-12:00, 12:00-14:00, 13:00-13:30, 15:00-16:00', ['09:00-14:00', '15:00-16:00']],
	['22:00-02:00, 01:00-06:00', ['00:00-06:00', '22:00-23:59']],
	['00:00-12:00, 12:00-24:00', undefined],
	['18:00-08:00, 07:00-19:00', undefined],
	['09:00-12:00\u200b', ['09:00-12:00']],
	['\u206809：００−１２：００\u2069', ['09:00-12:00']],
	['', undefined],
	[null, undefined],
])('the calling hours %j are %j in the zone of ITNIO', (value, expected) => {
	expect(hours(value)).toEqual(expected);
});

test('calling hours in another zone are sent in that of ITNIO, summer time included', () => {
	expect(hours('09:00-18:00', 'Europe/Berlin')).toEqual(['16:00-23:59', '00:00-01:00']);
	expect(hours('09:00-18:00', 'Europe/Berlin', SUMMER_MS)).toEqual(['15:00-23:59']);
	expect(hours('09:00-18:00', 'America/New_York')).toEqual(['22:00-23:59', '00:00-07:00']);
	expect(hours('09:00-12:00', 'Asia/Kolkata')).toEqual(['11:30-14:30']);
	expect(hours('09:00-12:00', 'Pacific/Kiritimati')).toEqual(['03:00-06:00']);
});

test.each(['9-17', '09:00', '25:00-26:00', '09:00-09:00', '24:00-06:00', '09:60-10:00', 'x', ','])(
	'calling hours are refused by name: %s',
	(value) => {
		expect(() => hours(value)).toThrow(/"Calling Hours"/);
	},
);

test('more than three ranges by the clock of ITNIO are refused', () => {
	const three = '01:00-02:00, 03:00-04:00, 08:00-18:00';
	expect(hours(three)).toHaveLength(3);
	expect(() => hours(three, 'Europe/Berlin')).toThrow('"Calling Hours" has 4 ranges of hours');
});

const minute = fc.integer({ min: 0, max: 24 * 60 - 1 });
const text = (minutes: number) =>
	[Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
/** Minutes of the day that a range has, over midnight where its end is before its start. */
const minutesIn = ([from, to]: [number, number]) =>
	Array.from({ length: (to - from + 24 * 60) % (24 * 60) }, (_, nth) => (from + nth) % (24 * 60));

test('whatever the calling hours, people are called in them and at no other time, but for the last minute of a day', () => {
	const ranges = fc.array(
		fc.tuple(minute, minute).filter(([from, to]) => from !== to),
		{ minLength: 1, maxLength: 3 },
	);
	const shiftOf = { UTC: 480, 'Asia/Kolkata': 150, 'America/New_York': 780, 'Pacific/Kiritimati': -360 };
	fc.assert(
		fc.property(
			ranges,
			fc.constantFrom(...(Object.keys(shiftOf) as Array<keyof typeof shiftOf>)),
			(all, zone) => {
				const wanted = new Set(
					all.flatMap(minutesIn).map((at) => (at + shiftOf[zone] + 24 * 60) % (24 * 60)),
				);
				let read: string[] | undefined;
				try {
					read = hours(all.map(([from, to]) => `${text(from)}-${text(to)}`).join(', '), zone);
				} catch (error) {
					// More than three that do not touch, by the clock of ITNIO.
					const starts = [...wanted].filter((at) => at === 0 || !wanted.has(at - 1));
					expect((error as Error).message).toBe(`"Calling Hours" has ${starts.length} ranges of hours`);
					expect(starts.length).toBeGreaterThan(3);
					return;
				}
				if (read === undefined) return expect(wanted.size).toBe(24 * 60);
				expect(read.length).toBeLessThanOrEqual(3);
				const called = read.flatMap((one) => {
					const [from, to] = one
						.split('-')
						.map((part) => Number(part.slice(0, 2)) * 60 + Number(part.slice(3)));
					// ITNIO may take the same time twice as all day.
					expect(from).toBeLessThan(to);
					return Array.from({ length: to - from }, (_, nth) => from + nth);
				});
				wanted.delete(24 * 60 - 1);
				expect(called.filter((at) => at !== 24 * 60 - 1).sort((a, b) => a - b)).toEqual(
					[...wanted].sort((a, b) => a - b),
				);
			},
		),
		{ numRuns: 500 },
	);
});

test('the first calls are possible in the first minute of the calling hours, whenever a campaign starts', () => {
	/** By the clock of ITNIO. */
	const midnightMs = Date.parse('2026-11-20T00:00:00+08:00');
	const ranges = fc.array(fc.tuple(minute, minute), { minLength: 1, maxLength: 3 });
	fc.assert(
		fc.property(ranges, minute, (all, at) => {
			const wanted = all.filter(([from, to]) => from < to);
			fc.pre(wanted.length > 0);
			const read = wanted.map(([from, to]) => ({ strTime: text(from), endTime: text(to) }));
			// Nothing is later than 23:59, which stands for the end of the day.
			const isIn = (one: number) =>
				wanted.some(([from, to]) => one >= from && (one < to || to === 24 * 60 - 1));
			const later = Array.from({ length: 24 * 60 }, (_, nth) => nth).find((nth) =>
				isIn((at + nth) % (24 * 60)),
			)!;
			const startMs = midnightMs + at * 60_000;
			expect(nextCallingMs(read, startMs)).toBe(startMs + later * 60_000);
		}),
		{ numRuns: 500 },
	);
});
