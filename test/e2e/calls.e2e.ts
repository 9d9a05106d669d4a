/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import { setTimeout as sleep } from 'node:timers/promises';
import type { INode } from 'n8n-workflow';
import { listDataset, type WireRecord } from '../simulator/dataset';
import { wireTime } from '../simulator/records';
import type { Execution } from './support/client';
import { insertRows, rowsOf } from './support/dataTable';
import { Editor } from './support/editor';
import { filledIn, shippedNames, shippedWorkflow } from './support/shipped';
import { openStage, runNode, type Stage } from './support/stage';
import { HOUR_MS } from '../support/times';

const NOW = Date.now();
/** A zone in which it is about noon. */
const HOURS_AHEAD = 12 - new Date(NOW).getUTCHours();
const NOON_ZONE = `Etc/GMT${HOURS_AHEAD < 0 ? '+' : '-'}${Math.abs(HOURS_AHEAD)}`;

let stage: Stage;

beforeAll(async () => {
	stage = await openStage({ dataset: listDataset([]), behaviour: { ringMs: 0, talkMs: 0 } });
});

afterAll(async () => {
	await stage?.stop();
});

beforeEach(() => {
	stage.simulator.resetStats();
	stage.simulator.dataset = listDataset([]);
	Object.assign(stage.simulator.behaviour, { refusedNumbers: {}, pressedKeys: {} });
});

/**
 * Runs a shipped workflow from one of its triggers.
 * @param numbers what some nodes call, by their names
 */
async function runShipped(
	name: string,
	start: string,
	numbers: Record<string, string> = {},
): Promise<Execution> {
	const shipped = await shippedWorkflow(name, [stage.credential]);
	for (const node of shipped.nodes) {
		if (node.name in numbers) node.parameters.calledNumber = numbers[node.name];
	}
	const workflow = filledIn(shipped);
	const settings = { ...workflow.settings, timezone: NOON_ZONE };
	const saved = await stage.client.createWorkflow({ ...workflow, settings });
	const execution = await stage.client.runWorkflow(saved, start);
	const { error } = execution.data.resultData;
	expect([error?.message, error?.description]).toEqual([undefined, undefined]);
	return execution;
}

it('Call each row calls each row of a table once, and writes the status and the outcome back', async () => {
	await runShipped('call-each-row', 'On Weekdays');
	const phones = ['+1 555-0100', '15550101', 'nobody', '15550102', '15550103'];
	await insertRows(
		stage,
		'Calls to make',
		phones.map((phone, index) => ({ phone, text: `Message ${index + 1}` })),
	);
	stage.simulator.behaviour.refusedNumbers = { '15550102': '503' };
	// The answer to the first call is lost, after the call was placed.
	stage.simulator.failNext({ kind: 'http', httpStatus: 502, takesEffect: true });

	for (let run = 0; run < 2; run++) await runShipped('call-each-row', 'On Weekdays');
	expect([...stage.simulator.callsPlaced]).toEqual([
		['15550100', 1],
		['15550101', 1],
		['15550103', 1],
	]);
	const texts = stage.simulator.requests.map(({ body }) => (body as { text: string }).text);
	expect(texts).toEqual(['Message 1', 'Message 2', 'Message 4', 'Message 5']);
	const rows = await rowsOf(stage, 'Calls to make');
	expect(rows.map(({ phone, status }) => [phone, status])).toEqual([
		['+1 555-0100', 'unknown'],
		['15550101', 'submitted'],
		['nobody', 'refused'],
		['15550102', 'refused'],
		['15550103', 'submitted'],
	]);
	expect(rows[2].reason).toContain('is not a valid phone number: nobody');
	expect(rows[3].reason).toBe('ITNIO TECH has no rate for the destination of this call');

	// Also of the call whose answer was lost.
	await runShipped('call-each-row', 'Every Five Minutes');
	const outcomes = (await rowsOf(stage, 'Calls to make')).map(({ status, outcome }) => [status, outcome]);
	expect(outcomes).toEqual([
		['unknown', 'answered'],
		['submitted', 'answered'],
		['refused', null],
		['refused', null],
		['submitted', 'answered'],
	]);
});

