import { unlessAborted, type Timing } from './retry';
import { AdaptiveWidth, FIRST_WIDTH } from './width';

export type PoolClock = Pick<Timing, 'now' | 'sleep' | 'random'>;

export interface Outcome {
	/** `rejected`: as one too many. */
	kind: 'answered' | 'failed' | 'rejected';
	retryAfterMs?: number;
}

export interface Turn<T> {
	send(): Promise<T>;
	outcomeOf(result: T): Outcome;
	signals: AbortSignal[];
	/** How often the request was sent before. Other records may wait for its answer, so the most tries go first. */
	tries: number;
}

interface Waiter {
	tries: number;
	start(): void;
}

/** Short, as most limits count requests in flight or within a second; longer while every try is rejected. */
const FIRST_PAUSE_MS = 250;
const PAUSE_FACTOR = 3;
const MAX_PAUSE_MS = 8000;
/** Stands for the duration of an answer before any arrived. */
const DEFAULT_ANSWER_MS = 100;
const FORGET_DURATIONS_MS = 10_000;
/** A limit of another load on the account, or of another day, must not slow down what comes later. */
const FORGET_WIDTH_MS = 5 * 60_000;

/** All requests of one account in this process. No more of them are in flight than the service can take. */
export class RequestPool {
	answers = 0;
	private adaptive = new AdaptiveWidth();
	private readonly waiting: Waiter[] = [];
	private inFlight = 0;
	private cuts = 0;
	private rejectionsInRow = 0;
	private pausedUntilMs = 0;
	private nextStartMs = 0;
	private spreadUntilMs = 0;
	private lastUseMs = 0;
	private lastChangeMs = 0;
	private latestMs = -Infinity;

	constructor(private readonly clock: PoolClock) {}

	/** Milliseconds until the pause ends, 0 without one. */
	get pauseMs(): number {
		return Math.max(0, this.pausedUntilMs - this.now());
	}

	get width(): number {
		return this.adaptive.slots;
	}

	/** @throws what `send` throws; the reason of a signal that aborts the wait for a free slot or the end of a pause */
	async run<T>({ send, outcomeOf, signals, tries }: Turn<T>): Promise<T> {
		await this.enter(signals, tries);
		const cutsBefore = this.cuts;
		const startedAt = this.now();
		try {
			const result = await send();
			const { kind, retryAfterMs } = outcomeOf(result);
			if (kind === 'answered') this.observeAnswer(startedAt);
			if (kind === 'rejected') this.observeRejection(cutsBefore, retryAfterMs);
			if (retryAfterMs !== undefined) this.pauseFor(retryAfterMs);
			return result;
		} finally {
			this.leave();
		}
	}

	private async enter(signals: AbortSignal[], tries: number): Promise<void> {
		this.forgetOldMeasurements();
		const waiter: Waiter = { tries, start: () => {} };
		const turn = new Promise<void>((resolve) => (waiter.start = resolve));
		const place = this.waiting.findIndex((other) => other.tries < tries);
		this.waiting.splice(place < 0 ? this.waiting.length : place, 0, waiter);
		this.admit();
		let isStarted = false;
		try {
			await unlessAborted(turn, signals);
			await this.waitForStart(signals);
			isStarted = true;
		} finally {
			if (!isStarted) this.giveUp(waiter);
		}
	}

	private giveUp(waiter: Waiter): void {
		const index = this.waiting.indexOf(waiter);
		if (index < 0) this.leave();
		else this.waiting.splice(index, 1);
	}

	private leave(): void {
		this.inFlight--;
		this.lastUseMs = this.now();
		this.admit();
	}

	private admit(): void {
		while (this.waiting.length > 0 && (this.inFlight < this.width || this.adaptive.useProbe())) {
			this.inFlight++;
			this.waiting.shift()!.start();
		}
	}

	private async waitForStart(signals: AbortSignal[]): Promise<void> {
		do {
			const waitMs = this.reserveStart() - this.now();
			if (waitMs <= 0) return;
			await this.clock.sleep(waitMs, signals);
			// Another request may have prolonged the pause in the meantime.
		} while (this.now() < this.pausedUntilMs);
	}

	/** After a pause, the first requests are spread over the time that one answer takes. */
	private reserveStart(): number {
		const startMs = Math.max(this.now(), this.nextStartMs);
		if (startMs < this.spreadUntilMs) this.nextStartMs = startMs + this.answerMs() / this.width;
		return startMs;
	}

	private observeAnswer(startedAt: number): void {
		const now = this.now();
		const isWanted = this.waiting.length > 0 || this.inFlight >= this.width;
		this.rejectionsInRow = 0;
		this.answers++;
		// The clock was set back during the request: how long that took is not known.
		if (now < startedAt) return;
		if (this.adaptive.observeAnswer(now - startedAt, isWanted)) this.lastChangeMs = now;
	}

	private observeRejection(cutsBefore: number, retryAfterMs?: number): void {
		// A request that was sent before the last cut says nothing about the width since then.
		if (cutsBefore !== this.cuts) return;
		const pauseMs = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * PAUSE_FACTOR ** this.rejectionsInRow);
		if (retryAfterMs === undefined) this.pauseFor(pauseMs);
		// Another rejection right after a pause says that the pause was too short.
		if (this.rejectionsInRow === 0) this.adaptive.cut();
		this.rejectionsInRow++;
		this.cuts++;
		this.lastChangeMs = this.now();
	}

	/** The longest pause that was asked for wins. Several n8n processes should not all start again at its end. */
	private pauseFor(ms: number): void {
		const untilMs = this.now() + ms;
		if (untilMs <= this.pausedUntilMs) return;
		const answerMs = this.answerMs();
		this.pausedUntilMs = untilMs;
		this.nextStartMs = untilMs + answerMs * this.clock.random();
		this.spreadUntilMs = this.nextStartMs + answerMs;
	}

	/** A clock that is set back ends a pause, which would last longer by as much. */
	private now(): number {
		const now = this.clock.now();
		if (now < this.latestMs) this.pausedUntilMs = this.nextStartMs = this.spreadUntilMs = 0;
		this.latestMs = now;
		return now;
	}

	private answerMs(): number {
		return this.adaptive.medianMs ?? DEFAULT_ANSWER_MS;
	}

	private forgetOldMeasurements(): void {
		if (this.inFlight > 0) return;
		const now = this.now();
		const idleMs = now - this.lastUseMs;
		const isLow = this.width < FIRST_WIDTH && now - this.lastChangeMs > FORGET_WIDTH_MS;
		if (isLow || idleMs < 0 || idleMs > FORGET_WIDTH_MS) this.adaptive = new AdaptiveWidth();
		if (idleMs > FORGET_DURATIONS_MS) {
			this.adaptive.forgetDurations();
			this.rejectionsInRow = 0;
		}
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
