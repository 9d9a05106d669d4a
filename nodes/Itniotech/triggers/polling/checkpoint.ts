import { z } from 'zod';
import { SeenCalls } from '../seenCalls';
import { emptyTally, tallySchema } from './digest';
import { OpenCalls } from './openCalls';
import { FIRST_SLICE_S } from './slices';

/** Unix time in seconds. */
export const unixS = z.number().int().safe().nonnegative();

/** Which checkpoints came before: those of the same lineage with a lower number. */
export const generationSchema = z.object({ lineage: z.string(), number: z.number().int().safe() });

/**
 * What the trigger stores between polls. Contains no phone number and no part of the credential.
 *
 * A catch-up reads from the look-back to the present, in one poll or in several. Its times, in Unix seconds:
 *
 *                rereadFromS             resumeAtS             readToS        catchUpStartS
 * ───────────────────┼───────────────────────┼─────────────────────┼────────────────┼─────► time
 *  only open calls   │ read by this catch-up │ read by the one     │ not read yet
 *  are read again    │                       │ before, read again  │
 *                    │◄───────────── calls are remembered ────────►│
 *
 * After the last poll of a catch-up, the next one begins at `rereadFromS`: the look-back before `catchUpStartS`.
 */
const checkpointSchema = z.object({
	version: z.literal(2),
	...generationSchema.shape,
	/** What `lineage` began with; absent where the trigger was started. */
	base: generationSchema.optional(),
	/** The event and the filters. When they change, calls that had ended before are not news any more. */
	settingsHash: z.string(),
	/** Calls that ended before this time are ignored. */
	startS: unixS,
	rereadFromS: unixS,
	resumeAtS: unixS,
	readToS: unixS,
	/** 0 when the next poll begins a new catch-up. */
	catchUpStartS: unixS,
	seenCalls: z.string().refine((packed) => SeenCalls.unpack(packed) !== undefined),
	/** Calls before `resumeAtS` that had not ended. */
	openCalls: z.string().refine((packed) => OpenCalls.unpack(packed) !== undefined),
	/** When all open calls had been looked up that were due. */
	revisitedS: unixS,
	/** Where a poll had to stop looking them up, newest first; 0 when it looked up all. */
	revisitBeforeS: unixS,
	sliceS: unixS.positive(),
	tally: tallySchema,
});

export type Checkpoint = z.infer<typeof checkpointSchema>;

/** Whether a state that this process made is one of these, and not one of an alarm. */
export function isCheckpoint(state: object): state is Checkpoint {
	return 'seenCalls' in state;
}

/** @param startS calls that ended before are ignored */
export function startCheckpoint(settingsHash: string, startS: number, lookbackS: number): Checkpoint {
	return {
		version: 2,
		lineage: '',
		number: 0,
		settingsHash,
		startS,
		rereadFromS: startS - lookbackS,
		resumeAtS: startS - lookbackS,
		readToS: 0,
		catchUpStartS: 0,
		seenCalls: '',
		openCalls: '',
		revisitedS: 0,
		revisitBeforeS: 0,
		sliceS: FIRST_SLICE_S,
		tally: emptyTally(startS),
	};
}

/** A copy of a stored state, or `undefined` when this version cannot continue from it. */
export function readCheckpoint(value: unknown): Checkpoint | undefined {
	return checkpointSchema.safeParse(value).data;
}

/** The calls that had ended are not news: with the event or filters as they were, they were not wanted. */
export function withSettings(checkpoint: Checkpoint, settingsHash: string): Checkpoint {
	if (checkpoint.settingsHash === settingsHash) return checkpoint;
	const seenCalls = SeenCalls.unpack(checkpoint.seenCalls)!;
	seenCalls.markEndedAsOld();
	return { ...checkpoint, settingsHash, seenCalls: seenCalls.pack(0) };
}

/** A checkpoint as of a time that had not come yet, to be continued from the look-back. */
export function withoutFuture(checkpoint: Checkpoint, nowS: number, lookbackS: number): Checkpoint {
	const fromS = nowS - lookbackS;
	return {
		...checkpoint,
		startS: Math.min(checkpoint.startS, fromS),
		rereadFromS: Math.min(checkpoint.rereadFromS, fromS),
		resumeAtS: Math.min(checkpoint.resumeAtS, fromS),
		readToS: nowS,
		catchUpStartS: 0,
		revisitedS: 0,
		tally: { ...checkpoint.tally, fromS: Math.min(checkpoint.tally.fromS, nowS) },
	};
}
