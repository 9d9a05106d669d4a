import type { IDataObject } from 'n8n-workflow';
import {
	CAMPAIGN_STATUSES,
	createdId,
	readCampaign,
	readCampaigns,
	toCampaignTime,
	toWireId,
	wholeNumberUpTo,
} from './campaignValues';
import { filled, hintsOnValues, placingRefusal, type UnknownAdvice } from './placing';
import type {
	ApiRequest,
	Campaign,
	CampaignNumber,
	CampaignPage,
	CampaignSearch,
	CreatedCampaign,
	NewCampaign,
	WantedPage,
} from './types';
import { isNothing, wireText } from './values';

/**
 * A campaign is what the vendor calls a group call task. Source: the vendor's pages on them, which the notes call `callSend`,
 * `query`, `detail`, `resend` and `cancel`.
 */
const PATH = '/voice/group/call';

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
/** What `numberInfoList` takes; the other form takes 200,000. */
export const MAX_NUMBERS_PER_CAMPAIGN = 100_000;
export const MAX_VARIABLES = 5;

/** A name that exists, one that is not valid, nobody left to call, no number. */
const CAMPAIGN_REFUSALS = ['-20', '-21', '-34', '-35'];
const NAME_EXISTS = '-20';
/** What an unknown ID gets is not documented. */
const NOT_FOUND = ['-22', '-24'];
const RESEND_FAILED = 1;
/** Seconds, where the details of a campaign do not say it. One of the vendor's pages requires it. */
export const DEFAULT_MAX_DURATION_S = 60;
const LONGEST_CALL_S = 999;
const MAX_LOOPS = 9;

const SEND_HINTS = hintsOnValues('Check "Campaign Name", "App ID", the message, the numbers and "Options"');
const AGAIN_HINTS = hintsOnValues(
	'ITNIO TECH did not accept the settings that it had returned for this campaign. Call the campaign again in the ITNIO console.',
);

/** Calls up to 100,000 numbers, and costs money. A name that exists is refused: `isNameTaken`. */
export function campaignRequest(campaign: NewCampaign): ApiRequest<CreatedCampaign> {
	const { name, numbers, message, startMs, callingHours, maxDuration, ...others } = campaign;
	const body = {
		...others,
		...message,
		taskName: name,
		[NUMBERS_FIELD]: numbers.map(NUMBER_FORMS[NUMBERS_FIELD]),
		// Seconds, in spite of its name.
		maxCalls: maxDuration,
		sendTime: startMs === undefined ? null : toCampaignTime(startMs),
		allowSendTime: callingHours,
	};
	return creatingRequest(name, { operation: 'send', body, hints: SEND_HINTS });
}

/** Calls the failed numbers of a campaign again, as a new one. `undefined` where the service does not say what that takes. */
export function callAgainRequest(
	{ campaignId, wire }: Campaign,
	name: string,
): ApiRequest<CreatedCampaign> | undefined {
	const { appId, displayNum, source, voiceFileId, text, lan, loopCount, maxCalls } = wire;
	if (!wireText(appId) || !(wireText(voiceFileId) || wireText(text))) return undefined;
	// A file that was uploaded with a campaign has an ID since then.
	const isText = wireText(text) !== '' && (wireText(source) === '3' || !wireText(voiceFileId));
	const body = {
		keyId: toWireId(campaignId),
		appId,
		taskName: name,
		...(isText ? { source: 3, text, lan } : { source: 1, voiceFileId }),
		displayNum: wireText(displayNum) || undefined,
		loopCount: wholeNumberUpTo(MAX_LOOPS, loopCount) ?? 1,
		maxCalls: wholeNumberUpTo(LONGEST_CALL_S, maxCalls) ?? DEFAULT_MAX_DURATION_S,
		resendType: RESEND_FAILED,
	};
	return creatingRequest(name, { operation: 'resend', body, hints: AGAIN_HINTS });
}

function creatingRequest(
	name: string,
	{ operation, body, hints }: { operation: string; body: IDataObject; hints: ReadonlyMap<string, string> },
): ApiRequest<CreatedCampaign> {
	return {
		method: 'POST',
		path: `${PATH}/${operation}`,
		body: filled(body),
		hints,
		readRefusal: (refusal) => placingRefusal(refusal, campaignAdvice(name)),
		read: ({ data }) => ({ campaignId: createdId(data), isNameTaken: false }),
		answeredBy: { statuses: [NAME_EXISTS], value: { campaignId: null, isNameTaken: true } },
	};
}

function campaignAdvice(name: string): UnknownAdvice {
	return {
		message: 'It is not known whether ITNIO TECH accepted the campaign',
		howToFindOut: `Wait some minutes, then look for it before you create another one: "Get Many Campaigns" with the filter "Name" set to ${name}.`,
		refusingStatuses: CAMPAIGN_REFUSALS,
	};
}

export function cancelRequest(campaignId: string): ApiRequest<true> {
	return {
		method: 'POST',
		path: `${PATH}/cancel`,
		body: { taskIdList: [toWireId(campaignId)] },
		hints: hintsOnValues('Check "Campaign"'),
		readRefusal: (refusal) =>
			placingRefusal(refusal, {
				message: 'It is not known whether ITNIO TECH cancelled the campaign',
				howToFindOut: 'Look at its status with "Get Campaign".',
				refusingStatuses: ['-21', '-24', '-54'],
			}),
		read: () => true,
	};
}

export function campaignDetailRequest(campaignId: string): ApiRequest<Campaign | null> {
	return {
		method: 'GET',
		path: `${PATH}/detail/${encodeURIComponent(campaignId)}`,
		read: ({ data = null }) => {
			const campaign = readCampaign(data, campaignId);
			if (isNothing(data)) return null;
			// Without them, it is no campaign, but for example a message.
			return campaign?.name || campaign?.status ? campaign : undefined;
		},
		answeredBy: { statuses: NOT_FOUND, value: null },
	};
}

export function campaignsRequest(
	{ fromS, toS, statuses, text }: CampaignSearch,
	{ current, size }: WantedPage,
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
		answeredBy: current > 1 ? { statuses: ['-22'], value: { campaigns: [], withoutId: [] } } : undefined,
	};
}
