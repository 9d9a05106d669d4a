import type { JsonValue } from 'n8n-workflow';
import type { Campaign, CampaignPage, NewCampaign } from './types';
import { answeredId, finiteNumber, isRecord, wireText } from './values';

/** The times of these pages have no offset, unlike those of call records, which are at this one. */
export const CAMPAIGN_OFFSET_HOURS = 8;
const OFFSET = `+0${CAMPAIGN_OFFSET_HOURS}:00`;
const TIME_WITHOUT_OFFSET = /^(\d{4})[-/](\d\d)[-/](\d\d)[ T](\d\d:\d\d)(:\d\d)?(\.\d+)?$/;
/** How a database writes that there is no time. */
const NO_TIME = /^(0000-00-00|0+$)/;
/** How the vendor's pushes write times. */
const UNIX_TIME = /^(\d{10})(\d{3})?$/;

/** In the order of the vendor's numbers for them. */
export const CAMPAIGN_STATUSES = [
	'waiting',
	'calling',
	'done',
	'failed',
	'cancelled',
	'suspended',
	'submitting',
] as const;

const ENDED_STATUSES = ['done', 'failed', 'cancelled'];

/** A number that the service takes. */
export function wholeNumberUpTo(max: number, value: unknown): number | undefined {
	const number = finiteNumber(value);
	return number !== undefined && Number.isInteger(number) && number >= 1 && number <= max
		? number
		: undefined;
}

/** Services of this kind send -1 for what they did not count. */
function amountOf(value: unknown): number | null {
	const number = finiteNumber(value);
	return number !== undefined && number >= 0 ? number : null;
}

function countOf(value: unknown): number | null {
	const amount = amountOf(value);
	return Number.isInteger(amount) ? amount : null;
}

export function createdId(data: unknown): string | null {
	return answeredId(idOf(data));
}

/** Pages name the ID differently; agent tasks have a `taskId`. The answer of a request may be the ID alone. */
function idOf(data: unknown): string | null {
	const row = isRecord(data) ? data : {};
	const ids = [data, row.jobId, row.taskId, row.keyId, row.id].map(wireText);
	return ids.find((id) => id !== '') ?? null;
}

/** The pages have numbers. */
export function toWireId(campaignId: string): number | string {
	const number = Number(campaignId);
	return Number.isSafeInteger(number) && String(number) === campaignId ? number : campaignId;
}

export function toCampaignTime(ms: number): string {
	return new Date(ms + CAMPAIGN_OFFSET_HOURS * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
}

function fromCampaignTime(value: unknown): string | null {
	const text = wireText(value);
	if (text === '' || NO_TIME.test(text)) return null;
	const [, seconds, ms = '000'] = UNIX_TIME.exec(text) ?? [];
	if (seconds !== undefined) return new Date(Number(seconds + ms)).toISOString();
	const [time, year, month, day, minutes, rest = ':00'] = TIME_WITHOUT_OFFSET.exec(text) ?? [];
	return time === undefined ? text : `${year}-${month}-${day}T${minutes}${rest}${OFFSET}`;
}

function statusWord(status: unknown): string | null {
	const text = wireText(status);
	const words: readonly string[] = CAMPAIGN_STATUSES;
	return (/^\d+$/.test(text) ? words[Number(text)] : undefined) ?? (text || null);
}

/** One page of the list; `undefined` for anything else. */
export function readCampaigns(data: JsonValue): CampaignPage | undefined {
	const page = isRecord(data) ? data : {};
	const rows = isRecord(data) ? (data.records ?? []) : (data ?? []);
	if (!Array.isArray(rows)) return undefined;
	const campaigns = rows.flatMap((row) => readCampaign(isRecord(row) ? row : {}) ?? []);
	const total = finiteNumber(page.total);
	return {
		campaigns: campaigns.filter(({ campaignId }) => campaignId !== ''),
		withoutId: campaigns.filter(({ campaignId }) => campaignId === ''),
		...(total !== undefined && total >= rows.length && { total }),
	};
}

/** @param id that was asked for; otherwise the row says it */
export function readCampaign(row: unknown, id = ''): Campaign | undefined {
	if (!isRecord(row)) return undefined;
	const campaignId = id || (idOf(row) ?? '');
	const number = (...names: string[]) =>
		countOf(names.map((name) => row[name]).find((value) => wireText(value) !== ''));
	return {
		campaignId,
		name: wireText(row.taskName),
		status: statusWord(row.status),
		numbers: number('numCnt'),
		called: number('callNum', 'callTotal'),
		answered: number('success'),
		failed: number('fail'),
		keysPressed: number('keyFeedbackNum'),
		callDuration: amountOf(row.callDuration),
		chargedDuration: amountOf(row.chargeLen),
		createdAt: fromCampaignTime(row.createdTime),
		startAt: fromCampaignTime(row.sendTime),
		finishedAt: fromCampaignTime(row.finishTime),
		wire: row,
	};
}

export function hasCampaignEnded({ status }: Campaign): boolean {
	return ENDED_STATUSES.includes(status ?? '');
}

/** Whether what the service says of a campaign shows that it is not the one that was asked for. */
export function differsFrom(
	{ wire }: Campaign,
	{ appId, message }: Omit<NewCampaign, 'name' | 'numbers'>,
): boolean {
	const asked = message.source === 1 ? { voiceFileId: message.voiceFileId } : { text: message.text };
	return Object.entries({ appId, ...asked }).some(([name, value]) => {
		const said = wireText(wire[name]);
		return said !== '' && said !== value.trim();
	});
}
