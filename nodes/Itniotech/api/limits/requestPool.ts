import { unlessAborted } from '../timing';
import { HOUR_MS } from './patience';
import { Throttle, type PoolClock } from './throttle';
import { PauseTooLongError, Waiter, type Turn } from './waiter';

/** All requests of one account in this process: each waits for its turn, which the throttle gives. */
export class RequestPool {
	readonly throttle: Throttle;
	private readonly waiting: Waiter[] = [];
	/** The oldest first. */
	private readonly inFlight = new Set<Waiter>();
	private wakeAtMs = Infinity;
	private lastUseMs = 0;

	constructor(clock: PoolClock) {
		this.throttle = new Throttle(clock);
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
			if (retryAfterMs !== undefined) this.throttle.pauseFor(retryAfterMs);
			return result;
		} finally {
			this.leave(request);
		}
	}

	private observeAnswer({ startMs }: Waiter): void {
		const isWanted = this.waiting.length > 0 || this.inFlight.size >= this.throttle.width;
		this.throttle.observeAnswer(startMs, isWanted);
	}

	private observeRejection(request: Waiter, retryAfterMs?: number): void {
		const { throttle } = this;
		throttle.observeRejection(request, retryAfterMs);
		if (throttle.silentMs >= HOUR_MS) this.giveUp(throttle.pauseMs, () => true);
	}

	private async enter(signals: AbortSignal[], tries: number, maxWaitMs = Infinity): Promise<Waiter> {
		const now = this.throttle.now();
		if (this.inFlight.size === 0) this.throttle.forgetOldMeasurements(this.lastUseMs);
		const waiter = new Waiter(tries, now + maxWaitMs);
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
		this.lastUseMs = this.throttle.now();
		this.dispatch();
	}

	private dispatch(): void {
		while (this.waiting.length > 0) {
			const now = this.throttle.now();
			const startMs = this.throttle.startMs(now);
			if (startMs > now) return this.waitUntil(startMs, now);
			const [oldest] = this.inFlight;
			const turn = this.throttle.takeTurn(now, { count: this.inFlight.size, oldestMs: oldest?.startMs });
			if (turn.freeAtMs !== undefined) return this.wakeAt(turn.freeAtMs, now);
			const request = this.waiting.shift()!;
			this.inFlight.add(request);
			request.start(now, { isAlone: this.inFlight.size === 1, ...turn });
		}
	}

	/** A later end of the pause, or a limit, may only show then. */
	private waitUntil(startMs: number, now: number): void {
		this.giveUp(startMs - now, (waiter) => waiter.giveUpAtMs < startMs);
		if (this.waiting.length > 0) this.wakeAt(startMs, now);
	}

	private wakeAt(startMs: number, now: number): void {
		if (this.wakeAtMs <= startMs) return;
		this.wakeAtMs = startMs;
		void this.throttle.sleep(startMs - now).then(() => {
			this.wakeAtMs = Infinity;
			this.dispatch();
		});
	}

	private giveUp(waitMs: number, hasNoTime: (waiter: Waiter) => boolean): void {
		for (const waiter of this.waiting.filter(hasNoTime)) {
			this.waiting.splice(this.waiting.indexOf(waiter), 1);
			waiter.giveUp(new PauseTooLongError(waitMs, this.throttle.isByLimit));
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
