/** How many requests the service allows, as its rejections showed. */
export interface RequestLimit {
	count: number;
	unit: LimitUnit;
}

type LimitUnit = 'second' | 'minute' | 'hour';

const LIMIT_UNITS: Array<[LimitUnit, number]> = [
	['second', 1000],
	['minute', 60_000],
	['hour', 3_600_000],
];
/** A window is measured once a request after this share of it was rejected. */
const MEASURED_SHARE = 0.8;
/** A rejection with this share of the requests sent tells that there may not be more of them. */
const FULL_SHARE = 0.9;
/** Windows before one more request is tried than were accepted; a rejection doubles them. */
const FIRST_HOLD_WINDOWS = 4;
const MAX_HOLD_WINDOWS = 64;
/** Rejections for more windows after more requests than these come from another limit, unless they come from two windows of the clock. */
const MAX_SILENT_WINDOWS = 4;
const MAX_FULL_WINDOWS = 2.5;
/** A wait for a shorter time costs less than a rejection. */
const MIN_PROBED_MS = 10_000;
/** If more than this times the learnt count is accepted, something else had used up the limit. */
const MAX_ERROR = 2;

/** A request that was rejected as one too many. */
export interface Rejected {
	startMs: number;
	/** No other request was in flight, and the service had rejected others before. */
	isAlone: boolean;
	/** It tried whether the service takes more at a time. */
	isWider: boolean;
}

/** Requests that were accepted, and what came until one was accepted again. */
interface MeasuredLimit {
	count: number;
	windowMs: number;
	/** How long after the oldest of `count` requests one was rejected. */
	rejectedAfterMs: number;
	/** The requests that were counted cannot belong to two windows of the service's clock. */
	isCountSure: boolean;
}

/**
 * At most `count` requests in any time of this length. That obeys services which count by the minute of the clock, by the last
 * sixty seconds, or fill a bucket.
 */
export class Quota {
	private count = Infinity;
	/** Milliseconds. */
	windowMs = 0;
	private rejectedAfterMs = 0;
	private isCountSure = false;
	private lastRejectedMs?: number;
	/** One more than `count` was rejected. Before, it is tried: something else may have used up a part of the limit. */
	private isConfirmed = false;
	private mostCount = Infinity;
	private lastProbeMs?: number;
	private holdWindows = FIRST_HOLD_WINDOWS;
	private fullWindowsLeft = FIRST_HOLD_WINDOWS;
	private startsInWindow = 0;
	private isFull = false;
	private isBlocked = false;
	private lastBlockedMs?: number;
	/** A part of `count` that is tried: it may be one too many until a full window of it was accepted. */
	private growth = 0;
	/** When the request was sent that tried it; others may have been sent in the same millisecond. */
	private growthSentMs?: number;
	private isGrowthAccepted = true;
	/** `count` without what is tried, and without the last growth: two windows of the service's clock may have shared it. */
	private sureCount = 0;
	private nextGrowth = 1;

	/** @param startsMs when requests were sent, oldest first, but for those that were rejected */
	constructor(
		private readonly startsMs: readonly number[],
		measured: MeasuredLimit,
	) {
		this.adopt(measured);
	}

	/** Whether a shorter time between requests than `windowMs` has been tried, so that the next one need not go alone. */
	get isMeasured(): boolean {
		return this.rejectedAfterMs >= MEASURED_SHARE * this.windowMs;
	}

	get isWrong(): boolean {
		return this.count > this.mostCount && !this.isConfirmed;
	}

	/** `undefined` unless it was measured, and for exactly one unit of time. */
	get limit(): RequestLimit | undefined {
		if (!this.isMeasured || !this.isCountSure) return undefined;
		const unit = LIMIT_UNITS.find(([, ms]) => ms > this.rejectedAfterMs && ms <= this.windowMs);
		return unit && { count: Number(this.sureCount.toPrecision(2)), unit: unit[0] };
	}

	/** Whether the next request tests if more are allowed. */
	isProbing(nowMs: number): boolean {
		return !this.isConfirmed && this.isMeasured && this.fullUntilMs() > nowMs;
	}

	/** When one more request may be sent. */
	freeAtMs(nowMs: number): number {
		return this.isProbing(nowMs) ? -Infinity : this.fullUntilMs();
	}

	/** The next request waits for this quota. */
	block(): void {
		this.isFull = this.isBlocked = true;
	}

	add(startMs: number): void {
		if (this.isProbing(startMs)) this.lastProbeMs = startMs;
		if (this.isBlocked) this.lastBlockedMs = startMs;
		this.isBlocked = false;
		if (!this.isGrowthAccepted && this.isFullWith(startMs)) this.growthSentMs ??= startMs;
		if (++this.startsInWindow < this.count) return;
		if (this.isGrowthAccepted && this.isFull && --this.fullWindowsLeft <= 0) this.grow();
		this.startsInWindow = 0;
		this.isFull = false;
	}

