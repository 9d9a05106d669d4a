import type { IDataObject } from 'n8n-workflow';
import type { Campaign } from '../../api/types';
import { localTimeIn } from '../../records/output/localTime';
import { shareOf } from '../figures/rounding';

interface CampaignField {
	displayName: string;
	type: 'time' | 'number' | 'text';
}

/** All that the API tells of a campaign, by the names that workflows use. */
export const CAMPAIGN_FIELDS = {
	campaignId: { displayName: 'Campaign ID', type: 'text' },
	name: { displayName: 'Name', type: 'text' },
	status: { displayName: 'Status', type: 'text' },
	numbers: { displayName: 'Numbers', type: 'number' },
	called: { displayName: 'Called', type: 'number' },
	answered: { displayName: 'Answered', type: 'number' },
	failed: { displayName: 'Failed', type: 'number' },
	answerRate: { displayName: 'Answer Rate', type: 'number' },
	keysPressed: { displayName: 'Keys Pressed', type: 'number' },
	callDuration: { displayName: 'Call Duration', type: 'number' },
	chargedDuration: { displayName: 'Charged Duration', type: 'number' },
	createdAt: { displayName: 'Created At', type: 'time' },
	startAt: { displayName: 'Start At', type: 'time' },
	finishedAt: { displayName: 'Finished At', type: 'time' },
} satisfies Record<Exclude<keyof Campaign, 'wire'> | 'answerRate', CampaignField>;

export type CampaignFieldName = keyof typeof CAMPAIGN_FIELDS;

export const CAMPAIGN_FIELD_NAMES = Object.keys(CAMPAIGN_FIELDS) as CampaignFieldName[];

/** Ten that a person looks at once a campaign is known. */
export const SIMPLIFIED_CAMPAIGN: CampaignFieldName[] = [
	'campaignId',
	'name',
	'status',
	'numbers',
	'called',
	'answered',
	'failed',
	'answerRate',
	'keysPressed',
	'finishedAt',
];

/** What a row of the list of campaigns tells. */
export const LISTED_CAMPAIGN: CampaignFieldName[] = [
	'campaignId',
	'name',
	'status',
	'numbers',
	'called',
	'answered',
	'failed',
	'answerRate',
	'createdAt',
];

/** Some fields of a campaign, its times in a zone; `null` where there is no value. */
export function selectCampaignFields(
	names: CampaignFieldName[],
	zone: string,
): (campaign: Campaign) => IDataObject {
	const toLocal = localTimeIn(zone);
	return (campaign) => {
		const values = { ...campaign, answerRate: answerRateOf(campaign) };
		const fieldOf = (name: CampaignFieldName) =>
			CAMPAIGN_FIELDS[name].type === 'time' ? toLocal(values[name]) : values[name];
		return Object.fromEntries(names.map((name) => [name, fieldOf(name)]));
	};
}

/** The share of answered calls among those that have ended; `null` where none has, or the figures contradict each other. */
function answerRateOf({ answered, failed, called, status }: Campaign): number | null {
	if (answered === null || failed === null) return null;
	const ended = answered + failed;
	if (called !== null && ended > called) return null;
	// The other calls of a campaign that is done have ended, too: nobody knows how.
	const isPart = status === 'done' && called !== null && ended < called;
	return isPart && (answered === 0 || failed === 0) ? null : shareOf(answered, ended);
}
