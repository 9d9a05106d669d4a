import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { createApi } from '../../nodes/Itniotech/api/endpoints';
import { executeItems } from '../../nodes/Itniotech/resources/itemLoop';
import { NodeRun, OperationRun } from '../../nodes/Itniotech/resources/operationRun';
import { placeCalls } from '../../nodes/Itniotech/resources/voiceMessage/execute';
import { listDataset } from '../simulator/dataset';
import { DEMO_CREDENTIAL, startSimulator, type Fault, type Simulator } from '../simulator/simulator';
import { useTestClock } from '../support/testClock';
import { NOW_MS } from '../support/times';
import { createContext } from './support/engine';

const LIST = '/voice/recordGroupQuery';

let simulator: Simulator;
const clock = useTestClock(NOW_MS);

beforeEach(async () => {
	simulator = await startSimulator({ dataset: listDataset([]) });
	Object.assign(simulator.behaviour, { listsOngoingCalls: true, ringMs: 4_000, talkMs: 10_000 });
});
afterEach(async () => await simulator.stop());

interface Setup {
	parameters?: INodeParameters;
	numbers?: string[];
	/** Called after each wait. */
	afterWait?(): void;
	stop?: AbortSignal;
}

/** Text-to-speech calls to some numbers, one input item each. Time passes by waiting alone. */
async function run({ parameters, numbers = ['15550100'], afterWait, stop }: Setup = {}) {
	const context = await createContext({ ...DEMO_CREDENTIAL, baseUrl: simulator.url }, stop, {
		parameters: {
			resource: 'voiceMessage',
			operation: 'sendText',
			calledNumber: '={{ $json.phone }}',
			text: 'Press 1 or 2',
			language: { __rl: true, mode: 'list', value: 'EN' },
			appId: 'app',
			waitForOutcome: true,
			...parameters,
		},
		input: numbers.map((phone) => ({ phone })),
		settings: { onError: 'continueRegularOutput' },
	});
	const hints: string[] = [];
	Object.assign(context, { addExecutionHints: ({ message }: { message: string }) => hints.push(message) });
	const timing = {
		now: clock.now,
		random: clock.random,
		timeout: clock.timeout,
		sleep: async (ms: number, signals?: AbortSignal[]) => {
			await clock.sleep(ms, signals);
			simulator.endCalls();
			afterWait?.();
		},
	};
	const nodeRun = new NodeRun(context, createApi(context, { timing }));
	const items = (await executeItems(nodeRun)).map(({ json }) => json);
	await nodeRun.finish();
	const [errors, calls] = [true, false].map((isError) => items.filter((item) => 'error' in item === isError));
	return { calls, hints, errors };
}

const lists = () => simulator.requests.filter(({ path }) => path === LIST);
const numbersOf = (count: number) => Array.from({ length: count }, (_, index) => `1555${1000 + index}`);
const PENDING = { outcome: 'pending', reason: null, keyPressed: null, callDuration: null, cost: null };

it('the wait for outcomes outputs how each call ended, in the fields of the contract', async () => {
	simulator.behaviour.terminationCodes = { '15550101': '486' };
	simulator.behaviour.pressedKeys = { '15550100': '2' };
	const { calls, hints } = await run({ numbers: ['15550100', '15550101'] });
	const common = {
		status: 'submitted',
		voiceId: expect.stringMatching(/^\d{19}$/) as string,
		calledInfo: expect.stringMatching(/^n8n-/) as string,
	};
	expect(calls).toEqual([
		{ ...common, calledNumber: '15550100', reason: '200 success', outcome: 'answered', keyPressed: '2', callDuration: 10, cost: 0.01 }, // prettier-ignore
		{ ...common, calledNumber: '15550101', reason: '486 Busy Here', outcome: 'failed', keyPressed: null, callDuration: 0, cost: 0 }, // prettier-ignore
	]);
	expect(calls.map((call) => Object.keys(call))).toEqual(
		calls.map(() => [
			...['calledNumber', 'status', 'reason', 'voiceId', 'calledInfo'],
			...['outcome', 'keyPressed', 'callDuration', 'cost'],
		]),
	);
	expect(hints).toEqual([]);
});

it('the wait for outcomes reads one list for all calls: first after 5 seconds, then every 15', async () => {
	const { calls } = await run({ numbers: numbersOf(60) });
	expect(calls.every(({ outcome }) => outcome === 'answered')).toBe(true);
	expect(lists()).toHaveLength(2);
	expect(clock.slept).toEqual([5_000, 15_000]);
});

