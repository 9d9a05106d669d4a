import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';
import { isRecord, parseJson, readNumber } from '../../api/values';
import type { WireRecord } from '../../api/types';

/** What was in the body of a push. */
export interface Push {
	/** In the form of queried records, times included. */
	reports: WireRecord[];
	/** Entries without a voice id that could be one. */
	unreadable: number;
}

/** The platform sends reports of some 600 bytes. */
export const MAX_PUSH_BYTES = 1024 * 1024;
const MAX_REPORTS = 2000;

/** Ids are known as 19 to 20 digits; one goes into a path of the API. */
const VOICE_ID = /^[\w-]{1,64}$/;
/** The longest known field, the caller's own reference, has up to 1,000 characters. */
const MAX_FIELD_LENGTH = 2000;
/** Leaves out `__proto__`. */
const FIELD_NAME = /^[a-z]\w{0,63}$/i;
const TIME_FIELDS = ['submitTime', 'callTime', 'ringingTime', 'answerTime', 'hangupTime'];

/**
 * Reads the body of a push: one report, a list of them, or `{"array": […]}` (source: the vendor's page on pushed
 * reports). Nothing in it is trusted: of each report, only fields with plain values are taken.
 * @returns `undefined` for a body that is none of these, holds no report, or too many
 */
export function parsePush(text: string): Push | undefined {
	const body = parseJson(text.trim());
	const list = isRecord(body) ? (body.array ?? [body]) : body;
	if (!Array.isArray(list) || list.length > MAX_REPORTS) return undefined;
	const reports = (list as unknown[]).map(readReport).filter((report) => report !== undefined);
	const unreadable = list.length - reports.length;
	return reports.length === 0 && unreadable > 0 ? undefined : { reports, unreadable };
}

function readReport(value: unknown): WireRecord | undefined {
	if (!isRecord(value)) return undefined;
	const voiceId = String(value.voiceId ?? '').trim();
	if (!VOICE_ID.test(voiceId)) return undefined;
	const fields: IDataObject = {};
	for (const [name, field] of Object.entries(value)) {
		if (!FIELD_NAME.test(name) || (typeof field === 'object' && field !== null)) continue;
		const short = typeof field === 'string' ? field.slice(0, MAX_FIELD_LENGTH) : field;
		fields[name] = TIME_FIELDS.includes(name) ? toRecordTime(short) : short;
	}
	// Which of the two names the SIP code has in a report differs between the vendor's pages.
	if ((fields.terminationCode ?? '') === '') fields.terminationCode = fields.sipCode ?? null;
	return { ...fields, voiceId };
}

/** Milliseconds since 1970 in the form of the times of queried records; 0 stands for a time that never came. */
function toRecordTime(value: IDataObject[string]): IDataObject[string] {
	const ms = readNumber(value);
	if (ms === undefined) return value;
	const time = DateTime.fromMillis(ms, { zone: 'UTC+8' });
	return ms > 0 && time.isValid ? time.toFormat("yyyy-MM-dd'T'HH:mm:ssZZ") : null;
}
