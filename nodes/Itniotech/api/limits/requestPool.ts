import { HOUR_MS } from './patience';
import { FIRST_PAUSE_MS, Pause, nextTryMs } from './pause';
import type { RequestLimit } from './quota';
import { Quotas } from './quotas';
import { SteadyClock } from './steadyClock';
import { PauseTooLongError, Waiter, type Turn } from './waiter';
import { AdaptiveWidth, FIRST_WIDTH, MS_PER_REQUEST } from './width';
import { unlessAborted, type Timing } from '../timing';

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

/** All requests of one account in this process. No more of them are in flight, or sent within a time, than the service takes. */
export class RequestPool {
	answers = 0;
	private adaptive = new AdaptiveWidth();
	private quotas = new Quotas();
	private readonly pause = new Pause();
	private readonly clock: SteadyClock;
	private readonly waiting: Waiter[] = [];
	/** The oldest first. */
	private readonly inFlight = new Set<Waiter>();
	private cuts = 0;
	/** Since the last answer. */
	private rejections = 0;
	private rejectedSinceMs = 0;
	private wakeAtMs = Infinity;
	/** When one request is sent alone: the first of a window whose length is not sure, or one more than a limit. */
	private reopensAtMs?: number;
	private lastAnswerMs = 0;
	private lastUseMs = 0;
	private lastChangeMs = 0;

