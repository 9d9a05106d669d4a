/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import { rename } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { listDataset } from '../simulator/dataset';
import type { SavedWorkflow } from './support/client';
import { testOfOwnN8n } from './support/givenN8n';
import { failCall, itemsOutput, publishTrigger } from './support/polling';
import { openStage, withCredential, type Stage } from './support/stage';
import { Started } from './support/started';
import { until } from './support/waiting';

/** n8n polls once a minute. */
const TWO_POLLS_MS = 200_000;

const started = new Started();
let stage: Stage;

beforeAll(async () => {
	stage = await started.add(openStage({ dataset: listDataset([]) }));
});

afterAll(async () => await started.stop());

/** A workflow that stops with a message after its trigger. */
async function createFailing(): Promise<SavedWorkflow> {
	const { client, credential } = stage;
	const trigger = {
		type: 'n8n-nodes-itniotech.itniotechTrigger',
		parameters: { event: 'balanceLow', threshold: 10, pollTimes: { item: [{ mode: 'everyMinute' }] } },
	};
	const stop = { type: 'n8n-nodes-base.stopAndError', parameters: { errorMessage: 'Slack is away' } };
	const workflow = {
		name: 'Failing',
		nodes: [
			{ id: 'trigger', name: 'Trigger', position: [0, 0], typeVersion: 1, ...trigger },
			{ id: 'stop', name: 'Stop', position: [220, 0], typeVersion: 1, ...stop },
		],
		connections: { Trigger: { main: [[{ node: 'Stop', type: 'main', index: 0 }]] } },
	} satisfies Parameters<typeof client.createWorkflow>[0];
	return await client.createWorkflow(withCredential(workflow, credential));
}

async function untilPolled(times: number): Promise<void> {
	const { simulator } = stage;
	simulator.resetStats();
	const polls = () => simulator.requests.filter(({ path }) => path.endsWith('/getBalance')).length;
	await until(() => polls() >= times, TWO_POLLS_MS);
	expect(polls()).toBeGreaterThanOrEqual(times);
}

it('an alarm is output once, also if the workflow fails or is published again, and its end once', async () => {
	const { client, simulator } = stage;
	const workflow = await createFailing();
	const untilEnded = async (count: number) => {
		await until(async () => {
			const executions = await client.executions(workflow.id);
			return executions.filter(({ status }) => status === 'error').length >= count;
		}, TWO_POLLS_MS);
		return (await itemsOutput(stage, workflow)).map(({ state }) => state).sort();
	};

	simulator.behaviour.balance = '5';
	await client.activate(workflow);
	expect(await untilEnded(1)).toEqual(['raised']);
	await untilPolled(2);
	expect(await untilEnded(1)).toEqual(['raised']);

	await client.deactivate(workflow);
	await client.activate(workflow);
	await untilPolled(2);
	expect(await untilEnded(1)).toEqual(['raised']);

	await client.deactivate(workflow);
	simulator.behaviour.balance = '20';
	await client.activate(workflow);
	expect(await untilEnded(2)).toEqual(['cleared', 'raised']);
});

testOfOwnN8n(
	'a trigger goes on when it is published, after n8n was started without the package',
	async () => {
		const { client, credential, n8n, simulator } = stage;
		await client.deactivateAll();
		const workflow = await publishTrigger(client, credential);
		await until(async () => await client.hasPolled(workflow));
		const installed = path.join(n8n.folder, '.n8n/nodes/node_modules/n8n-nodes-itniotech');
		const away = path.join(n8n.folder, 'away');
		await n8n.kill();
		await rename(installed, away);
		await n8n.start();
		const calls = [failCall(simulator)];
		await until(async () => n8n.log.includes('Unrecognized node type'));
		await n8n.kill();
		await rename(away, installed);
		simulator.resetStats();
		await n8n.start();
		calls.push(failCall(simulator));
		// A trigger that is started polls at once.
		await sleep(10_000);
		expect(simulator.requests).toEqual([]);
		await client.deactivate(workflow);
		await client.activate(workflow);
		await until(async () => (await itemsOutput(stage, workflow)).length >= calls.length);
		const output = await itemsOutput(stage, workflow);
		expect(output.map(({ voiceId }) => voiceId).sort()).toEqual(calls.sort());
	},
);
