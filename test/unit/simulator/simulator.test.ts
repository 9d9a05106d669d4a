/* eslint-disable @n8n/community-nodes/no-restricted-globals -- for shipped code, not for tests */

import { DEFAULT_BEHAVIOUR, type Behaviour } from '../../simulator/behaviour';
import { createClient, type Client } from '../../simulator/client';
import { seededDataset } from '../../simulator/dataset';
import { wireTime } from '../../simulator/records';
import { expectedSign } from '../../simulator/signature';
import { startSimulator, type Fault, type Simulator } from '../../simulator/simulator';
import { DAY_MS } from '../../support/times';

const NOW = Date.parse('2026-03-15T12:00:00Z');
const RANGE = { strTime: wireTime(NOW - 30 * DAY_MS), endTime: wireTime(NOW) };

let simulator: Simulator;
let client: Client;

beforeAll(async () => {
	simulator = await startSimulator({ now: () => NOW });
	client = createClient(simulator.url, NOW);
});
beforeEach(() => {
	simulator.resetStats();
	simulator.behaviour = { ...DEFAULT_BEHAVIOUR };
	simulator.dataset = seededDataset({ count: 250, from: NOW - 30 * DAY_MS, to: NOW });
});
afterAll(async () => await simulator.stop());

const pageBody = (current: unknown, size: unknown = 100, params: object = RANGE) => ({
	current,
	size,
	params,
});
const page = async (current = 1, size = 100, params: object = RANGE) =>
	await client.page(pageBody(current, size, params));
const play = (changes: Partial<Behaviour>) => Object.assign(simulator.behaviour, changes);

describe('signature', () => {
	it("matches the vendor's published example", () => {
		const account = { apiKey: 'bDqJFiq9', apiSecret: '7bz1lzh9' };
		expect(expectedSign(account, '1630468800')).toBe('05d7a50893e22a5c4bb3216ae3396c7c');
	});

	it.each([
		['a wrong sign', { Sign: 'f'.repeat(32) }],
		['another key', { 'Api-Key': 'other' }],
		['no sign', { Sign: undefined }],
		['no timestamp', { Timestamp: undefined }],
	])('answers -1 to %s', async (_case, headers) => {
		const response = await client.send(pageBody(1), { headers });
		expect(await response.json()).toEqual({ status: '-1', reason: 'authentication error' });
	});

	const windowMs = DEFAULT_BEHAVIOUR.timestampWindowMs;
	it.each<[string, number, Partial<Behaviour>, string]>([
		['at the edge of the window', -windowMs, {}, '0'],
		['one second older than the window', -windowMs - 1000, {}, '-16'],
		['ahead by more than the window', windowMs + 1000, {}, '-16'],
		['ahead if that is allowed', windowMs + 1000, { refusesFutureTimestamps: false }, '0'],
		['within a wider window', -windowMs - 1000, { timestampWindowMs: 2 * windowMs }, '0'],
		['that is right while the service clock is ahead', 0, { clockSkewMs: 2 * windowMs }, '-16'],
		['that is right while the service clock is behind', 0, { clockSkewMs: -2 * windowMs }, '-16'],
	])('answers a timestamp %s', async (_case, offsetMs, changes, status) => {
		play(changes);
		const response = await client.send(pageBody(1), { timestamp: String((NOW + offsetMs) / 1000) });
		expect(await response.json()).toMatchObject({ status });
	});
});

describe('routes', () => {
	it.each(['', '/v3'])('serves all endpoints below the prefix "%s"', async (prefix) => {
		const { voiceId } = (await page(1, 1)).data.records[0];
		const list = await client.send(pageBody(1), { path: `${prefix}/voice/recordGroupQuery` });
		const one = await client.send(undefined, { path: `${prefix}/voice/recordGroup/${voiceId}` });
		const balance = await client.send(undefined, { path: `${prefix}/sms/getBalance` });
		expect(await list.json()).toMatchObject({ status: '0', data: { total: 250 } });
		expect(await one.json()).toMatchObject({ status: '0', data: { voiceId } });
		expect(await balance.json()).toEqual({
			status: '0',
			reason: 'success',
			balance: '99.990',
			gift: '10.000',
			credit: '0.000',
		});
	});

	it('refuses a body that is not declared as JSON', async () => {
		const response = await client.send(pageBody(1), { headers: { 'Content-Type': 'text/plain' } });
		expect(response.status).toBe(415);
	});

	it('sends the service clock as Date', async () => {
		play({ clockSkewMs: 90_000 });
		expect((await client.send(pageBody(1))).headers.get('date')).toBe('Sun, 15 Mar 2026 12:01:30 GMT');
	});
});

describe('checks of a page request', () => {
	const [strTime, endTime] = ['2026-03-14T00:00:00+08:00', '2026-03-15T00:00:00+08:00'];
	it.each<[string, unknown]>([
		['no body', {}],
		['no page number', pageBody(undefined)],
		['no end', pageBody(1, 10, { strTime })],
		['a start after the end', pageBody(1, 10, { strTime: endTime, endTime: strTime })],
		['a time without offset', pageBody(1, 10, { strTime: '2026-03-14T00:00:00', endTime })],
		['a day that does not exist', pageBody(1, 10, { strTime: '2026-02-30T00:00:00+08:00', endTime })],
	])('answers -22 to %s', async (_case, body) => {
		expect(await (await client.send(body)).json()).toEqual({ status: '-22', reason: 'parameter exception' });
	});

	it('answers -22 to another offset if only +08:00 is accepted', async () => {
		const params = { strTime: '2026-03-14T00:00:00Z', endTime };
		expect((await page(1, 10, params)).status).toBe('0');
		play({ acceptsOtherOffsets: false });
		expect((await page(1, 10, params)).status).toBe('-22');
		expect((await page(1, 10, { strTime, endTime })).status).toBe('0');
	});

	it.each([
		['of 31 days', '2026-02-12T20:00:00+08:00', '2026-03-15T20:00:00+08:00', true],
		['of 31 days and a second', '2026-02-12T19:59:59+08:00', '2026-03-15T20:00:00+08:00', false],
		['that starts two months ago', '2026-01-15T20:00:00+08:00', '2026-01-20T00:00:00+08:00', true],
		['that starts a second earlier', '2026-01-15T19:59:59+08:00', '2026-01-20T00:00:00+08:00', false],
	])('checks a range %s', async (_case, from, to, allowed) => {
		const params = { strTime: from, endTime: to };
		expect((await page(1, 10, params)).status).toBe(allowed ? '0' : '-25');
		play({ outOfRange: '-22' });
		expect((await page(1, 10, params)).status).toBe(allowed ? '0' : '-22');
		play({ outOfRange: 'empty' });
		const answer = await page(1, 10, params);
		expect(answer.status).toBe('0');
		if (!allowed) expect(answer.data).toMatchObject({ total: 0, pages: 0, records: [] });
	});
});

describe('the log of requests', () => {
	it('is left out where that is wanted', async () => {
		play({ log: false });
		await page();
		expect(simulator.requests).toEqual([]);
	});

	it('knows how many requests were in flight at once', async () => {
		let answer = () => {};
		const until = new Promise<void>((resolve) => (answer = resolve));
		simulator.failNext(...Array<Fault>(7).fill({ kind: 'held', until }));
		const pages = Array.from({ length: 7 }, async () => await page());
		while (simulator.requests.length < 7) await new Promise(setImmediate);
		answer();
		await Promise.all(pages);
		expect(simulator.peakInFlight).toBe(7);
		simulator.resetStats();
		await page();
		expect(simulator.peakInFlight).toBe(1);
	});
});
