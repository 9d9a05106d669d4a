import type { JsonObject } from 'n8n-workflow';
import type { Api } from './request';
import { isRecord, readNumber } from './values';
import type { Balance, RecordPage, TimeSpan, WireRecord } from './types';

/**
 * One page of the voice message records of a span of time.
 * Source: the vendor's page "voice message record", `POST /voice/recordGroupQuery`.
 * @param current page number, from 1
 * @param size rows per page, 1 to 100
 */
export async function fetchRecordPage(
	{ send }: Api,
	span: TimeSpan,
	current: number,
	size: number,
	signal?: AbortSignal,
): Promise<RecordPage> {
	return await send(
		{
			method: 'POST',
			path: '/voice/recordGroupQuery',
			body: { current, size, params: { ...span } },
			read: readPage,
			// How the service answers a page past the last one is not documented; a refusal of it ends the list.
			answeredBy: current > 1 ? { status: '-22', value: { records: [] } } : undefined,
		},
		signal,
	);
}

/**
 * One voice message record, or `null` when there is none with this id.
 * Source: the vendor's public Java SDK, `GET /voice/recordGroup/{voiceId}`.
 */
export async function fetchRecord({ send }: Api, voiceId: string): Promise<WireRecord | null> {
	return await send<WireRecord | null>({
		method: 'GET',
		path: `/voice/recordGroup/${encodeURIComponent(voiceId)}`,
		read: ({ data }) => {
			const isNothing =
				data === null || data === undefined || (isRecord(data) && Object.keys(data).length === 0);
			return isNothing ? null : readRecord(data);
		},
		// The id is the only parameter; the service may not accept one that it never gave out.
		answeredBy: { status: '-22', value: null },
	});
}

/** The balance of the account. Source: the vendor's page "get balance", `GET /sms/getBalance`. */
export async function fetchBalance({ send }: Api): Promise<Balance> {
	return await send({
		method: 'GET',
		path: '/sms/getBalance',
		read: (body) => {
			const balance = readNumber(body.balance);
			if (balance === undefined) return undefined;
			return { balance, gift: readNumber(body.gift) ?? 0, credit: readNumber(body.credit) ?? 0 };
		},
	});
}

function readPage({ data }: JsonObject): RecordPage | undefined {
	if (!isRecord(data) || !Array.isArray(data.records)) return undefined;
	const records = data.records.map(readRecord);
	if (!records.every((record) => record !== undefined)) return undefined;
	// With `searchCount` false the service counts nothing and sends 0, although there are rows.
	const isCounted = data.searchCount !== false && (readNumber(data.total) !== 0 || records.length === 0);
	return isCounted ? { records, total: readNumber(data.total), pages: readNumber(data.pages) } : { records };
}

/** A record with its id, which tells it from the others. */
function readRecord(value: unknown): WireRecord | undefined {
	if (!isRecord(value)) return undefined;
	const voiceId = String(value.voiceId ?? '').trim();
	return voiceId === '' ? undefined : { ...value, voiceId };
}
