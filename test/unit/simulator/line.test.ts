/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import { connect } from 'node:net';
import { Agent, fetch } from 'undici';

import { createClient } from '../../simulator/client';
import { startSimulator, type Simulator } from '../../simulator/simulator';

/** Longer than a busy machine adds to a wait. */
const RTT_MS = 300;

let simulator: Simulator;

afterEach(async () => await simulator.stop());

async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
	const startedAt = performance.now();
	await work();
	return performance.now() - startedAt;
}

/** How many round trips the first and the second request of one connection take. */
async function roundTrips(): Promise<[first: number, second: number]> {
	const dispatcher = new Agent({ connections: 1, connect: { ca: simulator.certificate } });
	const request = async () => await (await fetch(`${simulator.url}/sms/getBalance`, { dispatcher })).text();
	const first = await millisecondsOf(request);
	const second = await millisecondsOf(request);
	await dispatcher.close();
	return [first, second];
}

test('a new connection takes one round trip more than an open one', async () => {
	simulator = await startSimulator({ rttMs: RTT_MS });
	const [first, second] = await roundTrips();
	expect(first).toBeGreaterThanOrEqual(2 * RTT_MS - 1);
	expect(first).toBeLessThan(3 * RTT_MS);
	expect(second).toBeGreaterThanOrEqual(RTT_MS - 1);
	expect(second).toBeLessThan(2 * RTT_MS);
});

test('a new connection with TLS takes two round trips more than an open one', async () => {
	simulator = await startSimulator({ rttMs: RTT_MS, tls: true });
	const [first, second] = await roundTrips();
	expect(simulator.url).toMatch(/^https:/);
	expect(first).toBeGreaterThanOrEqual(3 * RTT_MS - 1);
	expect(first).toBeLessThan(4 * RTT_MS);
	expect(second).toBeLessThan(2 * RTT_MS);
});

test('whole pages come through in order', async () => {
	simulator = await startSimulator({ rttMs: 10 });
	const now = Date.now();
	const params = {
		strTime: new Date(now - 31 * 86_400_000).toISOString().replace(/\.\d+Z/, '+00:00'),
		endTime: new Date(now).toISOString().replace(/\.\d+Z/, '+00:00'),
	};
	const { data } = await createClient(simulator.url, now).page({ current: 1, size: 100, params });
	expect(data.records).toHaveLength(100);
});

test('connections end when the simulator stops', async () => {
	simulator = await startSimulator({ rttMs: RTT_MS });
	const socket = connect(Number(new URL(simulator.url).port), '127.0.0.1');
	const closed = new Promise((resolve) => socket.once('close', resolve));
	await new Promise((resolve) => socket.once('connect', resolve));
	await simulator.stop();
	await closed;
	simulator = await startSimulator();
});
