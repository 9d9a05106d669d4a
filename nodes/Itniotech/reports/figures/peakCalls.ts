import { HOUR_S } from '../../records/calendar';

/**
 * The most calls at the same time: from the first second of a call up to, not with, its last. Memory is bounded by the
 * hours of the range, not by its calls.
 */
export class PeakCalls {
	/** By hour: how many calls more or less there are from each of its seconds on. */
	private readonly hours = new Map<number, HourOfChanges>();

	/** Unix times in seconds. A call of no length counts in its second. */
	add(fromS: number, toS: number): void {
		this.change(fromS, 1);
		this.change(Math.max(toS, fromS + 1), -1);
	}

	/** `null` without a call. */
	peak(): number | null {
		if (this.hours.size === 0) return null;
		let calls = 0;
		let peak = 0;
		const scratch = new Int32Array(HOUR_S);
		for (const [, hour] of [...this.hours].sort(([a], [b]) => a - b)) {
			for (const change of hour.bySecond(scratch)) {
				calls += change;
				peak = Math.max(peak, calls);
			}
		}
		return peak;
	}

	private change(seconds: number, by: 1 | -1): void {
		const hour = Math.floor(seconds / HOUR_S);
		let changes = this.hours.get(hour);
		if (!changes) {
			changes = new HourOfChanges();
			this.hours.set(hour, changes);
		}
		changes.add(seconds - hour * HOUR_S, by);
	}
}

const FIRST_LENGTH = 8;
/** A longer list takes more than a number of four bytes for each second. */
const MAX_LIST_LENGTH = 2 * HOUR_S;

/** A list while it is short, as most groups have few calls in an hour; then one number a second. */
class HourOfChanges {
	/** Seconds from the start of the hour; for a call less, its bitwise complement. */
	private list = new Int16Array(FIRST_LENGTH);
	private length = 0;
	private seconds?: Int32Array;

	add(second: number, by: 1 | -1): void {
		if (!this.seconds && this.length === MAX_LIST_LENGTH) {
			this.seconds = this.bySecond(new Int32Array(HOUR_S));
			this.list = new Int16Array(0);
		}
		if (this.seconds) this.seconds[second] += by;
		else this.append(by > 0 ? second : ~second);
	}

	/** @param seconds to fill in, if they are not counted by second anyway */
	bySecond(seconds: Int32Array): Int32Array {
		if (this.seconds) return this.seconds;
		seconds.fill(0);
		for (const entry of this.list.subarray(0, this.length)) {
			seconds[entry < 0 ? ~entry : entry] += entry < 0 ? -1 : 1;
		}
		return seconds;
	}

	private append(entry: number): void {
		if (this.length === this.list.length) {
			const longer = new Int16Array(Math.min(this.length * 2, MAX_LIST_LENGTH));
			longer.set(this.list);
			this.list = longer;
		}
		this.list[this.length++] = entry;
	}
}
