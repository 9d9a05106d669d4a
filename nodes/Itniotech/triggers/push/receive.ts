import {
	OperationalError,
	type IHookFunctions,
	type INodeExecutionData,
	type IWebhookFunctions,
} from 'n8n-workflow';
import { numberText } from '../../records/output/text';
import { MAX_PUSH_BYTES, parsePush, toLookup, withPushedFields } from './parsePush';
import type { Api } from '../../api/endpoints';
import { isTemporary } from '../../api/refusal';
import type { WireRecord } from '../../api/types';
import { confirmCalls, type RecordLookup } from './confirm';
import type { RecordFilter } from '../../records/query/filters';
import { SEEN_CALLS_AGE_S, type Collection, type Confirm, type Inbox } from './inbox';
import { textOf } from '../../records/record';
import { pastHour } from '../../records/windows';
import { asNodeError } from '../../shared/nodeError';
import { endOfCall } from '../callEnd';
import { isRestart, logFailedStart } from '../restart';
import { readIpCheck, readPushSettings, type PushSettings } from './settings';

interface Answer {
	httpStatus: number;
	message: string;
}

/** What ITNIO accepts as an answer is not documented, so this is a success as its own API sends it. */
const ACCEPTED = { status: '0', reason: 'success' };
const REFUSED: Answer = { httpStatus: 403, message: 'The IP address of the sender is not allowed' };

/** @throws UserError, NodeApiError; nothing where n8n starts again what a person published before */
export async function checkStart(context: IHookFunctions, api: Api): Promise<void> {
	const [check] = await Promise.allSettled([checkAccess(context, api)]);
	if (check.status === 'fulfilled') return;
	const hasState = context.getWorkflowStaticData('node').recentCalls !== undefined;
	if (!isRestart(context, hasState)) throw check.reason as Error;
	logFailedStart(context, check.reason, 'The next push tries again.');
}

/** @throws UserError for a parameter, NodeApiError where calls are to be confirmed but the API cannot be called */
async function checkAccess(context: IHookFunctions, api: Api): Promise<void> {
	const { isConfirming } = readPushSettings(context);
	readIpCheck(context);
	if (!isConfirming) return;
	await api.fetchPage(pastHour(api.now()), { current: 1, size: 1 });
}

/**
 * Answers the sender before it looks up the calls.
 * @throws UserError, NodeApiError, OperationalError
 */
export async function receive(
	context: IWebhookFunctions,
	api: Api,
	inbox: Inbox,
): Promise<INodeExecutionData[]> {
	const staticData = context.getWorkflowStaticData('node');
	if (!isSenderAllowed(context)) return [];
	const settings = readPushSettings(context);
	inbox.unpackSeenCalls(staticData.recentCalls);
	if (!acceptPush(context, settings, inbox)) return [];
	const records = await collectRecords(context, inbox, createConfirm(context, api, settings));
	if (records.length > 0) staticData.recentCalls = inbox.packSeenCalls();
	const news = withoutOldCalls(context, records, api.now());
	return outputOrTell(inbox, toItems(news.filter(matches(settings)), settings));
}

/** A test in the editor stores nothing, outputs repeats, and outputs all calls of the push if none has the event. */
export async function receiveTest(
	context: IWebhookFunctions,
	api: Api,
	inbox: Inbox,
): Promise<INodeExecutionData[]> {
	if (!isSenderAllowed(context)) return [];
	const settings = readPushSettings(context);
	if (!acceptPush(context, settings, inbox)) return [];
	const records = await collectRecords(context, inbox, createConfirm(context, api, settings));
	const matching = records.filter(matches(settings));
	return outputOrTell(inbox, toItems(matching.length > 0 ? matching : records, settings));
}

/** @throws OperationalError for calls without a record if there are no items: an execution shows items or an error */
function outputOrTell(inbox: Inbox, items: INodeExecutionData[]): INodeExecutionData[] {
	const unknownCount = items.length > 0 ? 0 : inbox.takeUnknownCount();
	if (unknownCount === 0) return items;
	throw new OperationalError(
		`ITNIO TECH has no record that pushed calls have ended: ${numberText(unknownCount)}`,
		{
			description:
				'They were not output. If ITNIO TECH pushed them, use "Query Voice Records" to find them later. If not, somebody else knows the webhook URL: use "Allowed IP Addresses", or a new trigger with a new URL.',
		},
	);
}

/** Repeats are no longer recognised after a day, and what ended before is not news, even if ITNIO pushes it late. */
function withoutOldCalls(context: IWebhookFunctions, records: WireRecord[], nowMs: number): WireRecord[] {
	const nowS = nowMs / 1000;
	const news = records.filter((record) => endOfCall(record, nowS) >= nowS - SEEN_CALLS_AGE_S);
	const oldCount = records.length - news.length;
	if (oldCount > 0)
		warn(context, `Pushed calls not output because they ended more than a day ago: ${numberText(oldCount)}`);
	return news;
}

