/* eslint-disable @n8n/community-nodes/no-restricted-globals -- for shipped code, not for tests */
import { seededDataset } from '../simulator/dataset';
import { DEMO_CREDENTIAL, startSimulator, type Simulator } from '../simulator/simulator';
import { runWorkflow, workflowOf } from './support/engine';
import { hintsOf, queryLast31Days } from './support/summaries';
import { HOUR_MS } from '../support/times';

/** The last page is not full: behind a full one, another may come. */
const CALLS = 1990;
const PAGE_SIZE = 50;

describe('requests at a time', () => {
	let simulator: Simulator;

	beforeEach(async () => {
		const now = Date.now();
		simulator = await startSimulator({
			dataset: seededDataset({ count: CALLS, from: now - 30 * 24 * HOUR_MS, to: now - HOUR_MS }),
			behaviour: { latencyMs: 30 },
		});
	});

	afterEach(async () => await simulator.stop());

	const query = async (options: object = {}) =>
		await queryLast31Days(
			{ ...DEMO_CREDENTIAL, baseUrl: simulator.url },
			{ options: { pageSize: PAGE_SIZE, ...options } },
		);
	const isComplete = (items: Array<{ json: object }>) =>
		new Set(items.map(({ json }) => (json as { voiceId: string }).voiceId)).size === CALLS;

	it('are more for slow answers, and no page is requested twice', async () => {
		simulator.behaviour.latencyMs = 200;
		const result = await query();
		expect(isComplete(result.items)).toBe(true);
		expect(simulator.requests).toHaveLength(Math.ceil(CALLS / PAGE_SIZE));
		expect(simulator.peakInFlight).toBeGreaterThan(5);
		expect(hintsOf(result)).toEqual([]);
	});

	it('ask for compressed answers, which are read like others', async () => {
		simulator.behaviour.compresses = true;
		expect(isComplete((await query()).items)).toBe(true);
		const asked = simulator.requests.map(({ headers }) => headers['accept-encoding']);
		expect(new Set(asked)).toEqual(new Set([expect.stringContaining('gzip')]));
	});

	it('are never more than the option allows', async () => {
		simulator.behaviour.latencyMs = 200;
		expect(isComplete((await query({ maxConcurrentRequests: 3 })).items)).toBe(true);
		expect(simulator.peakInFlight).toBe(3);
	});

	it('are fewer for several input items, and one hint says so, with the figures of all of them', async () => {
		simulator.behaviour.maxInFlight = 3;
		const ranges = ['last31Days', 'last7Days', 'last24Hours', 'thisMonth', 'lastWeek'];
		const parameters = { resource: 'voiceRecord', operation: 'summarize', timeRange: '={{ $json.range }}' };
		const result = await runWorkflow(workflowOf({ ...parameters, options: { pageSize: PAGE_SIZE } }), {
			credential: { ...DEMO_CREDENTIAL, baseUrl: simulator.url },
			input: ranges.map((range) => ({ range })),
		});
		expect(result.error).toBeUndefined();
		const rejections = simulator.requests.filter(({ status }) => status === '-15').length;
		expect(hintsOf(result).filter((hint) => hint.includes('as too many'))).toEqual([
			expect.stringContaining(` rejected ${rejections} as too many`),
		]);
	});

	it('are not held up by one that is late', async () => {
		let arrive = () => {};
		const until = new Promise<void>((resolve) => (arrive = resolve));
		simulator.failNext({ kind: 'slow', ms: 0 }, { kind: 'held', until });
		const running = query();
		const answered = () => simulator.requests.filter(({ status }) => status === '0').length;
		while (answered() < CALLS / PAGE_SIZE / 4) await new Promise(setImmediate);
		arrive();
		expect(isComplete((await running).items)).toBe(true);
	});
});
