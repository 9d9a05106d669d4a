import { NodeOperationError, UserError } from 'n8n-workflow';
import { numberText } from '../../records/output/text';
import { textOf } from '../../records/record';
import { OperationRun, type NodeRun } from '../operationRun';
import { refuseRetries } from '../placing/retries';
import { READERS, type Calls } from './readCalls';

/** What a run is going to do for each input item that places calls: call numbers, or refuse to. */
type Plan = Map<number, Calls | Error>;

/**
 * The calls of an input item. The first item makes the plan of the whole run, so that what is wrong with a later item,
 * or with all of them together, is known before anybody is called.
 * @throws NodeOperationError naming the field and what to enter, for this item, or for any where an item stops the run
 */
export function plannedCalls({ nodeRun, itemIndex }: OperationRun): Calls {
	const plan = nodeRun.once(makePlan);
	const calls = plan instanceof Error ? plan : plan.get(itemIndex)!;
	if (calls instanceof Error) throw calls;
	return calls;
}

/** The numbers of all input items after this one. */
export function laterNumbers({ nodeRun, itemIndex }: OperationRun): string[] {
	const plan = nodeRun.once(makePlan);
	if (plan instanceof Error) return [];
	return [...plan].flatMap(([index, calls]) =>
		index <= itemIndex || calls instanceof Error ? [] : calls.calledNumbers,
	);
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
		refuseTooMany(plan);
		return plan;
	} catch (error) {
		return error as Error;
	}
}

/** `undefined` for an item of another resource: an expression may set it. */
function readItem(run: OperationRun): Calls | Error | undefined {
	const { context, itemIndex } = run;
	const value = (name: string) => textOf(run.parameter(name));
	const read = Object.entries(READERS).find(([operation]) => operation === value('operation'))?.[1];
	if (value('resource') !== 'voiceMessage' || !read) return undefined;
	try {
		return read(run);
	} catch (error) {
		return new NodeOperationError(context.getNode(), error as Error, { itemIndex });
	}
}

function refuseTooMany(plan: Plan): void {
	const all = [...plan.values()].filter((calls): calls is Calls => !(calls instanceof Error));
	const numbers = new Set<string>();
	let total = 0;
	for (const { calledNumbers, callsRepeated } of all) {
		for (const number of calledNumbers) {
			if (callsRepeated || !numbers.has(number)) total++;
			numbers.add(number);
		}
	}
	const maxCalls = Math.min(...all.map((calls) => calls.maxCalls));
	if (total <= maxCalls) return;
	throw new UserError(
		`This run would place ${numberText(total)} calls, more than "Max Calls" allows: ${numberText(maxCalls)}`,
		{
			description:
				'Raise "Max Calls" under "Options", or pass fewer numbers to this node. Nobody was called.',
		},
	);
}
