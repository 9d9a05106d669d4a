import type { WireRecord } from '../../api/types';
import { emptyTally, isTally, isWholeNumber, type Tally } from './digest';
import { Mark, SeenCalls } from '../seenCalls';
import { outcomeOf, secondsOf } from '../../records/record';
import type { TimeRange } from '../../records/windows';

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
	/** When the round of reading began that the next poll goes on with; 0 when it begins a new one. */
	roundS: number;
	/** Nothing before is read again, but for open calls. */
	keptS: number;
	/** The marks of the calls from `keptS` on, packed. */
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
/** But not in a longer range than this: a busy account would take too long over it. */
const MAX_OPEN_RANGE_S = 10 * 60;
/** An open call without a time of the call may get one so much later than its submission, and be listed by it. */
const CALLED_WITHIN_S = 5 * 60;
/** The API holds no older calls: an earlier time, like one far in the future, only stands for none. */
const MAX_AGE_S = 62 * 24 * 60 * 60;
/** A call may begin while a poll reads, by a clock that is not this one. */
const MAX_AHEAD_S = 24 * 60 * 60;
const FIRST_SLICE_S = 60 * 60;

/** The state of a trigger that has read nothing yet. */
export function startCheckpoint(watched: string, startS: number, lookbackS: number): Checkpoint {
	return {
		version: 1,
		watched,
		startS,
		fromS: startS - lookbackS,
		readToS: 0,
		roundS: 0,
		keptS: startS - lookbackS,
		memory: '',
		open: [],
		sliceS: FIRST_SLICE_S,
		tally: emptyTally(startS),
	};
}

/** A stored state, or `undefined` when it is none that this version can go on from. */
export function readCheckpoint(value: unknown): Checkpoint | undefined {
	if (typeof value !== 'object' || value === null) return undefined;
	const state = value as Partial<Record<keyof Checkpoint, unknown>>;
	const { version, watched, memory, open, tally, sliceS } = state;
	const isValid =
		version === 1 &&
		typeof watched === 'string' &&
		[state.startS, state.fromS, state.readToS, state.roundS, state.keptS, sliceS].every(isWholeNumber) &&
		sliceS !== 0 &&
		typeof memory === 'string' &&
		SeenCalls.unpack(memory) !== undefined &&
		Array.isArray(open) &&
		open.every(isOpenCall) &&
		isTally(tally);
	// n8n hands its state out behind proxies, which cannot be cloned otherwise.
	return isValid ? (JSON.parse(JSON.stringify(value)) as Checkpoint) : undefined;
}

function isOpenCall(entry: unknown): boolean {
	if (!Array.isArray(entry)) return false;
	const [voiceId, times] = entry as unknown[];
	return (
		typeof voiceId === 'string' && Array.isArray(times) && times.length > 0 && times.every(isWholeNumber)
	);
}

/** Tells the calls that are new since a checkpoint from those that were seen. Leaves the checkpoint as it is. */
export class CallTracker {
	private readonly memory: SeenCalls;

	private readonly open: Map<string, number[]>;

	constructor(
		private readonly before: Checkpoint,
		private readonly nowS: number,
	) {
		this.memory = SeenCalls.unpack(before.memory)!;
		this.open = new Map(before.open);
	}

	/** The narrow ranges in which the open calls are listed, once they have ended. */
	openRanges(): TimeRange[] {
		const spanOf = (fromS: number, isOnlyTime: boolean) => ({
			fromS,
			toS: Math.min(this.nowS, isOnlyTime ? fromS + CALLED_WITHIN_S : fromS),
		});
		const wanted = [...this.open.values()]
			.flatMap((times) => times.map((time) => spanOf(time, times.length === 1)))
			.filter(({ fromS, toS }) => fromS <= toS);
		const ranges: TimeRange[] = [];
		for (const { fromS, toS } of wanted.sort((a, b) => a.fromS - b.fromS)) {
			const last = ranges.at(-1);
			const isNear = last && fromS - last.toS <= OPEN_GAP_S && toS - last.fromS <= MAX_OPEN_RANGE_S;
			if (isNear) last.toS = Math.max(last.toS, toS);
			else ranges.push({ fromS, toS });
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
		const wasOpen = this.open.delete(voiceId);
		if (!this.memory.has(voiceId, Mark.old) && !this.endedBeforeStart(record, wasOpen)) return true;
		this.isNew(record, Mark.old);
		return false;
	}

	/** Whether a record gets this mark for the first time. */
	isNew(record: WireRecord, mark: (typeof Mark)[keyof typeof Mark]): boolean {
		return this.memory.mark(record.voiceId, mark, Math.max(...timesOf(record, this.nowS)));
	}

	/** The checkpoint after what was read. */
	checkpoint(after: Omit<Checkpoint, 'version' | 'watched' | 'startS' | 'memory' | 'open'>): Checkpoint {
		const open = [...this.open]
			.filter(([, times]) => Math.min(...times) < after.fromS && Math.max(...times) >= this.nowS - MAX_OPEN_S)
			.sort(([, a], [, b]) => Math.max(...a) - Math.max(...b))
			.slice(-MAX_OPEN_CALLS);
		const { version, watched, startS } = this.before;
		// Slices begin a second early, so that much is remembered too.
		return { version, watched, startS, ...after, memory: this.memory.pack(after.keptS - 1), open };
	}

	private endedBeforeStart(record: WireRecord, wasOpen: boolean): boolean {
		const { startS, readToS } = this.before;
		const hungUp = secondsOf(record.hangupTime);
		if (hungUp !== null) return hungUp < startS;
		// It does not tell when it ended: before the start if it is there already when its time is read first.
		const time = Math.max(...timesOf(record, this.nowS));
		return !wasOpen && time < startS && time >= readToS;
	}
}

/** The times by which the API may list a record, at least one. */
function timesOf(record: WireRecord, nowS: number): number[] {
	const times = [record.submitTime, record.callTime]
		.map(secondsOf)
		.filter((time) => time !== null)
		.filter((time) => time >= nowS - MAX_AGE_S && time <= nowS + MAX_AHEAD_S);
	return times.length > 0 ? times : [nowS];
}
