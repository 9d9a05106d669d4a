import { DateTime } from 'luxon';
import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
	NodeApiError,
} from 'n8n-workflow';
import { createApi, type Api } from '../api/endpoints';
import { LANGUAGES } from '../api/placing';
import { REAL_TIMING } from '../api/retry';
import type { AudioFile, Campaign, TimeSpan, WireRecord } from '../api/types';
import { foldText } from '../records/query/parameters';
import { localTimeIn } from '../records/output/localTime';
import { readZone } from '../records/query/query';
import { calledNumberIn, phoneNumberOf } from '../records/phoneNumber';
import { countryOf, outcomeOf, reasonIn, secondsOf, textOf } from '../records/record';
import { earliestTime } from '../records/query/timeRange';
import { toTimeSpan } from '../records/windows';
import { DAY_S } from '../records/calendar';

/** The editor waits for the list. */
const TIMEOUT_MS = 10_000;
const LIST_SIZE = 100;
/** A day is enough for most accounts, 31 days are the most that the API takes at once. */
const RANGES_S = [DAY_S, 31 * DAY_S];

type ToListItem = (record: WireRecord, zone: string) => INodeListSearchItems | undefined;
type ListSearch = (this: ILoadOptionsFunctions, filter?: string) => Promise<INodeListSearchResult>;

/** What the editor offers in "From list": the calls, or values of them, on the first page of the last day. */
export const listSearch: Record<string, ListSearch> = {
	searchCalls: listSearchOf(toCall),
	searchAreas: listSearchOf(({ code }) => toValue(code)),
	searchCountries: listSearchOf((record) => toValue(countryOf(record.code))),
	searchCalledNumbers: listSearchOf((record) => toValue(calledNumberIn(record))),
	searchDisplayNumbers: listSearchOf(({ displayNum }) => toValue(phoneNumberOf(displayNum))),
	searchTerminationCodes: listSearchOf(toCode),
	searchCampaigns,
	searchFiles,
	searchLanguages,
};

const FILE_PAGES = 5;
/** The service may have a smaller maximum than `LIST_SIZE`, but hardly one below its default. */
const FILES_PER_PAGE_AT_LEAST = 25;

/** The audio files of the account, on the first pages. */
async function searchFiles(this: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
	return await searchOr('No audio files found. Upload one with "Upload Audio File".', async () => {
		const api = createApi(this, { deadlineMs: Date.now() + TIMEOUT_MS });
		const signal = REAL_TIMING.timeout(TIMEOUT_MS);
		const files = new Map<string, AudioFile>();
		for (let page = 1; page <= FILE_PAGES; page++) {
			const listed = await api.fetchFiles(page, LIST_SIZE, signal);
			const isLast =
				listed.length < FILES_PER_PAGE_AT_LEAST || listed.every(({ fileId }) => files.has(fileId));
			for (const file of listed) files.set(file.fileId, file);
			if (isLast) break;
		}
		return [...files.values()]
			.map(({ fileId, fileName }) => ({ name: fileName || fileId, value: fileId }))
			.filter(({ name, value }) => foldText(`${name} ${value}`).includes(foldText(filter)));
	});
}

/** The campaigns of the last 31 days, the first 100 that the service lists. */
async function searchCampaigns(this: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
	return await searchOr('No campaigns found in the last 31 days. Enter an ID instead.', async () => {
		const api = createApi(this, { deadlineMs: Date.now() + TIMEOUT_MS });
		const toS = Math.floor(api.now() / 1000);
		const search = { fromS: toS - 31 * DAY_S, toS: toS + DAY_S };
		const { campaigns } = await api.fetchCampaigns(search, 1, LIST_SIZE, REAL_TIMING.timeout(TIMEOUT_MS));
		const toLocal = localTimeIn(zoneOf(this));
		return campaigns
			.sort((a, b) => (b.createdAt ?? '').localeCompare(a.createdAt ?? ''))
			.map((campaign) => toCampaignItem({ ...campaign, createdAt: toLocal(campaign.createdAt) }))
			.filter(({ name }) => foldText(name).includes(foldText(filter)));
	});
}

