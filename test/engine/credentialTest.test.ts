/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- for shipped code, not for tests */
import { createServer, type AddressInfo, type Socket } from 'node:net';
import fastify from 'fastify';
import type { ICredentialTestFunctions } from 'n8n-workflow';
import { generate } from 'selfsigned';
import { STATUS_MEANINGS } from '../../nodes/Itniotech/api/status';
import { testItniotechApi } from '../../nodes/Itniotech/methods/credentialTest';
import type { Fault } from '../simulator/faults';
import { DEMO_CREDENTIAL, startSimulator, type Simulator } from '../simulator/simulator';
import { testCredential } from './support/engine';

const NODES = ['itniotech', 'itniotechTool', 'itniotechTrigger', 'itniotechPushTrigger'];

let simulator: Simulator;
beforeAll(async () => void (simulator = await startSimulator()));
afterAll(async () => await simulator.stop());
beforeEach(() => simulator.resetStats());
afterEach(() => jest.restoreAllMocks());

const test1 = async (changes: object = {}, node?: string) =>
	await testCredential({ ...DEMO_CREDENTIAL, baseUrl: simulator.url, ...changes }, node);

/** The address of a server that is gone when the test is over. */
async function withServer(
	server: { listen(): Promise<string>; close(): Promise<unknown> },
	use: (url: string) => Promise<void>,
): Promise<void> {
	const url = await server.listen();
	try {
		await use(url);
	} finally {
		await server.close();
	}
}

test.each(NODES)('%s passes a correct credential, with one signed request', async (node) => {
	expect(await test1({}, node)).toEqual({ status: 'OK', message: 'Connection successful!' });
	const offset = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/) as string;
	expect(simulator.requests).toMatchObject([
		{
			method: 'POST',
			path: '/voice/recordGroupQuery',
			status: '0',
			body: { current: 1, size: 1, params: { strTime: offset, endTime: offset } },
		},
	]);
});

test('the test of a credential accepts pasted values with spaces around them', async () => {
	const { apiKey, apiSecret } = DEMO_CREDENTIAL;
	const pasted = { apiKey: ` ${apiKey}`, apiSecret: `${apiSecret}\n`, baseUrl: `${simulator.url}/ ` };
	expect(await test1(pasted)).toMatchObject({ status: 'OK' });
});

