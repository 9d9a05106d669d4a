import { DateTime } from 'luxon';
import type { INodeParameters } from 'n8n-workflow';
import { listDataset, seededDataset } from '../simulator/dataset';
import { wireTime } from '../simulator/records';
import { newCall } from '../simulator/service';
import type { Execution, NewWorkflow, SavedWorkflow } from './support/client';
import { EXECUTIONS_PER_WORKER, openCluster, takenBy, type Cluster } from './support/cluster';
import { FAN_OUT_START, outputOf, publishFanOut, ZONE } from './support/fanOut';
import type { N8n } from './support/n8n';
import { shippedWorkflow } from './support/shipped';
import { NODE_TYPE, withCredential, type Stage } from './support/stage';
import { until } from './support/waiting';
import { MINUTE_MS } from '../support/times';

const NEVER_MS = 3_600_000;

let cluster: Cluster;
let stage: Stage;
let workers: N8n[];
let fanOut: SavedWorkflow;

beforeAll(async () => {
	cluster = await openCluster();
	({ stage, workers } = cluster);
	fanOut = await publishFanOut(stage);
});

afterAll(async () => await cluster?.stop());

/** Where the range of the workflow begins that reads day by day. */
const weekStart = () => DateTime.now().setZone(ZONE).startOf('day').minus({ days: 6 });

/** Lets the last seven days hold so many calls. */
function fillWeek(count: number) {
	const to = DateTime.now().toMillis();
	stage.simulator.dataset = seededDataset({ count, from: weekStart().toMillis(), to, ongoing: 0 });
}

/** How many records a finished read gave, each counted once; a read that repeats one fails the test. */
function countRecords(execution: Execution, node: string) {
	const ids = outputOf(execution, node).map(({ voiceId }) => voiceId);
	expect(new Set(ids).size).toBe(ids.length);
	return ids.length;
}

describe('a range read day by day', () => {
	beforeEach(() => {
		stage.simulator.resetStats();
		stage.simulator.behaviour.latencyMs = 0;
	});

	it('is read by both workers, completely and each record once', async () => {
		fillWeek(3000);
		stage.simulator.behaviour.latencyMs = 500;
		const before = workers.map((worker) => takenBy(worker).length);
		const execution = await stage.client.runWorkflow(fanOut, FAN_OUT_START);
		const taken = workers.map((worker, nth) => takenBy(worker).length - before[nth]);
		expect(countRecords(execution, 'Each Record Once')).toBe(3000);
		expect(taken[0] + taken[1]).toBe(8);
		for (const count of taken) expect(count).toBeGreaterThanOrEqual(8 - EXECUTIONS_PER_WORKER);
	});

	it.each([
		['while reading some of the days', false],
		['while collecting the days', true],
	])('is never output in part when a worker is killed %s', async (_, isParent) => {
		fillWeek(3000);
		stage.simulator.behaviour.latencyMs = 5000;
		const run = stage.client.runWorkflow(fanOut, FAN_OUT_START);
		await until(() => stage.simulator.requests.length >= 7);
		const [parent] = (await stage.client.executions(fanOut.id)).filter(({ mode }) => mode === 'manual');
		const victim = workers.find((worker) => takenBy(worker).includes(parent.id) === isParent)!;
		await victim.kill();
		stage.simulator.behaviour.latencyMs = 0;

		const execution = await run;
		await victim.start();
		const records = countRecords(execution, 'Each Record Once');
		expect([execution.status, records]).toEqual(
			execution.status === 'success' ? ['success', 3000] : ['error', 0],
		);
		// A day that failed is read again, by those who are left. n8n 2 does not repeat the run that asks for the days.
		if (!isParent) expect(execution.status).toBe('success');
	});
});

/** A workflow of "Start", a trigger, and "Node", one of ours. */
function twoNodes(type: string, start: INodeParameters, parameters: INodeParameters): NewWorkflow {
	return {
		name: 'Two nodes',
		nodes: [
			{ id: 'start', name: 'Start', position: [0, 0], type, typeVersion: 1, parameters: start },
			{ id: 'node', name: 'Node', position: [220, 0], type: NODE_TYPE, typeVersion: 1, parameters },
		],
		connections: { Start: { main: [[{ node: 'Node', type: 'main', index: 0 }]] } },
	};
}

