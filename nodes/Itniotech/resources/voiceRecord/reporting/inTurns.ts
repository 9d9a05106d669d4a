import { sleep } from 'n8n-workflow';
import type { SlicedWork } from '../../../reports/summary/slices';

/** n8n serves everybody in one thread: nobody notices a wait as short as this. */
const TURN_MS = 50;

/** Runs work that takes seconds, and lets others have their turn in between. */
export async function inTurns<T>(work: SlicedWork<T>): Promise<T> {
	for (let sinceMs = Date.now(); ; ) {
		const step = work.next();
		if (step.done) return step.value;
		if (Date.now() - sinceMs < TURN_MS) continue;
		await sleep(0);
		sinceMs = Date.now();
	}
}
