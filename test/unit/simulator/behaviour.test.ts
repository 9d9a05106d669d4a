import { DEFAULT_BEHAVIOUR, type Behaviour } from '../../simulator/behaviour';
import { createClient, type Client, type PageBody } from '../../simulator/client';
import { listDataset, seededDataset, type WireRecord } from '../../simulator/dataset';
import { makeRecord, wireTime } from '../../simulator/records';
import { startSimulator, type Simulator } from '../../simulator/simulator';
import { DAY_MS } from '../../support/times';

const NOW = Date.parse('2026-03-15T12:00:00Z');
const FROM = NOW - 30 * DAY_MS;
const RANGE = { strTime: wireTime(FROM), endTime: wireTime(NOW) };

let simulator: Simulator;
let client: Client;

beforeAll(async () => {
	simulator = await startSimulator({ now: () => NOW });
	client = createClient(simulator.url, NOW);
});
beforeEach(() => {
	simulator.resetStats();
	simulator.behaviour = { ...DEFAULT_BEHAVIOUR };
	simulator.dataset = seededDataset({ count: 250, from: FROM, to: NOW - 60_000 });
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

	it('are refused with -15 when too many are requested at once', async () => {
		play({ maxInFlight: 2, latencyMs: 50 });
		const answers = await Promise.all([page(), page(), page(), page()]);
		expect(answers.map(({ status }) => status)).toContain('-15');
		play({ latencyMs: 0 });
		expect((await page()).status).toBe('0');
	});
});

describe('ranges', () => {
	const submitMs = NOW - DAY_MS;
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
		submitTime: wireTime(NOW - DAY_MS),
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
