import { UserError, type IDataObject, type INodeExecutionData } from 'n8n-workflow';
import { CAMPAIGN_STATUSES, hasCampaignEnded } from '../../api/campaignValues';
import type { Campaign } from '../../api/types';
import { locatorValue, readBoolean, readChoices } from '../../records/query/parameters';
import { readZone } from '../../records/query/query';
import {
	CAMPAIGN_FIELD_NAMES,
	SIMPLIFIED_CAMPAIGN,
	selectCampaignFields,
	type CampaignFieldName,
} from '../../reports/summary/campaigns';
import { asNodeError } from '../../shared/nodeError';
import type { OperationRun } from '../operationRun';
import { readPathId } from '../pathId';
import { refuseRetries } from '../placing/retries';
import { ownCampaignName } from './campaignName';
import { settle } from './findCampaigns';
import { describeCampaigns, submitOnce, type Submission } from './submit';

const WHICH_CAMPAIGN = 'Enter the ID of a campaign, e.g. "campaignId" of one that was created or listed';
const REPEATED_CAMPAIGN = 'The same campaign comes earlier in this run';

export async function getCampaign(run: OperationRun): Promise<INodeExecutionData[]> {
	const toOutput = readCampaignOutput(run, SIMPLIFIED_CAMPAIGN);
	return [{ json: toOutput(await chosenCampaign(run)) }];
}

/** How a campaign is output: the option "Fields", else "Simplify". @throws UserError naming the field */
export function readCampaignOutput(
	run: OperationRun,
	simplified: CampaignFieldName[],
): (campaign: Campaign) => IDataObject {
	const { context, options } = run;
	const zone = readZone(options.timezone, context.getTimezone());
	const fields = readChoices(options.fields, 'Fields', CAMPAIGN_FIELD_NAMES);
	// An agent that is asked about a campaign needs its ID.
	const selected = run.isTool ? [...new Set<CampaignFieldName>(['campaignId', ...fields])] : fields;
	if (fields.length > 0) return selectCampaignFields(selected, zone);
	const isSimple = readBoolean(run.parameter('simplify') ?? true, 'Simplify');
	return isSimple ? selectCampaignFields(simplified, zone) : ({ wire }) => wire;
}

async function chosenCampaign(run: OperationRun): Promise<Campaign> {
	const id = readPathId(locatorValue(run.parameter('campaignId')), 'Campaign', WHICH_CAMPAIGN);
	const campaign = await run.api.fetchCampaign(id);
	if (campaign) return campaign;
	throw new UserError(`ITNIO TECH has no campaign with the ID ${id}`, {
		description: 'Check the ID: "Get Many Campaigns" lists those of the account',
	});
}

/**
 * Has nobody else called, and outputs what became of the campaign.
 * @throws what the cancellation threw, unless the campaign has ended
 */
export async function cancelCampaign(run: OperationRun): Promise<INodeExecutionData[]> {
	const before = await chosenCampaign(run);
	if (hasCampaignEnded(before)) {
		return [{ json: cancelledItem(before, `The campaign had ended before: ${before.status}`) }];
	}
	const { failure } = await settle(run.api.cancelCampaign(before.campaignId));
	const after = await run.api.fetchCampaign(before.campaignId).catch(() => null);
	// Whatever came back: nobody else is called.
	if (after && hasCampaignEnded(after)) {
		const isCancelled = after.status === 'cancelled';
		return [{ json: cancelledItem(after, isCancelled ? null : `The campaign has ended: ${after.status}`) }];
	}
	if (failure) throw failure;
	const reason = after
		? `ITNIO TECH accepted the request, and lists the campaign with the status ${after.status ?? 'not known'}`
		: 'ITNIO TECH accepted the request, but its effect could not be read';
	return [{ json: cancelledItem(after ?? { ...before, status: null, called: null }, reason) }];
}

function cancelledItem(campaign: Campaign, reason: string | null) {
	const { campaignId, name, status, numbers, called } = campaign;
	const isKnown = hasCampaignEnded(campaign) && numbers !== null && called !== null;
	const notCalled = isKnown ? Math.max(0, numbers - called) : null;
	return { campaignId, name, status, numbers, called, notCalled, reason };
}

/** By the ID of the campaign whose failed numbers are called again. */
type CampaignsCalledAgain = Map<string, Submission & { name: string }>;

/**
 * Creates a campaign of the failed numbers of another one, at most once in a run.
 * @throws what refuses it, with those that were created before in its description
 */
export async function callFailedAgain(run: OperationRun): Promise<INodeExecutionData[]> {
	const { nodeRun, context, itemIndex } = run;
	const before = nodeRun.once(campaignsCalledAgain);
	try {
		return await callAgainOnce(run, before);
	} catch (error) {
		const ending = asNodeError(context.getNode(), error, itemIndex);
		const campaigns = context.continueOnFail() ? '' : describeCampaigns([...before.values()]);
		const sentences = [ending.description?.replace(/\.?$/, '.'), campaigns];
		if (campaigns !== '') ending.description = sentences.filter(Boolean).join(' ');
		throw ending;
	}
}

async function callAgainOnce(run: OperationRun, before: CampaignsCalledAgain): Promise<INodeExecutionData[]> {
	const { nodeRun, api } = run;
	refuseRetries(run.context);
	const earlier = await chosenCampaign(run);
	const { campaignId, name: title, failed } = earlier;
	const name = ownCampaignName(run, title, campaignId);
	const toItem = (submission: Submission) => {
		const { campaignId: id, status, reason } = submission;
		return [
			{ json: { campaignId: id, name, numbers: failed, status, reason, earlierCampaignId: campaignId } },
		];
	};
	if (before.has(campaignId)) {
		return toItem({ campaignId: null, status: 'skipped', reason: REPEATED_CAMPAIGN });
	}
	refuseToCallAgain(earlier);
	const send = async () => {
		const answer = await api.callFailedAgain(earlier, name);
		if (answer) return answer;
		throw new UserError('ITNIO TECH does not say what is needed to call this campaign again', {
			description:
				'Its app ID or its message is missing. Call it again in the ITNIO console. This request was not sent.',
		});
	};
	const submission = await submitOnce(nodeRun, { name, isOwnName: true, send });
	// One that was surely refused may be tried by a later item.
	before.set(campaignId, { ...submission, name });
	return toItem(submission);
}

function campaignsCalledAgain(): CampaignsCalledAgain {
	return new Map();
}

function refuseToCallAgain(campaign: Campaign): void {
	const { name, status, failed } = campaign;
	if (status === null || !(CAMPAIGN_STATUSES as readonly string[]).includes(status)) {
		throw new UserError(`ITNIO TECH does not say whether the campaign ${name} has ended`, {
			description: `Its status is ${status ?? 'missing'}. Look at it in the ITNIO console. It was not called again.`,
		});
	}
	if (!hasCampaignEnded(campaign) && status !== 'suspended') {
		throw new UserError(`The campaign ${name} has not ended yet: ${status}`, {
			description: 'Wait until it has, or cancel it first. It was not called again.',
		});
	}
	if (failed === 0) {
		throw new UserError(`The campaign ${name} has no failed number`, {
			description: 'It was not called again',
		});
	}
}
