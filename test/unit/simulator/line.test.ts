/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import { connect } from 'node:net';
import { Agent, fetch } from 'undici';

import { createClient } from '../../simulator/client';
import { SlowStart } from '../../simulator/line';
import { startSimulator, type Simulator } from '../../simulator/simulator';

const RTT_MS = 50;

const simulators: Simulator[] = [];

async function start(options: Parameters<typeof startSimulator>[0]): Promise<Simulator> {
	const simulator = await startSimulator(options);
	simulators.push(simulator);
	return simulator;
}

afterEach(async () => {
	for (const simulator of simulators.splice(0)) await simulator.stop();
});

async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
	const startedAt = performance.now();
	await work();
	return performance.now() - startedAt;
}

/** How long the first and the second request of one connection take. */
async function timeTwoRequests(simulator: Simulator): Promise<[firstMs: number, secondMs: number]> {
	const dispatcher = new Agent({ connections: 1, connect: { ca: simulator.certificate } });
	const request = async () => await (await fetch(`${simulator.url}/sms/getBalance`, { dispatcher })).text();
	const first = await millisecondsOf(request);
	const second = await millisecondsOf(request);
	await dispatcher.close();
	return [first, second];
}

test('a new connection takes at least two round trips, with TLS three, and an open one at least one', async () => {
	const options = [false, true].map((tls) => ({ rttMs: RTT_MS, tls }));
	const [plain, secure] = await Promise.all(options.map(start));
	expect(secure.url).toMatch(/^https:/);
	const times = await Promise.all([plain, secure].map(timeTwoRequests));
	times.forEach(([first, second], index) => {
		expect(first).toBeGreaterThanOrEqual((2 + index) * RTT_MS - 1);
		expect(second).toBeGreaterThanOrEqual(RTT_MS - 1);
	});
});

test('whole pages come through in order', async () => {
	const simulator = await start({ rttMs: 10 });
	const now = Date.now();
	const params = {
		strTime: new Date(now - 31 * 86_400_000).toISOString().replace(/\.\d+Z/, '+00:00'),
		endTime: new Date(now).toISOString().replace(/\.\d+Z/, '+00:00'),
	};
	const { data } = await createClient(simulator.url, now).page({ current: 1, size: 100, params });
	expect(data.records).toHaveLength(100);
});

test('a page of 65,000 bytes takes three flights on a new connection, and one later on', () => {
	const slowStart = new SlowStart(RTT_MS);
	const send = (bytes: number, nowMs: number) => {
		const flights: Array<[atMs: number, count: number]> = [];
		for (let left = bytes; left > 0; ) {
			const { count, atMs } = slowStart.next(left, nowMs);
			flights.push([atMs, count]);
			left -= count;
		}
		return flights;
	};
	expect(send(65_000, 0)).toEqual([
		[0, 14_600],
		[50, 29_200],
		[100, 21_200],
	]);
	expect(send(50_000, 200)).toEqual([[200, 50_000]]);
});

test('connections end when the simulator stops', async () => {
	const simulator = await start({ rttMs: RTT_MS });
	const socket = connect(Number(new URL(simulator.url).port), '127.0.0.1');
	const closed = new Promise((resolve) => socket.once('close', resolve));
	await new Promise((resolve) => socket.once('connect', resolve));
	await simulators.pop()?.stop();
	await closed;
});
