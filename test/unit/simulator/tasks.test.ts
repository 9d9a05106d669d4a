import { DEFAULT_BEHAVIOUR, type Behaviour } from '../../simulator/behaviour';
import { createClient } from '../../simulator/client';
import { listDataset } from '../../simulator/dataset';
import { startSimulator, type Fault, type Simulator } from '../../simulator/simulator';

const START = Date.parse('2026-03-15T12:00:00Z');
const RANGE = { strTime: '2026-03-01 00:00:00', endTime: '2026-03-31 00:00:00' };
const NUMBERS = ['15550100', '15550101', '15550102'];
const ORDER = {
	appId: 'app',
	taskName: 'March offer',
	source: 3,
	text: 'Hello',
	lan: 'EN',
	numberInfoList: NUMBERS.map((calleeNumber) => ({ calleeNumber })),
	loopCount: 1,
	maxCalls: 120,
};
const { ringMs, talkMs, taskSubmitMs, taskCallEveryMs } = DEFAULT_BEHAVIOUR;
/** When all three have been called, answered and hung up. */
const ALL_MS = taskSubmitMs + 2 * taskCallEveryMs + ringMs + talkMs;

let now = START;
let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator({ now: () => now, dataset: listDataset([]) });
});
beforeEach(() => {
	now = START;
	simulator.resetStats();
	simulator.behaviour = { ...DEFAULT_BEHAVIOUR };
	simulator.dataset = listDataset([]);
});
afterAll(async () => await simulator.stop());

interface Row extends Record<string, unknown> {
	taskName: string;
}

interface Answer<T> {
	code: number;
	msg: string;
	data: T;
}

const play = (changes: Partial<Behaviour>) => Object.assign(simulator.behaviour, changes);
async function ask<T = unknown>(name: string, body?: unknown): Promise<Answer<T>> {
	const response = await createClient(simulator.url, now).send(body, { path: `/voice/group/call/${name}` });
	return (await response.json()) as Answer<T>;
}
const send = async (changes: object = {}) => await ask('send', { ...ORDER, ...changes });
const list = async (params: object = {}, current = 1, size = 10) =>
	await ask<{ records: Row[]; total: number; pages: number }>('query', {
		current,
		size,
		params: { ...RANGE, ...params },
	});
const rows = async (params: object = {}) => (await list(params)).data.records;
const detail = async (id = '5000602') => (await ask<Row>(`detail/${id}`)).data;

