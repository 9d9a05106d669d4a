import type { IDataObject } from 'n8n-workflow';
import type { WireRecord } from '../api/types';

/** How a call ended. `pending`: it has not ended yet. */
export type Outcome = 'answered' | 'failed' | 'pending';

/** The ten fields of a call record that most workflows need; `null` where there is no value. */
export interface SimplifiedRecord extends IDataObject {
	/** 19 to 20 digits, as text: more than a number can hold. */
	voiceId: string;
	calledNumber: string | null;
	displayNum: string | null;
	/** Area and operator, e.g. `Afghanistan(Kandahar)`; `code` on the wire. */
	area: string | null;
	/** ISO 8601 with offset, as the API sent it. */
	submitTime: string | null;
	outcome: Outcome;
	/** SIP code; `200` (older accounts: `0`) means established. */
	terminationCode: string | null;
	terminationReason: string | null;
	/** Seconds talked. */
	callDuration: number | null;
	/** In USD, or in the record's `currency` where that is filled. */
	cost: number | null;
}

/** `0` is in the vendor's older pages and public client code. */
const ANSWERED_CODES = ['200', '0'];

const MAX_TIME_LENGTH = 40;
/** Placeholders for a missing time, such as 1970 and 9999, lie in other centuries. */
const REAL_TIME = /^20\d\d-/;

/** By the code where there is one. A call that has hung up has ended without one, too. */
export function outcomeOf(record: WireRecord): Outcome {
	const code = textOf(record.terminationCode);
	if (code !== null) return ANSWERED_CODES.includes(code) ? 'answered' : 'failed';
	if (!hasTime(record.hangupTime)) return 'pending';
	const isAnswered = hasTime(record.answerTime) || (numberOf(record.callDuration) ?? 0) > 0;
	return isAnswered ? 'answered' : 'failed';
}

export function simplify(record: WireRecord): SimplifiedRecord {
	return {
		voiceId: record.voiceId,
		calledNumber: textOf(record.callee),
		displayNum: textOf(record.displayNum),
		area: textOf(record.code),
		submitTime: textOf(record.submitTime),
		outcome: outcomeOf(record),
		terminationCode: textOf(record.terminationCode),
		terminationReason: textOf(record.terminationReason),
		callDuration: numberOf(record.callDuration),
		cost: numberOf(record.cost),
	};
}

export function createOutput(isSimple: boolean): (record: WireRecord) => IDataObject {
	return isSimple ? simplify : (record) => record;
}

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

/** Text without the blanks around it; `null` for each way in which the API leaves a field empty. */
export function textOf(value: unknown): string | null {
	if (typeof value !== 'string' && typeof value !== 'number') return null;
	return String(value).trim() || null;
}

export function numberOf(value: unknown): number | null {
	const text = textOf(value);
	const number = text === null ? NaN : Number(text);
	return Number.isFinite(number) ? number : null;
}

function hasTime(value: unknown): boolean {
	return REAL_TIME.test(textOf(value) ?? '');
}

/** Unix time in seconds of a time with an offset; `null` without one, which would mean the host's zone. */
export function secondsOf(value: unknown): number | null {
	const text = textOf(value);
	// Anyone can push any text, and the regular expression would take minutes on a long one.
	if (text === null || text.length > MAX_TIME_LENGTH || !/T.*(Z|[+-]\d\d:?\d\d)$/.test(text)) return null;
	const ms = Date.parse(text);
	return Number.isNaN(ms) ? null : Math.floor(ms / 1000);
}
