import type { Timing } from '../timing';
import { FIRST_PAUSE_MS, Pause, nextTryMs } from './pause';
import type { RequestLimit } from './quota';
import { Quotas } from './quotas';
import { SteadyClock } from './steadyClock';
import type { Waiter } from './waiter';
import { AdaptiveWidth, FIRST_WIDTH, MS_PER_REQUEST } from './width';

export type PoolClock = Pick<Timing, 'now' | 'sleep' | 'random'>;

/** After a pause as long as this many answers take, one more before the others is worth the rejections that it may save. */
const LONG_PAUSE_ANSWERS = 20;
/** A `Retry-After` that was wrong more often does not decide alone. */
const MAX_TRUSTED_REJECTIONS = 3;
/** Stands for the duration of an answer before any arrived. */
const DEFAULT_ANSWER_MS = 100;
const FORGET_DURATIONS_MS = 10_000;
/** A limit of another load on the account, or of another day, must not slow down what comes later. */
const FORGET_LIMITS_MS = 5 * 60_000;

/** The requests that are on their way. */
interface InFlight {
	count: number;
	/** When the oldest of them was sent. */
	oldestMs?: number;
}

/** A request may be sent now; or `freeAtMs`, when one may be unless an answer comes first, infinite where only an answer tells. */
type NextTurn = (Pick<Waiter, 'isWider' | 'cutsBefore'> & { freeAtMs?: undefined }) | { freeAtMs: number };

/** Decides, by the answers and rejections so far, when a request may be sent: no more of them at a time, or within a time, than the service takes. */
export class Throttle {
	answers = 0;
	private adaptive = new AdaptiveWidth();
	private quotas = new Quotas();
	private readonly pause = new Pause();
	private readonly clock: SteadyClock;
	private cuts = 0;
	/** Since the last answer. */
	private rejections = 0;
	private rejectedSinceMs = 0;
	/** When one request is sent alone: the first of a window whose length is not certain, or one more than a limit. */
	private reopensAtMs?: number;
	private lastAnswerMs = 0;
	private lastChangeMs = 0;

	constructor(private readonly timing: PoolClock) {
		this.clock = new SteadyClock(timing, () => {
			this.pause.end();
			this.forgetLimits();
		});
	}

	now(): number {
		return this.clock.now();
	}

	async sleep(ms: number): Promise<void> {
		await this.clock.sleep(ms);
	}

	/** Milliseconds until the pause ends, 0 without one. */
	get pauseMs(): number {
		return Math.max(0, this.pause.untilMs - this.clock.now());
	}

	get width(): number {
		return this.adaptive.slots;
	}

	/** The width that may be reached before the next answer. */
	get reach(): number {
		return this.adaptive.reach;
	}

	get limit(): RequestLimit | undefined {
		return this.quotas.limit;
	}

	/** Milliseconds since the first of the rejections that no answer has followed. */
	get silentMs(): number {
		return this.rejections > 0 ? this.clock.now() - this.rejectedSinceMs : 0;
	}

	/** Whether requests wait because the service takes no more of them. */
	get isByLimit(): boolean {
		return this.rejections > 0 || this.quotas.isKnown;
	}

	/** When the next request may be sent at the earliest. */
	startMs(now: number): number {
		const freeAtMs = this.quotas.freeAtMs(now);
		this.quotas.block(now);
		const isLongPause = freeAtMs - now > LONG_PAUSE_ANSWERS * this.answerMs();
		if (freeAtMs > now && (isLongPause || !this.quotas.isMeasured)) this.reopensAtMs = freeAtMs;
		if (this.quotas.isProbing(now)) this.reopensAtMs ??= now;
		return Math.max(this.pause.startMs, freeAtMs);
	}

