/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import { setTimeout as sleep } from 'node:timers/promises';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { seededDataset, type WireRecord } from '../simulator/dataset';
import { push, pushBody, pushSteadily } from '../simulator/push';
import { wireTime } from '../simulator/records';
import { newCall } from '../simulator/service';
import type { Execution, SavedWorkflow } from './support/client';
import { shippedWorkflow } from './support/shipped';
import { openStage, withCredential, type Stage } from './support/stage';
import { localTime } from './support/times';
import { until } from './support/waiting';

const NOW = Date.now();
// Calls that ended more than a day ago are old news to the trigger.
const dataset = seededDataset({ count: 30_000, from: NOW - 72_000_000, to: NOW, seed: 3 });

const TRIGGER_NAME = 'Pushed Calls';

let stage: Stage;

beforeAll(async () => {
	stage = await openStage({ dataset, behaviour: { log: false } });
});

afterAll(async () => await stage?.stop());

let recordsTaken = 0;

/** Records that no test has used yet; the service has each of them. */
function takeRecords(count: number): WireRecord[] {
	const range = { fromMs: 0, toMs: NOW, order: 'oldestFirst' } as const;
	const records = dataset.slice(range, recordsTaken, count);
	recordsTaken += count;
	return records;
}

const idsOf = (records: Array<{ voiceId?: unknown }>) => records.map(({ voiceId }) => voiceId);

/** The same calls with IDs that the service never issued. */
function forge(records: WireRecord[]): WireRecord[] {
	return records.map((record) => ({ ...record, voiceId: `1${record.voiceId.slice(1)}`, callee: '99999999' }));
}

/** An active workflow that starts with the trigger. */
interface Listening {
	saved: SavedWorkflow;
	/** The production URL. */
	url: string;
}

let listenings = 0;

async function saveWorkflow(parameters: INodeParameters): Promise<Listening> {
	const webhookId = `not-so-secret-${++listenings}`;
	const trigger = {
		id: 'trigger',
		name: TRIGGER_NAME,
		type: 'n8n-nodes-itniotech.itniotechPushTrigger',
		typeVersion: 1,
		position: [0, 0] as [number, number],
		webhookId,
		parameters,
	};
	const workflow = { name: webhookId, nodes: [trigger], connections: {} };
	const saved = await stage.client.createWorkflow(withCredential(workflow, stage.credential));
	return { saved, url: `${stage.n8n.url}/webhook/${webhookId}/pushed-calls` };
}

async function listen(parameters: INodeParameters = {}): Promise<Listening> {
	const listening = await saveWorkflow({ event: 'callEnded', ...parameters });
	await stage.client.activate(listening.saved);
	await untilListening(listening);
	return listening;
}

/** n8n activates after it has answered. Until then, it answers 404; a body without a call is rejected with 400. */
async function untilListening({ url }: Listening) {
	await until(async () => (await push(url, 'no call', { contentType: 'text/plain' })) !== 404);
}

async function executionsOf({ saved }: Listening): Promise<Execution[]> {
	const summaries = await stage.client.executions(saved.id);
	return await Promise.all(summaries.map(async ({ id }) => await stage.client.execution(id)));
}

/** All that the trigger has output. */
async function outputSoFar(listening: Listening): Promise<IDataObject[]> {
	const runs = (await executionsOf(listening)).map(({ data }) =>
		data.resultData.runData[TRIGGER_NAME]?.at(-1),
	);
	return runs.flatMap((run) => run?.data?.main[0] ?? []).map(({ json }) => json);
}

/** Waits for this number of items, and a little longer in case there are too many. */
async function outputOf(listening: Listening, count: number, withinMs = 120_000): Promise<IDataObject[]> {
	await until(async () => (await outputSoFar(listening)).length >= count, withinMs);
	await sleep(1500);
	return await outputSoFar(listening);
}

it('the push trigger outputs each call of a push with one call, a batch or a list, as a query does', async () => {
	const listening = await listen();
	const records = takeRecords(9);
	expect(await push(listening.url, pushBody(records.slice(0, 1), 'one'))).toBe(200);
	expect(await push(listening.url, pushBody(records.slice(1, 5), 'array'))).toBe(200);
	expect(await push(listening.url, pushBody(records.slice(5), 'list'))).toBe(200);

	const items = await outputOf(listening, 9);
	expect(idsOf(items).sort()).toEqual(idsOf(records).sort());
	const [first] = records;
	expect(items.find(({ voiceId }) => voiceId === first.voiceId)).toEqual({
		submitTime: localTime(first.submitTime),
		calledNumber: first.callee,
		area: first.code,
		outcome: ['200', '0'].includes(first.terminationCode!) ? 'answered' : 'failed',
		reason: `${first.terminationCode} ${first.terminationReason}`,
		callDuration: first.callDuration,
		cost: Number(first.cost),
		keyPressed: first.feedbackValue === '-1' ? null : first.feedbackValue,
		calledInfo: first.calledInfo,
		voiceId: first.voiceId,
	});
});

