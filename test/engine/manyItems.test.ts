import fc from 'fast-check';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { RunResult } from './support/engine';
import { hintsOf, idsOf, useReports } from './support/summaries';
import { listDataset } from '../simulator/dataset';
import { call } from '../support/calls';
import { objectsIn } from '../support/objectsIn';
import { DAY_MS, NOW_MS } from '../support/times';

const LAST_31_DAYS_MS = [NOW_MS - 31 * DAY_MS + 1000, NOW_MS];
const CONTINUE = { settings: { onError: 'continueRegularOutput' } };

/** All parameters by the item. */
const FROM_ITEM: INodeParameters = {
	timeRange: '={{ $json.timeRange }}',
	returnAll: '={{ $json.returnAll }}',
	limit: '={{ $json.limit }}',
	filters: '={{ $json.filters }}',
	options: '={{ $json.options }}',
	sort: '={{ $json.sort }}',
};

const filters: fc.Arbitrary<IDataObject> = fc.constantFrom(
	{},
	{ outcome: 'failed' },
	{ outcome: 'answered', minDuration: 30 },
	{ terminationCode: '486' },
	{ keyPressed: '1' },
	{ calledNumber: 'the boss' },
);
const inputItem = fc.record({
	timeRange: fc.constantFrom('last24Hours', 'yesterday', 'last7Days', 'last7Days', 'neverEver'),
	returnAll: fc.boolean(),
	limit: fc.constantFrom(1, 10, 60, 150, 0),
	filters,
	options: fc.constantFrom<IDataObject>({}, { pageSize: 30 }),
	sort: fc.constantFrom<IDataObject>({}, { sortBy: 'oldest' }),
});

/** What is output for an item: its records or figures, or why there are none. */
const outputOf = ({ items, error }: RunResult, pairedItem?: number) => ({
	items: items
		.filter((item) => pairedItem === undefined || (item.pairedItem as { item: number }).item === pairedItem)
		.map(({ json }) => json),
	error: error && [error.message, error.description],
});

