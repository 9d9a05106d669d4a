/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import { sleep } from 'n8n-workflow';

import { createApi } from '../../nodes/Itniotech/api/endpoints';
import { UnknownOutcomeError } from '../../nodes/Itniotech/api/refusal';
import { phoneNumberOf } from '../../nodes/Itniotech/records/phoneNumber';
import { DEMO_CREDENTIAL, startSimulator, type Fault, type Simulator } from '../simulator/simulator';
import { useTestClock } from '../support/testClock';
import { createContext } from './support/engine';
import { NOW_MS } from '../support/times';

const NUMBER = '15550100';
const TEXT_CALL = {
	calledNumber: NUMBER,
	text: 'Hello',
	language: 'EN',
	appId: 'app',
	calledInfo: 'order-7',
};

let simulator: Simulator;
const timing = useTestClock(NOW_MS);

beforeEach(async () => {
	simulator = await startSimulator();
});
afterEach(async () => await simulator.stop());

const api = async (baseUrl = simulator.url) =>
	createApi(await createContext({ ...DEMO_CREDENTIAL, baseUrl }), { timing });
const fileCall = (calledNumbers: string[]) => ({
	calledNumbers,
	fileId: simulator.behaviour.files[0].fileId,
	appId: 'app',
	calledInfo: 'order-7',
});
/** What a try to place a call throws. */
const failureOf = async (baseUrl?: string) =>
	await (await api(baseUrl)).placeTextCall(TEXT_CALL).then(
		() => undefined,
		(error: Error & { description?: string }) => error,
	);
const requests = () => simulator.requests.length;

/** After each of these, nobody knows whether the call was placed. */
const UNCERTAIN: Fault[] = [
	{ kind: 'slow', ms: 60_000 },
	{ kind: 'drip', ms: 60_000 },
	{ kind: 'reset' },
	{ kind: 'truncated' },
	{ kind: 'html' },
	...['', 'null', '[]', '"0"', '{}', '{"status":"0"}', '{"status":"0","data":null}', '{"status":"0","da'].map(
		(body): Fault => ({ kind: 'body', body }),
	),
	...[301, 302, 303, 307, 308, 400, 402, 405, 406, 408, 409, 410, 413, 422, 425, 429, 499].map(
		(httpStatus): Fault => ({ kind: 'http', httpStatus }),
	),
	...[500, 502, 503, 504, 520].map((httpStatus): Fault => ({ kind: 'http', httpStatus })),
	// Whatever the HTTP status says, the body speaks of success, or of something that nobody knows.
	...[303, 400, 401, 403, 404, 407, 409, 425, 499].flatMap((httpStatus): Fault[] => [
		{ kind: 'http', httpStatus, body: '{"status":"0","data":"2603031113381000002"}' },
		{ kind: 'http', httpStatus, body: '{"code":0,"data":"2603031113381000002"}' },
		{ kind: 'http', httpStatus, body: '{"status":"-99"}' },
	]),
	...[302, 409, 425, 499].map((httpStatus): Fault => ({ kind: 'status', status: '-22', httpStatus })),
	...['-15', '-18', '-25', '-99'].map((status): Fault => ({ kind: 'status', status })),
	...['-1', '-16', '-22'].map((status): Fault => ({ kind: 'status', status, httpStatus: 500 })),
	{ kind: 'status', status: '-15', httpStatus: 429, retryAfter: '1' },
];

describe.each([false, true])('a fault where nobody knows about the call (placed: %s)', (takesEffect) => {
	it.each(UNCERTAIN)('%j: the request is sent once, and its outcome is called unknown', async (fault) => {
		timing.timeout = () => AbortSignal.timeout(fault.kind === 'slow' || fault.kind === 'drip' ? 400 : 20_000);
		simulator.failNext({ ...fault, takesEffect });
		const error = await failureOf();
		expect(error).toBeInstanceOf(UnknownOutcomeError);
		expect(error?.message).toBe('It is not known whether ITNIO TECH placed the call');
		expect(error?.description).toContain('"Called Info" set to order-7');
		expect(requests()).toBe(1);
		expect(simulator.callsPlaced.get(NUMBER) ?? 0).toBe(takesEffect ? 1 : 0);
		expect(timing.slept).toEqual([]);
	});
});

