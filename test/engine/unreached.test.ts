import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { listDataset, type WireRecord } from '../simulator/dataset';
import { wireTime } from '../simulator/records';
import { DEMO_CREDENTIAL, startSimulator, type Simulator } from '../simulator/simulator';
import { call, OPEN } from '../support/calls';
import { useTestClock } from '../support/testClock';
import { runWorkflow, workflowOf } from './support/engine';
import { MINUTE_MS, NOW_MS } from '../support/times';

let simulator: Simulator;
useTestClock(NOW_MS);

beforeEach(async () => {
	simulator = await startSimulator({ dataset: listDataset([]) });
	simulator.behaviour.listsOngoingCalls = true;
});
afterEach(async () => await simulator.stop());

let ids = 0;
/** A call that began this number of minutes ago. */
function add(
	callee: string,
	minutes: number,
	terminationCode?: string,
	more: Partial<WireRecord> = {},
): void {
	const id = `26112000000000${String(ids++).padStart(5, '0')}`;
	const ended = { terminationCode, terminationReason: `reason ${terminationCode}` };
	simulator.dataset.add(
		call(id, -minutes * MINUTE_MS, {
			callee,
			code: 'India(Delhi)',
			calledInfo: 'campaign-7',
			callDuration: terminationCode === '200' ? 30 : 0,
			...(terminationCode ? ended : OPEN),
			...more,
		}),
	);
}

async function run(parameters: INodeParameters = {}, items?: IDataObject[]) {
	const all = { resource: 'voiceRecord', operation: 'unreached', timeRange: 'last24Hours', ...parameters };
	const result = await runWorkflow(workflowOf(all), {
		credential: { ...DEMO_CREDENTIAL, baseUrl: simulator.url },
		timezone: 'Asia/Singapore',
		input: items,
	});
	const hints = result.run.data.resultData.runData['ITNIO TECH'][0].hints ?? [];
	return { ...result, hints: hints.map(({ message }) => message) };
}
const numbersOf = async (parameters?: INodeParameters) =>
	(await run(parameters)).items.map(({ json }) => json.calledNumber);

it('an unreached number is listed with its last call', async () => {
	add('15550100', 120, '503');
	add('15550100', 60, '486', { voiceId: '99', code: '中国(上海)', calledInfo: 'order-7' });
	add('15550101', 30, '480');
	const { items, error } = await run();
	expect(error).toBeUndefined();
	expect(items.map(({ json }) => json.calledNumber)).toEqual(['15550101', '15550100']);
	expect(items[1].json).toEqual({
		calledNumber: '15550100',
		attempts: 2,
		lastSubmitTime: '2026-11-20T15:00:00+08:00',
		lastTerminationCode: '486',
		lastTerminationReason: 'reason 486',
		area: '中国(上海)',
		calledInfo: 'order-7',
		voiceId: '99',
	});
	expect(Object.keys(items[1].json)).toHaveLength(8);
});

it.each([
	['9', '10'],
	['10', '9'],
	['9999999999999999999', '10000000000000000000'],
])('of two calls in one second, %s and %s, the one with the higher ID is the last', async (...voiceIds) => {
	for (const voiceId of voiceIds) add('15550100', 60, '486', { voiceId });
	const [{ json }] = (await run()).items;
	expect(json.voiceId).toMatch(/^10/);
});

it.each<[string, boolean, () => void]>([
	['was answered before', false, () => add('15550100', 90, '200')],
	['was answered since', false, () => add('15550100', 20, '0')],
	['is being called', false, () => add('15550100', 20)],
	['was called a moment ago', false, () => add('15550100', 14, '486')],
	['was called a quarter of an hour ago', true, () => add('15550100', 15, '486')],
	['was called three times', false, () => [50, 40].forEach((minutes) => add('15550100', minutes, '486'))],
	['does not exist, as the last call showed', false, () => add('15550100', 20, '404')],
	['was answered before the time range', true, () => add('15550100', 25 * 60, '200')],
	['was called more often before the time range', true, () => add('15550100', 25 * 60, '486')],
])('a number that %s is listed: %s', async (_, isListed, more) => {
	add('15550100', 60, '486');
	more();
	expect(await numbersOf()).toEqual(isListed ? ['15550100'] : []);
});

