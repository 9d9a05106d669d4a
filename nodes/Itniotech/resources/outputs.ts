import { RECORD_FIELDS, SIMPLIFIED_FIELDS } from '../records/output/fields';
import { CHANGE_TYPES } from '../reports/summary/changes';
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
	voiceMessage: { sendFile: PLACED_CALL, sendText: PLACED_CALL },
	voiceRecord: {
		export: FILE,
		get: RECORD,
		query: RECORD,
		report: REPORT,
		summarize: FIGURES,
		unreached: UNREACHED,
	},
};
