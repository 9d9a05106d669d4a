import type { Api } from '../../api/endpoints';
import { isRefusal } from '../../api/refusal';
import type { Campaign, CampaignPage, CampaignSearch } from '../../api/types';
import { DAY_S } from '../../records/calendar';
import { readCampaignList } from '../../records/scan/campaignPages';

const DAYS_BEFORE = 124;
const DAYS_AFTER = 31;

/** All that the service lists, page by page, each once. */
export function listCampaigns(
	api: Api,
	{ fromS, toS, ...search }: CampaignSearch,
	onPage?: (page: CampaignPage) => void,
): AsyncGenerator<Campaign[]> {
	return readCampaignList(
		{ fromS, toS },
		async (range, current, size) => {
			const page = await api.fetchCampaigns({ ...search, ...range }, current, size);
			onPage?.(page);
			return page;
		},
		isRefusal,
	);
}

/**
 * The campaigns of a name, which the service searches fuzzily: the whole name is compared here.
 * @param startMs when it is to start; the list may go by that
 */
export async function findCampaigns(api: Api, name: string, startMs = 0): Promise<Campaign[]> {
	const nowS = Math.floor(api.now() / 1000);
	const toS = Math.max(nowS, Math.ceil(startMs / 1000)) + DAYS_AFTER * DAY_S;
	const search = { fromS: nowS - DAYS_BEFORE * DAY_S, toS, text: name };
	const found: Campaign[] = [];
	for await (const campaigns of listCampaigns(api, search)) {
		found.push(...campaigns.filter((campaign) => campaign.name === name));
	}
	return found;
}

/** What a promise became: its value, or what it threw. */
export async function settle<T>(promise: Promise<T>): Promise<{ value?: T; failure?: Error }> {
	return await promise.then(
		(value) => ({ value }),
		(failure: Error) => ({ failure }),
	);
}
