import { NodeApiError, type IHttpRequestOptions, type JsonObject } from 'n8n-workflow';
import {
	INCOMPLETE_RESPONSE,
	OVERSIZED_RESPONSE,
	STOPPED,
	UNEXPECTED_RESPONSE,
	readAnswer,
	readBody,
	readHttpDate,
	readRetryAfter,
	type HttpAnswer,
	type Refusal,
} from './answer';
import { isAnswer } from './placing';
import { connectionCode, connectionRefusal, refusalError } from './refusal';
import { TOO_SLOW } from './status';
import {
	ServiceClock,
	SharedTimeout,
	TRY_TIMEOUT_MS,
	unlessAborted,
	withCancelSignal,
	type Timing,
} from './timing';
import type { ApiContext, ApiRequest } from './types';

const CREDENTIAL = 'itniotechApi';

/** Tells accounts apart. The node never sees the credential itself. */
export function credentialIdOf(context: Pick<ApiContext, 'getNode'>): string {
	return context.getNode().credentials?.[CREDENTIAL]?.id ?? '';
}

export type TryResult<T> = { value: T } | { refusal: Refusal; dateMs?: number; retryAfterMs?: number };

/** The only way to the API: sends a request once. */
export class Transport {
	readonly clock: ServiceClock;
	/** Requests that are on their way. */
	inFlight = 0;
	private readonly timeout: SharedTimeout;

	/** @param lastSendMs Unix time in milliseconds by this server's clock: no request is sent after it */
	constructor(
		private readonly context: ApiContext,
		private readonly timing: Timing,
		private readonly lastSendMs = Infinity,
	) {
		this.timeout = new SharedTimeout(timing);
		this.clock = new ServiceClock(credentialIdOf(context), timing.now);
	}

	/** A refusal means that no usable answer arrived. */
	async send<T>(request: ApiRequest<T>, stopSignals: AbortSignal[]): Promise<TryResult<T>> {
		const result = await this.sendOnce(request, stopSignals);
		const { readRefusal } = request;
		return 'value' in result || !readRefusal ? result : { ...result, refusal: readRefusal(result.refusal) };
	}

	private async sendOnce<T>(request: ApiRequest<T>, stopSignals: AbortSignal[]): Promise<TryResult<T>> {
		for (const stop of stopSignals) stop.throwIfAborted();
		const sentAtMs = this.timing.now();
		if (sentAtMs > this.lastSendMs) throw refusalError(this.context, TOO_SLOW);
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

	/** A refusal means that no complete answer arrived. */
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
		const answer = (await this.context.helpers.httpRequestWithAuthentication.call(
			withCancelSignal(this.context, signal),
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
