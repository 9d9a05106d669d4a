import { DEFAULT_BEHAVIOUR } from '../../simulator/behaviour';
import { createClient, type Client } from '../../simulator/client';
import { startSimulator, type Fault, type Simulator } from '../../simulator/simulator';
import { NOW_MS } from '../../support/times';

let simulator: Simulator;
let client: Client;

beforeAll(async () => {
	simulator = await startSimulator({ now: () => NOW_MS });
	client = createClient(simulator.url, NOW_MS);
});
beforeEach(() => {
	simulator.resetStats();
	simulator.behaviour = { ...DEFAULT_BEHAVIOUR };
});
afterAll(async () => await simulator.stop());

const balance = async () => await client.send(undefined, { path: '/sms/getBalance' });

async function playOnce(fault: Fault) {
	simulator.failNext(fault);
	const response = await balance();
	return { response, text: await response.text() };
}

it.each<[string, Fault, string]>([
	[
		'the words of the vendor',
		{ kind: 'status', status: '-18' },
		'{"status":"-18","reason":"program exception"}',
	],
	['other words', { kind: 'status', status: '-99', reason: 'odd' }, '{"status":"-99","reason":"odd"}'],
	[
		'a number and other field names',
		{ kind: 'status', status: -15, shape: 'code/msg' },
		'{"code":-15,"msg":"frequent query"}',
	],
])('a status fault comes with HTTP 200 and %s', async (_case, fault, body) => {
	const { response, text } = await playOnce(fault);
	expect(response.status).toBe(200);
	expect(text).toBe(body);
});

it('a status fault can have an HTTP status and Retry-After', async () => {
	const { response } = await playOnce({ kind: 'status', status: '-15', httpStatus: 429, retryAfter: '3' });
	expect(response.status).toBe(429);
	expect(response.headers.get('retry-after')).toBe('3');
	expect(simulator.requests).toMatchObject([{ status: '-15', httpStatus: 429, fault: 'status' }]);
});

it.each<[string, Fault, number, string | RegExp, string, Record<string, string>]>([
	[
		'a busy gateway',
		{ kind: 'http', httpStatus: 503, body: 'busy', headers: { 'Retry-After': '1' } },
		503,
		'busy',
		'text/plain',
		{ 'retry-after': '1' },
	],
	[
		'a redirect',
		{ kind: 'http', httpStatus: 301, headers: { Location: 'https://example.invalid/' } },
		301,
		'',
		'text/plain',
		{ location: 'https://example.invalid/' },
	],
	[
		'a bare 500',
		{ kind: 'http', httpStatus: 500, body: '{}', contentType: 'application/json' },
		500,
		'{}',
		'json',
		{},
	],
	[
		'another clock',
		{ kind: 'http', httpStatus: 502, headers: { date: 'today' } },
		502,
		'',
		'plain',
		{ date: 'today' },
	],
	['a web page', { kind: 'html' }, 200, /^<!DOCTYPE html>/, 'text/html', {}],
	['any body', { kind: 'body', body: '{"status":' }, 200, '{"status":', 'application/json', {}],
])('a fault replaces the answer by %s', async (_case, fault, httpStatus, body, contentType, headers) => {
	const { response, text } = await playOnce(fault);
	expect(response.status).toBe(httpStatus);
	expect(text).toEqual(typeof body === 'string' ? body : expect.stringMatching(body));
	expect(response.headers.get('content-type')).toContain(contentType);
	expect(Object.fromEntries(response.headers)).toMatchObject(headers);
});

it('a truncated answer starts like the real one and breaks off', async () => {
	simulator.failNext({ kind: 'truncated' });
	const response = await balance();
	expect(response.status).toBe(200);
	expect(Number(response.headers.get('content-length'))).toBeGreaterThan(0);
	await expect(response.text()).rejects.toThrow('terminated');
});

it('a reset ends the connection without an answer', async () => {
	simulator.failNext({ kind: 'reset' });
	await expect(balance()).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
});

it('a slow answer is the real one, later', async () => {
	const start = performance.now();
	const { text } = await playOnce({ kind: 'slow', ms: 120 });
	expect(performance.now() - start).toBeGreaterThanOrEqual(115);
	expect(JSON.parse(text)).toMatchObject({ status: '0', balance: '99.990' });
});

it('a dripping answer is the real one, headers first', async () => {
	simulator.failNext({ kind: 'drip', ms: 20 }, { kind: 'drip', ms: 3_600_000 });
	expect(await (await balance()).json()).toMatchObject({ status: '0', balance: '99.990' });
	const endless = await balance();
	expect(endless.headers.get('date')).toBe('Fri, 20 Nov 2026 08:00:00 GMT');
	await endless.body?.cancel();
});

it('faults are used up one by one, in order, and resetStats drops the rest', async () => {
	simulator.failNext({ kind: 'status', status: '-18' }, { kind: 'html' }, { kind: 'reset' });
	expect((await balance()).headers.get('content-type')).toContain('json');
	expect((await balance()).headers.get('content-type')).toContain('html');
	simulator.resetStats();
	expect(await (await balance()).json()).toMatchObject({ status: '0' });
});

describe('the page for a browser', () => {
	let shown: Simulator;

	beforeAll(async () => {
		shown = await startSimulator({ now: () => NOW_MS, hasFaultPage: true });
	});
	afterAll(async () => await shown.stop());

	async function choose(name: string) {
		const page = await (await fetch(shown.url)).text();
		const value = new RegExp(`value="(\\d+)"[^>]*>${name}`).exec(page)![1];
		const body = new URLSearchParams({ switch: value });
		const answer = await (await fetch(shown.url, { method: 'POST', body })).text();
		expect(answer).toMatch(new RegExp(`aria-pressed="true">${name}`));
		return await createClient(shown.url, NOW_MS).send(undefined, { path: '/sms/getBalance' });
	}

	it('lets every request fail until another button is pressed', async () => {
		expect(await (await choose('Too many')).json()).toMatchObject({ status: '-15' });
		expect(await (await choose('Reject the API key')).json()).toMatchObject({ status: '-1' });
		expect((await choose('Server unavailable')).status).toBe(503);
		expect(await (await choose('Answer normally')).json()).toMatchObject({ status: '0' });
		expect(shown.requests.map(({ fault }) => fault)).toEqual(['status', 'status', 'http', undefined]);
	});

	it('is not there unless asked for', async () => {
		expect((await fetch(simulator.url)).status).toBe(404);
	});
});

it('a fault with a path waits for a request to it', async () => {
	simulator.failNext({ kind: 'status', status: '-10', onlyAt: '/sms/' }, { kind: 'status', status: '-18' });
	const statusOf = async (path: string) =>
		((await (await client.send(undefined, { path })).json()) as { status: string }).status;
	expect(await statusOf('/voice/recordGroup/1')).toBe('-18');
	expect(await statusOf('/sms/getBalance')).toBe('-10');
	expect(await statusOf('/sms/getBalance')).toBe('0');
});
