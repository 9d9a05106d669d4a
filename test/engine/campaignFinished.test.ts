import type { IDataObject } from 'n8n-workflow';

import type { Behaviour } from '../simulator/behaviour';
import { DEMO_CREDENTIAL, startSimulator, type Simulator } from '../simulator/simulator';
import { createPollContext } from './support/engine';
import { usePolling, type Trigger } from './support/polling';
import type * as TestClocks from '../support/testClock';
import { DAY_MS, HOUR_MS, MINUTE_MS, NOW_MS } from '../support/times';

jest.mock('n8n-workflow', () =>
	jest.requireActual<typeof TestClocks>('../support/testClock').n8nOnTestClock(),
);

const CAMPAIGN = { event: 'campaignFinished' };
const NUMBERS = ['15550100', '15550101', '15550102'];

describe('the event Campaign Finished in n8n’s engine', () => {
	const service = usePolling();
	const { clock, create, edited, itemsAfter, logged } = service;
	let simulator: Simulator;

	beforeEach(() => {
		simulator = service.simulator;
	});

	const add = (taskName: string, changes: object = {}) =>
		simulator.addTask({ taskName, numbers: NUMBERS, ...changes });
	const namesAfter = async (trigger: Trigger, ms: number) =>
		(await itemsAfter(trigger, ms))?.map(({ name }) => name) ?? null;
	const play = (changes: Partial<Behaviour>) => Object.assign(simulator.behaviour, changes);
	const requestsOf = async (work: () => Promise<unknown>) => {
		const before = simulator.requests.length;
		await work();
		return simulator.requests.length - before;
	};

	it('outputs a campaign that is done, with its figures, once', async () => {
		play({ terminationCodes: { '15550101': '486' }, pressedKeys: { '15550100': '1' } });
		const trigger = await create(CAMPAIGN);
		expect(await itemsAfter(trigger, 0)).toBeNull();
		add('March offer');
		expect(await itemsAfter(trigger, 5_000)).toBeNull();
		expect(await itemsAfter(trigger, MINUTE_MS)).toEqual([
			{
				campaignId: '5000602',
				name: 'March offer',
				status: 'done',
				numbers: 3,
				answered: 2,
				failed: 1,
				answerRate: 0.6667,
				keysPressed: 1,
				createdAt: '2026-11-20T16:00:00+08:00',
				finishedAt: '2026-11-20T16:00:18+08:00',
			},
		]);
		expect(await itemsAfter(trigger, MINUTE_MS)).toBeNull();
	});

	it('outputs a campaign once that one page lists twice', async () => {
		const trigger = await create(CAMPAIGN);
		await trigger.poll();
		const row = { jobId: 5000602, taskName: 'March offer', status: 2 };
		const body = JSON.stringify({ code: 0, data: { records: [row, row], total: 2 } });
		add('March offer');
		simulator.failNext({ kind: 'body', body }, { kind: 'body', body });
		expect(await namesAfter(trigger, MINUTE_MS)).toEqual(['March offer']);
		expect(await namesAfter(trigger, MINUTE_MS)).toBeNull();
	});

	it('logs that campaigns have no ID, and outputs the others', async () => {
		const trigger = await create(CAMPAIGN);
		await trigger.poll();
		add('March offer');
		const row = { taskName: 'x', status: 2 };
		const records = [row, { jobId: 5000602, ...row, taskName: 'March offer' }, { ...row, jobId: '' }];
		const body = JSON.stringify({ code: 0, data: { records, total: 3 } });
		// One page: the rows without an ID count, too.
		simulator.failNext({ kind: 'body', body });
		const log = logged(trigger, 'warn');
		expect(await namesAfter(trigger, MINUTE_MS)).toEqual(['March offer']);
		expect(log).toHaveBeenCalledWith(
			'ITNIO TECH Trigger: campaigns that ITNIO TECH lists without an ID, which cannot be output: at least 2',
		);
		expect(log).toHaveBeenCalledTimes(1);
		expect(await namesAfter(trigger, MINUTE_MS)).toBeNull();
		expect(log).toHaveBeenCalledTimes(1);
	});

	it('outputs one that was cancelled or could not be started, none that is suspended, oldest end first', async () => {
		play({ failingTasks: /wrong/ });
		const trigger = await create(CAMPAIGN);
		await trigger.poll();
		const [cancelled, suspended] = [add('cancelled'), add('suspended')];
		add('wrong');
		clock.ms += 5_000;
		cancelled.cancel(clock.ms);
		suspended.toggleSuspended(clock.ms);
		expect(await itemsAfter(trigger, MINUTE_MS)).toMatchObject([
			{ name: 'wrong', status: 'failed' },
			{ name: 'cancelled', status: 'cancelled' },
		]);
		suspended.toggleSuspended(clock.ms);
		expect(await namesAfter(trigger, MINUTE_MS)).toEqual(['suspended']);
	});

	it('ignores what had ended before the activation, also when it is listed after it', async () => {
		add('before');
		const late = add('late');
		late.listedFromMs = NOW_MS + 2 * HOUR_MS;
		clock.ms += 10 * MINUTE_MS;
		add('going on', { sendMs: clock.ms + HOUR_MS });
		const trigger = await create(CAMPAIGN);
		expect(await itemsAfter(trigger, 0)).toBeNull();
		expect(await namesAfter(trigger, 3 * HOUR_MS)).toEqual(['going on']);
	});

	it.each<Partial<Behaviour>>([
		{},
		{ maxSize: 1 },
		{ searchCount: false },
		{ order: 'none', pastTheEnd: 'lastPage' },
	])('asks once a poll where nothing is new, and notices one that is listed late: %j', async (changes) => {
		const trigger = await create(CAMPAIGN);
		for (let nth = 0; nth < 99; nth++) add(`campaign ${nth}`);
		clock.ms += HOUR_MS;
		await trigger.poll();
		expect(await requestsOf(async () => await itemsAfter(trigger, MINUTE_MS))).toBe(1);
		play(changes);
		add('late').listedFromMs = clock.ms + 23 * HOUR_MS;
		expect(await namesAfter(trigger, HOUR_MS)).toBeNull();
		expect(await namesAfter(trigger, 22 * HOUR_MS)).toEqual(['late']);
	});

	it.each<Partial<Behaviour>>([
		{ taskEnvelope: 'status/reason' },
		{ taskIds: 'text', firstTaskId: '90071992547409931' },
		{ taskIdField: 'taskId' },
		{ taskCountsAs: 'text' },
		{ emptyFields: 'absent' },
		{ taskRangeFilter: 'sendTime' },
		{ readsStatusList: false },
		{ endsInclusive: false },
		{ emptyRecords: 'null' },
		{ taskMaxRangeDays: 31 },
	])('reads the service as %j', async (changes) => {
		play(changes);
		const trigger = await create(CAMPAIGN);
		await trigger.poll();
		const { id } = add('March offer', { sendMs: clock.ms + 20 * DAY_MS });
		expect(await itemsAfter(trigger, 10 * DAY_MS)).toBeNull();
		expect(await itemsAfter(trigger, 10 * DAY_MS + MINUTE_MS)).toMatchObject([
			{ campaignId: id, status: 'done', numbers: 3, answered: 3, failed: 0 },
		]);
		expect(await itemsAfter(trigger, DAY_MS)).toBeNull();
	});

	it('goes on after days off line, and after an older state came back', async () => {
		const trigger = await create(CAMPAIGN);
		await trigger.poll();
		const older = service.stateOf(trigger);
		add('first');
		expect(await namesAfter(trigger, MINUTE_MS)).toEqual(['first']);
		const saved = service.stateOf(trigger);
		add('second', { sendMs: clock.ms + DAY_MS });
		clock.ms += MINUTE_MS;
		await trigger.poll();
		const restarted = await create(CAMPAIGN, { staticData: saved });
		expect(await namesAfter(restarted, 9 * DAY_MS)).toEqual(['second']);
		// Where nothing was saved since, it was not output either.
		const again = await create(CAMPAIGN, { staticData: older });
		expect(await namesAfter(again, 0)).toEqual(['first', 'second']);
	});

	it('edits of what is output change nothing of what is news', async () => {
		const trigger = await create(CAMPAIGN);
		add('first');
		await trigger.poll();
		const raw = await edited(trigger, { ...CAMPAIGN, simplify: false });
		const items = (await itemsAfter(raw, MINUTE_MS)) as IDataObject[];
		expect(items).toMatchObject([{ jobId: 5000602, taskName: 'first', callNum: 3, callTotal: 3, status: 2 }]);
		const other = await edited(raw, { ...CAMPAIGN, options: { timezone: 'Europe/Berlin' } });
		add('second');
		expect(await itemsAfter(other, MINUTE_MS)).toMatchObject([
			{ name: 'second', createdAt: '2026-11-20T09:01:00+01:00' },
		]);
	});

	it('outputs what another account has had within a day as campaigns that are listed late', async () => {
		const trigger = await create(CAMPAIGN);
		await trigger.poll();
		await itemsAfter(trigger, 10 * DAY_MS);
		await service.simulator.stop();
		const apiKey = 'other-key';
		simulator = service.simulator = await startSimulator({ apiKey });
		for (const hours of [30, 5]) {
			clock.ms = NOW_MS + 10 * DAY_MS - hours * HOUR_MS;
			add(`of ${hours} hours ago`);
		}
		clock.ms = NOW_MS + 10 * DAY_MS;
		const credential = { ...DEMO_CREDENTIAL, apiKey, baseUrl: simulator.url };
		const next = await edited(trigger, CAMPAIGN, { credential });
		expect(await namesAfter(next, MINUTE_MS)).toEqual(['of 5 hours ago']);
		expect(await namesAfter(next, MINUTE_MS)).toBeNull();
	});

	it('takes over from another event, and hands over to it, without a word about the state', async () => {
		const calls = await create({ event: 'callFailed' });
		const warned = logged(calls, 'warn');
		await calls.poll();
		add('before');
		clock.ms += MINUTE_MS;
		const trigger = await edited(calls, CAMPAIGN);
		const logs = [warned, logged(trigger, 'warn')];
		expect(await itemsAfter(trigger, 0)).toBeNull();
		add('after');
		expect(await namesAfter(trigger, MINUTE_MS)).toEqual(['after']);
		const balance = await edited(trigger, { event: 'balanceLow', threshold: 1 });
		logs.push(logged(balance, 'warn'));
		await balance.poll();
		const callsAgain = await edited(trigger, { event: 'callEnded' });
		logs.push(logged(callsAgain, 'warn'));
		await callsAgain.poll();
		for (const log of logs) expect(log).not.toHaveBeenCalled();
	});

	it.each([0, -5, 3, 14])(
		'outputs what it saw begin, in whichever timezone times are: UTC%d',
		async (zone) => {
			play({ taskZoneHours: zone });
			const trigger = await create(CAMPAIGN);
			await trigger.poll();
			add('first');
			expect(await itemsAfter(trigger, 5_000)).toBeNull();
			expect(await namesAfter(trigger, MINUTE_MS)).toEqual(['first']);
			expect(await itemsAfter(trigger, MINUTE_MS)).toBeNull();
		},
	);

	it('outputs one once whose status goes back', async () => {
		const trigger = await create(CAMPAIGN);
		await trigger.poll();
		const task = add('first');
		expect(await namesAfter(trigger, MINUTE_MS)).toEqual(['first']);
		const row = (status: number) =>
			`{"code":0,"data":{"total":1,"records":[{"jobId":"${task.id}","taskName":"first","status":${status}}]}}`;
		for (const status of [1, 2, 7]) {
			simulator.failNext({ kind: 'body', body: row(status) });
			expect(await itemsAfter(trigger, MINUTE_MS)).toBeNull();
		}
	});

	it('says that it starts over where a state cannot be read', async () => {
		const trigger = await create(CAMPAIGN, {
			staticData: { 'node:ITNIO TECH Trigger': { checkpoint: { x: 1 } } },
		});
		const warn = logged(trigger, 'warn');
		await trigger.poll();
		expect(warn).toHaveBeenCalledWith(expect.stringContaining('it starts over from now'));
	});

	it('outputs the figures of the list where the details are missing, and waits where the service is busy', async () => {
		const trigger = await create(CAMPAIGN);
		await trigger.poll();
		const warn = logged(trigger, 'warn');
		add('first');
		clock.ms += MINUTE_MS;
		simulator.failNext({ kind: 'slow', ms: 0 }, { kind: 'status', status: '-24' });
		expect(await itemsAfter(trigger, 0)).toMatchObject([
			{ name: 'first', status: 'done', answered: 3, finishedAt: null },
		]);
		expect(warn).not.toHaveBeenCalled();
		add('second');
		clock.ms += MINUTE_MS;
		const before = service.stateOf(trigger);
		simulator.failNext({ kind: 'slow', ms: 0 }, ...Array(5).fill({ kind: 'status', status: '-18' }));
		await expect(trigger.poll()).rejects.toThrow();
		expect(service.stateOf(trigger)).toEqual(before);
		expect(await namesAfter(trigger, MINUTE_MS)).toEqual(['second']);
	});

	it('outputs none again when an older one appears later, where the list goes by the time to call', async () => {
		play({ taskRangeFilter: 'sendTime' });
		const trigger = await create(CAMPAIGN);
		await trigger.poll();
		const scheduled = add('scheduled', { sendMs: clock.ms + 5 * DAY_MS });
		scheduled.toggleSuspended(clock.ms);
		clock.ms += HOUR_MS;
		add('done');
		expect(await namesAfter(trigger, MINUTE_MS)).toEqual(['done']);
		for (let day = 0; day < 6; day++) expect(await namesAfter(trigger, DAY_MS)).toBeNull();
		scheduled.toggleSuspended(clock.ms);
		expect(await namesAfter(trigger, MINUTE_MS)).toEqual(['scheduled']);
	});

	it('goes on when the clock of the service is set back', async () => {
		clock.ms += 30 * DAY_MS;
		const trigger = await create(CAMPAIGN);
		await trigger.poll();
		await itemsAfter(trigger, MINUTE_MS);
		clock.ms -= 30 * DAY_MS;
		add('first');
		expect(await namesAfter(trigger, MINUTE_MS)).toEqual(['first']);
		expect(await namesAfter(trigger, MINUTE_MS)).toBeNull();
	});

	it('stops following one that has not ended for three months, and says so', async () => {
		const trigger = await create(CAMPAIGN);
		const error = logged(trigger, 'error');
		add('suspended').toggleSuspended(clock.ms);
		await trigger.poll();
		await itemsAfter(trigger, 91 * DAY_MS);
		expect(error).not.toHaveBeenCalled();
		await itemsAfter(trigger, 2 * DAY_MS);
		expect(error).toHaveBeenCalledWith(
			expect.stringMatching(/no longer followed, because no end was listed within 92 days: 1$/),
		);
		await itemsAfter(trigger, 2 * DAY_MS);
		expect(error).toHaveBeenCalledTimes(1);
	});

	it('outputs many that ended while n8n was off in several polls, each once', async () => {
		const trigger = await create(CAMPAIGN);
		await trigger.poll();
		for (let nth = 0; nth < 130; nth++) add(`campaign ${nth}`);
		const names = [
			...((await namesAfter(trigger, 5 * DAY_MS)) ?? []),
			...((await namesAfter(trigger, MINUTE_MS)) ?? []),
		];
		expect(new Set(names).size).toBe(130);
		expect(names).toHaveLength(130);
		expect(await namesAfter(trigger, MINUTE_MS)).toBeNull();
	});

	it('shows the newest one that has ended as an example, or says that there is none', async () => {
		const sample = async () =>
			(
				await createPollContext({
					credential: { apiKey: 'demo-key', apiSecret: 'demo-secret', baseUrl: simulator.url },
					timezone: 'Asia/Singapore',
					parameters: CAMPAIGN,
					mode: 'manual',
				})
			).poll();
		await expect(sample()).rejects.toThrow('No campaign of the last three months has ended');
		add('first');
		clock.ms += MINUTE_MS;
		add('second');
		clock.ms += MINUTE_MS;
		add('third');
		expect((await sample())?.[0].map(({ json }) => json.name)).toEqual(['second']);
	});
});
