import type { JsonObject } from 'n8n-workflow';
import { STATUS_MEANINGS, TRY_LATER, UNKNOWN_STATUS, httpStatusMeaning, type StatusMeaning } from './status';
import { endsTooEarly, isRecord, parseJson, wireText } from './values';

/** An HTTP answer as n8n's helper returns it, its body not yet parsed. */
export interface HttpAnswer {
	statusCode: number;
	headers: Record<string, unknown>;
	body: unknown;
}

export interface Refusal extends StatusMeaning {
	/** The status in the body, e.g. `-22`. */
	status?: string;
	/** What the server or the connection says, added to the hint in parentheses. */
	detail?: string;
	httpStatus?: number;
	/** Nobody knows whether the request placed calls. */
	isOutcomeUnknown?: true;
}

export const MAX_REASON_LENGTH = 200;
/** A page of 100 records takes about 100 kB. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/**
 * @returns the text of a streamed answer, `undefined` if it is larger than 16 MB, without reading on
 * @throws what the connection throws when it ends too early
 */
export async function readBody(body: unknown): Promise<string | undefined> {
	if (!isStream(body)) return typeof body === 'string' ? body : '';
	const chunks: Uint8Array[] = [];
	let bytes = 0;
	for await (const chunk of body) {
		bytes += chunk.length;
		// Leaving the loop closes the connection.
		if (bytes > MAX_BODY_BYTES) return undefined;
		chunks.push(chunk);
	}
	return new TextDecoder().decode(Buffer.concat(chunks));
}

function isStream(body: unknown): body is AsyncIterable<Uint8Array> {
	return typeof body === 'object' && body !== null && Symbol.asyncIterator in body;
}

/** @param hints for a status, instead of those of the table of all */
export function readAnswer(
	{ statusCode, body }: HttpAnswer,
	hints?: ReadonlyMap<string, string>,
): { body: JsonObject } | { refusal: Refusal } {
	const text = typeof body === 'string' ? body.trim() : '';
	const json = parseJson(text);
	const isHttpSuccess = statusCode >= 200 && statusCode < 300;
	const status = isRecord(json) ? statusOf(json) : undefined;
	if (isRecord(json) && status !== undefined) {
		if (isHttpSuccess && status === '0') return { body: json };
		const meaning = STATUS_MEANINGS.get(status);
		const reason = wireText(json.reason ?? json.msg).slice(0, MAX_REASON_LENGTH);
		const detail = `status ${status}${reason && `: ${reason}`}`;
		if (meaning) {
			const hint = hints?.get(status) ?? meaning.hint;
			return { refusal: { ...meaning, hint, status, detail, httpStatus: statusCode } };
		}
		if (isHttpSuccess) {
			const message = `ITNIO TECH rejected the request with status ${status}`;
			return { refusal: { ...UNKNOWN_STATUS, message, status, detail } };
		}
	}
	if (!isHttpSuccess) {
		const detail = `HTTP status ${statusCode}`;
		// Web servers repeat the HTTP status in their own JSON.
		const isFromService = status !== undefined && status !== String(statusCode);
		const refusal = { ...httpStatusMeaning(statusCode), httpStatus: statusCode, detail };
		return { refusal: isFromService ? { ...refusal, status } : refusal };
	}
	if (json !== undefined || !/^($|[{[])/.test(text)) return { refusal: NOT_THIS_API };
	return { refusal: endsTooEarly(text) ? INCOMPLETE_RESPONSE : UNREADABLE_RESPONSE };
}

export const INCOMPLETE_RESPONSE: Refusal = {
	message: 'The response from ITNIO TECH was incomplete',
	hint: TRY_LATER,
	retry: 'backoff',
	cause: 'temporarily-unavailable',
};

const UNREADABLE_RESPONSE: Refusal = {
	message: 'The response from ITNIO TECH could not be read',
	hint: `It is complete, but not valid JSON. ${TRY_LATER}`,
	retry: 'no',
	cause: 'temporarily-unavailable',
};

export const OVERSIZED_RESPONSE: Refusal = {
	message: 'The response from ITNIO TECH was larger than 16 MB',
	hint: 'Check "Base URL" in the ITNIO TECH API credential. If it is correct, lower "Page Size" if this option is available.',
	retry: 'no',
	cause: 'configuration-invalid',
};

export const UNEXPECTED_RESPONSE: Refusal = {
	message: 'ITNIO TECH sent an unexpected response',
	hint: 'Check "Base URL" in the ITNIO TECH API credential. If it is correct, open an issue on GitHub with the version of this package.',
	retry: 'no',
	cause: 'node-defect',
};

/** A request was under way when the execution was stopped. */
export const STOPPED: Refusal = {
	message: 'The execution was stopped',
	hint: 'Execute the workflow again',
	retry: 'no',
	cause: 'configuration-invalid',
};

const NOT_THIS_API: Refusal = {
	message: 'The server at this address is not the ITNIO TECH API',
	hint: 'Check "Base URL" in the ITNIO TECH API credential, and whether a proxy or login page intercepts the request',
	retry: 'no',
	cause: 'configuration-invalid',
};

/**
 * The status is named `status` or `code`, and sent as text or as a number: sibling brands differ. Where there are both, one may
 * be a word; one below zero says what was refused.
 */
function statusOf(json: JsonObject): string | undefined {
	const statuses = [json.status, json.code].map(wireText).filter((text) => /^-?\d{1,6}$/.test(text));
	return statuses.find((status) => status.startsWith('-')) ?? statuses[0];
}

/** Unix time in milliseconds from an HTTP date such as a `Date` header; `undefined` if missing or unreadable. */
export function readHttpDate(header: unknown): number | undefined {
	const ms = typeof header === 'string' && /GMT\s*$/.test(header) ? Date.parse(header) : NaN;
	return Number.isNaN(ms) ? undefined : ms;
}

/** Milliseconds from a `Retry-After` header: seconds, or a date by `nowMs`, its sender's clock. `undefined` if unreadable. */
export function readRetryAfter(header: unknown, nowMs: number): number | undefined {
	if (typeof header !== 'string' && typeof header !== 'number') return undefined;
	const text = String(header).trim();
	if (/^\d+$/.test(text)) return Number(text) * 1000;
	const dateMs = readHttpDate(text);
	return dateMs === undefined ? undefined : Math.max(0, dateMs - nowMs);
}
