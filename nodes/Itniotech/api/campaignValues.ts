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

/** A number that the service takes. */
export function wholeNumberUpTo(max: number, value: unknown): number | undefined {
	const number = finiteNumber(value);
	return number !== undefined && Number.isInteger(number) && number >= 1 && number <= max
		? number
		: undefined;
}

/** Services of this kind send -1 for what they did not count. */
export function amountOf(value: unknown): number | null {
	const number = finiteNumber(value);
	return number !== undefined && number >= 0 ? number : null;
}

export function countOf(value: unknown): number | null {
	const amount = amountOf(value);
	return Number.isInteger(amount) ? amount : null;
}

export function createdId(data: unknown): string | null {
	return answeredId(idOf(data));
}

/** Pages name the ID differently; agent tasks have a `taskId`. The answer of a request may be the ID alone. */
export function idOf(data: unknown): string | null {
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

export function fromCampaignTime(value: unknown): string | null {
	const text = wireText(value);
	if (text === '' || NO_TIME.test(text)) return null;
	const [, seconds, ms = '000'] = UNIX_TIME.exec(text) ?? [];
	if (seconds !== undefined) return new Date(Number(seconds + ms)).toISOString();
	const [time, year, month, day, minutes, rest = ':00'] = TIME_WITHOUT_OFFSET.exec(text) ?? [];
	return time === undefined ? text : `${year}-${month}-${day}T${minutes}${rest}${OFFSET}`;
}

export function statusWord(status: unknown): string | null {
	const text = wireText(status);
	const words: readonly string[] = CAMPAIGN_STATUSES;
	return (/^\d+$/.test(text) ? words[Number(text)] : undefined) ?? (text || null);
}
