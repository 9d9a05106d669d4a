/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import { readdirSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { INodeParameters } from 'n8n-workflow';
import { listDataset } from '../simulator/dataset';
import type { Fault } from '../simulator/simulator';
import { testOfOwnN8n } from './support/givenN8n';
import { itemsOf, openStage, runNode, type Stage } from './support/stage';

const QUERY = { resource: 'voiceRecord', operation: 'query', timeRange: 'last7Days' };

let stage: Stage;

beforeAll(async () => {
	// The default since n8n 2.
	stage = await openStage({}, undefined, { N8N_DEFAULT_BINARY_DATA_MODE: 'filesystem' });
});

afterAll(async () => {
	await stage?.stop();
});

beforeEach(() => stage.simulator.resetStats());

/** What the editor shows when the run ends at the node. */
async function shownError(parameters: object) {
	const execution = await runNode(stage, { parameters: { ...QUERY, ...parameters } });
	expect(execution.status).toBe('error');
	expect(itemsOf(execution)).toEqual([]);
	const { message, description, context, node } = execution.data.resultData.error as unknown as {
		message: string;
		description: string;
		context: { itemIndex?: number };
		node: { name: string };
	};
	expect(context.itemIndex).toBe(0);
	expect(node.name).toBe('Node');
	// n8n's guide for nodes bans these words in user texts. The reason of the service may have them.
	const ownWords = `${message} ${description}`.replace(/\(status .*\)$/, '');
	expect(ownWords).not.toMatch(/\b(error|problem|failure|mistake)\b/i);
	return { message, description };
}

const times = (count: number, fault: Fault) => Array.from({ length: count }, () => fault);

describe('what a user sees when the service refuses a request', () => {
	test.each([
		[
			'-1',
			1,
			'ITNIO TECH did not accept the API key or its signature',
			/^Check "API Key", "API Secret" and "Base URL" .*\(status -1: authentication error\)$/,
		],
		[
			'-16',
			2,
			"The clock of this n8n server differs too much from ITNIO TECH's clock",
			/^Synchronize the clock of this n8n server, .*\(status -16: timestamp expired\)$/,
		],
		[
			'-18',
			5,
			'ITNIO TECH could not process the request because of an internal fault',
			/^Try again later\. If it keeps happening, contact ITNIO TECH\. \(status -18: program exception\)$/,
		],
		['-99', 1, 'ITNIO TECH rejected the request with status -99', /^Contact ITNIO TECH .*status -99/],
	])('status %s, after %d requests', async (status, sent, message, description) => {
		stage.simulator.failNext(...times(10, { kind: 'status', status, retryAfter: '0' }));
		const shown = await shownError({});
		expect(shown.message).toBe(message);
		expect(shown.description).toMatch(description);
		expect(stage.simulator.requests).toHaveLength(sent);
	});

	test('status -15, where ITNIO asks to wait for a day, after one request', async () => {
		stage.simulator.failNext({ kind: 'status', status: '-15', retryAfter: '86400' });
		const shown = await shownError({});
		expect(shown.message).toBe('ITNIO TECH received too many requests from this account');
		expect(shown.description).toMatch(
			/^Try again at another time\. .*limit of your account\. .*status -15: /,
		);
		expect(stage.simulator.requests).toHaveLength(1);
	});

	test('a web page instead of the API is never taken for an empty result', async () => {
		stage.simulator.failNext({ kind: 'html' });
		const shown = await shownError({});
		expect(shown.message).toBe('The server at this address is not the ITNIO TECH API');
		expect(shown.description).toMatch(/^Check "Base URL"/);
	});

	test('an ID without a record is named', async () => {
		const shown = await shownError({ operation: 'get', voiceId: '2203031113381000002' });
		expect(shown.message).toBe('ITNIO TECH has no call record with this "Voice ID"');
		expect(shown.description).toMatch(/^Check the ID\./);
		expect(stage.simulator.requests).toMatchObject([{ path: '/voice/recordGroup/2203031113381000002' }]);
	});
});

describe('what a user sees when a parameter is not valid', () => {
	const now = Date.now();
	const iso = (ms: number) => new Date(ms).toISOString();
	const custom = (startTime: string, endTime: string) => ({ timeRange: 'custom', startTime, endTime });

	test.each([
		[
			'a start after the end',
			custom(iso(now - 1e6), iso(now - 2e6)),
			/^"Start Time" is after "End Time"$/,
			/swap/,
		],
		[
			'a start without an end, from an expression',
			custom(iso(now - 1e6), '={{ "" }}'),
			/^"End Time" is empty$/,
			/Pick/,
		],
		[
			'an empty voice ID, from an expression',
			{ operation: 'get', voiceId: '={{ "" }}' },
			/^"Voice ID" is empty$/,
			/^Enter the ID/,
		],
		[
			'an unknown section of a report, from an expression',
			{ operation: 'report', sections: '={{ ["costs"] }}' },
			/^Unknown value for "Sections": costs$/,
			/^Choose from: overview, causes, trend/,
		],
		[
			'files of 0 records',
			{ operation: 'export', format: 'csv', options: { maxRecordsPerFile: 0 } },
			/^"Max Records per File" must be a whole number of 1 or more$/,
			/0/,
		],
	])('%s is named before anything is sent', async (_, parameters, message, description) => {
		const shown = await shownError(parameters);
		expect(shown.message).toMatch(message);
		expect(shown.description).toMatch(description);
		expect(stage.simulator.requests).toHaveLength(0);
	});
});

test.each([
	['End Time', { timeRange: 'custom', startTime: '2026-11-01T00:00:00', endTime: '' }],
	['Voice ID', { operation: 'get', voiceId: '' }],
])('an empty "%s" is named, before anything is sent', async (name, parameters) => {
	const running = runNode(stage, { parameters: { ...QUERY, ...parameters } });
	const shown = await running.then(({ data }) => data.resultData.error?.message, String);
	// n8n refuses an empty required field (before 2.0 with an issue on the node), the node any other empty field.
	expect(shown).toMatch(new RegExp(`"${name}" is (required|empty)|The workflow has issues`));
	expect(stage.simulator.requests).toHaveLength(0);
});

describe('with two input items, where the second asks for a record that does not exist', () => {
	const NO_RECORD = {
		error: 'ITNIO TECH has no call record with this "Voice ID"',
		message: expect.stringMatching(/^Check the ID\./) as string,
	};
	const runBoth = async (node: object) => {
		const range = { fromMs: Date.now() - 864e5, toMs: Date.now() };
		const [{ voiceId }] = stage.simulator.dataset.slice(range, 0, 1);
		return await runNode(stage, {
			parameters: { resource: 'voiceRecord', operation: 'get', voiceId: '={{ $json.id }}' },
			items: [{ id: voiceId }, { id: '2203031113381000002' }],
			node,
		});
	};

	test('the run ends with a message about item 1', async () => {
		const execution = await runBoth({});
		expect(execution.status).toBe('error');
		expect(execution.data.resultData.error).toMatchObject({
			message: 'ITNIO TECH has no call record with this "Voice ID"',
			context: { itemIndex: 1 },
		});
	});

	test('"Continue" outputs the first record and one item that says what happened to the second', async () => {
		const execution = await runBoth({ onError: 'continueRegularOutput' });
		expect(execution.status).toBe('success');
		expect(itemsOf(execution)).toMatchObject([
			{ json: { outcome: expect.any(String) as string }, pairedItem: { item: 0 } },
			{ json: NO_RECORD, pairedItem: { item: 1 } },
		]);
	});

	test('"Continue (using error output)" outputs that item at the second output', async () => {
		const execution = await runBoth({ onError: 'continueErrorOutput' });
		expect(execution.status).toBe('success');
		expect(execution.data.resultData.runData.Node[0].data?.main).toMatchObject([
			[{ json: { outcome: expect.any(String) as string }, pairedItem: { item: 0 } }],
			[{ json: NO_RECORD, pairedItem: { item: 1 } }],
		]);
	});
});

describe('reports of unusual calls', () => {
	const EXPORT = { ...QUERY, operation: 'export', format: 'csv', options: { columns: ['voiceId', 'cost'] } };
	const run = async (parameters: INodeParameters) => await runNode(stage, { parameters });
	let { dataset } = {} as typeof stage.simulator;

	beforeAll(() => (dataset = stage.simulator.dataset));
	afterAll(() => (stage.simulator.dataset = dataset));

	function listCalls(...costs: Array<[cost?: string, currency?: string]>) {
		const submitTime = new Date(Date.now() - 3_600_000).toISOString();
		const call = { submitTime, callTime: submitTime, terminationCode: '200', callDuration: 30 };
		stage.simulator.dataset = listDataset(
			costs.map(([cost, currency], nth) => ({ ...call, voiceId: String(nth), cost, currency })),
		);
	}

	test('a hint says how many costs are not valid amounts', async () => {
		listCalls(['0.1'], ['free'], ['1,5']);
		const execution = await run({ ...QUERY, operation: 'summarize' });
		expect(itemsOf(execution)[0].json).toMatchObject({ calls: 3, cost: null });
		expect(execution.data.resultData.runData.Node[0].hints).toMatchObject([
			{ message: expect.stringMatching(/^Time range: .* \(America\/New_York/) as string },
			{ message: expect.stringMatching(/^Call records whose "cost" is not a number: 2\. /) as string },
		]);
	});

	testOfOwnN8n('when n8n cannot store a file, the message names it and says what to check', async () => {
		listCalls(['0.1']);
		const [{ binary }] = itemsOf(await run(EXPORT));
		const [, file] = binary!.data.id!.split(':');
		const files = readdirSync(stage.n8n.folder, { recursive: true, encoding: 'utf8' });
		const place = files.find((one) => one.endsWith(file))!.slice(0, -file.length);
		const folder = path.join(stage.n8n.folder, place, file.split('/')[0]);
		await rename(folder, `${folder}-away`);
		await writeFile(folder, 'where n8n wants a folder');
		try {
			const shown = await shownError(EXPORT);
			expect(shown.message).toMatch(/^n8n could not store the file voice-records_.*\.csv$/);
			expect(shown.description).toMatch(
				/^Check the disk space and the binary data storage .*(ENOTDIR|EEXIST)/,
			);
		} finally {
			await rm(folder);
			await rename(`${folder}-away`, folder);
		}
	});
});
