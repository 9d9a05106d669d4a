import { sleep } from 'n8n-workflow';

export const TRY_TIMEOUT_MS = 30_000;

/** The source of time and randomness, which tests replace. */
export interface Timing {
	/** Unix time in milliseconds. */
	now(): number;
	/** Rejects when one of the signals aborts. */
	sleep(ms: number, signals: AbortSignal[]): Promise<void>;
	timeout(ms: number): AbortSignal;
	random(): number;
}

export const REAL_TIMING: Timing = {
	now: () => Date.now(),
	sleep: async (ms, signals) => await unlessAborted(sleep(ms), signals),
	timeout: (ms) => AbortSignal.timeout(ms),
	random: Math.random,
};

/** A timer for each try made up most of the garbage of a large run, so the tries of a second share one. */
const SHARED_TIMEOUT_MS = 1000;

export class SharedTimeout {
	private last?: { signal: AbortSignal; startedAt: number };

	constructor(private readonly timing: Timing) {}

	/** Aborts `TRY_TIMEOUT_MS` from now, or up to a second earlier. */
	signal(): AbortSignal {
		const now = this.timing.now();
		const { last } = this;
		// After the clock was set back, the present may be before `startedAt` for hours.
		const isRecent = last && now >= last.startedAt && now - last.startedAt < SHARED_TIMEOUT_MS;
		if (isRecent && !last.signal.aborted) return last.signal;
		this.last = { signal: this.timing.timeout(TRY_TIMEOUT_MS), startedAt: now };
		return this.last.signal;
	}
}

/**
 * `AbortSignal.any` would leave several times as much garbage per request.
 * @throws the reason of the signal, while the work behind the promise continues unobserved
 */
export async function unlessAborted<T>(promise: Promise<T>, signals: AbortSignal[]): Promise<T> {
	let stop = () => {};
	const aborted = new Promise<never>((_, reject) => {
		stop = () => reject(signals.find((signal) => signal.aborted)?.reason as Error);
		for (const signal of signals) onAbort(signal, stop);
		if (signals.some((signal) => signal.aborted)) stop();
	});
	try {
		return await Promise.race([promise, aborted]);
	} finally {
		for (const signal of signals) offAbort(signal, stop);
	}
}

/** The same context, in which this signal stops the requests of n8n's helper. */
export function withCancelSignal<T extends object>(context: T, signal: AbortSignal): T {
	return Object.create(context, { getExecutionCancelSignal: { value: () => signal } }) as T;
}

interface Watch {
	stops: Set<() => void>;
	listener(): void;
}

/** One listener per signal: above ten of them, Node warns of a leak. */
const watches = new WeakMap<AbortSignal, Watch>();

function onAbort(signal: AbortSignal, stop: () => void): void {
	const watch = watches.get(signal);
	if (watch) return void watch.stops.add(stop);
	const stops = new Set([stop]);
	const listener = () => stops.forEach((one) => one());
	watches.set(signal, { stops, listener });
	signal.addEventListener('abort', listener);
}

function offAbort(signal: AbortSignal, stop: () => void): void {
	const watch = watches.get(signal);
	watch?.stops.delete(stop);
	if (!watch || watch.stops.size > 0) return;
	watches.delete(signal);
	signal.removeEventListener('abort', watch.listener);
}

/** A clock may be set at any time, so an idle process forgets what it learnt. */
const MEMORY_MS = 10 * 60_000;
/** A `Date` header is exact to the second and an answer takes time, so less says nothing about a clock. */
const MIN_DIFFERENCE_MS = 60_000;

interface Learnt {
	/** The service's clock minus this server's, never more than it really is. */
	differenceMs: number;
	learntAtMs: number;
	isOwnTimeRefused: boolean;
}

const learntByCredential = new Map<string, Learnt>();

/** The clock of the service, learnt from its answers and remembered in this process for each credential. */
export class ServiceClock {
	constructor(
		private readonly credentialId: string,
		private readonly serverNow: () => number,
	) {}

	/** Unix time in milliseconds: the clock of this server until an answer of the service showed another time. */
	now(): number {
		return this.serverNow() + (this.differenceMs() ?? 0);
	}

	/** The service's clock minus this server's, 0 for less than a minute; `undefined` until an answer came. */
	differenceMs(): number | undefined {
		const differenceMs = this.learnt()?.differenceMs;
		if (differenceMs === undefined) return undefined;
		return Math.abs(differenceMs) < MIN_DIFFERENCE_MS ? 0 : differenceMs;
	}

	/** A time of this server by the clock of the service, to about a second; Unix milliseconds. */
	exactTimeOf(serverMs: number): number {
		return serverMs + (this.learnt()?.differenceMs ?? 0);
	}

	/** The timestamp to sign with, in Unix seconds; `undefined` while the service accepts the time of this server. */
	timestampS(): number | undefined {
		const learnt = this.learnt();
		if (!learnt?.isOwnTimeRefused) return undefined;
		return Math.floor((this.serverNow() + learnt.differenceMs) / 1000);
	}

	/** @param dateMs the `Date` header of an answer that arrived just now, to a request sent at `sentAtMs` */
	learn(dateMs: number, sentAtMs: number): void {
		const nowMs = this.serverNow();
		const [leastMs, mostMs] = [dateMs - nowMs, dateMs + 1000 - sentAtMs];
		const known = this.learnt();
		const isConsistent = known && known.differenceMs >= leastMs && known.differenceMs <= mostMs;
		learntByCredential.set(this.credentialId, {
			differenceMs: isConsistent ? known.differenceMs : leastMs,
			learntAtMs: nowMs,
			isOwnTimeRefused: known?.isOwnTimeRefused ?? false,
		});
	}

	/** From now on, requests are signed with the time of the service. */
	refuseOwnTime(): void {
		const learnt = this.learnt();
		if (learnt) learnt.isOwnTimeRefused = true;
	}

	private learnt(): Learnt | undefined {
		const learnt = learntByCredential.get(this.credentialId);
		const ageMs = learnt && this.serverNow() - learnt.learntAtMs;
		return ageMs !== undefined && ageMs >= 0 && ageMs <= MEMORY_MS ? learnt : undefined;
	}
}

/** @returns whether answers have shown since that the service's clock is not what it was thought to be */
export function watchClock(api: { clockDifferenceMs(): number | undefined }): () => boolean {
	const beforeMs = api.clockDifferenceMs() ?? 0;
	return () => Math.abs((api.clockDifferenceMs() ?? 0) - beforeMs) >= MIN_DIFFERENCE_MS;
}
