import { createHash } from 'crypto';
import type { OperationRun } from '../operationRun';

const REFERENCE_HASH_LENGTH = 8;

/**
 * What finds the calls of an item among all records, e.g. `n8n-1042-1-9f3a77c1`: execution and item, and a hash that
 * tells workflows, nodes and runs of a loop apart. The same for the same item when n8n repeats a run of this execution.
 */
export function referenceOf(run: OperationRun): string {
	const { context, itemIndex } = run;
	return `n8n-${context.getExecutionId()}-${itemIndex + 1}-${executionHash(run, itemIndex)}`;
}

/** Tells what this run of the node does apart from what other runs, nodes and workflows do. */
export function executionHash({ context, itemIndex }: OperationRun, part: string | number): string {
	const { $runIndex } = context.getWorkflowDataProxy(itemIndex);
	const [workflow, node] = [context.getWorkflow().id, context.getNode().id];
	// A copy of the workflow in another n8n has the same IDs, and executions are counted from 1 there, too.
	const parts = [context.getInstanceId(), workflow, node, context.getExecutionId(), $runIndex, part];
	return createHash('sha256').update(parts.join(' ')).digest('hex').slice(0, REFERENCE_HASH_LENGTH);
}
