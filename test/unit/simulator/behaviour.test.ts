/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- for shipped code, not for tests */
import { readFileSync, readdirSync } from 'fs';
import { join } from 'path';

import { DEFAULT_BEHAVIOUR, type Behaviour } from '../../simulator/behaviour';
import { createClient, type Client, type PageBody } from '../../simulator/client';
import { listDataset, seededDataset, type WireRecord } from '../../simulator/dataset';
import type { RequestQuota } from '../../simulator/quota';
import { makeRecord, wireTime } from '../../simulator/records';
import { startSimulator, type Simulator } from '../../simulator/simulator';
import { DAY_MS, NOW_MS } from '../../support/times';

const FROM = NOW_MS - 30 * DAY_MS;
const RANGE = { strTime: wireTime(FROM), endTime: wireTime(NOW_MS) };

let now = NOW_MS;
let simulator: Simulator;
let client: Client;

beforeAll(async () => {
	simulator = await startSimulator({ now: () => now });
	client = createClient(simulator.url, NOW_MS);
});
beforeEach(() => {
	now = NOW_MS;
	simulator.resetStats();
	simulator.behaviour = { ...DEFAULT_BEHAVIOUR };
	simulator.dataset = seededDataset({ count: 250, from: FROM, to: NOW_MS - 60_000 });
});
afterAll(async () => await simulator.stop());

const play = (changes: Partial<Behaviour>) => Object.assign(simulator.behaviour, changes);
const page = async (current = 1, size = 100, params: object = RANGE) =>
	await client.page({ current, size, params });
const ids = ({ data }: PageBody) => data.records.map(({ voiceId }) => voiceId);

async function allIds(size = 100): Promise<string[]> {
	const first = await page(1, size);
	const found = ids(first);
	for (let current = 2; current <= first.data.pages; current++) found.push(...ids(await page(current, size)));
	return found;
}

it.each<[Partial<Behaviour>, string, string | null]>([
	[{}, 'gzip', null],
	[{ compresses: true }, 'gzip', 'gzip'],
	[{ compresses: true }, 'identity', null],
])('%p sends a client that accepts "%s" the encoding "%s"', async (changes, accepted, encoding) => {
	play(changes);
	const response = await client.send(
		{ current: 1, size: 1, params: RANGE },
		{ headers: { 'Accept-Encoding': accepted } },
	);
	expect(response.headers.get('content-encoding')).toBe(encoding);
	expect(await response.json()).toMatchObject({ status: '0' });
});

describe('envelope', () => {
	it.each<[Partial<Behaviour>, object, object]>([
		[{}, { status: '0', reason: 'success' }, { status: '-22', reason: 'parameter exception' }],
		[
			{ statusAsNumber: true },
			{ status: 0, reason: 'success' },
			{ status: -22, reason: 'parameter exception' },
		],
		[{ envelope: 'code/msg' }, { code: '0', msg: 'success' }, { code: '-22', msg: 'parameter exception' }],
		[
			{ envelope: 'code/msg', statusAsNumber: true },
			{ code: 0, msg: 'success' },
			{ code: -22, msg: 'parameter exception' },
		],
	])('%p changes its format', async (changes, success, failure) => {
		play(changes);
		expect(await page(1, 1)).toEqual({ ...success, data: expect.anything() });
		expect(await page(0)).toEqual(failure);
	});

	it('of a refusal can come with another HTTP status', async () => {
		play({ failureHttpStatus: 400 });
		expect((await client.send({})).status).toBe(400);
		expect((await client.send({ current: 1, size: 1, params: RANGE })).status).toBe(200);
	});
});

let minutes = 0;