/**
 * Answers a sender that may not push, before anything else is read.
 * @throws NodeOperationError when "Allowed IP Addresses" cannot be read: nobody may push then
 */
function isSenderAllowed(context: IWebhookFunctions): boolean {
	try {
		if (readIpCheck(context)(context.getRequestObject().ip)) return true;
	} catch (error) {
		answer(context, REFUSED);
		const nodeError = asNodeError(context.getNode(), error);
		throw nodeError;
	}
	answer(context, REFUSED);
	return false;
}

/** @returns whether the push was accepted */
function acceptPush(context: IWebhookFunctions, settings: PushSettings, inbox: Inbox): boolean {
	const reply = putCalls(context, settings, inbox);
	answer(context, reply);
	return reply.httpStatus === 200;
}

function answer(context: IWebhookFunctions, { httpStatus, message }: Answer): void {
	if (httpStatus !== 200) warn(context, `Push rejected: ${message}`);
	context
		.getResponseObject()
		.status(httpStatus)
		// When the node throws after its answer, n8n closes the connection; the next push must not be on it.
		.set('Connection', 'close')
		.json(httpStatus === 200 ? ACCEPTED : { message });
}

function putCalls(context: IWebhookFunctions, { isConfirming }: PushSettings, inbox: Inbox): Answer {
	const { rawBody } = context.getRequestObject() as { rawBody?: Buffer };
	if ((rawBody?.length ?? 0) > MAX_PUSH_BYTES)
		return { httpStatus: 400, message: 'The push is larger than 4 MB' };
	// n8n's own parser loses the last digits of a voice ID that is sent as a number.
	const push = parsePush(rawBody?.toString('utf8') ?? JSON.stringify(context.getBodyData()));
	if (!push)
		return {
			httpStatus: 400,
			message: 'The push contains no call with a valid voice ID, or more than 2,000 calls',
		};
	if (!inbox.put(isConfirming ? push.calls.map(toLookup) : push.calls)) {
		return { httpStatus: 503, message: 'Too many pushed calls are waiting. Send the push again later.' };
	}
	if (push.unreadableCount > 0)
		warn(
			context,
			`Pushed calls dropped because they have no valid voice ID: ${numberText(push.unreadableCount)}`,
		);
	return { httpStatus: 200, message: 'success' };
}

/** @throws NodeApiError when no call could be looked up; n8n shows it as a failed execution */
async function collectRecords(
	context: IWebhookFunctions,
	inbox: Inbox,
	confirm: Confirm,
): Promise<WireRecord[]> {
	const { records, postponedCount, lostCount, withheldCount, error } = await inbox.collect(confirm);
	if (postponedCount > 0) {
		warn(
			context,
			`Pushed calls waiting for the next push because ITNIO TECH has no record yet that they have ended: ${numberText(postponedCount)}`,
		);
	}
	if (lostCount > 0) {
		describeLostCalls(error, { lostCount, withheldCount });
		throw error;
	}
	return records;
}

function describeLostCalls(
	error: unknown,
	{ lostCount, withheldCount }: Pick<Collection, 'lostCount' | 'withheldCount'>,
): void {
	if (!(error instanceof Error && 'description' in error)) return;
	const description = textOf(error.description)?.replace(/\.$/, '');
	const verified = withheldCount > 0 ? ` Verified, but not output either: ${numberText(withheldCount)}.` : '';
	error.description = `${description ? `${description}. ` : ''}Pushed calls that could not be verified and were not output: ${numberText(lostCount)}.${verified} Use "Query Voice Records" to find them.`;
}

function createConfirm(context: IWebhookFunctions, api: Api, { isConfirming }: PushSettings): Confirm {
	if (!isConfirming) return async (calls) => ({ records: calls, missing: [], remaining: [] });
	const lookup: RecordLookup = {
		...api,
		find: async (voiceId) => await api.fetchRecord(voiceId),
		nowMs: api.now,
	};
	return async (calls, isThorough) => {
		const confirmation = await confirmCalls(calls, isThorough, lookup);
		const missingCount = isThorough ? confirmation.missing.length : 0;
		if (missingCount > 0)
			warn(
				context,
				`Pushed calls of which ITNIO TECH has no record that they have ended: ${numberText(missingCount)}`,
			);
		const callsById = new Map(calls.map((call) => [call.voiceId, call]));
		const records = confirmation.records.map((record) =>
			withPushedFields(record, callsById.get(record.voiceId)),
		);
		return { ...confirmation, records, isTemporary: isTemporary(confirmation.error) };
	};
}

function matches({ isWanted, hasEvent }: PushSettings): RecordFilter {
	return (record) => isWanted(record) && hasEvent(record);
}

function toItems(records: WireRecord[], { toOutput }: PushSettings): INodeExecutionData[] {
	return records.map((record) => ({ json: toOutput(record) }));
}

function warn(context: IWebhookFunctions, text: string): void {
	context.logger.warn(`ITNIO TECH Push Trigger: ${text}`);
}
