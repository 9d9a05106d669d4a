/** How many requests the service allows, as its rejections showed. */
export interface RequestLimit {
	count: number;
	unit: LimitUnit;
}

export type LimitUnit = 'second' | 'minute' | 'hour';

const LIMIT_UNITS: Array<[LimitUnit, number]> = [
	['second', 1000],
	['minute', 60_000],
	['hour', 3_600_000],
];
/** A window is measured once a request after this share of it was rejected. */
const MEASURED_SHARE = 0.8;
/** A rejection with this share of the requests sent tells that there may not be more of them. */
const FULL_SHARE = 0.9;
/** Requests belong together where the time between two is at most this share of the time without an answer behind them. */
const MAX_GAP_SHARE = 1 / 4;
/** No limit is learnt from requests further apart, as those of polls are: what rejects them may be an outage. */
const MAX_GAP_MS = 30_000;
/** Windows before one more request is tried than were accepted; a rejection doubles them. */
const FIRST_HOLD_WINDOWS = 4;
const MAX_HOLD_WINDOWS = 64;
/** An hour at five a second, in 160 KB. */
const MAX_STARTS = 20_000;

/**
 * At most `count` requests in any time of this length, learnt from the requests that were accepted before a rejection and
 * from the time until one was accepted again. That obeys services which count by the minute of the clock, by the last
 * sixty seconds, or fill a bucket.
 */
export class Quota {
	/** When requests were sent, oldest first, but for those that were rejected. */
	private startsMs: number[] = [];
	private count = Infinity;
	/** Milliseconds; 0 until it is known. */
	windowMs = 0;
	/** So long after the oldest of `count` requests, one was rejected. */
	private rejectedAfterMs = 0;
	private lastRejectedMs?: number;
	/** Of those that no answer has followed. */
	private firstRejectedMs?: number;
	/** The requests that were counted may belong to two windows of the service's clock. */
	private isCountSure = false;
	private holdWindows = FIRST_HOLD_WINDOWS;
	private fullWindowsLeft = FIRST_HOLD_WINDOWS;
	private startsInWindow = 0;
	private isFull = false;
	private isBlocked = false;
	private lastBlockedMs?: number;
	/** More than were accepted, until they are too. */
	private growth = 0;
	private nextGrowth = 1;

	get isKnown(): boolean {
		return this.count < Infinity;
	}

	/** Whether a shorter time between requests than `windowMs` has been tried, so that the next one need not go alone. */
	get isMeasured(): boolean {
		return this.rejectedAfterMs >= MEASURED_SHARE * this.windowMs;
	}

	/** `undefined` unless it was measured, and for exactly one unit of time. */
	get limit(): RequestLimit | undefined {
		if (!this.isKnown || !this.isMeasured || !this.isCountSure) return undefined;
		const unit = LIMIT_UNITS.find(([, ms]) => ms > this.rejectedAfterMs && ms <= this.windowMs);
		return unit && { count: Number(this.count.toPrecision(2)), unit: unit[0] };
	}

	/** When one more request may be sent. */
	freeAtMs(nowMs: number): number {
		const oldestMs = this.startsMs.at(-this.count);
		if (oldestMs === undefined) return -Infinity;
		const freeAtMs = oldestMs + this.waitMs();
		if (freeAtMs > nowMs) this.isFull = this.isBlocked = true;
		return freeAtMs;
	}

	add(startMs: number): void {
		this.startsMs.push(startMs);
		if (this.startsMs.length > 2 * MAX_STARTS) this.startsMs = this.startsMs.slice(-MAX_STARTS);
		if (this.isBlocked) this.lastBlockedMs = startMs;
		this.isBlocked = false;
		if (++this.startsInWindow < this.count) return;
		this.growth = 0;
		if (this.isFull && --this.fullWindowsLeft <= 0) this.grow();
		this.startsInWindow = 0;
		this.isFull = false;
	}

	/** A request that was accepted. */
	observeAnswer(startMs: number): void {
		const { lastRejectedMs } = this;
		if (lastRejectedMs !== undefined && startMs > lastRejectedMs) this.learn(startMs, lastRejectedMs);
		if (startMs > (this.firstRejectedMs ?? Infinity)) this.firstRejectedMs = undefined;
		const oldestMs = this.startsMs[this.startsMs.lastIndexOf(startMs) - this.count];
		if (oldestMs === undefined || this.isMeasured) return;
		this.windowMs = Math.min(this.windowMs, startMs - oldestMs);
	}

