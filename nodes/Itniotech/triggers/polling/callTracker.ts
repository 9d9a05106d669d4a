import type { WireRecord } from '../../api/types';
import { outcomeOf, secondsOf } from '../../records/record';
import type { TimeRange } from '../../records/windows';
import { SeenAs, SeenCalls, type SeenAsBit } from '../seenCalls';
import type { Checkpoint } from './checkpoint';

const GIVE_UP_AFTER_S = 7 * 24 * 60 * 60;
const MAX_OPEN_CALLS = 1000;
const MAX_GAP_S = 60;
/** On a busy account, a longer range would take too long. */
const MAX_OPEN_RANGE_S = 10 * 60;
/** An open call without a call time may get one up to this much later than its submit time, and be listed by it. */
const CALLED_WITHIN_S = 5 * 60;
/** The API has no older calls: an earlier time is a placeholder, like one far in the future. */
const MAX_AGE_S = 62 * 24 * 60 * 60;
const MAX_AHEAD_S = 24 * 60 * 60;

type NextRead = Pick<Checkpoint, 'rereadFromS' | 'resumeAtS'>;

/** Follows calls from a checkpoint on: which ones are open, and what each was seen as. Does not change the checkpoint. */
export class CallTracker {
	private readonly seenCalls: SeenCalls;

	private readonly openCalls: Map<string, number[]>;

	constructor(
		private readonly before: Checkpoint,
		private readonly nowS: number,
	) {
		this.seenCalls = SeenCalls.unpack(before.seenCalls)!;
		this.openCalls = new Map(before.openCalls);
	}

	isOpen({ voiceId }: WireRecord): boolean {
		return this.openCalls.has(voiceId);
	}

	/** The narrow ranges in which the API lists the open calls once they have ended. */
	openRanges(): TimeRange[] {
		const searches = [...this.openCalls.values()]
			.flatMap((times) => times.map((fromS) => ({ fromS, toS: this.searchEnd(fromS, times) })))
			.filter(({ fromS, toS }) => fromS <= toS);
		const ranges: TimeRange[] = [];
		for (const { fromS, toS } of searches.sort((a, b) => a.fromS - b.fromS)) {
			const last = ranges.at(-1);
			const isNear = last && fromS - last.toS <= MAX_GAP_S && toS - last.fromS <= MAX_OPEN_RANGE_S;
			if (isNear) last.toS = Math.max(last.toS, toS);
			else ranges.push({ fromS, toS });
		}
		return ranges;
	}

	/** @returns whether the call has ended since the start */
	observe(record: WireRecord): boolean {
		const { voiceId } = record;
		if (outcomeOf(record) === 'pending') {
			this.openCalls.set(voiceId, timesOf(record, this.nowS));
			return false;
		}
		const wasOpen = this.openCalls.delete(voiceId);
		const isTooOld =
			this.seenCalls.has(voiceId, SeenAs.endedBeforeStart) || this.hasEndedBeforeStart(record, wasOpen);
		if (isTooOld) this.markOnce(record, SeenAs.endedBeforeStart);
		return !isTooOld;
	}

	/** @returns whether the call was not seen as this before */
	markOnce(record: WireRecord, bit: SeenAsBit): boolean {
		return this.seenCalls.markOnce(record.voiceId, bit, latestTimeOf(record, this.nowS));
	}

	/** What to store of the calls when the next poll reads from these times on. */
	pack({ rereadFromS, resumeAtS }: NextRead): Pick<Checkpoint, 'seenCalls' | 'openCalls'> {
		const giveUpBeforeS = this.nowS - GIVE_UP_AFTER_S;
		const openCalls = [...this.openCalls]
			.filter(([, times]) => Math.min(...times) < resumeAtS && Math.max(...times) >= giveUpBeforeS)
			.sort(([, a], [, b]) => Math.max(...a) - Math.max(...b))
			.slice(-MAX_OPEN_CALLS);
		// Slices begin a second early, so that second is remembered too.
		return { seenCalls: this.seenCalls.pack(rereadFromS - 1), openCalls };
	}

	private searchEnd(fromS: number, times: number[]): number {
		return Math.min(this.nowS, times.length === 1 ? fromS + CALLED_WITHIN_S : fromS);
	}

	private hasEndedBeforeStart(record: WireRecord, wasOpen: boolean): boolean {
		const { startS, readToS } = this.before;
		const hangupS = secondsOf(record.hangupTime);
		if (hangupS !== null) return hangupS < startS;
		// Without a hang-up time: before the start if it had already ended when its time was first read.
		const listedS = latestTimeOf(record, this.nowS);
		return !wasOpen && listedS < startS && listedS >= readToS;
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

function latestTimeOf(record: WireRecord, nowS: number): number {
	return Math.max(...timesOf(record, nowS));
}