describe('a task', () => {
	it('is submitted, waits, calls one number after the other, and ends with its figures', async () => {
		play({ terminationCodes: { '15550101': '486' }, pressedKeys: { '15550100': '1' } });
		expect(await send()).toEqual({ code: 0, msg: 'success', data: 5000602 });
		expect(await rows()).toEqual([
			{
				jobId: 5000602,
				taskName: 'March offer',
				status: 6,
				rate: '0',
				numCnt: 3,
				callNum: 0,
				success: 0,
				fail: 0,
				createdTime: '2026-03-15 20:00:00',
			},
		]);
		now += taskSubmitMs;
		expect(await rows()).toMatchObject([{ status: 1, callNum: 1, rate: '33.33' }]);
		now = START + ALL_MS - 1;
		expect(await rows()).toMatchObject([{ status: 1, callNum: 3, success: 1, fail: 1 }]);
		now += 1;
		expect(await rows()).toMatchObject([{ status: 2, rate: '100', success: 2, fail: 1 }]);
		expect(await detail()).toMatchObject({
			status: 2,
			callTotal: 3,
			successRate: '66.67',
			callDuration: 20,
			chargeLen: 20,
			acd: '10.00',
			keyFeedbackNum: 1,
			sendTime: null,
			finishTime: '2026-03-15 20:00:18',
			voiceFileId: null,
			text: 'Hello',
			lan: 'EN',
			loopCount: 1,
			maxCalls: 120,
			appId: 'app',
		});
		expect(simulator.callsPlaced).toEqual(new Map(NUMBERS.map((callee) => [callee, 1])));
	});

	it('waits for its time', async () => {
		await send({ sendTime: '2026-03-15 20:30:00' });
		now += 30 * 60_000 - 1;
		expect(await rows()).toMatchObject([{ status: 0, callNum: 0 }]);
		now += 1;
		expect(await rows()).toMatchObject([{ status: 1, callNum: 1 }]);
	});

	it.each<[Partial<Behaviour>, object[], string, string]>([
		[{}, [{ strTime: '09:00', endTime: '18:00' }], '2026-03-16 08:59:59', '2026-03-16 09:00:00'],
		[{}, [{ strTime: '22:00', endTime: '02:00' }], '2026-03-15 21:59:59', '2026-03-15 22:00:00'],
		[
			{ taskZoneHours: 0 },
			[{ strTime: '13:00', endTime: '14:00' }],
			'2026-03-15 12:59:59',
			'2026-03-15 13:00:00',
		],
	])('calls within its hours only: %j %j', async (changes, allowSendTime, before, from) => {
		play(changes);
		const zone = simulator.behaviour.taskZoneHours === 8 ? '+08:00' : 'Z';
		await send({ allowSendTime });
		now = Date.parse(before.replace(' ', 'T') + zone);
		expect(await rows()).toMatchObject([{ status: 0, callNum: 0 }]);
		now = Date.parse(from.replace(' ', 'T') + zone);
		expect(await rows()).toMatchObject([{ callNum: 1 }]);
	});

	it('calls nobody in hours over midnight where the service knows none', async () => {
		play({ taskHoursWrap: false });
		await send({ allowSendTime: [{ strTime: '22:00', endTime: '02:00' }] });
		now += 10 * 86_400_000;
		expect(await rows()).toMatchObject([{ status: 0, callNum: 0 }]);
	});

	it('can fail to be submitted, and calls nobody then', async () => {
		play({ failingTasks: /offer/ });
		await send();
		now += ALL_MS;
		expect(await rows()).toMatchObject([{ status: 3, callNum: 0 }]);
		expect(simulator.callsPlaced.size).toBe(0);
	});

	it('that is cancelled calls nobody else, and one that has ended is not cancelled', async () => {
		await send();
		now += taskSubmitMs;
		expect(await ask('cancel', { taskIdList: [5000602] })).toEqual({ code: 0, msg: 'success', data: null });
		now += ALL_MS;
		expect(await rows()).toMatchObject([{ status: 4, callNum: 1, success: 1, fail: 0 }]);
		expect(await ask('cancel', { taskIdList: [5000602] })).toMatchObject({ code: -54 });
		play({ cancelEndedTask: '0' });
		expect(await ask('cancel', { taskIdList: [5000602] })).toMatchObject({ code: 0 });
		expect(await ask('cancel', { taskIdList: [1] })).toMatchObject({ code: -54 });
	});

	it('pauses and goes on', async () => {
		await send();
		now += taskSubmitMs;
		await ask('provisional', { jobIdList: [5000602] });
		now += ALL_MS;
		expect(await rows()).toMatchObject([{ status: 5, callNum: 1 }]);
		await ask('provisional', { jobIdList: [5000602] });
		expect(await rows()).toMatchObject([{ status: 1, callNum: 2 }]);
	});

	it('is called again for its failed numbers, or for all', async () => {
		play({ terminationCodes: { '15550101': ['486', '200'] } });
		await send();
		now += ALL_MS;
		const again = { ...ORDER, numberInfoList: undefined, taskName: 'Again', keyId: 5000602 };
		expect(await ask('resend', { ...again, resendType: 1 })).toMatchObject({ code: 0, data: 5000603 });
		expect(await ask('resend', { ...again, resendType: 1 })).toMatchObject({ code: -20 });
		now += ALL_MS;
		expect((await rows()).map(({ taskName, callNum, fail }) => ({ taskName, callNum, fail }))).toEqual([
			{ taskName: 'Again', callNum: 1, fail: 0 },
			{ taskName: 'March offer', callNum: 3, fail: 1 },
		]);
		const third = { ...again, taskName: 'Third', keyId: 5000603 };
		expect(await ask('resend', { ...third, resendType: 1 })).toMatchObject({ code: -34 });
		expect(await ask('resend', { ...third, resendType: 0 })).toMatchObject({ code: 0 });
		expect(await ask('resend', { ...third, keyId: 1, resendType: 0 })).toMatchObject({ code: -24 });
		expect(await ask('resend', { ...third, resendType: 2 })).toMatchObject({ code: -22 });
	});
});

