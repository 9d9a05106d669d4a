import { UserError, type IExecuteFunctions } from 'n8n-workflow';

/** Tried in n8n: "Retry On Fail" runs all items again, also when the first output item only looks like one that failed. */
export function refuseRetries(context: IExecuteFunctions): void {
	if (context.getNode().retryOnFail) {
		throw new UserError('"Retry On Fail" is switched on in the settings of this node', {
			description:
				'n8n would run the node again for all items, and call people twice. Open "Settings" of this node and switch "Retry On Fail" off. Nobody was called.',
		});
	}
	if (context.getMode() !== 'retry' || marksOf(context).failedAfterCalls !== runIndexOf(context)) return;
	throw new UserError('This is a retry of an execution that may have called people before it failed', {
		description:
			'n8n would run the node again for all items, and call people twice. Find out who may have been called: by the message of the first execution, by the output of earlier runs of this node, as in a loop, or with "Query Voice Records" or "Get Many Campaigns". Then run the workflow with the other numbers instead. The retry called nobody.',
	});
}

/** To be called where a run of the node fails that may have called people. */
export function refuseLaterRetries(context: IExecuteFunctions): void {
	marksOf(context).failedAfterCalls = runIndexOf(context);
}

/** What n8n keeps for this node with an execution that failed. A retry still has it. Tried in n8n. */
function marksOf(context: IExecuteFunctions) {
	return context.getContext('node') as { failedAfterCalls?: number };
}

/** How often the node has run before in this execution, as in a loop. The same in a retry. */
export function runIndexOf(context: IExecuteFunctions): number {
	return context.getWorkflowDataProxy(0).$runIndex;
}
