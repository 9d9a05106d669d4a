import type { IDataObject, JsonObject, JsonValue } from 'n8n-workflow';
import { MAX_REASON_LENGTH, type Refusal } from './answer';
import { STATUS_MEANINGS } from './status';
import type { ApiRequest, FileCall, PlacedCall, TextCall } from './types';
import { answeredId, isRecord, wireText } from './values';

/** The digits of a phone number, `null` for none. The same for each spelling of a number. */
export type NumberReader = (written: unknown) => string | null;

/** Source: the vendor's page "voice verification code". */
export const LANGUAGES = [
	{ name: 'Arabic', value: 'ARB' },
	{ name: 'Bengali (Bangladesh)', value: 'BD' },
	{ name: 'English', value: 'EN' },
	{ name: 'German', value: 'DE' },
	{ name: 'Hindi', value: 'IN' },
	{ name: 'Indonesian', value: 'IDN' },
	{ name: 'Italian', value: 'IT' },
	{ name: 'Japanese', value: 'JP' },
	{ name: 'Korean', value: 'KR' },
	{ name: 'Portuguese', value: 'PT' },
	{ name: 'Russian', value: 'RU' },
	{ name: 'Spanish', value: 'ES' },
	{ name: 'Thai', value: 'TH' },
	{ name: 'Vietnamese', value: 'VN' },
];

/** Statuses with which nothing was placed. Sources: the vendor's pages of both endpoints, and its global status table. */
const CALL_REFUSALS = ['-1', '-2', '-10', '-13', '-16', '-22', '-26', '-29', '-30', '-31', '-32'];
/** HTTP statuses beside 2xx with which the service itself may refuse; gateways use others after a request was passed on. */
const STATUSES_OF_SERVICE = [400, 401, 403, 404, 422];
/** Answers that come before a request is taken. */
const NOT_TAKEN = [401, 403, 404, 407];
/** No connection was opened, so nothing was sent. */
const NOT_CONNECTED = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN)$|CERT|SELF_SIGNED|ISSUER/;
const SUBMITTED_CODE = '0';
/** SIP codes of a call that is under way or was answered. */
const ACCEPTED_CODE = /^[12]\d\d$/;

/** Reads a text to one number. Source: the vendor's page "voice verification code". */
export function textCallRequest({ calledNumber, ...call }: TextCall): ApiRequest<PlacedCall[]> {
	return {
		method: 'POST',
		path: '/voice/sendCode',
		body: filled({ ...call, callee: calledNumber }),
		hints: hintsOnValues('Check "App ID", "Language", the phone number, and the values under "Options"'),
		readRefusal: (refusal) => placingRefusal(refusal, callAdvice(call.calledInfo)),
		read: ({ data }) => {
			const voiceId = answeredId(data);
			const { calledInfo } = call;
			return voiceId === null
				? undefined
				: [{ calledNumber, status: 'submitted', reason: null, voiceId, calledInfo }];
		},
	};
}

/** Plays an uploaded file to up to 200 numbers. Source: the vendor's page "group voice". */
export function fileCallRequest(
	{ calledNumbers, ...call }: FileCall,
	toDigits: NumberReader,
): ApiRequest<PlacedCall[]> {
	return {
		method: 'POST',
		path: '/voice/sendGroup',
		body: filled({ ...call, callee: calledNumbers.join(',') }),
		hints: hintsOnValues('Check "App ID", "Audio File", the phone numbers, and the values under "Options"'),
		readRefusal: (refusal) => placingRefusal(refusal, callAdvice(call.calledInfo)),
		read: ({ data }) => {
			if (!Array.isArray(data)) return undefined;
			const rows = rowsByNumber(data, toDigits);
			return calledNumbers.map((calledNumber) => {
				// A number that the answer does not mention may have been called.
				const submission = readSubmissions(rows.get(calledNumber) ?? [{}], call.calledInfo);
				return { calledNumber, ...submission, calledInfo: call.calledInfo };
			});
		},
	};
}

function rowsByNumber(data: JsonValue[], toDigits: NumberReader): Map<string, JsonObject[]> {
	const rows = new Map<string, JsonObject[]>();
	for (const row of data.filter(isRecord)) {
		const number = toDigits(row.callee) ?? '';
		const ofNumber = rows.get(number) ?? [];
		ofNumber.push(row);
		rows.set(number, ofNumber);
	}
	return rows;
}