it('Call each row writes the outcome of each of 100 rows, although calls end before their rows have an ID', async () => {
	const phones = Array.from({ length: 100 }, (_, index) => String(15_560_000 + index));
	const { behaviour } = stage.simulator;
	await runShipped('call-each-row', 'On Weekdays');
	const before = (await rowsOf(stage, 'Calls to make')).length;
	await insertRows(
		stage,
		'Calls to make',
		phones.map((phone, index) => ({ phone, text: `Parcel ${index}` })),
	);
	const { latencyMs, ringMs, talkMs } = behaviour;
	Object.assign(behaviour, { latencyMs: 700, ringMs: 4000, talkMs: 6000 });
	let isCalling = true;
	const calling = runShipped('call-each-row', 'On Weekdays').finally(() => (isCalling = false));
	// Calls end while others are still placed, and the outcomes are written by another trigger.
	while (isCalling) {
		await sleep(15_000);
		await runShipped('call-each-row', 'Every Five Minutes');
	}
	await calling;
	await sleep(11_000);
	Object.assign(behaviour, { latencyMs });
	await runShipped('call-each-row', 'Every Five Minutes');
	Object.assign(behaviour, { ringMs, talkMs });
	const rows = (await rowsOf(stage, 'Calls to make')).slice(before);
	expect(rows.map(({ phone, status, outcome }) => [phone, status, outcome])).toEqual(
		phones.map((phone) => [phone, 'submitted', 'answered']),
	);
});

it.each([
	['486', '2', ['15550100', '15550101'], 'Taken'],
	['200', '1', [], undefined],
])(
	'Alarm by phone reads an alarm: with calls that end with %s, where the person on duty presses "%s"',
	async (terminationCode, key, called, end) => {
		stage.simulator.behaviour.pressedKeys = { '15550101': '1', ...(key && { '15550100': key }) };
		const submitTime = wireTime(NOW - 60_000);
		const calls = Array.from({ length: 20 }, (_, index) => ({
			voiceId: `2611200000000${index + 1000}`,
			callee: '15550199',
			submitTime,
			callTime: submitTime,
			hangupTime: submitTime,
			terminationCode,
		}));
		stage.simulator.dataset.add(...calls);
		const execution = await runShipped('alarm-by-phone', 'When Too Many Calls Fail', {
			'Call the Next Person': '15550101',
		});
		expect(execution.data.resultData.lastNodeExecuted).toBe(end ?? 'Only When Raised');
		expect([...stage.simulator.callsPlaced]).toEqual(called.map((number) => [number, 1]));
		const texts = stage.simulator.requests.flatMap(({ path, body }) =>
			path.endsWith('/sendCode') ? [(body as { text: string }).text] : [],
		);
		expect(texts).toEqual(
			called.map(
				() =>
					expect.stringMatching(
						/the failure rate is 100%, above 20%[^]*Press 1 to take this alarm\.$/,
					) as string,
			),
		);
	},
);

