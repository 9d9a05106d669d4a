import { NodeApiError } from 'n8n-workflow';
import type { Api } from '../../api/endpoints';
import { isTemporary } from '../../api/refusal';
import type { Campaign, CampaignSearch } from '../../api/types';
import { DAY_S } from '../../records/calendar';
import { readCampaignPages } from '../../records/scan/campaignPages';

/** The vendor's sample asks for five months. Where that is refused, two ranges of 31 days. */
const DAYS_BEFORE = 124;
const SHORT_RANGE_S = 31 * DAY_S;

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
	const startS = Math.max(nowS, Math.ceil(startMs / 1000));
	const range = { fromS: nowS - DAYS_BEFORE * DAY_S, toS: startS + SHORT_RANGE_S };
	const { value, failure } = await settle(findInRange(api, range, name));
	if (failure === undefined) return value;
	if (!(failure instanceof NodeApiError) || isTemporary(failure)) throw failure;
	for (const aroundS of new Set([nowS, startS])) {
		const toS = aroundS + DAY_S;
		const found = await findInRange(api, { fromS: toS - SHORT_RANGE_S, toS }, name);
		if (found) return found;
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

async function findInRange(api: Api, range: CampaignSearch, name: string): Promise<Campaign | undefined> {
	for await (const campaigns of listCampaigns(api, { ...range, text: name })) {
		const found = campaigns.find((campaign) => campaign.name === name);
		if (found) return found;
	}
	return undefined;
}
