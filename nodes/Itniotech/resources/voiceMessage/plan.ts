import { NodeOperationError, UserError, type IExecuteFunctions } from 'n8n-workflow';
import { textOf } from '../../records/record';
import { OperationRun, type NodeRun } from '../operationRun';
import { READERS, type Calls } from './readCalls';

/** What a run is going to do for each input item that places calls: call numbers, or refuse to. */
type Plan = Map<number, Calls | Error>;

/**
 * The calls of an input item. The first item makes the plan of the whole run, so that what is wrong with a later item,
 * or with all of them together, is known before anybody is called.
 * @throws NodeOperationError naming the field and what to enter, for this item, or for any where an item stops the run
 */
export function plannedCalls(run: OperationRun): Calls {
	const plan = run.nodeRun.once(makePlan);
	const calls = plan instanceof Error ? plan : plan.get(run.itemIndex)!;
	if (calls instanceof Error) throw calls;
	return calls;
}

function makePlan(nodeRun: NodeRun): Plan | Error {
	const { context } = nodeRun;
	try {
		refuseRetries(context);
		const plan: Plan = new Map();
		for (let itemIndex = 0; itemIndex < context.getInputData().length; itemIndex++) {
			const calls = readItem(new OperationRun(nodeRun, itemIndex));
			if (calls instanceof Error && !context.continueOnFail()) return calls;
			if (calls) plan.set(itemIndex, calls);
		}
		callEachNumberOnce(nodeRun, plan);
		refuseTooMany(plan);
		return plan;
	} catch (error) {
		return error as Error;
	}
}

/** `undefined` for an item of another resource: an expression may set it. */
function readItem(run: OperationRun): Calls | Error | undefined {
	const { context, itemIndex } = run;
	const value = (name: string) => textOf(context.getNodeParameter(name, itemIndex, ''));
	const read = Object.entries(READERS).find(([operation]) => operation === value('operation'))?.[1];
	if (value('resource') !== 'voiceMessage' || !read) return undefined;
	try {
		return read(run);
	} catch (error) {
		return new NodeOperationError(context.getNode(), error as Error, { itemIndex });
	}
}

/** Tried in n8n: it runs all items again, also when the first output item only looks like one that failed. */
function refuseRetries(context: IExecuteFunctions): void {
	if (!context.getNode().retryOnFail) return;
	throw new UserError('"Retry On Fail" is switched on in the settings of this node', {
		description:
			'n8n would run the node again for all items, and call people twice. Open "Settings" of this node and switch "Retry On Fail" off. Nobody was called.',
	});
}

function callEachNumberOnce(nodeRun: NodeRun, plan: Plan): void {
	const planned = new Set<string>();
	let repeated = 0;
	for (const calls of plan.values()) {
		if (calls instanceof Error) continue;
		const { calledNumbers } = calls;
		calls.calledNumbers = calledNumbers.filter((number) => !planned.has(number) && planned.add(number));
		repeated += calledNumbers.length - calls.calledNumbers.length;
	}
	if (repeated > 0)
		nodeRun.hint(`Each number is called once per run. Repeated numbers left out: ${repeated}`);
}

function refuseTooMany(plan: Plan): void {
	const all = [...plan.values()].filter((calls): calls is Calls => !(calls instanceof Error));
	const total = all.reduce((sum, { calledNumbers }) => sum + calledNumbers.length, 0);
	const maxCalls = Math.min(...all.map((calls) => calls.maxCalls));
	if (total <= maxCalls) return;
	throw new UserError(`This run would place ${total} calls, more than "Max Calls" allows: ${maxCalls}`, {
		description: 'Raise "Max Calls" under "Options", or pass fewer numbers to this node. Nobody was called.',
	});
}
