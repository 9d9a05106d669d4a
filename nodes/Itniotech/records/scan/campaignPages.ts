import type { Campaign, CampaignPage } from '../../api/types';
import type { TimeRange } from '../calendar';
import { cutIntoWindows } from '../windows';

const CAMPAIGNS_PER_PAGE = 100;

/** @param current counts from 1 */
type FetchCampaigns = (range: TimeRange, current: number, size: number) => Promise<CampaignPage>;

/**
 * All campaigns of a range, page by page, each once. The vendor's sample asks for five months at once. Where that is
 * refused, in parts as call records are, the newest first.
 */
export async function* readCampaignList(
	range: TimeRange,
	fetchCampaigns: FetchCampaigns,
	isRefusal: (error: unknown) => boolean,
): AsyncGenerator<Campaign[]> {
	const seen = new Set<string>();
	const windows = cutIntoWindows(range);
	try {
		return yield* readRangeOfList(range, fetchCampaigns, seen);
	} catch (error) {
		if (windows.length === 1 || seen.size > 0 || !isRefusal(error)) throw error;
	}
	for (const window of windows) yield* readRangeOfList(window, fetchCampaigns, seen);
}

/**
 * A page of fewer rows than were asked for is the last one only where the count says so, too: the service may have a smaller
 * maximum. Where it counts wrong, a page that brings nothing new is.
 */
async function* readRangeOfList(
	range: TimeRange,
	fetchCampaigns: FetchCampaigns,
	seen: Set<string>,
): AsyncGenerator<Campaign[], undefined> {
	let rows = 0;
	for (let current = 1; ; current++) {
		const { campaigns, total = Infinity } = await fetchCampaigns(range, current, CAMPAIGNS_PER_PAGE);
		const added = campaigns.filter(({ campaignId }) => !seen.has(campaignId));
		for (const { campaignId } of added) seen.add(campaignId);
		rows += added.length;
		yield added;
		if (added.length === 0 || (campaigns.length < CAMPAIGNS_PER_PAGE && rows >= total)) return;
	}
}
