import type { Campaign, CampaignPage } from '../../api/types';

const CAMPAIGNS_PER_PAGE = 100;

/**
 * All campaigns of a list, each once. A page of fewer rows than were asked for is the last one only where the count says so,
 * too: the service may have a smaller maximum. Where it counts wrong, a page that brings nothing new is.
 */
export async function* readCampaignPages(
	fetchPage: (current: number, size: number) => Promise<CampaignPage>,
): AsyncGenerator<Campaign[]> {
	const seen = new Set<string>();
	for (let current = 1; ; current++) {
		const { campaigns, total = Infinity } = await fetchPage(current, CAMPAIGNS_PER_PAGE);
		const added = campaigns.filter(({ campaignId }) => !seen.has(campaignId));
		for (const { campaignId } of added) seen.add(campaignId);
		yield added;
		if (added.length === 0 || (campaigns.length < CAMPAIGNS_PER_PAGE && seen.size >= total)) return;
	}
}