it.each<Fault>([
	...['-1', '-2', '-10', '-13', '-22', '-26', '-29', '-30', '-31', '-32'].map(
		(status): Fault => ({ kind: 'status', status }),
	),
	...[401, 403, 404, 407].map((httpStatus): Fault => ({ kind: 'http', httpStatus })),
	...[401, 403, 404].map(
		(httpStatus): Fault => ({
			kind: 'http',
			httpStatus,
			// As web servers answer by themselves, without asking the service behind them.
			body: `{"timestamp":"2026-11-20T08:00:00Z","status":${httpStatus},"error":"Not taken"}`,
		}),
	),
	...[400, 401, 403, 404, 422].map((httpStatus): Fault => ({ kind: 'status', status: '-22', httpStatus })),
])('a request that meets %j was sent once, and placed nothing', async (fault) => {
	simulator.failNext(fault);
	const error = await failureOf();
	expect(error).toBeDefined();
	expect(error).not.toBeInstanceOf(UnknownOutcomeError);
	expect(error?.description).not.toMatch(/Time Range|Page Size/);
	expect(requests()).toBe(1);
	expect(simulator.callsPlaced.size).toBe(0);
});

it('a timestamp that was refused is sent again once, with the time of the service', async () => {
	simulator.behaviour.clockSkewMs = 600_000;
	await (await api()).placeTextCall(TEXT_CALL);
	expect(simulator.requests.map(({ status }) => status)).toEqual(['-16', '0']);
	expect(simulator.callsPlaced.get(NUMBER)).toBe(1);

	simulator.resetStats();
	simulator.failNext(...[1, 2, 3].map((): Fault => ({ kind: 'status', status: '-16' })));
	expect(await failureOf()).not.toBeInstanceOf(UnknownOutcomeError);
	expect(requests()).toBeLessThanOrEqual(2);
	expect(simulator.callsPlaced.size).toBe(0);
});

it('a connection that was never opened placed nothing', async () => {
	const error = await failureOf('http://127.0.0.1:1');
	expect(error?.message).toBe('ITNIO TECH could not be reached');
	expect(timing.slept).toEqual([]);
});

it('bytes that are not HTTP leave the outcome unknown', async () => {
	const server = createServer((socket) => socket.on('data', () => socket.end('nonsense\r\n\r\n')));
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const error = await failureOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
	server.close();
	expect(error).toBeInstanceOf(UnknownOutcomeError);
});

it('the ID of a call that arrives as a number loses no digit', async () => {
	simulator.failNext({ kind: 'body', body: '{"status":0,"data":2603031113381000002}' });
	expect(await (await api()).placeTextCall(TEXT_CALL)).toEqual([
		{
			calledNumber: NUMBER,
			status: 'submitted',
			reason: null,
			voiceId: '2603031113381000002',
			calledInfo: 'order-7',
		},
	]);
});

it('each number of a file call is submitted, refused or unknown', async () => {
	simulator.behaviour.refusedNumbers = { '15550101': '503' };
	simulator.behaviour.omittedNumbers = ['15550102'];
	const calls = await (await api()).placeFileCall(fileCall([NUMBER, '15550101', '15550102']), phoneNumberOf);
	expect(calls).toMatchObject([
		{ calledNumber: NUMBER, status: 'submitted', reason: null },
		{ calledNumber: '15550101', status: 'refused', reason: '503 Service Unavailable' },
		{ calledNumber: '15550102', status: 'unknown', reason: expect.any(String) as string },
	]);
	expect(simulator.callsPlaced.get('15550102')).toBe(1);
});

it.each([
	['a list of nonsense', '[null,7,"x",{}]'],
	['other numbers', '[{"callee":"15550199","terminationCode":"0"}]'],
	['no code', `[{"callee":"${NUMBER}"}]`],
])('an answer with %s submits nothing', async (_, data) => {
	simulator.failNext({ kind: 'body', body: `{"status":"0","data":${data}}` });
	const calls = await (await api()).placeFileCall(fileCall([NUMBER]), phoneNumberOf);
	expect(calls).toMatchObject([{ calledNumber: NUMBER, status: 'unknown' }]);
});

it.each([
	'+15550100',
	'0015550100',
	'+1 (555) 0100',
	'1-555-0100',
	'1.555.0100',
	'\u2068+15550100\u2069',
	'１５５５０１００',
	' 15550100 ',
	'sip:15550100@192.0.2.1',
])('a number of the answer is the one that was called however it is written: %s', async (callee) => {
	const row = { callee, voiceId: '2603031113381000002', terminationCode: '0' };
	simulator.failNext({ kind: 'body', body: JSON.stringify({ status: '0', data: [row] }) });
	expect(await (await api()).placeFileCall(fileCall([NUMBER]), phoneNumberOf)).toMatchObject([
		{ calledNumber: NUMBER, status: 'submitted', voiceId: '2603031113381000002' },
	]);
});

