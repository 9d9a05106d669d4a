import fc from 'fast-check';
import { DateTime } from 'luxon';
import type { WireRecord } from '../../../../nodes/Itniotech/api/types';
import { CallReport } from '../../../../nodes/Itniotech/reports/document/callReport';
import type { Tally } from '../../../../nodes/Itniotech/reports/document/tally';
import { Summary } from '../../../../nodes/Itniotech/reports/summary/summary';
import { DAY_S } from '../../../support/times';
import { atOnce } from '../../../support/atOnce';

const ZONES = ['Asia/Singapore', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'America/Havana'];
/** Around the days when clocks are changed in Europe and America. */
const STARTS = [
	'2026-03-07T10:30:00Z',
	'2026-03-28T00:00:00Z',
	'2026-10-24T12:00:00Z',
	'2026-10-31T09:00:00Z',
];

const call = fc.record({
	at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
	callee: fc.constantFrom(
		'15550101',
		'+15550101',
		'0015550101',
		'15550102',
		'unknown',
		'12345678901234567',
		null,
	),
	code: fc.constantFrom('India(Delhi)', 'India(Mumbai)', 'Ünland', null),
	terminationCode: fc.constantFrom('200', '486', '480', '503', null),
	terminationReason: fc.constantFrom('x', 'y'),
	cost: fc.constantFrom('0.1', '0.25', '', null),
	isTimed: fc.boolean().map((value) => value || undefined),
});

const isEnded = ({ terminationCode }: WireRecord) => terminationCode !== null;
const isAnswered = ({ terminationCode }: WireRecord) => terminationCode === '200';
const isFailed = (record: WireRecord) => isEnded(record) && !isAnswered(record);

/** The figures of a line, each counted on its own. */
function expected(records: WireRecord[]) {
	return {
		calls: records.length,
		answered: records.filter(isAnswered).length,
		failed: records.filter(isFailed).length,
	};
}
const figuresIn = ({ calls, answered, failed }: Tally) => ({ calls, answered, failed });

function groups<T>(records: T[], keyOf: (record: T) => string): Map<string, T[]> {
	const byKey = new Map<string, T[]>();
	for (const record of records) byKey.set(keyOf(record), [...(byKey.get(keyOf(record)) ?? []), record]);
	return byKey;
}

test('each section adds up what a plain count does, in every zone and on days when the clocks change', () => {
	const input = {
		zone: fc.constantFrom(...ZONES),
		start: fc.constantFrom(...STARTS),
		days: fc.constantFrom(1 / 24, 1, 2, 3, 9, 31, 60),
		calls: fc.array(call, { maxLength: 40 }),
	};
	fc.assert(
		fc.property(fc.record(input), ({ zone, start, days, calls }) => {
			const fromS = Date.parse(start) / 1000;
			const range = { fromS, toS: fromS + days * DAY_S - 1 };
			const records = calls.map(({ at, isTimed, ...fields }, index) => {
				const seconds = fromS + Math.floor(at * days * DAY_S);
				const submitTime = isTimed && new Date(seconds * 1000).toISOString();
				return { ...fields, voiceId: `${index}`, submitTime, time: DateTime.fromSeconds(seconds, { zone, locale: 'en' }) }; // prettier-ignore
			});
			const report = new CallReport(range, zone, { shortCallSeconds: 6 });
			const summary = new Summary({ groupBy: [], sortBy: 'keys', maxGroups: 0, includeDetails: false, shortCallSeconds: 6 }, range, zone); // prettier-ignore
			for (const record of records) report.add(record);
			for (const record of records) summary.add(record);
			expect(report.row()).toEqual(atOnce(summary.rows())[0]);

			const timed = records.filter(({ submitTime }) => submitTime);
			const trend = report.hourly.trend();
			const formats = { hour: 'yyyy-MM-dd HH ZZ', day: 'yyyy-MM-dd', week: 'kkkk-WW' };
			const byTime = groups(timed, ({ time }) => time.toFormat(formats[trend.unit]));
			const times: string[] = [];
			for (let atS = fromS; atS <= range.toS; atS += 900) {
				times.push(DateTime.fromSeconds(atS, { zone, locale: 'en' }).toFormat(formats[trend.unit]));
			}
			const lines = [...new Set(times)].map((time) => expected(byTime.get(time) ?? []));
			expect(trend.lines.map(({ tally }) => figuresIn(tally))).toEqual(lines);
			expect(report.hourly.untimed).toBe(records.length - timed.length);

			const { weekdays, rows } = report.hourly.heatMap();
			const byCell = groups(timed, ({ time }) => time.toFormat('ccc HH'));
			const cells = rows.flatMap(({ hour, tallies }) => tallies.map((tally, index) => [`${weekdays[index]} ${hour}`, figuresIn(tally)] as const)); // prettier-ignore
			for (const [key, figures] of cells) expect(figures).toEqual(expected(byCell.get(key) ?? []));
			expect(cells.map(([key]) => key)).toEqual(expect.arrayContaining([...byCell.keys()]));

			for (const [places, keyOf, isListed] of [
				[report.failingAreas(false), ({ code }: WireRecord) => `${code}`, isFailed],
				[report.countries(), ({ code }: WireRecord) => `${code}`.replace(/\(.*/, ''), () => true],
			] as const) {
				const byPlace = groups(records, keyOf);
				const listed = [...byPlace].filter(([, list]) => list.some(isListed)).map(([name]) => name);
				expect(places.map(({ name }) => `${name}`).sort()).toEqual(listed.sort());
				for (const { name, tally } of places) {
					const list = byPlace.get(`${name}`)!;
					expect(figuresIn(tally)).toEqual(expected(list));
					const cents = list.reduce((sum, { cost }) => sum + Math.round(Number(cost) * 100), 0);
					expect(tally.costs!.list().map(({ cost }) => Math.round(Number(cost) * 100))).toEqual(list.some(({ cost }) => cost) ? [cents] : []); // prettier-ignore
				}
			}

			const byNumber = groups(records.filter((record) => isFailed(record) && record.callee), ({ callee }) => callee!.replace(/^\+|^00/, '')); // prettier-ignore
			const counts = [...byNumber].map(([calledNumber, list]) => ({ calledNumber, failed: list.length }));
			counts.sort((a, b) => b.failed - a.failed || (a.calledNumber < b.calledNumber ? -1 : 1));
			expect(report.failingNumbers.list(1)).toEqual(counts);
			expect(report.failingNumbers.list(2)).toEqual(counts.filter(({ failed }) => failed >= 2));
		}),
		{ numRuns: 60 },
	);
});
