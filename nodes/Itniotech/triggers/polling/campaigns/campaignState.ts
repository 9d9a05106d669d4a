import { z } from 'zod';
import { hasCampaignEnded } from '../../../api/campaignValues';
import type { Campaign } from '../../../api/types';
import { secondsOf } from '../../../records/record';
import { generationSchema, unixS } from '../checkpoint';

/** How late a campaign may be listed and still be noticed. One request reads the campaigns of a day. */
const LISTED_WITHIN_S = 24 * 60 * 60;
/** A campaign may be scheduled weeks ahead, or be suspended for as long. */
export const MAX_CAMPAIGN_AGE_S = 92 * 24 * 60 * 60;

/** By ID. */
const times = z.record(z.string(), unixS);

/** What the trigger stores between polls. Contains no phone number and no name. */
const campaignStateSchema = z.object({
	version: z.literal(1),
	...generationSchema.shape,
	base: generationSchema.optional(),
	/** Campaigns that finished before this time are ignored. */
	startS: unixS,
	/** From where the next poll reads the list. Never moves back, so that older campaigns can be forgotten. */
	readFromS: unixS,
	/** Campaigns that have not ended, and from which time on the list has each. */
	openCampaigns: times,
	/** Campaigns that have ended and are not news any more, and when a poll saw that. */
	endedCampaigns: times,
});

export type CampaignState = z.infer<typeof campaignStateSchema>;

/** A copy of a stored state, or `undefined` when this version cannot continue from it. */
export function readCampaignState(value: unknown): CampaignState | undefined {
	return campaignStateSchema.safeParse(value).data;
}

/** Whether a state that this process made is one of this event. */
export function isCampaignState(state: object): state is CampaignState {
	return 'openCampaigns' in state;
}

/** For a trigger for which every campaign that has ended by now is old. */
export function startCampaigns(nowS: number): CampaignState {
	return {
		version: 1,
		lineage: '',
		number: 0,
		startS: nowS,
		readFromS: nowS - MAX_CAMPAIGN_AGE_S,
		openCampaigns: {},
		endedCampaigns: {},
	};
}

/** A state as of a time that had not come yet. */
export function withoutFutureTimes(state: CampaignState, nowS: number): CampaignState {
	return {
		...state,
		startS: state.startS > nowS ? nowS - LISTED_WITHIN_S : state.startS,
		readFromS: Math.min(state.readFromS, nowS - LISTED_WITHIN_S),
	};
}

/** The campaigns of a list that have ended since a state, and the state in which all of the list are open. */
export function observeCampaigns(
	before: CampaignState,
	listed: Campaign[],
): { ended: Campaign[]; state: CampaignState } {
	const isNews = ({ campaignId }: Campaign) => before.endedCampaigns[campaignId] === undefined;
	const news = listed.filter(isNews);
	const openCampaigns = { ...before.openCampaigns };
	for (const { campaignId, createdAt } of news) {
		// The list may go by another time than that of the creation.
		openCampaigns[campaignId] ??= Math.max(before.readFromS, secondsOf(createdAt) ?? 0);
	}
	return { ended: news.filter(hasCampaignEnded), state: { ...before, openCampaigns } };
}

/** The state after a poll that is done with these ended campaigns, and how many open ones are not followed any more. */
export function closeCampaigns(
	state: CampaignState,
	ended: Campaign[],
	nowS: number,
): { state: CampaignState; abandonedCount: number } {
	const openCampaigns = { ...state.openCampaigns };
	const endedCampaigns = { ...state.endedCampaigns };
	for (const { campaignId } of ended) {
		delete openCampaigns[campaignId];
		endedCampaigns[campaignId] = nowS;
	}
	const followed = entriesFrom(openCampaigns, nowS - MAX_CAMPAIGN_AGE_S);
	const nextFromS = Math.min(nowS - LISTED_WITHIN_S, ...Object.values(followed));
	const readFromS = Math.max(state.readFromS, nextFromS);
	return {
		abandonedCount: Object.keys(openCampaigns).length - Object.keys(followed).length,
		state: {
			...state,
			readFromS,
			openCampaigns: followed,
			// What the list has from `readFromS` on had not ended before, whatever time it goes by.
			endedCampaigns: entriesFrom(endedCampaigns, readFromS - LISTED_WITHIN_S),
		},
	};
}

function entriesFrom(entries: Record<string, number>, fromS: number): Record<string, number> {
	return Object.fromEntries(Object.entries(entries).filter(([, seconds]) => seconds >= fromS));
}