describe('a request to create one', () => {
	it.each<[Behaviour['taskSendData'], unknown]>([
		['number', 5000602],
		['text', '5000602'],
		['null', null],
		['jobId', { jobId: 5000602 }],
		['taskId', { taskId: 5000602 }],
		['keyId', { keyId: 5000602 }],
	])('is answered with the ID as "%s"', async (taskSendData, data) => {
		play({ taskSendData });
		expect(await send()).toMatchObject({ code: 0, data });
	});

	it.each<[Partial<Behaviour>, object]>([
		[{ taskStatusAsNumber: false }, { code: '0', msg: 'success' }],
		[{ taskEnvelope: 'status/reason' }, { status: 0, reason: 'success' }],
		[
			{ taskEnvelope: 'status/reason', taskStatusAsNumber: false },
			{ status: '0', reason: 'success' },
		],
	])('is answered in the envelope of %j', async (changes, envelope) => {
		play(changes);
		expect(await send()).toEqual({ ...envelope, data: 5000602 });
	});

	it('is refused when the name exists, where names are unique', async () => {
		await send();
		expect(await send()).toEqual({ code: -20, msg: 'data existing' });
		play({ taskNamesUnique: false });
		expect(await send()).toMatchObject({ code: 0 });
	});

	it.each([
		[false, 0],
		[true, -20],
	])('with a name in other letters: taskNamesIgnoreCase %s', async (taskNamesIgnoreCase, code) => {
		play({ taskNamesIgnoreCase });
		await send({ taskName: 'Spring' });
		expect(await send({ taskName: 'SPRING' })).toMatchObject({ code });
	});

	it.each<[Behaviour['taskNumbers'], object, number]>([
		['both', { numberInfoList: undefined, numberList: NUMBERS }, 0],
		['numberList', {}, -35],
		['numberList', { numberInfoList: undefined, numberList: NUMBERS }, 0],
		['numberInfoList', { numberInfoList: undefined, numberList: NUMBERS }, -35],
	])('names its numbers where "%s" is read: %j', async (taskNumbers, changes, code) => {
		play({ taskNumbers });
		expect(await send(changes)).toMatchObject({ code });
	});

	const many = (count: number) =>
		Array.from({ length: count }, (_, nth) => ({ calleeNumber: String(15_550_100_000 + nth) }));
	it.each<[object, number]>([
		[{ taskName: 'x' }, -21],
		[{ appId: '' }, -22],
		[{ maxCalls: 1000 }, -22],
		[{ numberInfoList: [{ calleeNumber: '+15550100' }] }, -22],
		[{ numberInfoList: [] }, -35],
		[{ numberInfoList: many(100_001) }, -23],
		[{ text: 'x'.repeat(1001) }, -22],
		[{ source: 1, voiceFileId: 'other.mp3' }, -22],
		[{ sendTime: '2026-03-15T20:30:00' }, -22],
		[{ allowSendTime: [{ strTime: '9', endTime: '18:00' }] }, -22],
		[{ allowSendTime: Array(4).fill({ strTime: '09:00', endTime: '18:00' }) }, -22],
	])('is refused when it is not as documented (case %#)', async (changes, code) => {
		expect(await send(changes)).toMatchObject({ code });
		expect(simulator.tasks).toHaveLength(0);
	});

	it.each<[Fault, number]>([
		[{ kind: 'reset' }, 1],
		[{ kind: 'reset', takesEffect: false }, 0],
		[{ kind: 'http', httpStatus: 502, takesEffect: true }, 1],
		[{ kind: 'status', status: '-18' }, 0],
	])('can lose its answer: %j', async (fault, tasks) => {
		simulator.failNext(fault);
		await send().catch(() => undefined);
		expect(await rows()).toHaveLength(tasks);
	});
});