function toCampaignItem({ campaignId, name, status, createdAt }: Campaign): INodeListSearchItems {
	const parts = [name || campaignId, status, createdAt?.slice(0, 10)];
	return { name: parts.filter(Boolean).join(' · '), value: campaignId };
}

/** The languages of text-to-speech calls that the vendor's page names. */
async function searchLanguages(this: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
	return await Promise.resolve({
		results: LANGUAGES.filter(({ name, value }) => foldText(`${name} ${value}`).includes(foldText(filter))),
	});
}

/** Never throws: the editor would show "[object Object]". An entry without a value says why there are no others. */
async function searchOr(
	noneFound: string,
	search: () => Promise<INodeListSearchItems[]>,
): Promise<INodeListSearchResult> {
	try {
		const results = await search();
		return { results: results.length > 0 ? results : [toNote(noneFound)] };
	} catch (error) {
		return { results: [toNote(describeError(error as NodeApiError))] };
	}
}

function listSearchOf(toItem: ToListItem): ListSearch {
	return async function (filter = '') {
		return await searchOr('No calls found. Enter a value instead.', async () => {
			const records = await newestRecords(this);
			const zone = zoneOf(this);
			const items = records.map((record) => toItem(record, zone)).filter((item) => item !== undefined);
			const itemsByValue = new Map(items.map((item) => [item.value, item]));
			return [...itemsByValue.values()].filter(({ name }) => foldText(name).includes(foldText(filter)));
		});
	};
}

async function newestRecords(context: ILoadOptionsFunctions): Promise<WireRecord[]> {
	const api = createApi(context, { deadlineMs: Date.now() + TIMEOUT_MS });
	const signal = REAL_TIMING.timeout(TIMEOUT_MS);
	for (const lengthS of RANGES_S) {
		const toS = Math.floor(api.now() / 1000);
		const fromS = Math.max(toS - lengthS + 1, earliestTime(DateTime.fromSeconds(toS)).toSeconds());
		const records = await readNewestPage(api, toTimeSpan({ fromS, toS }), signal);
		if (records.length > 0) return records.sort((a, b) => submitS(b) - submitS(a));
	}
	return [];
}

/** The order of a list is not documented: of one that begins with the oldest, the last page has the newest. */
async function readNewestPage(api: Api, window: TimeSpan, signal: AbortSignal): Promise<WireRecord[]> {
	const { records, total = 0 } = await api.fetchPage(window, 1, LIST_SIZE, signal);
	const [first] = records;
	const last = records.at(-1);
	if (!last || total <= records.length || submitS(first) >= submitS(last)) return records;
	const lastPage = Math.ceil(total / records.length);
	return (await api.fetchPage(window, lastPage, LIST_SIZE, signal)).records;
}

/** n8n tells a list the zone of its server, not that of the workflow. */
function zoneOf(context: ILoadOptionsFunctions): string {
	const zone = context.getTimezone();
	try {
		return readZone(context.getCurrentNodeParameter('options.timezone'), zone);
	} catch {
		return zone;
	}
}

function describeError({ name, message, description }: NodeApiError): string {
	if (name === 'TimeoutError') return 'ITNIO TECH took too long to answer';
	return description ? `${message}. ${description}` : message;
}

function submitS({ submitTime }: WireRecord): number {
	return secondsOf(submitTime) ?? 0;
}

function toCall(record: WireRecord, zone: string): INodeListSearchItems {
	const seconds = secondsOf(record.submitTime);
	const time =
		seconds === null ? null : DateTime.fromSeconds(seconds, { zone }).toFormat("yyyy-MM-dd HH:mm:ss 'UTC'ZZ");
	const parts = [time, textOf(record.callee), outcomeOf(record)].filter((part) => part !== null);
	return { name: parts.join(' · '), value: record.voiceId };
}

function toCode(record: WireRecord): INodeListSearchItems | undefined {
	const code = textOf(record.terminationCode);
	return code === null ? undefined : { name: reasonIn(record) ?? code, value: code };
}

function toValue(value: unknown): INodeListSearchItems | undefined {
	const text = textOf(value);
	return text === null ? undefined : { name: text, value: text };
}

function toNote(text: string): INodeListSearchItems {
	return { name: text, value: '' };
}
