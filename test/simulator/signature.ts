import { createHash } from 'node:crypto';

import type { FastifyRequest } from 'fastify';

import type { Behaviour } from './behaviour';

export interface Account {
	apiKey: string;
	apiSecret: string;
}

/**
 * The signature as the vendor documents it: lower-case hex MD5 of key + secret + timestamp (Unix seconds).
 * Written apart from the node's code on purpose, so that one mistake cannot hide in both.
 */
export function expectedSign({ apiKey, apiSecret }: Account, timestamp: string): string {
	return createHash('md5').update(`${apiKey}${apiSecret}${timestamp}`, 'utf8').digest('hex');
}

/** The status that the headers of a request deserve: `0`, `-1` (who are you?) or `-16` (too old). */
export function authenticate(
	headers: FastifyRequest['headers'],
	account: Account,
	serviceNow: number,
	{ timestampWindowMs, refusesFutureTimestamps }: Behaviour,
): '0' | '-1' | '-16' {
	const timestamp = headers.timestamp;
	if (typeof timestamp !== 'string' || headers['api-key'] !== account.apiKey) return '-1';
	if (headers.sign !== expectedSign(account, timestamp)) return '-1';

	// More digits are milliseconds, a usual mistake that a service without an upper bound would let pass.
	if (!/^\d{1,10}$/.test(timestamp)) return '-16';
	const ageMs = serviceNow - Number(timestamp) * 1000;
	if (ageMs > timestampWindowMs) return '-16';
	if (refusesFutureTimestamps && -ageMs > timestampWindowMs) return '-16';
	return '0';
}
