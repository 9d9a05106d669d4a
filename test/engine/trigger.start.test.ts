import fastify from 'fastify';
import type * as n8nWorkflow from 'n8n-workflow';
import type { IDataObject, INodeParameters, WorkflowActivateMode } from 'n8n-workflow';
import { generate } from 'selfsigned';
import { DEMO_CREDENTIAL, type Fault } from '../simulator/simulator';
import { casesOf, runs } from '../support/runs';
import { MINUTE_MS, NOW_MS } from '../support/times';
import { call, usePolling, type Trigger } from './support/polling';

const mockSleeping = { clock: undefined as unknown as { sleep(ms: number): Promise<void> } };

/** Sleeping takes no time, but advances the clock. */
jest.mock('n8n-workflow', () => ({
	...jest.requireActual<typeof n8nWorkflow>('n8n-workflow'),
	sleep: async (ms: number) => await mockSleeping.clock.sleep(ms),
}));

/** What a poll outputs, by event: each happens once while the service cannot be asked, and once after. */
type Happening = (nth: number) => void;

const ALARM = { event: 'thresholdCrossed', metric: 'failureRate', condition: 'above', threshold: 20 };

describe('a trigger of each event that n8n starts while the service cannot be asked', () => {
	const service = usePolling();
	const { clock, create, itemsAfter, stateOf, logged } = service;
	mockSleeping.clock = clock;
	const untrusted = fastify();
	let server = untrusted;
	let untrustedUrl = '';

	beforeAll(async () => {
		const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }]);
		server = fastify({ https: { key, cert } }) as unknown as typeof untrusted;
		untrustedUrl = await server.listen({ port: 0, host: '127.0.0.1' });
	});
	afterAll(async () => await server.close());

	const endCall = (changes: object) => (nth: number) =>
		service.simulator.dataset.add(call(`call ${nth}`, clock.ms - NOW_MS + 1000, changes));
	const EVENTS: Record<string, { parameters: INodeParameters; happen: Happening }> = {
		'Call Failed': { parameters: { event: 'callFailed' }, happen: endCall({}) },
		'Call Answered': {
			parameters: { event: 'callAnswered' },
			happen: endCall({ terminationCode: '200', callDuration: 9 }),
		},
		'Call Ended': { parameters: { event: 'callEnded' }, happen: endCall({ terminationCode: '200' }) },
		'Key Pressed': {
			parameters: { event: 'keyPressed' },
			happen: endCall({ terminationCode: '200', feedbackValue: '1' }),
		},
		'a digest': { parameters: { event: 'callFailed', output: 'digest' }, happen: endCall({}) },
		'Threshold Crossed': {
			parameters: { ...ALARM, windowMinutes: 60, minimumCalls: 1 },
			// The first one raises the alarm, and the others clear it.
			happen: (nth) =>
				[...Array(nth === 1 ? 1 : 9).keys()].forEach((index) =>
					service.simulator.dataset.add(
						call(`call ${nth} ${index}`, clock.ms - NOW_MS + 1000, {
							terminationCode: nth === 1 ? '486' : '200',
						}),
					),
				),
		},
		'Balance Low': {
			parameters: { event: 'balanceLow', threshold: 50 },
			happen: (nth) => (service.simulator.behaviour.balance = nth === 1 ? '9' : '90'),
		},
		'Campaign Finished': {
			parameters: { event: 'campaignFinished' },
			happen: (nth) => void service.simulator.addTask({ taskName: `campaign ${nth}`, numbers: ['15550100'] }),
		},
	};
	/** @returns what ends it */
	const always = (kind: Fault) => () => {
		const fault = { ...kind };
		service.simulator.failNext(...Array<Fault>(500).fill(fault));
		return () => void (fault.onlyAt = 'nowhere');
	};
	const nothing = () => () => {};
	const TROUBLE: Record<string, { arrange?(): () => void; url?(): string; message: string }> = {
		'HTTP 503': { arrange: always({ kind: 'http', httpStatus: 503 }), message: 'ITNIO TECH' },
		'HTTP 429': {
			arrange: always({ kind: 'http', httpStatus: 429, headers: { 'Retry-After': '30' } }),
			message: 'too many requests',
		},
		'status -15': { arrange: always({ kind: 'status', status: '-15' }), message: 'too many requests' },
		'a refused key': { arrange: always({ kind: 'status', status: '-1' }), message: 'API key' },
		'a closed port': { url: () => 'http://127.0.0.1:9', message: 'could not be reached' },
		'an untrusted certificate': { url: () => untrustedUrl, message: 'secure connection' },
		'a web page': { arrange: always({ kind: 'html' }), message: 'is not the ITNIO TECH API' },
		'half an answer': { arrange: always({ kind: 'truncated' }), message: 'ITNIO TECH' },
		'a reset connection': { arrange: always({ kind: 'reset' }), message: 'could not be reached' },
		'JSON without sense': { arrange: always({ kind: 'body', body: '[1]' }), message: 'ITNIO TECH' },
	};
	const RESTARTS: Array<[WorkflowActivateMode, number | undefined]> = [
		['init', undefined],
		['leadershipChange', 300_000],
		['update', undefined],
		['update', 45_000],
	];
	const PERSONS = [
		{ activation: 'activate' },
		{ activation: 'activate', staticData: undefined },
		{ activation: 'update', staticData: undefined },
		{ activation: 'manual', mode: 'manual' },
	];
	const isQuick = runs(10) < 10;
	/** A quick run tries a quarter of the cells with one start each. */
	const CELLS = Object.keys(EVENTS)
		.flatMap((event, row) =>
			Object.keys(TROUBLE).map((trouble, column) => [event, trouble, row + column] as const),
		)
		.filter(([, , cell]) => !isQuick || cell % 4 === 0);

	/** With the state of a poll before. */
	const start = async (event: string, trouble: string, options: object) => {
		const { parameters } = EVENTS[event];
		const before = await create(parameters);
		await before.poll();
		const { arrange = nothing, url } = TROUBLE[trouble];
		const credential = { ...DEMO_CREDENTIAL, baseUrl: url?.() ?? service.simulator.url };
		const trigger = await create(parameters, { staticData: stateOf(before), ...options, credential });
		return { trigger, arrange };
	};
	let starts = 0;
	const checkpointOf = (trigger: Trigger) =>
		(stateOf(trigger)['node:ITNIO TECH Trigger'] as IDataObject | undefined)?.checkpoint;

	it.each(CELLS)('%s, %s: each output comes once when it can', async (event, trouble, cell) => {
		const { parameters, happen } = EVENTS[event];
		const { message } = TROUBLE[trouble];
		for (const [activation, budgetMs] of casesOf(RESTARTS, Math.floor(cell / 4))) {
			const nodeId = `start ${starts++}`;
			const { trigger, arrange } = await start(event, trouble, { activation, budgetMs, nodeId });
			const error = logged(trigger, 'error');
			error.mockClear();
			const state = stateOf(trigger);
			happen(1);
			const end = arrange();
			expect(await itemsAfter(trigger, MINUTE_MS)).toBeNull();
			expect(error.mock.calls).toEqual([[expect.stringContaining(message)]]);
			await expect(itemsAfter(trigger, MINUTE_MS)).rejects.toMatchObject({
				message: expect.stringContaining(message) as string,
			});
			expect(stateOf(trigger)).toEqual(state);
			expect(error).toHaveBeenCalledTimes(1);
			end();
			// The service is back; a person has corrected the credential.
			const back = await create(parameters, { staticData: state, activation: 'update', budgetMs, nodeId });
			const outputs: Array<IDataObject[] | null> = [];
			for (let polls = 0; polls < 3; polls++) outputs.push(await itemsAfter(back, MINUTE_MS));
			happen(2);
			for (let polls = 0; polls < 3; polls++) outputs.push(await itemsAfter(back, MINUTE_MS));
			expect(outputs.map((items) => items?.length ?? 0)).toEqual([1, 0, 0, 1, 0, 0]);
			service.simulator.behaviour.balance = '99.990';
			clock.ms += 3 * 60 * MINUTE_MS;
		}
	});

	it.each(CELLS)('%s, %s: a person who publishes it, or tests it, is told', async (event, trouble, cell) => {
		const { message } = TROUBLE[trouble];
		for (const options of casesOf(PERSONS, Math.floor(cell / 4))) {
			const { trigger, arrange } = await start(event, trouble, { ...options, nodeId: `start ${starts++}` });
			const state = checkpointOf(trigger);
			const end = arrange();
			await expect(trigger.poll()).rejects.toMatchObject({
				message: expect.stringContaining(message) as string,
			});
			expect(checkpointOf(trigger)).toEqual(state);
			end();
			clock.ms += 5 * MINUTE_MS;
		}
	});

	it.each(
		['HTTP 429', 'status -15']
			.flatMap((trouble) =>
				[1, 5, 60].flatMap((before) => [1, 2, 3].map((refused) => [trouble, before, refused] as const)),
			)
			// Each value at least once.
			.filter((_, nth) => !isQuick || nth % 5 === 0),
	)('after %s, every poll succeeds again (%d polls before, %d refused)', async (trouble, before, refused) => {
		const trigger = await create(EVENTS['Call Failed'].parameters);
		const startedMs = clock.ms;
		let polls = 0;
		const pollOnTime = async () => {
			clock.ms = Math.max(clock.ms, startedMs + ++polls * MINUTE_MS);
			return await Promise.allSettled([trigger.poll()]).then(([{ status }]) => status);
		};
		for (let nth = 0; nth < before; nth++) await pollOnTime();
		const end = TROUBLE[trouble].arrange!();
		for (let nth = 0; nth < refused; nth++) expect(await pollOnTime()).toBe('rejected');
		end();
		for (let nth = 0; nth < 30; nth++) expect(await pollOnTime()).toBe('fulfilled');
	});
});
