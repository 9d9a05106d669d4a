import type { IDataObject, INodeParameters, WorkflowActivateMode } from 'n8n-workflow';
import { DEMO_CREDENTIAL, type Fault } from '../simulator/simulator';
import { casesOf } from '../support/runs';
import { MINUTE_MS, NOW_MS } from '../support/times';
import { createPollContext } from './support/engine';
import { call, usePolling, type Trigger } from './support/polling';
import type * as TestClocks from '../support/testClock';

jest.mock('n8n-workflow', () =>
	jest.requireActual<typeof TestClocks>('../support/testClock').n8nOnTestClock(),
);

describe('a trigger that n8n starts', () => {
	const service = usePolling();
	const { create, idsAfter, itemsAfter, stateOf, logged } = service;

	/** For good, until `setUp` of the test after it. */
	const fails = (fault: Fault) => () =>
		service.simulator.failNext(...Array.from({ length: 500 }, () => fault));
	const nothing = () => {};
	const CLOSED = { ...DEMO_CREDENTIAL, baseUrl: 'http://127.0.0.1:9' };
	const http = (httpStatus: number, headers = {}) => fails({ kind: 'http', httpStatus, headers });
	const alarm = (options = {}): INodeParameters => ({
		event: 'thresholdCrossed',
		metric: 'failureRate',
		...options,
	});
	const ALARM = { condition: 'above', threshold: 20, windowMinutes: 60, minimumCalls: 1 };

	/** What is wrong, and the message that a person sees. */
	const TROUBLE: Array<
		[string, { parameters?: INodeParameters; arrange?(): void; credential?: typeof CLOSED }, string]
	> = [
		['HTTP 503', { arrange: http(503) }, 'ITNIO TECH'],
		['HTTP 429', { arrange: http(429, { 'Retry-After': '30' }) }, 'too many requests'],
		['HTTP 429 for a day', { arrange: http(429, { 'Retry-After': '86400' }) }, 'too many requests'],
		['a refused connection', { credential: CLOSED }, 'could not be reached'],
		['a web page', { arrange: fails({ kind: 'html' }) }, 'is not the ITNIO TECH API'],
		['a refused key', { arrange: fails({ kind: 'status', status: '-1' }) }, 'API key'],
		['a restricted IP', { arrange: fails({ kind: 'status', status: '-2' }) }, 'IP address'],
		['a parameter', { parameters: { options: { lookback: 0 } } }, '"Look-Back (Minutes)"'],
		['an event', { parameters: { event: 'callLost' } }, '"Event"'],
		['an alarm and HTTP 503', { parameters: alarm(ALARM), arrange: http(503) }, 'ITNIO TECH'],
		['a window', { parameters: alarm({ ...ALARM, windowMinutes: 5000 }) }, '"Window (Minutes)"'],
		[
			'a balance that is no number',
			{
				parameters: { event: 'balanceLow', threshold: 10 },
				arrange: () => (service.simulator.behaviour.balance = 'abc'),
			},
			'abc',
		],
	];
	const RESTARTS: Array<[WorkflowActivateMode, number | undefined]> = [
		['init', undefined],
		['init', 300_000],
		['leadershipChange', 300_000],
		['update', undefined],
		['update', 45_000],
		['update', 300_000],
	];
	/** With and without a state. */
	const PUBLISHED: Array<[WorkflowActivateMode, boolean]> = [
		['activate', false],
		['activate', true],
		['update', false],
	];

	const stored = async (parameters: INodeParameters = {}): Promise<IDataObject> => {
		const trigger = await create(parameters);
		await trigger.poll();
		return stateOf(trigger);
	};
	const errorsOf = (trigger: Trigger) => logged(trigger, 'error').mock.calls.map(([text]) => String(text));

	const ROWS = TROUBLE.map((trouble, row) => [...trouble, row] as const);

	describe.each(ROWS)(
		'and meets %s',
		(_, { parameters = {}, arrange = nothing, credential }, message, row) => {
			it.each(casesOf(RESTARTS, row))(
				'again is not turned off (%s, budget %p): the next poll shows it',
				async (activation, budgetMs) => {
					const staticData = await stored();
					const trigger = await create(parameters, {
						staticData,
						activation,
						budgetMs,
						...(credential && { credential }),
					});
					const error = logged(trigger, 'error');
					const before = stateOf(trigger);
					arrange();
					expect(await trigger.poll()).toBeNull();
					expect(error.mock.calls).toEqual([[expect.stringContaining(message)]]);
					expect(stateOf(trigger)).toEqual(before);
					await expect(idsAfter(trigger, MINUTE_MS)).rejects.toMatchObject({
						message: expect.stringContaining(message) as string,
					});
					expect(stateOf(trigger)).toEqual(before);
					expect(error).toHaveBeenCalledTimes(1);
				},
			);

			it.each(casesOf(PUBLISHED, row))(
				'for the person who publishes is refused (%s, with state: %p)',
				async (activation, hasState) => {
					const staticData = hasState ? await stored() : undefined;
					const trigger = await create(parameters, {
						staticData,
						activation,
						...(credential && { credential }),
					});
					arrange();
					await expect(trigger.poll()).rejects.toMatchObject({
						message: expect.stringContaining(message) as string,
					});
				},
			);

			it('for a test in the editor tells what is wrong', async () => {
				const trigger = await create(parameters, {
					mode: 'manual',
					activation: 'manual',
					...(credential && { credential }),
				});
				arrange();
				await expect(trigger.poll()).rejects.toMatchObject({
					message: expect.stringContaining(message) as string,
				});
			});
		},
	);

	it.each(RESTARTS)(
		'outputs each call once when the service is back (%s, budget %p)',
		async (activation, budgetMs) => {
			const staticData = await stored();
			const trigger = await create({}, { staticData, activation, budgetMs });
			errorsOf(trigger);
			service.simulator.dataset.add(call('down', 1000));
			http(503)();
			expect(await idsAfter(trigger, MINUTE_MS)).toBeNull();
			await expect(idsAfter(trigger, MINUTE_MS)).rejects.toThrow();
			service.simulator.resetStats();
			service.simulator.dataset.add(call('back', 3 * MINUTE_MS));
			expect((await idsAfter(trigger, 5 * MINUTE_MS))?.sort()).toEqual(['back', 'down']);
			expect(await idsAfter(trigger, MINUTE_MS)).toBeNull();
		},
	);

	it('has no state yet, and begins with the first poll that succeeds', async () => {
		const trigger = await create({}, { activation: 'init' });
		errorsOf(trigger);
		http(503)();
		expect(await trigger.poll()).toBeNull();
		service.simulator.resetStats();
		expect(await idsAfter(trigger, MINUTE_MS)).toBeNull();
		service.simulator.dataset.add(call('1', service.clock.ms + 1000 - NOW_MS));
		expect(await idsAfter(trigger, MINUTE_MS)).toEqual(['1']);
	});

	it('shows a failing poll after one that succeeded, also in the durable scheduler, which registers each poll', async () => {
		const options = {
			nodeId: 'durable',
			activation: 'update',
			budgetMs: 45_000,
			staticData: await stored(),
		} as const;
		expect(await (await create({}, options)).poll()).toBeNull();
		fails({ kind: 'status', status: '-1' })();
		await expect((await create({}, options)).poll()).rejects.toThrow('API key');
	});

	it.each<[WorkflowActivateMode, number | undefined]>([
		['init', undefined],
		['leadershipChange', 300_000],
		['update', 300_000],
	])('again in the same process is not turned off either (%s)', async (activation, budgetMs) => {
		const options = { nodeId: `again ${activation}`, staticData: await stored(), budgetMs };
		await (await create({}, { ...options, activation: 'init' })).poll();
		fails({ kind: 'status', status: '-1' })();
		const again = await create({}, { ...options, activation });
		expect(errorsOf(again)).toEqual([]);
		expect(await again.poll()).toBeNull();
		await expect(again.poll()).rejects.toThrow('API key');
	});

	describe('while a poll of the one published before runs', () => {
		const duringPoll = async <T>(nodeId: string, work: () => Promise<T>) => {
			const trigger = await create({}, { nodeId });
			await trigger.poll();
			service.simulator.dataset.add(call('1', 1000));
			const { helpers } = trigger.context;
			const send = helpers.httpRequestWithAuthentication;
			let result: Promise<PromiseSettledResult<T>> | undefined;
			helpers.httpRequestWithAuthentication = async (...args) => {
				result ??= Promise.allSettled([work()]).then(([one]) => one);
				await result;
				return (await send.apply(trigger.context, args)) as unknown;
			};
			const ids = await idsAfter(trigger, MINUTE_MS);
			return { ids, result: await result, staticData: stateOf(trigger) };
		};

		it.each<[WorkflowActivateMode, boolean]>([
			['activate', true],
			['activate', false],
			['update', true],
		])(
			'is refused with another key, before n8n 2.41 too (%s, with state: %p)',
			async (activation, hasState) => {
				const staticData = hasState ? await stored() : undefined;
				const nodeId = `published again ${activation} ${hasState}`;
				const credential = { ...DEMO_CREDENTIAL, apiKey: 'wrong', baseUrl: service.simulator.url };
				const { ids, result } = await duringPoll(nodeId, async () => {
					const again = await createPollContext({
						credential,
						parameters: { event: 'callFailed' },
						nodeId,
						staticData,
						activation,
					});
					return await again.poll();
				});
				expect(ids).toEqual(['1']);
				expect(result).toMatchObject({
					status: 'rejected',
					reason: { message: expect.stringContaining('API key') as string },
				});
			},
		);

		it('is accepted, and outputs nothing that the running poll outputs', async () => {
			const nodeId = 'published again rightly';
			let again: Trigger | undefined;
			const { ids, result } = await duringPoll(nodeId, async () => {
				again = await create({}, { nodeId });
				return await again.poll();
			});
			expect([ids, result]).toEqual([['1'], { status: 'fulfilled', value: null }]);
			expect(await idsAfter(again!, MINUTE_MS)).toBeNull();
		});
	});

	it('of forty of one account that n8n starts together, where five requests a second are allowed, polls', async () => {
		const triggers = await Promise.all(
			Array.from(
				{ length: 40 },
				async () => await create({}, { activation: 'init', staticData: await stored() }),
			),
		);
		for (const trigger of triggers) errorsOf(trigger);
		let second = 0;
		let sent = 0;
		const { dataset } = service.simulator;
		dataset.add(call('1', 1000));
		service.simulator.dataset = {
			...dataset,
			count: (query) => {
				const now = Math.floor(service.clock.ms / 1000);
				if (now !== second) [second, sent] = [now, 0];
				if (++sent >= 5) service.simulator.failNext({ kind: 'http', httpStatus: 429 });
				return dataset.count(query);
			},
		};
		service.clock.ms += MINUTE_MS;
		const output = new Map<Trigger, number>();
		for (let polls = 0; polls < 5; polls++) {
			const polled = await Promise.allSettled(triggers.map(async (trigger) => await itemsAfter(trigger, 0)));
			polled.forEach((one, index) => {
				if (polls === 0) expect(one.status).toBe('fulfilled');
				const count = one.status === 'fulfilled' ? (one.value?.length ?? 0) : 0;
				output.set(triggers[index], (output.get(triggers[index]) ?? 0) + count);
			});
			service.clock.ms += MINUTE_MS;
		}
		expect([...output.values()]).toEqual(triggers.map(() => 1));
	});
});
