import { sleep } from 'n8n-workflow';

import { DEMO_CREDENTIAL, startSimulator, type Fault, type Simulator } from '../simulator/simulator';
import { createApi } from '../../nodes/Itniotech/api/endpoints';
import type { Timing } from '../../nodes/Itniotech/api/retry';
import { createContext } from './support/engine';

const NOW = Date.parse('2026-11-20T08:00:00Z');

/** A clock that sleeping moves on, and no chance. */
function testTiming(): Timing & { slept: number[] } {
	let now = NOW;
	const slept: number[] = [];
	return {
		slept,
		now: () => now,
		sleep: async (ms, signals) => {
			for (const signal of signals) signal.throwIfAborted();
			slept.push(ms);
			now += ms;
		},
		timeout: () => new AbortController().signal,
		random: () => 0,
	};
}

describe('the shared request helper', () => {
	let simulator: Simulator;
	let timing: ReturnType<typeof testTiming>;

	beforeEach(async () => {
		timing = testTiming();
		// The credential and the simulator tell time by the same clock.
		jest.spyOn(Date, 'now').mockImplementation(() => timing.now());
		simulator = await startSimulator();
	});

	afterEach(async () => {
		await simulator.stop();
		jest.restoreAllMocks();
	});

	const credential = () => ({ ...DEMO_CREDENTIAL, baseUrl: simulator.url });
	const balance = async () => await createApi(await createContext(credential()), timing).fetchBalance();
	const status = (code: string, more: Partial<Extract<Fault, { kind: 'status' }>> = {}): Fault => ({
		kind: 'status',
		status: code,
		...more,
	});

	it('signs each try anew', async () => {
		simulator.failNext(status('-18'), status('-18'));
		await balance();
		expect(simulator.requests).toMatchObject(
			[0, 0, 1].map((secondsSlept) => ({
				headers: {
					'content-type': 'application/json;charset=UTF-8',
					'api-key': 'demo-key',
					sign: expect.stringMatching(/^[0-9a-f]{32}$/),
				},
				timestamp: String(NOW / 1000 + secondsSlept),
			})),
		);
		expect(simulator.requests.map((request) => request.status)).toEqual(['-18', '-18', '0']);
	});

	it.each<[string, Fault]>([
		['no answer', { kind: 'slow', ms: 60_000 }],
		['an answer that drips', { kind: 'drip', ms: 60_000 }],
	])('gives a try with %s up after 30 seconds and makes another', async (_, fault) => {
		const timeouts: number[] = [];
		timing.timeout = (ms) =>
			timeouts.push(ms) === 1 ? AbortSignal.timeout(50) : new AbortController().signal;
		simulator.failNext(fault);
		await balance();
		expect(timeouts).toEqual([30_000, 30_000]);
		expect(timing.slept).toEqual([500]);
	});

	it.each<[string, Fault]>([
		['a passing fault at ITNIO', status('-18')],
		['too many requests', status('-15')],
		['HTTP 429', { kind: 'http', httpStatus: 429 }],
		['HTTP 500', { kind: 'http', httpStatus: 500 }],
		['HTTP 502', { kind: 'http', httpStatus: 502 }],
		[
			'HTTP 503 with an HTML page',
			{ kind: 'http', httpStatus: 503, body: '<html></html>', contentType: 'text/html' },
		],
		['a reset connection', { kind: 'reset' }],
		['JSON cut short', { kind: 'truncated' }],
		['an empty answer', { kind: 'body', body: '' }],
		['a passing fault in the other spelling', status('-18', { shape: 'code/msg' })],
	])('tries again after %s', async (_, fault) => {
		simulator.failNext(fault, fault);
		await expect(balance()).resolves.toMatchObject({ balance: expect.any(Number) });
		expect(timing.slept).toEqual([500, 1000]);
	});

	it.each<[string, Fault]>([
		['a reset connection', { kind: 'reset' }],
		['JSON cut short', { kind: 'truncated' }],
	])('tries again after %s where n8n tells no cause, as 1.123 and 2.0', async (_, fault) => {
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
		await createApi(context, timing).fetchBalance();
		expect(timing.slept).toEqual([500]);
	});

	it('says so when each answer is cut short', async () => {
		simulator.failNext(...Array<Fault>(5).fill({ kind: 'truncated' }));
		const message = 'The answer of ITNIO TECH was cut short on its way';
		await expect(balance()).rejects.toMatchObject({ message });
	});

	it('gives up after five tries and says what happened', async () => {
		simulator.failNext(...Array<Fault>(5).fill(status('-18', { reason: 'program exception' })));
		await expect(balance()).rejects.toMatchObject({
			name: 'NodeApiError',
			message: 'ITNIO TECH could not process the request because of a fault on its side',
			description: expect.stringContaining('status -18: program exception'),
			failure: { cause: 'temporarily-unavailable' },
		});
		expect(timing.slept).toEqual([500, 1000, 2000, 4000]);
		expect(simulator.requests).toHaveLength(5);
	});

	it.each(['-1', '-2', '-13', '-22', '-25', '-29', '-30', '-31', '-32', '-99'])(
		'does not repeat a request that got status %s',
		async (code) => {
			simulator.failNext(status(code, { reason: 'some words' }));
			await expect(balance()).rejects.toMatchObject({
				name: 'NodeApiError',
				description: expect.stringContaining(`(status ${code}: some words)`),
			});
			expect(simulator.requests).toHaveLength(1);
		},
	);

	it.each<[string, Fault, string]>([
		['an HTML page', { kind: 'html' }, 'This address did not answer like the ITNIO TECH API'],
		['a list', { kind: 'body', body: '[]' }, 'This address did not answer like the ITNIO TECH API'],
		[
			'JSON of another service',
			{ kind: 'body', body: '{"ok":true}' },
			'This address did not answer like the ITNIO TECH API',
		],
		[
			'a success without a balance',
			{ kind: 'body', body: '{"status":"0"}' },
			'ITNIO TECH answered in a form that this node does not know',
		],
		['HTTP 404', { kind: 'http', httpStatus: 404 }, 'There is no ITNIO TECH voice API at this address'],
		[
			'a redirect',
			{ kind: 'http', httpStatus: 302, headers: { location: 'http://127.0.0.1:9/' } },
			'There is no ITNIO TECH voice API at this address',
		],
	])('takes %s for no answer', async (_, fault, message) => {
		simulator.failNext(fault);
		await expect(balance()).rejects.toMatchObject({ name: 'NodeApiError', message });
		expect(simulator.requests).toHaveLength(1);
	});

	it('waits as long as the server asks for', async () => {
		const inSevenSeconds = new Date(NOW + 3000 + 7000).toUTCString();
		simulator.failNext(
			{ kind: 'http', httpStatus: 429, headers: { 'Retry-After': '3' } },
			{ kind: 'http', httpStatus: 429, headers: { 'Retry-After': inSevenSeconds } },
		);
		await balance();
		expect(timing.slept).toEqual([3000, 7000]);
	});

	it('does not wait longer than five minutes, and tells n8n how long to', async () => {
		simulator.failNext({ kind: 'http', httpStatus: 429, headers: { 'Retry-After': '3600' } });
		await expect(balance()).rejects.toMatchObject({
			failure: { cause: 'rate-limited', retryAfterMs: 3_600_000 },
		});
		expect(timing.slept).toEqual([]);
	});

	it('halves the requests in flight with each "too many requests", down to one', async () => {
		const api = createApi(await createContext(credential()), timing);
		expect(api.width(5)).toBe(5);
		simulator.failNext(status('-15'));
		await api.fetchBalance();
		expect(api.width(5)).toBe(2);
		simulator.failNext({ kind: 'http', httpStatus: 429 }, status('-15'));
		await api.fetchBalance();
		expect(api.width(5)).toBe(1);
	});

	it.each([
		['ahead of', 3_600_000],
		['behind', -3_600_000],
	])('corrects a clock that the service is %s, once for the whole run', async (_, clockSkewMs) => {
		simulator.behaviour.clockSkewMs = clockSkewMs;
		const api = createApi(await createContext(credential()), timing);
		await api.fetchBalance();
		await api.fetchBalance();
		expect(simulator.requests.map((request) => request.status)).toEqual(['-16', '0', '0']);
	});

	it('names the clock when the corrected time is refused too', async () => {
		simulator.failNext(status('-16'), status('-16'));
		await expect(balance()).rejects.toMatchObject({
			message: 'ITNIO TECH found the time of the request too far from its own time',
			description: expect.stringContaining('Set the clock of this n8n server'),
		});
		expect(simulator.requests).toHaveLength(2);
	});

	it('stops waiting when the execution is cancelled', async () => {
		const cancel = new AbortController();
		simulator.failNext(status('-18'));
		const api = createApi(await createContext(credential(), cancel.signal), {
			...timing,
			sleep: async (_ms, signals) => {
				cancel.abort();
				for (const signal of signals) signal.throwIfAborted();
			},
		});
		await expect(api.fetchBalance()).rejects.toMatchObject({ name: 'AbortError' });
		expect(simulator.requests).toHaveLength(1);
	});

	it('drops a request that is on its way when the execution is cancelled', async () => {
		const cancel = new AbortController();
		simulator.failNext({ kind: 'slow', ms: 60_000 });
		const api = createApi(await createContext(credential(), cancel.signal), timing);
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
		await expect(createApi(context, timing).fetchBalance()).rejects.toMatchObject({ message });
		expect(simulator.requests).toHaveLength(0);
		expect(timing.slept).toEqual([]);
	});

	it.each([
		'api.itniotech.com',
		'https://api itniotech.com',
		'https://api.itniotech.com:99999',
		'ftp://api.itniotech.com',
	])('names the base URL %s, which is no web address', async (baseUrl) => {
		const context = await createContext({ ...DEMO_CREDENTIAL, baseUrl });
		await expect(createApi(context, timing).fetchBalance()).rejects.toMatchObject({
			message: '"Base URL" in the ITNIO TECH API credential is no web address',
		});
	});

	it('accepts a base URL with a path and a slash at its end', async () => {
		const context = await createContext({ ...DEMO_CREDENTIAL, baseUrl: `${simulator.url}/v3/` });
		await createApi(context, timing).fetchBalance();
		expect(simulator.requests[0].path).toBe('/v3/sms/getBalance');
	});

	it('keeps key and signature out of what it throws', async () => {
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