it('Call again: unreached calls a number once for each call that did not reach it, and a refused one in the next run', async () => {
	let ids = 0;
	const call = (callee: string, terminationCode: string, calledInfo = 'campaign-1'): WireRecord => {
		const submitTime = wireTime(NOW - 2 * HOUR_MS);
		const voiceId = `26112000000000${String(ids++).padStart(5, '0')}`;
		return { voiceId, callee, submitTime, callTime: submitTime, terminationCode, calledInfo };
	};
	stage.simulator.dataset.add(
		call('15550100', '486'),
		call('15550101', '486'),
		call('15550101', '200'),
		call('15550102', '404'),
		call('15550103', '480'),
		call('15550104', '486', 'alarm-1'),
		call('15550105', '486', 'another-campaign-1'),
	);
	stage.simulator.behaviour.listingDelayMs = HOUR_MS;
	const [list, balanceTooLow] = [
		{ kind: 'slow', ms: 0 } as const,
		{ kind: 'status', status: '-10' } as const,
	];
	stage.simulator.failNext(list, balanceTooLow, balanceTooLow);
	await runShipped('call-again-unreached', 'On Weekdays');
	expect([...stage.simulator.callsPlaced]).toEqual([]);
	expect((await rowsOf(stage, 'Calls made again')).map(({ status, reason }) => [status, reason])).toEqual([
		['refused', 'The balance of the ITNIO TECH account is too low to place calls'],
		['refused', 'The balance of the ITNIO TECH account is too low to place calls'],
	]);
	for (let run = 0; run < 2; run++) await runShipped('call-again-unreached', 'On Weekdays');
	expect([...stage.simulator.callsPlaced].sort()).toEqual([
		['15550100', 1],
		['15550103', 1],
	]);
	expect((await rowsOf(stage, 'Calls made again')).map(({ status }) => status)).toEqual([
		'submitted',
		'submitted',
	]);
});

/** The trigger that n8n's editor selects and starts where a workflow has several. The notes say which one that is. */
const STARTS: Record<string, string> = {
	'call-each-row': 'On Weekdays',
	'calls-to-data-table': 'Every Night',
	'calls-to-google-sheets': 'Every Night',
	'calls-to-postgres': 'Every Night',
	'failed-calls-pushed-and-polled': 'When a Failed Call Is Pushed',
	'fan-out-by-day': 'When the Days Are Chosen',
};

/** Whether a node starts workflows; one that has no other start is what n8n selects. */
const isTrigger = ({ type }: INode) => /trigger$|\.webhook$/i.test(type);

describe('with several triggers, "Execute workflow" starts the one that is expected', () => {
	let editor: Editor;
	beforeAll(async () => {
		editor = await Editor.open(stage);
	});
	afterAll(async () => await editor?.close());

	it('is tried for each such workflow', async () => {
		const workflows = await Promise.all(
			shippedNames().map(async (name) => [name, await shippedWorkflow(name, [])] as const),
		);
		const several = workflows.filter(([, { nodes }]) => nodes.filter(isTrigger).length > 1);
		expect(several.map(([name]) => name)).toEqual(Object.keys(STARTS));
	});

	it.each(Object.entries(STARTS))('%s starts with "%s"', async (name, trigger) => {
		const workflow = await stage.client.createWorkflow(await shippedWorkflow(name, [stage.credential]));
		await editor.openWorkflow(workflow.id);
		const button = editor.page.getByTestId('execute-workflow-button').first();
		const [, first, last] = /from (.+?)(?:…(.+))?$/.exec((await button.innerText()).replace(/\s+/g, ' '))!;
		expect([trigger.startsWith(first), trigger.endsWith(last ?? first)]).toEqual([true, true]);
	});
});

const CALL = {
	resource: 'voiceMessage',
	operation: 'sendText',
	calledNumber: '={{ $json.phone }}',
	text: 'Hello',
	language: 'EN',
	appId: 'app',
};

it('the node calls nobody again when an execution is retried that failed after a call', async () => {
	stage.simulator.failNext({ kind: 'slow', ms: 0 }, { kind: 'status', status: '-10' });
	const items = [{ phone: '15550100' }, { phone: '15550101' }];
	const { id } = await runNode(stage, { parameters: CALL, items });
	const retry = await stage.client.retry(id);
	expect(retry.data.resultData.error?.message).toContain(
		'This is a retry of an execution that may have called',
	);
	expect([...stage.simulator.callsPlaced]).toEqual([['15550100', 1]]);
});

it('the node places no call while n8n would run it again', async () => {
	const execution = await runNode(stage, {
		parameters: CALL,
		items: [{ phone: '15550100' }],
		node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
	});
	expect(execution.data.resultData.error?.message).toBe(
		'"Retry On Fail" is switched on in the settings of this node',
	);
	expect(stage.simulator.requests).toEqual([]);
});
