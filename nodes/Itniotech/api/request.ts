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
import { poolOf, type RequestPool } from './concurrency';
import { HOUR_MS, MAX_SILENCE_MS, Patience } from './limits/patience';
import { RunRecord, type Slowdown } from './limits/slowdown';
import { rejectedText } from './limits/texts';
import { PauseTooLongError, type SendResult } from './limits/waiter';
import { isAnswer } from './placing';
import { connectionCode, connectionRefusal, refusalError } from './refusal';
import {
	REAL_TIMING,
	ServiceClock,
	SharedTimeout,
	TRY_TIMEOUT_MS,
	delayBeforeRetry,
	readHttpDate,
	readRetryAfter,
	unlessAborted,
	type Timing,
} from './retry';
import { TOO_MANY_REQUESTS, TOO_SLOW, httpStatusMeaning } from './status';
import type { ApiContext, ApiRequest } from './types';

const CREDENTIAL = 'itniotechApi';

export interface SenderOptions {
	/** Unix time in milliseconds by this server's clock: no wait for another try ends after it. */
	deadlineMs?: number;
	/** Unix time in milliseconds by this server's clock: no request is sent after it. */
	lastSendMs?: number;
	/** For how long all requests may be rejected as too many, in milliseconds. Default: an hour. */
	patienceMs?: number;
	timing?: Timing;
}

type TryResult<T> = { value: T } | { refusal: Refusal; dateMs?: number; retryAfterMs?: number };

/**
 * The only way to the API, for one run. It retries what may be temporary (network, time-out, 429, 5xx, -15, -18) and,
 * once, a request whose timestamp was refused: from then on, requests are signed with the time of the service. A
 * request that places calls reads its refusals as final.
 */
export class Sender {
	readonly clock: ServiceClock;
	readonly timing: Timing;
	private readonly patience: Patience;
	private readonly pool: RequestPool;
	private readonly record = new RunRecord();
	private inFlight = 0;
	private readonly timeout: SharedTimeout;

	constructor(
		private readonly context: ApiContext,
		private readonly options: SenderOptions = {},
	) {
		const { timing = REAL_TIMING, deadlineMs = Infinity, patienceMs = MAX_SILENCE_MS } = options;
		this.timing = timing;
		this.timeout = new SharedTimeout(timing);
		const credentialId = context.getNode().credentials?.[CREDENTIAL]?.id ?? '';
		this.clock = new ServiceClock(credentialId, timing.now);
		this.pool = poolOf(credentialId, timing);
		this.patience = new Patience(this.pool, timing.now, deadlineMs, patienceMs);
	}

	/** How many requests may be in flight before the next answer, at least 1. More of them wait inside `send`. */
	width(): number {
		return this.pool.reach;
	}

	/** `undefined` if no request was rejected as one too many. */
	slowdownOfRun(): Slowdown | undefined {
		return this.record.slowdown(this.pool.limit);
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
		const { timing, record, pool } = this;
		const askedMs = timing.now();
		const send = async () => {
			record.observeSend(timing.now(), this.inFlight + 1, askedMs);
			const result = await this.tryOnce(request, signals);
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
		const { pool, record, context } = this;
		const message =
			pool.silentMs >= HOUR_MS
				? 'ITNIO TECH has rejected every request for an hour as one too many'
				: refusal.message;
		const hint = rejectedText(record, pool.limit, askedMs);
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
		const result = readAnswer(answer, request.hints);
		const dateMs = readHttpDate(answer.headers.date);
		// A proxy or login page that answers instead has a clock of another machine.
		const isFromService = 'body' in result || result.refusal.status !== undefined;
		if (isFromService && dateMs !== undefined) this.clock.learn(dateMs, sentAtMs);
		if ('body' in result) {
			const value = request.read(result.body);
			return value === undefined ? { refusal: UNEXPECTED_RESPONSE } : { value };
		}
		const { answeredBy } = request;
		if (answeredBy && isAnswer(request, result.refusal)) return { value: answeredBy.value };
		const retryAfterMs = readRetryAfter(answer.headers['retry-after'], dateMs ?? this.clock.now());
		return { refusal: result.refusal, dateMs, retryAfterMs };
	}

	/** Sends once. A refusal means that no complete answer arrived. */
	private async fetchAnswer(
		request: ApiRequest<unknown>,
		stopSignals: AbortSignal[],
	): Promise<HttpAnswer | { refusal: Refusal }> {
		const { context } = this;
		const timeout = this.timeout.signal();
		const abort = new AbortController();
		this.inFlight++;
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
}
