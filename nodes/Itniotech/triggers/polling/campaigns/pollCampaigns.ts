import { UserError, type INodeExecutionData, type IPollFunctions } from 'n8n-workflow';
import { hasCampaignEnded } from '../../../api/campaignValues';
import { isRefusal, isTemporary } from '../../../api/refusal';
import type { Campaign } from '../../../api/types';
import { numberText } from '../../../records/output/text';
import { realTimeOf, secondsOf } from '../../../records/record';
import { readCampaignList } from '../../../records/scan/campaignPages';
import { addCheckpoint, isReadable, newestCheckpoint } from '../newestCheckpoints';
import { startPoll, type PollResult, type PollRun, type PollStart } from '../pollRun';
import { readCampaignSettings, type CampaignEventSettings } from './campaignSettings';
import {
	closeCampaigns,
	isCampaignState,
	MAX_CAMPAIGN_AGE_S,
	observeCampaigns,
	readCampaignState,
	startCampaigns,
	withoutFutureTimes,
	type CampaignState,
} from './campaignState';

type CampaignPoll = PollRun<CampaignEventSettings>;

/** The times of campaigns have no offset. No timezone is further ahead of the one that they are taken for. */
const ZONE_AHEAD_S = 6 * 60 * 60;
/** Campaigns whose figures one poll fetches; the next one goes on. */
const MAX_FINISHED_PER_POLL = 100;

/**
 * An item for each campaign that has ended since the last poll.
 * @throws NodeApiError, UserError, OperationalError; the stored state must not change then
 */
export async function pollCampaigns(
	context: IPollFunctions,
	{ trigger, storedState, isFirst }: PollStart,
): Promise<PollResult<CampaignState>> {
	const settings = readCampaignSettings(context);
	return await startPoll(context, { settings, isFirst }, async (run) => {
		const { time, log } = run;
		const before = lastCampaignState(run, trigger, storedState);
		const listed = await readListed(run, before?.readFromS);
		const observed = observeCampaigns(before ?? startCampaigns(time.nowS), listed);
		const finished = before ? await withFigures(run, observed.ended) : observed.ended;
		const { state, abandonedCount } = closeCampaigns(observed.state, finished, time.nowS);
		if (abandonedCount > 0)
			log.add(
				'error',
				`campaigns that are no longer followed, because no end was listed within 92 days: ${numberText(abandonedCount)}`,
			);
		const news = before ? finished.filter((campaign) => isNews(before, campaign)) : [];
		return {
			items: news.map((campaign) => ({ json: settings.toOutput(campaign) })),
			checkpoint: addCheckpoint(trigger, state),
		};
	});
}

/**
 * An example for the editor: the newest campaign that has ended.
 * @throws UserError when no campaign has ended
 */
export async function sampleCampaign(context: IPollFunctions): Promise<INodeExecutionData[]> {
	const settings = readCampaignSettings(context);
	return await startPoll(context, { settings, isFirst: false }, async (run) => {
		const ended = (await readListed(run)).filter(hasCampaignEnded);
		if (ended.length === 0) {
			throw new UserError('No campaign of the last three months has ended', {
				description: 'The trigger works without an example',
			});
		}
		const newest = ended.reduce((a, b) => (createdS(b) > createdS(a) ? b : a));
		const [campaign] = await withFigures(run, [newest]);
		return [{ json: settings.toOutput(campaign) }];
	});
}

/** @returns `undefined` where there is nothing to go on from */
function lastCampaignState(
	{ time, log }: CampaignPoll,
	trigger: string,
	storedState: unknown,
): CampaignState | undefined {
	const state = newestCheckpoint(trigger, readCampaignState(storedState), isCampaignState);
	if (state) return withoutFutureTimes(state, time.nowS);
	if (storedState !== undefined && !isReadable(storedState))
		log.add('warn', 'the state of the last poll cannot be read, so it starts over from now');
	return undefined;
}

async function readListed({ api, time, log }: CampaignPoll, fromS?: number): Promise<Campaign[]> {
	// A second early: the API may exclude the ends of a range.
	const range = {
		fromS: (fromS ?? time.nowS - MAX_CAMPAIGN_AGE_S) - 1,
		toS: time.nowS + ZONE_AHEAD_S,
	};
	const listed: Campaign[] = [];
	let withoutId = 0;
	const fetchPage: typeof api.fetchCampaigns = async (...page) => {
		const answer = await api.fetchCampaigns(...page);
		withoutId = Math.max(withoutId, answer.withoutId.length);
		return answer;
	};
	for await (const campaigns of readCampaignList(range, fetchPage, isRefusal)) {
		time.check();
		listed.push(...campaigns);
	}
	if (withoutId > 0)
		log.add(
			'warn',
			`campaigns that ITNIO TECH lists without an ID, which cannot be output: at least ${numberText(withoutId)}`,
		);
	return listed;
}

/**
 * The first of these campaigns as their details say, without those that the service is too busy for.
 * @throws NodeApiError where it is too busy for all of them
 */
async function withFigures({ api, log }: CampaignPoll, ended: Campaign[]): Promise<Campaign[]> {
	const due = ended.slice(0, MAX_FINISHED_PER_POLL);
	const results = await Promise.allSettled(due.map(({ campaignId }) => api.fetchCampaign(campaignId)));
	const finished: Campaign[] = [];
	let busy: Error | undefined;
	for (const [index, result] of results.entries()) {
		if (result.status === 'fulfilled') finished.push(withDetail(due[index], result.value));
		else if (isTemporary(result.reason)) busy = result.reason;
		else {
			log.add('warn', `a campaign is output without its details: ${String(result.reason)}`);
			finished.push(due[index]);
		}
	}
	if (busy && finished.length === 0) throw busy;
	if (busy) log.add('warn', `${busy.message}. The next poll reads on.`);
	return inOrderOfEnd(finished);
}

/** The list decides that it has ended; the detail knows more, except where it is behind. */
function withDetail(row: Campaign, detail: Campaign | null): Campaign {
	if (!detail || !hasCampaignEnded(detail)) return row;
	const values = Object.entries(detail).filter(([, value]) => value !== null && value !== '');
	return { ...row, ...Object.fromEntries(values), wire: { ...row.wire, ...detail.wire } };
}

function inOrderOfEnd(campaigns: Campaign[]): Campaign[] {
	const endS = (campaign: Campaign) => realTimeOf(campaign.finishedAt) ?? createdS(campaign);
	return campaigns.sort((a, b) => endS(a) - endS(b));
}

/**
 * What a poll saw open has ended since, whatever the service says: nobody knows the timezone of its times. Any other one is
 * news unless it finished before the trigger began, or the service does not say when: one too many is better than one too few.
 */
function isNews({ openCampaigns, startS }: CampaignState, { campaignId, finishedAt }: Campaign): boolean {
	if (campaignId in openCampaigns) return true;
	return (realTimeOf(finishedAt) ?? Infinity) >= startS;
}

function createdS({ createdAt }: Campaign): number {
	return secondsOf(createdAt) ?? 0;
}
