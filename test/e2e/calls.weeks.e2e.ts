import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';
import { listDataset, type WireRecord } from '../simulator/dataset';
import { wireTime } from '../simulator/records';
import type { Execution, SavedWorkflow } from './support/client';
import { SetClock } from './support/setClock';
import { filledIn, shippedWorkflow } from './support/shipped';
import { openStage, type Stage } from './support/stage';
import { insertRows, rowsOf } from './support/dataTable';

/** The Monday after now, in the zone of the workflows. */
const START = DateTime.utc().startOf('week').plus({ weeks: 1 });
const WEEKS = 6;

const clock = new SetClock();
let stage: Stage;
/** A session of n8n ends after a week otherwise, and more than five logins a minute are refused. */
const LONG_SESSION = { N8N_USER_MANAGEMENT_JWT_DURATION_HOURS: String(2 * WEEKS * 7 * 24) };

beforeAll(async () => {
	const behaviour = { ringMs: 20_000, talkMs: 10_000, listsOngoingCalls: true };
	stage = await openStage({ dataset: listDataset([]), behaviour, now: clock.now }, undefined, {
		...clock.env,
		...LONG_SESSION,
	});
});

afterAll(async () => await stage?.stop());

beforeEach(() => {
	stage.simulator.resetStats();
	stage.simulator.dataset = listDataset([]);
	Object.assign(stage.simulator.behaviour, { refusedNumbers: {}, terminationCodes: {} });
});

async function importShipped(name: string): Promise<SavedWorkflow> {
	const workflow = filledIn(await shippedWorkflow(name, [stage.credential]));
	return await stage.client.createWorkflow({
		...workflow,
		settings: { ...workflow.settings, timezone: 'UTC' },
	});
}

/** Sets the clock and runs a workflow from one of its triggers. */
async function runAt(time: DateTime, workflow: SavedWorkflow, trigger: string): Promise<Execution> {
	await clock.set(time.toMillis());
	const execution = await stage.client.runWorkflow(workflow, trigger);
	const { error } = execution.data.resultData;
	expect([error?.message, error?.description]).toEqual([undefined, undefined]);
	expect(Math.abs(Date.parse(execution.startedAt) - time.toMillis())).toBeLessThan(60_000);
	return execution;
}

/** Weekdays of the six weeks: at each hour of the first two days, then twice a day, and at last once a day. */
function ticks(minute: number, hours: number[]): DateTime[] {
	const days = Array.from({ length: WEEKS * 7 }, (_, day) => START.plus({ days: day }));
	return days
		.filter(({ weekday }) => weekday <= 5)
		.flatMap((day, nth) => {
			const ofDay = nth < 2 ? hours : nth < 8 ? [hours[0], hours[5]] : [hours[nth % hours.length]];
			return ofDay.map((hour) => day.set({ hour, minute }));
		});
}

const numbersFrom = (first: number, count: number) =>
	Array.from({ length: count }, (_, index) => String(first + index));

it('Call again: unreached calls a number three times in all, however many weeks it runs', async () => {
	const busy = numbersFrom(15_551_000, 104);
	const [soonAnswered, laterAnswered, refusedAtFirst] = ['15550100', '15550101', '15550102'];
	const foreign = { '15550110': 'alarm-17', '15550111': 'row-17-3', '15550112': 'n8n-17-1-0123abcd' };
	let ids = 0;
	const call = (callee: string, calledInfo: string, terminationCode = '486'): WireRecord => {
		const submitTime = wireTime(START.set({ hour: 8, minute: 30 }).toMillis());
		const voiceId = `26112000000000${String(ids++).padStart(5, '0')}`;
		return { voiceId, callee, submitTime, callTime: submitTime, terminationCode, calledInfo };
	};
	const { behaviour, dataset } = stage.simulator;
	const called = [...busy, soonAnswered, laterAnswered, refusedAtFirst];
	dataset.add(...called.map((number) => call(number, `campaign-1-${number}`)));
	dataset.add(...Object.entries(foreign).map(([number, reference]) => call(number, reference)));
	for (const number of [...busy, refusedAtFirst]) behaviour.terminationCodes[number] = '486';
	behaviour.terminationCodes[laterAnswered] = ['480', '200'];
	behaviour.refusedNumbers = { [refusedAtFirst]: '503' };

	const workflow = await importShipped('call-again-unreached');
	const times = ticks(37, [9, 10, 11, 12, 13, 14, 15, 16, 17, 18]);
	const placedByRun: number[] = [];
	for (const [nth, time] of times.entries()) {
		if (nth === 4) behaviour.refusedNumbers = {};
		const before = sum([...stage.simulator.callsPlaced.values()]);
		await runAt(time, workflow, 'On Weekdays');
		placedByRun.push(sum([...stage.simulator.callsPlaced.values()]) - before);
	}
	expect(times.length).toBeGreaterThan(40);
	expect(Object.fromEntries(stage.simulator.callsPlaced)).toEqual({
		...Object.fromEntries([...busy, laterAnswered, refusedAtFirst].map((number) => [number, 2])),
		[soonAnswered]: 1,
	});
	// A run calls 100 numbers at most, and one of them is refused in the first runs.
	expect(placedByRun.slice(0, 2)).toEqual([expect.any(Number), expect.any(Number)]);
	expect(Math.max(...placedByRun)).toBeLessThanOrEqual(100);
	expect(placedByRun.slice(0, 6).filter((count) => count > 0).length).toBeGreaterThanOrEqual(3);
	const rows = await rowsOf(stage, 'Calls made again');
	expect(rows.filter(({ status }) => status !== 'submitted')).toEqual([]);
	expect(rows).toHaveLength(sum([...stage.simulator.callsPlaced.values()]));
});

it('Call each row calls each row once, and writes every outcome, however many weeks it runs', async () => {
	const phones = [...numbersFrom(15_552_000, 118), 'nobody', '15550120'];
	const { behaviour } = stage.simulator;
	behaviour.terminationCodes['15552001'] = '486';
	const workflow = await importShipped('call-each-row');
	const times = ticks(7, [10, 11, 12, 13, 14, 15, 16]);
	await runAt(times[0].minus({ hours: 1 }), workflow, 'On Weekdays');
	await insertRows(
		stage,
		'Calls to make',
		phones.map((phone, nth) => ({ phone, text: `Message ${nth}` })),
	);
	// The answer to the first call is lost after the call was placed.
	stage.simulator.failNext({ kind: 'http', httpStatus: 502, takesEffect: true });
	for (const time of times) {
		await runAt(time, workflow, 'On Weekdays');
		await runAt(time.plus({ minutes: 5 }), workflow, 'Every Five Minutes');
	}
	const called = phones.filter((phone) => phone !== 'nobody');
	expect(Object.fromEntries(stage.simulator.callsPlaced)).toEqual(
		Object.fromEntries(called.map((phone) => [phone, 1])),
	);
	const rows = await rowsOf(stage, 'Calls to make');
	const outcomes = Object.fromEntries(rows.map(({ phone, outcome }) => [phone, outcome]));
	expect(outcomes).toEqual({
		...Object.fromEntries(called.map((phone) => [phone, 'answered'])),
		'15552001': 'failed',
		nobody: null,
	});
	expect(rows.find(({ phone }) => phone === 'nobody')).toMatchObject({
		status: 'refused',
		reason: expect.stringContaining('nobody') as string,
	});
	expect(rows[0]).toMatchObject({ status: 'unknown', outcome: 'answered' });
});

function sum(numbers: number[]): number {
	return numbers.reduce((total, number) => total + number, 0);
}

export type Row = IDataObject;
