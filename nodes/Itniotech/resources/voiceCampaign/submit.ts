import { UserError, type NodeApiError } from 'n8n-workflow';
import { UnknownOutcomeError } from '../../api/refusal';
import type { Campaign, CreatedCampaign, PlacedCall } from '../../api/types';
import type { NodeRun } from '../operationRun';
import { findCampaign, settle } from './findCampaigns';

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
	startMs?: number;
	send(): Promise<CreatedCampaign>;
}

/** A campaign may be listed a little late. */
const LOOKUP_DELAYS_MS = [0, 2_000, 5_000];

const EXISTED = 'This execution had created the campaign before, so it was not created again';
const WITHOUT_ID =
	'ITNIO TECH took the campaign without naming its ID, and the node did not find it in the list of campaigns';
const UNKNOWN_CAMPAIGN_HINT =
	'It is not known whether ITNIO TECH took all campaigns: "reason" of those with the status "unknown" says how to find out';

/**
 * Creates a campaign, unless there is one of its name. The request is sent once, whatever comes back: an answer that was
 * lost is found out by the name, which is unique.
 * @throws what says for sure that there is no campaign of this request
 */
export async function submitOnce(nodeRun: NodeRun, request: CampaignRequest): Promise<Submission> {
	const { api } = nodeRun;
	const { name, startMs } = request;
	nodeRun.throwIfCancelled();
	const existing = await findCampaign(api, name, startMs);
	if (existing) return existingCampaign(nodeRun, request, existing);
	nodeRun.throwIfCancelled();
	const { value: answer, failure } = await settle(request.send());
	if (failure && !(failure instanceof UnknownOutcomeError)) throw failure;
	if (answer && answer.campaignId !== null) return submittedAs(answer.campaignId);
	const found = await lookUp(nodeRun, request);
	if (answer?.isNameTaken) return existingCampaign(nodeRun, request, found);
	if (found) return submittedAs(found.campaignId);
	if (!failure) return { ...submittedAs(null), reason: WITHOUT_ID };
	nodeRun.hint(UNKNOWN_CAMPAIGN_HINT);
	return { campaignId: null, status: 'unknown', reason: sentencesOf(failure) };
}

function submittedAs(campaignId: string | null): Submission {
	return { campaignId, status: 'submitted', reason: null };
}

/** @throws UserError for a name that a person chose: whose campaign that is, nobody knows */
function existingCampaign(
	nodeRun: NodeRun,
	{ name, isOwnName }: CampaignRequest,
	found: Campaign | undefined,
): Submission {
	if (isOwnName) {
		nodeRun.hint(EXISTED);
		return { ...submittedAs(found?.campaignId ?? null), reason: EXISTED };
	}
	const id = found ? ` Its ID is ${found.campaignId}.` : '';
	throw new UserError(`ITNIO TECH already has a campaign named ${name}`, {
		description:
			`${id} This one was not created. Choose another "Campaign Name", or leave it empty to let the node create one.`.trim(),
	});
}

/** `undefined` where it is not listed, or could not be looked for. */
async function lookUp({ api }: NodeRun, { name, startMs }: CampaignRequest): Promise<Campaign | undefined> {
	for (const delayMs of LOOKUP_DELAYS_MS) {
		try {
			if (delayMs > 0) await api.wait(delayMs);
			const found = await findCampaign(api, name, startMs);
			if (found) return found;
		} catch {
			return undefined;
		}
	}
	return undefined;
}

export function sentencesOf({ message, description }: NodeApiError): string {
	return [message, description].filter(Boolean).join('. ');
}
