import type { IHookFunctions, IPollFunctions } from 'n8n-workflow';
import { asNodeError } from '../shared/nodeError';

/** n8n 2.41 allows less for a poll of its durable scheduler, 5 minutes for any other, and earlier versions tell nothing. */
const MAX_SCHEDULED_BUDGET_MS = 60_000;

const knownRegistrations = new WeakSet<IPollFunctions>();
const polledTriggers = new Set<string>();

/**
 * Whether n8n starts what a person started before. n8n 2.41 tries five times within 75 seconds if that throws, and then leaves
 * the trigger off for good, while its workflow shows as active.
 * @param hasState whether n8n has stored a state for the node: the reconciler of n8n uses the mode "update", too
 */
export function isRestart(context: IHookFunctions | IPollFunctions, hasState: boolean): boolean {
	const mode = context.getActivationMode();
	return mode === 'init' || mode === 'leadershipChange' || (mode === 'update' && hasState);
}

/** `restart` and `publish` for the first poll of a registration: all of its polls have the same activation mode. */
type PollOccasion = 'restart' | 'publish' | 'schedule';

/** @param trigger tells the triggers of this process apart */
export function observePoll(context: IPollFunctions, trigger: string, hasState: boolean): PollOccasion {
	const isKnown = knownRegistrations.has(context);
	const hasPolled = polledTriggers.has(trigger);
	knownRegistrations.add(context);
	polledTriggers.add(trigger);
	if (isKnown) return 'schedule';
	if (context.getActivationMode() !== 'update') return isRestart(context, hasState) ? 'restart' : 'publish';
	const budgetMs = (context as Partial<IPollFunctions>).getPollBudgetMs?.();
	// The durable scheduler registers each poll, all with the mode "update".
	if (budgetMs !== undefined && budgetMs <= MAX_SCHEDULED_BUDGET_MS && (hasPolled || !hasState))
		return 'schedule';
	// Before n8n 2.41, nothing but a person publishes again.
	const isPerson = !hasState || (budgetMs === undefined && hasPolled);
	return isPerson ? 'publish' : 'restart';
}

/** @param next what shows the problem to people */
export function logFailedStart(context: IHookFunctions | IPollFunctions, error: unknown, next: string): void {
	const { message, description } = asNodeError(context.getNode(), error);
	const details = description ? ` (${description})` : '';
	context.logger.error(
		`ITNIO TECH could not be asked when n8n started a trigger: ${message}${details}. ${next}`,
	);
}
