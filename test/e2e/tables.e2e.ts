/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fastify from 'fastify';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { listDataset, seededDataset, type WireRecord } from '../simulator/dataset';
import { newCall } from '../simulator/service';
import type { Credential, Execution, NewWorkflow } from './support/client';
import { outputOf } from './support/fanOut';
import { CHECKOUT } from './support/processes';
import { startPostgres, type Postgres } from './support/services';
import { startSheets, type SheetsStandIn } from './support/sheets';
import { shippedWorkflow } from './support/shipped';
import { startInternet } from './support/slack';
import { itemsOf, NODE_TYPE, openStage, runNode, withCredential, type Stage } from './support/stage';
import { Started } from './support/started';
import { localTime } from './support/times';

const NOW = Date.now();
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const WEEK = { fromMs: NOW - 7 * DAY_MS, toMs: NOW };

const started = new Started();
let stage: Stage;
let postgres: Postgres;
let sheets: SheetsStandIn;
let crm: Awaited<ReturnType<typeof startCrm>>;
/** The only folder that n8n may write files to; the runner of the tests removes it. */
let folder: string;

beforeAll(async () => {
	postgres = await started.add(startPostgres());
	sheets = await started.add(startSheets());
	crm = await started.add(startCrm());
	const hosts = {
		'oauth2.googleapis.com': sheets.url,
		'sheets.googleapis.com': sheets.url,
		'crm.example.com': crm.url,
	};
	const { env } = await started.add(startInternet(hosts));
	folder = await mkdtemp(path.join(tmpdir(), 'n8n-e2e-tables-'));
	const more = { NO_PROXY: '127.0.0.1', N8N_RESTRICT_FILE_ACCESS_TO: folder };
	stage = await started.add(openStage({}, undefined, { ...env, ...more }));
});

afterAll(async () => {
	await started.stop();
});

/** A server that takes what a workflow sends to a CRM. */
async function startCrm() {
	const requests: IDataObject[] = [];
	const app = fastify({ forceCloseConnections: true });
	app.post<{ Body: IDataObject }>('/*', ({ url, headers, body }) => {
		requests.push({ url, key: headers['x-key'], body });
		return {};
	});
	const url = await app.listen({ port: 0, host: '127.0.0.1' });
	return { url, requests, stop: async () => await app.close() };
}

/** Runs a shipped workflow from one of its triggers, after a change of the parameters of one of its nodes. */
async function runShipped(
	name: string,
	start: string,
	{
		credentials = [],
		node,
		parameters,
	}: { credentials?: Credential[]; node?: string; parameters?: INodeParameters } = {},
): Promise<Execution> {
	const workflow = await shippedWorkflow(name, [stage.credential, ...credentials]);
	for (const each of workflow.nodes) if (each.name === node) Object.assign(each.parameters, parameters);
	const execution = await stage.client.runWorkflow(await stage.client.createWorkflow(workflow), start);
	const { error } = execution.data.resultData;
	expect([error?.message, error?.description]).toEqual([undefined, undefined]);
	return execution;
}

/** So many calls of the last 20 hours. */
function fillDay(count: number) {
	stage.simulator.dataset = seededDataset({ count, from: NOW - 20 * HOUR_MS, to: NOW - 5 * MINUTE_MS });
}

/** Every call of the last seven days. */
function allCalls(): WireRecord[] {
	return stage.simulator.dataset.slice(WEEK, 0, 100_000);
}

/** What happens between two runs: costs come, change and are taken back, and calls are listed late. */
function letTimePass() {
	const { dataset } = stage.simulator;
	for (const [nth, call] of allCalls().entries()) {
		if (nth % 3 === 0) dataset.add({ ...call, cost: `${nth}.123456` });
		if (nth % 7 === 0) dataset.add({ ...call, cost: undefined, currency: undefined });
	}
	const lateBy = [1, 3, 30, 70, 150].map((hours) => hours * HOUR_MS);
	dataset.add(...lateBy.map((ms, nth) => newCall(NOW - ms, nth)));
}

/** What a table should hold of a call, times in milliseconds. */
function rowOf(call: WireRecord): Record<string, unknown> {
	const { voiceId, submitTime, callee, displayNum, code = '', hangupTime, terminationCode = '' } = call;
	return {
		voiceId,
		submitTime: Date.parse(String(submitTime)),
		calledNumber: callee,
		displayNum,
		country: code.split('(')[0],
		area: code,
		outcome: ['0', '200'].includes(terminationCode) ? 'answered' : 'failed',
		terminationCode,
		terminationReason: call.terminationReason,
		hangupTime: Date.parse(String(hangupTime)),
		callDuration: call.callDuration,
		chargedDuration: call.chargedDuration,
		cost: call.cost ?? null,
		currency: call.currency ?? null,
		keyPressed: call.feedbackValue === '-1' ? null : call.feedbackValue,
		calledInfo: call.calledInfo,
	};
}

