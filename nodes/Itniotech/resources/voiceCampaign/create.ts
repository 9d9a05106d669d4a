import { NodeApiError, type IDataObject, type INodeExecutionData } from 'n8n-workflow';
import { numberText } from '../../records/output/text';
import { asNodeError } from '../../shared/nodeError';
import { differsFrom } from '../../api/campaignValues';
import type { NodeRun, OperationRun } from '../operationRun';
import { DRY_RUN, REPEATED } from '../placing/skipped';
import { planCampaigns, type CampaignPart, type CampaignPlan, type UncalledNumber } from './plan';
import { describeCampaigns, sentencesOf, submitOnce, type Submission } from './submit';

const STOPPED_BEFORE_CREATION = 'The execution was stopped before this campaign was created';

interface SubmittedPart extends Submission {
	part: CampaignPart;
}

/**
 * Creates the campaign of all input items; the first of them outputs it. Each other item outputs its numbers that are left out.
 * @throws what refuses a campaign, with those that were created before in its description
 */
export async function createCampaigns({ nodeRun, itemIndex }: OperationRun): Promise<INodeExecutionData[]> {
	const plan = await nodeRun.once(planCampaigns);
	const leftOut = (plan.leftOut.get(itemIndex) ?? []).map((one) => ({ json: leftOutItem(one) }));
	if (itemIndex !== plan.firstIndex) return leftOut;
	const submitted = await submitAll(nodeRun, plan);
	addHints(nodeRun, plan);
	return [...submitted.map(toItem), ...leftOut];
}

async function submitAll(nodeRun: NodeRun, plan: CampaignPlan): Promise<SubmittedPart[]> {
	const { context } = nodeRun;
	const submitted: SubmittedPart[] = [];
	for (const [index, part] of plan.parts.entries()) {
		try {
			const names = submitted.flatMap(({ part: { name }, status }) => (status === 'refused' ? [] : name));
			submitted.push({ part, ...(await submitPart(nodeRun, plan, { part, submitted: names })) });
		} catch (error) {
			if (!context.continueOnFail()) {
				const ending = withCampaigns(nodeRun, error, { submitted, rest: plan.parts.slice(index) });
				throw ending;
			}
			submitted.push({ part, ...refusedOrStopped(nodeRun, error) });
		}
	}
	return submitted;
}

async function submitPart(
	nodeRun: NodeRun,
	{ settings: { request, name, isDryRun }, wholeName, parts }: CampaignPlan,
	{ part, submitted }: { part: CampaignPart; submitted: string[] },
): Promise<Submission> {
	if (isDryRun) return { campaignId: null, status: 'skipped', reason: DRY_RUN };
	return await submitOnce(nodeRun, {
		name: part.name,
		whole: { name: wholeName, parts: parts.length, submitted },
		isOther: (campaign) => differsFrom(campaign, request),
		isOwnName: name === undefined,
		numberCount: part.numbers.length,
		startMs: request.startMs,
		send: async () =>
			await nodeRun.api.createCampaign({ ...request, name: part.name, numbers: part.numbers }),
	});
}

function refusedOrStopped(nodeRun: NodeRun, error: unknown): Submission {
	if (nodeRun.isCancelled && !(error instanceof NodeApiError)) {
		return { campaignId: null, status: 'skipped', reason: STOPPED_BEFORE_CREATION };
	}
	return { campaignId: null, status: 'refused', reason: sentencesOf(error as NodeApiError) };
}

function withCampaigns(
	{ context }: NodeRun,
	error: unknown,
	{ submitted, rest }: { submitted: SubmittedPart[]; rest: CampaignPart[] },
): Error {
	const nodeError = asNodeError(context.getNode(), error);
	const earlier = submitted.map(({ part: { name }, campaignId, status }) => ({ name, campaignId, status }));
	const numbers = rest.reduce((sum, part) => sum + part.numbers.length, 0);
	const sentences = [
		nodeError.description?.replace(/\.?$/, '.'),
		describeCampaigns(earlier),
		`Numbers that this run does not call: ${numberText(numbers)}.`,
	];
	nodeError.description = sentences.filter(Boolean).join(' ');
	return nodeError;
}

function toItem({ part, campaignId, status, reason }: SubmittedPart): INodeExecutionData {
	const { name, numbers, itemIndexes } = part;
	return {
		json: { campaignId, name, numbers: numbers.length, status, reason, calledNumber: null },
		pairedItem: itemIndexes.map((item) => ({ item })),
	};
}

/** With the fields of a campaign, so that all items fit into one table. */
function leftOutItem({ calledNumber, status, reason }: UncalledNumber): IDataObject {
	return { campaignId: null, name: null, numbers: null, status, reason, calledNumber };
}

function addHints(nodeRun: NodeRun, { settings, parts, leftOut }: CampaignPlan): void {
	const all = [...leftOut.values()].flat();
	const repeated = all.filter(({ reason }) => reason === REPEATED).length;
	const numbers = parts.reduce((sum, part) => sum + part.numbers.length, 0);
	if (settings.isDryRun && numbers > 0) {
		nodeRun.hint(`Dry run: nobody was called. Numbers that the campaign would have: ${numberText(numbers)}`);
	}
	if (repeated > 0)
		nodeRun.hint(`Each number is in a campaign once. Repeated numbers skipped: ${numberText(repeated)}`);
	if (all.length > repeated)
		nodeRun.hint(`Not called, because the input is not valid: ${numberText(all.length - repeated)}`);
}
