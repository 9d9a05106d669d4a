/* eslint-disable @n8n/community-nodes/no-restricted-globals -- for shipped code, not for tests */
import type * as n8nWorkflow from 'n8n-workflow';

import type { Timing } from '../../nodes/Itniotech/api/timing';

const MOST_WAITS = 100_000;

/** Time that passes only where a test says so, or by waiting, which takes no real time. No chance. */
export class TestClock implements Timing {
	/** What was waited for so far, in milliseconds each. */
	slept: number[] = [];

	timeout: Timing['timeout'] = neverAborts;

	/** @param ms Unix time in milliseconds */
	constructor(public ms: number) {}

	now = () => this.ms;

	sleep = async (ms: number, signals: AbortSignal[] = []) => {
		// Answers that are on their way may arrive in the meantime.
		await new Promise(setImmediate);
		for (const signal of signals) signal.throwIfAborted();
		// Else a test of something that never ends would not end either.
		if (this.slept.push(ms) > MOST_WAITS) throw new Error('Waits forever');
		this.ms += ms;
	};

	random = () => 0;
}

function neverAborts(): AbortSignal {
	return new AbortController().signal;
}

let currentClock: TestClock | undefined;

/** For `jest.mock`: n8n-workflow, in which sleeping takes no time, but advances the clock of the test. */
export const n8nOnTestClock = () => ({
	...jest.requireActual<typeof n8nWorkflow>('n8n-workflow'),
	sleep: async (ms: number) => await currentClock?.sleep(ms),
});

/** For each test of the file or of the group, a clock set to `startMs`, which `Date.now()` shows too. */
export function useTestClock(startMs: number): TestClock {
	const clock = new TestClock(startMs);
	const { now } = Date;
	beforeEach(() => {
		currentClock = clock;
		Object.assign(clock, { ms: startMs, slept: [], timeout: neverAborts });
		// A mock would remember each of millions of calls.
		Date.now = clock.now;
	});
	afterEach(() => {
		Date.now = now;
		jest.restoreAllMocks();
	});
	return clock;
}
