import { NodeApiError } from 'n8n-workflow';
import type { Refusal } from './answer';
import type { ApiContext } from './types';

/** What ended a connection, e.g. `ECONNRESET`. The `cause` may say more, but n8n 1.123 and 2.0 omit it. */
export function connectionCode(error: unknown): string | undefined {
	const code: unknown = error instanceof Error && 'httpCode' in error && error.httpCode;
	return typeof code === 'string' ? code : undefined;
}

export function connectionRefusal(code: string): Refusal {
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

/** The request was sent, and nobody knows whether it placed calls. */
export class UnknownOutcomeError extends NodeApiError {}

export function refusalError(context: ApiContext, refusal: Refusal, retryAfterMs?: number): NodeApiError {
	const { message, hint, detail, httpStatus, cause } = refusal;
	const description = detail ? `${hint} (${detail})` : hint;
	const hasRetryTime =
		cause === 'rate-limited' || cause === 'temporarily-unavailable' || cause === 'quota-exhausted';
	const ErrorClass = refusal.isOutcomeUnknown ? UnknownOutcomeError : NodeApiError;
	const httpCode = httpStatus === undefined ? undefined : String(httpStatus);
	const failure = hasRetryTime ? { cause, retryAfterMs } : { cause };
	const error = new ErrorClass(
		context.getNode(),
		{ message, description },
		{ message, description, httpCode, failure },
	);
	// n8n 1.123 and 2.0 ignore the option.
	return Object.assign(error, { failure });
}

/** Whether the service may answer later. */
export function isTemporary(error: unknown): error is NodeApiError {
	return isRejected(error) || causeOf(error) === 'temporarily-unavailable';
}

/** Whether the service refuses it whenever it is asked. */
export function isRefusal(error: unknown): boolean {
	return error instanceof NodeApiError && !isTemporary(error);
}

/** Whether there were too many requests. */
export function isRejected(error: unknown): error is NodeApiError {
	return causeOf(error) === 'rate-limited';
}

function causeOf(error: unknown) {
	return error instanceof NodeApiError ? error.failure?.cause : undefined;
}
