/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import { setTimeout as sleep } from 'node:timers/promises';
import type { IDataObject } from 'n8n-workflow';
import { listDataset } from '../simulator/dataset';
import { startSimulator, type Fault, type Simulator } from '../simulator/simulator';
import type { SavedWorkflow } from './support/client';
import { failCall, itemsOutput, publishTrigger } from './support/polling';
import { freePort } from './support/processes';
import { CREDENTIAL_TYPE, openStage, type Stage } from './support/stage';
import { Started } from './support/started';
import { until } from './support/waiting';

/** n8n 2.41 tries a start for about 75 seconds. */
const AWAY_MS = 150_000;
const NEXT_POLLS_MS = 150_000;

/** A service of its own that goes away and comes back, and what watches it. */
interface Watched {
	simulator: Simulator;
	calls: SavedWorkflow;
	balance: SavedWorkflow;
}

const started = new Started();
let stage: Stage;

beforeAll(async () => {
	stage = await started.add(openStage());
});

afterAll(async () => await started.stop());

async function watch(port: number): Promise<Watched> {
	const { client, credentialData } = stage;
	const simulator = await started.add(startSimulator({ ...credentialData, port, dataset: listDataset([]) }));
	const data = { ...credentialData, baseUrl: simulator.url };
	const credential = await client.createCredential(CREDENTIAL_TYPE, `Service at ${port}`, data);
	const calls = await publishTrigger(client, credential);
	const balance = await publishTrigger(client, credential, { event: 'balanceLow', threshold: 10 });
	// n8n publishes some time after it says so, and a publication that a kill interrupts is one that ITNIO may refuse.
	for (const workflow of [calls, balance]) {
		await until(async () => await client.hasPolled(workflow));
		expect(await client.hasPolled(workflow)).toBe(true);
	}
	return { simulator, calls, balance };
}

const lasting = (fault: Fault) => (watched: Watched) => {
	watched.simulator.failNext(...Array.from({ length: 10_000 }, () => fault));
	return async () => watched.simulator.resetStats();
};

const unreachable = async (watched: Watched) => {
	const { url, dataset, behaviour } = watched.simulator;
	await watched.simulator.stop();
	return async () => {
		const port = Number(new URL(url).port);
		const back = startSimulator({ ...stage.credentialData, port, dataset, behaviour });
		watched.simulator = await started.add(back);
	};
};

/** Each lets the service go away, and returns how it comes back. */
const WAYS = {
	'HTTP 503': lasting({ kind: 'http', httpStatus: 503 }),
	'a refused connection': unreachable,
	'HTTP 429 with Retry-After': lasting({
		kind: 'http',
		httpStatus: 429,
		headers: { 'Retry-After': '30' },
	}),
};

it('the trigger polls again after a start of n8n during which the service was away, and outputs each call once', async () => {
	const services = await Promise.all(
		Object.entries(WAYS).map(async ([name, leave]) => ({
			name,
			leave,
			watched: await watch(await freePort()),
		})),
	);
	await stage.n8n.kill();
	const returns = await Promise.all(services.map(async ({ leave, watched }) => await leave(watched)));
	const failed = services.map(({ watched: { simulator } }) => [failCall(simulator)]);
	await stage.n8n.start();
	await sleep(AWAY_MS);

	for (const comeBack of returns) await comeBack();
	services.forEach(({ watched: { simulator } }, index) => {
		simulator.behaviour.balance = '5';
		failed[index].push(failCall(simulator));
	});
	const outputs = async (of: (watched: Watched) => SavedWorkflow, show: (item: IDataObject) => unknown) =>
		await Promise.all(
			services.map(async ({ name, watched }) => {
				const items = await itemsOutput(stage, of(watched));
				return { name, output: items.map(show).sort() };
			}),
		);
	const calls = async () =>
		await outputs(
			(watched) => watched.calls,
			({ voiceId }) => voiceId,
		);
	const alarms = async () =>
		await outputs(
			(watched) => watched.balance,
			({ state }) => state,
		);
	const isAllOutput = async () =>
		[...(await calls()), ...(await alarms())].every(({ output }) => output.length > 0);
	await until(isAllOutput, NEXT_POLLS_MS);
	// Two more polls, which must not output anything again.
	await sleep(125_000);
	expect(await calls()).toEqual(
		services.map(({ name }, index) => ({ name, output: [...failed[index]].sort() })),
	);
	expect(await alarms()).toEqual(services.map(({ name }) => ({ name, output: ['raised'] })));
	expect(stage.n8n.log).toContain('ITNIO TECH could not be asked when n8n started a trigger');
});
