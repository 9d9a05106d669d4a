import fc from 'fast-check';
import type { CallFacts } from '../../../../nodes/Itniotech/reports/figures/callFacts';
import { foldEmpty, HourlyCalls } from '../../../../nodes/Itniotech/reports/document/trend';

const ANSWERED = { outcome: 'answered' } as CallFacts;
const CLOCK = '\\d\\d:\\d\\d(?: [+-]\\d\\d:\\d\\d)?';
const DAY = '\\w{3} \\d+ \\w{3}';
const LABEL = new RegExp(`^(?:(${DAY}) )?(${CLOCK})(?:(?:–| to )(?:(${DAY}) )?(${CLOCK}))?$`);
/** Days with 23 to 25 hours, some of which have no midnight, or two. */
const STARTS: Array<[zone: string, start: string]> = [
	['Europe/Berlin', '2026-10-24T13:00:00Z'],
	['Asia/Kathmandu', '2026-11-19T16:00:00Z'],
	['America/St_Johns', '2026-10-31T12:00:00Z'],
	['Africa/Cairo', '2026-04-23T12:00:00Z'],
	['America/Havana', '2026-10-31T12:00:00Z'],
	['Australia/Lord_Howe', '2026-10-03T06:00:00Z'],
];

test('read from the top, the lines say which day each hour belongs to, also where hours without calls are joined', () => {
	const input = {
		place: fc.constantFrom(...STARTS),
		hours: fc.integer({ min: 2, max: 48 }),
		calls: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }),
	};
	fc.assert(
		fc.property(fc.record(input), ({ place: [zone, start], hours, calls }) => {
			const fromS = Date.parse(start) / 1000;
			const hourly = new HourlyCalls({ fromS, toS: fromS + hours * 3600 - 1 }, zone);
			for (const at of calls) {
				const submitTime = new Date((fromS + Math.floor(at * (hours * 3600 - 1))) * 1000).toISOString();
				hourly.add({ voiceId: '1', submitTime }, ANSWERED);
			}
			const { lines } = hourly.trend();
			let day = '';
			let at = 0;
			for (const { label, tally } of foldEmpty(lines)) {
				const [, firstDay, first, lastDay, last] = LABEL.exec(label)!;
				const nameOf = (clock: string) => (day ? `${day} ${clock}` : clock);
				day = firstDay ?? day;
				expect(nameOf(first)).toBe(lines[at].fullLabel);
				if (tally.calls > 0) expect(lines[at].tally.calls).toBe(tally.calls);
				else {
					day = lastDay ?? day;
					const next = lines.findIndex((line, index) => index >= at && line.tally.calls > 0);
					at = (next < 0 ? lines.length : next) - 1;
					expect(nameOf(last ?? first)).toBe(lines[at].fullLabel);
				}
				at++;
			}
			expect(at).toBe(lines.length);
		}),
		{ numRuns: 300 },
	);
});

test.each([
	[0, 'hour', 24],
	[11, 'hour', 35],
	[25, 'hour', 49],
	[26, 'day', 3],
	[33 * 24, 'day', 34],
	[40 * 24, 'week', 7],
])(
	'the lines leave out no time between the range and a call that ITNIO lists in it, %d hours before',
	(hours, unit, count) => {
		const fromS = Date.parse('2026-11-20T00:00:00Z') / 1000;
		const hourly = new HourlyCalls({ fromS, toS: fromS + 24 * 3600 - 1 }, 'UTC');
		const submitTime = new Date((fromS - hours * 3600) * 1000).toISOString();
		hourly.add({ voiceId: '1', submitTime }, ANSWERED);
		const trend = hourly.trend();
		expect([trend.unit, trend.lines.length]).toEqual([unit, count]);
		expect(trend.lines.map(({ tally }) => tally.calls)).toEqual([1, ...Array(count - 1).fill(0)]);
	},
);
