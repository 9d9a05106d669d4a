import type { IDataObject } from 'n8n-workflow';
import type { Campaign } from '../../api/types';
import { localTimeIn } from '../../records/output/localTime';
import { shareOf } from '../figures/rounding';

interface CampaignField {
	displayName: string;
	type: 'time' | 'number' | 'text';
	read(campaign: Campaign): unknown;
}

/** All that the API tells of a campaign, by the names that workflows use. */
export const CAMPAIGN_FIELDS = {
	campaignId: { displayName: 'Campaign ID', type: 'text', read: ({ campaignId }) => campaignId },
	name: { displayName: 'Name', type: 'text', read: ({ name }) => name },
	status: { displayName: 'Status', type: 'text', read: ({ status }) => status },
	numbers: { displayName: 'Numbers', type: 'number', read: ({ numbers }) => numbers },
	called: { displayName: 'Called', type: 'number', read: ({ called }) => called },
	answered: { displayName: 'Answered', type: 'number', read: ({ answered }) => answered },
	failed: { displayName: 'Failed', type: 'number', read: ({ failed }) => failed },
	answerRate: { displayName: 'Answer Rate', type: 'number', read: answerRateOf },
	keysPressed: { displayName: 'Keys Pressed', type: 'number', read: ({ keysPressed }) => keysPressed },
	callDuration: { displayName: 'Call Duration', type: 'number', read: ({ callDuration }) => callDuration },
	chargedDuration: {
		displayName: 'Charged Duration',
		type: 'number',
		read: ({ chargedDuration }) => chargedDuration,
	},
	createdAt: { displayName: 'Created At', type: 'time', read: ({ createdAt }) => createdAt },
	startAt: { displayName: 'Start At', type: 'time', read: ({ startAt }) => startAt },
	finishedAt: { displayName: 'Finished At', type: 'time', read: ({ finishedAt }) => finishedAt },
} satisfies Record<string, CampaignField>;

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
	return (campaign) =>
		Object.fromEntries(
			names.map((name) => {
				const { type, read }: CampaignField = CAMPAIGN_FIELDS[name];
				const value = read(campaign);
				return [name, type === 'time' ? toLocal(value) : value];
			}),
		) as IDataObject;
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