	constructor(private readonly timing: PoolClock) {
		this.clock = new SteadyClock(timing, () => {
			this.pause.end();
			this.forgetLimits();
		});
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

	/**
	 * @throws what `send` throws; the reason of a signal that aborts the wait for a free slot or the end of a pause;
	 * PauseTooLongError
	 */
	async run<T>({ send, classify, signals, tries, maxWaitMs }: Turn<T>): Promise<T> {
		const request = await this.enter(signals, tries, maxWaitMs);
		try {
			const result = await send();
			const { kind, retryAfterMs } = classify(result);
			if (kind === 'answered') this.observeAnswer(request);
			if (kind === 'rejected') this.observeRejection(request, retryAfterMs);
			if (retryAfterMs !== undefined) this.pauseFor(retryAfterMs);
			return result;
		} finally {
			this.leave(request);
		}
	}

	private async enter(signals: AbortSignal[], tries: number, maxWaitMs = Infinity): Promise<Waiter> {
		this.forgetOldMeasurements();
		const waiter = new Waiter(tries, this.clock.now() + maxWaitMs);
		const place = this.waiting.findIndex((other) => other.tries < tries);
		this.waiting.splice(place < 0 ? this.waiting.length : place, 0, waiter);
		this.dispatch();
		let isSent = false;
		try {
			await unlessAborted(waiter.turn, signals);
			isSent = true;
			return waiter;
		} finally {
			if (!isSent) this.withdraw(waiter);
		}
	}

	private withdraw(waiter: Waiter): void {
		const index = this.waiting.indexOf(waiter);
		if (index >= 0) this.waiting.splice(index, 1);
		if (waiter.isStarted) this.leave(waiter);
	}

	private leave(waiter: Waiter): void {
		this.inFlight.delete(waiter);
		this.lastUseMs = this.clock.now();
		this.dispatch();
	}

	private dispatch(): void {
		while (this.waiting.length > 0) {
			const now = this.clock.now();
			const startMs = this.planStart(now);
			if (startMs > now) return this.waitUntil(startMs, now);
			const sinceMs = this.silentSinceMs(now);
			const isReopening = this.rejections > 0 || (this.reopensAtMs ?? Infinity) <= now;
			const hasSlot = this.inFlight.size < (isReopening ? 1 : this.adaptive.slotsAfter(now - sinceMs));
			if (!hasSlot && (isReopening || !this.adaptive.useProbe())) {
				if (!isReopening && this.inFlight.size < this.reach)
					this.wakeAt(sinceMs + MS_PER_REQUEST * (this.inFlight.size + 1), now);
				return;
			}
			this.pause.observeStart(now, this.answerMs() / this.adaptive.nextSlots, this.adaptive.isCut);
			this.quotas.add(now);
			const request = this.waiting.shift()!;
			this.inFlight.add(request);
			request.start(now, { isAlone: this.inFlight.size === 1, isWider: !hasSlot, cutsBefore: this.cuts });
		}
	}

	/** Since when no answer has come, though requests are on their way. */
	private silentSinceMs(now: number): number {
		const [oldest] = this.inFlight;
		return oldest ? Math.max(oldest.startMs, this.lastAnswerMs) : now;
	}

	private planStart(now: number): number {
		const freeAtMs = this.quotas.freeAtMs(now);
		this.quotas.block(now);
		const isLongPause = freeAtMs - now > LONG_PAUSE_ANSWERS * this.answerMs();
		if (freeAtMs > now && (isLongPause || !this.quotas.isMeasured)) this.reopensAtMs = freeAtMs;
		if (this.quotas.isProbing(now)) this.reopensAtMs ??= now;
		return Math.max(this.pause.startMs, freeAtMs);
	}

	/** A later end of the pause, or a limit, may only show then. */
	private waitUntil(startMs: number, now: number): void {
		this.giveUp(startMs - now, (waiter) => waiter.giveUpAtMs < startMs);
		if (this.waiting.length > 0) this.wakeAt(startMs, now);
	}

	private wakeAt(startMs: number, now: number): void {
		if (this.wakeAtMs <= startMs) return;
		this.wakeAtMs = startMs;
		void this.clock.sleep(startMs - now).then(() => {
			this.wakeAtMs = Infinity;
			this.dispatch();
		});
	}

	private giveUp(waitMs: number, hasNoTime: (waiter: Waiter) => boolean): void {
		const isByLimit = this.rejections > 0 || this.quotas.isKnown;
		for (const waiter of this.waiting.filter(hasNoTime)) {
			this.waiting.splice(this.waiting.indexOf(waiter), 1);
			waiter.giveUp(new PauseTooLongError(waitMs, isByLimit));
		}
	}

	private observeAnswer({ startMs }: Waiter): void {
		const now = this.clock.now();
		const isWanted = this.waiting.length > 0 || this.inFlight.size >= this.width;
		this.rejections = 0;
		this.answers++;
		this.lastAnswerMs = now;
		this.quotas.observeAnswer(startMs);
		if (this.reopensAtMs !== undefined && startMs >= this.reopensAtMs) this.reopensAtMs = undefined;
		if (this.adaptive.observeAnswer(now - startMs, isWanted)) this.lastChangeMs = now;
	}

	private observeRejection({ startMs, isAlone, isWider, cutsBefore }: Waiter, retryAfterMs?: number): void {
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
		if (this.silentMs >= HOUR_MS) this.giveUp(this.pauseMs, () => true);
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

	private pauseFor(ms: number): void {
		if (ms > 0) this.pause.prolong(this.clock.now() + ms, this.answerMs(), this.timing.random());
	}

	private answerMs(): number {
		return this.adaptive.medianMs ?? DEFAULT_ANSWER_MS;
	}

	private forgetOldMeasurements(): void {
		if (this.inFlight.size > 0) return;
		const now = this.clock.now();
		const idleMs = now - Math.max(this.lastUseMs, this.pause.untilMs);
		const isLow = this.width < FIRST_WIDTH && now - this.lastChangeMs > FORGET_LIMITS_MS;
		if (isLow || idleMs > FORGET_LIMITS_MS) this.adaptive = new AdaptiveWidth();
		if (idleMs > Math.max(FORGET_LIMITS_MS, this.quotas.windowMs)) this.forgetLimits();
		if (idleMs > FORGET_DURATIONS_MS) this.adaptive.forgetDurations();
	}

	private forgetLimits(): void {
		this.adaptive = new AdaptiveWidth();
		this.quotas = new Quotas();
		this.rejections = 0;
	}
}

const poolsByClock = new WeakMap<PoolClock, Map<string, RequestPool>>();

/** All runs, workflows and triggers of this process share the pool of a credential, whose ID is `accountId`. */
export function poolOf(accountId: string, clock: PoolClock): RequestPool {
	const pools = poolsByClock.get(clock) ?? new Map<string, RequestPool>();
	const pool = pools.get(accountId) ?? new RequestPool(clock);
	poolsByClock.set(clock, pools.set(accountId, pool));
	return pool;
}