	takeTurn(now: number, { count, oldestMs }: InFlight): NextTurn {
		// Since when no answer has come, though requests are on their way.
		const sinceMs = oldestMs === undefined ? now : Math.max(oldestMs, this.lastAnswerMs);
		const isReopening = this.rejections > 0 || (this.reopensAtMs ?? Infinity) <= now;
		const hasSlot = count < (isReopening ? 1 : this.adaptive.slotsAfter(now - sinceMs));
		if (!hasSlot && (isReopening || !this.adaptive.useProbe())) {
			const mayReach = !isReopening && count < this.reach;
			return { freeAtMs: mayReach ? sinceMs + MS_PER_REQUEST * (count + 1) : Infinity };
		}
		this.pause.observeStart(now, this.answerMs() / this.adaptive.nextSlots, this.adaptive.isCut);
		this.quotas.add(now);
		return { isWider: !hasSlot, cutsBefore: this.cuts };
	}

	/** @param isWanted whether more requests would be sent if that were allowed */
	observeAnswer(startMs: number, isWanted: boolean): void {
		const now = this.clock.now();
		this.rejections = 0;
		this.answers++;
		this.lastAnswerMs = now;
		this.quotas.observeAnswer(startMs);
		if (this.reopensAtMs !== undefined && startMs >= this.reopensAtMs) this.reopensAtMs = undefined;
		if (this.adaptive.observeAnswer(now - startMs, isWanted)) this.lastChangeMs = now;
	}

	observeRejection({ startMs, isAlone, isWider, cutsBefore }: Waiter, retryAfterMs?: number): void {
		const now = this.clock.now();
		// A request that was sent before the last cut says nothing about the width since then.
		if (cutsBefore !== this.cuts) return this.quotas.withdraw(startMs);
		const isByTime = isAlone && (this.rejections > 0 || this.width === 1 || this.reopensAtMs !== undefined);
		const isQuota = this.quotas.observeRejection({ startMs, isAlone: isByTime, isWider });
		if (this.rejections === 0) this.rejectedSinceMs = now;
		// Another rejection right after a pause says that the pause was too short.
		if (this.rejections === 0 && !isQuota) this.adaptive.cut();
		this.rejections++;
		this.cuts++;
		this.lastChangeMs = now;
		if (retryAfterMs === undefined || this.rejections > MAX_TRUSTED_REJECTIONS)
			this.pauseFor(this.ownPauseMs(now, isQuota));
	}

	pauseFor(ms: number): void {
		if (ms > 0) this.pause.prolong(this.clock.now() + ms, this.answerMs(), this.timing.random());
	}

	/** @param lastUseMs when the last request was done; only while none is on its way */
	forgetOldMeasurements(lastUseMs: number): void {
		const now = this.clock.now();
		const idleMs = now - Math.max(lastUseMs, this.pause.untilMs);
		const isLow = this.width < FIRST_WIDTH && now - this.lastChangeMs > FORGET_LIMITS_MS;
		if (isLow || idleMs > FORGET_LIMITS_MS) this.adaptive = new AdaptiveWidth();
		if (idleMs > Math.max(FORGET_LIMITS_MS, this.quotas.windowMs)) this.forgetLimits();
		if (idleMs > FORGET_DURATIONS_MS) this.adaptive.forgetDurations();
	}

	/** Where a limit is known, it says itself when the next request may be sent. If that was too early, time is added by halves. */
	private ownPauseMs(now: number, isQuota: boolean): number {
		if (!isQuota || !this.quotas.isKnown) {
			const passedMs = now - this.rejectedSinceMs;
			return nextTryMs(passedMs) - passedMs;
		}
		if (this.quotas.freeAtMs(now) > now) return 0;
		const passedMs = this.quotas.sinceLastMs(now);
		return Math.min(nextTryMs(passedMs), passedMs + Math.max(FIRST_PAUSE_MS, passedMs / 2)) - passedMs;
	}

	private answerMs(): number {
		return this.adaptive.medianMs ?? DEFAULT_ANSWER_MS;
	}

	private forgetLimits(): void {
		this.adaptive = new AdaptiveWidth();
		this.quotas = new Quotas();
		this.rejections = 0;
	}
}