	/** @param isLearnt another quota explains why it was accepted only now */
	observeAnswer(startMs: number, isLearnt: boolean): void {
		const { lastRejectedMs } = this;
		if (isLearnt) this.lastRejectedMs = undefined;
		else if (lastRejectedMs !== undefined && startMs > lastRejectedMs) this.learn(startMs, lastRejectedMs);
		if (startMs > (this.growthSentMs ?? Infinity)) this.isGrowthAccepted = true;
		const oldestMs = this.startsMs[this.startsMs.lastIndexOf(startMs) - this.count];
		const passedMs = startMs - (oldestMs ?? -Infinity);
		if (!this.isMeasured || passedMs > this.rejectedAfterMs)
			this.windowMs = Math.min(this.windowMs, passedMs);
		else if (startMs === this.lastProbeMs)
			this.sureCount = this.count = this.startsWithin(this.rejectedAfterMs, startMs) + 1;
	}

	/** @returns whether this quota explains it */
	observeRejection({ startMs, isAlone, isWider }: Rejected): boolean {
		const { growth, count } = this;
		if (growth === 1 && !isWider) this.isCountSure = true;
		this.slowDown();
		if (growth > 0) return true;
		if (startMs === this.lastBlockedMs) {
			const sinceOldestMs = startMs - (this.startsMs.at(-count) ?? startMs);
			this.rejectedAfterMs = Math.min(this.windowMs, sinceOldestMs);
			if (sinceOldestMs >= this.windowMs) this.lastRejectedMs = startMs;
			return true;
		}
		if (isAlone && this.lastRejectedMs !== undefined) this.lastRejectedMs = startMs;
		const used = this.startsWithin(this.windowMs, startMs);
		if (used < FULL_SHARE * count) return false;
		if (startMs === this.lastProbeMs) this.isConfirmed = this.isCountSure = true;
		else if (used < count) this.isCountSure &&= isAlone;
		this.count = Math.max(1, Math.min(count, used));
		this.sureCount = Math.min(this.sureCount, this.count);
		return true;
	}

	/** Whether another limit than this rejected a request after that many, and let one through after that silence. */
	isTooShortFor(requests: number, silentMs: number): boolean {
		return silentMs > MAX_SILENT_WINDOWS * this.windowMs && requests > MAX_FULL_WINDOWS * this.count;
	}

	private startsWithin(ms: number, untilMs: number): number {
		return this.startsMs.filter((startMs) => startMs > untilMs - ms && startMs < untilMs).length;
	}

	/** Whether a request that is sent now is the last one that `count` allows. */
	private isFullWith(startMs: number): boolean {
		return (this.startsMs.at(1 - this.count) ?? -Infinity) > startMs - this.windowMs;
	}

	private fullUntilMs(): number {
		const oldestMs = this.startsMs.at(-this.count);
		return oldestMs === undefined ? -Infinity : oldestMs + this.waitMs();
	}

	private learn(startMs: number, lastRejectedMs: number): void {
		this.lastRejectedMs = undefined;
		const earlier = this.startsMs.filter((ms) => ms < lastRejectedMs);
		const lastMs = earlier.at(-1);
		if (lastMs === undefined) return;
		const first = earlier.findIndex((ms) => ms > lastMs - this.windowMs);
		this.adopt(measureLimit(earlier.slice(first), startMs, lastRejectedMs));
		this.startsInWindow = 0;
		this.slowDown();
	}

	private adopt(measured: MeasuredLimit): void {
		Object.assign(this, measured);
		this.sureCount = this.count;
		this.mostCount = MAX_ERROR * this.count;
		this.isConfirmed = this.windowMs < MIN_PROBED_MS;
	}

	/** Between the longest time that was too short and the shortest that was long enough. */
	private waitMs(): number {
		return this.isMeasured ? this.windowMs : (this.rejectedAfterMs + this.windowMs) / 2;
	}

	private grow(): void {
		this.sureCount = this.count - this.growth;
		this.growth = this.nextGrowth;
		this.growthSentMs = undefined;
		this.isGrowthAccepted = false;
		this.count += this.growth;
		this.nextGrowth *= 2;
		this.fullWindowsLeft = 1;
	}

	private slowDown(): void {
		if (this.growth > 0) this.holdWindows = Math.min(MAX_HOLD_WINDOWS, 2 * this.holdWindows);
		this.count -= this.growth;
		this.growth = 0;
		this.growthSentMs = undefined;
		this.isGrowthAccepted = true;
		this.nextGrowth = 1;
		this.fullWindowsLeft = this.holdWindows;
	}
}

/** @param acceptedMs when requests were sent that were accepted, oldest first, before one was rejected again and again */
export function measureLimit(acceptedMs: number[], startMs: number, lastRejectedMs: number): MeasuredLimit {
	const [oldestMs, newestMs] = [acceptedMs[0], acceptedMs.at(-1)!];
	const rejectedAfterMs = lastRejectedMs - oldestMs;
	const [, unitMs] = LIMIT_UNITS.find(([, ms]) => ms > rejectedAfterMs) ?? ['', Infinity];
	const isInOneUnit = Math.floor(oldestMs / unitMs) === Math.floor(newestMs / unitMs);
	return {
		count: acceptedMs.length,
		windowMs: startMs - oldestMs,
		rejectedAfterMs,
		// When a second of the service's clock begins, nobody knows.
		isCountSure: isInOneUnit && unitMs > 1000,
	};
}
