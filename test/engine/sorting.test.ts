import type { WireRecord } from '../simulator/dataset';
import { idsOf, useReports } from './support/summaries';
import { DAY_MS, NOW_MS } from '../support/times';

const RANGE_MS = [NOW_MS - 31 * DAY_MS + 1000, NOW_MS];
const byId = (a: WireRecord, b: WireRecord) => (a.voiceId < b.voiceId ? -1 : 1);
const ORDERS: Record<string, (record: WireRecord) => number> = {
	newest: ({ submitTime }) => -Date.parse(String(submitTime)),
	oldest: ({ submitTime }) => Date.parse(String(submitTime)),
	longest: ({ callDuration }) => -Number(callDuration),
	mostExpensive: ({ cost }) => -Number(cost),
};

describe.each(Object.entries(ORDERS))('sorted by %s, in n8n’s engine', (sortBy, valueOf) => {
	const { simulator, query, known } = useReports();
	const expected = () => idsOf([...known(RANGE_MS)].sort((a, b) => valueOf(a) - valueOf(b) || byId(a, b)));
	const run = async (parameters = {}) => {
		const { items, error } = await query({ timeRange: 'last31Days', sort: { sortBy }, ...parameters });
		expect(error).toBeUndefined();
		return items.map(({ json }) => json.voiceId);
	};

	test('all records are output', async () => {
		expect(expected().length).toBeGreaterThan(200);
		expect(await run()).toEqual(expected());
	});

	test.each([1, 50, 100, 150, 100_000])(
		'with the limit %d, the first ones of the whole range are',
		async (limit) => {
			expect(await run({ returnAll: false, limit })).toEqual(expected().slice(0, limit));
			expect(simulator().requests.length).toBe(Math.ceil(expected().length / 100));
		},
	);

	test.each(['oldestFirst', 'none'] as const)(
		'the order of the service makes no difference: %s',
		async (order) => {
			simulator().behaviour.order = order;
			expect(await run({ returnAll: false, limit: 30 })).toEqual(expected().slice(0, 30));
		},
	);

	test('filters come before the limit', async () => {
		const codes = new Map(known(RANGE_MS).map((record) => [record.voiceId, record.terminationCode]));
		const failed = expected().filter((id) => !['200', '0'].includes(String(codes.get(String(id)))));
		const filters = { outcome: 'failed' };
		expect(await run({ returnAll: false, limit: 10, filters })).toEqual(failed.slice(0, 10));
	});
});

describe('without an order, in n8n’s engine', () => {
	const { simulator, query, known } = useReports();

	test.each([{}, { sortBy: 'asListed' }, '={{ "" }}'])(
		'with %j, the limit reads no more than it needs',
		async (sort) => {
			const { items } = await query({ timeRange: 'last31Days', returnAll: false, limit: 10, sort });
			expect(items.map(({ json }) => json.voiceId)).toEqual(idsOf(known(RANGE_MS)).slice(0, 10));
			expect(simulator().requests).toHaveLength(1);
		},
	);

	test('an unknown order is refused by name, before anything is sent', async () => {
		const { error } = await query({ timeRange: 'last31Days', sort: { sortBy: 'price' } });
		expect(error).toMatchObject({
			message: 'Unknown value for "Sort By": price',
			description: 'Choose from: asListed, newest, oldest, longest, mostExpensive',
		});
		expect(simulator().requests).toEqual([]);
	});
});
