import { NodeApiError, type IDataObject, type IHttpRequestOptions, type JsonObject } from 'n8n-workflow';
import { CUT_SHORT, readAnswer, type HttpAnswer, type Refusal } from './answer';
import {
	REAL_TIMING,
	TRY_TIMEOUT_MS,
	delayBeforeRetry,
	readRetryAfter,
	unlessAborted,
	type Timing,
} from './retry';
import type { ApiContext } from './types';

const CREDENTIAL = 'itniotechApi';

/** A read from the API, and how to read its answer. */
export interface ApiRequest<T> {
	method: 'GET' | 'POST';
	/** Path below the base URL, beginning with `/`. */
	path: string;
	body?: IDataObject;
	/** Checks the shape of a success; `undefined` means that it is not what the API is known to send. */
	read(body: JsonObject): T | undefined;
	/** A status that is an answer to this request, not a refusal. */
	answeredBy?: { status: string; value: T };
}

/** Sends the requests of one run. */
export interface Sender {
	/**
	 * Sends a read and returns what its response holds.
	 * @param signal stops waiting and sending
	 * @throws NodeApiError with what happened, what to do, and the `failure` cause
	 */
	send<T>(request: ApiRequest<T>, signal?: AbortSignal): Promise<T>;
	/** How many of the wanted requests may be in flight: half as many after each "too many requests", at least 1. */
	width(wanted: number): number;
}

/**
 * The only way to the API, for one run. Tries again what can pass by itself (network, time-out, 429, 5xx, -15, -18)
 * and, once, a request whose timestamp was refused: then by the clock of the server, which is kept for the run.
 */
export function createSender(context: ApiContext, timing: Timing = REAL_TIMING): Sender {
	const cancelSignal = 'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal() : undefined;
	let clockOffsetMs = 0;
	let slowDowns = 0;
	let timeout: { signal: AbortSignal; startedAt: number } | undefined;

	/** One signal for the tries of a second: a timer for each would be most of what a large run leaves as garbage. */
	function timeoutOfTry(): AbortSignal {
		const now = timing.now();
		if (!timeout || timeout.signal.aborted || now - timeout.startedAt >= 1000) {
			timeout = { signal: timing.timeout(TRY_TIMEOUT_MS), startedAt: now };
		}
		return timeout.signal;
	}

	async function send<T>(request: ApiRequest<T>, signal?: AbortSignal): Promise<T> {
		const stopSignals = [cancelSignal, signal].filter((one) => one !== undefined);
		let isClockCorrected = false;

		for (let tries = 1; ; tries++) {
			for (const stop of stopSignals) stop.throwIfAborted();
			const answer = await fetchAnswer(context, request, clockOffsetMs, timing, timeoutOfTry(), stopSignals);
			const result = 'refusal' in answer ? answer : readAnswer(answer);
			if ('body' in result) {
				const value = request.read(result.body);
				if (value === undefined) throw refusalError(context, UNKNOWN_FORM);
				return value;
			}
			const { refusal } = result;
			if (request.answeredBy && refusal.status === request.answeredBy.status) return request.answeredBy.value;
			if (refusal.slowDown) slowDowns++;

			const headers = 'headers' in answer ? answer.headers : {};
			const serverTime = Date.parse(String(headers.date));
			if (refusal.retry === 'clock' && !isClockCorrected && !Number.isNaN(serverTime)) {
				clockOffsetMs = serverTime - timing.now();
				isClockCorrected = true;
				tries--;
				continue;
			}
			const retryAfterMs = readRetryAfter(headers['retry-after'], timing.now());
			const delay =
				refusal.retry === 'backoff' ? delayBeforeRetry(tries, retryAfterMs, timing.random()) : undefined;
			if (delay === undefined) throw refusalError(context, refusal, retryAfterMs);
			await timing.sleep(delay, stopSignals);
		}
	}

	return { send, width: (wanted) => Math.max(1, Math.floor(wanted / 2 ** slowDowns)) };
}

/** Sends once. Only an answer that never came is a refusal here; what it says is read by `readAnswer`. */
async function fetchAnswer(
	context: ApiContext,
	{ method, path, body }: ApiRequest<unknown>,
	clockOffsetMs: number,
	timing: Timing,
	timeout: AbortSignal,
	stopSignals: AbortSignal[],
): Promise<HttpAnswer | { refusal: Refusal }> {
	const options: IHttpRequestOptions = {
		method,
		url: path,
		body,
		// Without an offset the credential stamps the request itself, at the moment it signs.
		headers: clockOffsetMs ? { Timestamp: String(Math.floor((timing.now() + clockOffsetMs) / 1000)) } : {},
		encoding: 'text',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		// A redirect would carry the signed headers to another address.
		disableFollowRedirect: true,
		timeout: TRY_TIMEOUT_MS,
	};
	try {
		// n8n's helper puts its own signal (the one of "Stop execution") in the place of `abortSignal`, and its
		// time-out begins anew with each byte that comes.
		return await unlessAborted<HttpAnswer>(
			context.helpers.httpRequestWithAuthentication.call(context, CREDENTIAL, options),
			[timeout, ...stopSignals],
		);
	} catch (error) {
		for (const stop of stopSignals) stop.throwIfAborted();
		const code = timeout.aborted ? 'ETIMEDOUT' : connectionCode(error);
		// Not the network: the credential is missing, blank or not allowed here, and n8n's own words say so.
		if (code === undefined) throw new NodeApiError(context.getNode(), error as JsonObject);
		return { refusal: /^\d+$/.test(code) ? CUT_SHORT : unreachable(code) };
	}
}

const UNKNOWN_FORM: Refusal = {
	message: 'ITNIO TECH answered in a form that this node does not know',
	hint: 'Check "Base URL" in the ITNIO TECH API credential. If it is right, report this with the version of this node.',
	retry: 'no',
	cause: 'node-defect',
};

/**
 * What a connection ended with, e.g. `ECONNRESET`, or the HTTP status of an answer that had begun. The `cause` may say
 * more, but n8n 1.123 and 2.0 leave it out.
 */
function connectionCode(error: unknown): string | undefined {
	const code: unknown = error instanceof Error && 'httpCode' in error && error.httpCode;
	return typeof code === 'string' ? code : undefined;
}

function unreachable(code: string): Refusal {
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
	const isTimed =
		cause === 'rate-limited' || cause === 'temporarily-unavailable' || cause === 'quota-exhausted';
	return new NodeApiError(
		context.getNode(),
		{ message, description },
		{
			message,
			description,
			httpCode: httpStatus === undefined ? undefined : String(httpStatus),
			failure: isTimed ? { cause, retryAfterMs } : { cause },
		},
	);
}
