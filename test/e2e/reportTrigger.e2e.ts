/* eslint-disable @n8n/community-nodes/no-restricted-imports -- a test, not shipped */
import { setTimeout as sleep } from 'node:timers/promises';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { seededDataset, type WireRecord } from '../simulator/dataset';
import { push, pushBody, pushSteadily } from '../simulator/push';
import { newCall } from '../simulator/service';
import type { Execution, SavedWorkflow } from './client';
import { expectNoSecrets } from './secrets';
import { openStage, withCredential, type Stage } from './stage';

const NOW = Date.now();
const PATIENCE_MS = 60_000;

jest.setTimeout(300_000);

let stage: Stage;

beforeAll(async () => {
	stage = await openStage();
});

afterAll(async () => await stage?.close());

let recordsTaken = 0;

/** Records that no test has had yet; each one is known to the service. */
function takeRecords(count: number): WireRecord[] {
	const range = { fromMs: 0, toMs: NOW, order: 'oldestFirst' } as const;
	const records = stage.simulator.dataset.slice(range, recordsTaken, count);
	recordsTaken += count;
	return records;
}

beforeAll(() => {
	stage.simulator.dataset = seededDataset({ count: 20_000, from: NOW - 86_400_000, to: NOW, seed: 3 });
	stage.simulator.behaviour.log = true;
});

const idsOf = (records: Array<{ voiceId: string }>) => records.map(({ voiceId }) => voiceId);

/** The same calls under ids that the service never gave out. */
function forge(records: WireRecord[]): WireRecord[] {
	return records.map((record) => ({ ...record, voiceId: `1${record.voiceId.slice(1)}`, callee: '99999999' }));
}

/** An active workflow of its own that starts with the trigger. */
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
		name: 'Reports',
		type: 'n8n-nodes-itniotech.itniotechReportTrigger',
		typeVersion: 1,
		position: [0, 0] as [number, number],
		webhookId,
		parameters,
	};
	const workflow = { name: webhookId, nodes: [trigger], connections: {} };
	const saved = await stage.client.createWorkflow(withCredential(workflow, stage.credential));
	return { saved, url: `${stage.n8n.url}/webhook/${webhookId}/voice-reports` };
}

async function listen(parameters: INodeParameters = {}): Promise<Listening> {
	const listening = await saveWorkflow({ event: 'callEnded', ...parameters });
	await stage.client.activate(listening.saved);
	await untilListening(listening);
	return listening;
}

/** n8n activates after it has answered. Until then, it answers 404; a body that is no report is refused with 400. */
async function untilListening({ url }: Listening) {
	await until(async () => (await push(url, 'no report', { contentType: 'text/plain' })) !== 404);
}

async function until(holds: () => Promise<boolean>, ms = PATIENCE_MS) {
	const deadline = Date.now() + ms;
	while (!(await holds()) && Date.now() < deadline) await sleep(200);
}

async function executionsOf({ saved }: Listening): Promise<Execution[]> {
	const summaries = await stage.client.executions(saved.id);
	return await Promise.all(summaries.map(async ({ id }) => await stage.client.execution(id)));
}

/** All that the trigger has given out. */
async function givenOut(listening: Listening): Promise<IDataObject[]> {
	const runs = (await executionsOf(listening)).map(({ data }) => data.resultData.runData.Reports?.at(-1));
	return runs.flatMap((run) => run?.data?.main[0] ?? []).map(({ json }) => json);
}

/** Waits until so many items were given out, and a little more, in case there are too many. */
async function outputOf(listening: Listening, count: number): Promise<IDataObject[]> {
	await until(async () => (await givenOut(listening)).length >= count);
	await sleep(1500);
	return await givenOut(listening);
}

it('gives out each call of one report, a batch and a list, as a query of it does', async () => {
	const listening = await listen();
	const records = takeRecords(9);
	expect(await push(listening.url, pushBody(records.slice(0, 1), 'one'))).toBe(200);
	expect(await push(listening.url, pushBody(records.slice(1, 5), 'array'))).toBe(200);
	expect(await push(listening.url, pushBody(records.slice(5), 'list'))).toBe(200);

	const items = await outputOf(listening, 9);
	expect(idsOf(items as never).sort()).toEqual(idsOf(records).sort());
	const [first] = records;
	expect(items.find(({ voiceId }) => voiceId === first.voiceId)).toEqual({
		voiceId: first.voiceId,
		callee: first.callee,
		displayNum: first.displayNum,
		area: first.code,
		submitTime: first.submitTime,
		outcome: ['200', '0'].includes(first.terminationCode!) ? 'answered' : 'failed',
		terminationCode: first.terminationCode,
		terminationReason: first.terminationReason,
		callDuration: first.callDuration,
		cost: Number(first.cost),
	});
});

