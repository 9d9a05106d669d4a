/** How many requests the service allows within a time. */
export interface RequestQuota {
	count: number;
	windowMs: number;
	/** `fixed`: by the minute of the clock, for example; `sliding`: in any time of this length. */
	window: 'fixed' | 'sliding';
	/** What the others get. */
	rejection: '-15' | '429';
	/** Whether a rejection says in a `Retry-After` header when the next request is allowed. */
	hasRetryAfter?: boolean;
}

/** Counts requests for a quota. */
export class QuotaCounter {
	private acceptedMs: number[] = [];

	/** @returns seconds until a request is allowed, `undefined` where this one is */
	secondsToWait({ count, windowMs, window }: RequestQuota, nowMs: number): number | undefined {
		const windowStartMs = Math.floor(nowMs / windowMs) * windowMs;
		const countsFromMs = window === 'fixed' ? windowStartMs : nowMs - windowMs + 1;
		this.acceptedMs = this.acceptedMs.filter((ms) => ms >= countsFromMs && ms <= nowMs);
		if (this.acceptedMs.length < count) {
			this.acceptedMs.push(nowMs);
			return undefined;
		}
		const freeAtMs = (window === 'fixed' ? windowStartMs : this.acceptedMs[0]) + windowMs;
		return Math.ceil((freeAtMs - nowMs) / 1000);
	}
}
