import fc from 'fast-check';

import {
	listDataset,
	seededDataset,
	type Dataset,
	type DatasetQuery,
	type WireRecord,
} from '../../simulator/dataset';
import { makeRecord, wireTime } from '../../simulator/records';
import { HOUR_MS } from '../../support/times';

const FROM = Date.parse('2026-02-01T00:00:00Z');
const TO = Date.parse('2026-03-01T00:00:00Z');
const ALL: DatasetQuery = { fromMs: FROM - HOUR_MS, toMs: TO + HOUR_MS };

const rows = (dataset: Dataset, query: DatasetQuery) => dataset.slice(query, 0, Infinity);
const call = (voiceId: string, submitMs: number): WireRecord =>
	makeRecord({ voiceId, submitMs, callMs: submitMs + 2000, seed: 9, index: Number(voiceId) });

describe('seeded data', () => {
	it('hides calls that have not ended unless they are requested', () => {
		const dataset = seededDataset({ count: 20, from: FROM, to: TO, ongoing: 2 });
		expect(dataset.count(ALL)).toBe(20);
		expect(dataset.count({ ...ALL, ongoing: true })).toBe(22);
		const newest = dataset.slice({ ...ALL, ongoing: true }, 0, 3);
		expect(newest.map(({ hangupTime }) => hangupTime === undefined)).toEqual([true, true, false]);
		expect(newest[0].terminationCode).toBeUndefined();
	});

	it('finds each of its records by ID, and no others', () => {
		const dataset = seededDataset({ count: 100, from: FROM, to: TO });
		for (const row of rows(dataset, { ...ALL, ongoing: true })) expect(dataset.get(row.voiceId)).toEqual(row);
		expect(dataset.get('2203031113381000002')).toBeUndefined();
		expect(dataset.get('1')).toBeUndefined();
	});
});

describe('ranges and slices', () => {
	const anyQuery = fc.record({
		count: fc.integer({ min: 0, max: 300 }),
		added: fc.array(fc.integer({ min: FROM / 1000, max: TO / 1000 }), { maxLength: 20 }),
		size: fc.integer({ min: 1, max: 60 }),
		bounds: fc.tuple(fc.integer({ min: FROM, max: TO }), fc.integer({ min: FROM, max: TO })),
		field: fc.constantFrom('submitTime' as const, 'callTime' as const),
		order: fc.constantFrom('newestFirst' as const, 'oldestFirst' as const, 'none' as const),
		endsInclusive: fc.constantFrom(true, false, 'start' as const, 'end' as const),
		ongoing: fc.boolean(),
	});

	it('splits any range into pages that contain each of its rows exactly once, in the requested order', () => {
		fc.assert(
			fc.property(anyQuery, ({ count, added, size, bounds, ...rest }) => {
				const dataset = seededDataset({ count, from: FROM, to: TO });
				dataset.add(...added.map((second, nth) => call(String(nth), second * 1000)));
				const [fromMs, toMs] = bounds.map((ms) => Math.floor(ms / 1000) * 1000).sort((a, b) => a - b);
				const query = { fromMs, toMs, ...rest };

				const total = dataset.count(query);
				const paged: WireRecord[] = [];
				for (let offset = 0; offset < total; offset += size)
					paged.push(...dataset.slice(query, offset, size));

				const { field, endsInclusive, ongoing, order } = rest;
				const time = (row: WireRecord) => Date.parse(row[field] ?? '');
				const hasStart = [true, 'start'].includes(endsInclusive);
				const hasEnd = [true, 'end'].includes(endsInclusive);
				const expected = rows(dataset, { ...ALL, ongoing: true }).filter((row) => {
					const isAfterStart = time(row) > fromMs || (hasStart && time(row) === fromMs);
					const isBeforeEnd = time(row) < toMs || (hasEnd && time(row) === toMs);
					return isAfterStart && isBeforeEnd && (ongoing || row.terminationCode !== undefined);
				});
				const sortedIds = (list: WireRecord[]) => list.map(({ voiceId }) => voiceId).sort();
				expect(sortedIds(paged)).toEqual(sortedIds(expected));
				if (order !== 'none') {
					const times = paged.map(time);
					const sign = order === 'oldestFirst' ? 1 : -1;
					expect(times).toEqual([...times].sort((a, b) => sign * (a - b)));
				}
			}),
		);
	});

	it('shuffles when the order is "none": the same way each time, and differently for another shuffle', () => {
		const dataset = seededDataset({ count: 100, from: FROM, to: TO });
		const ids = (query: DatasetQuery) => rows(dataset, query).map(({ voiceId }) => voiceId);
		const shuffled = ids({ ...ALL, order: 'none' });
		expect(shuffled).toEqual(ids({ ...ALL, order: 'none' }));
		expect(shuffled).not.toEqual(ids({ ...ALL, order: 'none', shuffle: 1 }));
		expect(shuffled).not.toEqual(ids({ ...ALL, order: 'oldestFirst' }));
		expect(shuffled).not.toEqual(ids({ ...ALL, order: 'newestFirst' }));
	});
});

describe('added rows', () => {
	it('are found by their time among seeded rows', () => {
		const dataset = seededDataset({ count: 10, from: FROM, to: TO });
		dataset.add(call('7', TO + 1000), call('8', FROM - 1000));
		const found = rows(dataset, ALL);
		expect(found).toHaveLength(12);
		expect([found[0].voiceId, found[11].voiceId]).toEqual(['7', '8']);
		expect(dataset.get('7')).toEqual(found[0]);
	});

	it('replace the row with the same ID', () => {
		const dataset = seededDataset({ count: 10, from: FROM, to: TO });
		const corrected = { ...rows(dataset, ALL)[4], cost: '9' };
		dataset.add(corrected, call('7', FROM), { ...call('7', FROM), cost: '8' });
		expect(dataset.count(ALL)).toBe(11);
		expect(rows(dataset, ALL)[4]).toEqual(corrected);
		expect(dataset.get(corrected.voiceId)?.cost).toBe('9');
		expect(dataset.get('7')?.cost).toBe('8');
	});

	it('can be a list without seeded rows', () => {
		const open = { voiceId: '3', submitTime: wireTime(FROM + 2000) };
		const dataset = listDataset([call('2', FROM + 1000), call('1', FROM), open]);
		const ids = (query: DatasetQuery) => rows(dataset, query).map(({ voiceId }) => voiceId);
		expect(ids(ALL)).toEqual(['2', '1']);
		expect(ids({ ...ALL, ongoing: true, order: 'oldestFirst' })).toEqual(['1', '2', '3']);
		expect(ids({ fromMs: FROM + 2000, toMs: FROM + 2000, field: 'callTime', ongoing: true })).toEqual([
			'3',
			'1',
		]);
		dataset.add({ ...open, terminationCode: '486' });
		expect(ids(ALL)).toEqual(['3', '2', '1']);
	});
});
