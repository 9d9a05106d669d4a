import type { RequestLimit } from './quota';

const LONG_WAIT_MS = 10_000;

/** What "too many requests" did to a run. */
export interface Slowdown {
	rejections: number;
	/** The most requests at a time since the first rejection. */
	maxInFlight: number;
	/** The longest time that a request waited for its turn, in milliseconds, where that was long. */
	longWaitMs?: number;
	/** What the service allows, if that was measured. */
	limit?: RequestLimit;
}

/** Counts for one run. */
export class RunRecord {
	answers = 0;
	private rejections = 0;
	private maxInFlight = 0;
	private longestWaitMs = 0;
	private firstMs?: number;
	private lastAnswerMs?: number;

	observeSend(nowMs: number, inFlight: number, askedMs: number): void {
		this.firstMs ??= nowMs;
		this.longestWaitMs = Math.max(this.longestWaitMs, nowMs - askedMs);
		if (this.rejections > 0) this.maxInFlight = Math.max(this.maxInFlight, inFlight);
	}

	observeRejection(): void {
		this.rejections++;
	}

	observeAnswer(nowMs: number): void {
		this.answers++;
		this.lastAnswerMs = nowMs;
	}

	/** Milliseconds from the first request to the last answer. */
	get answeredMs(): number {
		return Math.max(0, (this.lastAnswerMs ?? 0) - (this.firstMs ?? 0));
	}

	/** `undefined` if no request was rejected as one too many. */
	slowdown(limit?: RequestLimit): Slowdown | undefined {
		const { rejections, maxInFlight, longestWaitMs } = this;
		if (rejections === 0) return undefined;
		const longWaitMs = longestWaitMs >= LONG_WAIT_MS ? longestWaitMs : undefined;
		return { rejections, maxInFlight, longWaitMs, limit };
	}
}
