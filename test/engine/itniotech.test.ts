import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { SIMPLIFIED_FIELDS } from '../../nodes/Itniotech/records/output/fields';
import { DEMO_CREDENTIAL, startSimulator, type Simulator } from '../simulator/simulator';
import { seededDataset, type WireRecord } from '../simulator/dataset';
import { useTestClock } from '../support/testClock';
import { runWorkflow, workflowOf, type RunOptions } from './support/engine';
import { DAY_MS, NOW_MS } from '../support/times';

describe('the ITNIO TECH node in n8n’s engine', () => {
	let simulator: Simulator;
	useTestClock(NOW_MS);

	beforeEach(async () => {
		const dataset = seededDataset({ count: 1000, from: NOW_MS - 60 * DAY_MS, to: NOW_MS, seed: 7 });
		simulator = await startSimulator({ dataset });
	});

	afterEach(async () => {
		await simulator.stop();
	});

	const run = async (
		parameters: INodeParameters,
		{ settings, ...options }: Partial<RunOptions> & { settings?: object } = {},
	) =>
		await runWorkflow(workflowOf({ resource: 'voiceRecord', ...parameters }, settings), {
			credential: { ...DEMO_CREDENTIAL, baseUrl: simulator.url },
			timezone: 'Asia/Singapore',
			...options,
		});
	const query = async (parameters: INodeParameters, options?: Parameters<typeof run>[1]) =>
		await run({ operation: 'query', timeRange: 'last31Days', returnAll: true, ...parameters }, options);
	const expected = (fromMs: number, toMs = NOW_MS) =>
		simulator.dataset.slice({ fromMs, toMs, order: 'newestFirst' }, 0, 10_000).map(({ voiceId }) => voiceId);
	const ids = (items: Array<{ json: IDataObject }>) => items.map(({ json }) => json.voiceId);
	const pagesSent = () =>
		simulator.requests.map(({ body }) => body as { current: number; size: number; params: IDataObject });

	it('returns all records of a range of more than 31 days, each once and newest first', async () => {
		const { items } = await query({
			timeRange: 'custom',
			startTime: '2026-10-01T00:00:00',
			endTime: '2026-11-20T00:00:00',
		});
		expect(ids(items)).toEqual(
			expected(Date.parse('2026-10-01T00:00:00+08:00'), Date.parse('2026-11-20T00:00:00+08:00')),
		);
		expect(new Set(pagesSent().map(({ params }) => `${params.strTime} ${params.endTime}`))).toEqual(
			new Set([
				'2026-10-20T00:00:01+08:00 2026-11-20T00:00:01+08:00',
				'2026-09-30T23:59:59+08:00 2026-10-20T00:00:02+08:00',
			]),
		);
	});

	it('asks for each page once, several at a time', async () => {
		simulator.behaviour.latencyMs = 20;
		const { items } = await query({ options: { pageSize: 20, maxConcurrentRequests: 4 } });
		const pages = pagesSent().map(({ current }) => current);
		expect([...pages].sort((a, b) => a - b)).toEqual(pages.map((_, index) => index + 1));
		expect(pages).toHaveLength(Math.ceil(items.length / 20));
		expect(simulator.peakInFlight).toBe(4);
		expect(ids(items)).toEqual(expected(NOW_MS - 31 * DAY_MS));
	});

	it.each([
		[50, [[1, 50]]],
		[150, [[1, 100], [2, 100]]], // prettier-ignore
	])('returns exactly %d records when that is the limit, and reads no extra page', async (limit, pages) => {
		const { items } = await query({ returnAll: false, limit });
		expect(ids(items)).toEqual(expected(NOW_MS - 31 * DAY_MS).slice(0, limit));
		expect(pagesSent().map(({ current, size }) => [current, size])).toEqual(pages);
	});

	it('simplifies to the usual fields, or outputs the raw record untouched', async () => {
		const [simple, raw] = [
			await query({ returnAll: false }),
			await query({ returnAll: false, simplify: false }),
		];
		const wire = simulator.dataset.slice({ fromMs: 0, toMs: NOW_MS, order: 'newestFirst' }, 0, 1)[0];
		expect(raw.items[0].json).toEqual(
			Object.fromEntries(Object.entries(wire).map(([field, value]) => [field, value ?? null])),
		);
		expect(Object.keys(simple.items[0].json)).toEqual(SIMPLIFIED_FIELDS);
		expect(simple.items[0].json).toMatchObject({ area: wire.code, cost: Number(wire.cost) });
	});

	it.each<[string, INodeParameters, (record: WireRecord) => boolean]>([
		[
			'outcome',
			{ outcome: 'failed' },
			({ terminationCode }) => !['200', '0'].includes(String(terminationCode)),
		],
		['area', { area: 'KANDAHAR' }, ({ code }) => String(code).includes('Kandahar')],
		[
			'termination codes',
			{ terminationCode: '486, 404' },
			(r) => ['486', '404'].includes(String(r.terminationCode)),
		],
		['duration', { minDuration: 60 }, ({ callDuration }) => Number(callDuration) >= 60],
	])('filters by %s, and keeps reading until the limit is reached', async (_, filters, isWanted) => {
		const all = simulator.dataset.slice(
			{ fromMs: NOW_MS - 31 * DAY_MS, toMs: NOW_MS, order: 'newestFirst' },
			0,
			10_000,
		);
		const wanted = all.filter(isWanted).map(({ voiceId }) => voiceId);
		const [everything, few] = [
			await query({ filters }),
			await query({ filters, returnAll: false, limit: 12 }),
		];
		expect(wanted.length).toBeGreaterThan(12);
		expect(ids(everything.items)).toEqual(wanted);
		expect(ids(few.items)).toEqual(wanted.slice(0, 12));
	});

	it('reads days and times without an offset in the timezone of the workflow, or in the chosen one', async () => {
		const day = async (timezone: string, options: INodeParameters) => {
			simulator.resetStats();
			await query({ timeRange: 'yesterday', options }, { timezone });
			return pagesSent()[0].params;
		};
		expect(await day('America/New_York', {})).toEqual({
			strTime: '2026-11-19T12:59:59+08:00',
			endTime: '2026-11-20T13:00:00+08:00',
		});
		expect(await day('America/New_York', { timezone: 'Asia/Singapore' })).toEqual({
			strTime: '2026-11-18T23:59:59+08:00',
			endTime: '2026-11-20T00:00:00+08:00',
		});
	});

	it('pairs each record with the input item it belongs to', async () => {
		const { items } = await query(
			{ returnAll: false, limit: '={{ $json.limit }}' },
			{ input: [{ limit: 1 }, { limit: 2 }] },
		);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }, { item: 1 }]);
	});

	it('continues after an item that failed if the node is set to continue', async () => {
		const { items, error } = await query(
			{ returnAll: false, limit: '={{ $json.limit }}' },
			{ input: [{ limit: 0 }, { limit: 1 }], settings: { onError: 'continueRegularOutput' } },
		);
		expect(error).toBeUndefined();
		expect(items).toMatchObject([
			{
				json: { error: '"Limit" must be a whole number of 1 or more', message: 'The current value is 0' },
				pairedItem: { item: 0 },
			},
			{ json: { voiceId: expect.any(String) }, pairedItem: { item: 1 } },
		]);
	});

	it.each<[string, INodeParameters, string, string]>([
		[
			'start after end',
			{ timeRange: 'custom', startTime: '2026-11-10', endTime: '2026-11-01' },
			'"Start Time" is after "End Time"',
			'swap the two',
		],
		[
			'limit 0',
			{ returnAll: false, limit: 0 },
			'"Limit" must be a whole number of 1 or more',
			'The current value is 0',
		],
		['an empty voice id', { operation: 'get', voiceId: '={{ " " }}' }, '"Voice ID" is empty', 'Enter the ID'],
		[
			'a voice id as a number',
			{ operation: 'get', voiceId: '={{ 2203031113381000002 }}' },
			'"Voice ID" is a number that has lost its last digits',
			'pass it to this node as text',
		],
		['a custom API call as operation', { operation: '__CUSTOM_API_CALL__' }, 'Custom API calls are made by the HTTP Request node', 'Predefined Credential Type'], // prettier-ignore
		['a custom API call as resource', { resource: '__CUSTOM_API_CALL__' }, 'Custom API calls are made by the HTTP Request node', 'Predefined Credential Type'], // prettier-ignore
		['a limit of nothing to sort', { returnAll: false, limit: 0, sort: { sortBy: 'newest' } }, '"Limit" must be a whole number of 1 or more', 'The current value is 0'], // prettier-ignore
		['an unknown field of a record', { operation: 'get', voiceId: '1', options: { fields: ['price'] } }, 'Unknown value for "Fields": price', 'submitTime'], // prettier-ignore
		['a voice id as a number by ID', { operation: 'get', voiceId: '={{ ({ __rl: true, mode: "id", value: 2203031113381000002 }) }}' }, '"Voice ID" is a number that has lost its last digits', 'as text'], // prettier-ignore
		['an unknown operation', { operation: 'fly' }, 'Unknown value for "Operation": fly', 'Choose from: '],
		['an operation that every object has', { operation: 'toString' }, 'Unknown value for "Operation": toString', 'Choose from: '], // prettier-ignore
		['a resource that every object has', { resource: 'constructor' }, 'Unknown value for "Resource": constructor', 'Choose from: '], // prettier-ignore
		['a truth value that is none', { returnAll: '={{ "yes" }}' }, 'Unknown value for "Return All": yes', 'Choose from: true, false'], // prettier-ignore
	])(
		'refuses %s before anything is sent, naming the field and the item',
		async (_, parameters, message, hint) => {
			const { items, error } = await query(parameters);
			expect(error).toMatchObject({
				name: 'NodeOperationError',
				message: expect.stringContaining(message),
				description: expect.stringContaining(hint),
				context: { itemIndex: 0 },
			});
			expect(items).toEqual([]);
			expect(simulator.requests).toEqual([]);
		},
	);

	it('outputs nothing when a later page cannot be read', async () => {
		simulator.failNext({ kind: 'slow', ms: 0 }, { kind: 'status', status: '-30' });
		const { items, error } = await query({});
		expect(error).toMatchObject({
			name: 'NodeApiError',
			message: 'The API key is disabled',
			context: { itemIndex: 0 },
		});
		expect(items).toEqual([]);
	});

	it('gets one record, and says when there is none', async () => {
		const [voiceId] = expected(NOW_MS - DAY_MS);
		const found = await run({ operation: 'get', voiceId });
		expect(found.items).toMatchObject([{ json: { voiceId, outcome: expect.any(String) } }]);
		expect(simulator.requests[0]).toMatchObject({ method: 'GET', path: `/voice/recordGroup/${voiceId}` });

		const absent = await run({ operation: 'get', voiceId: '1'.repeat(19) });
		expect(absent.error?.message).toBe('ITNIO TECH has no call record with this "Voice ID"');

		await run({ operation: 'get', voiceId: '../sms' });
		expect(simulator.requests[2].path).toBe('/voice/recordGroup/..%2Fsms');
	});

	it.each([
		['"gift":"0.00","credit":"3"', 0, 3],
		['"gift":null', null, null],
		['"gift":"","credit":0', null, 0],
	])(
		'gets the balance as numbers, and null for an amount that was not sent: %s',
		async (sent, gift, credit) => {
			simulator.failNext({ kind: 'body', body: `{"code":0,"balance":"12.50",${sent}}` });
			const { items } = await run({ resource: 'account', operation: 'getBalance' });
			expect(items).toEqual([{ json: { balance: 12.5, gift, credit }, pairedItem: { item: 0 } }]);
		},
	);

	it.each([
		['balance', '{"balance":"1,234.50"}', '1,234.50'],
		['balance', '{"balance":null}', 'null'],
		['balance', '{"balance":{"usd":1}}', '{"usd":1}'],
		['gift', '{"balance":"1","gift":"1.000,5"}', '1.000,5'],
		['credit', '{"balance":"1","credit":"none"}', 'none'],
	])('names a %s that cannot be read: %s', async (name, body, value) => {
		simulator.failNext({
			kind: 'body',
			body: JSON.stringify({ status: '0', ...(JSON.parse(body) as object) }),
		});
		const { items, error } = await run({ resource: 'account', operation: 'getBalance' });
		expect(error?.message).toBe(`ITNIO TECH sent a ${name} that this node cannot read: ${value}`);
		expect(error?.description).not.toContain('Base URL');
		expect([items, simulator.requests.length]).toEqual([[], 1]);
	});

	it('leaves neither the key nor the secret in what a run stores', async () => {
		simulator.failNext({ kind: 'status', status: '-1' });
		const [failed, succeeded] = [await query({}), await query({})];
		expect(failed.error?.message).toBe('ITNIO TECH did not accept the API key or its signature');
		expect(JSON.stringify([failed.run, succeeded.run])).not.toMatch(/demo-key|demo-secret/);
	});

	it.each<[string, Partial<Simulator['behaviour']>]>([
		['with numbers as text', { numbersAs: 'text', statusAsNumber: true }],
		['with text as bare numbers', { numbersAs: 'number', envelope: 'code/msg' }],
		['with rows twice', { duplicateRows: true }],
		['with other borders after a shuffle', { order: 'none', reshuffleAfterRequests: 3 }],
	])('finds every record once when the service lists them %s', async (_, behaviour) => {
		Object.assign(simulator.behaviour, behaviour);
		const { items, error } = await query({ timeRange: 'lastMonth' });
		expect(error).toBeUndefined();
		const range = {
			fromMs: Date.parse('2026-10-01T00:00:00+08:00'),
			toMs: Date.parse('2026-10-31T23:59:59+08:00'),
		};
		const all = simulator.dataset.slice(range, 0, 10_000).map(({ voiceId }) => voiceId);
		expect(ids(items).sort()).toEqual(all.sort());
	});

	it.each([
		{ __rl: true, mode: 'list', value: 'ID', cachedResultName: 'a call' },
		{ __rl: true, mode: 'id', value: 'ID' },
		'ID',
	])('gets the record of %j', async (locator) => {
		const [{ voiceId }] = simulator.dataset.slice({ fromMs: 0, toMs: NOW_MS, order: 'newestFirst' }, 0, 1);
		const parameter = JSON.parse(JSON.stringify(locator).replace('ID', voiceId)) as string;
		const { items } = await run({ operation: 'get', voiceId: parameter });
		expect(ids(items)).toEqual([voiceId]);
	});

	it.each<[string, INodeParameters, string[]]>([
		['the usual fields', {}, SIMPLIFIED_FIELDS],
		[
			'the selected fields',
			{ output: 'selectedFields', fields: ['outcome', 'hangupTime'] },
			['voiceId', 'outcome', 'hangupTime'],
		],
	])('as an AI tool, outputs %s', async (_, parameters, fields) => {
		const { items, error } = await query(parameters, {
			settings: { type: 'n8n-nodes-itniotech.itniotechTool' },
		});
		expect(error).toBeUndefined();
		expect(Object.keys(items[0].json)).toEqual(fields);
	});

	const asTool = { settings: { type: 'n8n-nodes-itniotech.itniotechTool' } };

	it.each<[string, INodeParameters]>([
		['the first ones', {}],
		['those of all records', { returnAll: true }],
		['the first ones of an order', { sort: { sortBy: 'oldest' } }],
		['matching ones', { filters: { outcome: 'failed' } }],
	])('as an AI tool, outputs no more than the limit, and how many there were: %s', async (_, parameters) => {
		const all = await query(parameters);
		const { items } = await query({ returnAll: false, limit: 3, ...parameters }, asTool);
		expect(ids(items.slice(0, 3))).toEqual(ids(all.items.slice(0, 3)));
		expect(items[3].json).toEqual({
			total: all.items.length,
			note: expect.stringMatching(`^Only 3 of ${all.items.length} records are shown\\. `) as string,
		});
		expect(items).toHaveLength(4);
		const [, note] = (await query({ returnAll: false, limit: 1, ...parameters }, asTool)).items;
		expect(note.json.note).toMatch(/^Only 1 of [\d,]+ records is shown\. /);
		const whole = await query({ returnAll: false, limit: all.items.length, ...parameters }, asTool);
		expect(ids(whole.items)).toEqual(ids(all.items));
	});

	it('as an AI tool, says in a last item what the output lacks', async () => {
		const custom = { timeRange: 'custom', startTime: '2026-09-20T08:00:30Z', returnAll: false, limit: 1000 };
		for (const operation of ['query', 'summarize']) {
			const parameters = { ...custom, operation, endTime: new Date(NOW_MS).toISOString() };
			const { items, error } = await run(parameters, asTool);
			expect(error).toBeUndefined();
			expect(items.at(-1)!.json).toEqual({
				note: expect.stringContaining('so the range starts at') as string,
			});
			expect((await run(parameters)).items.at(-1)!.json).not.toHaveProperty('note');
		}
	});

	it.each<[string, INodeParameters, RegExp]>([
		[
			'groups',
			{ groupBy: ['calledNumber'], options: { maxGroups: 1 } },
			/^Groups that are not output.*: [1-9]/,
		],
		['a sum of several currencies', {}, /^Items with costs in several currencies: 1\./],
		['a part of the comparison', { compareWith: 'previousPeriod' }, /so only a part is compared: /],
	])('as an AI tool, says in a last item that a summary lacks %s', async (_, parameters, note) => {
		const summary = { operation: 'summarize', timeRange: 'last31Days', ...parameters };
		const { items } = await run(summary, asTool);
		const rows = items.filter(({ json }) => 'calls' in json);
		expect(items).toHaveLength(rows.length + 1);
		expect(String(items.at(-1)!.json.note).split('\n')).toContainEqual(expect.stringMatching(note));
		expect((await run(summary)).items).toHaveLength(rows.length);
	});

	it('as an AI tool, outputs the ID of a record whatever the fields', async () => {
		const options = { fields: ['cost'] };
		const [{ json }] = (await query({ limit: 1, options }, asTool)).items;
		expect(Object.keys(json)).toEqual(['voiceId', 'cost']);
		const { items } = await run({ operation: 'get', voiceId: json.voiceId as string, options }, asTool);
		expect(items.map((item) => item.json)).toEqual([json]);
		const onCanvas = await query({ returnAll: false, limit: 1, options });
		expect(Object.keys(onCanvas.items[0].json)).toEqual(['cost']);
	});

	it.each(['={{ ["constructor"] }}', '={{ ["duration"] }}', '={{ [] }}'])(
		'as an AI tool, refuses the fields %s',
		async (fields) => {
			const { items, error } = await query({ output: 'selectedFields', fields }, asTool);
			expect(error?.message).toMatch(/^(Unknown value for )?"Fields"/);
			expect([items, simulator.requests]).toEqual([[], []]);
		},
	);
});
