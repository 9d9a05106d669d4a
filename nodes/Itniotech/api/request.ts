import { NodeApiError, type IDataObject, type IHttpRequestOptions, type JsonObject } from 'n8n-workflow';
import {
	INCOMPLETE_RESPONSE,
	OVERSIZED_RESPONSE,
	UNEXPECTED_RESPONSE,
	readAnswer,
	type HttpAnswer,
	type Refusal,
} from './answer';
import { readBody } from './body';
import { ServiceClock } from './clock';
import {
	REAL_TIMING,
	TRY_TIMEOUT_MS,
	delayBeforeRetry,
	readHttpDate,
	readRetryAfter,
	unlessAborted,
	type Timing,
} from './retry';
import type { ApiContext } from './types';

const CREDENTIAL = 'itniotechApi';
/** A timer for each try made up most of the garbage of a large run, so the tries of a second share one. */
const SHARED_TIMEOUT_MS = 1000;

export interface ApiRequest<T> {
	method: 'GET' | 'POST';
	/** Begins with `/`. */
	path: string;
	body?: IDataObject;
	/** Reads the body of a success; `undefined` where it is not what the API is known to send. */
	read(body: JsonObject): T | undefined;
	/** A status that answers this request instead of refusing it. */
	answeredBy?: { status: string; value: T };
}

export interface SenderOptions {
	/** Unix time in milliseconds by this server's clock: no wait for another try ends after it. */
	deadlineMs?: number;
	timing?: Timing;
}

type TryResult<T> = { value: T } | { refusal: Refusal; headers: HttpAnswer['headers'] };

/**
 * The only way to the API, for one run. It retries what may be temporary (network, time-out, 429, 5xx, -15, -18) and,
 * once, a request whose timestamp was refused: from then on, requests are signed with the time of the service.
 */
export class Sender {
	readonly clock: ServiceClock;
	private readonly timing: Timing;
	private readonly deadlineMs: number;
	private slowDowns = 0;
	private timeout?: { signal: AbortSignal; startedAt: number };

	constructor(
		private readonly context: ApiContext,
		{ timing = REAL_TIMING, deadlineMs = Infinity }: SenderOptions = {},
	) {
		this.timing = timing;
		this.deadlineMs = deadlineMs;
		this.clock = new ServiceClock(context.getNode().credentials?.[CREDENTIAL]?.id ?? '', timing.now);
	}

	/** How many of the wanted requests may be in flight: half as many after each "too many requests", at least 1. */
	width(wanted: number): number {
		return Math.max(1, Math.floor(wanted / 2 ** this.slowDowns));
	}

	/** @throws NodeApiError with what happened, what to do, and the `failure` cause */
	async send<T>(request: ApiRequest<T>, signal?: AbortSignal): Promise<T> {
		const { context, timing } = this;
		const cancelSignal =
			'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
		const stopSignals = [cancelSignal, signal].filter((one) => one !== undefined);
		let isClockCorrected = false;
		let tries = 1;
		for (;;) {
			const result = await this.tryOnce(request, stopSignals);
			if ('value' in result) return result.value;
			const { refusal, headers } = result;
			if (refusal.slowDown) this.slowDowns++;
			const dateMs = readHttpDate(headers.date);
			if (refusal.retry === 'clock' && !isClockCorrected && dateMs !== undefined) {
				this.clock.refuseOwnTime();
				isClockCorrected = true;
				continue;
			}
			const retryAfterMs = readRetryAfter(headers['retry-after'], dateMs ?? this.clock.now());
			const delayMs =
				refusal.retry === 'backoff' ? delayBeforeRetry(tries, retryAfterMs, timing.random()) : undefined;
			if (delayMs === undefined || timing.now() + delayMs > this.deadlineMs)
				throw refusalError(context, refusal, retryAfterMs);
			await timing.sleep(delayMs, stopSignals);
			tries++;
		}
	}

	private async tryOnce<T>(request: ApiRequest<T>, stopSignals: AbortSignal[]): Promise<TryResult<T>> {
		for (const stop of stopSignals) stop.throwIfAborted();
		const sentAtMs = this.timing.now();
		const answer = await this.fetchAnswer(request, stopSignals);
		if ('refusal' in answer) return { ...answer, headers: {} };
		const { headers } = answer;
		const result = readAnswer(answer);
		const dateMs = readHttpDate(headers.date);
		// A proxy or login page that answers instead has a clock of another machine.
		const isFromService = 'body' in result || result.refusal.status !== undefined;
		if (isFromService && dateMs !== undefined) this.clock.learn(dateMs, sentAtMs);
		if ('body' in result) {
			const value = request.read(result.body);
			return value === undefined ? { refusal: UNEXPECTED_RESPONSE, headers } : { value };
		}
		const { answeredBy } = request;
		if (answeredBy && answeredBy.status === result.refusal.status) return { value: answeredBy.value };
		return { refusal: result.refusal, headers };
	}

	/** Sends once. A refusal means that no complete answer arrived. */
	private async fetchAnswer(
		request: ApiRequest<unknown>,
		stopSignals: AbortSignal[],
	): Promise<HttpAnswer | { refusal: Refusal }> {
		const { context } = this;
		const timeout = this.timeoutOfTry();
		const abort = new AbortController();
		try {
			return await unlessAborted(this.receive(request, abort.signal), [timeout, ...stopSignals]);
		} catch (error) {
			abort.abort();
			for (const stop of stopSignals) stop.throwIfAborted();
			const code = timeout.aborted ? 'ETIMEDOUT' : connectionCode(error);
			// Not the network: the credential is missing, blank or not allowed here, and n8n's own message says so.
			if (code === undefined) throw new NodeApiError(context.getNode(), error as JsonObject);
			return { refusal: connectionRefusal(code) };
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

/** What ended a connection, e.g. `ECONNRESET`. The `cause` may say more, but n8n 1.123 and 2.0 omit it. */
function connectionCode(error: unknown): string | undefined {
	const code: unknown = error instanceof Error && 'httpCode' in error && error.httpCode;
	return typeof code === 'string' ? code : undefined;
}

function connectionRefusal(code: string): Refusal {
	if (/CERT|SELF_SIGNED|ISSUER|TLS|SSL|EPROTO/.test(code)) {
		return {
			message: 'The secure connection to ITNIO TECH could not be verified',
			hint: 'Check "Base URL" in the ITNIO TECH API credential, and whether a proxy replaces certificates',
			detail: code,
			retry: 'no',
			cause: 'configuration-invalid',
		};
	}
	return {
		message: 'ITNIO TECH could not be reached',
		hint: 'Check the internet connection of this n8n server and "Base URL" in the ITNIO TECH API credential',
		detail: code,
		retry: 'backoff',
		cause: 'temporarily-unavailable',
	};
}

function refusalError(context: ApiContext, refusal: Refusal, retryAfterMs?: number): NodeApiError {
	const { message, hint, detail, httpStatus, cause } = refusal;
	const description = detail ? `${hint} (${detail})` : hint;
	const hasRetryTime =
		cause === 'rate-limited' || cause === 'temporarily-unavailable' || cause === 'quota-exhausted';
	return new NodeApiError(
		context.getNode(),
		{ message, description },
		{
			message,
			description,
			httpCode: httpStatus === undefined ? undefined : String(httpStatus),
			failure: hasRetryTime ? { cause, retryAfterMs } : { cause },
		},
	);
}
