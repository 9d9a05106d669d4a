import type { IDataObject, IPollFunctions } from 'n8n-workflow';
import type { Campaign } from '../../../api/types';
import { readBoolean } from '../../../records/query/parameters';
import { readZone } from '../../../records/query/query';
import { selectCampaignFields, type CampaignFieldName } from '../../../reports/summary/campaigns';
import { readOptions } from '../settings';

export interface CampaignEventSettings {
	toOutput(campaign: Campaign): IDataObject;
}

/** Ten, with both ends of the time in which people were called: what a report of it needs. */
const FINISHED_CAMPAIGN: CampaignFieldName[] = [
	'campaignId',
	'name',
	'status',
	'numbers',
	'answered',
	'failed',
	'answerRate',
	'keysPressed',
	'createdAt',
	'finishedAt',
];

/** @throws UserError naming the parameter and what to enter */
export function readCampaignSettings(context: IPollFunctions): CampaignEventSettings {
	const simplify = readBoolean(context.getNodeParameter('simplify', null) ?? true, 'Simplify');
	const zone = readZone(readOptions(context).timezone, context.getTimezone());
	return { toOutput: simplify ? selectCampaignFields(FINISHED_CAMPAIGN, zone) : ({ wire }) => wire };
}
