import fc from 'fast-check';
import { DateTime } from 'luxon';
import type { WireRecord } from '../../../../nodes/Itniotech/api/types';
import { TIME_RANGES, readRange } from '../../../../nodes/Itniotech/records/query/timeRange';
import { earlierRange } from '../../../../nodes/Itniotech/reports/summary/earlierRange';
import type { GroupName } from '../../../../nodes/Itniotech/reports/summary/groupBy';
import { Summary } from '../../../../nodes/Itniotech/reports/summary/summary';
import { DAY_S } from '../../../support/times';
import { atOnce } from '../../../support/atOnce';

const FORMATS: Partial<Record<GroupName, string>> = {
	day: 'yyyy-MM-dd',
	week: "kkkk-'W'WW",
	month: 'yyyy-MM',
	hour: "yyyy-MM-dd'T'HH:00ZZ",
	weekday: 'cccc',
	hourOfDay: 'HH',
};
/** What is compared by its name, whatever the time. */
const RECURRING: GroupName[] = ['weekday', 'hourOfDay', 'area'];
const PRESETS = Object.keys(TIME_RANGES).filter((name) => name !== 'custom');
/** Zones whose hours begin at a full hour of the model's format. */
const ZONES = Intl.supportedValuesOf('timeZone').filter((zone) => !/Lord_Howe|Troll/.test(zone));

const zone = fc.constantFrom(...ZONES);
const moment = fc
	.date({ min: new Date('2024-01-01'), max: new Date('2027-12-31'), noInvalidDate: true })
	.map((date) => date.getTime());
const call = fc.record({
	/** Where in its range, of 1. */
	at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
	code: fc.constantFrom('a', 'b'),
	terminationCode: fc.constantFrom('200', '486', null),
	cost: fc.constantFrom('0.1', '0.25', '', null),
});
const groupBy = fc.uniqueArray(fc.constantFrom<GroupName[]>('day', 'week', 'month', 'hour', ...RECURRING), {
	maxLength: 2,
});

/** By the calendar where the range has whole days, else by its length. */
function laterTime(seconds: number, days: number | null, length: number, inZone: string): DateTime {
	const time = DateTime.fromSeconds(seconds, { zone: inZone });
	return days === null ? time.plus({ seconds: length }) : time.plus({ days });
}

const localDay = (seconds: number, inZone: string) =>
	DateTime.fromSeconds(seconds, { zone: inZone }).setZone('utc', { keepLocalTime: true }).startOf('day');

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

const ratio = (now: unknown, before: unknown) =>
	typeof now === 'number' && typeof before === 'number' && before !== 0
		? Math.round(((now - before) / before) * 10_000) / 10_000
		: null;

test('each earlier call is compared with the group at the same distance from the start, or a hint counts it', () => {
	const input = {
		zone,
		now: moment,
		timeRange: fc.constantFrom(...PRESETS),
		comparison: fc.constantFrom('previousPeriod' as const, 'weekEarlier' as const),
		groupBy,
		laterCalls: fc.array(call, { maxLength: 20 }),
		callsBefore: fc.array(call, { maxLength: 20 }),
	};
	fc.assert(
		fc.property(fc.record(input), (one) => {
			const range = readRange({ timeRange: one.timeRange }, DateTime.fromMillis(one.now, { zone: one.zone }));
			const { range: before, toLater } = earlierRange(one.comparison, { ...one, range });
			const place = ({ fromS, toS }: typeof range, list: typeof one.laterCalls) =>
				list.map(({ at, ...fields }, index) => {
					const seconds = fromS + Math.floor(at * (toS - fromS + 1));
					return {
						...fields,
						voiceId: `${index}`,
						seconds,
						submitTime: new Date(seconds * 1000).toISOString(),
					};
				});
			const [calls, earlierCalls] = [place(range, one.laterCalls), place(before, one.callsBefore)];
			const options = { groupBy: one.groupBy, sortBy: 'keys', maxGroups: 0, shortCallSeconds: 6, includeDetails: false } as const; // prettier-ignore
			const summary = new Summary(options, range, one.zone);
			for (const record of calls) summary.add(record);
			const earlier = summary.createEarlier(toLater);
			for (const record of earlierCalls) earlier.add(record);
			atOnce(summary.compareWith(earlier));
			const rows = atOnce(summary.rows());

			const isCalendar = /day$|Week$|Month$/.test(one.timeRange) && !one.timeRange.startsWith('last7');
			const length = range.toS - range.fromS + 1;
			const wholeDays = length % DAY_S === 0 ? length / DAY_S : null;
			const calendarDays = localDay(range.fromS, one.zone).diff(
				localDay(before.fromS, one.zone),
				'days',
			).days;
			const days = one.comparison === 'weekEarlier' ? 7 : isCalendar ? calendarDays : wholeDays;
			const keyOf = (record: WireRecord, time: DateTime, name: GroupName) =>
				name === 'area' ? `${record.code as string}` : time.toFormat(FORMATS[name]!);
			const idOf = (record: (typeof earlierCalls)[number]) =>
				one.groupBy
					.map((name) => {
						const time = DateTime.fromSeconds(record.seconds, { zone: one.zone });
						return keyOf(record, RECURRING.includes(name) ? time : laterTime(record.seconds, days, length, one.zone), name); // prettier-ignore
					})
					.join();
			const laterIdOf = (record: (typeof calls)[number]) =>
				one.groupBy.map((name) => keyOf(record, DateTime.fromSeconds(record.seconds, { zone: one.zone }), name)).join(); // prettier-ignore
			// It may cost something once it has ended.
			const isOpen = ({ terminationCode, cost }: (typeof calls)[number]) => terminationCode === null && !cost;
			const rowId = (row: object) => one.groupBy.map((name) => `${row[name as keyof typeof row]}`).join();
			for (const row of rows) {
				const matching = earlierCalls.filter((record) => idOf(record) === rowId(row));
				const ended = matching.filter(({ terminationCode }) => terminationCode !== null);
				const answered = matching.filter(({ terminationCode }) => terminationCode === '200');
				const isBilled = answered.every(({ cost }) => cost);
				const known = Math.round(sum(matching.map((record) => Number(record.cost))) * 100) / 100;
				const cost = isBilled && (known > 0 || !matching.some(isOpen)) ? known : null;
				const now = calls.filter((record) => laterIdOf(record) === rowId(row));
				const isChangeKnown = ![...matching, ...now].some(isOpen);
				const asr = ended.length ? Math.round((answered.length / ended.length) * 10_000) / 10_000 : null;
				const rateNow = Number(row.answered) / (Number(row.answered) + Number(row.failed));
				const change = Math.round((rateNow - answered.length / ended.length) * 10_000) / 10_000 + 0;
				expect(row).toMatchObject({
					previousCalls: matching.length,
					previousAsr: asr,
					previousCost: cost,
					callsChange: ratio(row.calls, matching.length),
					costChange: isChangeKnown ? ratio(row.cost, cost) : null,
					asrChange: Number.isNaN(change) ? null : change,
				});
			}
			const unmatched = /no counterpart in the time range: (\d+)/.exec(summary.hints().join('\n'));
			expect(sum(rows.map(({ previousCalls }) => Number(previousCalls))) + Number(unmatched?.[1] ?? 0)).toBe(
				earlierCalls.length,
			);
			if (!one.groupBy.some((name) => !RECURRING.includes(name))) expect(unmatched).toBeNull();
		}),
		{ numRuns: 500 },
	);
});
