/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

import { DEFAULT_BEHAVIOUR } from '../../simulator/behaviour';
import { createClient } from '../../simulator/client';
import { seededDataset } from '../../simulator/dataset';
import { startSimulator, type Fault, type Simulator } from '../../simulator/simulator';
import { NOW_MS } from '../../support/times';

const [{ fileId }] = DEFAULT_BEHAVIOUR.files;
const TEXT_CALL = { callee: '15550100', language: 'EN', text: 'Hello', appId: 'app', calledInfo: 'order-7' };
const FILE_CALL = { callee: '15550100,15550101,15550102', fileId, appId: 'app' };

let now = NOW_MS;
let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator({
		now: () => now,
		dataset: seededDataset({ count: 0, from: NOW_MS, to: NOW_MS, ongoing: 0 }),
	});
});
beforeEach(() => {
	now = NOW_MS;
	simulator.resetStats();
	simulator.behaviour = { ...DEFAULT_BEHAVIOUR };
	simulator.dataset = seededDataset({ count: 0, from: NOW_MS, to: NOW_MS, ongoing: 0 });
});
afterAll(async () => await simulator.stop());

interface Answer {
	status: string;
	data: unknown;
}

const send = async (path: string, body: unknown) =>
	(await (await createClient(simulator.url, now).send(body, { path })).json()) as Answer;
const listed = () => simulator.dataset.slice({ fromMs: NOW_MS, toMs: NOW_MS, ongoing: true }, 0, 10);

it('a call rings, is answered and ends, and its record says so each time', async () => {
	const { status, data: voiceId } = await send('/voice/sendCode', TEXT_CALL);
	expect(status).toBe('0');
	expect(voiceId).toMatch(/^\d{19}$/);
	expect(listed()).toMatchObject([{ voiceId, callee: '15550100', calledInfo: 'order-7' }]);
	expect(listed()[0].terminationCode).toBeUndefined();
	now += DEFAULT_BEHAVIOUR.ringMs + DEFAULT_BEHAVIOUR.talkMs - 1;
	simulator.endCalls();
	expect(listed()[0].terminationCode).toBeUndefined();
	now += 1;
	simulator.endCalls();
	expect(listed()).toMatchObject([{ voiceId, terminationCode: '200', callDuration: 10, cost: '0.010' }]);
});

it('the calls to one number end as told, one after the other', async () => {
	simulator.behaviour.terminationCodes = { '15550100': ['486', '408'] };
	for (let nth = 0; nth < 3; nth++) await send('/voice/sendCode', TEXT_CALL);
	now += DEFAULT_BEHAVIOUR.ringMs;
	simulator.endCalls();
	expect(
		listed()
			.map(({ terminationCode }) => terminationCode)
			.sort(),
	).toEqual(['408', '408', '486']);
	expect(simulator.callsPlaced.get('15550100')).toBe(3);
});

it('the answer to a file can leave out which calls were placed', async () => {
	simulator.behaviour.sendGroupData = 'null';
	expect(await send('/voice/sendGroup', FILE_CALL)).toMatchObject({ status: '0', data: null });
	expect(listed()).toHaveLength(3);
});

it('a file is played to each number but the refused ones', async () => {
	simulator.behaviour.refusedNumbers = { '15550101': '503' };
	simulator.behaviour.omittedNumbers = ['15550102'];
	const { status, data } = await send('/voice/sendGroup', FILE_CALL);
	expect({ status, data }).toEqual({
		status: '0',
		data: [
			{
				voiceId: expect.stringMatching(/^\d{19}$/) as string,
				callee: '15550100',
				terminationCode: '0',
				terminationReason: 'success',
			},
			{ voiceId: '', callee: '15550101', terminationCode: '503', terminationReason: 'Service Unavailable' },
		],
	});
	expect([...simulator.callsPlaced.keys()]).toEqual(['15550100', '15550102']);
	expect((await send('/voice/sendCode', { ...TEXT_CALL, callee: '15550101' })).status).toBe('-26');
});

it.each<[string, object]>([
	['/voice/sendCode', { ...TEXT_CALL, callee: '+15550100' }],
	['/voice/sendCode', { ...TEXT_CALL, text: 'x'.repeat(1001) }],
	['/voice/sendCode', { ...TEXT_CALL, appId: undefined }],
	['/voice/sendCode', { ...TEXT_CALL, loopCount: 10 }],
	['/voice/sendCode', { ...TEXT_CALL, recallCount: 10 }],
	['/voice/sendCode', { ...TEXT_CALL, speakingRate: 5 }],
	['/voice/sendGroup', { ...FILE_CALL, fileId: 'other.mp3' }],
	['/voice/sendGroup', { ...FILE_CALL, callee: Array<string>(201).fill('15550100').join(',') }],
	['/voice/sendGroup', { ...FILE_CALL, maxRingingTime: 10 }],
	['/voice/fileQuery', { current: 0, size: 10 }],
])('%s refuses a body that is not as documented and calls nobody (case %#)', async (path, body) => {
	expect(await send(path, body)).toMatchObject({ status: '-22' });
	expect(simulator.callsPlaced.size).toBe(0);
});

it.each<[Fault, boolean]>([
	[{ kind: 'http', httpStatus: 502 }, false],
	[{ kind: 'http', httpStatus: 502, takesEffect: true }, true],
	[{ kind: 'status', status: '-18' }, false],
	[{ kind: 'status', status: '-18', takesEffect: true }, true],
	[{ kind: 'reset', takesEffect: false }, false],
	[{ kind: 'reset' }, true],
	[{ kind: 'truncated' }, true],
])('the fault %j comes before or after the call', async (fault, isPlaced) => {
	simulator.failNext(fault);
	await send('/voice/sendCode', TEXT_CALL).catch(() => undefined);
	expect(simulator.callsPlaced.has('15550100')).toBe(isPlaced);
});

it('the simulator lists the audio files in pages', async () => {
	const { data } = await send('/voice/fileQuery', { current: 2, size: 1 });
	expect(data).toMatchObject({ total: 2, records: [DEFAULT_BEHAVIOUR.files[1]] });
});

it('the simulator pushes each call that has ended, once', async () => {
	const pushed: string[] = [];
	const receiver = createServer((request, response) => {
		request.on('data', (chunk) => pushed.push(String(chunk)));
		request.on('end', () => response.end());
	});
	await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
	simulator.behaviour.pushUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
	const pushedIds = [];
	// Only what is pushed twice would come before the push of another call.
	for (let calls = 1; calls <= 2; calls++) {
		pushedIds.push((await send('/voice/sendCode', TEXT_CALL)).data);
		now += DEFAULT_BEHAVIOUR.ringMs + DEFAULT_BEHAVIOUR.talkMs;
		while (pushed.length < calls) await wait(5);
		simulator.endCalls();
	}
	receiver.close();
	receiver.closeAllConnections();
	expect(pushed.map((body) => JSON.parse(body) as unknown)).toMatchObject(
		pushedIds.map((voiceId) => [{ voiceId, type: 1, calledInfo: 'order-7', sipCode: '200' }]),
	);
});
