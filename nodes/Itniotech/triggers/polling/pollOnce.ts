import type { INodeExecutionData, IPollFunctions } from 'n8n-workflow';
import { logFailedStart, observePoll } from '../restart';
import { rememberCheckpoint, type AnyCheckpoint } from './newestCheckpoints';
import type { PollResult, PollStart } from './pollRun';

type PollWork = (context: IPollFunctions, start: PollStart) => Promise<PollResult<AnyCheckpoint>>;

/** A second poll of the same trigger would output the same calls again. */
const runningPolls = new Set<string>();

/**
 * A poll of any event.
 * @throws what `work` throws, except in the poll with which n8n starts the trigger again: the next poll shows it
 */
export async function pollOnce(
	context: IPollFunctions,
	work: PollWork,
): Promise<INodeExecutionData[][] | null> {
	const trigger = `${context.getWorkflow().id} ${context.getNode().id}`;
	const storedState = context.getWorkflowStaticData('node').checkpoint;
	const occasion = observePoll(context, trigger, storedState !== undefined);
	if (runningPolls.has(trigger)) {
		// Before n8n 2.41, the running poll may be one of before the workflow was published again. It outputs the calls.
		const check = { trigger: `${trigger} (check)`, storedState, isFirst: true };
		if (occasion === 'publish') await work(context, check);
		else context.logger.debug('ITNIO TECH Trigger: skipped, because the previous poll is still running');
		return null;
	}
	runningPolls.add(trigger);
	const start = { trigger, isFirst: occasion !== 'schedule' };
	const [result] = await Promise.allSettled([runPoll(context, start, work)]);
	runningPolls.delete(trigger);
	if (result.status === 'fulfilled') return result.value;
	if (occasion !== 'restart') throw result.reason as Error;
	logFailedStart(context, result.reason, 'The next poll tries again.');
	return null;
}

/** The state is written last, and only when nothing was thrown. */
async function runPoll(
	context: IPollFunctions,
	start: Omit<PollStart, 'storedState'>,
	work: PollWork,
): Promise<INodeExecutionData[][] | null> {
	const staticData = context.getWorkflowStaticData('node');
	const { items, checkpoint } = await work(context, { ...start, storedState: staticData.checkpoint });
	// n8n puts proxies into what it is given.
	staticData.checkpoint = structuredClone(checkpoint);
	if (items.length === 0 || isAlwaysEmitted(context)) rememberCheckpoint(start.trigger, checkpoint);
	return items.length > 0 ? [items] : null;
}

/** n8n 2.41 discards the items of a poll when the workflow was published again meanwhile; they must come once more then. */
function isAlwaysEmitted(context: Partial<IPollFunctions>): boolean {
	return context.getPollBudgetMs === undefined;
}