describe('pages', () => {
	it('contain every row once', async () => {
		const first = await page();
		expect(first.data).toMatchObject({ total: 250, size: 100, current: 1, pages: 3, searchCount: true });
		const found = await allIds();
		expect(found).toHaveLength(250);
		expect(new Set(found).size).toBe(250);
	});

	it('come newest first, oldest first or shuffled but stable', async () => {
		const newestFirst = await allIds();
		expect(newestFirst).toEqual([...newestFirst].sort().reverse());
		play({ order: 'oldestFirst' });
		expect(await allIds()).toEqual([...newestFirst].reverse());
		play({ order: 'none' });
		const shuffled = await allIds();
		expect(shuffled).toEqual(await allIds(7));
		expect(shuffled).not.toEqual(newestFirst);
		expect([...shuffled].sort().reverse()).toEqual(newestFirst);
	});

	it('past the last one are empty, refused, or repeat the last one', async () => {
		const last = ids(await page(3));
		expect(await page(4)).toMatchObject({ status: '0', data: { total: 250, current: 4, records: [] } });
		play({ pastTheEnd: 'error' });
		expect(await page(4)).toEqual({ status: '-22', reason: 'parameter exception' });
		play({ pastTheEnd: 'lastPage' });
		expect(ids(await page(4))).toEqual(last);
	});

	it.each<Behaviour['pastTheEnd']>(['empty', 'error', 'lastPage'])(
		'of an empty range start with an empty page, if pages past the end are "%s"',
		async (pastTheEnd) => {
			simulator.dataset = listDataset([]);
			play({ pastTheEnd });
			expect((await page()).data).toMatchObject({ total: 0, pages: 0, records: [] });
		},
	);

	it('are capped at the maximum size, whether or not the response says so', async () => {
		expect((await page(1, 500)).data).toMatchObject({ size: 100, pages: 3 });
		play({ maxSize: 20, reportsClampedSize: false });
		const clamped = await page(2, 50);
		expect(clamped.data).toMatchObject({ size: 50, pages: 13 });
		expect(ids(clamped)).toEqual(ids(await page(2, 20)));
	});

	it('have no totals if the service does not count', async () => {
		play({ searchCount: false });
		const { data } = await page();
		expect(data).toMatchObject({ total: 0, pages: 0, searchCount: false });
		expect(data.records).toHaveLength(100);
	});

	it.each<[Partial<Behaviour>, object]>([
		[{ totalOff: 60 }, { total: 310, pages: 4 }],
		[{ totalOff: -60 }, { total: 190, pages: 2 }],
		[{ totalOff: -300 }, { total: 0, pages: 0 }],
		[
			{ totalOff: 60, totalOffAtMs: FROM },
			{ total: 310, pages: 4 },
		],
		[
			{ totalOff: 60, totalOffAtMs: FROM - 1 },
			{ total: 250, pages: 3 },
		],
		[{ fixedTotal: -1 }, { total: -1, pages: 1 }],
		[{ fixedTotal: '7' }, { total: '7', pages: 1 }],
	])('can have a wrong total: %p', async (changes, totals) => {
		play(changes);
		const { data } = await page();
		expect(data).toMatchObject(totals);
		expect(data.records).toHaveLength(100);
	});

	it('are refused where they begin too deep', async () => {
		play({ deepestRow: 100 });
		expect(ids(await page(2, 99))).toHaveLength(99);
		expect(await page(2)).toEqual({ status: '-22', reason: 'parameter exception' });
	});

	it('can list and count calls twice', async () => {
		const [newest, second] = ids(await page());
		play({ listedTwice: [newest] });
		const { data } = await page();
		expect(data.total).toBe(251);
		expect(data.records.slice(0, 3).map(({ voiceId }) => voiceId)).toEqual([newest, newest, second]);
	});

	it('can have rows without an ID', async () => {
		const [newest, second] = ids(await page());
		play({ withoutId: [newest] });
		expect(ids(await page()).slice(0, 2)).toEqual([null, second]);
	});

	it('can repeat rows of the previous page without losing any', async () => {
		const clean = await allIds();
		play({ duplicateRows: true });
		const second = ids(await page(2));
		expect(second).toEqual([...clean.slice(98, 100), ...clean.slice(100, 200)]);
		expect(await allIds()).toHaveLength(254);
	});

	it('shift when calls arrive while they are read, until no more arrive', async () => {
		play({ arrivalsPerRequest: 3, arrivalsAtMost: 5 });
		const first = await page();
		const second = await page(2);
		expect(second.data.total).toBe(253);
		expect(ids(second).slice(0, 3)).toEqual(ids(first).slice(97));
		expect((await page()).data.total).toBe(255);
		expect((await page()).data.total).toBe(255);
		simulator.resetStats();
		await page();
		expect((await page()).data.total).toBe(258);
	});

	it('can change their order once while they are read', async () => {
		play({ reshuffleAfterRequests: 2 });
		const [before, same, after, stays] = [await page(), await page(), await page(), await page()].map(ids);
		expect(same).toEqual(before);
		expect(after).not.toEqual(before);
		expect(stays).toEqual(after);
	});

	it.each<[Partial<RequestQuota>, object]>([
		[{ rejection: '-15' }, { httpStatus: 200, status: '-15', retryAfter: null }],
		[{ rejection: '429' }, { httpStatus: 429, status: undefined, retryAfter: null }],
		[
			{ rejection: '-15', hasRetryAfter: true },
			{ httpStatus: 200, status: '-15', retryAfter: '60' },
		],
	])('are refused above a quota: %p', async (changes, refusal) => {
		// The service counts for a minute.
		now += 60_000 * ++minutes;
		play({ quota: { count: 2, windowMs: 60_000, window: 'sliding', rejection: '-15', ...changes } });
		expect([(await page()).status, (await page()).status]).toEqual(['0', '0']);
		const response = await client.send({ current: 1, size: 1, params: RANGE });
		const body = await response.text();
		expect({
			httpStatus: response.status,
			status: body === '' ? undefined : (JSON.parse(body) as PageBody).status,
			retryAfter: response.headers.get('retry-after'),
		}).toEqual(refusal);
	});

	it('are refused with -15 when too many are requested at once', async () => {
		play({ maxInFlight: 2, latencyMs: 50 });
		const answers = await Promise.all([page(), page(), page(), page()]);
		expect(answers.map(({ status }) => status)).toContain('-15');
		play({ latencyMs: 0 });
		expect((await page()).status).toBe('0');
	});
});

