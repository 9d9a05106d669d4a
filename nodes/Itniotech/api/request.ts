import { NodeApiError, type IHttpRequestOptions, type JsonObject } from 'n8n-workflow';
import {
	INCOMPLETE_RESPONSE,
	OVERSIZED_RESPONSE,
	STOPPED,
	UNEXPECTED_RESPONSE,
	readAnswer,
	type HttpAnswer,
	type Refusal,
	readBody,
} from './answer';
import { poolOf, type Outcome, type RequestPool } from './concurrency';
import { connectionCode, connectionRefusal, refusalError } from './refusal';
import {
	MAX_RETRY_AFTER_MS,
	REAL_TIMING,
	ServiceClock,
	TRY_TIMEOUT_MS,
	delayBeforeRetry,
	readHttpDate,
	readRetryAfter,
	unlessAborted,
	type Timing,
} from './retry';
import { TOO_MANY_REQUESTS, TOO_SLOW } from './status';
import type { ApiContext, ApiRequest } from './types';

const CREDENTIAL = 'itniotechApi';
/** A timer for each try made up most of the garbage of a large run, so the tries of a second share one. */
const SHARED_TIMEOUT_MS = 1000;

export interface SenderOptions {
	/** Unix time in milliseconds by this server's clock: no wait for another try ends after it. */
	deadlineMs?: number;
	/** Unix time in milliseconds by this server's clock: no request is sent after it. */
	lastSendMs?: number;
	timing?: Timing;
}

type TryResult<T> = { value: T } | { refusal: Refusal; dateMs?: number; retryAfterMs?: number };

/** How often one request may be rejected as one too many while others are answered. */
const MAX_REJECTIONS = 20;

/** What "too many requests" did to a run. */
export interface Slowdown {
	rejections: number;
	/** The most requests at a time since the first rejection. */
	maxInFlight: number;
}

/**
 * The only way to the API, for one run. It retries what may be temporary (network, time-out, 429, 5xx, -15, -18) and,
 * once, a request whose timestamp was refused: from then on, requests are signed with the time of the service. A
 * request that places calls reads its refusals as final.
 */
export class Sender {
	readonly clock: ServiceClock;
	readonly timing: Timing;
	private readonly pool: RequestPool;
	private readonly slowdown: Slowdown = { rejections: 0, maxInFlight: 0 };
	private inFlight = 0;
	private timeout?: { signal: AbortSignal; startedAt: number };

	constructor(
		private readonly context: ApiContext,
		private readonly options: SenderOptions = {},
	) {
		this.timing = options.timing ?? REAL_TIMING;
		const credentialId = context.getNode().credentials?.[CREDENTIAL]?.id ?? '';
		this.clock = new ServiceClock(credentialId, this.timing.now);
		this.pool = poolOf(credentialId, this.timing);
	}

	/** How many requests may be in flight now, at least 1. More of them wait inside `send`. */
	width(): number {
		return this.pool.width;
	}

	/** `undefined` if no request was rejected as one too many. */
	slowdownOfRun(): Slowdown | undefined {
		return this.slowdown.rejections > 0 ? this.slowdown : undefined;
	}

	/** @throws NodeApiError with what happened, what to do, and the `failure` cause */
	async send<T>(request: ApiRequest<T>, signal?: AbortSignal): Promise<T> {
		const { context, timing, pool } = this;
		const signals = [...this.stopSignals(), signal].filter((one) => one !== undefined);
		const send = async () => await this.tryOnce(request, signals);
		let isClockCorrected = false;
		let tries = 1;
		for (let sends = 0; ; sends++) {
			if (pool.pauseMs > 0 && !this.canWait(pool.pauseMs)) {
				throw refusalError(context, TOO_MANY_REQUESTS, pool.pauseMs);
			}
			const { answers } = pool;
			const result = await pool.run<TryResult<T>>({
				send,
				outcomeOf: (one) => this.outcomeOf(one),
				signals,
				tries: sends,
			});
			if ('value' in result) return result.value;
			const { refusal, dateMs, retryAfterMs } = result;
			if (refusal.slowDown) this.slowdown.rejections++;
			if (refusal.retry === 'clock' && !isClockCorrected && dateMs !== undefined) {
				this.clock.refuseOwnTime();
				isClockCorrected = true;
				continue;
			}
			// While the service answers others of this account, patience helps.
			if (refusal.slowDown && pool.answers > answers && sends < MAX_REJECTIONS) tries = 1;
			const delayMs =
				refusal.retry === 'backoff' ? delayBeforeRetry(tries, retryAfterMs, timing.random()) : undefined;
			const isPoolPaused = refusal.slowDown ?? retryAfterMs !== undefined;
			const waitMs = isPoolPaused ? Math.max(pool.pauseMs, retryAfterMs ?? 0) : delayMs;
			if (delayMs === undefined || !this.canWait(waitMs)) throw refusalError(context, refusal, retryAfterMs);
			if (!isPoolPaused) await timing.sleep(delayMs, signals);
			tries++;
		}
	}

	/** Of the execution. */
	stopSignals(): AbortSignal[] {
		const { context } = this;
		const signal = 'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
		return signal ? [signal] : [];
	}

	private canWait(ms = 0): boolean {
		return this.timing.now() + ms <= (this.options.deadlineMs ?? Infinity);
	}

