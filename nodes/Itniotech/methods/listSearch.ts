import { DateTime } from 'luxon';
import type {
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
	NodeApiError,
} from 'n8n-workflow';
import { createApi } from '../api/endpoints';
import { LANGUAGES } from '../api/placing';
import { REAL_TIMING } from '../api/timing';
import type { AudioFile, Campaign, WantedPage, WireRecord } from '../api/types';
import { foldText } from '../records/query/parameters';
import { localTimeIn } from '../records/output/localTime';
import { readZone } from '../records/query/query';
import { calledNumberIn, phoneNumberOf } from '../records/phoneNumber';
import { countryOf, outcomeOf, reasonIn, secondsOf, textOf } from '../records/record';
import { earliestTime, toTimeSpan } from '../records/windows';
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
	const notes = {
		none: 'No audio files found. Upload one with "Upload Audio File".',
		noMatch: 'No match in the list of audio files. Enter an ID instead.',
	};
	return await searchOr(filter, notes, async () => {
		const { api, signal } = quickApi(this);
		const files = new Map<string, AudioFile>();
		for (let current = 1; current <= FILE_PAGES; current++) {
			const listed = await api.fetchFiles({ current, size: LIST_SIZE }, signal);
			const isLast =
				listed.length < FILES_PER_PAGE_AT_LEAST || listed.every(({ fileId }) => files.has(fileId));
			for (const file of listed) files.set(file.fileId, file);
			if (isLast) break;
		}
		return [...files.values()].map(({ fileId, fileName }) => ({ name: fileName || fileId, value: fileId }));
	});
}

/** The newest campaigns of the last 31 days, on one page or two. */
async function searchCampaigns(this: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
	const notes = {
		none: 'No campaigns found in the last 31 days. Enter an ID instead.',
		noMatch: 'No match in recent campaigns. Enter an ID instead.',
	};
	return await searchOr(filter, notes, async () => {
		const { api, signal } = quickApi(this);
		const toS = Math.floor(api.now() / 1000);
		const search = { fromS: toS - 31 * DAY_S, toS: toS + DAY_S };
		const fetchPage = async (page: WantedPage) => {
			const { campaigns, ...others } = await api.fetchCampaigns(search, page, signal);
			return { records: campaigns, ...others };
		};
		const campaigns = await readNewest(fetchPage, ({ createdAt }) => secondsOf(createdAt) ?? 0);
		const toLocal = localTimeIn(zoneOf(this));
		return campaigns.map((campaign) =>
			toCampaignItem({ ...campaign, createdAt: toLocal(campaign.createdAt) }),
		);
	});
}

function quickApi(context: ILoadOptionsFunctions) {
	const api = createApi(context, { deadlineMs: Date.now() + TIMEOUT_MS });
	return { api, signal: REAL_TIMING.timeout(TIMEOUT_MS) };
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

/** What an empty list says instead. */
interface Notes {
	none: string;
	noMatch: string;
}

/** Never throws: the editor would show "[object Object]". An entry without a value says why there are no others. */
async function searchOr(
	filter: string,
	{ none, noMatch }: Notes,
	search: () => Promise<INodeListSearchItems[]>,
): Promise<INodeListSearchResult> {
	try {
		const items = await search();
		const matches = items.filter(({ name, value }) =>
			foldText(`${name} ${value}`).includes(foldText(filter)),
		);
		if (matches.length > 0) return { results: matches };
		return { results: [toNote(items.length > 0 ? noMatch : none)] };
	} catch (error) {
		return { results: [toNote(describeError(error as NodeApiError))] };
	}
}

function listSearchOf(toItem: ToListItem): ListSearch {
	const notes = {
		none: 'Nothing to choose from in recent calls. Enter a value instead.',
		noMatch: 'No match in recent calls. Enter a value instead.',
	};
	return async function (filter = '') {
		return await searchOr(filter, notes, async () => {
			const records = await newestRecords(this);
			const zone = zoneOf(this);
			const items = records.map((record) => toItem(record, zone)).filter((item) => item !== undefined);
			return [...new Map(items.map((item) => [item.value, item])).values()];
		});
	};
}

async function newestRecords(context: ILoadOptionsFunctions): Promise<WireRecord[]> {
	const { api, signal } = quickApi(context);
	for (const lengthS of RANGES_S) {
		const toS = Math.floor(api.now() / 1000);
		const fromS = Math.max(toS - lengthS + 1, earliestTime(DateTime.fromSeconds(toS)).toSeconds());
		const window = toTimeSpan({ fromS, toS });
		const records = await readNewest(async (page) => await api.fetchPage(window, page, signal), submitS);
		if (records.length > 0) return records;
	}
	return [];
}

/** The order of a list is not documented: of one that begins with the oldest, the last two pages have the newest. */
async function readNewest<Row>(
	fetchPage: (page: WantedPage) => Promise<{ records: Row[]; withoutId?: Row[]; total?: number }>,
	timeOf: (row: Row) => number,
): Promise<Row[]> {
	const pageAt = async (current: number) => await fetchPage({ current, size: LIST_SIZE });
	const newestFirst = (rows: Row[]) => rows.sort((a, b) => timeOf(b) - timeOf(a));
	const { records, withoutId = [], total = 0 } = await pageAt(1);
	const size = records.length + withoutId.length;
	const [first] = records;
	const last = records.at(-1);
	if (!last || total <= size || timeOf(first) >= timeOf(last)) return newestFirst(records);
	const lastPage = Math.ceil(total / size);
	const beforeLast = lastPage > 2 ? (await pageAt(lastPage - 1)).records : records;
	return newestFirst([...beforeLast, ...(await pageAt(lastPage)).records]);
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
