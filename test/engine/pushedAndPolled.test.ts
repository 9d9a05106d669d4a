import type { IDataObject, INodeExecutionData, Workflow } from 'n8n-workflow';

import { listDataset, type WireRecord } from '../simulator/dataset';
import { pushBody } from '../simulator/push';
import { randomSequence } from '../simulator/records';
import { DEMO_CREDENTIAL, startSimulator, type Fault, type Simulator } from '../simulator/simulator';
import { call } from '../support/calls';
import { runs } from '../support/runs';
import type * as TestClocks from '../support/testClock';
import { useTestClock } from '../support/testClock';
import { DAY_MS, HOUR_MS, MINUTE_MS, NOW_MS } from '../support/times';
import { createPollContext, createPushTrigger, readWorkflow, type PushResult } from './support/engine';

jest.mock('n8n-workflow', () =>
	jest.requireActual<typeof TestClocks>('../support/testClock').n8nOnTestClock(),
);

const clock = useTestClock(NOW_MS);
// Neither is an end within the hours in which n8n is down.
const DAYS = runs(12, 4);
const POLL_EVERY_MS = 10 * MINUTE_MS;
const CALLS_A_DAY = 24;

interface PlayedCall {
	record: WireRecord;
	endMs: number;
	listedMs: number;
	/** When ITNIO pushes it. */
	pushesMs: number[];
}

/** Listed up to 50 minutes after they began; pushed at once, hours or days later, twice, or never. */
const CALLS: PlayedCall[] = Array.from({ length: DAYS * CALLS_A_DAY }, (_, nth) => {
	const random = randomSequence(5, nth);
	const pick = <T>(list: T[]) => list[Math.floor(random() * list.length)];
	const submitMs = NOW_MS + Math.floor(((nth + random()) * DAY_MS) / CALLS_A_DAY / 1000) * 1000;
	const endMs = submitMs + 10_000;
	const listedMs = submitMs + pick([0, 15_000, 5 * MINUTE_MS, 50 * MINUTE_MS]);
	const billedMs = endMs + pick([1000, 2 * MINUTE_MS, 3 * HOUR_MS, 40 * HOUR_MS]);
	const pushesMs = pick([
		[],
		[billedMs],
		[billedMs],
		[billedMs, billedMs + 2000],
		[billedMs, billedMs + 5 * HOUR_MS],
	]);
	const isAnswered = random() < 0.4;
	const record = call(`26112000000${String(nth).padStart(8, '0')}`, submitMs - NOW_MS, {
		terminationCode: isAnswered ? '200' : '486',
	});
	return { record, endMs, listedMs, pushesMs };
});

/** n8n is down for 26 hours a week, and ITNIO for an hour now and then. */
const isDown = (ms: number) =>
	Math.floor((ms - NOW_MS) / HOUR_MS) % 168 >= 60 && Math.floor((ms - NOW_MS) / HOUR_MS) % 168 < 86;
const isOutage = (ms: number) => Math.floor((ms - NOW_MS) / HOUR_MS) % 31 === 7;

