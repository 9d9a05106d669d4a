import type { INodeExecutionData } from 'n8n-workflow';
import { ReadAgainError } from '../records/scan/sharedScan';
import { asNodeError } from '../shared/nodeError';
import { itemsAtATime, readHandler } from './index';
import { OperationRun, type NodeRun } from './operationRun';
import { refuseLaterRetries } from './placing/retries';

interface ItemResult {
	output: INodeExecutionData[];
	/** What the operation threw, and whether the item has turned out not to have failed. */
	failure?: { error: unknown; isOver(): boolean };
}

/**
 * Executes the operation for each input item: the only loop over them, and the only place that continues after an item that
 * failed. However many are executed at a time, the output is in their order and is what one after another would output.
 * @throws NodeApiError or NodeOperationError of the first item that failed, unless the node continues
 */
export async function executeItems(nodeRun: NodeRun): Promise<INodeExecutionData[]> {
	const { context } = nodeRun;
	const results: ItemResult[] = [];
	const count = context.getInputData().length;
	const running = new Set<number>();
	let next = 0;
	let firstFailed = Infinity;
	const work = async () => {
		while (next < count && firstFailed === Infinity) {
			const itemIndex = next++;
			running.add(itemIndex);
			const result = await executeItem(nodeRun, itemIndex);
			running.delete(itemIndex);
			results[itemIndex] = result;
			if (result.failure && !context.continueOnFail()) firstFailed = Math.min(firstFailed, itemIndex);
			// An earlier item may still fail, and then it is the first one.
			if (firstFailed < Infinity && Math.min(...running) > firstFailed) nodeRun.abandon();
		}
	};
	await Promise.all(Array.from({ length: Math.min(count, itemsAtATime(context)) }, work));
	if (firstFailed === Infinity) await nodeRun.conclude();
	return pair(nodeRun, results, firstFailed);
}

async function executeItem(nodeRun: NodeRun, itemIndex: number): Promise<ItemResult> {
	const run = new OperationRun(nodeRun, itemIndex);
	try {
		const handle = readHandler(run);
		return { output: await handle(run) };
	} catch (error) {
		if (error instanceof ReadAgainError && !nodeRun.isAbandoned) return await executeItem(nodeRun, itemIndex);
		return { output: run.outputBeforeError, failure: { error, isOver: run.isErrorOver } };
	} finally {
		await run.finish();
	}
}

function pair(nodeRun: NodeRun, results: ItemResult[], firstFailed: number): INodeExecutionData[] {
	const { context } = nodeRun;
	const node = context.getNode();
	if (firstFailed < Infinity) {
		if (nodeRun.mayHaveCalled) refuseLaterRetries(context);
		const nodeError = asNodeError(node, results[firstFailed].failure?.error, firstFailed);
		throw nodeError;
	}
	for (const [item, { output, failure }] of results.entries()) {
		const pairedItem = { item };
		if (failure && !failure.isOver()) output.push({ json: errorOf(asNodeError(node, failure.error, item)) });
		// Not a copy, which takes 170 bytes more. A campaign belongs to several items, and says so.
		for (const one of output) one.pairedItem ??= pairedItem;
	}
	const outputs = [...results.map(({ output }) => output), nodeRun.caveatItems()];
	const [first, ...others] = outputs.filter(({ length }) => length > 0);
	return others.length > 0 ? outputs.flat() : (first ?? []);
}

/** Before 2.41, n8n recognizes items for the error output only by these two names. */
function errorOf({ message, description }: ReturnType<typeof asNodeError>): INodeExecutionData['json'] {
	return { error: message, ...(description && { message: description }) };
}
