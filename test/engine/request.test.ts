import { sleep } from 'n8n-workflow';

import { DEMO_CREDENTIAL, startSimulator, type Fault, type Simulator } from '../simulator/simulator';
import { createApi } from '../../nodes/Itniotech/api/endpoints';
import { useTestClock } from '../support/testClock';
import { createContext } from './support/engine';
import { HOUR_MS, NOW_MS } from '../support/times';

describe('the shared request helper', () => {
	let simulator: Simulator;
	// The credential and the simulator tell time by the same clock.
	const timing = useTestClock(NOW_MS);

	beforeEach(async () => {
		simulator = await startSimulator();
	});

	afterEach(async () => {
		await simulator.stop();
	});

	const credential = () => ({ ...DEMO_CREDENTIAL, baseUrl: simulator.url });
	const balance = async () => await createApi(await createContext(credential()), { timing }).fetchBalance();
	const status = (code: string, more: Partial<Extract<Fault, { kind: 'status' }>> = {}): Fault => ({
		kind: 'status',
		status: code,
		...more,
	});

	it('signs each try separately', async () => {
		simulator.failNext(status('-18'), status('-18'));
		await balance();
		expect(simulator.requests).toMatchObject(
			[0, 0, 1].map((secondsSlept) => ({
				headers: {
					'content-type': 'application/json;charset=UTF-8',
					'api-key': 'demo-key',
					sign: expect.stringMatching(/^[0-9a-f]{32}$/),
				},
				timestamp: String(NOW_MS / 1000 + secondsSlept),
			})),
		);
		expect(simulator.requests.map((request) => request.status)).toEqual(['-18', '-18', '0']);
	});

	it.each<[string, Fault]>([
		['no answer', { kind: 'slow', ms: 60_000 }],
		['an answer that trickles in', { kind: 'drip', ms: 60_000 }],
	])('ends a try with %s after 30 seconds and makes another', async (_, fault) => {
		const timeouts: number[] = [];
		const first = new AbortController();
		timing.timeout = (ms) => (timeouts.push(ms) === 1 ? first : new AbortController()).signal;
		simulator.failNext(fault);
		const pending = balance();
		while (simulator.requests.length === 0) await sleep(5);
		first.abort(new DOMException('', 'TimeoutError'));
		await pending;
		expect(timeouts).toEqual([30_000, 30_000]);
		expect(timing.slept).toEqual([500]);
	});

	it.each<[string, Fault]>([
		['a temporary fault at ITNIO', status('-18')],
		[
			'HTTP 503 with an HTML page',
			{ kind: 'http', httpStatus: 503, body: '<html></html>', contentType: 'text/html' },
		],
		['a reset connection', { kind: 'reset' }],
		['incomplete JSON', { kind: 'truncated' }],
	])('tries again after %s', async (_, fault) => {
		simulator.failNext(fault, fault);
		await expect(balance()).resolves.toMatchObject({ balance: expect.any(Number) });
		expect(timing.slept).toEqual([500, 1000]);
	});

	it.each<[string, Fault]>([
		['too many requests', status('-15')],
		['HTTP 429', { kind: 'http', httpStatus: 429 }],
	])('tries again sooner after %s, but with longer and longer pauses', async (_, fault) => {
		simulator.failNext(fault, fault, fault, fault);
		await expect(balance()).resolves.toMatchObject({ balance: expect.any(Number) });
		expect(timing.slept).toEqual([250, 750, 2250, 6750]);
	});

	it.each<[string, Fault]>([
		['a reset connection', { kind: 'reset' }],
		['incomplete JSON', { kind: 'truncated' }],
	])('tries again after %s where n8n omits the cause, as 1.123 and 2.0 do', async (_, fault) => {
		const context = await createContext(credential());
		const { helpers } = context;
		const send = helpers.httpRequestWithAuthentication;
		helpers.httpRequestWithAuthentication = async function (...args) {
			return await send.apply(this, args).catch((error: Error) => {
				delete error.cause;
				throw error;
			});
		};
		simulator.failNext(fault);
		await createApi(context, { timing }).fetchBalance();
		expect(timing.slept).toEqual([500]);
	});

	it('says so when every answer is incomplete', async () => {
		simulator.failNext(...Array<Fault>(5).fill({ kind: 'truncated' }));
		const message = 'The response from ITNIO TECH was incomplete';
		await expect(balance()).rejects.toMatchObject({ message });
	});

	it('gives up after five tries and says what happened', async () => {
		simulator.failNext(...Array<Fault>(5).fill(status('-18', { reason: 'program exception' })));
		await expect(balance()).rejects.toMatchObject({
			name: 'NodeApiError',
			message: 'ITNIO TECH could not process the request because of an internal fault',
			description: expect.stringContaining('status -18: program exception'),
			failure: { cause: 'temporarily-unavailable' },
		});
		expect(timing.slept).toEqual([500, 1000, 2000, 4000]);
		expect(simulator.requests).toHaveLength(5);
	});

	it.each(['-1', '-22', '-99'])('does not repeat a request that got status %s', async (code) => {
		simulator.failNext(status(code, { reason: 'some words' }));
		await expect(balance()).rejects.toMatchObject({
			name: 'NodeApiError',
			description: expect.stringContaining(`(status ${code}: some words)`),
		});
		expect(simulator.requests).toHaveLength(1);
	});

	it.each<[string, Fault, string]>([
		['an HTML page', { kind: 'html' }, 'The server at this address is not the ITNIO TECH API'],
		[
			'a success without a balance',
			{ kind: 'body', body: '{"status":"0"}' },
			'ITNIO TECH sent an unexpected response',
		],
		['HTTP 404', { kind: 'http', httpStatus: 404 }, 'The ITNIO TECH voice API was not found at this address'],
		[
			'a redirect',
			{ kind: 'http', httpStatus: 302, headers: { location: 'http://127.0.0.1:9/' } },
			'The server at this address redirected the request',
		],
	])('does not accept %s as an answer', async (_, fault, message) => {
		simulator.failNext(fault);
		await expect(balance()).rejects.toMatchObject({ name: 'NodeApiError', message });
		expect(simulator.requests).toHaveLength(1);
	});

	it('does not wait for an hour before any answer, and tells n8n and the user how long to wait', async () => {
		simulator.failNext({ kind: 'http', httpStatus: 429, headers: { 'Retry-After': '3600' } });
		await expect(balance()).rejects.toMatchObject({
			failure: { cause: 'rate-limited', retryAfterMs: 3_600_000 },
			description: expect.stringContaining(' ITNIO TECH asked for a wait of 60 minutes. '),
		});
		expect(timing.slept).toEqual([]);
	});

	it('halves the requests in flight with each "too many requests", and knows by how much it was slowed down', async () => {
		const api = createApi(await createContext(credential()), { timing });
		expect(api.width()).toBe(5);
		await api.fetchBalance();
		expect(api.slowdownOfRun()).toBeUndefined();
		simulator.failNext(status('-15'));
		await api.fetchBalance();
		expect(api.width()).toBe(2);
		simulator.failNext({ kind: 'http', httpStatus: 429 }, status('-15'));
		await api.fetchBalance();
		expect(api.width()).toBe(1);
		expect(api.slowdownOfRun()).toEqual({ rejections: 3, maxInFlight: 1 });
	});

	it('remembers the width for later runs with the same credential', async () => {
		simulator.failNext(status('-15'));
		await balance();
		expect(createApi(await createContext(credential()), { timing }).width()).toBe(2);
	});

	it('does not hold up the next run for a pause that this one has no time for', async () => {
		simulator.failNext({ kind: 'http', httpStatus: 503, headers: { 'Retry-After': '60' } });
		const deadlineMs = NOW_MS + 1000;
		await expect(
			createApi(await createContext(credential()), { timing, deadlineMs }).fetchBalance(),
		).rejects.toThrow();
		expect(timing.slept).toEqual([]);
		await balance();
		expect(timing.slept).toEqual([]);
	});

	it.each([
		['ahead of', 3_600_000],
		['behind', -3_600_000],
	])('corrects its clock, which the service is %s, once for the whole run', async (_, clockSkewMs) => {
		simulator.behaviour.clockSkewMs = clockSkewMs;
		const api = createApi(await createContext(credential()), { timing });
		await api.fetchBalance();
		await api.fetchBalance();
		expect(simulator.requests.map((request) => request.status)).toEqual(['-16', '0', '0']);
	});

	it('signs with the time of the service in later runs too, and finds out when this clock is set', async () => {
		simulator.behaviour.clockSkewMs = 3_600_000;
		await balance();
		await balance();
		expect(simulator.requests.map((request) => request.status)).toEqual(['-16', '0', '0']);
		simulator.behaviour.clockSkewMs = 0;
		await balance();
		await balance();
		expect(simulator.requests.slice(3).map((request) => request.status)).toEqual(['-16', '0', '0']);
	});

	describe('the time of the service', () => {
		const newApi = async () => createApi(await createContext(credential()), { timing });

		it('is the time of this server until the service has answered', async () => {
			const api = await newApi();
			expect([api.now(), api.clockDifferenceMs()]).toEqual([NOW_MS, undefined]);
		});

		it.each([0, 30_000, -45_000])('is the time of this server when they differ by %d ms', async (skewMs) => {
			simulator.behaviour.clockSkewMs = skewMs;
			const api = await newApi();
			await api.fetchBalance();
			expect([api.now(), api.clockDifferenceMs()]).toEqual([NOW_MS, 0]);
		});

		it.each([2 * HOUR_MS, -2 * HOUR_MS, 62_000, -62_000])(
			'is learnt from any answer when they differ by %d ms, and known to later runs',
			async (skewMs) => {
				Object.assign(simulator.behaviour, { clockSkewMs: skewMs, timestampWindowMs: 1e12 });
				simulator.failNext(status('-22'));
				const api = await newApi();
				await expect(api.fetchBalance()).rejects.toThrow();
				for (const one of [api, await newApi()])
					expect([one.now(), one.clockDifferenceMs()]).toEqual([NOW_MS + skewMs, skewMs]);
				expect(simulator.requests.map(({ timestamp }) => timestamp)).toEqual([String(NOW_MS / 1000)]);
			},
		);

		it('is never later than it really is, and exact to a second after a slow answer', async () => {
			Object.assign(simulator.behaviour, { clockSkewMs: HOUR_MS, timestampWindowMs: 1e12 });
			const api = await newApi();
			simulator.failNext({ kind: 'slow', ms: 50 });
			const pending = api.fetchBalance();
			while (simulator.requests.length === 0) await sleep(5);
			// The Date header is one of before the answer travelled for 20 seconds.
			simulator.behaviour.clockSkewMs = HOUR_MS - 20_000;
			await timing.sleep(20_000, []);
			await pending;
			expect(api.clockDifferenceMs()).toBe(HOUR_MS - 20_000);
			simulator.behaviour.clockSkewMs = HOUR_MS + 300;
			await api.fetchBalance();
			expect(api.clockDifferenceMs()).toBe(HOUR_MS);
		});

		it('is not learnt from whoever answers in place of the service', async () => {
			simulator.behaviour.clockSkewMs = HOUR_MS;
			simulator.failNext({ kind: 'html' });
			const api = await newApi();
			await expect(api.fetchBalance()).rejects.toThrow();
			expect(api.clockDifferenceMs()).toBeUndefined();
		});

		it.each([11 * 60_000, -1000])('is forgotten when the clock of this server moves by %d ms', async (ms) => {
			Object.assign(simulator.behaviour, { clockSkewMs: HOUR_MS, timestampWindowMs: 1e12 });
			const api = await newApi();
			await api.fetchBalance();
			await timing.sleep(ms, []);
			expect([api.now(), api.clockDifferenceMs()]).toEqual([NOW_MS + ms, undefined]);
		});

		it.each(['', 'soon', '2026-11-20'])('is not learnt from the Date header "%s"', async (date) => {
			simulator.failNext({ kind: 'http', httpStatus: 200, body: '{"status":"-22"}', headers: { date } });
			const api = await newApi();
			await expect(api.fetchBalance()).rejects.toThrow();
			expect(api.clockDifferenceMs()).toBeUndefined();
		});
	});

	it('reads the date until which the service asks to wait by the clock of the service', async () => {
		simulator.behaviour.clockSkewMs = -7_200_000;
		simulator.failNext({
			kind: 'http',
			httpStatus: 429,
			headers: { 'Retry-After': new Date(NOW_MS - 7_200_000 + 4000).toUTCString() },
		});
		await balance();
		expect(timing.slept[0]).toBe(4000);
	});

	describe('with a deadline', () => {
		const untilDeadline = async (ms: number) =>
			await createApi(await createContext(credential()), { timing, deadlineMs: NOW_MS + ms }).fetchBalance();

		it.each<[number, Fault, number[], object]>([
			[1499, status('-18'), [500], { cause: 'temporarily-unavailable' }],
			[0, { kind: 'reset' }, [], { cause: 'temporarily-unavailable' }],
			[
				9999,
				{ kind: 'http', httpStatus: 429, headers: { 'Retry-After': '10' } },
				[],
				{ cause: 'rate-limited', retryAfterMs: 10_000 },
			],
		])('in %d ms, it does not wait past it: %p', async (ms, fault, slept, failure) => {
			simulator.failNext(...Array<Fault>(5).fill(fault));
			await expect(untilDeadline(ms)).rejects.toMatchObject({ name: 'NodeApiError', failure });
			expect(timing.slept).toEqual(slept);
			expect(simulator.requests).toHaveLength(slept.length + 1);
		});

		it('waits where the wait ends in time', async () => {
			simulator.failNext({ kind: 'http', httpStatus: 429, headers: { 'Retry-After': '10' } });
			await untilDeadline(10_000);
			expect(timing.slept).toEqual([10_000]);
		});
	});

	it('names the clock when the corrected time is also refused', async () => {
		simulator.failNext(status('-16'), status('-16'));
		await expect(balance()).rejects.toMatchObject({
			message: "The clock of this n8n server differs too much from ITNIO TECH's clock",
			description: expect.stringContaining('Synchronize the clock of this n8n server'),
		});
		expect(simulator.requests).toHaveLength(2);
	});

	it('stops waiting when the execution is cancelled', async () => {
		const cancel = new AbortController();
		simulator.failNext(status('-18'));
		const api = createApi(await createContext(credential(), cancel.signal), {
			timing: {
				...timing,
				sleep: async (_ms, signals) => {
					cancel.abort();
					for (const signal of signals) signal.throwIfAborted();
				},
			},
		});
		await expect(api.fetchBalance()).rejects.toMatchObject({ name: 'AbortError' });
		expect(simulator.requests).toHaveLength(1);
	});

	it('abandons a request in flight when the execution is cancelled', async () => {
		const cancel = new AbortController();
		simulator.failNext({ kind: 'slow', ms: 60_000 });
		const api = createApi(await createContext(credential(), cancel.signal), { timing });
		const pending = api.fetchBalance();
		while (simulator.requests.length === 0) await sleep(5);
		cancel.abort();
		await expect(pending).rejects.toMatchObject({ name: 'AbortError' });
	});

	it.each([
		['apiKey', '"API Key" is empty in the ITNIO TECH API credential'],
		['apiSecret', '"API Secret" is empty in the ITNIO TECH API credential'],
	])('names a blank %s before anything is sent', async (field, message) => {
		const context = await createContext({ ...credential(), [field]: '  ' });
		await expect(createApi(context, { timing }).fetchBalance()).rejects.toMatchObject({ message });
		expect(simulator.requests).toHaveLength(0);
		expect(timing.slept).toEqual([]);
	});

	it.each([
		'api.itniotech.com',
		'https://api itniotech.com',
		'https://api.itniotech.com:99999',
		'ftp://api.itniotech.com',
	])('names the base URL %s, which is not valid', async (baseUrl) => {
		const context = await createContext({ ...DEMO_CREDENTIAL, baseUrl });
		await expect(createApi(context, { timing }).fetchBalance()).rejects.toMatchObject({
			message: '"Base URL" in the ITNIO TECH API credential is not a valid URL',
		});
	});

	it('accepts a base URL with a path and a trailing slash', async () => {
		const context = await createContext({ ...DEMO_CREDENTIAL, baseUrl: `${simulator.url}/v3/` });
		await createApi(context, { timing }).fetchBalance();
		expect(simulator.requests[0].path).toBe('/v3/sms/getBalance');
	});

	describe('another node with this credential', () => {
		const HELPERS = ['httpRequestWithAuthentication', 'requestWithAuthentication'] as const;
		let other: Simulator;

		beforeEach(async () => void (other = await startSimulator()));
		afterEach(async () => await other.stop());

		const send = async (helper: (typeof HELPERS)[number], url: string) => {
			const context = await createContext(credential());
			const redirects = { followRedirect: true, followAllRedirects: true, maxRedirects: 21 };
			const options = helper === 'requestWithAuthentication' ? { uri: url, ...redirects } : { url };
			return await context.helpers[helper].call(context, 'itniotechApi', options as { url: string });
		};

		it.each(HELPERS)('is refused by name for another address, and sends nothing: %s', async (helper) => {
			await expect(send(helper, `${other.url}/sms/getBalance`)).rejects.toMatchObject({
				message: `The ITNIO TECH API credential does not sign requests to ${other.url}`,
				description: expect.stringContaining(`signs only requests to ${simulator.url}`),
			});
			expect([...other.requests, ...simulator.requests]).toEqual([]);
		});

		it.each(HELPERS)('follows no redirect: %s', async (helper) => {
			const location = `${other.url}/sms/getBalance`;
			simulator.failNext({ kind: 'http', httpStatus: 307, headers: { location } });
			await expect(send(helper, `${simulator.url}/sms/getBalance`)).rejects.toThrow();
			expect([simulator.requests.length, other.requests.length]).toEqual([1, 0]);
		});

		it.each(HELPERS)('is signed for the address of the base URL: %s', async (helper) => {
			await send(helper, `${simulator.url}/sms/getBalance`);
			expect(simulator.requests).toMatchObject([{ status: '0' }]);
		});
	});

	it('throws nothing that contains the key, the secret or a signature', async () => {
		await simulator.stop();
		const thrown: unknown = await balance().catch((error: unknown) => error);
		expect(thrown).toMatchObject({ message: 'ITNIO TECH could not be reached' });
		const everything = JSON.stringify(thrown, [
			...Object.getOwnPropertyNames(thrown),
			'cause',
			'headers',
			'config',
		]);
		expect(everything).not.toMatch(/demo-key|demo-secret|[0-9a-f]{32}/);
		expect((thrown as Error).cause).toBeUndefined();
	});
});