it.each(['100', '180', '183', '200', '202', '299'])(
	'code %s of a number says that the call may be under way: unknown, with its ID',
	async (code) => {
		const row = `{"callee":"${NUMBER}","voiceId":"2603031113381000002","terminationCode":"${code}"}`;
		simulator.failNext({ kind: 'body', body: `{"status":"0","data":[${row}]}` });
		const [call] = await (await api()).placeFileCall(fileCall([NUMBER]), phoneNumberOf);
		expect(call).toMatchObject({
			calledNumber: NUMBER,
			status: 'unknown',
			voiceId: '2603031113381000002',
			calledInfo: 'order-7',
		});
		expect(call.reason).toContain(`(${code})`);
	},
);

it.each(['1', '3', '302', '404', '486', '503', '603', '2000', '-22'])(
	'code %s of a number is a refusal',
	async (code) => {
		const row = `{"callee":"${NUMBER}","voiceId":"","terminationCode":"${code}","terminationReason":"words"}`;
		simulator.failNext({ kind: 'body', body: `{"status":"0","data":[${row}]}` });
		expect(await (await api()).placeFileCall(fileCall([NUMBER]), phoneNumberOf)).toMatchObject([
			{ calledNumber: NUMBER, status: 'refused', reason: `${code} words`, voiceId: null },
		]);
	},
);

const ROWS: Array<[string, string]> = [['0', 'submitted'], ['180', 'unknown'], ['', 'unknown'], ['486', 'refused'], ['-22', 'refused']]; // prettier-ignore
const PAIRS = ROWS.flatMap(([a, first]) =>
	ROWS.map(([b, second]): [string, string, string] => {
		const status = ['submitted', 'unknown', 'refused'].find((one) => [first, second].includes(one))!;
		return [a, b, status];
	}),
);

it.each(PAIRS)('two rows of a number, with the codes "%s" and "%s": %s', async (a, b, status) => {
	const rows = [a, b].map((terminationCode) => ({ callee: NUMBER, voiceId: `1 of ${terminationCode}`, terminationCode })); // prettier-ignore
	simulator.failNext({ kind: 'body', body: JSON.stringify({ status: '0', data: rows }) });
	const [call, ...others] = await (await api()).placeFileCall(fileCall([NUMBER]), phoneNumberOf);
	expect(others).toEqual([]);
	expect(call.status).toBe(status);
	expect(ROWS.find(([code]) => `1 of ${code}`.trim() === call.voiceId?.trim())?.[1]).toBe(status);
});

it('a request that is under way when the execution is stopped leaves the outcome unknown', async () => {
	const stop = new AbortController();
	const context = await createContext({ ...DEMO_CREDENTIAL, baseUrl: simulator.url }, stop.signal);
	simulator.failNext({ kind: 'slow', ms: 1_000 });
	const placing = createApi(context, { timing }).placeTextCall(TEXT_CALL);
	while (simulator.callsPlaced.size === 0) await sleep(1);
	stop.abort();
	await expect(placing).rejects.toBeInstanceOf(UnknownOutcomeError);
});

it('after a stop, nothing is sent, and that is certain', async () => {
	const context = await createContext(
		{ ...DEMO_CREDENTIAL, baseUrl: simulator.url },
		AbortSignal.abort(new Error('stopped')),
	);
	await expect(createApi(context, { timing }).placeTextCall(TEXT_CALL)).rejects.toThrow('stopped');
	expect(requests()).toBe(0);
});

it('a request that places calls is exactly what is documented', async () => {
	await (await api()).placeTextCall({ ...TEXT_CALL, loopCount: 2, displayNum: undefined });
	await (await api()).placeFileCall(fileCall([NUMBER, '15550101']), phoneNumberOf);
	const { fileId } = simulator.behaviour.files[0];
	expect(simulator.requests).toMatchObject([
		{ method: 'POST', path: '/voice/sendCode' },
		{ method: 'POST', path: '/voice/sendGroup' },
	]);
	expect(simulator.requests.map(({ body }) => body)).toEqual([
		{ callee: NUMBER, text: 'Hello', language: 'EN', appId: 'app', calledInfo: 'order-7', loopCount: 2 },
		{ callee: `${NUMBER},15550101`, fileId, appId: 'app', calledInfo: 'order-7' },
	]);
});

it('the audio files of the account are listed', async () => {
	expect(await (await api()).fetchFiles({ current: 1, size: 100 })).toEqual(simulator.behaviour.files);
});