	/** A longer wait than this run has time for ends the run, and does not hold up the next one. */
	private outcomeOf(result: TryResult<unknown>): Outcome {
		const outcome = tryOutcome(result);
		return this.canWait(outcome.retryAfterMs) ? outcome : { ...outcome, retryAfterMs: undefined };
	}

	private async tryOnce<T>(request: ApiRequest<T>, stopSignals: AbortSignal[]): Promise<TryResult<T>> {
		const result = await this.sendOnce(request, stopSignals);
		const { readRefusal } = request;
		return 'value' in result || !readRefusal ? result : { ...result, refusal: readRefusal(result.refusal) };
	}

	private async sendOnce<T>(request: ApiRequest<T>, stopSignals: AbortSignal[]): Promise<TryResult<T>> {
		for (const stop of stopSignals) stop.throwIfAborted();
		const sentAtMs = this.timing.now();
		if (sentAtMs > (this.options.lastSendMs ?? Infinity)) throw refusalError(this.context, TOO_SLOW);
		const answer = await this.fetchAnswer(request, stopSignals);
		if ('refusal' in answer) return answer;
		const result = readAnswer(answer);
		const dateMs = readHttpDate(answer.headers.date);
		// A proxy or login page that answers instead has a clock of another machine.
		const isFromService = 'body' in result || result.refusal.status !== undefined;
		if (isFromService && dateMs !== undefined) this.clock.learn(dateMs, sentAtMs);
		if ('body' in result) {
			const value = request.read(result.body);
			return value === undefined ? { refusal: UNEXPECTED_RESPONSE } : { value };
		}
		const { answeredBy } = request;
		if (answeredBy?.statuses.includes(result.refusal.status ?? '')) return { value: answeredBy.value };
		const retryAfterMs = readRetryAfter(answer.headers['retry-after'], dateMs ?? this.clock.now());
		return { refusal: result.refusal, dateMs, retryAfterMs };
	}

	/** Sends once. A refusal means that no complete answer arrived. */
	private async fetchAnswer(
		request: ApiRequest<unknown>,
		stopSignals: AbortSignal[],
	): Promise<HttpAnswer | { refusal: Refusal }> {
		const { context } = this;
		const timeout = this.timeoutOfTry();
		const abort = new AbortController();
		this.inFlight++;
		if (this.slowdown.rejections > 0) {
			this.slowdown.maxInFlight = Math.max(this.slowdown.maxInFlight, this.inFlight);
		}
		try {
			return await unlessAborted(this.receive(request, abort.signal), [timeout, ...stopSignals]);
		} catch (error) {
			abort.abort();
			if (request.readRefusal && stopSignals.some(({ aborted }) => aborted)) return { refusal: STOPPED };
			for (const stop of stopSignals) stop.throwIfAborted();
			const code = timeout.aborted ? 'ETIMEDOUT' : connectionCode(error);
			// Not the network: the credential is missing, blank or not allowed here, and n8n's own message says so.
			if (code === undefined) throw new NodeApiError(context.getNode(), error as JsonObject);
			return { refusal: connectionRefusal(code) };
		} finally {
			this.inFlight--;
		}
	}

	private async receive(
		request: ApiRequest<unknown>,
		signal: AbortSignal,
	): Promise<HttpAnswer | { refusal: Refusal }> {
		// n8n's helper passes on this signal alone where the context has one, and restarts its time-out with each byte.
		const context = Object.create(this.context, {
			getExecutionCancelSignal: { value: () => signal },
		}) as ApiContext;
		const answer = (await this.context.helpers.httpRequestWithAuthentication.call(
			context,
			CREDENTIAL,
			this.optionsOf(request),
		)) as HttpAnswer;
		try {
			const body = await readBody(answer.body);
			return body === undefined ? { refusal: OVERSIZED_RESPONSE } : { ...answer, body };
		} catch {
			return { refusal: INCOMPLETE_RESPONSE };
		}
	}

	private optionsOf({ method, path, body }: ApiRequest<unknown>): IHttpRequestOptions {
		const timestampS = this.clock.timestampS();
		return {
			method,
			url: path,
			body,
			// Otherwise the credential sets the timestamp at the moment it signs.
			headers: timestampS === undefined ? {} : { Timestamp: String(timestampS) },
			encoding: 'stream',
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			// A redirect would carry the signed headers to another address.
			disableFollowRedirect: true,
			timeout: TRY_TIMEOUT_MS,
		};
	}

	private timeoutOfTry(): AbortSignal {
		const now = this.timing.now();
		const { timeout } = this;
		if (timeout && !timeout.signal.aborted && now - timeout.startedAt < SHARED_TIMEOUT_MS) {
			return timeout.signal;
		}
		this.timeout = { signal: this.timing.timeout(TRY_TIMEOUT_MS), startedAt: now };
		return this.timeout.signal;
	}
}

function tryOutcome(result: TryResult<unknown>): Outcome {
	if ('value' in result) return { kind: 'answered' };
	const { slowDown, retry } = result.refusal;
	const kind = slowDown ? 'rejected' : retry === 'backoff' ? 'failed' : 'answered';
	const retryAfterMs = result.retryAfterMs ?? Infinity;
	// A longer wait is an error of this run, and must not stop all others.
	return retryAfterMs <= MAX_RETRY_AFTER_MS ? { kind, retryAfterMs } : { kind };
}
