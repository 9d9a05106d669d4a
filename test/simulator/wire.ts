/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import { gzipSync } from 'node:zlib';

import type { FastifyReply } from 'fastify';

import type { Behaviour, EnvelopeShape } from './behaviour';
import type { WireRecord } from './dataset';

/** An answer before it is sent. `status` is the envelope's, for the request log; empty when there is none. */
export interface Answer {
	httpStatus: number;
	status: string;
	body: string;
	headers?: Record<string, string>;
}

/** The vendor's words for its statuses. */
const REASONS: Record<string, string> = {
	'0': 'success',
	'-1': 'authentication error',
	'-2': 'restricted IP',
	'-10': 'insufficient balance',
	'-13': 'user locked',
	'-15': 'frequent query',
	'-16': 'timestamp expired',
	'-18': 'program exception',
	'-20': 'data existing',
	'-21': 'data validation exception',
	'-22': 'parameter exception',
	'-23': 'data caps',
	'-24': 'data unexisting',
	'-25': 'out of time range',
	'-26': 'no rate for the destination',
	'-29': 'workspace disabled',
	'-30': 'API key disabled',
	'-31': 'IP not in the white list',
	'-32': 'no permission',
	'-34': 'no number to call',
	'-35': 'no number',
	'-54': 'the task you submitted is wrong',
};

const INT_FIELDS = ['callDuration', 'chargedDuration'];
const DECIMAL_FIELDS = [
	'cost',
	'rate',
	'baseCost',
	'settleRate',
	'quoteExchange',
	'settlePay',
	'terminationCode',
];
const RECORD_FIELDS: Array<keyof WireRecord> = [
	'voiceId',
	'callee',
	'displayNum',
	'code',
	'submitTime',
	'callTime',
	'ringingTime',
	'answerTime',
	'hangupTime',
	'callDuration',
	'chargedDuration',
	'terminationCode',
	'terminationReason',
	'cost',
	'billPeriod',
	'rate',
	'baseCost',
	'voiceFileId',
	'feedbackValue',
	'calledInfo',
	'settleRate',
	'quoteExchange',
	'currency',
	'settlePay',
];

const EMPTY_JSON = { null: 'null', emptyText: '""', absent: undefined };

/** JSON text of an object whose values are JSON text already. */
export function jsonObject(members: Record<string, string>): string {
	return `{${Object.entries(members)
		.map(([name, json]) => `"${name}":${json}`)
		.join(',')}}`;
}

/** The texts of rows that cannot change, by how they are written. */
const texts = new WeakMap<WireRecord, Map<string, string>>();

/** JSON text of one row, stored if the row cannot change. */
export function recordJson(record: WireRecord, behaviour: Behaviour): string {
	if (!Object.isFrozen(record)) return writeRecord(record, behaviour);
	const style = `${behaviour.emptyFields} ${behaviour.numbersAs} ${behaviour.newestFields}`;
	const ofRecord = texts.get(record) ?? new Map<string, string>();
	const text = ofRecord.get(style) ?? writeRecord(record, behaviour);
	texts.set(record, ofRecord.set(style, text));
	return text;
}

/** Text, because a bare 19-digit number cannot pass through `JSON.stringify`. */
function writeRecord(record: WireRecord, behaviour: Behaviour): string {
	const members: string[] = [];
	for (const field of RECORD_FIELDS) {
		const json = fieldJson(field, record[field], behaviour);
		if (json !== undefined) members.push(`"${field}":${json}`);
	}
	if (behaviour.newestFields !== 'none') {
		for (const [field, digits] of Object.entries(newestFieldsOf(record)))
			members.push(`"${field}":${behaviour.newestFields === 'text' ? `"${digits}"` : digits}`);
	}
	return `{${members.join(',')}}`;
}

/** Digits alone, as a number of 19 digits cannot pass through `JSON.stringify`. */
function newestFieldsOf(record: WireRecord): Record<string, string> {
	const { callStatus = callStatusOf(record), ringingTime, answerTime, hangupTime } = record;
	const ringEnd = answerTime ?? hangupTime;
	const ringMs = ringingTime && ringEnd ? Date.parse(ringEnd) - Date.parse(ringingTime) : 0;
	return {
		...(callStatus !== undefined && { callStatus: String(callStatus) }),
		taskId: '2203031113381000777',
		sourceTaskId: '2203031113381000666',
		type: '1',
		outRecallCount: '0',
		ringDuration: String(ringMs / 1000),
	};
}

/** Source: a sibling's page on pushed calls. 40 is voicemail, which only some of the answered calls are. */
function callStatusOf({ terminationCode, feedbackValue, callDuration = 0 }: WireRecord): number | undefined {
	if (terminationCode === undefined) return undefined;
	if (terminationCode === '486') return 10;
	if (!['200', '0'].includes(terminationCode)) return 20;
	return feedbackValue === '-1' && callDuration < 20 ? 40 : 50;
}

function fieldJson(field: string, value: string | number | undefined, behaviour: Behaviour) {
	const { emptyFields, numbersAs } = behaviour;
	if (value === undefined || value === '') return EMPTY_JSON[emptyFields];
	if (numbersAs === 'documented') return JSON.stringify(value);
	if (numbersAs === 'text' && INT_FIELDS.includes(field)) return JSON.stringify(String(value));
	if (numbersAs === 'number' && (field === 'voiceId' || DECIMAL_FIELDS.includes(field))) return String(value);
	return JSON.stringify(value);
}

/** The body of an answer: status, its words, and further members as JSON text. */
export function envelopeJson(
	shape: EnvelopeShape,
	status: string | number,
	reason = REASONS[String(status)] ?? 'unknown',
	members: Record<string, string> = {},
): string {
	const [statusName, reasonName] = shape.split('/');
	return jsonObject({
		[statusName]: JSON.stringify(status),
		[reasonName]: JSON.stringify(reason),
		...members,
	});
}

/** An answer in the envelope that the present behaviour asks for. */
export function envelopeAnswer(
	behaviour: Behaviour,
	status: string,
	members?: Record<string, string>,
): Answer {
	const wireStatus = behaviour.statusAsNumber ? Number(status) : status;
	return {
		httpStatus: status === '0' ? 200 : behaviour.failureHttpStatus,
		status,
		body: envelopeJson(behaviour.envelope, wireStatus, undefined, members),
	};
}

/** The text as it is sent, compressed where that is the behaviour and the client asks for it. */
export function encoded(
	text: string,
	reply: FastifyReply,
	{ compresses }: Pick<Behaviour, 'compresses'>,
): string | Buffer {
	if (!compresses || !String(reply.request.headers['accept-encoding']).includes('gzip')) return text;
	reply.header('content-encoding', 'gzip');
	return gzipSync(text);
}