type NumberAnswer = Pick<PlacedCall, 'status' | 'reason' | 'voiceId'>;

/** Any row of a number may stand for a call, so the number is refused only if all of them say so. */
function readSubmissions(rows: JsonObject[], calledInfo: string): NumberAnswer {
	const all = rows.map((row) => readSubmission(row, calledInfo));
	const of = (wanted: NumberAnswer['status']) => all.find(({ status }) => status === wanted);
	return of('submitted') ?? of('unknown') ?? all[0];
}

/** Source: the vendor's page "group voice", by which every code but 0 is a refusal. */
function readSubmission(row: JsonObject, calledInfo: string): NumberAnswer {
	const code = wireText(row.terminationCode);
	const voiceId = answeredId(row.voiceId);
	if (code === SUBMITTED_CODE) return { status: 'submitted', reason: null, voiceId };
	const answer = `${code} ${wireText(row.terminationReason)}`.trim().slice(0, MAX_REASON_LENGTH);
	if (code !== '' && !ACCEPTED_CODE.test(code)) return { status: 'refused', reason: answer, voiceId };
	const words = code === '' ? '' : ` (${answer})`;
	const reason = `The response from ITNIO TECH does not say whether this number is called${words}. ${howToFindOut(calledInfo)}`;
	return { status: 'unknown', reason, voiceId };
}

function howToFindOut(calledInfo: string): string {
	return `Wait some minutes, then look for the call before you call again: "Query Voice Records" with the filter "Called Info" set to ${calledInfo}.`;
}

/** What to do where a value of the request was not accepted. */
export function hintsOnValues(hint: string): Map<string, string> {
	return new Map(['-21', '-22'].map((status) => [status, hint]));
}

/** What to say where nobody knows what became of a request. */
export interface UnknownAdvice {
	message: string;
	howToFindOut: string;
	/** Statuses of this request alone with which nothing was done. */
	refusingStatuses?: string[];
}

function callAdvice(calledInfo: string): UnknownAdvice {
	return {
		message: 'It is not known whether ITNIO TECH placed the call',
		howToFindOut: howToFindOut(calledInfo),
	};
}

/** Nothing was done, or nobody knows: then a second try could call people twice. -16 comes before anything happens. */
export function placingRefusal(refusal: Refusal, advice: UnknownAdvice): Refusal {
	const { retry } = refusal;
	if (isCertain(refusal, [...CALL_REFUSALS, ...(advice.refusingStatuses ?? [])])) {
		return { ...refusal, retry: retry === 'clock' ? retry : 'no' };
	}
	return {
		...refusal,
		// Someone has to look: a wait, which the other causes suggest to n8n, does not help.
		cause: 'configuration-invalid',
		retry: 'no',
		message: advice.message,
		hint: `${advice.howToFindOut} The request was sent once, and not answered as expected${meaningText(refusal)}`,
		isOutcomeUnknown: true,
	};
}

/** An answer that is not documented has none: its text says "rejected", which nobody knows here. */
function meaningText({ message, status, httpStatus, cause }: Refusal): string {
	const isDocumented = status !== undefined && STATUS_MEANINGS.has(status);
	const isAnswered = status !== undefined || httpStatus !== undefined;
	return isAnswered && !isDocumented && cause === 'configuration-invalid' ? '' : `: ${message}`;
}

/** Whether nothing was done. */
function isCertain(refusal: Refusal, refusingStatuses: string[]): boolean {
	const { status, httpStatus, detail } = refusal;
	if (status !== undefined) return isOfService(refusal) && refusingStatuses.includes(status);
	return httpStatus === undefined ? NOT_CONNECTED.test(detail ?? '') : NOT_TAKEN.includes(httpStatus);
}

function isOfService({ httpStatus }: Refusal): boolean {
	return httpStatus === undefined || httpStatus < 300 || STATUSES_OF_SERVICE.includes(httpStatus);
}

/** A gateway may send a status after it has passed on a request that creates something: then it is no answer. */
export function isAnswer({ answeredBy, readRefusal }: ApiRequest<unknown>, refusal: Refusal): boolean {
	const isMeant = answeredBy?.statuses.includes(refusal.status ?? '') ?? false;
	return isMeant && (readRefusal === undefined || isOfService(refusal));
}

/** Without what was not set: the service refuses an empty value of some fields. */
export function filled(fields: IDataObject): IDataObject {
	return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