describe('many input items, in n8n’s engine', () => {
	const { simulator, run, known } = useReports();

	test.each<[string, INodeParameters]>([
		['query', {}],
		['summarize', { groupBy: ['outcome'], compareWith: 'previousPeriod' }],
		['unreached', { filters: {}, options: {} }],
	])('%s outputs for each what it would output for that item alone', async (operation, parameters) => {
		const all = { operation, ...FROM_ITEM, ...parameters };
		await fc.assert(
			fc.asyncProperty(fc.array(inputItem, { minLength: 2, maxLength: 6 }), async (input) => {
				const together = await run(all, { input, ...CONTINUE });
				expect(together.error).toBeUndefined();
				const order = together.items.map(({ pairedItem }) => (pairedItem as { item: number }).item);
				expect(order).toEqual([...order].sort((a, b) => a - b));
				for (const [index, item] of input.entries()) {
					const alone = await run(all, { input: [item], ...CONTINUE });
					expect(outputOf(together, index)).toEqual(outputOf(alone));
				}
				const stopped = await run(all, { input });
				const first = input.findIndex((_, index) =>
					outputOf(together, index).items.some(({ error }) => error !== undefined),
				);
				expect(stopped.error?.context?.itemIndex).toBe(first < 0 ? undefined : first);
				expect(stopped.items).toEqual(first < 0 ? together.items : []);
			}),
			{ numRuns: 30 },
		);
	});

	test('with one range and a filter each, the range is read once', async () => {
		const records = known(LAST_31_DAYS_MS);
		const input = Array.from({ length: 1000 }, (_, index) => ({ calledInfo: `ORDER-${index}*` }));
		const { items, error } = await run(
			{
				operation: 'query',
				timeRange: 'last31Days',
				returnAll: true,
				filters: { calledInfo: '={{ $json.calledInfo }}' },
			},
			{ input },
		);
		expect(error).toBeUndefined();
		const expected = input.flatMap(({ calledInfo }) =>
			records.filter((record) => String(record.calledInfo).startsWith(calledInfo.slice(0, -1))),
		);
		expect(items.map(({ json }) => json.voiceId)).toEqual(idsOf(expected));
		expect(simulator().requests).toHaveLength(Math.ceil(records.length / 100));
	});

	test.each<[string, INodeParameters]>([
		['query', { simplify: false, returnAll: true }],
		['query', { returnAll: true }],
		['query', { options: { fields: ['calledInfo', 'voiceId'] }, sort: { sortBy: 'oldest' } }],
		['get', { simplify: false, voiceId: '={{ $json.voiceId }}' }],
		['summarize', { groupBy: ['area'], options: { includeDetails: true }, compareWith: 'previousPeriod' }],
		['report', { compareWith: 'previousPeriod' }],
		['unreached', {}],
		['export', { format: 'csv' }],
	])(
		'%s %j gives no two items the same object: one of them may be changed',
		async (operation, parameters) => {
			const calledInfo = { order: [{ id: 7 }] } as unknown as string;
			const [record] = known(LAST_31_DAYS_MS);
			simulator().dataset.add({ ...record, voiceId: '2611190000000000001', calledInfo });
			const input = Array.from({ length: 3 }, () => ({ voiceId: '2611190000000000001' }));
			const { items, error } = await run({ operation, timeRange: 'last7Days', ...parameters }, { input });
			expect(error).toBeUndefined();
			expect(items.length).toBeGreaterThanOrEqual(3);
			const objects = items.flatMap(({ json, binary }) => objectsIn([json, binary]));
			expect(new Set(objects).size).toBe(objects.length);
			const [first, ...others] = items
				.map(({ json }) => json)
				.filter((json) => typeof json.calledInfo === 'object');
			if (parameters.simplify === false) expect([first, others.length]).toEqual([expect.anything(), 2]);
		},
	);

	test.each(['summarize', 'report', 'export'])(
		'%s reads the same range once, and the one before',
		async (operation) => {
			const input = ['answered', 'failed', 'pending'].map((outcome) => ({ outcome }));
			const parameters = { timeRange: 'last7Days', compareWith: 'previousPeriod', format: 'csv' };
			const { items, error } = await run(
				{ operation, ...parameters, filters: { outcome: '={{ $json.outcome }}' } },
				{ input },
			);
			expect([items.length, error]).toEqual([3, undefined]);
			const pages = simulator().requests.map(({ body }) => JSON.stringify(body));
			expect(new Set(pages).size).toBe(pages.length);
		},
	);

	test.each(['query', 'summarize', 'unreached', 'export'])(
		'%s: what fails for one item is its error alone, and the others with that range read it again',
		async (operation) => {
			const input = ['yesterday', 'last7Days', 'yesterday', 'last7Days', 'last24Hours'].map((timeRange) => ({
				timeRange,
			}));
			const parameters = { operation, timeRange: '={{ $json.timeRange }}', returnAll: true, format: 'csv' };
			for (const onError of ['continueRegularOutput', 'continueErrorOutput']) {
				const intact = await run(parameters, { input });
				simulator().resetStats();
				// The second page of the second item.
				simulator().failNext(
					{ kind: 'slow', ms: 0 },
					{ kind: 'slow', ms: 0 },
					{ kind: 'http', httpStatus: 403 },
				);
				const result = await run(parameters, { input, settings: { onError } });
				const branches = result.run.data.resultData.runData['ITNIO TECH'][0].data?.main ?? [];
				const items = branches.flatMap((branch) => branch ?? []);
				const failed = items.filter(({ json }) => json.error !== undefined);
				expect(failed.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }]);
				if (onError === 'continueErrorOutput') expect(branches[1]).toEqual(failed);
				for (const index of [0, 2, 3, 4]) {
					expect(outputOf({ ...result, items }, index).items).toEqual(outputOf(intact, index).items);
				}
			}
		},
	);

	test('hints of one kind are collapsed into one line, and a single one is not', async () => {
		const hintGroups = async (days: number[]) => {
			const input = days.map((day) => ({ day: `2026-11-${day}` }));
			const parameters = { timeRange: 'custom', startTime: '={{ $json.day }}', endTime: '={{ $json.day }}' };
			const result = await run(
				{ operation: 'summarize', ...parameters, compareWith: 'previousPeriod' },
				{ input },
			);
			return (result.run.data.resultData.runData['ITNIO TECH'][0].hints ?? [])
				.filter(({ message }) => message.startsWith('Compared with'))
				.map(({ group }) => group);
		};
		const summary = 'Compared with earlier times: {count}';
		expect(await hintGroups([10, 11, 12])).toEqual(Array(3).fill({ key: summary, summary }));
		expect(await hintGroups([10, 10])).toEqual([undefined]);
	});

	test('the hints are those of all items, once each', async () => {
		const result = await run(
			{
				operation: 'query',
				timeRange: 'last7Days',
				returnAll: true,
				filters: { terminationCode: '={{ $json.code }}' },
			},
			{ input: [{ code: '999' }, { code: '486' }, { code: '998' }] },
		);
		expect(hintsOf(result)).toEqual(['No record matched the filters, for 2 of 3 input items']);
	});
});

