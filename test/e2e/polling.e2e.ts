/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import process from 'node:process';
import { listDataset } from '../simulator/dataset';
import { wireTime } from '../simulator/records';
import { newCall } from '../simulator/service';
import type { SavedWorkflow } from './support/client';
import { DEFAULT_VERSION } from './support/install';
import { openStage, withCredential, type Stage } from './support/stage';
import { until } from './support/waiting';

const VERSION = process.env.E2E_N8N_VERSION ?? DEFAULT_VERSION;
const DURABLE = { N8N_SCHEDULER_ENABLED: 'true', N8N_SCHEDULER_POLL_TRIGGERS_ENABLED: 'true' };

/** How n8n can run polls, and where it stores their state. Only the newest n8n has more than one way. */
const MODES: Array<[name: string, env: Record<string, string>]> = [['in its own process', {}]];
if (VERSION === DEFAULT_VERSION) {
	MODES.push(['by its durable scheduler', DURABLE]);
	MODES.push([
		'by its durable scheduler with cursors',
		{ ...DURABLE, N8N_POLLER_DURABLE_CURSORS_ENABLED: 'true' },
	]);
}

/** n8n polls once a minute, and its durable scheduler may be late. */
const NEXT_POLL_MS = 200_000;

jest.setTimeout(900_000);

let calls = 0;

/** A failed call ends now. Returns its id. */
function failCall({ simulator }: Stage): string {
	const call = newCall(Date.now() - 5000, calls++);
	const hangupTime = wireTime(Date.now());
	const outcome = { terminationCode: '486', terminationReason: 'Busy Here' };
	simulator.dataset.add({ ...call, hangupTime, ...outcome });
	return call.voiceId;
}

async function publishTrigger({ client, credential }: Stage): Promise<SavedWorkflow> {
	const type = 'n8n-nodes-itniotech.itniotechTrigger';
	const parameters = { pollTimes: { item: [{ mode: 'everyMinute' }] }, event: 'callFailed' };
	const noOp = { type: 'n8n-nodes-base.noOp', typeVersion: 1, parameters: {} };
	const workflow = {
		name: 'Polling',
		nodes: [
			{ id: 'trigger', name: 'Trigger', position: [0, 0], type, typeVersion: 1, parameters },
			{ id: 'end', name: 'End', position: [220, 0], ...noOp },
		],
		connections: { Trigger: { main: [[{ node: 'End', type: 'main', index: 0 }]] } },
	} satisfies Parameters<typeof client.createWorkflow>[0];
	const saved = await client.createWorkflow(withCredential(workflow, credential));
	await client.activate(saved);
	return saved;
}

/** The ids of all calls that the trigger has output. */
async function outputOf({ client }: Stage, { id }: SavedWorkflow): Promise<unknown[]> {
	const executions = await client.executions(id);
	const ended = executions.filter(({ status }) => ['success', 'error'].includes(status));
	const data = await Promise.all(ended.map(async (execution) => await client.execution(execution.id)));
	return data.flatMap(({ data: { resultData } }) => {
		const items = resultData.runData.Trigger?.at(-1)?.data?.main[0] ?? [];
		return items.map(({ json }) => json.voiceId);
	});
}

/** Waits for the end of one more poll. */
async function nextPoll({ simulator }: Stage): Promise<void> {
	simulator.resetStats();
	await until(() => simulator.requests.some(({ httpStatus }) => httpStatus !== 0), NEXT_POLL_MS);
	expect(simulator.requests).not.toEqual([]);
}

/** Publishes a trigger, lets calls fail around its polls, publishes it again in the middle of one, and expects each call once. */
async function liveThrough(stage: Stage, mode: string): Promise<void> {
	const { client, simulator } = stage;
	const expected: string[] = [];
	const isPublished = nextPoll(stage);
	const workflow = await publishTrigger(stage);
	const expectOutput = async (when: string) => {
		await until(async () => (await outputOf(stage, workflow)).length >= expected.length, NEXT_POLL_MS);
		const output = (await outputOf(stage, workflow)).sort();
		expect({ mode, when, output }).toEqual({ mode, when, output: [...expected].sort() });
	};

	await isPublished;
	expected.push(failCall(stage));
	await expectOutput('a call fails between publishing and the first scheduled poll');

	await nextPoll(stage);
	expected.push(failCall(stage));
	await expectOutput('a call fails after a poll that found nothing');

	simulator.behaviour.latencyMs = 10_000;
	expected.push(failCall(stage));
	simulator.resetStats();
	await until(() => simulator.requests.length > 0, NEXT_POLL_MS);
	simulator.behaviour.latencyMs = 0;
	await client.deactivate(workflow);
	await client.activate(workflow);
	await expectOutput('the workflow is published again during a poll');
	await nextPoll(stage);
	await nextPoll(stage);
	await expectOutput('two polls later');
}

it(`outputs each call once in an n8n that runs polls ${MODES.map(([mode]) => mode).join(', ')}`, async () => {
	const stages: Stage[] = [];
	try {
		// One after the other, as they install the package; then together, as each waits for minutes.
		for (const [, env] of MODES) {
			stages.push(await openStage({ dataset: listDataset([]) }, process.env.E2E_N8N_VERSION, env));
		}
		await Promise.all(stages.map(async (stage, index) => await liveThrough(stage, MODES[index][0])));
	} finally {
		for (const stage of stages) await stage.stop();
	}
});
