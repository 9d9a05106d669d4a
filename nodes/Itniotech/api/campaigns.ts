import type { IDataObject, JsonValue } from 'n8n-workflow';
import { filled, placingRefusal, type UnknownAdvice } from './placing';
import type {
	ApiRequest,
	Campaign,
	CampaignNumber,
	CampaignPage,
	CampaignSearch,
	CreatedCampaign,
	NewCampaign,
} from './types';
import { finiteNumber, isRecord, wireText } from './values';

/**
 * A campaign is what the vendor calls a group call task. Source: the vendor's pages on them, which the notes call `callSend`,
 * `query`, `detail`, `resend` and `cancel`.
 */
const PATH = '/voice/group/call';

/** The times of these pages have no offset, unlike those of call records, which are at this one. */
export const CAMPAIGN_OFFSET_HOURS = 8;
const OFFSET = `+0${CAMPAIGN_OFFSET_HOURS}:00`;
const TIME_WITHOUT_OFFSET = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d+)?$/;

/** By their number at the vendor. */
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

/** How the numbers are sent: the newest pages have objects with variables, older ones a list of text. */
const NUMBERS_FIELD: keyof typeof NUMBER_FORMS = 'numberInfoList';
const NUMBER_FORMS: Record<
	'numberInfoList' | 'numberList',
	(number: CampaignNumber) => IDataObject | string
> = {
	numberInfoList: ({ calledNumber, variables = [] }: CampaignNumber) => ({
		calleeNumber: calledNumber,
		...Object.fromEntries(
			variables.flatMap((text, index) => (text === '' ? [] : [[`text${index + 1}`, text]])) as Array<
				[string, string]
			>,
		),
	}),
	numberList: ({ calledNumber }: CampaignNumber) => calledNumber,
};
/** Of `numberInfoList`; the other form takes 200,000. */
export const MAX_NUMBERS_PER_CAMPAIGN = 100_000;
export const MAX_VARIABLES = 5;

/** A name that exists, one that is not valid, nobody left to call, no number. */
const CAMPAIGN_REFUSALS = ['-20', '-21', '-34', '-35'];
const NAME_EXISTS = '-20';
/** What an unknown ID gets is not documented. */
const NOT_FOUND = ['-22', '-24'];
const RESEND_FAILED = 1;

export function hasCampaignEnded({ status }: Campaign): boolean {
	return ENDED_STATUSES.includes(status ?? '');
}

/** Calls up to 100,000 numbers, and costs money. A name that exists is refused: `isNameTaken`. */
export function campaignRequest(campaign: NewCampaign): ApiRequest<CreatedCampaign> {
	const { name, numbers, message, startMs, callingHours, maxDuration, ...others } = campaign;
	return creatingRequest(name, 'send', {
		...others,
		...message,
		taskName: name,
		[NUMBERS_FIELD]: numbers.map(NUMBER_FORMS[NUMBERS_FIELD]),
		// Seconds, in spite of its name.
		maxCalls: maxDuration,
		sendTime: startMs === undefined ? null : toCampaignTime(startMs),
		allowSendTime: callingHours,
	});
}

/** Calls the failed numbers of a campaign again, as a new one. `undefined` where the service does not say what that takes. */
export function callAgainRequest(
	{ campaignId, wire }: Campaign,
	name: string,
): ApiRequest<CreatedCampaign> | undefined {
	const { appId, displayNum, source, voiceFileId, text, lan, loopCount, maxCalls } = wire;
	if (!wireText(appId) || !(wireText(voiceFileId) || wireText(text))) return undefined;
	// A file that was uploaded with a campaign has an ID since then.
	const isText = wireText(source) === '3' || !wireText(voiceFileId);
	return creatingRequest(name, 'resend', {
		keyId: toWireId(campaignId),
		appId,
		taskName: name,
		...(isText ? { source: 3, text, lan } : { source: 1, voiceFileId }),
		displayNum: wireText(displayNum) || undefined,
		loopCount: finiteNumber(loopCount) ?? 1,
		maxCalls: finiteNumber(maxCalls),
		resendType: RESEND_FAILED,
	});
}

function creatingRequest(name: string, operation: string, body: IDataObject): ApiRequest<CreatedCampaign> {
	return {
		method: 'POST',
		path: `${PATH}/${operation}`,
		body: filled(body),
		readRefusal: (refusal) => placingRefusal(refusal, campaignAdvice(name)),
		read: ({ data }) => ({ campaignId: idOf(data), isNameTaken: false }),
		answeredBy: { statuses: [NAME_EXISTS], value: { campaignId: null, isNameTaken: true } },
	};
}

