import { randomUUID } from 'crypto';
import type { z } from 'zod';
import { readAlarmState } from './alarms/alarmState';
import { readCampaignState } from './campaigns/campaignState';
import { readCheckpoint, type generationSchema } from './checkpoint';

type Generation = z.infer<typeof generationSchema>;

/** A state of any kind, with what `lineage` began with. */
export type AnyCheckpoint = Generation & { base?: Generation };

interface Lineage {
	id: string;
	newest?: AnyCheckpoint;
	/** Those that this process had before it started over for another event: whatever they made is older. */
	earlierIds: string[];
}

const MAX_TRIGGERS = 1000;
const MAX_EARLIER = 20;

/**
 * By trigger. n8n does not save the state of a poll without items, and a workflow that is published again begins with
 * the state that was saved, so this process remembers what it has read since.
 */
const lineages = new Map<string, Lineage>();

/** Whether this process does not know what came after a checkpoint: another one made it, or n8n discarded what came. */
export function isFromElsewhere(trigger: string, { lineage }: AnyCheckpoint): boolean {
	return lineages.get(trigger)?.id !== lineage;
}

/**
 * The checkpoint to continue from: the stored one, or one that this process made after it.
 * @param isSameKind whether a checkpoint is of the event that the trigger has now
 */
export function newestCheckpoint<T extends AnyCheckpoint>(
	trigger: string,
	stored: T | undefined,
	isSameKind: (checkpoint: AnyCheckpoint) => checkpoint is T,
): T | undefined {
	const { newest, earlierIds = [] } = lineages.get(trigger) ?? {};
	if (!newest || !isSameKind(newest)) return stored;
	const isOlder = !stored || isAncestor(stored, newest) || earlierIds.includes(stored.lineage);
	return isOlder ? newest : stored;
}

/** Whether a stored state, unchecked, can be read by the trigger with this or another event. */
export function isReadable(storedState: unknown): boolean {
	return [readCheckpoint, readAlarmState, readCampaignState].some((read) => read(storedState) !== undefined);
}

/** Whether the latest state of this process that n8n may not have saved is one of another kind of event. */
export function isOfAnotherKind(
	trigger: string,
	isSameKind: (checkpoint: AnyCheckpoint) => boolean,
): boolean {
	const newest = lineages.get(trigger)?.newest;
	return newest !== undefined && !isSameKind(newest);
}

/** @returns the checkpoint, with its place after the one that it continues */
export function addCheckpoint<T extends AnyCheckpoint>(trigger: string, checkpoint: T): T {
	const { id, newest, earlierIds } = lineages.get(trigger) ?? { id: '', earlierIds: [] };
	const { lineage, number } = checkpoint;
	const isOwn = lineage === id && id !== '';
	const startsOver = lineage === '' && id !== '';
	// Another process may have gone on from the same checkpoint, and both may come back.
	const next = isOwn
		? { ...checkpoint, number: number + 1 }
		: { ...checkpoint, lineage: randomUUID(), number: number + 1, base: { lineage, number } };
	lineages.delete(trigger);
	lineages.set(trigger, {
		id: next.lineage,
		newest: isOwn ? newest : undefined,
		earlierIds: isOwn ? earlierIds : startsOver ? [...earlierIds, id].slice(-MAX_EARLIER) : [],
	});
	if (lineages.size > MAX_TRIGGERS) lineages.delete([...lineages.keys()][0]);
	return next;
}

/** For a poll whose state n8n may not save. */
export function rememberCheckpoint(trigger: string, checkpoint: AnyCheckpoint): void {
	const { earlierIds = [] } = lineages.get(trigger) ?? {};
	lineages.set(trigger, { id: checkpoint.lineage, newest: checkpoint, earlierIds });
}

function isAncestor(stored: AnyCheckpoint, { lineage, number, base }: AnyCheckpoint): boolean {
	if (stored.lineage === lineage) return stored.number < number;
	return stored.lineage === base?.lineage && stored.number <= base.number;
}