describe('looking up many records, in n8n’s engine', () => {
	const { simulator, run, known } = useReports();
	const get = { operation: 'get', voiceId: '={{ $json.voiceId }}' };
	const inputOf = (count: number) =>
		known(LAST_31_DAYS_MS)
			.slice(0, count)
			.map(({ voiceId }) => ({ voiceId }));

	test('requests several at a time, and outputs them in the order of the items', async () => {
		simulator().behaviour.latencyMs = 50;
		const input = inputOf(100);
		const { items } = await run(get, { input });
		expect(items.map(({ json }) => json.voiceId)).toEqual(idsOf(input));
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(input.map((_, item) => ({ item })));
		expect(simulator().peakInFlight).toBeGreaterThanOrEqual(5);
	});

	test('continues after those that do not exist', async () => {
		const input = inputOf(20).map((item, index) => (index % 3 === 0 ? { voiceId: '1' } : item));
		const { items, error } = await run(get, { input, ...CONTINUE });
		expect(error).toBeUndefined();
		expect(items.map(({ json }) => json.voiceId ?? json.error)).toEqual(
			input.map(({ voiceId }) =>
				voiceId === '1' ? 'ITNIO TECH has no call record with this "Voice ID"' : voiceId,
			),
		);
	});

	test('stops at the first that does not exist, by its place, and requests no more', async () => {
		simulator().behaviour.latencyMs = 30;
		const input = inputOf(100).map((item, index) => ([12, 14, 60].includes(index) ? { voiceId: '1' } : item));
		const { items, error } = await run(get, { input });
		expect(items).toEqual([]);
		expect(error).toMatchObject({
			message: 'ITNIO TECH has no call record with this "Voice ID"',
			context: { itemIndex: 12 },
		});
		// By the time that another run has its answer, what was on its way has arrived.
		await run(get, { input: inputOf(1) });
		const sent = simulator().requests.length;
		expect(sent).toBeLessThan(60);
		await run(get, { input: inputOf(1) });
		expect(simulator().requests).toHaveLength(sent + 1);
	});

	test.each(['summarize', 'report'])(
		'%s: a hint that they have with their own counts is one line',
		async (operation) => {
			const input = Array.from({ length: 20 }, (_, index) => ({ number: `155501${10 + index}` }));
			const calls = input.flatMap(({ number }, index) =>
				Array.from({ length: index + 1 }, (_value, nth) =>
					call(`${number}${nth}`, -(nth + 1) * 60_000, {
						callee: number,
						cost: nth % 2 ? 'free' : undefined,
						callDuration: 5,
					}),
				),
			);
			simulator().dataset = listDataset(calls.map((one) => ({ ...one, terminationCode: '200' })));
			const filters = { calledNumber: '={{ $json.number }}' };
			const parameters = { operation, timeRange: 'lastHour', filters };
			const { run: result } = await run(parameters, { input });
			const hints = result.data.resultData.runData['ITNIO TECH'][0].hints!;
			const counted = hints.filter(({ message }) =>
				/^(Calls without a cost|Call records whose)/.test(message),
			);
			expect(counted.length).toBeGreaterThan(10);
			expect(new Set(counted.map(({ group }) => group?.summary))).toEqual(
				new Set([
					'Calls without a cost yet: varies by input item ({count} different values)',
					'Call records whose "cost" is not a number: varies by input item ({count} different values)',
				]),
			);
			const alone = await run(parameters, { input: input.slice(2, 3) });
			for (const { group } of alone.run.data.resultData.runData['ITNIO TECH'][0].hints!)
				expect(group).toBeUndefined();
		},
	);
});
