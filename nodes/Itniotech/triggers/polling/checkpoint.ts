import { z } from 'zod';
import { SeenCalls } from '../seenCalls';
import { emptyTally, tallySchema } from './digest';

const FIRST_SLICE_S = 60 * 60;

const unixS = z.number().int().safe().nonnegative();

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
	version: z.literal(1),
	/** Of account, event and filters. When it changes, the trigger starts over. */
	settingsHash: z.string(),
	/** Calls that ended before this time are ignored. */
	startS: unixS,
	rereadFromS: unixS,
	resumeAtS: unixS,
	readToS: unixS,
	/** 0 when the next poll begins a new catch-up. */
	catchUpStartS: unixS,
	seenCalls: z.string().refine((packed) => SeenCalls.unpack(packed) !== undefined),
	/** Calls before `resumeAtS` that had not ended, with the times by which the API may list them. */
	openCalls: z.array(z.tuple([z.string(), z.array(unixS).min(1)])),
	sliceS: unixS.positive(),
	tally: tallySchema,
});

export type Checkpoint = z.infer<typeof checkpointSchema>;

export function startCheckpoint(settingsHash: string, startS: number, lookbackS: number): Checkpoint {
	return {
		version: 1,
		settingsHash,
		startS,
		rereadFromS: startS - lookbackS,
		resumeAtS: startS - lookbackS,
		readToS: 0,
		catchUpStartS: 0,
		seenCalls: '',
		openCalls: [],
		sliceS: FIRST_SLICE_S,
		tally: emptyTally(startS),
	};
}

/** A copy of a stored state, or `undefined` when this version cannot continue from it. */
export function readCheckpoint(value: unknown): Checkpoint | undefined {
	return checkpointSchema.safeParse(value).data;
}