it('gives out a call once, however often it is reported, and also after a restart', async () => {
	const listening = await listen();
	const [early, late] = [takeRecords(3), takeRecords(1)];
	await Promise.all([1, 2, 3].map(async () => await push(listening.url, pushBody(early))));
	await outputOf(listening, 3);
	await stage.n8n.restart();
	await untilListening(listening);
	expect(await push(listening.url, pushBody([...early, ...late]))).toBe(200);
	expect(idsOf((await outputOf(listening, 4)) as never).sort()).toEqual(idsOf([...early, ...late]).sort());
});

it('drops what the service does not know, and says so in the log without a word of the body', async () => {
	const listening = await listen();
	const genuine = takeRecords(1);
	expect(await push(listening.url, pushBody(forge(takeRecords(3))))).toBe(200);
	expect(await push(listening.url, pushBody(genuine))).toBe(200);
	expect(idsOf((await outputOf(listening, 1)) as never)).toEqual(idsOf(genuine));
	await until(async () => stage.n8n.log.includes('does not know, dropped: 3'));
	expect(stage.n8n.log).toContain(
		'ITNIO TECH Report Trigger: reports of calls that ITNIO TECH does not know, dropped: 3',
	);
	expect(stage.n8n.log).not.toContain('99999999');
});

it('gives out a call whose record shows up some seconds after its report', async () => {
	const listening = await listen();
	const late = { ...newCall(NOW, 1), terminationCode: '486', terminationReason: 'Busy Here' };
	expect(await push(listening.url, pushBody([late]))).toBe(200);
	await sleep(1500);
	stage.simulator.dataset.add(late);
	expect(idsOf((await outputOf(listening, 1)) as never)).toEqual([late.voiceId]);
});

it('believes the reports where "Confirm Reports" is off, and gives the times the form of queried records', async () => {
	const listening = await listen({ confirm: false, simplify: false });
	const [made] = forge(takeRecords(1));
	expect(await push(listening.url, pushBody([made]))).toBe(200);
	expect(await outputOf(listening, 1)).toMatchObject([
		{ voiceId: made.voiceId, submitTime: made.submitTime, hangupTime: made.hangupTime, callee: '99999999' },
	]);
});

it('gives out only calls with the event that meet the filters', async () => {
	const listening = await listen({ event: 'callFailed', filters: { terminationCode: '486' } });
	const records = takeRecords(200);
	const busy = records.filter(({ terminationCode }) => terminationCode === '486');
	expect(await push(listening.url, pushBody(records))).toBe(200);
	expect(idsOf((await outputOf(listening, busy.length)) as never)).toEqual(idsOf(busy));
});

it.each([
	['no JSON', 'nonsense', 422],
	['no report', '{"a":1}', 400],
	['no list of reports', '{"array":{"voiceId":"1"}}', 400],
	['a list in a list', '[[{"voiceId":"1"}]]', 400],
	['a number', '5', 400],
	['nothing', '', 400],
	['10,000 reports', JSON.stringify(Array.from({ length: 10_000 }, (_, n) => ({ voiceId: `${n}` }))), 400],
	['more than 1 MB', JSON.stringify({ voiceId: '1', text: 'x'.repeat(1_050_000) }), 400],
	['deep nesting', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 400],
	['a path in place of an id', '{"voiceId":"../../sms/getBalance"}', 400],
])('refuses a body with %s', async (_case, body, status) => {
	listeningForBad ??= await listen({ confirm: false });
	expect(await push(listeningForBad.url, body)).toBe(status);
	expect(await givenOut(listeningForBad)).toEqual([]);
});
let listeningForBad: Listening | undefined;

it('takes nothing of a prototype from a body', async () => {
	const listening = await listen({ confirm: false, simplify: false });
	const body =
		'{"voiceId":"77","__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}}}';
	expect(await push(listening.url, body)).toBe(200);
	const items = await outputOf(listening, 1);
	expect(JSON.stringify(items)).not.toContain('polluted');
	expect(items).toMatchObject([{ voiceId: '77' }]);
});