it('the wait for outcomes reads as many pages as the calls take, and no more than the account has', async () => {
	simulator.behaviour.order = 'oldestFirst';
	const { calls } = await run({ numbers: numbersOf(100), parameters: { options: { maxCalls: 250 } } });
	expect(calls.every(({ outcome }) => outcome === 'answered')).toBe(true);
	simulator.behaviour.order = 'newestFirst';
	simulator.resetStats();
	await run({ numbers: numbersOf(250), parameters: { options: { maxCalls: 250 } } });
	expect(lists().length).toBeLessThanOrEqual(2 * 5);
});

it.each([
	['too low a total', { totalOff: -1 }],
	['too high a total', { totalOff: 5 }],
	['no total', { searchCount: false }],
	['smaller pages', { maxSize: 20 }],
	['smaller pages that are not named', { maxSize: 20, reportsClampedSize: false }],
	['the last page again', { pastTheEnd: 'lastPage' as const }],
	['rows twice', { duplicateRows: true }],
])('the wait for outcomes finds all calls in a list with %s', async (_, behaviour) => {
	Object.assign(simulator.behaviour, behaviour);
	const { calls } = await run({ numbers: numbersOf(50) });
	expect(calls.every(({ outcome }) => outcome === 'answered')).toBe(true);
});

it('a call that has not ended when the time is over is pending, and a hint counts such calls', async () => {
	simulator.behaviour.talkMs = 600_000;
	simulator.behaviour.terminationCodes = { '15550101': '480' };
	const { calls, hints } = await run({ numbers: ['15550100', '15550101'], parameters: { maxWait: 2 } });
	expect(calls).toMatchObject([
		{ calledNumber: '15550100', status: 'submitted', ...PENDING },
		{
			calledNumber: '15550101',
			status: 'submitted',
			outcome: 'failed',
			reason: '480 Temporarily Unavailable',
		},
	]);
	expect(clock.ms - NOW_MS).toBe(120_000);
	// After 5 s, every 15 s, and once more at the end.
	expect(lists()).toHaveLength(9);
	expect(hints).toEqual(['Calls that ITNIO TECH had not listed as ended when the node stopped waiting: 1']);
});

it('a call that is listed late is found', async () => {
	simulator.behaviour.listingDelayMs = 50_000;
	const { calls } = await run();
	expect(calls).toMatchObject([{ outcome: 'answered' }]);
});

it.each<[string, Fault, RegExp]>([
	['for good', { kind: 'status', status: '-32' }, /does not have permission/],
	['for a while', { kind: 'http', httpStatus: 503 }, /temporarily unavailable/],
	['without a body', { kind: 'body', body: 'null' }, /./],
])('a list that cannot be read %s loses no placed call', async (_, fault, message) => {
	const { calls, hints } = await run({
		parameters: { maxWait: 1 },
		afterWait: () => simulator.failNext(...Array.from({ length: 50 }, () => fault)),
	});
	expect(calls).toMatchObject([
		{ calledNumber: '15550100', status: 'submitted', voiceId: expect.stringMatching(/^\d{19}$/) as string },
	]);
	expect(calls[0]).toMatchObject(PENDING);
	expect(hints).toEqual([
		expect.stringMatching(/^The calls were placed, but the outcome of 1 could not be read: /),
	]);
	expect(hints[0]).toMatch(message);
	expect(simulator.callsPlaced.get('15550100')).toBe(1);
	expect(clock.ms - NOW_MS).toBeLessThanOrEqual(61_000);
});

it('the wait for outcomes goes on after a list that could not be read', async () => {
	let waits = 0;
	const { calls, hints } = await run({
		afterWait: () => {
			if (++waits === 1)
				simulator.failNext(...[1, 2, 3].map((): Fault => ({ kind: 'http', httpStatus: 502 })));
		},
	});
	expect(calls).toMatchObject([{ outcome: 'answered' }]);
	expect(hints).toEqual([]);
});

it('a stop ends the wait at once with what is known', async () => {
	const stop = new AbortController();
	simulator.behaviour.terminationCodes = { '15550101': '486' };
	simulator.behaviour.talkMs = 600_000;
	const { calls } = await run({
		numbers: ['15550100', '15550101'],
		stop: stop.signal,
		afterWait: () => clock.slept.length === 2 && stop.abort(),
	});
	expect(calls).toMatchObject([
		{ status: 'submitted', ...PENDING },
		{ status: 'submitted', outcome: 'failed' },
	]);
	expect(lists().length).toBeLessThanOrEqual(2);
	expect(clock.slept).toHaveLength(2);
});

it('a call whose answer was lost is found by its reference', async () => {
	simulator.failNext({ kind: 'truncated', takesEffect: true });
	const { calls, hints, errors } = await run({ numbers: ['15550100', '15550101'] });
	expect(calls).toMatchObject([
		{ calledNumber: '15550100', status: 'submitted', outcome: 'answered', reason: '200 success' },
		{ calledNumber: '15550101', status: 'submitted', outcome: 'answered' },
	]);
	expect(calls[0].voiceId).toMatch(/^\d{19}$/);
	expect([hints, errors]).toEqual([[], []]);
});

