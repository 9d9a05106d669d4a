import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';
import { isRecord, parseJson, finiteNumber } from '../../api/values';
import type { WireRecord } from '../../api/types';
import { textOf } from '../../records/record';

interface Push {
	/** With the field names and time format of queried records. */
	calls: WireRecord[];
	/** Entries without a valid voice ID. */
	unreadableCount: number;
}

const MAX_PUSHED_CALLS = 2000;
/** As many calls with a long reference each. */
export const MAX_PUSH_BYTES = 4 * 1024 * 1024;

/** Known IDs have 19 to 20 digits. An ID becomes part of a path of the API, so nothing else may be in it. */
const VOICE_ID = /^[\w-]{1,64}$/;
/** The longest known field has up to 1,000 characters: the caller's own reference. */
const MAX_FIELD_LENGTH = 2000;
/** Excludes `__proto__`, and `error`, by which n8n takes an item for a failed one. */
const FIELD_NAME = /^(?!error$)[a-z]\w{0,63}$/i;
/** What the records of the API lack (source: the vendor's pages on pushed reports, the newest included). */
const PUSHED_ONLY_FIELDS = [
	'type',
	'sipCode',
	'ringDuration',
	'outRecallCount',
	'callStatus',
	'taskId',
	'sourceTaskId',
	'recordingFileId',
	'scriptId',
	'intent',
	'dimensionId',
];
/** So that 20,000 waiting calls take 100 MB at most. */
const MAX_PUSHED_ONLY_LENGTH = 500;
const TIME_FIELDS = ['submitTime', 'callTime', 'ringingTime', 'answerTime', 'hangupTime'];

/**
 * Reads the body of a push: one call, a list of calls, or `{"array": […]}` (source: the vendor's page on pushed
 * reports). Nothing in it is trusted: only fields with plain values are read.
 * @returns `undefined` for any other body, without a readable call, or with too many
 */
export function parsePush(text: string): Push | undefined {
	const body = parseJson(text.trim());
	const list = isRecord(body) ? (body.array ?? [body]) : body;
	if (!Array.isArray(list) || list.length > MAX_PUSHED_CALLS) return undefined;
	const calls = (list as unknown[]).map(readPushedCall).filter((call) => call !== undefined);
	const unreadableCount = list.length - calls.length;
	return calls.length === 0 && unreadableCount > 0 ? undefined : { calls, unreadableCount };
}

function readPushedCall(value: unknown): WireRecord | undefined {
	if (!isRecord(value)) return undefined;
	const voiceId = textOf(value.voiceId) ?? '';
	if (!VOICE_ID.test(voiceId)) return undefined;
	const fields: IDataObject = {};
	for (const [name, field] of Object.entries(value)) {
		if (!FIELD_NAME.test(name) || (typeof field === 'object' && field !== null)) continue;
		const short = typeof field === 'string' ? field.slice(0, MAX_FIELD_LENGTH) : field;
		fields[name] = TIME_FIELDS.includes(name) ? toRecordTime(short) : short;
	}
	// The vendor's pages differ in the name of the SIP code.
	if ((fields.terminationCode ?? '') === '') fields.terminationCode = fields.sipCode ?? null;
	return { ...fields, voiceId };
}

/** Converts milliseconds since 1970 to the time format of queried records; 0 means that the time is missing. */
function toRecordTime(value: IDataObject[string]): IDataObject[string] {
	const ms = finiteNumber(value);
	if (ms === undefined) return value;
	const time = DateTime.fromMillis(ms, { zone: 'UTC+8' });
	return ms > 0 && time.isValid ? time.toFormat("yyyy-MM-dd'T'HH:mm:ssZZ") : null;
}

/** What is needed to look a pushed call up, and what only the push tells. */
export function toLookup(call: WireRecord): WireRecord {
	const { voiceId, submitTime } = call;
	const fields: IDataObject = {};
	for (const name of PUSHED_ONLY_FIELDS) {
		const value = call[name] as IDataObject[string];
		if (isFilled(value))
			fields[name] = typeof value === 'string' ? value.slice(0, MAX_PUSHED_ONLY_LENGTH) : value;
	}
	return { ...fields, voiceId, submitTime };
}

/** The confirmed record, and what only the push tells where the record lacks it. */
export function withPushedFields(record: WireRecord, call: WireRecord | undefined): WireRecord {
	const names = PUSHED_ONLY_FIELDS.filter((name) => isFilled(call?.[name]) && !isFilled(record[name]));
	return { ...record, ...Object.fromEntries(names.map((name) => [name, call?.[name]])) };
}

function isFilled(value: unknown): boolean {
	return value !== undefined && value !== null && value !== '';
}
