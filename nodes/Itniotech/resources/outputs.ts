import { RECORD_FIELDS, SIMPLIFIED_FIELDS } from '../records/output/fields';
import { CHANGE_TYPES } from '../reports/summary/changes';
import { CAMPAIGN_FIELDS, LISTED_CAMPAIGN, SIMPLIFIED_CAMPAIGN } from '../reports/summary/campaigns';
import { ROW_TYPES } from '../reports/summary/summary';

type Fields = Record<string, 'text' | 'time' | 'number' | 'list'>;

const RECORD: Fields = Object.fromEntries(SIMPLIFIED_FIELDS.map((name) => [name, RECORD_FIELDS[name].type]));

/** Without the outcome, which is output only where the node waits for it. */
const PLACED_CALL: Fields = {
	calledNumber: 'text',
	status: 'text',
	reason: 'text',
	voiceId: 'text',
	calledInfo: 'text',
};

/** With the number of what is left out, which is an item like a campaign. */
const NEW_CAMPAIGN: Fields = {
	campaignId: 'text',
	name: 'text',
	numbers: 'number',
	status: 'text',
	reason: 'text',
	calledNumber: 'text',
};

const campaignFields = (names: Array<keyof typeof CAMPAIGN_FIELDS>): Fields =>
	Object.fromEntries(names.map((name) => [name, CAMPAIGN_FIELDS[name].type]));

const CANCELLED_CAMPAIGN: Fields = {
	...campaignFields(['campaignId', 'name', 'status', 'numbers', 'called']),
	notCalled: 'number',
	reason: 'text',
};

const CAMPAIGN_AGAIN: Fields = {
	campaignId: 'text',
	name: 'text',
	numbers: 'number',
	status: 'text',
	reason: 'text',
	earlierCampaignId: 'text',
};

const BALANCE: Fields = { balance: 'number', gift: 'number', credit: 'number' };

const FILE: Fields = { fileName: 'text', records: 'number', from: 'time', to: 'time', bytes: 'number' };

const FIGURES: Fields = { ...ROW_TYPES, ...CHANGE_TYPES };

const REPORT: Fields = { subject: 'text', text: 'text', ...FIGURES, causes: 'list', html: 'text' };

const UNREACHED: Fields = {
	calledNumber: 'text',
	attempts: 'number',
	lastSubmitTime: 'time',
	lastTerminationCode: 'text',
	lastTerminationReason: 'text',
	area: 'text',
	calledInfo: 'text',
	voiceId: 'text',
};

/** The fields of an output item, in their order. The build writes them for n8n, which shows them before a run. */
export const OUTPUTS = {
	account: { getBalance: BALANCE },
	voiceCampaign: {
		callFailedAgain: CAMPAIGN_AGAIN,
		cancel: CANCELLED_CAMPAIGN,
		create: NEW_CAMPAIGN,
		get: campaignFields(SIMPLIFIED_CAMPAIGN),
		getAll: campaignFields(LISTED_CAMPAIGN),
	},
	voiceMessage: {
		sendFile: PLACED_CALL,
		sendText: PLACED_CALL,
		uploadFile: { fileId: 'text', fileName: 'text' },
	},
	voiceRecord: {
		export: FILE,
		get: RECORD,
		query: RECORD,
		report: REPORT,
		summarize: FIGURES,
		unreached: UNREACHED,
	},
};