/** Seconds from the call of an earlier run to this one, by a server clock that is off by up to a minute. */
describe.each([-50, 0, 50])('a reference that an earlier run used, too (clock off by %d s)', (offS) => {
	it.each([
		[10, false],
		[60, false],
		[110, false],
		[10, true],
		[110, true],
	])('%d s before: the lost call is its own one (placed: %s)', async (gapS, takesEffect) => {
		simulator.behaviour.clockSkewMs = offS * 1000;
		simulator.behaviour.terminationCodes = { '15550100': ['486', '200'] };
		const parameters = { options: { calledInfo: 'alarm-7' }, maxWait: 1 };
		const first = await run({ parameters: { ...parameters, waitForOutcome: false } });
		clock.ms += gapS * 1000;
		simulator.failNext({ kind: 'reset', takesEffect });
		const { calls, errors } = await run({ parameters });
		expect(calls).toMatchObject([
			takesEffect ? { status: 'submitted', outcome: 'answered' } : { status: 'unknown', outcome: null },
		]);
		expect(calls[0].voiceId).not.toBe(first.calls[0].voiceId);
		expect(errors).toHaveLength(takesEffect ? 0 : 1);
		expect(simulator.callsPlaced.get('15550100')).toBe(takesEffect ? 2 : 1);
	});
});

it('what nobody lists remains unknown, and says how to find out', async () => {
	simulator.failNext({ kind: 'reset', takesEffect: false });
	const { calls, hints, errors } = await run({ parameters: { maxWait: 1 } });
	expect(calls).toMatchObject([{ status: 'unknown', outcome: null, voiceId: null }]);
	expect(errors).toHaveLength(1);
	expect(calls[0].reason).toContain(String(calls[0].calledInfo));
	expect(hints).toEqual([expect.stringMatching(/^It is not known whether all numbers were called/)]);
});

it('two calls to one number with one reference each have an outcome', async () => {
	simulator.behaviour.terminationCodes = { '15550100': ['486', '200'] };
	simulator.failNext({ kind: 'slow', ms: 0 }, { kind: 'truncated', takesEffect: true });
	const { calls } = await run({
		numbers: ['15550100', '15550100'],
		parameters: { options: { repeatedNumbers: 'call', calledInfo: 'order-7' } },
	});
	expect(calls).toMatchObject([{ outcome: 'failed' }, { outcome: 'answered' }]);
	expect(new Set(calls.map(({ voiceId }) => voiceId)).size).toBe(2);
});

it('the wait for outcomes waits for nobody who was not called', async () => {
	simulator.behaviour.refusedNumbers = { '15550100': '503' };
	const refused = await run();
	const dry = await run({ parameters: { options: { dryRun: true } } });
	const none = { outcome: null, keyPressed: null, callDuration: null, cost: null };
	expect(refused.calls).toMatchObject([{ status: 'refused', ...none }]);
	expect(Object.keys(refused.calls[0])).toEqual(Object.keys(dry.calls[0]));
	expect(dry.calls).toMatchObject([{ status: 'skipped', ...none }]);
	expect(clock.slept).toEqual([]);
	expect(lists()).toEqual([]);
});

it('with "Recall Count", a hint says whose outcome it is', async () => {
	const { hints } = await run({ parameters: { options: { recallCount: 2 } } });
	expect(hints).toEqual([expect.stringMatching(/which is that of the first call$/)]);
});

it.each<[string, IDataObject, RegExp]>([
	['0 minutes', { maxWait: 0 }, /"Max Wait \(Minutes\)" must be a whole number from 1 to 60/],
	['61 minutes', { maxWait: 61 }, /"Max Wait \(Minutes\)" must be/],
	['half a minute', { maxWait: 0.5 }, /"Max Wait \(Minutes\)" must be/],
	['neither yes nor no', { waitForOutcome: 'maybe' }, /Unknown value for "Wait for Outcome": maybe/],
])('the wait for outcomes refuses %s before anybody is called', async (_, parameters, message) => {
	const context = await createContext({ ...DEMO_CREDENTIAL, baseUrl: simulator.url }, undefined, {
		parameters: {
			resource: 'voiceMessage',
			operation: 'sendText',
			calledNumber: '15550100',
			text: 'Hello',
			language: 'EN',
			appId: 'app',
			waitForOutcome: true,
			...(parameters as INodeParameters),
		},
	});
	const operationRun = new OperationRun(new NodeRun(context), 0);
	await expect(placeCalls(operationRun)).rejects.toThrow(message);
	expect(simulator.requests).toEqual([]);
});
