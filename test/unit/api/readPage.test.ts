import { readPage } from '../../../nodes/Itniotech/api/endpoints';

const rows = (...ids: unknown[]) => ids.map((voiceId) => ({ voiceId, submitTime: 'then' }));
const records = (...voiceIds: string[]) => voiceIds.map((voiceId) => ({ voiceId, submitTime: 'then' }));

describe('a page', () => {
	test.each<[string, object, object]>([
		['counted', { records: rows('1', '2'), total: 9, pages: 5, size: 2 }, { total: 9, pages: 5, size: 2 }],
		['counted in text', { records: rows('1', '2'), total: '9', pages: '5' }, { total: 9, pages: 5 }],
		['counted, with a number as ID', { records: rows(1, ' 2 '), total: 2 }, { total: 2 }],
	])('is %s', (_case, data, expected) => {
		const page = readPage({ data } as never, 1);
		expect(page).toMatchObject({ records: records('1', '2'), rowsWithoutId: [], ...expected });
	});

	test.each([
		['negative', -1],
		['lower than the rows', 1],
		['0', 0],
		['not a whole number', 2.5],
		['not a number', 'many'],
		['endless', '1e999'],
		['null', null],
		['missing', undefined],
	])('whose total is %s is not counted', (_case, total) => {
		const page = readPage({ data: { records: rows('1', '2'), total, pages: 1 } } as never, 1);
		expect(page?.records).toEqual(records('1', '2'));
		expect([page?.total, page?.pages]).toEqual([undefined, undefined]);
	});

	test.each([false, 'false'])('is not counted where `searchCount` is %p', (searchCount) => {
		const page = readPage({ data: { records: rows('1'), total: 1, pages: 1, searchCount } } as never, 1);
		expect([page?.total, page?.pages]).toEqual([undefined, undefined]);
	});

	test.each<[string, object, number]>([
		['that counts none', { records: null, total: 0 }, 1],
		['that does not count', { records: null }, 1],
		['that counts -1', { records: null, total: -1 }, 1],
		['after the first', { records: null, total: 201 }, 2],
	])('%s may have null for its records', (_case, data, current) => {
		expect(readPage({ data } as never, current)).toMatchObject({ records: [], rowsWithoutId: [] });
	});

	test.each<[string, unknown, number]>([
		['null for the records that it counts', { records: null, total: 1 }, 1],
		['no records', { total: 0 }, 1],
		['records that are no list', { records: {}, total: 0 }, 1],
		['a record that is text', { records: ['1'], total: 1 }, 1],
		['no data', null, 1],
	])('with %s is unexpected', (_case, data, current) => {
		expect(readPage({ data } as never, current)).toBeUndefined();
	});

	test.each([null, undefined, '', ' ', {}, [], true])('hands on a row whose ID is %p', (voiceId) => {
		const page = readPage({ data: { records: rows('1', voiceId, '2'), total: 3 } } as never, 1);
		expect(page).toMatchObject({
			records: records('1', '2'),
			rowsWithoutId: [{ submitTime: 'then' }],
			total: 3,
		});
	});

	test('hands on a row that is null', () => {
		const page = readPage({ data: { records: [null, ...rows('1')], total: 2 } } as never, 1);
		expect(page).toMatchObject({ records: records('1'), rowsWithoutId: [{}], total: 2 });
	});
});
