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
});

describe('ranges and slices', () => {
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