describe('Failed calls, pushed and polled', () => {
	const { nodes, connections } = readWorkflow('failed-calls-pushed-and-polled');
	const parametersOf = (type: string) => nodes.find((node) => node.type.endsWith(type))!.parameters;
	let simulator: Simulator;
	beforeEach(async () => {
		simulator = await startSimulator({ now: clock.now, dataset: listDataset([]) });
		Object.assign(simulator.behaviour, { listsOngoingCalls: true, log: false });
	});
	afterEach(async () => await simulator.stop());

	it('leads both triggers through the node that lets each ID pass once', () => {
		const next = nodes.filter(({ type }) => type.includes('itniotech')).map(({ name }) => connections[name].main[0]!.map(({ node }) => node)); // prettier-ignore
		expect(next).toEqual([['Each Call Once'], ['Each Call Once']]);
		expect(nodes.find(({ name }) => name === 'Each Call Once')?.parameters).toMatchObject({
			operation: 'removeItemsSeenInPreviousExecutions',
			logic: 'removeItemsWithAlreadySeenKeyValues',
			dedupeValue: '={{ $json.voiceId }}',
		});
	});

	it(`sends each failed call of ${DAYS} days, whatever is pushed, polled, lost and stored over each other`, async () => {
		const credential = { ...DEMO_CREDENTIAL, baseUrl: simulator.url };
		const sent: Array<{ id: unknown; by: 'push' | 'poll' }> = [];
		let passedTwice = 0;
		/** What n8n has saved for the workflow: the state of both triggers together. */
		let saved: IDataObject = {};
		const stateOf = ({ staticData }: Workflow) => JSON.parse(JSON.stringify(staticData)) as IDataObject;
		let process = 0;
		const startPolling = async (activation: 'activate' | 'init') => {
			const trigger = await createPollContext({
				credential,
				parameters: parametersOf('itniotechTrigger'),
				staticData: structuredClone(saved),
				nodeId: `poll ${process}`,
				activation,
			});
			jest.spyOn(trigger.context.logger, 'warn').mockImplementation(() => {});
			jest.spyOn(trigger.context.logger, 'error').mockImplementation(() => {});
			return trigger;
		};
		const passOn = (items: INodeExecutionData[], by: 'push' | 'poll') => {
			for (const { json } of items) {
				if (sent.some(({ id }) => id === json.voiceId)) passedTwice++;
				else sent.push({ id: json.voiceId, by });
			}
		};
		let polling = await startPolling('activate');
		/** n8n polls with what it has had in memory since it started, and saves that as a whole. */
		const poll = async () => {
			const items = (await polling.poll())?.[0] ?? [];
			if (items.length > 0) saved = stateOf(polling.workflow);
			passOn(items, 'poll');
		};
		/** A push is received with what is saved. */
		const receive = async ({ record }: PlayedCall) => {
			const trigger = await createPushTrigger({
				credential,
				parameters: parametersOf('itniotechPushTrigger'),
				staticData: structuredClone(saved),
				nodeId: `push ${process}`,
			});
			jest.spyOn(trigger.logger, 'warn').mockImplementation(() => {});
			const result: PushResult = { items: [] };
			await trigger.push(pushBody([record]), undefined, result);
			if (result.items.length > 0) saved = stateOf(trigger.workflow);
			passOn(result.items, 'push');
		};

		const events = [
			...CALLS.flatMap((one) => one.pushesMs.map((ms) => ({ ms, act: async () => await receive(one) }))),
			...Array.from({ length: (DAYS * DAY_MS) / POLL_EVERY_MS + 12 }, (_, nth) => ({
				ms: NOW_MS + nth * POLL_EVERY_MS,
				act: poll,
			})),
		].sort((a, b) => a.ms - b.ms);
		let [wasDown, failed] = [false, 0];
		for (const { ms, act } of events) {
			if (isDown(ms)) {
				wasDown = true;
				continue;
			}
			clock.ms = Math.max(clock.ms, ms);
			const nowMs = clock.ms;
			const listed = CALLS.filter((one) => one.listedMs <= nowMs && one.endMs > nowMs - 3 * DAY_MS);
			simulator.dataset = listDataset(listed.map(({ record }) => ({ ...record })));
			if (wasDown) {
				process++;
				polling = await startPolling('init');
				wasDown = false;
			}
			const fault: Fault = { kind: 'http', httpStatus: 503 };
			const faults = isOutage(ms) ? Array<Fault>(200).fill(fault) : [];
			simulator.failNext(...faults);
			const [result] = await Promise.allSettled([act()]);
			fault.onlyAt = 'nowhere';
			if (result.status === 'fulfilled') continue;
			failed++;
			const { message } = result.reason as Error;
			if (!isOutage(ms)) expect(message).toMatch(/^ITNIO TECH has no record that pushed calls have ended: /);
		}
		const isFailed = ({ record }: PlayedCall) => record.terminationCode === '486';
		const wanted = CALLS.filter((one) => isFailed(one)).map(({ record }) => record.voiceId);
		expect(sent.map(({ id }) => id).sort()).toEqual(wanted.sort());
		expect(failed).toBeGreaterThan(5);
		expect(passedTwice).toBeGreaterThan(10);
		expect(new Set(sent.map(({ by }) => by))).toEqual(new Set(['push', 'poll']));
	});
});
