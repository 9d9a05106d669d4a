/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import { setTimeout as wait } from 'node:timers/promises';

import { Agent, fetch, type Dispatcher } from 'undici';

import type { WireRecord } from './records';

/** How several calls are put in one body. */
export type PushKind = 'one' | 'array' | 'list';

const TIME_FIELDS = ['submitTime', 'callTime', 'ringingTime', 'answerTime', 'hangupTime'] as const;

/** A record as ITNIO pushes it: times in milliseconds, and four more fields. */
export function pushedCallOf(record: WireRecord): Record<string, unknown> {
	const { submitTime, ringingTime, answerTime, hangupTime, terminationCode } = record;
	const times = TIME_FIELDS.map(
		(field) => [field, record[field] ? Date.parse(record[field]) : null] as const,
	);
	const ringEnd = answerTime ?? hangupTime ?? submitTime ?? '';
	return {
		...record,
		...Object.fromEntries(times),
		type: 1,
		sipCode: terminationCode,
		ringDuration: ringingTime ? (Date.parse(ringEnd) - Date.parse(ringingTime)) / 1000 : 0,
		outRecallCount: 0,
	};
}

/** The body of a push. */
export function pushBody(records: WireRecord[], kind: PushKind = 'list'): string {
	const calls = records.map(pushedCallOf);
	return JSON.stringify(kind === 'one' ? calls[0] : kind === 'array' ? { array: calls } : calls);
}

export interface PushOptions {
	/** Default: JSON. */
	contentType?: string;
	dispatcher?: Dispatcher;
}

/** Posts a body as ITNIO does, unsigned. Returns the HTTP status of the answer. */
export async function push(url: string, body: string, options: PushOptions = {}): Promise<number> {
	const { contentType = 'application/json', dispatcher } = options;
	const headers = { 'content-type': contentType };
	const answer = await fetch(url, { method: 'POST', headers, body, dispatcher });
	await answer.body?.cancel();
	return answer.status;
}

/**
 * Posts bodies at a steady rate over fifty connections, even if the answers are slower.
 * @returns their HTTP statuses, in the order of the bodies
 */
export async function pushSteadily(url: string, bodies: string[], perSecond: number): Promise<number[]> {
	const dispatcher = new Agent({ connections: 50, headersTimeout: 0 });
	const answers: Array<Promise<number>> = [];
	const startedAt = performance.now();
	while (answers.length < bodies.length) {
		const due = Math.ceil(((performance.now() - startedAt) * perSecond) / 1000);
		for (const body of bodies.slice(answers.length, due)) answers.push(push(url, body, { dispatcher }));
		await wait(1);
	}
	const statuses = await Promise.all(answers);
	await dispatcher.close();
	return statuses;
}
