import { Quota, measureLimit, type Rejected, type RequestLimit } from './quota';

/** Requests belong together where the time between two is at most this share of the time without an answer behind them. */
const MAX_GAP_SHARE = 1 / 4;
/** No limit is learnt from requests further apart, as those of polls are: what rejects them may be an outage. */
const MAX_GAP_MS = 30_000;
/** Two windows of which neither is longer by more than this are those of one limit. */
const MAX_RATIO = 2;
/** An hour at five a second. Up to twice as many are stored, in 320 KB. */
const MAX_STARTS = 20_000;
/** Those of the last two hours tell whether there is a limit by the hour. Up to four hours are stored. */
const MAX_AGE_MS = 2 * 60 * 60_000;

/** All limits of requests in a time that were learnt, for example one by the second and one by the minute. */
export class Quotas {
	/** When requests were sent, oldest first, but for those that were rejected. */
	private readonly startsMs: number[] = [];
	/** The shortest window first. */
	private quotas: Quota[] = [];
	/** When the last request was sent that was rejected although it was alone; `undefined` once one was accepted. */
	private lastRejectedMs?: number;
	/** When the first request was sent of those that were rejected since the last answer. */
	private firstRejectedMs?: number;
	private isExplained = false;

	get isKnown(): boolean {
		return this.quotas.length > 0;
	}

	get isMeasured(): boolean {
		return this.quotas.every(({ isMeasured }) => isMeasured);
	}

	/** The longest one, in milliseconds; 0 until one is known. */
	get windowMs(): number {
		return this.quotas.at(-1)?.windowMs ?? 0;
	}

	/** The longest one that is sure. */
	get limit(): RequestLimit | undefined {
		return this.quotas.map(({ limit }) => limit).findLast((limit) => limit !== undefined);
	}

	/** Whether the next request must go alone, to try whether there may be more of them. */
	isProbing(nowMs: number): boolean {
		return this.quotas.some((quota) => quota.isProbing(nowMs));
	}

	/** When one more request may be sent. */
	freeAtMs(nowMs: number): number {
		return Math.max(-Infinity, ...this.quotas.map((quota) => quota.freeAtMs(nowMs)));
	}

	/** The next request waits, if it must, for the quota that is free last. */
	block(nowMs: number): void {
		const freeAtMs = this.freeAtMs(nowMs);
		if (freeAtMs > nowMs) this.quotas.find((quota) => quota.freeAtMs(nowMs) === freeAtMs)?.block();
	}

	add(startMs: number): void {
		for (const quota of this.quotas) quota.add(startMs);
		this.startsMs.push(startMs);
		this.forgetOldStarts(startMs);
	}

	/** A request that was accepted. */
	observeAnswer(startMs: number): void {
		const { lastRejectedMs } = this;
		const isLearnt =
			lastRejectedMs !== undefined && startMs > lastRejectedMs && this.learn(startMs, lastRejectedMs);
		const silentMs = startMs - (this.startsMs[this.startsMs.lastIndexOf(startMs) - 1] ?? startMs);
		for (const quota of this.quotas)
			quota.observeAnswer(startMs, isLearnt || this.isLonger(quota.windowMs, silentMs));
		if (startMs > (this.firstRejectedMs ?? Infinity)) this.firstRejectedMs = undefined;
		this.quotas = this.quotas.filter(({ isWrong }) => !isWrong);
	}

	/** @returns whether it tells nothing about the number of requests at a time */
	observeRejection(rejected: Rejected): boolean {
		const { startMs, isAlone } = rejected;
		this.withdraw(startMs);
		if (this.firstRejectedMs === undefined) this.isExplained = false;
		this.firstRejectedMs ??= startMs;
		if (isAlone) this.lastRejectedMs = startMs;
		for (const quota of this.quotas) if (quota.observeRejection(rejected)) this.isExplained = true;
		return isAlone || this.isExplained;
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

	/** Whether a silence is not that of a quota with this window, but that of a longer one. */
	private isLonger(shortMs: number, silentMs: number): boolean {
		return (
			silentMs > MAX_RATIO * shortMs &&
			this.quotas.some(({ windowMs }) => windowMs > shortMs && silentMs <= MAX_RATIO * windowMs)
		);
	}

	/** A trigger that polls each minute would store more and more of them. */
	private forgetOldStarts(nowMs: number): void {
		const maxAgeMs = Math.max(MAX_AGE_MS, this.windowMs);
		const isOld = nowMs - this.startsMs[0] > 2 * maxAgeMs;
		const oldCount = isOld ? this.startsMs.findIndex((ms) => nowMs - ms <= maxAgeMs) : 0;
		const isFull = this.startsMs.length > 2 * MAX_STARTS;
		const count = Math.max(oldCount, isFull ? MAX_STARTS : 0);
		if (count > 0) this.startsMs.splice(0, count);
	}

	/** The node itself may have waited for a known quota. */
	private maxGapMs(): number {
		return Math.max(MAX_GAP_MS, MAX_RATIO * this.windowMs);
	}

	/** @returns whether there is another quota now */
	private learn(startMs: number, lastRejectedMs: number): boolean {
		this.lastRejectedMs = undefined;
		const earlier = this.startsMs.filter((ms) => ms < lastRejectedMs);
		const lastMs = earlier.at(-1);
		if (lastMs === undefined || (this.firstRejectedMs ?? lastRejectedMs) - lastMs > this.maxGapMs())
			return false;
		const silentMs = startMs - lastMs;
		const together = lastTogether(earlier, Math.min(silentMs * MAX_GAP_SHARE, this.maxGapMs()));
		const isOther = this.quotas.every((quota) => quota.isTooShortFor(together.length, silentMs));
		if (this.isExplained && !isOther) return false;
		const measured = measureLimit(together, startMs, lastRejectedMs);
		const others = this.quotas.filter(
			({ windowMs }) => Math.max(windowMs / measured.windowMs, measured.windowMs / windowMs) > MAX_RATIO,
		);
		this.quotas = [...others, new Quota(this.startsMs, measured)].sort((a, b) => a.windowMs - b.windowMs);
		return true;
	}
}

function lastTogether(startsMs: number[], maxGapMs: number): number[] {
	const first = startsMs.findLastIndex((ms, index) => ms - startsMs[index - 1] > maxGapMs);
	return startsMs.slice(Math.max(0, first));
}
