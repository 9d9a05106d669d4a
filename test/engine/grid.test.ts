import type { INode, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { properties } from '../../nodes/Itniotech/resources';
import { DEFAULT_BEHAVIOUR, type Behaviour } from '../simulator/behaviour';
import { listDataset, seededDataset, type WireRecord } from '../simulator/dataset';
import { makeRecord, wireTime } from '../simulator/records';
import { DEMO_CREDENTIAL, startSimulator, type Simulator } from '../simulator/simulator';
import { share } from '../support/runs';
import { useTestClock } from '../support/testClock';
import { createPollContext, runWorkflow, workflowOf, type WorkflowFile } from './support/engine';
import { idsOf, tableOf } from './support/summaries';
import { DAY_MS, MINUTE_MS, NOW_MS } from '../support/times';

/** 45 days: two windows, which meet 31 days before the end. */
const [FROM_MS, TO_MS] = [Date.parse('2026-10-01T00:00:00+08:00'), Date.parse('2026-11-15T00:00:00+08:00')];
const SEAM_MS = TO_MS - 31 * DAY_MS;

/** Every reading of what the vendor leaves open. */
const READINGS: Array<Array<Partial<Behaviour>>> = [
	[{ order: 'newestFirst' }, { order: 'oldestFirst' }, { order: 'none' }],
	[{ endsInclusive: true }, { endsInclusive: false }],
	[{ rangeFilter: 'submitTime' }, { rangeFilter: 'callTime' }],
	[{ pastTheEnd: 'empty' }, { pastTheEnd: 'error' }, { pastTheEnd: 'lastPage' }],
	[{ maxSize: 100 }, { maxSize: 7 }, { maxSize: 7, reportsClampedSize: false }],
	[{ emptyFields: 'null' }, { emptyFields: 'emptyText' }, { emptyFields: 'absent' }],
	[{ searchCount: true }, { searchCount: false }],
];

/** A third of all combinations; each combination of any five readings is among them. `FC_RUNS` tries a share. */
const grid = READINGS.reduce<Array<{ behaviour: Partial<Behaviour>; sum: number }>>(
	(cells, values) =>
		cells.flatMap(({ behaviour, sum }) =>
			values.map((value, index) => ({ behaviour: { ...behaviour, ...value }, sum: sum + index })),
		),
	[{ behaviour: {}, sum: 0 }],
)
	.filter(({ sum }) => sum % 3 === 0)
	.map(({ behaviour }) => behaviour);

/**
 * Calls all over the range and beyond it, several within a second at its ends and where the windows meet; some have not ended. One
 * at each end shows by which of its times the list goes.
 */
function callsOfTheRange(): WireRecord[] {
	const ends = [FROM_MS, SEAM_MS, TO_MS].flatMap((ms) =>
		[-2, -1, -1, 0, 0, 0, 1, 1, 2].map((s) => ms + s * 1000),
	);
	const between = Array.from({ length: 25 }, (_, nth) => FROM_MS + nth * 1.8 * DAY_MS - (nth % 3) * 1000);
	return [...ends, ...between].map((submitMs, index) =>
		makeRecord({
			voiceId: `26110000000000${String(index).padStart(5, '0')}`,
			submitMs,
			callMs: submitMs + ((index + 2) % 3) * 1000,
			seed: 9,
			index,
			ongoing: index % 11 === 5,
		}),
	);
}

/** One workflow with the three operations side by side. */
function operations(): WorkflowFile {
	const range = { timeRange: 'custom', startTime: wireTime(FROM_MS), endTime: wireTime(TO_MS) };
	const options = { pageSize: 20 };
	const file = workflowOf({});
	const [start, template] = file.nodes;
	const nodes: INode[] = [
		{ operation: 'query', returnAll: true },
		{ operation: 'summarize', groupBy: ['outcome'] },
		{ operation: 'export', format: 'csv' },
	].map((parameters) => ({
		...template,
		id: parameters.operation,
		name: parameters.operation,
		parameters: { resource: 'voiceRecord', ...range, options, ...parameters },
	}));
	const targets = nodes.map(({ name }) => ({ node: name, type: 'main' as const, index: 0 }));
	return { ...file, nodes: [start, ...nodes], connections: { [start.name]: { main: [targets] } } };
}

let simulator: Simulator;
const clock = useTestClock(NOW_MS);
const credential = () => ({ ...DEMO_CREDENTIAL, baseUrl: simulator.url });

beforeAll(async () => (simulator = await startSimulator({ now: clock.now })));
afterAll(async () => await simulator.stop());

const outcomeOf = ({ terminationCode }: WireRecord) =>
	terminationCode === undefined ? 'pending' : ['200', '0'].includes(terminationCode) ? 'answered' : 'failed';

/** What the three operations output, and the message of the one that stopped the workflow. */
async function runOperations() {
	const { run, error } = await runWorkflow(operations(), { credential: credential(), timezone: 'UTC' });
	const itemsOf = (node: string): INodeExecutionData[] =>
		run.data.resultData.runData[node]?.at(-1)?.data?.main[0] ?? [];
	return { error, itemsOf };
}

describe('a list that is not what it says', () => {
	const ids = callsOfTheRange().map(({ voiceId }) => voiceId);
	const withBehaviour = (behaviour: Partial<Behaviour>) => {
		simulator.behaviour = { ...DEFAULT_BEHAVIOUR, listsOngoingCalls: true, log: false, ...behaviour };
		simulator.dataset = listDataset(callsOfTheRange());
	};

	test.each<[string, Partial<Behaviour>]>([
		['counts -1', { fixedTotal: -1 }],
		['lists calls twice', { listedTwice: ids.filter((_id, index) => index % 3 === 0) }],
	])('is read to its end where it %s', async (_case, behaviour) => {
		withBehaviour(behaviour);
		const expected = simulator.dataset.slice({ fromMs: FROM_MS, toMs: TO_MS, ongoing: true }, 0, 100);
		const { error, itemsOf } = await runOperations();
		expect(error).toBeUndefined();
		expect(idsOf(itemsOf('query').map(({ json }) => json)).sort()).toEqual(idsOf(expected).sort());
		const calls = itemsOf('summarize').map(({ json }) => Number(json.calls));
		expect(calls.reduce((sum, count) => sum + count, 0)).toBe(expected.length);
		expect(idsOf(tableOf(itemsOf('export')[0])).sort()).toEqual(idsOf(expected).sort());
	});

	test.each<[string, Partial<Behaviour>, RegExp]>([
		[
			'counts one too many',
			{ totalOff: 1 },
			/^ITNIO TECH counts \d+ call records but lists \d+, the same each time$/,
		],
		[
			'has a row without an ID',
			{ withoutId: [ids[12]] },
			/^ITNIO TECH listed a call record without an ID, submitted at 2026-10-15T/,
		],
	])('stops the workflow with a message where it %s', async (_case, behaviour, message) => {
		withBehaviour(behaviour);
		const { error, itemsOf } = await runOperations();
		expect(error?.message).toMatch(message);
		expect(error?.description).toContain('"Incomplete Lists" under "Options"');
		expect(['query', 'summarize', 'export'].flatMap(itemsOf)).toEqual([]);
	});

	test.each(['query', 'summarize', 'export', 'report', 'unreached'])(
		'stops %s with a way out that it has',
		async (operation) => {
			const options = properties.find(
				({ name, displayOptions: { show } = {} }) =>
					name === 'options' && show?.operation?.includes(operation),
			)?.options as INodeProperties[];
			for (const behaviour of [{ totalOff: 1 }, { withoutId: [ids[12]] }]) {
				withBehaviour(behaviour);
				const range = { timeRange: 'custom', startTime: wireTime(FROM_MS), endTime: wireTime(TO_MS) };
				const parameters = { resource: 'voiceRecord', operation, returnAll: true, format: 'csv', ...range };
				const { error } = await runWorkflow(workflowOf(parameters), { credential: credential() });
				const wayOut = error?.description ?? '';
				const named = /set "(.*?)" under "Options"/.exec(wayOut)?.[1];
				if (named === undefined) expect(wayOut).toContain('Try again later');
				else expect(options.map(({ displayName }) => displayName)).toContain(named);
			}
		},
	);
});

test('a range from the border of two months is read in time, however long that takes', async () => {
	const firstMs = Date.parse('2026-09-20T16:00:00+08:00') + 2 * MINUTE_MS;
	const dataset = seededDataset({ count: 1000, from: firstMs, to: NOW_MS - 1000 });
	const slow = await startSimulator({ dataset, now: () => Date.now() });
	jest.spyOn(Date, 'now').mockImplementation(() => NOW_MS + slow.requests.length * 3000);
	const range = { timeRange: 'custom', startTime: wireTime(firstMs), endTime: wireTime(NOW_MS) };
	const query = { resource: 'voiceRecord', operation: 'query', returnAll: true, ...range };
	const options = { pageSize: 20, maxConcurrentRequests: 1 };
	const { items, error } = await runWorkflow(workflowOf({ ...query, options }), {
		credential: { ...DEMO_CREDENTIAL, baseUrl: slow.url },
		timezone: 'UTC',
	});
	const tookMs = Date.now() - NOW_MS;
	await slow.stop();
	expect(error).toBeUndefined();
	expect(items).toHaveLength(1000);
	expect(tookMs).toBeGreaterThan(2 * MINUTE_MS);
});

describe.each(share(grid))('$order, ends inclusive $endsInclusive, by $rangeFilter', (behaviour) => {
	const title = JSON.stringify(behaviour);

	beforeEach(() => {
		simulator.behaviour = { ...DEFAULT_BEHAVIOUR, ...behaviour, listsOngoingCalls: true, log: false };
	});

	test(`query, summary and export contain each call once: ${title}`, async () => {
		simulator.dataset = listDataset(callsOfTheRange());
		const range = { fromMs: FROM_MS, toMs: TO_MS, field: behaviour.rangeFilter, ongoing: true };
		const expected = simulator.dataset.slice({ ...range, order: 'newestFirst' }, 0, 100);
		const { error, itemsOf } = await runOperations();
		expect(error).toBeUndefined();
		const queried = itemsOf('query').map(({ json }) => json as { voiceId: string; outcome: string });
		expect(idsOf(queried).sort()).toEqual(idsOf(expected).sort());
		const counts = Object.fromEntries(itemsOf('summarize').map(({ json }) => [json.outcome, json.calls]));
		for (const outcome of ['answered', 'failed', 'pending']) {
			const calls = expected.filter((record) => outcomeOf(record) === outcome).length;
			expect(queried.filter((record) => record.outcome === outcome)).toHaveLength(calls);
			expect(counts[outcome] ?? 0).toBe(calls);
		}
		const [file] = itemsOf('export');
		expect(idsOf(tableOf(file)).sort()).toEqual(idsOf(expected).sort());
		expect(file.json.records).toBe(expected.length);
	});

	test(`the trigger outputs each new call once: ${title}`, async () => {
		/** A call that ended ten seconds after it was submitted, or has not ended. */
		const call = (id: number, submitMs: number, hasEnded = true): WireRecord => ({
			...makeRecord({
				voiceId: String(id),
				submitMs,
				callMs: submitMs + 2000,
				seed: 3,
				index: id,
				ongoing: true,
			}),
			...(hasEnded && {
				hangupTime: wireTime(submitMs + 10_000),
				terminationCode: '486',
				terminationReason: 'Busy Here',
			}),
		});
		const old = Array.from({ length: 9 }, (_, nth) => call(nth, NOW_MS - (nth + 1) * 4 * MINUTE_MS));
		simulator.dataset = listDataset([...old, call(50, NOW_MS - 30_000, false)]);
		const trigger = await createPollContext({
			credential: credential(),
			parameters: { event: 'callFailed', options: { pageSize: 5 } },
		});
		const poll = async () => idsOf((await trigger.poll())?.[0].map(({ json }) => json) ?? []);
		expect(await poll()).toEqual([]);

		const given: unknown[] = [];
		for (let minute = 1; minute <= 3; minute++) {
			clock.ms = NOW_MS + minute * MINUTE_MS;
			const fresh = Array.from({ length: 6 }, (_, nth) =>
				call(minute * 100 + nth, clock.ms - 20_000 - (nth % 3) * 1000),
			);
			simulator.dataset.add(
				...fresh,
				...(minute === 2
					? [
							{ ...call(50, NOW_MS - 30_000), hangupTime: wireTime(clock.ms) },
							call(60, NOW_MS - 20 * MINUTE_MS),
						]
					: []),
			);
			given.push(...(await poll()));
		}
		clock.ms += MINUTE_MS;
		expect(await poll()).toEqual([]);
		const expected = [1, 2, 3].flatMap((minute) =>
			Array.from({ length: 6 }, (_, nth) => String(minute * 100 + nth)),
		);
		expect(given.sort()).toEqual([...expected, '50'].sort());
	});
});