describe('the list', () => {
	const add = (taskName: string, sendMs?: number) =>
		simulator.addTask({ taskName, numbers: NUMBERS, sendMs });
	const names = async (params: object = {}) => (await rows(params)).map(({ taskName }) => taskName);

	it('has pages, in the order of the service', async () => {
		for (const name of ['a', 'b', 'c', 'd', 'e']) add(name);
		expect(await list({}, 2, 2)).toMatchObject({
			data: { total: 5, pages: 3, records: [{ taskName: 'c' }, { taskName: 'b' }] },
		});
		play({ order: 'oldestFirst' });
		expect(await names()).toEqual(['a', 'b', 'c', 'd', 'e']);
		play({ order: 'none' });
		const shuffledNames = await names();
		expect(shuffledNames).not.toEqual(['a', 'b', 'c', 'd', 'e']);
		expect([...shuffledNames].sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
		play({ maxSize: 2 });
		expect((await list()).data).toMatchObject({ size: 2, pages: 3 });
		play({ searchCount: false });
		expect((await list()).data).toMatchObject({ total: 0, pages: 0 });
	});

	it('past its end is empty, refused, or repeats the last page', async () => {
		expect((await list({}, 2)).data.records).toEqual([]);
		play({ emptyRecords: 'null' });
		expect((await list({}, 2)).data.records).toBeNull();
		play({ pastTheEnd: 'error' });
		expect(await list({}, 2)).toMatchObject({ code: -22 });
		play({ pastTheEnd: 'lastPage' });
		add('a');
		expect((await list({}, 2)).data.records).toHaveLength(1);
	});

	it('filters by status, or not, and fuzzily by name, file and text', async () => {
		add('offer');
		add('offer 2');
		now += ALL_MS;
		add('other');
		expect(await names({ statusList: [2] })).toEqual(['offer 2', 'offer']);
		expect(await names({ searchCondition: 'offer' })).toEqual(['offer 2', 'offer']);
		expect(await names({ searchCondition: 'Hello' })).toHaveLength(3);
		play({ readsStatusList: false });
		expect(await names({ statusList: [2] })).toHaveLength(3);
	});

	it('takes any range, or only one of a limited number of days', async () => {
		const endTime = '2026-04-01 00:00:01';
		expect((await list({ endTime })).code).toBe(0);
		play({ taskMaxRangeDays: 31 });
		expect((await list({ endTime: '2026-04-01 00:00:00' })).code).toBe(0);
		expect((await list({ endTime })).code).toBe(-22);
	});

	it('goes by the time of creation, or by the time to call', async () => {
		add('early', START + 86_400_000);
		const params = { strTime: '2026-03-16 00:00:00' };
		expect(await names(params)).toEqual([]);
		play({ taskRangeFilter: 'sendTime' });
		expect(await names(params)).toEqual(['early']);
	});

	it.each<[Behaviour['endsInclusive'], number]>([
		[true, 2],
		[false, 0],
	])('has the tasks at the ends of the range, where they are inclusive: %s', async (endsInclusive, count) => {
		play({ endsInclusive });
		add('first');
		now += 60_000;
		add('last');
		const params = { strTime: '2026-03-15 20:00:00', endTime: '2026-03-15 20:01:00' };
		expect(await names(params)).toHaveLength(count);
	});

	it('has a task late', async () => {
		play({ taskListingDelayMs: 60_000 });
		await send();
		now += 59_999;
		expect(await names()).toEqual([]);
		expect(await detail()).toMatchObject({ taskName: 'March offer' });
		now += 1;
		expect(await names()).toEqual(['March offer']);
	});

	it.each([{ strTime: '2026-03-01T00:00:00+08:00' }, { endTime: null }, { statusList: 2 }])(
		'is refused for a range that is not as documented: %j',
		async (params) => {
			expect(await list(params)).toMatchObject({ code: -22 });
		},
	);
});

describe('a row', () => {
	it.each<[Partial<Behaviour>, object]>([
		[{ taskIds: 'text' }, { jobId: '5000602' }],
		[{ taskIdField: 'taskId' }, { taskId: 5000602 }],
		[{ taskCountsAs: 'text' }, { status: '6', numCnt: '3', callNum: '0', success: '0', fail: '0' }],
		[{ taskRatesAs: 'percent' }, { rate: '0%' }],
		[{ taskZoneHours: 0 }, { createdTime: '2026-03-15 12:00:00' }],
	])('looks as told by %j', async (changes, row) => {
		play(changes);
		await send();
		expect(await rows()).toMatchObject([row]);
	});

	it('can have an ID that is larger than a number holds', async () => {
		play({ firstTaskId: '9007199254740993' });
		await send();
		const response = await createClient(simulator.url, now).send(
			{ current: 1, size: 10, params: RANGE },
			{ path: '/voice/group/call/query' },
		);
		expect(await response.text()).toContain('"jobId":9007199254740993,');
	});

	it.each<[Behaviour['emptyFields'], unknown]>([
		['null', null],
		['emptyText', ''],
		['absent', undefined],
	])('in detail has "%s" for what has no value', async (emptyFields, value) => {
		play({ emptyFields });
		await send();
		expect((await detail()).finishTime).toBe(value);
	});
});

it('the calls of a task are listed as records, or not', async () => {
	await send();
	now += ALL_MS;
	simulator.endCalls();
	const query = { fromMs: START, toMs: now };
	expect(simulator.dataset.count(query)).toBe(3);
	simulator.resetStats();
	simulator.dataset = listDataset([]);
	play({ listsTaskCalls: false });
	await send();
	now += ALL_MS;
	simulator.endCalls();
	expect(simulator.dataset.count({ fromMs: START, toMs: now })).toBe(0);
	expect(simulator.callsPlaced.size).toBe(3);
});

it('an unknown task has no detail: a status, or nothing', async () => {
	expect(await ask('detail/1')).toMatchObject({ code: -24 });
	play({ unknownTask: 'null' });
	expect(await ask('detail/1')).toMatchObject({ code: 0, data: null });
});

describe('an audio file', () => {
	const file = 'SUQzBAAAAAAAI1RTU0U=';
	const upload = async (body: object) => {
		const response = await createClient(simulator.url, now).send(body, { path: '/voice/fileUpload' });
		return (await response.json()) as { status: string; data: string };
	};

	it('is uploaded, listed, played, and refused a second time', async () => {
		const { status, data: fileId } = await upload({ fileName: 'offer.mp3', file });
		expect(status).toBe('0');
		const listed = await createClient(simulator.url, now).send({}, { path: '/voice/fileQuery' });
		expect(await listed.json()).toMatchObject({
			data: { total: 3, records: [{}, {}, { fileId, fileName: 'offer.mp3' }] },
		});
		expect(await send({ source: 1, voiceFileId: fileId })).toMatchObject({ code: 0 });
		expect(await upload({ fileName: 'offer.mp3', file })).toEqual({ status: '-20', reason: 'data existing' });
	});

	it.each<[object, string]>([
		[{ fileName: 'offer.ogg', file }, '-21'],
		[{ fileName: 'offer.mp3', file: 'not base64!' }, '-21'],
	])('is refused when it is not as documented: %j', async (body, status) => {
		expect(await upload(body)).toMatchObject({ status });
	});
});
