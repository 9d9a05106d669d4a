import type { FastifyReply } from 'fastify';

import type { Behaviour, EnvelopeShape } from './behaviour';
import { envelopeJson, type Answer } from './wire';

/** What one request can get instead of its answer. */
export type Fault = FaultKind & {
	/**
	 * Whether the request takes effect all the same, e.g. places a call. Default: only where its true answer is made,
	 * however it is sent.
	 */
	takesEffect?: boolean;
	/** Only a request whose path has this text gets it; others that come first have their answers. */
	onlyAt?: string;
};

type FaultKind =
	/** A failure in the API's own envelope, e.g. `{ kind: 'status', status: '-18' }`. */
	| {
			kind: 'status';
			status: string | number;
			reason?: string;
			httpStatus?: number;
			retryAfter?: string;
			shape?: EnvelopeShape;
	  }
	/** A bare HTTP answer, e.g. 429 with Retry-After, 502, 301. */
	| {
			kind: 'http';
			httpStatus: number;
			body?: string;
			contentType?: string;
			headers?: Record<string, string>;
	  }
	/** HTTP 200 with a web page, as a captive proxy sends. */
	| { kind: 'html' }
	/** Any body with HTTP 200 and the JSON content type. */
	| { kind: 'body'; body: string }
	/** The true answer, but the connection ends half way through the body. */
	| { kind: 'truncated' }
	/** The connection is reset before any answer. */
	| { kind: 'reset' }
	/** The true answer, `ms` later. */
	| { kind: 'slow'; ms: number }
	/** The true answer, once a promise is fulfilled. */
	| { kind: 'held'; until: Promise<void> }
	/** The true answer, its body dripping over `ms`. */
	| { kind: 'drip'; ms: number };

const DRIP_PIECES = 20;

/** The answer that replaces the true one, or undefined when the fault lies in how the true one is sent. */
export function answerInstead(fault: Fault, behaviour: Behaviour): Answer | undefined {
	switch (fault.kind) {
		case 'status':
			return {
				httpStatus: fault.httpStatus ?? 200,
				status: String(fault.status),
				body: envelopeJson(fault.shape ?? behaviour.envelope, fault.status, fault.reason),
				headers: fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter },
			};
		case 'http':
			return {
				httpStatus: fault.httpStatus,
				status: '',
				body: fault.body ?? '',
				headers: { 'content-type': fault.contentType ?? 'text/plain', ...fault.headers },
			};
		case 'html':
			return {
				httpStatus: 200,
				status: '',
				body: '<!DOCTYPE html><html><body><h1>Sign in to the network</h1></body></html>',
				headers: { 'content-type': 'text/html' },
			};
		case 'body':
			return { httpStatus: 200, status: '', body: fault.body };
		default:
			return undefined;
	}
}

/** Whether the service never gets the request. */
export function isLostBefore({ takesEffect, kind }: Fault): boolean {
	return !(takesEffect ?? !['status', 'http', 'html', 'body'].includes(kind));
}

type SendingFault = Extract<Fault, { kind: 'truncated' | 'reset' | 'drip' }>;

/** Whether the true answer is to go through `sendBroken`. */
export function changesSending(fault: Fault): fault is SendingFault {
	return ['truncated', 'reset', 'drip'].includes(fault.kind);
}

/** Sends an answer, whose status and headers are in the (hijacked) reply, the broken way. */
export async function sendBroken(
	fault: SendingFault,
	text: string,
	reply: FastifyReply,
	pause: (ms: number) => Promise<void>,
): Promise<void> {
	const response = reply.raw;
	if (fault.kind === 'reset') {
		response.socket?.resetAndDestroy();
		return;
	}

	const body = Buffer.from(text);
	response.statusCode = reply.statusCode;
	for (const [name, value] of Object.entries(reply.getHeaders())) response.setHeader(name, value ?? '');
	response.setHeader('content-length', body.length);
	if (fault.kind === 'truncated') {
		response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
		return;
	}

	response.flushHeaders();
	const pieces = Math.min(DRIP_PIECES, body.length);
	const cut = (nth: number) => Math.floor((nth * body.length) / pieces);
	for (let nth = 0; nth < pieces && !response.destroyed; nth++) {
		await pause(fault.ms / pieces);
		response.write(body.subarray(cut(nth), cut(nth + 1)));
	}
	response.end();
}
