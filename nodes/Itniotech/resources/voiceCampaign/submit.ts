import { UserError, type NodeApiError } from 'n8n-workflow';
import { UnknownOutcomeError } from '../../api/refusal';
import type { Campaign, CreatedCampaign, PlacedCall } from '../../api/types';
import type { NodeRun } from '../operationRun';
import { findCampaigns, settle } from './findCampaigns';

/** What became of a campaign that was to be created. */
export interface Submission {
	campaignId: string | null;
	status: PlacedCall['status'];
	reason: string | null;
}

export interface CampaignRequest {
	name: string;
	/** The name is made of this execution: a campaign that has it is the one of this execution. */
	isOwnName: boolean;
	/** How many numbers it has, where that is known. */
	numberCount?: number;
	startMs?: number;
	send(): Promise<CreatedCampaign>;
}

/** A campaign may be listed a little late. */
const LOOKUP_DELAYS_MS = [0, 2_000, 5_000];

const EXISTED = 'This execution had already created the campaign, so it was not created again';
const EXISTED_WITH_OTHERS =
	'ITNIO TECH already has a campaign of this execution, but with a different count of numbers, so no other one was created. Look at it with "Get Campaign" before you create another one.';
const FOUND_BY_NAME = 'The response was lost, but the node found the campaign by its name';
const WITHOUT_ID =
	'ITNIO TECH accepted the campaign without naming its ID, and the list of campaigns does not say for sure which one it is';
const UNKNOWN_CAMPAIGN_HINT =
	'It is not known whether ITNIO TECH accepted all campaigns: "reason" of those with the status "unknown" says how to find out';

/**
 * Creates a campaign, unless there is one of its name. The request is sent once, whatever comes back: an answer that was
 * lost is found out by the name, which is unique as far as the vendor says.
 * @throws what says for sure that there is no campaign of this request
 */
export async function submitOnce(nodeRun: NodeRun, request: CampaignRequest): Promise<Submission> {
	const { api } = nodeRun;
	const { name, startMs, isOwnName } = request;
	nodeRun.throwIfCancelled();
	const existing = await findCampaigns(api, name, startMs);
	if (existing.length > 0) return existingCampaign(nodeRun, request, existing);
	nodeRun.throwIfCancelled();
	const { value: answer, failure } = await settle(request.send());
	if (failure && !(failure instanceof UnknownOutcomeError)) throw failure;
	if (answer && answer.campaignId !== null) return submittedAs(answer.campaignId);
	const found = await lookUp(nodeRun, request);
	if (answer?.isNameTaken) return existingCampaign(nodeRun, request, found);
	const [match, ...others] = matching(found, request);
	if (match && others.length === 0) {
		return submittedAs(match.campaignId, failure && !isOwnName ? FOUND_BY_NAME : null);
	}
	if (!failure) return submittedAs(null, withCampaignsOf(WITHOUT_ID, found));
	return unknown(nodeRun, withCampaignsOf(sentencesOf(failure), found));
}

function submittedAs(campaignId: string | null, reason: string | null = null): Submission {
	return { campaignId, status: 'submitted', reason };
}

function unknown(nodeRun: NodeRun, reason: string): Submission {
	nodeRun.hint(UNKNOWN_CAMPAIGN_HINT);
	return { campaignId: null, status: 'unknown', reason };
}

/** Those that may be the campaign of the request. One that is not submitted yet may have no count of its numbers. */
function matching(found: Campaign[], { numberCount }: CampaignRequest): Campaign[] {
	return found.filter(({ numbers }) => !numbers || numberCount === undefined || numbers === numberCount);
}

function withCampaignsOf(reason: string, found: Campaign[]): string {
	if (found.length === 0) return reason;
	const campaigns = found.map(
		({ campaignId, numbers }) => `ID ${campaignId} (numbers: ${numbers ?? 'not known'})`,
	);
	return `${reason.replace(/\.?$/, '.')} Campaigns of this name: ${campaigns.join(', ')}.`;
}

/** @throws UserError for a name that a person chose: whose campaign that is, nobody knows */
function existingCampaign(nodeRun: NodeRun, request: CampaignRequest, found: Campaign[]): Submission {
	const { name, isOwnName } = request;
	if (isOwnName) {
		const [match] = matching(found, request);
		if (!match && found.length > 0) return unknown(nodeRun, withCampaignsOf(EXISTED_WITH_OTHERS, found));
		nodeRun.hint(EXISTED);
		return submittedAs(match?.campaignId ?? null, EXISTED);
	}
	const ids = found.map(({ campaignId }) => campaignId).join(', ');
	const whose =
		ids && `${found.length > 1 ? 'The IDs of the campaigns with this name are' : 'Its ID is'} ${ids}. `;
	throw new UserError(`ITNIO TECH already has a campaign named ${name}`, {
		description: `${whose}This one was not created. Choose another "Campaign Name", or leave it empty to let the node create one.`,
	});
}

/** Looks until one is listed that may be the campaign of the request. @returns all of its name that were listed by then */
async function lookUp({ api }: NodeRun, request: CampaignRequest): Promise<Campaign[]> {
	let found: Campaign[] = [];
	for (const delayMs of LOOKUP_DELAYS_MS) {
		try {
			if (delayMs > 0) await api.wait(delayMs);
			found = await findCampaigns(api, request.name, request.startMs);
		} catch {
			return found;
		}
		if (matching(found, request).length > 0) return found;
	}
	return found;
}

export function sentencesOf({ message, description }: NodeApiError): string {
	return [message, description].filter(Boolean).join('. ');
}
