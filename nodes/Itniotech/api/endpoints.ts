import { OperationalError, type JsonObject, type JsonValue } from 'n8n-workflow';
import { Sender, type SenderOptions } from './request';
import { isRecord, readNumber } from './values';
import type { ApiContext, Balance, RecordPage, TimeSpan, WireRecord } from './types';

/** The endpoints of the API for one run. Each throws a NodeApiError with what happened and what to do. */
export interface Api extends Pick<Sender, 'width'> {
	/** One page of the records of a window. `current` counts from 1, `size` is 1 to 100, `signal` stops all work. */
	fetchPage(window: TimeSpan, current: number, size: number, signal?: AbortSignal): Promise<RecordPage>;
	fetchRecord(voiceId: string): Promise<WireRecord | null>;
	fetchBalance(): Promise<Balance>;
	/** The time of the service, Unix milliseconds: this server's clock until an answer showed that it is off. */
	now(): number;
	/** The service's clock minus this server's, 0 for less than a minute; `undefined` until an answer came. */
	clockDifferenceMs(): number | undefined;
}

/** Uses the credential of the node that runs in this context. */
export function createApi(context: ApiContext, options?: SenderOptions): Api {
	const sender = new Sender(context, options);
	return {
		width: (wanted) => sender.width(wanted),
		now: () => sender.clock.now(),
		clockDifferenceMs: () => sender.clock.differenceMs(),
		fetchPage: async (window, current, size, signal) =>
			await sender.send(
				{
					// Source: the vendor's page "voice message record".
					method: 'POST',
					path: '/voice/recordGroupQuery',
					body: { current, size, params: { ...window } },
					read: readPage,
					// The answer to a page past the last one is not documented; a refusal of it ends the list.
					answeredBy: current > 1 ? { status: '-22', value: { records: [] } } : undefined,
				},
				signal,
			),
		fetchRecord: async (voiceId) =>
			await sender.send<WireRecord | null>({
				// Source: the vendor's public Java SDK.
				method: 'GET',
				path: `/voice/recordGroup/${encodeURIComponent(voiceId)}`,
				read: ({ data }) => (isEmpty(data) ? null : readRecord(data)),
				// The id is the only parameter; the service may refuse an id that it never issued.
				answeredBy: { status: '-22', value: null },
			}),
		fetchBalance: async () =>
			await sender.send({
				// Source: the vendor's page "get balance".
				method: 'GET',
				path: '/sms/getBalance',
				read: readBalance,
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

function readRecord(value: unknown): WireRecord | undefined {
	if (!isRecord(value)) return undefined;
	const voiceId = String(value.voiceId ?? '').trim();
	return voiceId === '' ? undefined : { ...value, voiceId };
}

function readBalance(body: JsonObject): Balance | undefined {
	if (body.balance === undefined) return undefined;
	const { balance, gift, credit } = body;
	return {
		balance: readAmount('balance', balance),
		gift: readAmount('gift', gift || 0),
		credit: readAmount('credit', credit || 0),
	};
}

/** @throws OperationalError with the amount: whether a comma is a decimal one, only the account's owner can tell */
function readAmount(name: string, value: JsonValue): number {
	const amount = readNumber(value);
	if (amount !== undefined) return amount;
	const text = (typeof value === 'string' ? value.trim() || 'empty' : JSON.stringify(value)).slice(0, 50);
	throw new OperationalError(`ITNIO TECH sent a ${name} that this node cannot read: ${text}`, {
		description: 'Look the amount up in the ITNIO console, and open an issue on GitHub with this message',
	});
}

function isEmpty(data: unknown): boolean {
	return data === null || data === undefined || (isRecord(data) && Object.keys(data).length === 0);
}
