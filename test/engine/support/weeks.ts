import type { DateTime } from 'luxon';

import type { Fault, Simulator } from '../../simulator/simulator';
import type { TestClock } from '../../support/testClock';
import type { WorkflowFile } from './engine';
import { runExample, type Evaluated, type Outputs } from './example';
import { ticksOf, type Tick } from './schedule';

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
	/** After a run that ITNIO answered, with what its nodes were given. */
	after?(tick: Tick, evaluated: Evaluated): void;
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
		if (result.status === 'fulfilled') after?.(tick, result.value.evaluated);
	}
}
