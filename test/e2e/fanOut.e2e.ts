import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';
import { seededDataset } from '../simulator/dataset';
import { newCall } from '../simulator/service';
import type { Execution, SavedWorkflow } from './support/client';
import { askWithoutKey, FAN_OUT_START, outputOf, publishFanOut, ZONE } from './support/fanOut';
import { openStage, type Stage } from './support/stage';

const NOW = DateTime.now().setZone(ZONE);
const FROM = NOW.startOf('day').minus({ days: 6 });

let stage: Stage;
let workflow: SavedWorkflow;

beforeAll(async () => {
	const dataset = seededDataset({
		count: 3000,
		from: FROM.minus({ days: 1 }).toMillis(),
		to: NOW.toMillis(),
	});
	// Two calls on both sides of every midnight; those before it ring after it.
	const midnights = Array.from({ length: 6 }, (_, day) => FROM.plus({ days: day + 1 }).toMillis());
	const ends = midnights.flatMap((ms) => [ms - 1000, ms - 1000, ms, ms]);
	dataset.add(...ends.map((ms, nth) => newCall(ms, nth)));
	stage = await openStage({ dataset });
	workflow = await publishFanOut(stage);
});

afterAll(async () => {
	await stage?.stop();
});

beforeEach(() => stage.simulator.resetStats());

async function readByDay() {
	return await stage.client.runWorkflow(workflow, FAN_OUT_START);
}

function expectAllOnce(execution: Execution) {
	const { dataset } = stage.simulator;
	const expected = dataset.slice({ fromMs: FROM.toMillis(), toMs: NOW.toMillis() }, 0, 10_000);
	const ids = outputOf(execution, 'Each Record Once').map(({ voiceId }) => voiceId);
	expect(expected.length).toBeGreaterThan(2000);
	expect(ids.sort()).toEqual(expected.map(({ voiceId }) => voiceId).sort());
}

/** The days that a range is cut into. */
async function daysOf(range: IDataObject) {
	const { name, nodes, connections, settings } = workflow;
	const pinData = { 'From and To': [{ json: range }], 'Read Each Day': [{ json: {} }] };
	const saved = await stage.client.createWorkflow({ name, nodes, connections, settings, pinData });
	return outputOf(await stage.client.runWorkflow(saved, FAN_OUT_START), 'One Item per Day');
}

it.each([true, false])(
	'Fan out by day reads each record of seven days once, if the API includes the ends of a range: %s',
	async (endsInclusive) => {
		stage.simulator.behaviour.endsInclusive = endsInclusive;
		const execution = await readByDay();
		expect(outputOf(execution, 'One Item per Day')).toHaveLength(7);
		expectAllOnce(execution);
	},
);

it.each<[string, IDataObject, Array<[string, string]>]>([
	[
		'a day of 25 hours',
		{ from: '2026-10-24T12:30:15', to: '2026-10-26T00:00:00' },
		[
			['2026-10-26T00:00:00.000+01:00', '2026-10-26T00:00:00.000+01:00'],
			['2026-10-25T00:00:00.000+02:00', '2026-10-25T23:59:59.000+01:00'],
			['2026-10-24T12:30:15.000+02:00', '2026-10-24T23:59:59.000+02:00'],
		],
	],
	[
		'times with another offset',
		{ from: '2026-11-02T06:00:00+08:00', to: '2026-11-02T07:00:00+08:00' },
		[
			['2026-11-02T00:00:00.000+01:00', '2026-11-02T00:00:00.000+01:00'],
			['2026-11-01T23:00:00.000+01:00', '2026-11-01T23:59:59.000+01:00'],
		],
	],
	[
		'part of a day',
		{ from: '2026-11-02T08:00:00', to: '2026-11-02T09:00:00' },
		[['2026-11-02T08:00:00.000+01:00', '2026-11-02T09:00:00.000+01:00']],
	],
])('Fan out by day splits at midnight in the timezone of the workflow: %s', async (_, range, days) => {
	expect(await daysOf(range)).toEqual(days.map(([from, to]) => ({ from, to })));
});

it('Fan out by day reads all days again when one could not be read', async () => {
	stage.simulator.failNext({ kind: 'status', status: '-30' });
	const execution = await readByDay();
	expect(execution.status).toBe('success');
	expectAllOnce(execution);
});

it('Fan out by day fails, without outputting only some of the records, when days still cannot be read', async () => {
	stage.simulator.failNext(
		...Array.from({ length: 100 }, () => ({ kind: 'status', status: '-30' }) as const),
	);
	const execution = await readByDay();
	expect(execution.status).toBe('error');
	expect(outputOf(execution, 'Each Record Once')).toEqual([]);
});

it('Fan out by day rejects requests without the right key', async () => {
	expect(await askWithoutKey(stage.n8n.url)).toBe(403);
	expect(stage.simulator.requests).toEqual([]);
});
