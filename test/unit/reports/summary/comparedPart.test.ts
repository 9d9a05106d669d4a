import fc from 'fast-check';
import { DateTime } from 'luxon';
import { readRange, TIME_RANGES } from '../../../../nodes/Itniotech/records/query/timeRange';
import { earliestTime } from '../../../../nodes/Itniotech/records/windows';
import { comparedPart } from '../../../../nodes/Itniotech/reports/summary/comparedPart';
import { earlierRange } from '../../../../nodes/Itniotech/reports/summary/earlierRange';
import type { GroupName } from '../../../../nodes/Itniotech/reports/summary/groupBy';
import { Summary } from '../../../../nodes/Itniotech/reports/summary/summary';
import { atOnce } from '../../../support/atOnce';
import { DAY_S, HOUR_S } from '../../../support/times';

const PRESETS = Object.keys(TIME_RANGES).filter((name) => name !== 'custom');
const input = {
	zone: fc.constantFrom(...Intl.supportedValuesOf('timeZone')),
	timeRange: fc.constantFrom(...PRESETS, 'lastMonth', 'last31Days'),
	comparison: fc.constantFrom('previousPeriod' as const, 'weekEarlier' as const),
	now: fc
		.date({ min: new Date('2024-01-01'), max: new Date('2027-12-31'), noInvalidDate: true })
		.map((date) => date.getTime()),
	/** How many days less than two months the service goes back, to get more cases where a part is gone. */
	lessDays: fc.integer({ min: 0, max: 58 }),
};

function planOf({ zone, timeRange, comparison, now, lessDays }: Record<keyof typeof input, never>) {
	const time = DateTime.fromMillis(now, { zone });
	const range = readRange({ timeRange }, time);
	const earlier = earlierRange(comparison, { timeRange, range, zone });
	const earliestS = earliestTime(time).toSeconds() + lessDays * DAY_S;
	return { range, earlier, earliestS, part: comparedPart(earlier, { range, zone, earliestS }) };
}

test('the part that is left begins with a full hour, and has the same hours of both ranges', () => {
	let parts = 0;
	fc.assert(
		fc.property(fc.record(input), (one) => {
			const { range, earlier, earliestS, part } = planOf(one as never);
			if (earlier.range.fromS >= earliestS) return;
			if (!part) {
				const nothing = earlier.range.toS - earliestS < 2 * HOUR_S;
				const isPastRange = earlier.toLater(earliestS + 2 * HOUR_S) > range.toS - 2 * HOUR_S;
				expect(nothing || isPastRange).toBe(true);
				return;
			}
			parts++;
			const local = (seconds: number) => DateTime.fromSeconds(seconds, { zone: one.zone });
			expect(local(part.earlier.fromS).toFormat('mm:ss')).toMatch(/^(00|30):00$/);
			const gone = part.earlier.fromS - earliestS;
			expect(gone).toBeGreaterThanOrEqual(15 * 60);
			expect(gone).toBeLessThanOrEqual(75 * 60);
			expect(part.earlier.toS).toBeLessThanOrEqual(earlier.range.toS);
			expect(part.later.fromS).toBeGreaterThanOrEqual(range.fromS);
			expect(part.later.toS).toBeLessThanOrEqual(range.toS);
			// As long as each other, but for an hour where the clocks change.
			const lengths = [part.earlier, part.later].map(({ fromS, toS }) => toS - fromS);
			expect(Math.abs(lengths[0] - lengths[1])).toBeLessThanOrEqual(2 * HOUR_S);
		}),
		{ numRuns: 1000 },
	);
	expect(parts).toBeGreaterThan(0);
});

test('each row compares the calls of the part alone, and none outside of it', () => {
	const moments = fc.array(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), { maxLength: 30 });
	const more = {
		laterCalls: moments,
		earlierCalls: moments,
		groupBy: fc.constantFrom<GroupName[]>([], ['day'], ['weekday'], ['area']),
	};
	fc.assert(
		fc.property(fc.record({ ...input, ...more }), ({ laterCalls, earlierCalls, groupBy, ...one }) => {
			const { range, earlier, part, earliestS } = planOf(one as never);
			if (earlier.range.fromS >= earliestS || !part) return;
			const options = { groupBy, sortBy: 'keys', maxGroups: 0, shortCallSeconds: 6, includeDetails: false } as const; // prettier-ignore
			const summary = new Summary(options, range, one.zone);
			summary.compareOnly(part);
			const timesIn = ({ fromS, toS }: typeof range, list: number[]) =>
				list.map((at) => fromS + Math.floor(at * (toS - fromS + 1)));
			const recordOf = (seconds: number) => ({
				voiceId: `${seconds}`,
				code: 'a',
				submitTime: new Date(seconds * 1000).toISOString(),
				terminationCode: '200',
			});
			const [later, before] = [timesIn(range, laterCalls), timesIn(part.earlier, earlierCalls)];
			for (const seconds of later) summary.add(recordOf(seconds));
			const earlierSummary = summary.createEarlier(earlier.toLater);
			for (const seconds of before) earlierSummary.add(recordOf(seconds));
			atOnce(summary.compareWith(earlierSummary));
			const formats: Record<string, string> = { day: 'yyyy-MM-dd', weekday: 'cccc' };
			const keyAt = (seconds: number) =>
				groupBy[0] in formats
					? DateTime.fromSeconds(seconds, { zone: one.zone, locale: 'en' }).toFormat(formats[groupBy[0]])
					: 'a';
			const [dayFrom, dayTo] = [part.later.fromS, part.later.toS].map(keyAt);
			const daysIn = ({ fromS, toS }: typeof range) =>
				Array.from({ length: Math.ceil((toS - fromS) / HOUR_S) + 1 }, (_, hour) =>
					keyAt(Math.min(toS, fromS + hour * HOUR_S)),
				);
			const daysOfBoth = daysIn(part.later).filter((key) => daysIn(part.earlier).includes(key));
			let compared = 0;
			for (const row of atOnce(summary.rows())) {
				const key = groupBy.length === 0 ? 'a' : `${row[groupBy[0]]}`;
				const shift = groupBy[0] === 'day' ? earlier.toLater : (seconds: number) => seconds;
				const previous = before.filter((seconds) => keyAt(shift(seconds)) === key).length;
				const now = later.filter(
					(seconds) => seconds >= part.later.fromS && seconds <= part.later.toS && keyAt(seconds) === key,
				).length;
				expect(row.calls).toBe(later.filter((seconds) => keyAt(seconds) === key).length);
				if (row.previousCalls === null) {
					expect(groupBy[0]).toMatch(/day/);
					if (groupBy[0] === 'day') expect(key >= dayFrom && key <= dayTo).toBe(false);
					else expect(daysOfBoth).not.toContain(key);
					continue;
				}
				compared += previous;
				if (groupBy[0] === 'day') expect(key >= dayFrom && key <= dayTo).toBe(true);
				expect(row.previousCalls).toBe(previous);
				const change = previous === 0 ? null : Math.round(((now - previous) / previous) * 10_000) / 10_000;
				expect(row.callsChange).toBe(change);
			}
			const left = before.length - compared;
			expect(summary.hints().filter((hint) => hint.startsWith('Earlier'))).toEqual(
				left > 0
					? [
							`Earlier calls whose day or hour has no counterpart in the compared part of the time range: ${left}. They are not compared.`,
						]
					: [],
			);
		}),
		{ numRuns: 500 },
	);
});
