import { NodeApiError } from 'n8n-workflow';
import type { Api } from '../../api/endpoints';
import { isTemporary } from '../../api/refusal';
import type { Campaign, CampaignSearch } from '../../api/types';

const PAGE_SIZE = 100;
/** Names are found fuzzily, so many others may be listed. */
const MAX_PAGES = 50;
const DAY_S = 24 * 60 * 60;
/** The vendor's sample asks for five months. Where that is refused, a month. */
const RANGES_DAYS = [
	{ before: 124, after: 31 },
	{ before: 30, after: 1 },
];

/** Campaigns of the list, page by page, each once. A list that is not counted ends with a page without a new one. */
export async function* listCampaigns(api: Api, search: CampaignSearch): AsyncGenerator<Campaign[]> {
	const ids = new Set<string>();
	for (let current = 1, rows = 0; current <= MAX_PAGES; current++) {
		const { campaigns, total } = await api.fetchCampaigns(search, current, PAGE_SIZE);
		const added = campaigns.filter(({ campaignId }) => !ids.has(campaignId));
		if (added.length === 0) return;
		yield added;
		for (const { campaignId } of added) ids.add(campaignId);
		rows += campaigns.length;
		if (total !== undefined && rows >= total) return;
	}
}

/**
 * The campaign of a name, which the service searches fuzzily: the whole name is compared here.
 * @param startMs when it is to start; the list may go by that
 */
export async function findCampaign(api: Api, name: string, startMs = 0): Promise<Campaign | undefined> {
	const nowS = Math.floor(api.now() / 1000);
	for (const [index, { before, after }] of RANGES_DAYS.entries()) {
		const toS = Math.max(nowS, Math.ceil(startMs / 1000)) + after * DAY_S;
		const search = { fromS: nowS - before * DAY_S, toS, text: name };
		const { value, failure } = await settle(findInRange(api, search, name));
		if (failure === undefined) return value;
		const isRefused = failure instanceof NodeApiError && !isTemporary(failure);
		if (!isRefused || index === RANGES_DAYS.length - 1) throw failure;
	}
	return undefined;
}

/** What a promise became: its value, or what it threw. */
export async function settle<T>(promise: Promise<T>): Promise<{ value?: T; failure?: Error }> {
	return await promise.then(
		(value) => ({ value }),
		(failure: Error) => ({ failure }),
	);
}

async function findInRange(api: Api, search: CampaignSearch, name: string): Promise<Campaign | undefined> {
	for await (const campaigns of listCampaigns(api, search)) {
		const found = campaigns.find((campaign) => campaign.name === name);
		if (found) return found;
	}
	return undefined;
}
