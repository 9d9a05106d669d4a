import type { IDataObject } from 'n8n-workflow';
import type { WireRecord } from '../api/types';
import { outcomeOf, simplify } from './record';

interface RecordField {
	displayName: string;
	/** The value as the API sends it. */
	read(record: WireRecord): IDataObject[string];
}

const wire = (name: string) => (record: WireRecord) => record[name];

/** All columns of a file and selectable fields, in their usual order. */
export const RECORD_FIELDS = {
	voiceId: { displayName: 'Voice ID', read: wire('voiceId') },
	calledNumber: { displayName: 'Called Number', read: wire('callee') },
	displayNum: { displayName: 'Display Number', read: wire('displayNum') },
	area: { displayName: 'Area', read: wire('code') },
	submitTime: { displayName: 'Submit Time', read: wire('submitTime') },
	callTime: { displayName: 'Call Time', read: wire('callTime') },
	ringingTime: { displayName: 'Ringing Time', read: wire('ringingTime') },
	answerTime: { displayName: 'Answer Time', read: wire('answerTime') },
	hangupTime: { displayName: 'Hangup Time', read: wire('hangupTime') },
	outcome: { displayName: 'Outcome', read: outcomeOf },
	terminationCode: { displayName: 'Termination Code', read: wire('terminationCode') },
	terminationReason: { displayName: 'Termination Reason', read: wire('terminationReason') },
	callDuration: { displayName: 'Call Duration', read: wire('callDuration') },
	chargedDuration: { displayName: 'Charged Duration', read: wire('chargedDuration') },
	cost: { displayName: 'Cost', read: wire('cost') },
	currency: { displayName: 'Currency', read: wire('currency') },
	rate: { displayName: 'Rate', read: wire('rate') },
	baseCost: { displayName: 'Base Cost', read: wire('baseCost') },
	billPeriod: { displayName: 'Billing Period', read: wire('billPeriod') },
	feedbackValue: { displayName: 'Key Pressed', read: wire('feedbackValue') },
	voiceFileId: { displayName: 'Voice File ID', read: wire('voiceFileId') },
	calledInfo: { displayName: 'Called Info', read: wire('calledInfo') },
	settleRate: { displayName: 'Settle Rate', read: wire('settleRate') },
	quoteExchange: { displayName: 'Quote Exchange', read: wire('quoteExchange') },
	settlePay: { displayName: 'Settle Pay', read: wire('settlePay') },
} satisfies Record<string, RecordField>;

export type FieldName = keyof typeof RECORD_FIELDS;

export const FIELD_NAMES = Object.keys(RECORD_FIELDS) as FieldName[];

/** Some fields of a record, simplified where the simplified record has them; `null` where there is no value. */
export function selectFields(record: WireRecord, names: FieldName[]): IDataObject {
	const simplified = simplify(record);
	const valueOf = (name: FieldName) =>
		name in simplified ? simplified[name] : (RECORD_FIELDS[name].read(record) ?? null);
	return Object.fromEntries(names.map((name) => [name, valueOf(name)]));
}
