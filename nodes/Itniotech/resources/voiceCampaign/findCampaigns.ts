import { NodeApiError } from 'n8n-workflow';
import type { Api } from '../../api/endpoints';
import { isTemporary } from '../../api/refusal';
import type { Campaign, CampaignSearch } from '../../api/types';
import { readCampaignPages } from '../../records/scan/campaignPages';
import { DAY_S } from '../../records/calendar';

/** The vendor's sample asks for five months. Where that is refused, a month. */
const RANGES_DAYS = [
	{ before: 124, after: 31 },
	{ before: 30, after: 1 },
];

/** All that the service lists, page by page, each once. */
export function listCampaigns(api: Api, search: CampaignSearch): AsyncGenerator<Campaign[]> {
	return readCampaignPages(async (current, size) => await api.fetchCampaigns(search, current, size));
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
