import { UserError, type NodeApiError } from 'n8n-workflow';
import { UnknownOutcomeError } from '../../api/refusal';
import type { Campaign, CreatedCampaign, PlacedCall } from '../../api/types';
import { numberText } from '../../records/output/text';
import type { NodeRun } from '../operationRun';
import { countOfParts, isSameName } from './campaignName';
import { findCampaigns, settle } from './findCampaigns';

/** What became of a campaign that was to be created. */
export interface Submission {
	campaignId: string | null;
	status: PlacedCall['status'];
	reason: string | null;
}

interface CampaignRequest {
	name: string;
	/** All parts of the campaign: the name that theirs begin with, how many they are, and those that this run has submitted. */
	whole?: { name: string; parts: number; submitted: string[] };
	/** The name is made of this execution: a campaign that has it is the one of this execution. */
	isOwnName: boolean;
	/** How many numbers it has, where that is known. */
	numberCount?: number;
	startMs?: number;
	send(): Promise<CreatedCampaign>;
	/** Whether what the service says of a campaign shows that it is another one. */
	isOther?(campaign: Campaign): boolean;
}

/** A campaign may be listed a little late. */
const LOOKUP_DELAYS_MS = [0, 2_000, 5_000];

const EXISTED = 'This execution had already created the campaign, so it was not created again';
/** The name does not tell numbers apart: a campaign of another name could call the numbers again that both runs have. */
const OTHER_NUMBERS = 'Numbers that the earlier run did not have are not called.';
const EXISTED_WITH_OTHERS =
	'ITNIO TECH already has a campaign of this execution, but with a different count of numbers, so no other one was created. Look at it with "Get Campaign" before you create another one.';
/** E.g. because a gateway delivered the request twice. */
const TAKEN_SINCE =
	'ITNIO TECH answered that it already has a campaign with this name, but had listed none before. It may be this one, so look at it with "Get Campaign" before you create another one.';
const WITHOUT_ID =
	'ITNIO TECH accepted the campaign without returning its ID, and the list of campaigns does not show for certain which one it is';
const UNKNOWN_CAMPAIGN_HINT =
	'It is not known whether ITNIO TECH accepted all campaigns: "reason" of those with the status "unknown" says how to find out';

/**
 * Creates a campaign, unless there is one of its name. The request is sent once, whatever comes back: an answer that was
 * lost is found out by the name, which is unique as far as the vendor says.
 * @throws what says for sure that there is no campaign of this request
 */
export async function submitOnce(nodeRun: NodeRun, request: CampaignRequest): Promise<Submission> {
	nodeRun.throwIfCancelled();
	const existing = await findNamed(nodeRun, request);
	if (existing.length > 0) return existingCampaign(nodeRun, request, existing);
	nodeRun.throwIfCancelled();
	const { value: answer, failure } = await settle(request.send());
	if (failure && !(failure instanceof UnknownOutcomeError)) throw failure;
	nodeRun.mayHaveCalled ||= !answer?.isNameTaken;
	if (answer && answer.campaignId !== null) return submittedAs(answer.campaignId);
	const found = await lookUp(nodeRun, request);
	const [match, ...others] = matching(found, request);
	const isFound = match && others.length === 0 && !(await isShownAsOther(nodeRun, request, match));
	if (answer?.isNameTaken) {
		if (!isFound || request.isOwnName) return existingCampaign(nodeRun, request, found);
		nodeRun.mayHaveCalled = true;
		return unknown(nodeRun, withCampaignsOf(TAKEN_SINCE, found));
	}
	if (isFound) return submittedAs(match.campaignId, failure ? foundText(match, request) : null);
	if (!failure) return submittedAs(null, withCampaignsOf(WITHOUT_ID, found));
	return unknown(nodeRun, withCampaignsOf(sentencesOf(failure), found));
}

async function isShownAsOther({ api }: NodeRun, request: CampaignRequest, { campaignId }: Campaign) {
	if (request.isOwnName || !request.isOther || campaignId === '') return false;
	const detail = await api.fetchCampaign(campaignId).catch(() => null);
	return detail !== null && request.isOther(detail);
}

function foundText({ numbers }: Campaign, { isOwnName }: CampaignRequest): string {
	if (isOwnName) return 'The response was lost, but ITNIO TECH lists the campaign of this execution';
	return `The response was lost, but ITNIO TECH lists a campaign with this name${numbers ? ' and the same count of numbers' : ''}. It is the new campaign, unless somebody else created one with this name at about the same time.`;
}

/**
 * Those of its name, or else those of the same name with other parts: with other numbers, it would be called again under
 * them. Beside a name that a person chose, any part of an earlier run is one: which numbers it has, nobody knows.
 */