function campaignAdvice(name: string): UnknownAdvice {
	return {
		message: 'It is not known whether ITNIO TECH took the campaign',
		howToFindOut: `Wait some minutes, then look for it before you create another one: "Get Many Campaigns" with the filter "Name" set to ${name}.`,
		refusingStatuses: CAMPAIGN_REFUSALS,
	};
}

export function cancelRequest(campaignId: string): ApiRequest<true> {
	return {
		method: 'POST',
		path: `${PATH}/cancel`,
		body: { taskIdList: [toWireId(campaignId)] },
		readRefusal: (refusal) =>
			placingRefusal(refusal, {
				message: 'It is not known whether ITNIO TECH cancelled the campaign',
				howToFindOut: 'Look at its status with "Get Campaign".',
				refusingStatuses: ['-21', '-24', '-54'],
				hints: new Map([['-22', 'Check "Campaign"']]),
			}),
		read: () => true,
	};
}

export function campaignDetailRequest(campaignId: string): ApiRequest<Campaign | null> {
	return {
		method: 'GET',
		path: `${PATH}/detail/${encodeURIComponent(campaignId)}`,
		read: ({ data = null }) => (isNothing(data) ? null : readCampaign(data, campaignId)),
		answeredBy: { statuses: NOT_FOUND, value: null },
	};
}

function isNothing(data: JsonValue): boolean {
	return data === null || (isRecord(data) && Object.keys(data).length === 0);
}

/** One page, of up to 100. `current` counts from 1. */
export function campaignsRequest(
	{ fromS, toS, statuses, text }: CampaignSearch,
	current: number,
	size: number,
): ApiRequest<CampaignPage> {
	const known: readonly string[] = CAMPAIGN_STATUSES;
	return {
		method: 'POST',
		path: `${PATH}/query`,
		body: {
			current,
			size,
			params: filled({
				strTime: toCampaignTime(fromS * 1000),
				endTime: toCampaignTime(toS * 1000),
				statusList: statuses?.map((status) => known.indexOf(status)),
				searchCondition: text,
			}),
		},
		read: ({ data }) => readCampaigns(data),
		answeredBy: current > 1 ? { statuses: ['-22'], value: { campaigns: [] } } : undefined,
	};
}

function readCampaigns(data: JsonValue): CampaignPage | undefined {
	const page = isRecord(data) ? data : {};
	const rows = isRecord(data) ? (data.records ?? []) : (data ?? []);
	if (!Array.isArray(rows)) return undefined;
	const campaigns = rows.map((row) => readCampaign(row)).filter((campaign) => campaign !== undefined);
	const total = finiteNumber(page.total);
	return total !== undefined && total >= rows.length ? { campaigns, total } : { campaigns };
}

/** @param id of a row that does not say it */
export function readCampaign(row: unknown, id = ''): Campaign | undefined {
	if (!isRecord(row)) return undefined;
	const campaignId = idOf(row) ?? id;
	if (campaignId === '') return undefined;
	const number = (...names: string[]) =>
		finiteNumber(names.map((name) => row[name]).find((value) => wireText(value) !== '')) ?? null;
	return {
		campaignId,
		name: wireText(row.taskName),
		status: statusWord(row.status),
		numbers: number('numCnt'),
		called: number('callNum', 'callTotal'),
		answered: number('success'),
		failed: number('fail'),
		keysPressed: number('keyFeedbackNum'),
		callDuration: number('callDuration'),
		chargedDuration: number('chargeLen'),
		createdAt: fromCampaignTime(row.createdTime),
		startAt: fromCampaignTime(row.sendTime),
		finishedAt: fromCampaignTime(row.finishTime),
		wire: row,
	};
}

function statusWord(status: unknown): string | null {
	const text = wireText(status);
	const words: readonly string[] = CAMPAIGN_STATUSES;
	return (/^\d+$/.test(text) ? words[Number(text)] : undefined) ?? (text || null);
}

/** Pages name the ID differently; agent tasks have a `taskId`. The answer of a request may be the ID alone. */
function idOf(data: unknown): string | null {
	const row = isRecord(data) ? data : {};
	const ids = [data, row.jobId, row.taskId, row.keyId, row.id].map(wireText);
	return ids.find((id) => id !== '') ?? null;
}

/** The pages have numbers. */
function toWireId(campaignId: string): number | string {
	const number = Number(campaignId);
	return Number.isSafeInteger(number) && String(number) === campaignId ? number : campaignId;
}

function toCampaignTime(ms: number): string {
	return new Date(ms + CAMPAIGN_OFFSET_HOURS * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
}

function fromCampaignTime(value: unknown): string | null {
	const text = wireText(value);
	return text === '' ? null : text.replace(TIME_WITHOUT_OFFSET, `$1T$2${OFFSET}`);
}
