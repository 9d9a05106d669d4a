import { DateTime } from 'luxon';

import { listDataset } from '../../simulator/dataset';
import { startSimulator, type Fault, type Simulator } from '../../simulator/simulator';
import { useTestClock, type TestClock } from '../../support/testClock';
import { NOW_MS } from '../../support/times';
import { DataTable } from './dataTable';
import { readWorkflow, type RunResult, type WorkflowFile } from './engine';
import { runExample, type Evaluated, type Outputs } from './example';
import { ticksOf, type Tick } from './schedule';

export const WEEKS_ZONE = 'Europe/Berlin';
/** A Monday. In the second week, the clocks go back. */
export const WEEKS_START = DateTime.fromISO('2026-10-12', { zone: WEEKS_ZONE });

/** For each test of the file, at the start of the weeks, a simulated service without calls and an empty table. */
export function useTable() {
	const clock = useTestClock(NOW_MS);
	const service = { clock, simulator: {} as Simulator, table: new DataTable(clock.now) };
	beforeEach(async () => {
		clock.ms = WEEKS_START.toMillis();
		service.table = new DataTable(clock.now);
		service.simulator = await startSimulator({ now: clock.now, dataset: listDataset([]) });
	});
	afterEach(async () => await service.simulator.stop());
	return service;
}

/** An example with the App ID that its note asks for. */
export function withAppId(name: string): WorkflowFile {
	const workflow = readWorkflow(name);
	for (const { parameters } of workflow.nodes) if (parameters.appId === '') parameters.appId = 'app';
	return workflow;
}

const OUTAGE: Fault = { kind: 'http', httpStatus: 503 };

export interface Weeks {
	from: DateTime;
	to: DateTime;
	simulator: Simulator;
	clock: TestClock;
	/** What nodes of other packages output, by their types. */
	outputs?: Record<string, Outputs>;
	/** Before a run. @returns the faults of its requests */
	before?(tick: Tick): Fault[];
	/** Whether n8n is down. */
	isOff?(time: DateTime): boolean;
	/** Whether ITNIO does not answer. */
	isOutage?(time: DateTime): boolean;
	/** After a run that ITNIO answered, with what its nodes were given and output. */
	after?(tick: Tick, evaluated: Evaluated, run: RunResult['run']): void;
}

/** Runs a workflow whenever its schedule triggers start it, in the zone of `from`. */
export async function playWeeks(workflow: WorkflowFile, weeks: Weeks): Promise<void> {
	const { from, to, simulator, clock, outputs, before, after, isOff, isOutage } = weeks;
	for (const tick of ticksOf(workflow, from, to)) {
		const { time, start } = tick;
		if (isOff?.(time)) continue;
		clock.ms = Math.max(clock.ms, time.toMillis());
		const mustFail = isOutage?.(time) ?? false;
		const planned = before?.(tick) ?? [];
		const faults = mustFail ? Array.from({ length: 20 }, () => ({ ...OUTAGE })) : planned;
		simulator.failNext(...faults);
		const timezone = from.zoneName!;
		const running = runExample(workflow, { url: simulator.url, timezone, start, outputs });
		const [result] = await Promise.allSettled([running]);
		for (const fault of faults) fault.onlyAt = 'nowhere';
		if (result.status === 'rejected' && !mustFail) throw result.reason;
		expect([time.toISO(), result.status]).toEqual([time.toISO(), mustFail ? 'rejected' : 'fulfilled']);
		if (result.status === 'fulfilled') after?.(tick, result.value.evaluated, result.value.run);
	}
}
