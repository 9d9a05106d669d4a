import type { Api } from '../../api/endpoints';
import { isRefusal } from '../../api/refusal';
import type { Campaign, CampaignPage, CampaignSearch } from '../../api/types';
import { DAY_S, type TimeRange } from '../../records/calendar';
import { readCampaignList } from '../../records/scan/campaignPages';
import { countOfParts } from './campaignName';

const DAYS_BEFORE = 124;
const DAYS_AFTER = 31;

/** All that the service lists, page by page, each once. */
export function listCampaigns(
	api: Api,
	{ fromS, toS, ...search }: CampaignSearch,
	onPage?: (page: CampaignPage, range: TimeRange) => void,
): AsyncGenerator<Campaign[]> {
	return readCampaignList(
		{ fromS, toS },
		async (range, wanted) => {
			const page = await api.fetchCampaigns({ ...search, ...range }, wanted);
			onPage?.(page, range);
			return page;
		},
		isRefusal,
	);
}

/**
 * The campaigns of a name and its parts, which the service searches fuzzily: the whole name is compared here. With those that
 * are listed without an ID, which is empty.
 * @param startMs when it is to start; the list may go by that
 */
export async function findCampaigns(api: Api, name: string, startMs = 0): Promise<Campaign[]> {
	const nowS = Math.floor(api.now() / 1000);
	const toS = Math.max(nowS, Math.ceil(startMs / 1000)) + DAYS_AFTER * DAY_S;
	const search = { fromS: nowS - DAYS_BEFORE * DAY_S, toS, text: name };
	const found: Campaign[] = [];
	const withoutId = new Map<string, Campaign>();
	const onPage = (page: CampaignPage) => {
		// The service may repeat a page.
		for (const campaign of page.withoutId) withoutId.set(JSON.stringify(campaign.wire), campaign);
	};
	for await (const campaigns of listCampaigns(api, search, onPage)) found.push(...campaigns);
	return [...found, ...withoutId.values()].filter(
		(campaign) => countOfParts(campaign.name, name) !== undefined,
	);
}

/** What a promise became: its value, or what it threw. */
export async function settle<T>(promise: Promise<T>): Promise<{ value?: T; failure?: Error }> {
	return await promise.then(
		(value) => ({ value }),
		(failure: Error) => ({ failure }),
	);
}
