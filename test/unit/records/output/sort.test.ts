import fc from 'fast-check';
import type { WireRecord } from '../../../../nodes/Itniotech/api/types';
import { ORDERS, SortedRecords, type OrderName } from '../../../../nodes/Itniotech/records/output/sort';

const START = Date.parse('2026-11-20T00:00:00Z');
type SortName = Exclude<OrderName, 'asListed'>;

const timeOf = (minute: number) => new Date(START + minute * 60_000).toISOString();
const missing = fc.constantFrom(null, undefined, '', '  ');

const records = fc.uniqueArray(
	fc.record({
		voiceId: fc.stringMatching(/^[1-9]\d{0,5}$/),
		submitTime: fc.oneof(
			fc.nat(20).map(timeOf),
			missing,
			fc.constantFrom('1970-01-01T08:00:00+08:00', '9999-12-31T00:00:00+08:00'),
		),
		callDuration: fc.oneof(fc.nat(20), fc.nat(20).map(String), missing, fc.constantFrom(-5, 71_582_788)),
		cost: fc.oneof(fc.nat(20).map((cents) => `0.${cents}`), missing, fc.constant('free')), // prettier-ignore
	}),
	{ selector: ({ voiceId }) => voiceId, maxLength: 60 },
) as fc.Arbitrary<WireRecord[]>;

const submittedAt = ({ submitTime }: WireRecord) =>
	/^(1970|9999)/.test(String(submitTime)) ? NaN : Date.parse(String(submitTime));

/** What the order is by, written down without the code under test. */
const VALUES: Record<SortName, { valueOf(record: WireRecord): number; isDescending: boolean }> = {
	newest: { valueOf: submittedAt, isDescending: true },
	oldest: { valueOf: submittedAt, isDescending: false },
	longest: {
		valueOf: ({ callDuration }) => {
			const seconds = parseFloat(String(callDuration));
			return seconds < 0 || seconds > 86_400 ? NaN : seconds;
		},
		isDescending: true,
	},
	mostExpensive: { valueOf: ({ cost }) => parseFloat(String(cost)), isDescending: true },
};
const SORT_NAMES = Object.keys(VALUES) as SortName[];

function expectedOrder(order: SortName, all: WireRecord[]): string[] {
	const { valueOf, isDescending } = VALUES[order];
	const byId = [...all].sort((a, b) => (a.voiceId < b.voiceId ? -1 : 1));
	const withValue = byId.filter((record) => !Number.isNaN(valueOf(record)));
	const without = byId.filter((record) => Number.isNaN(valueOf(record)));
	withValue.sort((a, b) => (isDescending ? valueOf(b) - valueOf(a) : valueOf(a) - valueOf(b)));
	return [...withValue, ...without].map(({ voiceId }) => voiceId);
}

test.each(SORT_NAMES)(
	'with a limit, the first records of the whole order %s are output, however they arrive',
	(order) => {
		fc.assert(
			fc.property(
				records,
				fc.integer({ min: 1, max: 70 }),
				fc.integer({ min: 1, max: 20 }),
				(all, limit, size) => {
					const sorter = new SortedRecords(ORDERS[order], ({ voiceId }) => voiceId, limit);
					for (let start = 0; start < all.length; start += size) sorter.add(all.slice(start, start + size));
					expect(sorter.list()).toEqual(expectedOrder(order, all).slice(0, limit));
				},
			),
			{ numRuns: 500 },
		);
	},
);

test('without a limit, all records are sorted', () => {
	const sorter = new SortedRecords(ORDERS.oldest, ({ voiceId }) => voiceId);
	sorter.add([2, 0, 1].map((minute) => ({ voiceId: String(minute), submitTime: timeOf(minute) })));
	expect(sorter.list()).toEqual(['0', '1', '2']);
});

test('with a limit, no more than twice as many records and a page are in memory', () => {
	const sorter = new SortedRecords(ORDERS.newest, ({ submitTime }) => submitTime, 10);
	for (let page = 0; page < 100; page++) {
		sorter.add(Array.from({ length: 5 }, (_, row) => ({ voiceId: `${page} ${row}` })));
		expect(JSON.stringify(sorter).match(/voiceId/g)!.length).toBeLessThanOrEqual(25);
	}
});