it('unreached numbers are listed by the options that were set', async () => {
	for (const minutes of [60, 50, 40]) add('15550100', minutes, '486');
	add('15550101', 5, '603', { calledInfo: 'campaign-8' });
	expect(await numbersOf()).toEqual([]);
	expect(await numbersOf({ maxAttempts: 4 })).toEqual(['15550100']);
	expect(await numbersOf({ options: { minimumAge: 5, terminationCodes: '6xx' } })).toEqual(['15550101']);
	expect(await numbersOf({ maxAttempts: 4, filters: { calledInfo: 'campaign-8' } })).toEqual([]);
});

it('unreached numbers are found on all pages of a long range, in whatever order', async () => {
	simulator.behaviour.order = 'none';
	for (let nth = 0; nth < 350; nth++)
		add(String(15_550_100 + (nth % 175)), 30 + nth, nth < 175 ? '486' : '503');
	add('15550100', 1000, '200');
	const numbers = await numbersOf();
	expect(numbers).toEqual(Array.from({ length: 174 }, (_, index) => String(15_550_101 + index)));
});

it.each<[string, () => void, string]>([
	['answered since', () => add('15550100', 20, '200'), '1 answered'],
	['is being called', () => add('15550100', 20), '1 with a call that has not ended'],
	['was called a minute ago', () => add('15550100', 1, '486'), '1 by "Minimum Age (Minutes)"'],
	[
		'does not exist, as a call showed since',
		() => add('15550100', 20, '404'),
		'1 by the code of their last call (404: 1)',
	],
])('a number of yesterday that %s is not listed, and the hint says why', async (_, since, reason) => {
	add('15550100', 24 * 60, '486');
	since();
	const { items, hints } = await run({ timeRange: 'yesterday' });
	expect(items).toEqual([]);
	expect(hints).toContain(`Numbers left out: ${reason}`);
	expect(hints).toContain('Answers, calls that have not ended and last calls are read up to now');
});

it('calls after the time range are not attempts, but the last call may be one of them', async () => {
	add('15550100', 24 * 60, '486');
	for (const minutes of [50, 40, 30]) add('15550100', minutes, '503');
	add('15550101', 30, '486');
	const { items, hints } = await run({ timeRange: 'yesterday' });
	expect(items.map(({ json }) => json)).toMatchObject([
		{ calledNumber: '15550100', attempts: 1, lastTerminationCode: '503' },
	]);
	expect(hints).toContain(
		'Attempts are those of the time range: calls to these numbers before it are not counted',
	);
});

it('numbers that were not called in the time range are not counted as left out', async () => {
	add('15550100', 20, '200');
	add('15550101', 20);
	add('sip:alice', 20, '486');
	const { items, hints } = await run({ timeRange: 'yesterday' });
	expect(items).toEqual([]);
	expect(hints).toContain('No number was called in the time range');
	expect(hints.filter((hint) => hint.includes('left out'))).toEqual([]);
});

it('a hint says why no unreached number is listed', async () => {
	expect((await run()).hints).toContain('No number was called in the time range');
	add('15550100', 60, '486', { calledInfo: 'campaign-2' });
	const filtered = await run({ filters: { calledInfo: 'campaign-1' } });
	expect(filtered.hints).toContain('No call in the time range matches the filters');
	simulator.dataset = listDataset([]);
	add('15550100', 60, '603');
	add('15550101', 60, '17');
	add('15550102', 60, '', { hangupTime: wireTime(NOW_MS - 59 * MINUTE_MS) });
	for (const minutes of [60, 50, 40]) add('15550103', minutes, '486');
	add('15550104', 5, '486');
	add('15550105', 50, '200');
	add('15550106', 50, '200');
	add('15550107', 50);
	add('15550113,15550114', 60, '486');
	const { items, hints } = await run();
	expect(items).toEqual([]);
	expect(hints).toContain(
		'Numbers left out: 3 by the code of their last call (17: 1, 603: 1, no code: 1), 1 by "Max Attempts", 1 by "Minimum Age (Minutes)", 2 answered, 1 with a call that has not ended',
	);
	expect(hints).toContain(
		'Calls left out because what was called is not one whole phone number: 1, e.g. 15550113,15550114',
	);
});