describe('a trigger', () => {
	let alert: SavedWorkflow;
	let activatedAt: number;

	beforeAll(async () => {
		const { client, credential, simulator } = stage;
		simulator.dataset = listDataset([]);
		simulator.behaviour.latencyMs = 0;
		simulator.resetStats();
		const forSlack = await client.createCredential('slackApi', 'Slack account', { accessToken: 'xoxb-test' });
		const forLost = await client.createWorkflow(
			await shippedWorkflow('lost-alerts-to-slack', [credential, forSlack]),
		);
		// n8n 1 runs an error workflow as it is, and refuses to activate one.
		await client.activate(forLost).catch(() => undefined);

		const trigger = { pollTimes: { item: [{ mode: 'everyMinute' }] }, event: 'callFailed' };
		const workflow = twoNodes('n8n-nodes-itniotech.itniotechTrigger', trigger, {
			operation: 'get',
			voiceId: '={{ $json.voiceId }}',
		});
		const settings = { errorWorkflow: forLost.id };
		alert = await client.createWorkflow(withCredential({ ...workflow, settings }, credential));
		activatedAt = Date.now();
		await client.activate(alert);
		await until(() => polls().length > 0 && simulator.requests.every(({ httpStatus }) => httpStatus !== 0));
	});

	/** When the service was asked for new calls. */
	function polls(): number[] {
		return stage.simulator.requests.filter(({ path }) => path.endsWith('Query')).map(({ at }) => at);
	}

	let calls = 0;

	/** A call fails while no worker runs; gives its id and that of the execution that waits for a worker. */
	async function failWithoutWorkers() {
		for (const worker of workers) await worker.kill();
		const call = newCall(Date.now() - 20_000, calls++);
		const hangupTime = wireTime(Date.now());
		const failed = { ...call, hangupTime, terminationCode: '486', terminationReason: 'Busy Here' };
		stage.simulator.dataset.add(failed);
		const known = (await stage.client.executions(alert.id)).length;
		await until(async () => (await stage.client.executions(alert.id)).length > known);
		const [{ id, status }] = await stage.client.executions(alert.id);
		expect(status).toBe('new');
		return { voiceId: failed.voiceId, id };
	}

	async function ended(id: string): Promise<Execution> {
		await until(async () => Boolean((await stage.client.execution(id)).stoppedAt), 3 * MINUTE_MS);
		return await stage.client.execution(id);
	}

	it('polls only on the main, and the calls that it found wait for a worker', async () => {
		const { voiceId, id } = await failWithoutWorkers();
		for (const worker of workers) await worker.start();
		expect(outputOf(await ended(id), 'Node')).toMatchObject([{ voiceId }]);
		expect(takenBy(workers[0]).concat(takenBy(workers[1]))).toContain(id);
		// With all three processes running, one more minute brings one more poll.
		const before = polls().length;
		await until(() => polls().length > before + 1, 3 * MINUTE_MS);
		expect(polls().length).toBeLessThanOrEqual((Date.now() - activatedAt) / MINUTE_MS + 2);
	});

	it('loses no call when the worker is killed: the error workflow reports it', async () => {
		const { voiceId, id } = await failWithoutWorkers();
		const isAsked = () => stage.simulator.requests.some(({ path }) => path.endsWith(voiceId));
		stage.simulator.behaviour.latencyMs = NEVER_MS;
		await workers[0].start();
		await until(isAsked);
		expect(isAsked()).toBe(true);
		await workers[0].kill();
		stage.simulator.behaviour.latencyMs = 0;
		for (const worker of workers) await worker.start();

		const isOver = async () => ['success', 'error'].includes((await stage.client.execution(id)).status);
		await until(isOver, 3 * MINUTE_MS);
		const execution = await stage.client.execution(id);
		// n8n 1 may repeat it.
		if (execution.status === 'success') {
			expect(outputOf(execution, 'Node')).toMatchObject([{ voiceId }]);
			return;
		}
		const message = execution.data.resultData.error?.message;
		// The second is what n8n 1 says when its own recovery is first; it keeps what the trigger handed over.
		expect(message).toMatch(/failed to be processed too many times|Workflow did not finish/);
		// Two messages when the worker comes back before n8n gives the execution up.
		const { messages } = cluster.slack;
		await until(() => messages.length > 0);
		expect(messages.length).toBeGreaterThan(0);
		for (const { text } of messages) expect(text).toContain(`(ID ${voiceId})`);
		const retried = outputOf(await stage.client.retry(id), 'Node');
		expect(retried).toMatchObject(message?.startsWith('Workflow did not finish') ? [{ voiceId }] : []);
	});

	it('has started one execution for each call', async () => {
		const executions = await stage.client.executions(alert.id);
		expect(executions.filter(({ mode }) => mode === 'trigger')).toHaveLength(calls);
	});
});

test('neither the key nor the secret is in a log', () => {
	for (const { log } of [stage.n8n, ...workers]) {
		expect(log).toMatch(/Editor is now accessible|n8n worker is now ready/);
		expect(log).not.toContain(stage.credentialData.apiKey);
		expect(log).not.toContain(stage.credentialData.apiSecret);
	}
});
