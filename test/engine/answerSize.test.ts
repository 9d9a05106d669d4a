/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { sleep } from 'n8n-workflow';
import { createApi } from '../../nodes/Itniotech/api/endpoints';
import { REAL_TIMING } from '../../nodes/Itniotech/api/timing';
import { DEMO_CREDENTIAL } from '../simulator/simulator';
import { createContext, createPollContext } from './support/engine';

const MB = 1024 * 1024;
const OVERSIZED = 'The response from ITNIO TECH was larger than 16 MB';

let server: Server;
let credential: typeof DEMO_CREDENTIAL & { baseUrl: string };
let answer: (response: ServerResponse) => void;
let sentBytes: number;
let closed: Promise<void>;

/** Sends blanks before the JSON, for ever. */
function sendForEver(response: ServerResponse): void {
	const chunk = Buffer.alloc(64 * 1024, ' ');
	const send = () => {
		do sentBytes += chunk.length;
		while (!response.destroyed && response.write(chunk));
	};
	response.on('drain', send);
	send();
}

beforeEach(async () => {
	sentBytes = 0;
	let close = () => {};
	closed = new Promise((resolve) => (close = resolve));
	server = createServer((_request, response) => {
		response.on('close', close);
		answer(response);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	credential = { ...DEMO_CREDENTIAL, baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
});

afterEach(async () => {
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
});

const contexts = {
	execute: async () => await createContext(credential),
	poll: async () => (await createPollContext({ credential, parameters: {} })).context,
};

describe.each(['execute', 'poll'] as const)('a request in %s', (kind) => {
	test('stops reading an answer of more than 16 MB and closes the connection', async () => {
		answer = sendForEver;
		const api = createApi(await contexts[kind]());
		await expect(api.fetchBalance()).rejects.toMatchObject({
			message: OVERSIZED,
			description: expect.stringContaining('Check "Base URL"') as string,
		});
		await closed;
		expect(sentBytes).toBeGreaterThan(16 * MB);
		expect(sentBytes).toBeLessThan(32 * MB);
	});

	test.each<[string, (response: ServerResponse) => void]>([
		['before the answer', () => {}],
		['in the middle of the answer', (response) => void response.write('{"status":')],
	])('closes the connection when a try takes too long, %s', async (_, stall) => {
		answer = stall;
		const timing = { ...REAL_TIMING, timeout: () => AbortSignal.timeout(300) };
		const api = createApi(await contexts[kind](), { timing, deadlineMs: 0 });
		await expect(api.fetchBalance()).rejects.toMatchObject({ message: 'ITNIO TECH could not be reached' });
		await closed;
	});

	test('closes the connection when its caller stops', async () => {
		const stop = new AbortController();
		answer = (response) => {
			response.write('{"status":');
			void sleep(50).then(() => stop.abort(new Error('stopped')));
		};
		const window = { strTime: '', endTime: '' };
		const api = createApi(await contexts[kind]());
		await expect(api.fetchPage(window, { current: 1, size: 1 }, stop.signal)).rejects.toThrow('stopped');
		await closed;
	});
});

test('an answer that unpacks to more than 16 MB is refused too', async () => {
	answer = (response) => {
		response.setHeader('content-encoding', 'gzip');
		response.end(gzipSync(Buffer.alloc(64 * MB, ' ')));
	};
	await expect(createApi(await contexts.execute()).fetchBalance()).rejects.toMatchObject({
		message: OVERSIZED,
	});
});

test('an answer of almost 16 MB is read, and its text is UTF-8 across its pieces', async () => {
	const record = { voiceId: '1', calledInfo: 'é€😀'.repeat(1_500_000) };
	const page = { status: '0', data: { records: [record], total: 1, pages: 1 } };
	const body = Buffer.from(`\uFEFF${JSON.stringify(page)}`);
	expect(body.length).toBeGreaterThan(12 * MB);
	answer = (response) => response.end(body);
	const api = createApi(await contexts.execute());
	expect(await api.fetchPage({ strTime: '', endTime: '' }, { current: 1, size: 1 })).toMatchObject({
		records: [record],
	});
});
