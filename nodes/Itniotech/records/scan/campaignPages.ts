import type { Campaign, CampaignPage } from '../../api/types';
import type { TimeRange } from '../calendar';
import { cutIntoWindows } from '../windows';

const CAMPAIGNS_PER_PAGE = 100;

type FetchPageOfList = (range: TimeRange, current: number) => Promise<CampaignPage>;

/**
 * All campaigns of a range, page by page, each once. The vendor's sample asks for five months at once. Where that is
 * refused, in parts as call records are, the newest first.
 */
export async function* readCampaignList(
	range: TimeRange,
	fetchCampaigns: (range: TimeRange, current: number, size: number) => Promise<CampaignPage>,
	isRefusal: (error: unknown) => boolean,
): AsyncGenerator<Campaign[]> {
	const windows = cutIntoWindows(range);
	const fetchPage: FetchPageOfList = async (window, current) =>
		await fetchCampaigns(window, current, CAMPAIGNS_PER_PAGE);
	const first = await fetchPage(range, 1).catch((error: Error) => {
		if (windows.length === 1 || !isRefusal(error)) throw error;
		return undefined;
	});
	const seen = new Set<string>();
	if (first === undefined) {
		for (const window of windows) yield* readRangeOfList(window, fetchPage, seen);
	} else {
		const fetchNext: FetchPageOfList = async (_, current) =>
			current === 1 ? first : await fetchPage(range, current);
		yield* readRangeOfList(range, fetchNext, seen);
	}
}

/**
 * A page of fewer rows than were asked for is the last one only where the count says so, too: the service may have a smaller
 * maximum. Where it counts wrong, a page that brings nothing new is.
 */
async function* readRangeOfList(
	range: TimeRange,
	fetchPage: FetchPageOfList,
	seen: Set<string>,
): AsyncGenerator<Campaign[]> {
	let rows = 0;
	for (let current = 1; ; current++) {
		const { campaigns, total = Infinity } = await fetchPage(range, current);
		const added: Campaign[] = [];
		for (const campaign of campaigns) {
			if (!seen.has(campaign.campaignId)) added.push(campaign);
			seen.add(campaign.campaignId);
		}
		rows += added.length;
		yield added;
		if (added.length === 0 || (campaigns.length < CAMPAIGNS_PER_PAGE && rows >= total)) return;
	}
}
