import type { WireRecord } from '../../api/types';
import { outcomeOf, realTimeOf, secondsOf } from '../../records/record';
import type { TimeRange } from '../../records/calendar';
import { SeenAs, SeenCalls, type SeenAsBit } from '../seenCalls';
import type { Checkpoint } from './checkpoint';
import { dueRanges, OpenCalls } from './openCalls';

const GIVE_UP_AFTER_S = 7 * 24 * 60 * 60;
/** The API has no older calls: an earlier time is a placeholder, like one far in the future. */
const MAX_AGE_S = 62 * 24 * 60 * 60;
const LISTED_AHEAD_S = 24 * 60 * 60;
const MIN_LOOKUP_S = 60;
/** What fits into a slice is read in seconds, so its tenth takes about as long as a request. */
const LOOKUP_SLICE_SHARE = 0.1;

type NextRead = Pick<Checkpoint, 'rereadFromS' | 'resumeAtS'>;

/** Follows calls from a checkpoint on: which ones are open, and what each was seen as. Does not change the checkpoint. */
export class CallTracker {
	private readonly seenCalls: SeenCalls;
	private readonly openCalls: OpenCalls;
	private readonly giveUpBeforeS: number;

	/** @param limits the present and the earliest time that the API has, in Unix seconds */
	constructor(
		private readonly before: Checkpoint,
		private readonly limits: { nowS: number; earliestS: number },
	) {
		this.seenCalls = SeenCalls.unpack(before.seenCalls)!;
		this.openCalls = OpenCalls.unpack(before.openCalls)!;
		this.giveUpBeforeS = Math.max(limits.nowS - GIVE_UP_AFTER_S, limits.earliestS);
	}

	isOpen({ voiceId }: WireRecord): boolean {
		return this.openCalls.has(voiceId);
	}

	/** Where open calls are to be looked up now, newest first; after an interrupted poll, what it did not look up. */
	openRanges(): TimeRange[] {
		const { sliceS, revisitedS: beforeS, revisitBeforeS } = this.before;
		const { nowS, earliestS } = this.limits;
		const maxLengthS = Math.max(MIN_LOOKUP_S, sliceS * LOOKUP_SLICE_SHARE);
		const ranges = this.openCalls.rangesWithin({ fromS: earliestS, toS: nowS }, maxLengthS);
		const due = dueRanges(ranges, { beforeS, nowS, giveUpBeforeS: this.giveUpBeforeS });
		return revisitBeforeS === 0 ? due : due.filter(({ fromS }) => fromS < revisitBeforeS);
	}

	/** @returns whether the call has ended and is news */
	observe(record: WireRecord): boolean {
		const { voiceId } = record;
		if (outcomeOf(record) === 'pending') {
			this.openCalls.add(voiceId, timesOf(record, this.limits.nowS));
			return false;
		}
		const wasOpen = this.openCalls.delete(voiceId);
		this.markOnce(record, SeenAs.ended);
		const isOld = this.seenCalls.has(voiceId, SeenAs.old) || this.hasEndedBeforeStart(record, wasOpen);
		if (isOld) this.markOnce(record, SeenAs.old);
		return !isOld;
	}

	markOnce(record: WireRecord, bit: SeenAsBit): boolean {
		return this.seenCalls.markOnce(record.voiceId, bit, latestTimeOf(record, this.limits.nowS));
	}

	/**
	 * What to store of the calls when the next poll reads from these times on.
	 * @param isRevisited whether all open calls were looked up that were due; until then, none is too old
	 */
	pack(
		{ rereadFromS, resumeAtS }: NextRead,
		isRevisited: boolean,
	): ReturnType<OpenCalls['pack']> & Pick<Checkpoint, 'seenCalls'> {
		// Slices begin a second early, so that second is remembered too.
		const seenCalls = this.seenCalls.pack(rereadFromS - 1);
		const giveUpBeforeS = isRevisited ? this.giveUpBeforeS : this.limits.earliestS;
		return { seenCalls, ...this.openCalls.pack(resumeAtS, giveUpBeforeS) };
	}

	private hasEndedBeforeStart(record: WireRecord, wasOpen: boolean): boolean {
		const { startS, readToS } = this.before;
		const hangupS = realTimeOf(record.hangupTime);
		if (hangupS !== null) return hangupS < startS;
		// Without a hang-up time: before the start if it had already ended when its time was first read.
		const listedS = latestTimeOf(record, this.limits.nowS);
		return !wasOpen && listedS < startS && listedS >= readToS;
	}
}

/** The times by which the API may list a record, at least one. */
function timesOf(record: WireRecord, nowS: number): number[] {
	const times = [record.submitTime, record.callTime]
		.map(secondsOf)
		.filter((time) => time !== null)
		.filter((time) => time >= nowS - MAX_AGE_S && time <= nowS + LISTED_AHEAD_S);
	return times.length > 0 ? times : [nowS];
}

/** After this time, the API does not list the record any more. Unix time in seconds. */
export function latestTimeOf(record: WireRecord, nowS: number): number {
	return Math.max(...timesOf(record, nowS));
}
