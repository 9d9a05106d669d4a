import { fetch, type Response } from 'undici';

import type { WireRecord } from './dataset';
import { expectedSign } from './signature';
import { DEMO_CREDENTIAL } from './simulator';

export interface PageBody {
	status: string | number;
	reason: string;
	data: {
		total: number;
		size: number;
		current: number;
		pages: number;
		searchCount: boolean;
		records: WireRecord[];
	};
}

export interface SendOptions {
	/** Default: the path of the list of records. */
	path?: string;
	/** Default: POST with a body, else GET. */
	method?: string;
	/** Take the place of the signed ones; undefined leaves one out. */
	headers?: Record<string, string | undefined>;
	/** Unix seconds that are signed and sent. */
	timestamp?: string;
	signal?: AbortSignal;
}

export interface Client {
	send(body?: unknown, options?: SendOptions): Promise<Response>;
	page(body: unknown): Promise<PageBody>;
}

/** A plain client with the demo credential, to try the simulator without any code of the node. */
export function createClient(url: string, nowMs: number): Client {
	async function send(body?: unknown, options: SendOptions = {}): Promise<Response> {
		const { path = '/voice/recordGroupQuery', method = body === undefined ? 'GET' : 'POST' } = options;
		const timestamp = options.timestamp ?? String(Math.floor(nowMs / 1000));
		const headers = {
			'Content-Type': 'application/json;charset=UTF-8',
			'Api-Key': DEMO_CREDENTIAL.apiKey,
			Sign: expectedSign(DEMO_CREDENTIAL, timestamp),
			Timestamp: timestamp,
			...options.headers,
		};
		return await fetch(url + path, {
			method,
			headers: Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
			body: body === undefined ? undefined : JSON.stringify(body),
			redirect: 'manual',
			signal: options.signal,
		});
	}
	return { send, page: async (body) => (await (await send(body)).json()) as PageBody };
}
