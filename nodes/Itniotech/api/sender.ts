import type { NodeApiError } from 'n8n-workflow';
import type { Refusal } from './answer';
import { HOUR_MS, Patience, delayBeforeRetry } from './limits/patience';
import { poolOf, type RequestPool } from './limits/requestPool';
import { RunRecord, type Slowdown } from './limits/slowdown';
import { rejectedText } from './limits/texts';
import { PauseTooLongError, type SendResult } from './limits/waiter';
import { refusalError } from './refusal';
import { Transport, credentialIdOf, type TryResult } from './request';
import { TOO_MANY_REQUESTS, httpStatusMeaning } from './status';
import { REAL_TIMING, type ServiceClock, type Timing } from './timing';
import type { ApiContext, ApiRequest } from './types';

export interface SenderOptions {
	/** Unix time in milliseconds by this server's clock: no wait for another try ends after it. */
	deadlineMs?: number;
	/** Unix time in milliseconds by this server's clock: no request is sent after it. */
	lastSendMs?: number;
	/** For how long all requests may be rejected as too many, in milliseconds. Default: an hour. */
	patienceMs?: number;
	timing?: Timing;
}

/**
 * Sends the requests of one run, each in its turn. It retries what may be temporary (network, time-out, 429, 5xx, -15, -18) and,
 * once, a request whose timestamp was refused: from then on, requests are signed with the time of the service. A
 * request that places calls reads its refusals as final.
 */
export class Sender {
	readonly timing: Timing;
	private readonly patience: Patience;
	private readonly pool: RequestPool;
	private readonly record = new RunRecord();
	private readonly transport: Transport;

	constructor(
		private readonly context: ApiContext,
		{ timing = REAL_TIMING, lastSendMs, ...limits }: SenderOptions = {},
	) {
		this.timing = timing;
		this.pool = poolOf(credentialIdOf(context), timing);
		this.patience = new Patience(this.pool.throttle, timing.now, limits);
		this.transport = new Transport(context, timing, lastSendMs);
	}

	get clock(): ServiceClock {
		return this.transport.clock;
	}

	/** How many requests may be in flight before the next answer, at least 1. More of them wait inside `send`. */
	width(): number {
		return this.pool.throttle.reach;
	}

	/** `undefined` if no request was rejected as one too many. */
	slowdownOfRun(): Slowdown | undefined {
		return this.record.slowdown(this.pool.throttle.limit);
	}

	/** @throws NodeApiError with what happened, what to do, and the `failure` cause */
	async send<T>(request: ApiRequest<T>, signal?: AbortSignal): Promise<T> {
		const { context, timing, record } = this;
		const signals = [...this.stopSignals(), signal].filter((one) => one !== undefined);
		let isClockCorrected = false;
		let tries = 1;
		for (let sends = 0; ; sends++) {
			const result = await this.sendInTurn(request, signals, sends);
			if ('value' in result) return result.value;
			const { refusal, dateMs, retryAfterMs } = result;
			if (refusal.retry === 'clock' && !isClockCorrected && dateMs !== undefined) {
				this.clock.refuseOwnTime();
				isClockCorrected = true;
				continue;
			}
			if (refusal.slowDown) record.observeRejection();
			if (refusal.slowDown && refusal.retry === 'backoff') {
				if (this.patience.isLeft(sends, retryAfterMs)) continue;
				throw this.rejection(refusal, retryAfterMs, retryAfterMs);
			}
			const delayMs =
				refusal.retry === 'backoff' ? delayBeforeRetry(tries, retryAfterMs, timing.random()) : undefined;
			if (delayMs === undefined || !this.patience.canWait(delayMs))
				throw refusalError(context, refusal, retryAfterMs);
			// Otherwise the pool pauses for so long.
			if (retryAfterMs === undefined) await timing.sleep(delayMs, signals);
			tries++;
		}
	}

	private async sendInTurn<T>(
		request: ApiRequest<T>,
		signals: AbortSignal[],
		sends: number,
	): Promise<TryResult<T>> {
		const { timing, record, pool, transport } = this;
		const askedMs = timing.now();
		const send = async () => {
			record.observeSend(timing.now(), transport.inFlight + 1, askedMs);
			const result = await transport.send(request, signals);
			if ('value' in result) record.observeAnswer(timing.now());
			return result;
		};
		const classify = (one: TryResult<T>) => this.classify(one);
		const maxWaitMs = this.patience.deadlineMs - askedMs;
		const turn = pool.run<TryResult<T>>({ send, classify, signals, tries: sends, maxWaitMs });
		return await turn.catch((error: Error) => {
			if (!(error instanceof PauseTooLongError)) throw error;
			if (error.isByLimit) throw this.rejection(TOO_MANY_REQUESTS, error.waitMs);
			throw refusalError(this.context, httpStatusMeaning(503), error.waitMs);
		});
	}

	private rejection(refusal: Refusal, retryAfterMs?: number, askedMs?: number): NodeApiError {
		const { record, context } = this;
		const { limit, silentMs } = this.pool.throttle;
		const message =
			silentMs >= HOUR_MS
				? 'ITNIO TECH has rejected every request for an hour as one too many'
				: refusal.message;
		const hint = rejectedText(record, limit, askedMs);
		return refusalError(context, { ...refusal, message, hint }, retryAfterMs);
	}

	/** Those that stop the execution. */
	stopSignals(): AbortSignal[] {
		const { context } = this;
		const signal = 'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
		return signal ? [signal] : [];
	}

	private classify(result: TryResult<unknown>): SendResult {
		if ('value' in result) return { kind: 'answered' };
		const { refusal, retryAfterMs } = result;
		const kind = refusal.slowDown ? 'rejected' : refusal.retry === 'backoff' ? 'failed' : 'answered';
		const canPause = retryAfterMs !== undefined && this.patience.canPause(refusal, retryAfterMs);
		return canPause ? { kind, retryAfterMs } : { kind };
	}
}
