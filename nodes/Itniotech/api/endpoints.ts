import { OperationalError, type JsonObject, type JsonValue } from 'n8n-workflow';
import { Sender, type SenderOptions } from './sender';
import { answeredId, finiteNumber, isNothing, isRecord, wireText } from './values';
import {
	callAgainRequest,
	campaignDetailRequest,
	campaignRequest,
	campaignsRequest,
	cancelRequest,
} from './campaigns';
import {
	fileCallRequest,
	hintsOnValues,
	placingRefusal,
	textCallRequest,
	type NumberReader,
} from './placing';
import type {
	ApiContext,
	ApiRequest,
	AudioFile,
	Balance,
	Campaign,
	CampaignPage,
	CampaignSearch,
	CreatedCampaign,
	FileCall,
	NewCampaign,
	NewFile,
	PlacedCall,
	RecordPage,
	TextCall,
	TimeSpan,
	UploadedFile,
	WantedPage,
	WireRecord,
} from './types';

/** The endpoints of the API for one run. Each throws a NodeApiError with what happened and what to do. */
export interface Api extends Pick<Sender, 'width' | 'slowdownOfRun'> {
	/** One page of the records of a window. `signal` stops all work. */
	fetchPage(window: TimeSpan, page: WantedPage, signal?: AbortSignal): Promise<RecordPage>;
	fetchRecord(voiceId: string): Promise<WireRecord | null>;
	fetchBalance(): Promise<Balance>;
	/** One page of the audio files of the account. */
	fetchFiles(page: WantedPage, signal?: AbortSignal): Promise<AudioFile[]>;
	/**
	 * Sent once. A name that exists is answered, and nothing is stored.
	 * @throws UnknownOutcomeError where nobody knows whether the file was stored
	 */
	uploadFile(file: NewFile): Promise<UploadedFile>;
	fetchCampaigns(search: CampaignSearch, page: WantedPage, signal?: AbortSignal): Promise<CampaignPage>;
	fetchCampaign(campaignId: string): Promise<Campaign | null>;
	/**
	 * Calls people and costs money, like `callFailedAgain`. Sent once; again only if the timestamp was refused.
	 * @throws UnknownOutcomeError where nobody knows whether there is a campaign now; any other error means that there is not
	 */
	createCampaign(campaign: NewCampaign): Promise<CreatedCampaign>;
	/** `undefined`, and nothing is sent, where the service does not say what this takes. @param name of the new campaign */
	callFailedAgain(campaign: Campaign, name: string): Promise<CreatedCampaign | undefined>;
	/** @throws UnknownOutcomeError as `createCampaign` does */
	cancelCampaign(campaignId: string): Promise<true>;
	/**
	 * Rings a real phone and costs money, like `placeFileCall`. Sent once; again only if the timestamp was refused.
	 * @throws UnknownOutcomeError where nobody knows whether the call was placed; any other error means that it was not
	 */
	placeTextCall(call: TextCall): Promise<PlacedCall[]>;
	/**
	 * One entry for each number, in their order.
	 * @param toDigits the digits of a number in the answer, however it is written
	 */
	placeFileCall(call: FileCall, toDigits: NumberReader): Promise<PlacedCall[]>;
	/** @throws the reason of the stop where the execution is stopped before the time is over */
	wait(ms: number): Promise<void>;
	/** The same API, which waits for another try only if that wait ends within this time, in milliseconds from now. */
	within(ms: number): Api;
	/** The time of the service, Unix milliseconds: this server's clock until an answer showed that it is off. */
	now(): number;
	/** The service's clock minus this server's, 0 for less than a minute; `undefined` until an answer came. */
	clockDifferenceMs(): number | undefined;
	/** A time of this server by the clock of the service, to about a second. */
	exactTimeOf(serverMs: number): number;
}

/** Uses the credential of the node that runs in this context. */
export function createApi(context: ApiContext, options?: SenderOptions): Api {
	const sender = new Sender(context, options);
	return {
		width: () => sender.width(),
		slowdownOfRun: () => sender.slowdownOfRun(),
		wait: async (ms) => await sender.timing.sleep(ms, sender.stopSignals()),
		within: (ms) => createApi(context, { ...options, deadlineMs: sender.timing.now() + ms }),
		now: () => sender.clock.now(),
		clockDifferenceMs: () => sender.clock.differenceMs(),
		exactTimeOf: (serverMs) => sender.clock.exactTimeOf(serverMs),
		fetchPage: async (window, page, signal) => await sender.send(pageRequest(window, page), signal),
		fetchRecord: async (voiceId) => await sender.send(recordRequest(voiceId)),
		fetchBalance: async () =>
			await sender.send({
				// Source: the vendor's page "get balance".
				method: 'GET',
				path: '/sms/getBalance',
				read: readBalance,
			}),
		fetchFiles: async (page, signal) => await sender.send(filesRequest(page), signal),
		uploadFile: async (file) => await sender.send(uploadRequest(file)),
		fetchCampaigns: async (search, page, signal) => await sender.send(campaignsRequest(search, page), signal),
		fetchCampaign: async (campaignId) => await sender.send(campaignDetailRequest(campaignId)),
		createCampaign: async (campaign) => await sender.send(campaignRequest(campaign)),
		callFailedAgain: async (campaign, name) => {
			const request = callAgainRequest(campaign, name);
			return request && (await sender.send(request));
		},
		cancelCampaign: async (campaignId) => await sender.send(cancelRequest(campaignId)),
		placeTextCall: async (call) => await sender.send(textCallRequest(call)),
		placeFileCall: async (call, toDigits) => await sender.send(fileCallRequest(call, toDigits)),
	};
}

