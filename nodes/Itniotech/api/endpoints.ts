import type { JsonObject } from 'n8n-workflow';
import { createSender, type Sender } from './request';
import type { Timing } from './retry';
import { isRecord, readNumber } from './values';
import type { ApiContext, Balance, RecordPage, TimeSpan, WireRecord } from './types';

/** The calls of the API for one run. Each throws a NodeApiError with what happened and what to do. */
export interface Api extends Pick<Sender, 'width'> {
	/**
	 * One page of the voice message records of a time span.
	 * @param current page number, from 1
	 * @param size rows per page, 1 to 100
	 * @param signal stops waiting and sending
	 */
	fetchPage(span: TimeSpan, current: number, size: number, signal?: AbortSignal): Promise<RecordPage>;
	/** One voice message record, or `null` when there is none with this id. */
	fetchRecord(voiceId: string): Promise<WireRecord | null>;
	/** The balance of the account. */
	fetchBalance(): Promise<Balance>;
}

/** The API as one run of a node uses it, with the credential of that node. */
export function createApi(context: ApiContext, timing?: Timing): Api {
	const { send, width } = createSender(context, timing);
	return {
		width,
		fetchPage: async (span, current, size, signal) =>
			await send(
				{
					// Source: the vendor's page "voice message record".
					method: 'POST',
					path: '/voice/recordGroupQuery',
					body: { current, size, params: { ...span } },
					read: readPage,
					// How the service responds to a page past the last one is not documented; a refusal of it ends the list.
					answeredBy: current > 1 ? { status: '-22', value: { records: [] } } : undefined,
				},
				signal,
			),
		fetchRecord: async (voiceId) =>
			await send<WireRecord | null>({
				// Source: the vendor's public Java SDK.
				method: 'GET',
				path: `/voice/recordGroup/${encodeURIComponent(voiceId)}`,
				read: ({ data }) => {
					const isNothing =
						data === null || data === undefined || (isRecord(data) && Object.keys(data).length === 0);
					return isNothing ? null : readRecord(data);
				},
				// The id is the only parameter; the service may refuse one that it never issued.
				answeredBy: { status: '-22', value: null },
			}),
		fetchBalance: async () =>
			await send({
				// Source: the vendor's page "get balance".
				method: 'GET',
				path: '/sms/getBalance',
				read: (body) => {
					const balance = readNumber(body.balance);
					if (balance === undefined) return undefined;
					return { balance, gift: readNumber(body.gift) ?? 0, credit: readNumber(body.credit) ?? 0 };
				},
			}),
	};
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