async function findNamed({ api }: NodeRun, request: CampaignRequest): Promise<Campaign[]> {
	const { name, isOwnName, startMs, whole = { name, parts: 1, submitted: [] } } = request;
	const found = await findCampaigns(api, whole.name, startMs);
	const named = namedSo(found, name);
	if (named.length > 0) return named;
	return found.filter((campaign) =>
		isOwnName
			? countOfParts(campaign.name, whole.name) !== whole.parts
			: !whole.submitted.some((submitted) => isSameName(submitted, campaign.name)),
	);
}

function submittedAs(campaignId: string | null, reason: string | null = null): Submission {
	return { campaignId: campaignId || null, status: 'submitted', reason };
}

function unknown(nodeRun: NodeRun, reason: string): Submission {
	nodeRun.hint(UNKNOWN_CAMPAIGN_HINT);
	return { campaignId: null, status: 'unknown', reason };
}

/** Those of exactly this name; without any, those of a name that the service may take for the same. */
function namedSo(campaigns: Campaign[], wanted: string): Campaign[] {
	const exact = campaigns.filter(({ name }) => name === wanted);
	return exact.length > 0 ? exact : campaigns.filter(({ name }) => isSameName(name, wanted));
}

/** Those that may be the campaign of the request. One that is not submitted yet may have no count of its numbers. */
function matching(found: Campaign[], { name, isOwnName, numberCount }: CampaignRequest): Campaign[] {
	return found.filter(
		(campaign) =>
			(campaign.name === name || (isOwnName && isSameName(campaign.name, name))) &&
			(!campaign.numbers || numberCount === undefined || campaign.numbers === numberCount),
	);
}

function withCampaignsOf(reason: string, found: Campaign[], origin = 'name'): string {
	if (found.length === 0) return reason;
	const campaigns = found.map(
		({ campaignId, numbers }) =>
			`ID ${campaignId || 'not known'} (numbers: ${numbers === null ? 'not known' : numberText(numbers)})`,
	);
	return `${reason.replace(/\.?$/, '.')} Campaigns of this ${origin}: ${campaigns.join(', ')}.`;
}

/** @throws UserError for a name that a person chose: whose campaign that is, nobody knows */
function existingCampaign(nodeRun: NodeRun, request: CampaignRequest, found: Campaign[]): Submission {
	const { name: askedName, isOwnName } = request;
	const name = found[0]?.name ?? askedName;
	if (isOwnName) {
		nodeRun.mayHaveCalled = true;
		const [match, ...others] = matching(found, request);
		if (!match && found.length > 0) {
			return unknown(nodeRun, withCampaignsOf(EXISTED_WITH_OTHERS, found, 'execution'));
		}
		nodeRun.hint(EXISTED);
		// The numbers of a campaign that is called again are ITNIO's.
		const existed = request.numberCount === undefined ? EXISTED : `${EXISTED}. ${OTHER_NUMBERS}`;
		if (others.length > 0) return submittedAs(null, withCampaignsOf(existed, found));
		const hasEnded = match?.status === 'failed' || match?.status === 'cancelled';
		const reason = hasEnded
			? `${existed.replace(/\.?$/, '.')} ITNIO TECH lists it with the status ${match.status}.`
			: existed;
		return submittedAs(match?.campaignId ?? null, reason);
	}
	// The others are other parts.
	const named = found.filter((campaign) => campaign.name === name);
	const ids = named.flatMap(({ campaignId }) => campaignId || []).join(', ');
	const whose =
		ids && `${named.length > 1 ? 'The IDs of the campaigns with this name are' : 'Its ID is'} ${ids}. `;
	throw new UserError(`ITNIO TECH already has a campaign named ${name}`, {
		description: `${whose}This one was not created. Choose another "Campaign Name", or leave it empty to let the node create one.`,
	});
}

/** Looks until one is listed that may be the campaign of the request. @returns all of its name that were listed by then */
async function lookUp(nodeRun: NodeRun, request: CampaignRequest): Promise<Campaign[]> {
	let found: Campaign[] = [];
	for (const delayMs of LOOKUP_DELAYS_MS) {
		try {
			if (delayMs > 0) await nodeRun.api.wait(delayMs);
			const listed = await findCampaigns(nodeRun.api, request.name, request.startMs);
			found = namedSo(listed, request.name);
		} catch {
			return found;
		}
		if (matching(found, request).length > 0) return found;
	}
	return found;
}

/** For an error that ends the run: its output is lost, so the description is all that remains of the campaigns before. */
export function describeCampaigns(
	campaigns: Array<Pick<Submission, 'campaignId' | 'status'> & { name: string }>,
): string {
	const texts = campaigns.map(
		({ name, campaignId, status }) => `${name} ${status}${campaignId ? ` (ID ${campaignId})` : ''}`,
	);
	return texts.length > 0 ? `Campaigns of this run: ${texts.join(', ')}.` : '';
}

export function sentencesOf({ message, description }: NodeApiError): string {
	return [message, description].filter(Boolean).join('. ');
}