it('a voicemail is not an answer', async () => {
	simulator.behaviour.newestFields = 'number';
	add('15550100', 60, '200', { callStatus: 40 });
	expect(await numbersOf()).toEqual(['15550100']);
	add('15550100', 30, '200');
	expect(await numbersOf()).toEqual([]);
});

it.each(['campaign-1', 'campaign-1*'])(
	'an answer in another campaign counts only where the filter covers it: %s',
	async (calledInfo) => {
		add('15550100', 60, '486', { calledInfo: 'campaign-1' });
		add('15550100', 50, '200', { calledInfo: 'campaign-10' });
		expect(await numbersOf({ filters: { calledInfo } })).toEqual(
			calledInfo.endsWith('*') ? [] : ['15550100'],
		);
	},
);

it('the attempts of a number count for all input items together', async () => {
	add('15550100', 60, '603');
	const { hints } = await run({}, [{}, {}, {}]);
	expect(hints.filter((hint) => hint.startsWith('Numbers left out'))).toEqual([
		'Numbers left out, added up over 3 input items: 3 by the code of their last call (603: 3)',
	]);
});

it.each<[string, INodeParameters]>([
	['Called Info', { filters: { calledInfo: '={{ $json.nope }}' } }],
	['Called Info', { filters: { calledInfo: '={{ null }}' } }],
	['Called Info', { filters: { calledInfo: '={{ "" }}' } }],
	['Called Number', { filters: { calledNumber: '={{ [$json.nope] }}' } }],
	['Called Number', { filters: { calledNumber: { __rl: true, mode: 'text', value: '={{ $json.nope }}' } } }],
	['Called Number', { filters: { calledNumber: ' , ' } }],
	['Area', { filters: { area: { __rl: true, mode: 'text', value: '={{ $json.nope }}' } } }],
	['Display Number', { filters: { displayNum: '={{ [] }}' } }],
])('%s without a value is refused: %j', async (displayName, parameters) => {
	add('15550100', 60, '486');
	const { error } = await run(parameters);
	expect(error?.message).toBe(`"${displayName}" has no value`);
	expect(simulator.requests).toEqual([]);
});

it('the age of an attempt is taken from the clock of the service', async () => {
	add('15550100', 60, '486');
	simulator.behaviour.clockSkewMs = -50 * MINUTE_MS;
	expect(await numbersOf()).toEqual([]);
});

it.each<[INodeParameters, string]>([
	[{ maxAttempts: 0 }, '"Max Attempts" must be a whole number of 1 or more'],
	[{ options: { minimumAge: -1 } }, '"Minimum Age (Minutes)" must be a whole number of 0 or more'],
	[{ filters: { calledInfo: '={{ $json.nope }}' } }, '"Called Info" has no value'],
	[{ filters: { calledNumber: '={{ [$json.nope] }}' } }, '"Called Number" has no value'],
	[{ filters: { calledNumber: ' , ' } }, '"Called Number" has no value'],
	[{ maxAttempts: '={{ $json.nope }}' }, '"Max Attempts" must be a whole number of 1 or more'],
	[
		{ options: { terminationCodes: '={{ $json.nope }}' } },
		'"Termination Codes" is empty: its expression gave no value',
	],
	[
		{ options: { minimumAge: '={{ null }}' } },
		'"Minimum Age (Minutes)" is empty: its expression gave no value',
	],
	[{ options: { timezone: '={{ $json.nope }}' } }, '"Timezone" is empty: its expression gave no value'],
	[{ options: { terminationCodes: 'busy' } }, 'Unknown value for "Termination Codes": busy'],
])('the options %j of unreached numbers are refused', async (parameters, message) => {
	add('15550100', 60, '486');
	const { error } = await run(parameters);
	expect(error?.message).toBe(message);
	expect(simulator.requests).toEqual([]);
});

it('what other operations leave in place makes no difference', async () => {
	add('15550100', 60, '486');
	const left: IDataObject = { outcome: 'all', calledInfo: '' };
	expect(
		await numbersOf({ filters: left, options: { incompleteLists: 'stop', maxCalls: 5 } } as INodeParameters),
	).toEqual(['15550100']);
});

it('a list that is not complete stops it', async () => {
	add('15550100', 60, '486');
	simulator.behaviour.totalOff = 1;
	expect((await run()).error?.message).toMatch(/counts 2 call records but lists 1/);
});
