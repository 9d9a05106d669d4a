import type { WireRecord } from '../api/types';
import { emptyTally, isTally, type Tally } from './digest';
import { Mark, Memory } from './memory';
import { outcomeOf, secondsOf } from './record';
import type { TimeRange } from './windows';

/**
 * What the trigger keeps between polls, as plain JSON. Holds no phone number and no part of the credential.
 * All times are Unix times in seconds.
 */
export interface Checkpoint {
	version: 1;
	/** Stands for account, event and filters; with others the trigger starts anew. */
	watched: string;
	/** A call that ended before is none of the trigger's. */
	startS: number;
	/** Where the next poll begins to read. */
	fromS: number;
	/** Up to where all was read once. */
	readToS: number;
	/** The marks of the calls from `fromS` on, packed. */
	memory: string;
	/** Calls before `fromS` that had not ended yet, with the times by which the API may list them. */
	open: Array<[voiceId: string, times: number[]]>;
	/** How long a span of time to read at once. */
	sliceS: number;
	/** What waits for the next digest. */
	tally: Tally;
}

/** A call that has not ended after so long is given up. */
const MAX_OPEN_S = 7 * 24 * 60 * 60;
/** Of more open calls, the newest are kept. */
const MAX_OPEN_CALLS = 1000;
/** Open calls at most so far apart are looked for in one go. */
const OPEN_GAP_S = 60;
const FIRST_SLICE_S = 60 * 60;

/** The state of a trigger that has read nothing yet. */
export function startCheckpoint(watched: string, startS: number, lookbackS: number): Checkpoint {
	return {
		version: 1,
		watched,
		startS,
		fromS: startS - lookbackS,
		readToS: 0,
		memory: '',
		open: [],
		sliceS: FIRST_SLICE_S,
		tally: emptyTally(startS),
	};
}

/** A stored state, or `undefined` when it is none that this version can go on from. */
export function readCheckpoint(value: unknown): Checkpoint | undefined {
	if (typeof value !== 'object' || value === null) return undefined;
	const { version, watched, memory, open, tally, ...times } = value as Partial<
		Record<keyof Checkpoint, unknown>
	>;
	const isValid =
		version === 1 &&
		typeof watched === 'string' &&
		[times.startS, times.fromS, times.readToS, times.sliceS].every((time) => Number.isInteger(time)) &&
		typeof memory === 'string' &&
		Memory.unpack(memory) !== undefined &&
		Array.isArray(open) &&
		open.every((entry) => Array.isArray(entry) && typeof entry[0] === 'string' && Array.isArray(entry[1])) &&
		isTally(tally);
	// n8n hands its state out behind proxies, which cannot be cloned otherwise.
	return isValid ? (JSON.parse(JSON.stringify(value)) as Checkpoint) : undefined;
}

/** Tells the calls that are new since a checkpoint from those that were seen. Leaves the checkpoint as it is. */
export class Recognizer {
	private readonly memory: Memory;

	private readonly open: Map<string, number[]>;

	/** Nothing was read to the end before: a listed call that tells no time of its end has ended already. */
	private readonly isFirst: boolean;

	constructor(
		private readonly before: Checkpoint,
		private readonly nowS: number,
	) {
		this.memory = Memory.unpack(before.memory)!;
		this.open = new Map(before.open);
		this.isFirst = before.readToS === 0;
	}

	/** The narrow ranges in which the open calls are listed, once they have ended. */
	openRanges(): TimeRange[] {
		const ranges: TimeRange[] = [];
		for (const time of [...this.open.values()].flat().sort((a, b) => a - b)) {
			const last = ranges.at(-1);
			if (last && time - last.toS <= OPEN_GAP_S) last.toS = time;
			else ranges.push({ fromS: time, toS: time });
		}
		return ranges;
	}

	isOpen({ voiceId }: WireRecord): boolean {
		return this.open.has(voiceId);
	}

	/** Whether a record is of a call that ended after the start. One that has not ended yet is kept in mind. */
	hasEnded(record: WireRecord): boolean {
		const { voiceId } = record;
		if (outcomeOf(record) === 'pending') {
			this.open.set(voiceId, timesOf(record, this.nowS));
			return false;
		}
		this.open.delete(voiceId);
		if (!this.memory.has(voiceId, Mark.old) && !this.endedBeforeStart(record)) return true;
		this.isNew(record, Mark.old);
		return false;
	}

	/** Whether a record gets this mark for the first time. */
	isNew(record: WireRecord, mark: (typeof Mark)[keyof typeof Mark]): boolean {
		return this.memory.mark(record.voiceId, mark, Math.max(...timesOf(record, this.nowS)));
	}

	/** The checkpoint after what was read, from which the next poll begins at `fromS`. */
	checkpoint(after: Pick<Checkpoint, 'fromS' | 'readToS' | 'sliceS' | 'tally'>): Checkpoint {
		const open = [...this.open]
			.filter(([, times]) => Math.min(...times) < after.fromS && Math.max(...times) >= this.nowS - MAX_OPEN_S)
			.sort(([, a], [, b]) => Math.max(...a) - Math.max(...b))
			.slice(-MAX_OPEN_CALLS);
		const { version, watched, startS } = this.before;
		// Slices begin a second early, so that much is remembered too.
		return { version, watched, startS, ...after, memory: this.memory.pack(after.fromS - 1), open };
	}

	private endedBeforeStart(record: WireRecord): boolean {
		const { startS } = this.before;
		const hungUp = secondsOf(record.hangupTime);
		return hungUp === null
			? this.isFirst && Math.max(...timesOf(record, this.nowS)) < startS
			: hungUp < startS;
	}
}

/** The times by which the API may list a record, at least one. */
function timesOf(record: WireRecord, nowS: number): number[] {
	const times = [record.submitTime, record.callTime].map(secondsOf).filter((time) => time !== null);
	return times.length > 0 ? times : [nowS];
}
