import { UserError, type IExecuteFunctions } from 'n8n-workflow';

/** Data of the execution, which a retry of it still has. Tried in n8n. */
const FAILED_AFTER_CALLS = 'itniotechFailedAfterCalls';

/** Tried in n8n: "Retry On Fail" runs all items again, also when the first output item only looks like one that failed. */
export function refuseRetries(context: IExecuteFunctions): void {
	if (context.getNode().retryOnFail) {
		throw new UserError('"Retry On Fail" is switched on in the settings of this node', {
			description:
				'n8n would run the node again for all items, and call people twice. Open "Settings" of this node and switch "Retry On Fail" off. Nobody was called.',
		});
	}
	const { name, customData } = runOf(context);
	if (customData?.get(FAILED_AFTER_CALLS) !== name || context.getMode() !== 'retry') return;
	throw new UserError('This is a retry of an execution that may have called people before it failed', {
		description:
			'n8n would run the node again for all items, and call people twice. The message of the first execution says who may have been called. Run the workflow with the other numbers instead. The retry called nobody.',
	});
}

/** To be called where a run of the node fails that may have called people. */
export function refuseLaterRetries(context: IExecuteFunctions): void {
	const { name, customData } = runOf(context);
	customData?.set(FAILED_AFTER_CALLS, name);
}

/** The run of the node, which has the same index in a retry, and the data of the execution, which all versions of n8n have here. */
function runOf(context: IExecuteFunctions) {
	const { $runIndex, $execution } = context.getWorkflowDataProxy(0);
	const { customData } = ($execution ?? {}) as Pick<Partial<IExecuteFunctions>, 'customData'>;
	return { name: `${context.getNode().name.slice(0, 200)}, run ${$runIndex + 1}`, customData };
}
