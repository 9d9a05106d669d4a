import type { StatusMeaning } from '../status';
import type { Throttle } from './throttle';

export const MAX_TRIES = 5;
const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 30_000;
/** A server that asks for a longer wait gets no further try in the same run. */
const MAX_RETRY_AFTER_MS = 5 * 60_000;
/** How often one request may be rejected as one too many while others are answered. */
const MAX_REJECTIONS = 20;
export const HOUR_MS = 60 * 60_000;
/** Then a limit by the hour lets something through. Longer than an hour, as answers take time. */
const MAX_SILENCE_MS = 61 * 60_000;

/** How long a run waits for the service. */
export class Patience {
	/** Unix time in milliseconds. */
	readonly deadlineMs: number;
	private readonly maxSilenceMs: number;

	constructor(
		private readonly throttle: Pick<Throttle, 'answers' | 'pauseMs' | 'silentMs'>,
		private readonly now: () => number,
		{ deadlineMs = Infinity, patienceMs = MAX_SILENCE_MS }: { deadlineMs?: number; patienceMs?: number },
	) {
		this.deadlineMs = deadlineMs;
		this.maxSilenceMs = patienceMs;
	}

	canWait(ms: number): boolean {
		return this.now() + ms <= this.deadlineMs;
	}

	/** Whether waiting may help a request that was rejected as one too many. */
	isLeft(sends: number, retryAfterMs = 0): boolean {
		const { pauseMs, silentMs } = this.throttle;
		const waitMs = Math.max(pauseMs, retryAfterMs);
		const isInTime = this.canWait(waitMs) && silentMs + waitMs <= this.maxSilenceMs;
		return sends < MAX_REJECTIONS && isInTime && this.mayAskFor(retryAfterMs);
	}

	/** A longer wait than this run has time for ends the run, and does not hold up the next one. */
	canPause({ slowDown }: StatusMeaning, retryAfterMs: number): boolean {
		const isShort = slowDown ? this.mayAskFor(retryAfterMs) : retryAfterMs <= MAX_RETRY_AFTER_MS;
		return isShort && this.canWait(retryAfterMs);
	}

	/** Behind an answer, a limit by the hour ends within an hour. */
	private mayAskFor(retryAfterMs: number): boolean {
		return retryAfterMs < HOUR_MS || (this.throttle.answers > 0 && retryAfterMs <= MAX_SILENCE_MS);
	}
}

/** Milliseconds until the next try, `undefined` for none. The server's `retryAfterMs` wins over the usual 0.5 to 30 s. */
export function delayBeforeRetry(
	tries: number,
	retryAfterMs: number | undefined,
	random: number,
): number | undefined {
	if (tries >= MAX_TRIES) return undefined;
	if (retryAfterMs !== undefined) return retryAfterMs <= MAX_RETRY_AFTER_MS ? retryAfterMs : undefined;
	return Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (tries - 1) * (1 + random));
}
