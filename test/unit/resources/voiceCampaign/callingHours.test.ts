import { readCallingHours } from '../../../../nodes/Itniotech/resources/voiceCampaign/callingHours';

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
	['00:00-24:00', undefined],
	['', undefined],
	[null, undefined],
])('%j in the zone of ITNIO is %j', (value, expected) => {
	expect(hours(value)).toEqual(expected);
});

test('hours in another zone are those of ITNIO, summer time included', () => {
	expect(hours('09:00-18:00', 'Europe/Berlin')).toEqual(['16:00-23:59', '00:00-01:00']);
	expect(hours('09:00-18:00', 'Europe/Berlin', SUMMER_MS)).toEqual(['15:00-23:59']);
	expect(hours('09:00-18:00', 'America/New_York')).toEqual(['22:00-23:59', '00:00-07:00']);
	expect(hours('09:00-12:00', 'Asia/Kolkata')).toEqual(['11:30-14:30']);
	expect(hours('09:00-12:00', 'Pacific/Kiritimati')).toEqual(['03:00-06:00']);
});

test.each(['9-17', '09:00', '25:00-26:00', '09:00-09:00', '24:00-06:00', '09:60-10:00', 'x', ','])(
	'%s is refused by name',
	(value) => {
		expect(() => hours(value)).toThrow(/"Calling Hours"/);
	},
);

test('more than three ranges by the clock of ITNIO are refused', () => {
	const three = '01:00-02:00, 03:00-04:00, 08:00-18:00';
	expect(hours(three)).toHaveLength(3);
	expect(() => hours(three, 'Europe/Berlin')).toThrow('"Calling Hours" has 4 ranges of hours');
});
