import { deepCopy, type IDataObject } from 'n8n-workflow';
import type { WireRecord } from '../../api/types';
import { countryOf, keyPressedIn, numberOf, outcomeOf, reasonIn, textOf } from '../record';
import { readChoices } from '../query/parameters';
import { localTimeIn } from './localTime';

interface RecordField {
	displayName: string;
	/** IDs, codes and phone numbers are text: they have more digits than a number can hold, or begin with a zero. */
	type: 'text' | 'number' | 'time';
	/** The value as the API sends it. */
	read(record: WireRecord): unknown;
}

const wire = (name: string) => (record: WireRecord) => record[name];

/** All columns of a file and selectable fields, in reading order. */
export const RECORD_FIELDS = {
	submitTime: { displayName: 'Submit Time', type: 'time', read: wire('submitTime') },
	calledNumber: { displayName: 'Called Number', type: 'text', read: wire('callee') },
	displayNum: { displayName: 'Display Number', type: 'text', read: wire('displayNum') },
	area: { displayName: 'Area', type: 'text', read: wire('code') },
	country: { displayName: 'Country', type: 'text', read: ({ code }) => countryOf(code) },
	callTime: { displayName: 'Call Time', type: 'time', read: wire('callTime') },
	ringingTime: { displayName: 'Ringing Time', type: 'time', read: wire('ringingTime') },
	answerTime: { displayName: 'Answer Time', type: 'time', read: wire('answerTime') },
	hangupTime: { displayName: 'Hangup Time', type: 'time', read: wire('hangupTime') },
	outcome: { displayName: 'Outcome', type: 'text', read: outcomeOf },
	reason: { displayName: 'Reason', type: 'text', read: reasonIn },
	terminationCode: { displayName: 'Termination Code', type: 'text', read: wire('terminationCode') },
	terminationReason: { displayName: 'Termination Reason', type: 'text', read: wire('terminationReason') },
	callDuration: { displayName: 'Call Duration', type: 'number', read: wire('callDuration') },
	chargedDuration: { displayName: 'Charged Duration', type: 'number', read: wire('chargedDuration') },
	cost: { displayName: 'Cost', type: 'number', read: wire('cost') },
	currency: { displayName: 'Currency', type: 'text', read: wire('currency') },
	rate: { displayName: 'Rate', type: 'number', read: wire('rate') },
	baseCost: { displayName: 'Base Cost', type: 'number', read: wire('baseCost') },
	billPeriod: { displayName: 'Billing Period', type: 'text', read: wire('billPeriod') },
	keyPressed: { displayName: 'Key Pressed', type: 'text', read: keyPressedIn },
	feedbackValue: { displayName: 'Feedback Value', type: 'text', read: wire('feedbackValue') },
	calledInfo: { displayName: 'Called Info', type: 'text', read: wire('calledInfo') },
	voiceFileId: { displayName: 'Voice File ID', type: 'text', read: wire('voiceFileId') },
	voiceId: { displayName: 'Voice ID', type: 'text', read: wire('voiceId') },
	settleRate: { displayName: 'Settle Rate', type: 'number', read: wire('settleRate') },
	quoteExchange: { displayName: 'Quote Exchange', type: 'number', read: wire('quoteExchange') },
	settlePay: { displayName: 'Settle Pay', type: 'number', read: wire('settlePay') },
	callStatus: { displayName: 'Call Status', type: 'text', read: wire('callStatus') },
	sipCode: { displayName: 'SIP Code', type: 'text', read: wire('sipCode') },
	ringDuration: { displayName: 'Ring Duration', type: 'number', read: wire('ringDuration') },
	outRecallCount: { displayName: 'Recall Count', type: 'number', read: wire('outRecallCount') },
	type: { displayName: 'Type', type: 'text', read: wire('type') },
	taskId: { displayName: 'Task ID', type: 'text', read: wire('taskId') },
	sourceTaskId: { displayName: 'Source Task ID', type: 'text', read: wire('sourceTaskId') },
	recordingFileId: { displayName: 'Recording File ID', type: 'text', read: wire('recordingFileId') },
	scriptId: { displayName: 'Script ID', type: 'text', read: wire('scriptId') },
	intent: { displayName: 'Intent', type: 'text', read: wire('intent') },
	dimensionId: { displayName: 'Template ID', type: 'text', read: wire('dimensionId') },
} satisfies Record<string, RecordField>;

export type FieldName = keyof typeof RECORD_FIELDS;

export const FIELD_NAMES = Object.keys(RECORD_FIELDS) as FieldName[];

/** What most workflows need, in reading order. */
export const SIMPLIFIED_FIELDS: FieldName[] = [
	'submitTime',
	'calledNumber',
	'area',
	'outcome',
	'reason',
	'callDuration',
	'cost',
	'keyPressed',
	'calledInfo',
	'voiceId',
];

export type ToOutput = (record: WireRecord) => IDataObject;

/**
 * Some fields of a record, typed, its times in a zone; `null` where there is no value.
 * @param keepsUnreadableTimes outputs text that is not a time, for people to see; a database would refuse it
 */
export function selectFields(names: FieldName[], zone: string, keepsUnreadableTimes = false): ToOutput {
	const time = localTimeIn(zone, keepsUnreadableTimes ? textOf : () => null);
	const format = { time, number: numberOf, text: textOrJson };
	const readers = names.map((name) => {
		const { type, read } = RECORD_FIELDS[name];
		return { name, read, toOutput: format[type] };
	});
	return (record) => {
		// A loop takes half the time of `Object.fromEntries`.
		const output: IDataObject = {};
		for (const { name, read, toOutput } of readers) output[name] = toOutput(read(record));
		return output;
	};
}

/** Items that read a list together get the same records, and a following node may change what one item holds. */
function ownObject(record: WireRecord): IDataObject {
	const output: IDataObject = { ...record };
	for (const name in output) if (typeof output[name] === 'object') output[name] = deepCopy(output[name]);
	return output;
}

/** @param fields only these; else the usual ones, or the record of the API as it is */
export function createOutput(isSimple: boolean, fields: FieldName[] | undefined, zone: string): ToOutput {
	if (!fields && !isSimple) return ownObject;
	return fields ? selectFields(fields, zone) : selectFields(SIMPLIFIED_FIELDS, zone, true);
}

/**
 * @returns `undefined` for none
 * @throws UserError listing the fields
 */
export function readFields(value: unknown, displayName = 'Fields'): FieldName[] | undefined {
	const fields = readChoices(value, displayName, FIELD_NAMES);
	return fields.length > 0 ? fields : undefined;
}

/** "Called Info" is whatever the caller sent with the call. */
function textOrJson(value: unknown): string | null {
	return typeof value === 'object' && value !== null ? JSON.stringify(value) : textOf(value);
}
