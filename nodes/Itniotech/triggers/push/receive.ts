import {
	NodeApiError,
	type IHookFunctions,
	type INodeExecutionData,
	type IWebhookFunctions,
} from 'n8n-workflow';
import { MAX_PUSH_BYTES, parsePush } from './parsePush';
import type { Api } from '../../api/endpoints';
import type { WireRecord } from '../../api/types';
import { confirmCalls, type RecordLookup } from './confirm';
import type { RecordFilter } from '../../records/filters';
import type { Confirm, Inbox } from './inbox';
import { textOf } from '../../records/record';
import { toTimeSpan } from '../../records/windows';
import { readSettings, type PushSettings } from './settings';

interface Answer {
	httpStatus: number;
	message: string;
}

/** What ITNIO accepts as an answer is not documented, so this is a success as its own API sends it. */
const ACCEPTED = { status: '0', reason: 'success' };

/**
 * Checks the parameters and, where calls are to be confirmed, whether the API can be called.
 * @throws UserError, NodeApiError
 */
export async function checkAccess(context: IHookFunctions, api: Api): Promise<void> {
	if (!readSettings(context).isConfirming) return;
	const nowS = Math.floor(Date.now() / 1000);
	await api.fetchPage(toTimeSpan({ fromS: nowS - 3600, toS: nowS }), 1, 1);
}

/**
 * Answers the sender before it looks up the calls.
 * @throws UserError, NodeApiError
 */
export async function receive(
	context: IWebhookFunctions,
	api: Api,
	inbox: Inbox,
): Promise<INodeExecutionData[]> {
	const staticData = context.getWorkflowStaticData('node');
	const settings = readSettings(context);
	inbox.unpackSeenCalls(staticData.recentCalls);
	if (!acceptPush(context, settings, inbox)) return [];
	const records = await collectRecords(context, inbox, createConfirm(api, settings));
	if (records.length > 0) staticData.recentCalls = inbox.packSeenCalls();
	return toItems(records.filter(matches(settings)), settings);
}

/** A test in the editor stores nothing, outputs repeats, and outputs all calls of the push if none has the event. */
export async function receiveTest(
	context: IWebhookFunctions,
	api: Api,
	inbox: Inbox,
): Promise<INodeExecutionData[]> {
	const settings = readSettings(context);
	if (!acceptPush(context, settings, inbox)) return [];
	const records = await collectRecords(context, inbox, createConfirm(api, settings));
	const matching = records.filter(matches(settings));
	return toItems(matching.length > 0 ? matching : records, settings);
}

/** @returns whether the push was accepted */
function acceptPush(context: IWebhookFunctions, settings: PushSettings, inbox: Inbox): boolean {
	const { httpStatus, message } = putCalls(context, settings, inbox);
	const isAccepted = httpStatus === 200;
	context
		.getResponseObject()
		.status(httpStatus)
		// When the node throws after its answer, n8n closes the connection; the next push must not be on it.
		.set('Connection', 'close')
		.json(isAccepted ? ACCEPTED : { message });
	if (!isAccepted) warn(context, `Push rejected: ${message}`);
	return isAccepted;
}

function putCalls(
	context: IWebhookFunctions,
	{ isAllowed, isConfirming }: PushSettings,
	inbox: Inbox,
): Answer {
	const { ip, rawBody } = context.getRequestObject() as { ip?: string; rawBody?: Buffer };
	if (!isAllowed(ip)) return { httpStatus: 403, message: 'The IP address of the sender is not allowed' };
	if ((rawBody?.length ?? 0) > MAX_PUSH_BYTES)
		return { httpStatus: 400, message: 'The push is larger than 1 MB' };
	// n8n's own parser loses the last digits of a voice ID that is sent as a number.
	const push = parsePush(rawBody?.toString('utf8') ?? JSON.stringify(context.getBodyData()));
	if (!push) return { httpStatus: 400, message: 'The push contains no calls, or too many' };
	// A call that is looked up needs no other fields while it waits.
	const toLookup = ({ voiceId, submitTime }: WireRecord): WireRecord => ({ voiceId, submitTime });
	if (!inbox.put(isConfirming ? push.calls.map(toLookup) : push.calls)) {
		return { httpStatus: 503, message: 'Too many pushed calls are waiting. Send the push again later.' };
	}
	if (push.unreadableCount > 0)
		warn(context, `Pushed calls dropped because they have no valid voice ID: ${push.unreadableCount}`);
	return { httpStatus: 200, message: 'success' };
}

/** @throws NodeApiError when no call could be looked up; n8n shows it as a failed execution */
async function collectRecords(
	context: IWebhookFunctions,
	inbox: Inbox,
	confirm: Confirm,
): Promise<WireRecord[]> {
	const { records, unknownCount, postponedCount, lostCount, error } = await inbox.collect(confirm);
	if (unknownCount > 0)
		warn(context, `Pushed calls dropped because ITNIO TECH has no record of them: ${unknownCount}`);
	if (postponedCount > 0) {
		warn(
			context,
			`Pushed calls waiting for the next push because they could not be verified: ${postponedCount}`,
		);
	}
	if (lostCount > 0) {
		describeLostCalls(error, lostCount);
		throw error;
	}
	return records;
}

function describeLostCalls(error: unknown, lostCount: number): void {
	if (!(error instanceof Error && 'description' in error)) return;
	const description = textOf(error.description)?.replace(/\.$/, '');
	error.description = `${description ? `${description}. ` : ''}Pushed calls that could not be verified and were not output: ${lostCount}. Use "Query Voice Records" to find them.`;
}

function createConfirm(api: Api, { isConfirming }: PushSettings): Confirm {
	if (!isConfirming) return async (calls) => ({ records: calls, missing: [], remaining: [] });
	const lookup: RecordLookup = {
		...api,
		find: async (voiceId) => await api.fetchRecord(voiceId),
		nowMs: Date.now,
	};
	return async (calls, isLastTry) => {
		const confirmation = await confirmCalls(calls, isLastTry, lookup);
		return { ...confirmation, isTemporary: isTemporary(confirmation.error) };
	};
}

/** False before n8n 2.4x, where errors have no cause. */
function isTemporary(error: unknown): boolean {
	const cause = error instanceof NodeApiError ? error.failure?.cause : undefined;
	return cause === 'temporarily-unavailable' || cause === 'rate-limited';
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
