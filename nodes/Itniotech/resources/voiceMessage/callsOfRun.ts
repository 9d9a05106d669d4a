import type { IDataObject } from 'n8n-workflow';
import type { PlacedCall } from '../../api/types';
import { numberText } from '../../records/output/text';
import type { NodeRun } from '../operationRun';
import { DRY_RUN, REPEATED } from '../placing/skipped';
import { addToExecutionData } from './executionData';
import { NOT_AWAITED, awaitOutcomes, type AwaitedCall } from './awaitOutcomes';

const UNKNOWN_CALL_HINT =
	'It is not known whether all numbers were called: "reason" of those with the status "unknown" says how to find out';

/** What became of the numbers of a run so far, whatever input items they belong to. */
class CallsOfRun {
	private readonly calls: PlacedCall[] = [];
	private readonly calledNumbers = new Set<string>();
	private readonly awaited: AwaitedCall[] = [];
	private readonly startMs: number;
	/** By this server's clock. */
	private readonly serverStartMs: number;
	private longestWaitMs = 0;

	constructor(private readonly nodeRun: NodeRun) {
		const { api } = nodeRun;
		this.startMs = api.now();
		this.serverStartMs = this.startMs - (api.clockDifferenceMs() ?? 0);
		nodeRun.atEnd(async () => await this.finish());
	}

	add(call: PlacedCall): PlacedCall {
		const { calledNumber, status, reason } = call;
		const isSent = status === 'submitted' || status === 'unknown';
		this.calls.push(call);
		// A dry run skips the numbers that another run would.
		if (isSent || reason === DRY_RUN) this.calledNumbers.add(calledNumber);
		if (isSent) {
			this.nodeRun.mayHaveCalled = true;
			addToExecutionData(this.nodeRun.context, call);
		}
		return call;
	}

	mayHaveCalled(calledNumber: string): boolean {
		return this.calledNumbers.has(calledNumber);
	}

	/** The calls for which a request was sent. */
	sent(): PlacedCall[] {
		return this.calls.filter(({ status }) => status !== 'skipped');
	}

	/** What is output for a call. Where its outcome is awaited, it is filled in at the end of the run. */
	toItem(call: PlacedCall, maxWaitMs: number | undefined): IDataObject {
		if (maxWaitMs === undefined) return call;
		const item: AwaitedCall = Object.assign(call, NOT_AWAITED);
		if (call.status !== 'submitted' && call.status !== 'unknown') return item;
		if (call.status === 'submitted') item.outcome = 'pending';
		this.longestWaitMs = Math.max(this.longestWaitMs, maxWaitMs);
		this.awaited.push(item);
		return item;
	}

	private async finish(): Promise<void> {
		const { nodeRun, awaited, calls } = this;
		const { startMs: fromMs, serverStartMs, longestWaitMs: maxWaitMs } = this;
		const error = await awaitOutcomes({ nodeRun, fromMs, serverStartMs, maxWaitMs }, awaited);
		const pending = awaited.filter(({ outcome }) => outcome === 'pending').length;
		if (error && pending > 0) {
			nodeRun.hint(
				`The calls were placed, but the outcome of ${numberText(pending)} could not be read: ${error.message}`,
			);
		} else if (pending > 0) {
			nodeRun.hint(
				`Calls that ITNIO TECH had not listed as ended when the node stopped waiting: ${numberText(pending)}`,
			);
		}
		if (calls.some(({ status }) => status === 'unknown')) nodeRun.hint(UNKNOWN_CALL_HINT);
		const dry = calls.filter(({ reason }) => reason === DRY_RUN).length;
		if (dry > 0)
			nodeRun.hint(`Dry run: nobody was called. Calls that it would have placed: ${numberText(dry)}`);
		const skipped = calls.filter(({ reason }) => reason === REPEATED).length;
		if (skipped > 0)
			nodeRun.hint(`Each number is called once per run. Repeated numbers skipped: ${numberText(skipped)}`);
	}
}

export function callsOfRun(nodeRun: NodeRun): CallsOfRun {
	return new CallsOfRun(nodeRun);
}