const without = (row: object, ...names: string[]): Record<string, unknown> =>
	Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));

const byId = (rows: Array<Record<string, unknown>>) =>
	rows.sort((a, b) => (String(a.voiceId) < String(b.voiceId) ? -1 : 1));

describe('calls-to-postgres', () => {
	let credential: Credential;

	beforeAll(async () => {
		const more = { ssl: 'disable', allowUnauthorizedCerts: false, maxConnections: 10, sshTunnel: false };
		const data = { ...postgres.credential, ...more };
		credential = await stage.client.createCredential('postgres', 'Postgres account', data);
	});

	/** Compares the table with the simulator, call by call. */
	async function expectTableInStep() {
		const query = `select *, cost::text, (extract(epoch from "submitTime") * 1000)::bigint as "submitMs",
			(extract(epoch from "hangupTime") * 1000)::bigint as "hangupMs" from calls`;
		const rows = await postgres.rows<Record<string, unknown>>(query, folder);
		const withTimes = rows.map(({ submitMs, hangupMs, ...row }) => {
			return Object.assign(row, { submitTime: submitMs, hangupTime: hangupMs });
		});
		expect(byId(withTimes)).toEqual(byId(allCalls().map(rowOf)));
	}

	const run = async (start: string) =>
		await runShipped('calls-to-postgres', start, { credentials: [credential] });

	it('creates the table, writes 10,000 calls in pages, and keeps them in step', async () => {
		fillDay(10_000);
		const first = await run('Every Hour');
		expect(first.data.resultData.runData['Insert or Update']).toHaveLength(10);
		await expectTableInStep();

		letTimePass();
		await run('Every Night');
		expect(allCalls()).toHaveLength(10_005);
		await expectTableInStep();
	});

	it('has typed columns', async () => {
		const columns = await postgres.rows<{ column_name: string; data_type: string }>(
			`select column_name, data_type from information_schema.columns where table_name = 'calls'`,
			folder,
		);
		const types = Object.fromEntries(columns.map((each) => [each.column_name, each.data_type]));
		expect(types).toMatchObject({
			voiceId: 'text',
			submitTime: 'timestamp with time zone',
			hangupTime: 'timestamp with time zone',
			callDuration: 'integer',
			chargedDuration: 'integer',
			cost: 'numeric',
			terminationCode: 'text',
		});
	});

	it('can be filled from files, as docs/tables.md says', async () => {
		fillDay(20_000);
		await postgres.shell(`psql -v ON_ERROR_STOP=1 -c 'truncate calls'`, folder);
		const page = await readFile(path.join(CHECKOUT, 'docs', 'tables.md'), 'utf8');
		const [, columns] = /```\n\s*\{\{ (\[.*\]) \}\}\n/.exec(page)!;
		const [, script] = /```sh\n([^`]*)```/.exec(page)!;
		await stage.client.runWorkflow(await stage.client.createWorkflow(exportOf(`={{ ${columns} }}`)), 'Start');
		expect((await readdir(folder)).filter((file) => /^voice-records_.*\.csv$/.test(file))).toHaveLength(2);
		await postgres.shell(script, folder);
		expect(allCalls()).toHaveLength(20_000);
		await expectTableInStep();
	});

	/** The workflow that the page describes, with two files in place of one. */
	function exportOf(columns: string): NewWorkflow {
		const parameters = {
			operation: 'export',
			timeRange: 'custom',
			startTime: new Date(NOW - DAY_MS).toISOString(),
			endTime: new Date(NOW).toISOString(),
			format: 'csv',
			options: { columns, byteOrderMark: false, escapeFormulas: false, maxRecordsPerFile: 12_000 },
		};
		const write = { operation: 'write', fileName: `=${folder}/{{ $json.fileName }}`, options: {} };
		return withCredential(
			{
				name: 'First load',
				nodes: [
					{ id: '1', name: 'Start', position: [0, 0], type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, parameters: {} }, // prettier-ignore
					{ id: '2', name: 'Export', position: [220, 0], type: NODE_TYPE, typeVersion: 1, parameters },
					{ id: '3', name: 'Write', position: [440, 0], type: 'n8n-nodes-base.readWriteFile', typeVersion: 1, parameters: write }, // prettier-ignore
				],
				connections: {
					Start: { main: [[{ node: 'Export', type: 'main', index: 0 }]] },
					Export: { main: [[{ node: 'Write', type: 'main', index: 0 }]] },
				},
			},
			stage.credential,
		);
	}
});

/** What a data table or a sheet should hold of a call, times as an n8n without a timezone outputs them. */
function shortRowOf(call: WireRecord): Record<string, unknown> {
	const row = without(rowOf(call), 'displayNum', 'country', 'hangupTime', 'chargedDuration');
	return { ...row, submitTime: localTime(call.submitTime), cost: call.cost ? Number(call.cost) : null };
}

describe('calls-to-data-table', () => {
	const inTable = async (parameters: INodeParameters) => {
		const dataTableId = { __rl: true, mode: 'name', value: 'ITNIO TECH calls' };
		const execution = await runNode(stage, {
			type: 'n8n-nodes-base.dataTable',
			typeVersion: 1.1,
			parameters: { resource: 'row', dataTableId, ...parameters },
		});
		expect(execution.data.resultData.error?.message).toBeUndefined();
		return itemsOf(execution).map(({ json }) => json);
	};

	it('creates the table, keeps it in step, and deletes old rows', async () => {
		fillDay(150);
		await runShipped('calls-to-data-table', 'Every Hour');
		const old = { voiceId: 'old', submitTime: localTime(new Date(NOW - 32 * DAY_MS).toISOString()) };
		const columns = { mappingMode: 'defineBelow', value: old, matchingColumns: [], schema: [] };
		await inTable({ operation: 'insert', columns });

		letTimePass();
		await runShipped('calls-to-data-table', 'Every Night');
		const rows = await inTable({ operation: 'get', returnAll: true });
		const stored = rows.map((row) => without(row, 'id', 'createdAt', 'updatedAt'));
		expect(stored).toHaveLength(155);
		expect(byId(stored)).toEqual(byId(allCalls().map(shortRowOf)));
	});
});

describe('calls-to-google-sheets', () => {
	let credential: Credential;

	beforeAll(async () => {
		const data = { ...sheets.account, region: 'us-central1', inpersonate: false, httpNode: false };
		credential = await stage.client.createCredential('googleApi', 'Google', data);
	});

	beforeEach(() => {
		sheets.rows = [];
		fillDay(1200);
	});

	async function run(start: string, parameters: INodeParameters = {}) {
		const documentId = { __rl: true, mode: 'id', value: 'spreadsheet-of-the-test' };
		const node = 'Append or Update';
		await runShipped('calls-to-google-sheets', start, {
			credentials: [credential],
			node,
			parameters: { documentId, ...parameters },
		});
	}

	it('writes each call once, keeps it in step, and leaves IDs as text', async () => {
		await run('Every Hour');
		letTimePass();
		await run('Every Night');
		const [headings, ...rows] = sheets.rows;
		const stored = rows.map((cells) => Object.fromEntries(headings.map((name, nth) => [name, cells[nth]])));
		expect(stored).toHaveLength(1205);
		// n8n overwrites no cell with nothing: a value that was taken back remains.
		const [remaining, current] = [byId(stored), byId(allCalls().map(shortRowOf))];
		for (const [nth, row] of current.entries()) {
			const values = Object.entries(row).filter(([, value]) => value !== null);
			expect(remaining[nth]).toMatchObject(Object.fromEntries(values));
		}
	});

	it('would append each call again with the cell format that n8n sets by default', async () => {
		fillDay(10);
		await run('Every Hour', { options: {} });
		await run('Every Hour', { options: {} });
		expect(sheets.rows).toHaveLength(1 + 20);
	});
});

/** A call that ended just now. */
function endedCall(values: Partial<WireRecord>): WireRecord {
	return { ...newCall(NOW - 10 * MINUTE_MS, 1), callee: '15550100', calledInfo: 'order-1042', ...values };
}

it.each(['order-1042', undefined])(
	'Failed calls to CRM sends a failed call with its reference: %s',
	async (calledInfo) => {
		const call = endedCall({ terminationCode: '486', terminationReason: 'Busy Here', calledInfo });
		stage.simulator.dataset = listDataset([call]);
		const data = { name: 'X-Key', value: 'key of the CRM' };
		const header = await stage.client.createCredential('httpHeaderAuth', 'CRM', data);
		crm.requests.length = 0;
		await runShipped('failed-calls-to-crm', 'When Calls Fail', { credentials: [header] });
		expect(crm.requests).toEqual([
			{
				url: '/api/failed-calls',
				key: 'key of the CRM',
				body: {
					id: call.voiceId,
					phone: '15550100',
					reference: calledInfo ?? null,
					reason: '486 Busy Here',
					time: localTime(call.submitTime),
				},
			},
		]);
	},
);

it.each([
	['1', 'Confirmed'],
	['2', 'Call Back'],
	['3', 'Another Key'],
])('Key pressed: branches leads a call with the key %s to its branch', async (feedbackValue, branch) => {
	stage.simulator.dataset = listDataset([endedCall({ terminationCode: '200', feedbackValue })]);
	const execution = await runShipped('key-pressed-branches', 'When a Key Is Pressed');
	const reached = ['Confirmed', 'Call Back', 'Another Key'].filter(
		(name) => outputOf(execution, name).length,
	);
	expect(reached).toEqual([branch]);
	expect(outputOf(execution, branch)).toMatchObject([
		{ calledNumber: '15550100', keyPressed: feedbackValue },
	]);
});
