import type { JsonObject } from 'n8n-workflow';
import { STATUS_MEANINGS, UNKNOWN_STATUS, httpStatusMeaning, type StatusMeaning } from './status';
import { isRecord, parseJson } from './values';

/** An HTTP answer as n8n's helper returns it, its body unparsed. */
export interface HttpAnswer {
	statusCode: number;
	headers: Record<string, unknown>;
	body: unknown;
}

/** Why there is no answer to use. */
export interface Refusal extends StatusMeaning {
	/** The status in the body, e.g. `-22`. */
	status?: string;
	/** What the other side said, for the description of the error. */
	detail?: string;
	httpStatus?: number;
}

const MAX_REASON_LENGTH = 200;

/** Reads an answer: the body of a success, or why it is none. */
export function readAnswer({ statusCode, body }: HttpAnswer): { body: JsonObject } | { refusal: Refusal } {
	const text = typeof body === 'string' ? body.trim() : '';
	const json = parseJson(text);
	const isHttpSuccess = statusCode >= 200 && statusCode < 300;
	const status = isRecord(json) ? statusOf(json) : undefined;
	if (isRecord(json) && status !== undefined) {
		const known = STATUS_MEANINGS.get(status);
		if (isHttpSuccess && status === '0') return { body: json };
		const reason = readText(json.reason ?? json.msg).slice(0, MAX_REASON_LENGTH);
		const detail = `status ${status}${reason && `: ${reason}`}`;
		if (known) return { refusal: { ...known, status, detail, httpStatus: statusCode } };
		if (isHttpSuccess) {
			const message = `ITNIO TECH refused the request with status ${status}`;
			return { refusal: { ...UNKNOWN_STATUS, message, status, detail } };
		}
	}
	if (!isHttpSuccess) {
		return {
			refusal: {
				...httpStatusMeaning(statusCode),
				httpStatus: statusCode,
				detail: `HTTP status ${statusCode}`,
			},
		};
	}
	return { refusal: json === undefined && /^($|[{[])/.test(text) ? CUT_SHORT : NOT_THIS_API };
}

/** An answer that began and did not come to its end. */
export const CUT_SHORT: Refusal = {
	message: 'The answer of ITNIO TECH was cut short on its way',
	hint: 'Try again later',
	retry: 'backoff',
	cause: 'temporarily-unavailable',
};

const NOT_THIS_API: Refusal = {
	message: 'This address did not answer like the ITNIO TECH API',
	hint: 'Check "Base URL" in the ITNIO TECH API credential, and whether a proxy or login page stands between',
	retry: 'no',
	cause: 'configuration-invalid',
};

/** The envelope names its status `status` or `code`, as text or as a number (sibling brands differ). */
function statusOf(json: JsonObject): string | undefined {
	const status = readText(json.status ?? json.code);
	return /^-?\d{1,6}$/.test(status) ? status : undefined;
}

function readText(value: unknown): string {
	return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}