it('the push trigger outputs a call once, however often it is pushed, even after a restart', async () => {
	const listening = await listen();
	const [early, late] = [takeRecords(3), takeRecords(1)];
	await Promise.all([1, 2, 3].map(async () => await push(listening.url, pushBody(early))));
	await outputOf(listening, 3);
	await stage.n8n.restart();
	await untilListening(listening);
	expect(await push(listening.url, pushBody([...early, ...late]))).toBe(200);
	expect(idsOf(await outputOf(listening, 4)).sort()).toEqual(idsOf([...early, ...late]).sort());
});

it('the push trigger outputs no call without a record, and logs how many but nothing from the push', async () => {
	const listening = await listen();
	const genuine = takeRecords(1);
	expect(await push(listening.url, pushBody(forge(takeRecords(3))))).toBe(200);
	expect(await push(listening.url, pushBody(genuine))).toBe(200);
	expect(idsOf(await outputOf(listening, 1))).toEqual(idsOf(genuine));
	const logged =
		'ITNIO TECH Push Trigger: Pushed calls of which ITNIO TECH has no record that they have ended: 3';
	await until(async () => stage.n8n.log.includes(logged));
	expect(stage.n8n.log).toContain(logged);
	expect(stage.n8n.log).not.toContain('99999999');
});

it('the push trigger outputs unconfirmed calls if "Confirm Calls" is off, with the time format of queried records', async () => {
	const listening = await listen({ confirm: false, simplify: false });
	const [made] = forge(takeRecords(1));
	expect(await push(listening.url, pushBody([made]))).toBe(200);
	expect(await outputOf(listening, 1)).toMatchObject([
		{ voiceId: made.voiceId, submitTime: made.submitTime, hangupTime: made.hangupTime, callee: '99999999' },
	]);
});

let listeningForBad: Listening | undefined;

it.each([
	['something other than JSON', 'nonsense', 422],
	['no call', '{"a":1}', 400],
	['10,000 calls', JSON.stringify(Array.from({ length: 10_000 }, (_, n) => ({ voiceId: `${n}` }))), 400],
	['more than 4 MB', JSON.stringify({ voiceId: '1', text: 'x'.repeat(4_200_000) }), 400],
	['deep nesting', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 400],
])('the push trigger rejects a body with %s', async (_case, body, status) => {
	listeningForBad ??= await listen({ confirm: false });
	expect(await push(listeningForBad.url, body)).toBe(status);
});

it('the push trigger outputs nothing of what it rejected', async () => {
	const [genuine] = takeRecords(1);
	expect(await push(listeningForBad!.url, pushBody([genuine]))).toBe(200);
	expect(idsOf(await outputOf(listeningForBad!, 1))).toEqual([genuine.voiceId]);
});

it('the push trigger ignores a prototype in a body', async () => {
	const listening = await listen({ confirm: false, simplify: false });
	const body =
		'{"voiceId":"77","__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}}}';
	expect(await push(listening.url, body)).toBe(200);
	const items = await outputOf(listening, 1);
	expect(JSON.stringify(items)).not.toContain('polluted');
	expect(items).toMatchObject([{ voiceId: '77' }]);
});

it('the push trigger accepts pushes only from the allowed addresses', async () => {
	const elsewhere = await listen({ options: { allowedIps: '198.51.100.0/24' } });
	const here = await listen({ options: { allowedIps: '198.51.100.0/24, 127.0.0.0/8' } });
	const records = takeRecords(1);
	expect(await push(elsewhere.url, pushBody(records))).toBe(403);
	expect(await push(here.url, pushBody(records))).toBe(200);
	expect(await outputOf(here, 1)).toHaveLength(1);
	expect(await outputSoFar(elsewhere)).toEqual([]);
});

it('the push trigger shows a failed execution for calls that could not be confirmed, and accepts them again', async () => {
	stage.simulator.resetStats();
	stage.simulator.behaviour.log = true;
	const listening = await listen();
	// n8n listens before the trigger has checked that the service answers; the faults must not hit that request.
	const isAsked = () =>
		stage.simulator.requests.some(
			({ body, httpStatus }) => (body as { size?: number } | undefined)?.size === 1 && httpStatus !== 0,
		);
	await until(isAsked);
	expect(isAsked()).toBe(true);
	stage.simulator.behaviour.log = false;
	const records = takeRecords(2);
	stage.simulator.failNext({ kind: 'status', status: '-1' }, { kind: 'status', status: '-1' });
	expect(await push(listening.url, pushBody(records))).toBe(200);
	await until(async () => (await executionsOf(listening)).length > 0);
	const [execution] = await executionsOf(listening);
	expect(execution).toMatchObject({ status: 'error' });
	expect(execution.data.resultData.error).toMatchObject({
		message: 'ITNIO TECH did not accept the API key or its signature',
		description: expect.stringContaining('Pushed calls that could not be verified and were not output: 2'),
	});
	expect(await push(listening.url, pushBody(records))).toBe(200);
	expect(await outputOf(listening, 2)).toHaveLength(2);
});

