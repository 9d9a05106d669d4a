import type { Campaign, CampaignPage, WantedPage } from '../../api/types';
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
	fetchCampaigns: (range: TimeRange, page: WantedPage) => Promise<CampaignPage>,
	isRefusal: (error: unknown) => boolean,
): AsyncGenerator<Campaign[]> {
	const windows = cutIntoWindows(range);
	const fetchPage: FetchPageOfList = async (window, current) =>
		await fetchCampaigns(window, { current, size: CAMPAIGNS_PER_PAGE });
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
 * maximum. Where it counts wrong, a page that brings nothing new is. Rows without an ID count, although nobody can use them.
 */
async function* readRangeOfList(
	range: TimeRange,
	fetchPage: FetchPageOfList,
	seen: Set<string>,
): AsyncGenerator<Campaign[]> {
	let rows = 0;
	const isNew = (key: string) => !seen.has(key) && seen.add(key);
	for (let current = 1; ; current++) {
		const { campaigns, withoutId, total = Infinity } = await fetchPage(range, current);
		const added = campaigns.filter(({ campaignId }) => isNew(campaignId));
		const newRows = added.length + withoutId.filter(({ wire }) => isNew(JSON.stringify(wire))).length;
		rows += newRows;
		yield added;
		const isPart = campaigns.length + withoutId.length < CAMPAIGNS_PER_PAGE;
		if (newRows === 0 || (isPart && rows >= total)) return;
	}
}
