import { DateTime } from 'luxon';
import { seededDataset } from '../simulator/dataset';
import { itemsOf, openStage, runNode, type Stage } from './support/stage';

const DAY_MS = 86_400_000;
const SIMPLE_FIELDS = [
	'submitTime',
	'calledNumber',
	'area',
	'outcome',
	'reason',
	'callDuration',
	'cost',
	'keyPressed',
	'calledInfo',
	'voiceId',
];

interface PageRequest {
	current: number;
	size: number;
	params: { strTime: string; endTime: string };
}

let stage: Stage;
const openedAt = Math.floor(Date.now() / 1000) * 1000;

beforeAll(async () => {
	const dataset = seededDataset({ count: 1500, from: openedAt - 50 * DAY_MS, to: openedAt });
	stage = await openStage({ dataset });
});

afterAll(async () => {
	await stage?.stop();
});

beforeEach(() => stage.simulator.resetStats());

/** Runs the operation to its success and gives what came out. */
async function output(parameters: object, settings?: { timezone: string }) {
	const execution = await runNode(stage, {
		parameters: { resource: 'voiceRecord', ...parameters },
		settings,
	});
	expect(execution.data.resultData.error).toBeUndefined();
	expect(execution.status).toBe('success');
	return itemsOf(execution);
}

/** What the pages were asked for with; every request must have been signed rightly. */
function sentPages() {
	expect(stage.simulator.requests.filter(({ status }) => status !== '0')).toEqual([]);
	return stage.simulator.requests.map(({ body }) => body as PageRequest);
}

const iso = (ms: number) => new Date(ms).toISOString();

/** Ranges may begin and end a little outside, and some of them end at a "now" that is over. */
function expectAbout(sent: string, expectedMs: number) {
	expect(sent).toMatch(/T\d\d:\d\d:\d\d\+08:00$/);
	expect(Math.abs(Date.parse(sent) - expectedMs)).toBeLessThan(60_000);
}

describe('Query Voice Records', () => {
	test('reads one page: the requested number of records, with one request', async () => {
		const items = await output({ operation: 'query', timeRange: 'last7Days', limit: 10 });
		expect(items).toHaveLength(10);
		expect(sentPages()).toMatchObject([{ current: 1, size: 10 }]);
	});

	test('outputs the fields of a simplified record, paired with the input item', async () => {
		const [item] = await output({ operation: 'query', timeRange: 'last7Days', limit: 1 });
		expect(Object.keys(item.json)).toEqual(SIMPLE_FIELDS);
		expect(item.pairedItem).toEqual({ item: 0 });
	});

	test('outputs no item and no message when a range has no records', async () => {
		const before = openedAt - 55 * DAY_MS;
		const items = await output({
			operation: 'query',
			timeRange: 'custom',
			startTime: iso(before),
			endTime: iso(before + 60_000),
			returnAll: true,
		});
		expect(items).toEqual([]);
	});

	type Range = (now: DateTime) => [start: DateTime, end: DateTime];
	test.each<[string, Range]>([
		['last24Hours', (now) => [now.minus({ hours: 24 }), now]],
		['today', (now) => [now.startOf('day'), now]],
		['lastMonth', (now) => [now.minus({ months: 1 }).startOf('month'), now.startOf('month')]],
	])('reads the time range "%s" in the timezone of the workflow', async (timeRange, range) => {
		const [start, end] = range(DateTime.now().setZone('Asia/Kathmandu'));
		await output({ operation: 'query', timeRange, limit: 1 }, { timezone: 'Asia/Kathmandu' });
		const [{ params }] = sentPages();
		expectAbout(params.strTime, start.toMillis());
		expectAbout(params.endTime, end.toMillis());
	});

	test('recovers from temporary conditions: status -16, a dropped connection, an incomplete response, a 502, -18', async () => {
		stage.simulator.failNext(
			{ kind: 'status', status: '-16' },
			{ kind: 'reset' },
			{ kind: 'truncated' },
			{ kind: 'http', httpStatus: 502, headers: { 'retry-after': '0' } },
			{ kind: 'status', status: '-18', retryAfter: '0' },
		);
		const items = await output({ operation: 'query', timeRange: 'last31Days', limit: 10 });
		expect(items).toHaveLength(10);
		const faults = stage.simulator.requests.map(({ fault }) => fault);
		expect(faults).toEqual(['status', 'reset', 'truncated', 'http', 'status', undefined]);
	});
});

describe('Get Voice Record', () => {
	test('outputs the record with this ID', async () => {
		const [{ json: wanted }] = await output({ operation: 'query', timeRange: 'last7Days', limit: 1 });
		stage.simulator.resetStats();
		const items = await output({ operation: 'get', voiceId: String(wanted.voiceId) });
		expect(items).toMatchObject([{ json: wanted, pairedItem: { item: 0 } }]);
		expect(stage.simulator.requests).toMatchObject([
			{ method: 'GET', path: `/voice/recordGroup/${String(wanted.voiceId)}`, status: '0' },
		]);
	});
});

describe('Get Balance', () => {
	test('outputs the amounts as numbers', async () => {
		const execution = await runNode(stage, { parameters: { resource: 'account', operation: 'getBalance' } });
		expect(itemsOf(execution)).toMatchObject([{ json: { balance: 99.99, gift: 10, credit: 0 } }]);
		expect(stage.simulator.requests).toMatchObject([{ method: 'GET', path: '/sms/getBalance', status: '0' }]);
	});
});
