/** Most limits count requests in flight or within a second. */
export const FIRST_PAUSE_MS = 250;
/**
 * When a request is tried again where no time was asked for, in milliseconds since the first rejection. One is shortly
 * before a minute and one behind it: what is accepted only after the second shows that it was a minute. Those behind it let
 * triggers go on soon after the service is back.
 */
const TRIES_AT_MS = [FIRST_PAUSE_MS, 1000, 3250, 10_000, 50_000, 61_000, 121_000, 181_000, 301_000];
/** From there on. As a second is left over, the sixth is behind an hour. */
const TRY_EVERY_MS = 10 * 60_000;
const MARGIN_MS = 1000;

/** @returns when to try again, like `passedMs` in milliseconds since the first rejection */
export function nextTryMs(passedMs: number): number {
	const early = TRIES_AT_MS.find((tryMs) => tryMs > passedMs);
	return early ?? Math.ceil((passedMs + 1 - MARGIN_MS) / TRY_EVERY_MS) * TRY_EVERY_MS + MARGIN_MS;
}

/** A time without requests, behind which the first ones are spread over the time that one answer takes. */
export class Pause {
	untilMs = 0;
	private nextStartMs = 0;
	private spreadUntilMs = 0;

	/** When the next request may be sent. */
	get startMs(): number {
		return Math.max(this.untilMs, this.nextStartMs);
	}

	/**
	 * The longest pause that was asked for wins. Several n8n processes should not all start again at its end.
	 * @param random 0 to 1
	 */
	prolong(untilMs: number, answerMs: number, random: number): void {
		if (untilMs <= this.untilMs) return;
		this.untilMs = untilMs;
		this.nextStartMs = untilMs + answerMs * random;
		this.spreadUntilMs = this.nextStartMs + answerMs;
	}

	/**
	 * @param distanceMs to the next request
	 * @param isSpread whether requests keep this distance without a pause, too
	 */
	observeStart(nowMs: number, distanceMs: number, isSpread: boolean): void {
		if (isSpread || nowMs < this.spreadUntilMs) this.nextStartMs = nowMs + distanceMs;
	}

	end(): void {
		this.untilMs = this.nextStartMs = this.spreadUntilMs = 0;
	}
}