	/**
	 * @param isAlone no other request was in flight, and the service had rejected others before
	 * @returns whether it tells nothing about the number of requests at a time
	 */
	observeRejection(startMs: number, isAlone: boolean): boolean {
		this.withdraw(startMs);
		this.firstRejectedMs ??= startMs;
		if (!this.isKnown) {
			if (isAlone) this.lastRejectedMs = startMs;
			return isAlone;
		}
		const { growth } = this;
		this.slowDown();
		if (growth > 0) return true;
		if (startMs === this.lastBlockedMs) {
			const sinceOldestMs = startMs - (this.startsMs.at(-this.count) ?? startMs);
			this.rejectedAfterMs = Math.min(this.windowMs, sinceOldestMs);
			if (sinceOldestMs >= this.windowMs) this.lastRejectedMs = startMs;
			return true;
		}
		const used = this.startsMs.filter((ms) => ms > startMs - this.windowMs && ms < startMs).length;
		if (!isAlone && used < FULL_SHARE * this.count) return false;
		this.count = Math.max(1, Math.min(this.count, used));
		return true;
	}

	/** How long ago the last request was sent that was not rejected. */
	sinceLastMs(nowMs: number): number {
		return nowMs - (this.startsMs.at(-1) ?? nowMs);
	}

	/** What was rejected does not count. */
	withdraw(startMs: number): void {
		const index = this.startsMs.lastIndexOf(startMs);
		if (index >= 0) this.startsMs.splice(index, 1);
	}

	private learn(startMs: number, lastRejectedMs: number): void {
		this.lastRejectedMs = undefined;
		const earlier = this.startsMs.filter((ms) => ms < lastRejectedMs);
		const lastMs = earlier.at(-1);
		if (lastMs === undefined) return;
		if (!this.isKnown && (this.firstRejectedMs ?? lastRejectedMs) - lastMs > MAX_GAP_MS) return;
		const first = earlier.length - this.countTogether(earlier, startMs - lastMs);
		this.count = earlier.length - first;
		this.windowMs = startMs - earlier[first];
		this.rejectedAfterMs = lastRejectedMs - earlier[first];
		const [, unitMs] = LIMIT_UNITS.find(([, ms]) => ms > this.rejectedAfterMs) ?? ['', Infinity];
		const isInOneUnit = Math.floor(earlier[first] / unitMs) === Math.floor(lastMs / unitMs);
		// When a second of the service's clock begins, nobody knows.
		this.isCountSure = isInOneUnit && unitMs > 1000;
		this.startsInWindow = 0;
		this.slowDown();
	}

	private countTogether(earlier: number[], silentMs: number): number {
		const lastMs = earlier.at(-1)!;
		const fromMs = this.isKnown ? lastMs - this.windowMs : -Infinity;
		let count = 1;
		for (let index = earlier.length - 2; index >= 0; index--) {
			const isTogether = this.isKnown
				? earlier[index] > fromMs
				: earlier[index + 1] - earlier[index] <= Math.min(silentMs * MAX_GAP_SHARE, MAX_GAP_MS);
			if (!isTogether) break;
			count++;
		}
		return count;
	}

	/** Between the longest time that was too short and the shortest that was long enough. */
	private waitMs(): number {
		return this.isMeasured ? this.windowMs : (this.rejectedAfterMs + this.windowMs) / 2;
	}

	private grow(): void {
		this.growth = this.nextGrowth;
		this.count += this.growth;
		this.nextGrowth *= 2;
		this.fullWindowsLeft = 1;
	}

	private slowDown(): void {
		if (this.growth === 1) this.isCountSure = true;
		if (this.growth > 0) this.holdWindows = Math.min(MAX_HOLD_WINDOWS, 2 * this.holdWindows);
		this.count -= this.growth;
		this.growth = 0;
		this.nextGrowth = 1;
		this.fullWindowsLeft = this.holdWindows;
	}
}