describe('ranges', () => {
	const submitMs = NOW_MS - DAY_MS;
	const at = (ms: number) => wireTime(submitMs + ms);
	const count = async (from: number, to: number) =>
		(await page(1, 10, { strTime: at(from), endTime: at(to) })).data.total;

	beforeEach(() => {
		const times = { submitMs, callMs: submitMs + 60_000 };
		simulator.dataset = listDataset([makeRecord({ voiceId: '1', ...times, seed: 1, index: 1 })]);
	});

	it('compare the submit time or the call time', async () => {
		expect(await count(-1000, 1000)).toBe(1);
		play({ rangeFilter: 'callTime' });
		expect(await count(-1000, 1000)).toBe(0);
		expect(await count(59_000, 61_000)).toBe(1);
	});

	it.each<[Behaviour['endsInclusive'], number[]]>([
		[true, [1, 1, 1]],
		[false, [0, 0, 1]],
		['start', [1, 0, 1]],
		['end', [0, 1, 1]],
	])('include the ends that are inclusive: %s', async (endsInclusive, counts) => {
		play({ endsInclusive });
		expect([await count(0, 1000), await count(-1000, 0), await count(-1000, 1000)]).toEqual(counts);
	});

	it('list calls after the listing delay', async () => {
		play({ listingDelayMs: DAY_MS });
		expect(await count(-1000, 1000)).toBe(1);
		play({ listingDelayMs: DAY_MS + 1000 });
		expect(await count(-1000, 1000)).toBe(0);
	});

	it('can include calls that have not ended', async () => {
		simulator.dataset.add({ voiceId: '2', submitTime: at(0) });
		expect(await count(0, 0)).toBe(1);
		play({ listsOngoingCalls: true });
		expect(await count(0, 0)).toBe(2);
	});
});

describe('fields', () => {
	const row: WireRecord = {
		voiceId: '9007199254740993123',
		submitTime: wireTime(NOW_MS - DAY_MS),
		callDuration: 5,
		terminationCode: '486',
		cost: '0.10',
		calledInfo: '',
	};
	const rowText = async (path: string) => await (await client.send(undefined, { path })).text();

	beforeEach(() => {
		simulator.dataset = listDataset([row]);
	});

	it.each<[Behaviour['emptyFields'], unknown]>([
		['null', null],
		['emptyText', ''],
		['absent', undefined],
	])('without a value can be %s', async (emptyFields, value) => {
		play({ emptyFields });
		const [record] = (await page()).data.records;
		expect([record.answerTime, record.calledInfo]).toEqual([value, value]);
		expect(Object.keys(record)).toHaveLength(emptyFields === 'absent' ? 5 : 24);
	});

	it.each<[Behaviour['newestFields'], object]>([
		['none', { callStatus: undefined, taskId: undefined }],
		['text', { callStatus: '10', taskId: '2203031113381000777' }],
		['number', { callStatus: 10, taskId: Number('2203031113381000777') }],
	])('of the newest accounts are sent as "%s"', async (newestFields, values) => {
		play({ newestFields });
		const [sent] = (await page()).data.records;
		expect({ callStatus: undefined, taskId: undefined, ...sent }).toMatchObject(values);
	});

	it.each<[Behaviour['numbersAs'], string]>([
		['documented', '"voiceId":"9007199254740993123","callDuration":5,"terminationCode":"486","cost":"0.10"'],
		['text', '"voiceId":"9007199254740993123","callDuration":"5","terminationCode":"486","cost":"0.10"'],
		['number', '"voiceId":9007199254740993123,"callDuration":5,"terminationCode":486,"cost":0.10'],
	])('with a number can be sent as "%s"', async (numbersAs, expected) => {
		play({ numbersAs, emptyFields: 'absent' });
		const text = await rowText(`/voice/recordGroup/${row.voiceId}`);
		expect(text.replace(/"submitTime":"[^"]*",/, '')).toContain(`{${expected}}`);
	});
});

it.each(['1,234.50', null])('the balance can be %j', async (balance) => {
	play({ balance });
	const response = await client.send(undefined, { path: '/sms/getBalance' });
	expect(await response.json()).toMatchObject({ status: '0', balance });
});

test('each switch is set in a test of the simulator', () => {
	const tests = readdirSync(__dirname).map(
		(file) => readFileSync(join(__dirname, file), 'utf8').split('each switch is set')[0],
	);
	const optional: Array<keyof Behaviour> = ['fixedTotal', 'totalOffAtMs', 'quota', 'pushUrl', 'failingTasks'];
	const unset = [...Object.keys(DEFAULT_BEHAVIOUR), ...optional].filter(
		(name) => !tests.some((text) => new RegExp(`[{,]\\s*${name}\\s*[,}:]|\\.${name}\\b`).test(text)),
	);
	expect(unset).toEqual([]);
});