/** Source: the vendor's public Java SDK. */
function recordRequest(voiceId: string): ApiRequest<WireRecord | null> {
	return {
		method: 'GET',
		path: `/voice/recordGroup/${encodeURIComponent(voiceId)}`,
		read: ({ data }) => (isNothing(data) ? null : readRecord(data)),
		// The id is the only parameter; the service may refuse an id that it never issued.
		answeredBy: { statuses: ['-22'], value: null },
	};
}

/** One page of the call records of a window. Source: the vendor's page "voice message record". */
function pageRequest(window: TimeSpan, { current, size }: WantedPage): ApiRequest<RecordPage> {
	return {
		method: 'POST',
		path: '/voice/recordGroupQuery',
		body: { current, size, params: { ...window } },
		hints: hintsOnValues('Check "Page Size" under "Options", and the time range'),
		read: (body) => readPage(body, current),
		// The answer to a page past the last one is not documented; a refusal of it ends the list.
		answeredBy: current > 1 ? { statuses: ['-22'], value: { records: [], isRefused: true } } : undefined,
	};
}

/** One page of the audio files of the account. Source: the vendor's page "voice file query". */
function filesRequest(page: WantedPage): ApiRequest<AudioFile[]> {
	return {
		method: 'POST',
		path: '/voice/fileQuery',
		body: { ...page },
		read: ({ data }) => {
			const records = isRecord(data) ? (data.records ?? []) : undefined;
			if (!Array.isArray(records)) return undefined;
			return records
				.filter(isRecord)
				.map(({ fileId, fileName }) => ({ fileId: String(fileId ?? ''), fileName: String(fileName ?? '') }))
				.filter(({ fileId }) => fileId !== '');
		},
	};
}

/** Source: the vendor's page "voice file upload". */
function uploadRequest({ fileName, file }: NewFile): ApiRequest<UploadedFile> {
	return {
		method: 'POST',
		path: '/voice/fileUpload',
		body: { fileName, file },
		hints: hintsOnValues('Check "File Name" and the file'),
		readRefusal: (refusal) =>
			placingRefusal(refusal, {
				message: 'It is not known whether ITNIO TECH stored the file',
				howToFindOut: `Upload ${fileName} again: a file name that already exists is not stored twice.`,
				refusingStatuses: ['-21'],
			}),
		read: ({ data }) => ({ fileId: answeredId(data), isNameTaken: false }),
		answeredBy: { statuses: ['-20'], value: { fileId: null, isNameTaken: true } },
	};
}

/** @returns `undefined` where the body is not a page of the API */
export function readPage({ data }: JsonObject, current: number): RecordPage | undefined {
	if (!isRecord(data)) return undefined;
	const total = finiteNumber(data.total);
	// MyBatis-Plus, by whose names this page goes, may send null for a page without rows.
	const mayBeEmpty = current > 1 || total === undefined || total <= 0;
	const rows = data.records === null && mayBeEmpty ? [] : data.records;
	if (!Array.isArray(rows) || !rows.every((row) => row === null || isRecord(row))) return undefined;
	const page: RecordPage = { records: [], rowsWithoutId: [], size: finiteNumber(data.size) };
	for (const row of rows) {
		const record = readRecord(row);
		if (record) page.records.push(record);
		else page.rowsWithoutId?.push({ ...row });
	}
	// With `searchCount` false, the service counts nothing and sends 0 or -1, although there are rows.
	const isCounted = String(data.searchCount) !== 'false' && Number.isInteger(total) && total! >= rows.length;
	return isCounted ? { ...page, total, pages: finiteNumber(data.pages) } : page;
}

function readRecord(value: unknown): WireRecord | undefined {
	if (!isRecord(value)) return undefined;
	const voiceId = wireText(value.voiceId);
	return voiceId === '' ? undefined : { ...value, voiceId };
}

function readBalance(body: JsonObject): Balance | undefined {
	if (body.balance === undefined) return undefined;
	const { balance, gift, credit } = body;
	return {
		balance: readAmount('balance', balance),
		gift: isMissing(gift) ? null : readAmount('gift', gift),
		credit: isMissing(credit) ? null : readAmount('credit', credit),
	};
}

function isMissing(value: JsonValue | undefined): value is null | undefined | '' {
	return value === undefined || value === null || value === '';
}

/** @throws OperationalError with the amount: whether a comma is a decimal one, only the account's owner can tell */
function readAmount(name: string, value: JsonValue): number {
	const amount = finiteNumber(value);
	if (amount !== undefined) return amount;
	const text = (typeof value === 'string' ? value.trim() || 'empty' : JSON.stringify(value)).slice(0, 50);
	throw new OperationalError(`ITNIO TECH sent a ${name} that this node cannot read: ${text}`, {
		description: 'Look the amount up in the ITNIO console, and open an issue on GitHub with this message',
	});
}
