import { DateTime } from 'luxon';
import { readRange, TIME_RANGES } from '../../../../nodes/Itniotech/records/query/timeRange';
import { earlierNames } from '../../../../nodes/Itniotech/reports/document/period';
import { earlierRange } from '../../../../nodes/Itniotech/reports/summary/earlierRange';

const ZONES = ['Asia/Singapore', 'Asia/Kathmandu', 'America/St_Johns', 'Europe/Berlin', 'Africa/Cairo'];
/** A Monday, a Sunday, the first and the last of a month, and days when clocks change. */
const NOWS = ['2026-10-25T12:00', '2026-10-31T00:10', '2026-11-01T00:05', '2026-11-02T08:00', '2026-11-30T23:59:59', '2027-03-01T09:00']; // prettier-ignore

function valuesAt(now: DateTime) {
	const [from, to] = [now.minus({ hours: 50 }), now.minus({ hours: 2 })];
	const [day, lastDay] = [from.toISODate()!, to.toISODate()!];
	const ends = [[from.toISO()!, to.toISO()!], [day, to.toISO()!], [day, lastDay], [lastDay, to.toISO()!], [lastDay, lastDay]]; // prettier-ignore
	return [
		...Object.keys(TIME_RANGES).filter((name) => name !== 'custom').map((timeRange) => ({ timeRange })),
		...ends.map(([startTime, endTime]) => ({ timeRange: 'custom', startTime, endTime })),
	]; // prettier-ignore
}

test.each(ZONES)('a sentence names the earlier time as what it is, in %s', (zone) => {
	const seen = new Set<string>();
	for (const now of NOWS.map((text) => DateTime.fromISO(text, { zone }))) {
		for (const values of valuesAt(now)) {
			for (const comparison of ['previousPeriod', 'weekEarlier'] as const) {
				const range = readRange(values, now);
				const earlier = earlierRange(comparison, { timeRange: values.timeRange, range, zone }).range;
				const { than, when } = earlierNames(range, earlier, zone);
				const [from, to, earlierFrom, earlierTo] = [range.fromS, range.toS + 1, earlier.fromS, earlier.toS + 1].map((seconds) => DateTime.fromSeconds(seconds, { zone })); // prettier-ignore
				const unit = /(day|week|month|days) before$/.exec(when)?.[1];
				seen.add(when);
				if (when === 'a week earlier') expect(+earlierFrom.plus({ days: 7 })).toBe(+from);
				else if (when === 'in the time before') expect(+earlierTo).toBe(+from);
				else if (when.startsWith('in the same part')) {
					expect(+earlierTo).toBeLessThan(+from);
					const days = Math.round(to.minus({ second: 1 }).startOf('day').diff(from.startOf('day'), 'days').days + 1); // prettier-ignore
					expect(+earlierFrom.plus(unit === 'days' ? { days } : { [unit!]: 1 })).toBe(+from);
				} else {
					expect([+from, +from.plus({ [unit!]: 1 })]).toEqual([+earlierTo, +to]);
					expect(+earlierFrom.plus({ [unit!]: 1 })).toBe(+earlierTo);
				}
				expect(than).toBe(when === 'the day before' ? earlierFrom.setLocale('en').weekdayLong : when);
			}
		}
	}
	expect(seen.size).toBe(8);
});
