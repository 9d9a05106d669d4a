/* eslint-disable @n8n/community-nodes/no-restricted-globals -- for shipped code, not for tests */
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { listDataset, seededDataset, type WireRecord } from '../simulator/dataset';
import { pushBody } from '../simulator/push';
import { wireTime } from '../simulator/records';
import { DEMO_CREDENTIAL, startSimulator, type Fault, type Simulator } from '../simulator/simulator';
import type * as TestClocks from '../support/testClock';
import { useTestClock } from '../support/testClock';
import { createPollContext, createPushTrigger, type PushResult, type WebhookOptions } from './support/engine';
import { DAY_MS, HOUR_MS, NOW_MS } from '../support/times';

const clock = useTestClock(NOW_MS);

jest.mock('n8n-workflow', () =>
	jest.requireActual<typeof TestClocks>('../support/testClock').n8nOnTestClock(),
);

type Trigger = Awaited<ReturnType<typeof createPushTrigger>>;

describe('the push trigger in n8n’s engine', () => {
	let simulator: Simulator;
	let records: WireRecord[];
	let triggers = 0;

	beforeEach(async () => {
		const dataset = seededDataset({ count: 300, from: NOW_MS - HOUR_MS, to: NOW_MS, seed: 4 });
		simulator = await startSimulator({ dataset, now: clock.now });
		records = dataset.slice({ fromMs: 0, toMs: NOW_MS, order: 'oldestFirst' }, 0, 300);
	});

	afterEach(async () => {
		await simulator.stop();
	});

	const create = async (parameters = {}, options: Partial<WebhookOptions> = {}) =>
		await createPushTrigger({
			credential: { ...DEMO_CREDENTIAL, baseUrl: simulator.url },
			parameters: { event: 'callEnded', ...parameters },
			nodeId: `trigger-${++triggers}`,
			...options,
		});
	/** The same node in a new process, with the saved static data. */
	const restarted = async ({ workflow }: Trigger, parameters = {}) =>
		await create(parameters, { staticData: JSON.parse(JSON.stringify(workflow.staticData)) as IDataObject });
	const warnings = ({ logger }: Trigger) => jest.spyOn(logger, 'warn').mockImplementation(() => {});
	const idsOf = (list: Array<{ voiceId?: unknown }>) => list.map(({ voiceId }) => voiceId);
	const idsOut = ({ items }: PushResult) => idsOf(items.map(({ json }) => json));
	const forged = (record: WireRecord): WireRecord => ({ ...record, voiceId: `1${record.voiceId.slice(1)}` });
	const lookups = () => simulator.requests.map(({ method, path }) => `${method} ${path}`);

	it('answers with a success and outputs the record of the API, not what was pushed', async () => {
		const trigger = await create({ simplify: false });
		const { cost, callee, ...record } = records[0];
		const result = await trigger.push(pushBody([{ ...record, cost: '0.001', callee: '1' }], 'one'));
		expect(result).toMatchObject({ httpStatus: 200, body: { status: '0', reason: 'success' } });
		expect(result.items.map(({ json }) => json)).toMatchObject([{ voiceId: record.voiceId, cost, callee }]);
		expect(lookups()).toEqual([`GET /voice/recordGroup/${record.voiceId}`]);
	});

	it('answers before it looks up the calls', async () => {
		const trigger = await create();
		simulator.failNext({ kind: 'status', status: '-1' });
		const pushing = trigger.push(pushBody(records.slice(0, 1)));
		await expect(pushing).rejects.toMatchObject({
			message: 'ITNIO TECH did not accept the API key or its signature',
			description: expect.stringContaining('not output: 1. Use "Query Voice Records" to find them.'),
		});
	});

	it('outputs the same items as the polling trigger', async () => {
		const credential = { ...DEMO_CREDENTIAL, baseUrl: simulator.url };
		const parameters = { event: 'callEnded', options: { startFrom: 2 } };
		const polled = (await (await createPollContext({ credential, parameters })).poll())![0];
		const confirmed = (await (await create()).push(pushBody(records))).items;
		const unconfirmed = (await (await create({ confirm: false })).push(pushBody(records))).items;
		const byId = (items: typeof polled) =>
			items.map(({ json }) => json).sort((a, b) => (a.voiceId! < b.voiceId! ? -1 : 1));
		expect(byId(confirmed)).toEqual(byId(polled));
		expect(byId(unconfirmed)).toEqual(byId(polled));
	});

	it.each([
		['callFailed', ({ terminationCode }: WireRecord) => !['200', '0'].includes(terminationCode!)],
		['callAnswered', ({ terminationCode }: WireRecord) => ['200', '0'].includes(terminationCode!)],
		['callEnded', () => true],
		['keyPressed', ({ feedbackValue }: WireRecord) => feedbackValue !== '-1'],
	])('outputs only calls with the event %s', async (event, hasEvent) => {
		const expected = idsOf(records.filter(hasEvent));
		expect(expected.length).toBeGreaterThan(10);
		expect(idsOut(await (await create({ event })).push(pushBody(records)))).toEqual(expected);
	});

	it('outputs only calls that match the filters', async () => {
		const expected = idsOf(records.filter(({ code }) => code?.includes('Kandahar')));
		const trigger = await create({ filters: { area: 'kandahar' } });
		expect(idsOut(await trigger.push(pushBody(records)))).toEqual(expected);
	});

	const UNKNOWN = {
		message: 'ITNIO TECH has no record that pushed calls have ended: 2',
		description: expect.stringContaining('use "Query Voice Records" to find them later'),
	};

	it('logs the number of calls without a record but nothing of the push, and outputs the others', async () => {
		const trigger = await create();
		const warn = warnings(trigger);
		const body = pushBody([
			forged(records[0]),
			records[1],
			{ ...forged(records[2]), calledInfo: 'SECRET-1' },
		]);
		expect(idsOut(await trigger.push(body))).toEqual(idsOf([records[1]]));
		expect(warn.mock.calls).toEqual([
			['ITNIO TECH Push Trigger: Pushed calls of which ITNIO TECH has no record that they have ended: 2'],
			[
				'ITNIO TECH Push Trigger: Pushed calls waiting for the next push because ITNIO TECH has no record yet that they have ended: 2',
			],
		]);
	});

	it('looks up a call without a record for ten minutes, then shows a failed execution', async () => {
		const trigger = await create();
		warnings(trigger);
		const pushing = trigger.push(pushBody([forged(records[0]), forged(records[1])]));
		await expect(pushing).rejects.toMatchObject(UNKNOWN);
		const seconds = simulator.requests.map(({ at }) => Math.round((at - NOW_MS) / 1000));
		expect(seconds.filter((_, index) => index % 2 === 0)).toEqual([
			0, 1, 3, 7, 15, 30, 60, 120, 240, 420, 600,
		]);
	});

	it('shows calls given up beside records in the next execution without items', async () => {
		const trigger = await create();
		warnings(trigger);
		simulator.dataset = listDataset([]);
		// Listed only at the last lookup.
		const pushing = trigger.push(pushBody([forged(records[0]), forged(records[2]), records[1]]));
		while (simulator.requests.length < 30) await new Promise(setImmediate);
		simulator.dataset.add(records[1]);
		expect(idsOut(await pushing)).toEqual(idsOf([records[1]]));
		await expect(trigger.push(pushBody([records[1]]))).rejects.toMatchObject(UNKNOWN);
		expect(idsOut(await trigger.push(pushBody([records[1]])))).toEqual([]);
	});

	it('goes on with calls that wait when the workflow is published again', async () => {
		const trigger = await create();
		warnings(trigger);
		simulator.dataset = listDataset([]);
		const pushing = trigger.push(pushBody(records.slice(0, 1)));
		while (simulator.requests.length < 2) await new Promise(setImmediate);
		await trigger.deactivate();
		simulator.dataset.add(records[0]);
		const [first, repeat] = await Promise.all([pushing, trigger.push(pushBody(records.slice(0, 1)))]);
		expect([...idsOut(first), ...idsOut(repeat)]).toEqual(idsOf(records.slice(0, 1)));
	});

	it('treats an ID that the API does not accept as one without a record', async () => {
		const trigger = await create();
		warnings(trigger);
		await expect(trigger.push('{"voiceId":"not-a-number"}')).rejects.toMatchObject({
			message: 'ITNIO TECH has no record that pushed calls have ended: 1',
		});
	});

	describe('a call that ended more than a day ago', () => {
		const shifted = (record: WireRecord, ms: number): WireRecord => {
			const times = ['submitTime', 'callTime', 'ringingTime', 'answerTime', 'hangupTime'] as const;
			const moved = times
				.filter((name) => record[name])
				.map((name) => [name, wireTime(Date.parse(record[name]!) + ms)] as const);
			return { ...record, ...Object.fromEntries(moved) };
		};
		const LOGGED = [
			'ITNIO TECH Push Trigger: Pushed calls not output because they ended more than a day ago: 1',
		];

		it.each([
			['confirmed', true],
			['unconfirmed', false],
		])('is no news, and is logged: %s', async (_case, confirm) => {
			const old = shifted(records[0], -30 * DAY_MS);
			simulator.dataset = listDataset([old, records[1]]);
			const trigger = await create({ confirm });
			const warn = warnings(trigger);
			expect(idsOut(await trigger.push(pushBody([old, records[1]])))).toEqual(idsOf([records[1]]));
			expect(warn.mock.calls).toEqual([LOGGED]);
		});

		it('is not output again by a repeat, however late that comes', async () => {
			const trigger = await create();
			warnings(trigger);
			expect((await trigger.push(pushBody([records[0]]))).items).toHaveLength(1);
			for (const hours of [1, 22, 23.5, 24, 24.5, 25, 50, 24 * 30]) {
				clock.ms = NOW_MS + hours * HOUR_MS;
				expect((await (await restarted(trigger)).push(pushBody([records[0]]))).items).toEqual([]);
			}
		});

		it.each([
			['ahead', 30],
			['behind', -30],
		])('is judged by the clock of the service when this server is %s', async (_case, hours) => {
			simulator.behaviour.clockSkewMs = -hours * HOUR_MS;
			const call = shifted(records[0], -hours * HOUR_MS);
			const old = shifted(records[1], -hours * HOUR_MS - DAY_MS - HOUR_MS);
			simulator.dataset = listDataset([call, old]);
			const trigger = await create();
			warnings(trigger);
			expect(idsOut(await trigger.push(pushBody([call, old])))).toEqual(idsOf([call]));
		});
	});

	describe('a repeat', () => {
		it('is dropped and not looked up again', async () => {
			const trigger = await create();
			await trigger.push(pushBody(records.slice(0, 2)));
			simulator.resetStats();
			expect(idsOut(await trigger.push(pushBody(records.slice(1, 3))))).toEqual(idsOf([records[2]]));
			expect(simulator.requests).toHaveLength(1);
		});

		it('is dropped when the call did not have the event', async () => {
			const trigger = await create({ event: 'keyPressed' });
			await trigger.push(pushBody(records.slice(0, 20)));
			simulator.resetStats();
			expect((await trigger.push(pushBody(records.slice(0, 20)))).items).toEqual([]);
			expect(simulator.requests).toEqual([]);
		});

		it('is dropped even if calls are not confirmed', async () => {
			const trigger = await create({ confirm: false });
			const body = pushBody(records.slice(0, 2));
			expect([await trigger.push(body), await trigger.push(body)].map(({ items }) => items.length)).toEqual([
				2, 0,
			]);
			expect(simulator.requests).toEqual([]);
		});

		it('is output in another workflow', async () => {
			await (await create()).push(pushBody(records.slice(0, 2)));
			expect((await (await create()).push(pushBody(records.slice(0, 2)))).items).toHaveLength(2);
		});
	});

	it.each([
		['not JSON', 'voiceId=1', 400],
		['without a call', '{"hello":"world"}', 400],
		['too large', JSON.stringify({ voiceId: '1', x: 'y'.repeat(4 * 1024 * 1024) }), 400],
	])('rejects a body that is %s, and repeats nothing of it', async (_case, body, httpStatus) => {
		const trigger = await create();
		const warn = warnings(trigger);
		const result = await trigger.push(body);
		expect(result).toMatchObject({ httpStatus, items: [] });
		expect(JSON.stringify([result.body, warn.mock.calls])).not.toMatch(/hello|world|yyy|voiceId=/);
		expect(simulator.requests).toEqual([]);
	});

	it.each(['[]', '{"array":[]}'])('accepts a push without calls: %s', async (body) => {
		const trigger = await create();
		const warn = warnings(trigger);
		expect(await trigger.push(body)).toMatchObject({ httpStatus: 200, items: [] });
		expect([warn.mock.calls, simulator.requests]).toEqual([[], []]);
	});

	it('rejects a sender that is not allowed', async () => {
		const trigger = await create({ options: { allowedIps: '203.0.113.0/24' } });
		warnings(trigger);
		expect(await trigger.push(pushBody(records.slice(0, 1)), '198.51.100.1')).toMatchObject({
			httpStatus: 403,
			items: [],
		});
		expect(await trigger.push(pushBody(records.slice(0, 1)), '::ffff:203.0.113.9')).toMatchObject({
			httpStatus: 200,
		});
	});

	it.each<[string, unknown]>([
		['a number', 5],
		['nothing, by an expression', '={{ undefined }}'],
		['an object', '={{ ({}) }}'],
		['commas only', ' , '],
		['no address', 'my server'],
	])('lets nobody in when the allow-list is %s, and says so', async (_case, allowedIps) => {
		const trigger = await create({ options: { allowedIps } as INodeParameters });
		const message = expect.stringContaining('"Allowed IP Addresses"');
		const warn = warnings(trigger);
		const result: PushResult = { items: [] };
		const pushing = trigger.push(pushBody(records.slice(0, 1)), '203.0.113.7', result);
		await expect(pushing).rejects.toMatchObject({ message });
		expect(result).toMatchObject({ httpStatus: 403, items: [] });
		expect(warn).toHaveBeenCalledTimes(1);
		await expect(trigger.activate()).rejects.toMatchObject({ message });
		expect(simulator.requests).toEqual([]);
	});

	it('refuses a sender that is not allowed whatever else is wrong', async () => {
		const trigger = await create({ event: 'unknown', options: { allowedIps: '203.0.113.0/24' } });
		warnings(trigger);
		expect(await trigger.push(pushBody(records.slice(0, 1)))).toMatchObject({ httpStatus: 403 });
	});

	describe('while the API is away', () => {
		/** Answers one lookup, and refuses the next ones. */
		const goAway = (refused: number) => {
			const refusals = Array<Fault>(refused).fill({ kind: 'http', httpStatus: 503 });
			simulator.failNext({ kind: 'slow', ms: 0 }, ...refusals);
		};

		it('says in the end how many could not be confirmed', async () => {
			const trigger = await create();
			goAway(10_000);
			await expect(trigger.push(pushBody(records.slice(0, 5)))).rejects.toMatchObject({
				description: expect.stringMatching(/not output: 4\. Verified, but not output either: 1\. Use/),
			});
			simulator.resetStats();
			expect(idsOut(await trigger.push(pushBody(records.slice(0, 5))))).toEqual(idsOf(records.slice(0, 5)));
		});
	});

	describe('what only a push tells', () => {
		const PUSHED = {
			type: 2,
			callStatus: '30',
			taskId: 'task-1',
			sourceTaskId: 'task-0',
			recordingFileId: 'file-1',
			outRecallCount: 1,
			ringDuration: 7,
			scriptId: 3,
			intent: 'interested',
			dimensionId: 'd-1',
		};

		it.each([true, false])('is output beside the record (confirmed: %p)', async (confirm) => {
			const trigger = await create({ confirm, simplify: false });
			const [{ json }] = (await trigger.push(JSON.stringify({ ...records[0], ...PUSHED }))).items;
			expect(json).toMatchObject({ ...PUSHED, voiceId: records[0].voiceId, cost: records[0].cost });
		});

		it('is all that is added to the record', async () => {
			const trigger = await create({ simplify: false });
			const [{ json: record }] = (await trigger.push(JSON.stringify(records[0]))).items;
			const pushed = { ...records[0], ...PUSHED, cost: '0.001', feedbackValue: '9', unknown: 'x' };
			const again = await create({ simplify: false });
			const [{ json }] = (await again.push(JSON.stringify(pushed))).items;
			expect(json).toEqual({ ...record, ...PUSHED });
		});
	});

	it('rejects a push when too many calls wait, so that ITNIO can send it again', async () => {
		const trigger = await create();
		warnings(trigger);
		const many = (from: number) =>
			JSON.stringify(Array.from({ length: 2000 }, (_, id) => ({ voiceId: String(from + id) })));
		simulator.failNext(...Array<Fault>(40).fill({ kind: 'status', status: '-1' }));
		const results = await Promise.all(
			Array.from(
				{ length: 11 },
				async (_, nth) => await trigger.push(many(nth * 2000)).catch(() => undefined),
			),
		);
		expect(results.filter((result) => result?.httpStatus === 503)).toHaveLength(1);
	});

	it('takes a push of 2,000 calls with long references', async () => {
		simulator.dataset = seededDataset({ count: 2000, from: NOW_MS - HOUR_MS, to: NOW_MS, seed: 5 });
		const calls = simulator.dataset.slice({ fromMs: 0, toMs: NOW_MS, order: 'oldestFirst' }, 0, 2000);
		const body = pushBody(calls.map((record) => ({ ...record, calledInfo: '参'.repeat(400) })));
		const { httpStatus, items } = await (await create({ confirm: false })).push(body);
		expect([httpStatus, items.length]).toEqual([200, 2000]);
		expect((await (await create()).push(body)).items).toHaveLength(2000);
	});

	describe('a test in the editor', () => {
		const manual = { mode: 'manual' } as const;

		it('outputs a call again, and stores nothing', async () => {
			const trigger = await create({}, manual);
			const body = pushBody(records.slice(0, 1));
			expect([await trigger.push(body), await trigger.push(body)].map(({ items }) => items.length)).toEqual([
				1, 1,
			]);
			expect(trigger.workflow.staticData).toEqual({});
		});

		it('outputs all calls if none has the event', async () => {
			const answered = records.filter(({ terminationCode }) => terminationCode === '200').slice(0, 2);
			const trigger = await create({ event: 'callFailed' }, manual);
			expect((await trigger.push(pushBody(answered))).items).toHaveLength(2);
		});

		it('does not affect the active workflow when it ends', async () => {
			const active = await create({}, { nodeId: 'same' });
			await active.push(pushBody(records.slice(0, 1)));
			active.workflow.staticData = {};
			await (await create({}, { ...manual, nodeId: 'same' })).deactivate();
			expect((await active.push(pushBody(records.slice(0, 1)))).items).toEqual([]);
		});
	});

	describe('an activation', () => {
		it('fails with the message of the API if calls could not be confirmed', async () => {
			simulator.failNext({ kind: 'status', status: '-1' });
			await expect((await create()).activate()).rejects.toMatchObject({
				message: 'ITNIO TECH did not accept the API key or its signature',
			});
		});

		it('fails with the name of the parameter that is not valid', async () => {
			const trigger = await create({ options: { allowedIps: 'itniotech.com' } });
			await expect(trigger.activate()).rejects.toMatchObject({
				message: '"Allowed IP Addresses" contains an invalid address: itniotech.com',
			});
			expect(simulator.requests).toEqual([]);
		});

		it('succeeds when the API answers', async () => await (await create()).activate());

		it('sends nothing if calls are not confirmed', async () => {
			await (await create({ confirm: false })).activate();
			expect(simulator.requests).toEqual([]);
		});

		it.each(['init', 'leadershipChange'] as const)('sends nothing when n8n starts (%s)', async (mode) => {
			simulator.failNext({ kind: 'status', status: '-1' });
			await (await create()).activate(mode);
			await (await create({ event: 'unknown', options: { allowedIps: 'nobody' } })).activate(mode);
			expect(simulator.requests).toEqual([]);
		});

		it.each<[string, INodeParameters, string]>([
			['a refused key', {}, 'ITNIO TECH did not accept the API key'],
			['a parameter', { options: { allowedIps: 'nobody' } }, '"Allowed IP Addresses"'],
			['a filter without a value', { filters: { area: '={{ undefined }}' } }, '"Area" has no value'],
		])(
			'that n8n may do without a person is not refused because of %s, but logged',
			async (_, parameters, message) => {
				const trigger = await create(parameters);
				const staticData = { 'node:ITNIO TECH Push Trigger': { recentCalls: '' } };
				const again = await create(parameters, { staticData });
				const error = jest.spyOn(again.logger, 'error').mockImplementation(() => {});
				simulator.failNext({ kind: 'status', status: '-1' });
				await again.activate('update');
				expect(error.mock.calls).toEqual([[expect.stringContaining(message)]]);
				simulator.failNext({ kind: 'status', status: '-1' });
				await expect(trigger.activate('update')).rejects.toThrow(message);
			},
		);
	});
});