it('lets only the allowed addresses in', async () => {
	const elsewhere = await listen({ options: { allowedIps: '198.51.100.0/24' } });
	const here = await listen({ options: { allowedIps: '198.51.100.0/24, 127.0.0.0/8' } });
	const records = takeRecords(1);
	expect(await push(elsewhere.url, pushBody(records))).toBe(403);
	expect(await push(here.url, pushBody(records))).toBe(200);
	expect(await outputOf(here, 1)).toHaveLength(1);
	expect(await givenOut(elsewhere)).toEqual([]);
});

it('shows reports that could not be confirmed as an execution that did not succeed, and takes them again', async () => {
	const listening = await listen();
	const records = takeRecords(2);
	stage.simulator.failNext({ kind: 'status', status: '-1' }, { kind: 'status', status: '-1' });
	expect(await push(listening.url, pushBody(records))).toBe(200);
	await until(async () => (await executionsOf(listening)).length > 0);
	const [execution] = await executionsOf(listening);
	expect(execution).toMatchObject({ status: 'error' });
	expect(execution.data.resultData.error).toMatchObject({
		message: 'ITNIO TECH did not accept the API key and its signature',
		description: expect.stringContaining('Reports that could not be confirmed and are not given out: 2'),
	});
	expect(await push(listening.url, pushBody(records))).toBe(200);
	expect(await outputOf(listening, 2)).toHaveLength(2);
});

it.each<[string, INodeParameters, string]>([
	['an address that is none', { options: { allowedIps: '198.51.100.0/33' } }, '"Allowed IP Addresses"'],
	['a filter that cannot be read', { filters: { callee: 'the boss' } }, '"Callee" holds no digit'],
])('refuses to be activated with %s', async (_case, parameters, message) => {
	const { saved, url } = await saveWorkflow({ event: 'callEnded', ...parameters });
	await stage.client.activate(saved).catch(() => {});
	await until(async () => stage.n8n.log.includes(message), 20_000);
	expect(stage.n8n.log).toContain(message);
	expect(await push(url, '{}')).toBe(404);
});

/** Calls, with a repeat of one and a forged one after every twenty. */
function withRepeatsAndForgeries(records: WireRecord[]): WireRecord[] {
	return records.flatMap((record, nth) =>
		nth % 20 === 19 ? [record, records[nth - 7], ...forge([record])] : [record],
	);
}

function inFifties<T>(list: T[]): T[][] {
	return Array.from({ length: Math.ceil(list.length / 50) }, (_, nth) => list.slice(nth * 50, nth * 50 + 50));
}

describe('a flood of 500 reports a second for 20 seconds', () => {
	async function expectAllOnce(flood: Stage, listening: Listening, bodies: string[], perSecond: number) {
		let answers = 0;
		const pushing = pushSteadily(listening.url, bodies, perSecond);
		const isOver = pushing.then(() => true);
		while (!(await Promise.race([isOver, sleep(1000, false)]))) {
			expect((await flood.client.get('/healthz')).status).toBe(200);
			answers++;
		}
		expect(answers).toBeGreaterThan(10);
		expect(new Set(await pushing)).toEqual(new Set([200]));
		return answers;
	}

	it('brings each genuine call once, fifty reports in a push', async () => {
		const listening = await listen();
		const records = takeRecords(9_000);
		const bodies = inFifties(withRepeatsAndForgeries(records)).map((some) => pushBody(some));
		await expectAllOnce(stage, listening, bodies, 10);
		const t0 = Date.now();
		for (;;) {
			const n = (await givenOut(listening)).length;
			process.stderr.write(
				`${Date.now() - t0} ${n} ${JSON.stringify(
					['POST', 'GET'].map((m) => {
						const r = stage.simulator.requests.filter((q) => q.method === m);
						return [m, r.length, r[0] && r[0].at - t0, r.at(-1) && r.at(-1)!.at - t0];
					}),
				)}\n`,
			);
			if (n >= 9000 || Date.now() - t0 > 120000) break;
			await sleep(5000);
		}
		const items = await outputOf(listening, records.length);
		expect(items).toHaveLength(records.length);
		expect(new Set(idsOf(items as never))).toEqual(new Set(idsOf(records)));
	});
});

it('leaves neither key nor secret in executions, database and log', async () => await expectNoSecrets(stage));