it.each<[string, INodeParameters, string]>([
	['an invalid address', { options: { allowedIps: '198.51.100.0/33' } }, '"Allowed IP Addresses"'],
	[
		'an invalid filter',
		{ filters: { calledNumber: 'the boss' } },
		'"Called Number" is not a valid phone number',
	],
])('the push trigger cannot be activated with %s', async (_case, parameters, message) => {
	const { saved, url } = await saveWorkflow({ event: 'callEnded', ...parameters });
	// Newer n8n activates after its answer, and says in its log why it could not.
	const answer = await stage.client.activate(saved).then(() => '', String);
	const said = () => (answer + stage.n8n.log).replaceAll('\\"', '"');
	await until(async () => said().includes(message));
	expect(said()).toContain(message);
	expect(await push(url, '{}')).toBe(404);
});

it('"Remove Duplicates" after both triggers outputs a call once that is pushed and polled', async () => {
	const shipped = await shippedWorkflow('failed-calls-pushed-and-polled', [stage.credential]);
	const { name, nodes, connections } = shipped;
	const dedupe = 'Each Call Once';
	// Another test covers Slack.
	const withoutSlack = nodes.filter(({ type }) => type !== 'n8n-nodes-base.slack');
	delete connections[dedupe];
	const polling = withoutSlack.find(({ type }) => type.endsWith('.itniotechTrigger'))!;
	polling.parameters.pollTimes = { item: [{ mode: 'everyMinute' }] };
	const pushed = withoutSlack.find(({ type }) => type.endsWith('.itniotechPushTrigger'))!;
	const saved = await stage.client.createWorkflow({ name, nodes: withoutSlack, connections });
	await stage.client.activate(saved);
	const listening = { saved, url: `${stage.n8n.url}/webhook/${pushed.webhookId}/pushed-calls` };
	await untilListening(listening);
	// The trigger ignores calls that ended before its first poll.
	await until(async () => await stage.client.hasPolled(saved));
	expect(await stage.client.hasPolled(saved)).toBe(true);

	const endMs = Date.now();
	const failed = { terminationCode: '486', terminationReason: 'Busy Here', hangupTime: wireTime(endMs) };
	const [both, polledOnly] = [11, 12].map((nth) => ({ ...newCall(endMs - 20_000, nth), ...failed }));
	dataset.add(both, polledOnly);
	expect(await push(listening.url, pushBody([both]))).toBe(200);

	const outputs = async (node: string) => {
		const runs = (await executionsOf(listening)).map(({ data }) => data.resultData.runData[node]?.at(-1));
		return idsOf(runs.flatMap((run) => run?.data?.main[0] ?? []).map(({ json }) => json)).sort();
	};
	await until(async () => (await outputs(dedupe)).includes(polledOnly.voiceId));
	expect(await outputs(pushed.name)).toEqual([both.voiceId]);
	expect(await outputs(polling.name)).toEqual(idsOf([both, polledOnly]));
	expect(await outputs(dedupe)).toEqual(idsOf([both, polledOnly]));
	await stage.client.deactivate(saved);
});

/** Calls, with a repeat and a forged call after every twenty. */
function withRepeatsAndForgeries(records: WireRecord[]): WireRecord[] {
	return records.flatMap((record, nth) =>
		nth % 20 === 19 ? [record, records[nth - 7], ...forge([record])] : [record],
	);
}

function inGroups<T>(list: T[], size: number): T[][] {
	const groups = Math.ceil(list.length / size);
	return Array.from({ length: groups }, (_, nth) => list.slice(nth * size, (nth + 1) * size));
}

/**
 * n8n builds a sandbox for expressions at each push to a node other than its own Webhook node, about 25 ms of work: so
 * it can process 500 calls a second only in batches. Its older expression engine has no sandbox.
 */
it.each([
	['50 per push', 50, {}],
	['one per push, with the older expression engine', 1, { N8N_EXPRESSION_ENGINE: 'legacy' }],
])(
	'the push trigger outputs each genuine call once at 500 calls a second for 20 seconds: %s',
	async (_case, size, env) => {
		await stage.stop();
		stage = await openStage({ dataset, behaviour: { log: false } }, undefined, env);
		const listening = await listen();
		const records = takeRecords(9_100);
		const bodies = inGroups(withRepeatsAndForgeries(records), size).map((group) => pushBody(group));
		const pushing = pushSteadily(listening.url, bodies, 500 / size);
		const isOver = pushing.then(() => true);
		for (;;) {
			const { status } = await stage.client.get('/healthz');
			expect(status).toBe(200);
			if (await Promise.race([isOver, sleep(1000, false)])) break;
		}
		expect(new Set(await pushing)).toEqual(new Set([200]));
		// The last of them wait up to a minute for forged calls, which ITNIO could still list.
		const items = await outputOf(listening, records.length, 300_000);
		expect(items).toHaveLength(records.length);
		expect(new Set(idsOf(items))).toEqual(new Set(idsOf(records)));
	},
);