test('the test of a credential names what to check when the secret is wrong', async () => {
	expect(await test1({ apiSecret: 'another-secret' })).toEqual({
		status: 'Error',
		message: expect.stringMatching(
			/^ITNIO TECH did not accept the API key or its signature\. Check "API Key", "API Secret" and "Base URL" in .* \(status -1: /,
		) as string,
	});
});

describe.each([200, 401])('the test of a credential, with the HTTP status %d', (failureHttpStatus) => {
	test.each([...STATUS_MEANINGS])('status %s is explained', async (status, { message, hint }) => {
		for (const value of [status, Number(status)]) {
			simulator.failNext({ kind: 'status', status: value, httpStatus: failureHttpStatus });
			const result = await test1();
			expect(result.status).toBe('Error');
			expect(result.message).toContain(`${message}. ${hint}`);
		}
		expect(simulator.requests).toHaveLength(2);
	});
});

test.each<[string, Fault, RegExp]>([
	[
		'a web page',
		{ kind: 'html' },
		/^The server at this address is not the ITNIO TECH API\. Check "Base URL"/,
	],
	['an empty answer', { kind: 'body', body: '' }, /^The response from ITNIO TECH was incomplete\. Try again/],
	[
		'no page',
		{ kind: 'body', body: '{"status":"0"}' },
		/^ITNIO TECH sent an unexpected response\. Check "Base URL"/,
	],
	[
		'another JSON',
		{ kind: 'body', body: '{"ok":true}' },
		/^The server at this address is not the ITNIO TECH API/,
	],
	[
		'an unknown status',
		{ kind: 'status', status: '-99' },
		/rejected the request with status -99\. Contact ITNIO/,
	],
	['a page not found', { kind: 'http', httpStatus: 404 }, /was not found at this address\. Check "Base URL"/],
	['a gateway that refuses', { kind: 'http', httpStatus: 403 }, /^The request was rejected before ITNIO/],
	['a gateway that fails', { kind: 'http', httpStatus: 502 }, /^ITNIO TECH is temporarily unavailable\. Try/],
	[
		'a connection that ends',
		{ kind: 'truncated' },
		/^The response from ITNIO TECH was incomplete\. Try again/,
	],
	['a connection that is reset', { kind: 'reset' }, /^ITNIO TECH could not be reached\. .*\(ECONNRESET\)$/],
])('the test of a credential says what to do about %s', async (_, fault, message) => {
	simulator.failNext(fault);
	expect(await test1()).toEqual({ status: 'Error', message: expect.stringMatching(message) as string });
	expect(simulator.requests).toHaveLength(1);
});

test.each([307, 308, 302, 301])('the test of a credential follows no redirect: %d', async (httpStatus) => {
	const location = `${simulator.url}/voice/recordGroupQuery`;
	simulator.failNext({ kind: 'http', httpStatus, headers: { location } });
	expect(await test1()).toMatchObject({ status: 'Error' });
	expect(simulator.requests).toHaveLength(1);
});

describe('the test of a credential explains', () => {
	const reached =
		/^ITNIO TECH could not be reached\. Check the internet connection of this n8n server and "Base URL"/;

	test.each([
		['no server', 'http://127.0.0.1:9', reached],
		['no such host', 'https://api.itniotech.invalid', reached],
		[
			'no URL',
			'api.itniotech.com',
			/^"Base URL" in the ITNIO TECH API credential is not a valid URL\. Enter a URL/,
		],
	])('an address with %s', async (_, baseUrl, message) => {
		expect(await test1({ baseUrl })).toEqual({
			status: 'Error',
			message: expect.stringMatching(message) as string,
		});
	});

	test('a server that does not speak TLS', async () => {
		const { message } = await test1({ baseUrl: simulator.url.replace('http:', 'https:') });
		expect(message).toMatch(/^The secure connection to ITNIO TECH could not be verified\. Check "Base URL"/);
		expect(simulator.requests).toEqual([]);
	});

	test('a server with a certificate that nobody trusts', async () => {
		const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }]);
		const server = fastify({ https: { key, cert } });
		let requests = 0;
		server.addHook('onRequest', async () => void requests++);
		const listen = async () => await server.listen({ port: 0, host: '127.0.0.1' });
		await withServer({ listen, close: async () => await server.close() }, async (baseUrl) => {
			const { message } = await test1({ baseUrl });
			expect(message).toMatch(
				/^The secure connection to ITNIO TECH could not be verified\. Check "Base URL"/,
			);
		});
		expect(requests).toBe(0);
	});

	test('a certificate of which older versions of n8n hide what is wrong', async () => {
		const error = Object.assign(new Error('SSL Issue'), { name: 'NodeSslError' });
		const helpers = { request: async () => await Promise.reject(error) };
		const credential = { data: DEMO_CREDENTIAL, id: '1', name: 'x', type: 'itniotechApi' };
		const context = { helpers } as unknown as ICredentialTestFunctions;
		expect(await testItniotechApi.call(context, credential)).toMatchObject({
			message: expect.stringMatching(/^The secure connection to ITNIO TECH could not be verified/) as string,
		});
	});

	test('a server that never finishes its answer', async () => {
		const sockets: Socket[] = [];
		const server = createServer((socket) => {
			sockets.push(socket);
			socket.on('error', () => {});
			socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n');
			const timer = setInterval(() => socket.write(' '), 50);
			socket.on('close', () => clearInterval(timer));
		});
		const listen = async () => {
			await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
			return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		};
		const limits: number[] = [];
		const timeout = AbortSignal.timeout.bind(AbortSignal);
		jest.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => timeout((limits.push(ms), ms / 100)));
		const close = async () => {
			server.close();
			// n8n leaves the connection open, and this process could not exit.
			for (const socket of sockets) socket.destroy();
		};
		await withServer({ listen, close }, async (baseUrl) => {
			expect((await test1({ baseUrl })).message).toMatch(reached);
		});
		expect(limits).toEqual([30_000]);
	});
});

test.each([
	[{ apiSecret: ' ' }, /^"API Secret" is empty .*\. Open the credential and paste/],
	[{ apiKey: undefined }, /^"API Key" is empty/],
])('the test of a credential with %j sends nothing and says why', async (changes, message) => {
	expect(await test1(changes)).toEqual({
		status: 'Error',
		message: expect.stringMatching(message) as string,
	});
	expect(simulator.requests).toEqual([]);
});

test('no message of the test of a credential holds the key or the secret', async () => {
	const secret = { apiKey: 'key-not-to-be-told', apiSecret: 'secret-not-to-be-told' };
	const results = [
		await test1(secret),
		await test1({ ...secret, apiKey: 'key-not-to-be-told\u0000ü' }),
		await test1({ ...secret, baseUrl: 'http://127.0.0.1:9' }),
		await test1({ ...secret, baseUrl: 'not-to-be-told' }),
	];
	for (const result of results) {
		expect(result.status).toBe('Error');
		expect(JSON.stringify(result)).not.toContain('not-to-be-told');
	}
});
