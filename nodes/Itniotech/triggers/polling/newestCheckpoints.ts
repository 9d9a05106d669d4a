import { randomUUID } from 'crypto';
import type { Checkpoint } from './checkpoint';

interface Lineage {
	id: string;
	newest?: Checkpoint;
}

const MAX_TRIGGERS = 1000;

/**
 * By trigger. n8n does not save the state of a poll without items, and a workflow that is published again begins with
 * the state that was saved, so this process remembers what it has read since.
 */
const lineages = new Map<string, Lineage>();

export function hasPolled(trigger: string): boolean {
	return lineages.has(trigger);
}

/** The checkpoint to continue from: the stored one, or one that this process made after it. */
export function newestCheckpoint(trigger: string, stored: Checkpoint | undefined): Checkpoint | undefined {
	const newest = lineages.get(trigger)?.newest;
	return newest && (!stored || isAncestor(stored, newest)) ? newest : stored;
}

/** @returns the checkpoint, with its place after the one that it continues */
export function addCheckpoint(trigger: string, checkpoint: Checkpoint): Checkpoint {
	const { id, newest } = lineages.get(trigger) ?? { id: '' };
	const { lineage, number } = checkpoint;
	const isOwn = lineage === id && id !== '';
	// Another process may have gone on from the same checkpoint, and both may come back.
	const next = isOwn
		? { ...checkpoint, number: number + 1 }
		: { ...checkpoint, lineage: randomUUID(), number: number + 1, base: { lineage, number } };
	lineages.delete(trigger);
	lineages.set(trigger, { id: next.lineage, newest: isOwn ? newest : undefined });
	if (lineages.size > MAX_TRIGGERS) lineages.delete([...lineages.keys()][0]);
	return next;
}

/** For a poll whose state n8n may not save. */
export function rememberCheckpoint(trigger: string, checkpoint: Checkpoint): void {
	lineages.set(trigger, { id: checkpoint.lineage, newest: checkpoint });
}

function isAncestor(stored: Checkpoint, { lineage, number, base }: Checkpoint): boolean {
	if (stored.lineage === lineage) return stored.number < number;
	return stored.lineage === base?.lineage && stored.number <= base.number;
}
