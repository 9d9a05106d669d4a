import fc from 'fast-check';

import {
	listDataset,
	seededDataset,
	type Dataset,
	type DatasetQuery,
	type WireRecord,
} from '../../simulator/dataset';
import { makeRecord, wireTime } from '../../simulator/records';

const FROM = Date.parse('2026-02-01T00:00:00Z');
const TO = Date.parse('2026-03-01T00:00:00Z');
const HOUR_MS = 3_600_000;
const ALL: DatasetQuery = { fromMs: FROM - HOUR_MS, toMs: TO + HOUR_MS };

const rows = (dataset: Dataset, query: DatasetQuery) => dataset.slice(query, 0, Infinity);
const call = (voiceId: string, submitMs: number): WireRecord =>
	makeRecord({ voiceId, submitMs, callMs: submitMs + 2000, seed: 9, index: Number(voiceId) });

describe('seeded data', () => {
	it('is decided by its seed', () => {
		const make = (seed: number) => rows(seededDataset({ count: 50, from: FROM, to: TO, seed }), ALL);
		expect(make(1)).toEqual(make(1));
		expect(make(1)).not.toEqual(make(2));
	});

	it('lies within its time, has ties within a second, and calls 1 to 3 s after they were submitted', () => {
		const found = rows(seededDataset({ count: 500, from: FROM, to: TO }), { ...ALL, order: 'oldestFirst' });
		const submitted = found.map(({ submitTime }) => Date.parse(submitTime ?? ''));
		expect(submitted).toEqual([...submitted].sort((a, b) => a - b));
		expect(submitted[0]).toBeGreaterThanOrEqual(FROM);
		expect(submitted[499]).toBeLessThan(TO);
		expect(new Set(submitted).size).toBeLessThan(400);
		for (const { submitTime, callTime } of found) {
			const delayMs = Date.parse(callTime ?? '') - Date.parse(submitTime ?? '');
			expect([1000, 2000, 3000]).toContain(delayMs);
		}
	});

	it('looks like real calls', () => {
		const found = rows(seededDataset({ count: 2000, from: FROM, to: TO }), ALL);
		const values = (field: keyof WireRecord) => new Set(found.map((row) => row[field]));
		expect([...values('terminationCode')].sort()).toEqual(
			['0', '200', '404', '480', '486', '487', '503', '603'].sort(),
		);
		expect([...values('currency')].sort()).toEqual(['EUR', undefined]);
		expect(values('code').size).toBe(7);
		expect([...values('calledInfo')].some((text) => /[",\n]/.test(String(text)))).toBe(true);
		const answered = found.filter(({ terminationCode }) => ['0', '200'].includes(terminationCode ?? ''));
		expect(answered.length / found.length).toBeCloseTo(0.73, 1);
		for (const row of found) {
			expect(row.voiceId).toMatch(/^\d{19}$/);
			expect(row.callee).toMatch(/^(999\d{9}|121255501\d\d|447700900\d{3})$/);
			expect(row.submitTime).toMatch(/^2026-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/);
			expect(row.cost).toMatch(/^\d+(\.\d{0,5}[1-9])?$/);
			expect(row.answerTime !== undefined).toBe(answered.includes(row));
		}
	});

	it('bills whole steps at an exact price', () => {
		for (const row of rows(seededDataset({ count: 300, from: FROM, to: TO }), ALL)) {
			const charged = row.chargedDuration ?? 0;
			expect(charged % Number(row.billPeriod?.split('+')[0])).toBe(0);
			expect(charged).toBeGreaterThanOrEqual(row.callDuration ?? 0);
			const base = charged > 0 ? Number(row.baseCost) : 0;
			expect(Number(row.cost)).toBeCloseTo(base + (Number(row.rate) * charged) / 60, 9);
			if (row.currency) expect(Number(row.settlePay)).toBeCloseTo(Number(row.cost) * 0.938, 9);
		}
	});

	it('hides calls that have not ended unless they are asked for', () => {
		const dataset = seededDataset({ count: 20, from: FROM, to: TO, ongoing: 2 });
		expect(dataset.count(ALL)).toBe(20);
		expect(dataset.count({ ...ALL, ongoing: true })).toBe(22);
		const newest = dataset.slice({ ...ALL, ongoing: true }, 0, 3);
		expect(newest.map(({ hangupTime }) => hangupTime === undefined)).toEqual([true, true, false]);
		expect(newest[0].terminationCode).toBeUndefined();
	});

	it('pages through ten million calls without holding them', () => {
		const count = 10_000_000;
		const dataset = seededDataset({ count, from: FROM, to: TO });
		const seen = new Set<string>();
		const start = performance.now();
		const pages = 200;
		for (let nth = 0; nth < pages; nth++) {
			const offset = Math.floor((nth * count) / pages);
			for (const { voiceId } of dataset.slice(ALL, offset, 100)) seen.add(voiceId);
		}
		expect((performance.now() - start) / pages).toBeLessThan(20); // about 1 ms; room for a busy machine
		expect(dataset.count(ALL)).toBe(count);
		expect(seen.size).toBe(pages * 100);
	});

	it('finds each of its records by id, and no other', () => {
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
		endsInclusive: fc.boolean(),
		ongoing: fc.boolean(),
	});

	it('splits any range into pages that hold each of its rows exactly once, in the asked order', () => {
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
				const expected = rows(dataset, { ...ALL, ongoing: true }).filter((row) => {
					const inside = time(row) > fromMs && time(row) < toMs;
					const atAnEnd = time(row) === fromMs || time(row) === toMs;
					return (inside || (endsInclusive && atAnEnd)) && (ongoing || row.terminationCode !== undefined);
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

	it('shuffles for order none, the same way each time and another way for another shuffle', () => {
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
	it('are found by their time among seeded ones', () => {
		const dataset = seededDataset({ count: 10, from: FROM, to: TO });
		dataset.add(call('7', TO + 1000), call('8', FROM - 1000));
		const found = rows(dataset, ALL);
		expect(found).toHaveLength(12);
		expect([found[0].voiceId, found[11].voiceId]).toEqual(['7', '8']);
		expect(dataset.get('7')).toEqual(found[0]);
	});

	it('replace the row with their id', () => {
		const dataset = seededDataset({ count: 10, from: FROM, to: TO });
		const corrected = { ...rows(dataset, ALL)[4], cost: '9' };
		dataset.add(corrected, call('7', FROM), { ...call('7', FROM), cost: '8' });
		expect(dataset.count(ALL)).toBe(11);
		expect(rows(dataset, ALL)[4]).toEqual(corrected);
		expect(dataset.get(corrected.voiceId)?.cost).toBe('9');
		expect(dataset.get('7')?.cost).toBe('8');
	});

	it('make up a list of their own', () => {
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
