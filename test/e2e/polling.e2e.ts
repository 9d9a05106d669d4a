/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import process from 'node:process';
import { listDataset } from '../simulator/dataset';
import type { SavedWorkflow } from './support/client';
import { DEFAULT_VERSION } from './support/install';
import { failCall, itemsOutput, publishTrigger } from './support/polling';
import { openStage, type Stage } from './support/stage';
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

/** The ids of all calls that the trigger has output. */
async function outputOf(stage: Stage, workflow: SavedWorkflow): Promise<unknown[]> {
	return (await itemsOutput(stage, workflow)).map(({ voiceId }) => voiceId);
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
	const workflow = await publishTrigger(client, stage.credential);
	const expectOutput = async (when: string) => {
		await until(async () => (await outputOf(stage, workflow)).length >= expected.length, NEXT_POLL_MS);
		const output = (await outputOf(stage, workflow)).sort();
		expect({ mode, when, output }).toEqual({ mode, when, output: [...expected].sort() });
	};

	await isPublished;
	expected.push(failCall(simulator));
	await expectOutput('a call fails between publishing and the first scheduled poll');

	await nextPoll(stage);
	expected.push(failCall(simulator));
	await expectOutput('a call fails after a poll that found nothing');

	simulator.behaviour.latencyMs = 10_000;
	expected.push(failCall(simulator));
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

it(`the trigger outputs each call once in an n8n that runs polls ${MODES.map(([mode]) => mode).join(', ')}`, async () => {
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
