import {
	NodeApiError,
	type IDataObject,
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

/** What the sender is told. */
interface Reception {
	httpStatus: number;
	message: string;
}

/** What counts as accepted is not documented; so it looks like a success of the API itself. */
const ACCEPTED = { status: '0', reason: 'success' };

/**
 * Checks the form and, where reports are to be confirmed, that the API answers.
 * @throws UserError, NodeApiError
 */
export async function checkAccess(context: IHookFunctions, api: Api): Promise<void> {
	if (!readSettings(context).isConfirming) return;
	const nowS = Math.floor(Date.now() / 1000);
	await api.fetchPage(toTimeSpan({ fromS: nowS - 3600, toS: nowS }), 1, 1);
}

/**
 * Takes the reports of a push in, answers the sender, and only then finds out which are genuine and new.
 * @param kept what n8n keeps for this node; the calls that were given out are added to it
 * @returns the items to give out
 * @throws UserError, NodeApiError
 */
export async function receive(
	context: IWebhookFunctions,
	api: Api,
	inbox: Inbox,
	kept: IDataObject,
): Promise<INodeExecutionData[]> {
	const settings = readSettings(context);
	inbox.recall(kept.recentCalls);
	if (!answerSender(context, settings, inbox)) return [];
	const records = await collect(context, api, settings, inbox);
	if (records.length > 0) kept.recentCalls = inbox.remembered();
	return toItems(records.filter(matches(settings)), settings);
}

/**
 * A test in the editor: takes the reports of one push, repeated or not, and touches no state. Where none of the calls
 * has the event, any of them is shown.
 * @param inbox of this test alone
 */
export async function receiveTest(
	context: IWebhookFunctions,
	api: Api,
	inbox: Inbox,
): Promise<INodeExecutionData[]> {
	const settings = readSettings(context);
	if (!answerSender(context, settings, inbox)) return [];
	const records = await collect(context, api, settings, inbox);
	const matched = records.filter(matches(settings));
	return toItems(matched.length > 0 ? matched : records, settings);
}

/** @returns whether the push was accepted */
function answerSender(context: IWebhookFunctions, settings: PushSettings, inbox: Inbox): boolean {
	const { httpStatus, message } = takeIn(context, settings, inbox);
	const isAccepted = httpStatus === 200;
	context
		.getResponseObject()
		.status(httpStatus)
		// When the node throws after its answer, n8n cuts the connection; the next push must not be on it.
		.set('Connection', 'close')
		.json(isAccepted ? ACCEPTED : { message });
	if (!isAccepted) warn(context, `a push was refused: ${message}`);
	return isAccepted;
}

function takeIn(
	context: IWebhookFunctions,
	{ isAllowed, isConfirming }: PushSettings,
	inbox: Inbox,
): Reception {
	const { ip, rawBody } = context.getRequestObject() as { ip?: string; rawBody?: Buffer };
	if (!isAllowed(ip)) return { httpStatus: 403, message: 'The sender is not among the allowed IP addresses' };
	if ((rawBody?.length ?? 0) > MAX_PUSH_BYTES)
		return { httpStatus: 400, message: 'The body is larger than 1 MB' };
	// n8n's own parsing loses the last digits of a voice ID that is sent as a number.
	const push = parsePush(rawBody?.toString('utf8') ?? JSON.stringify(context.getBodyData()));
	if (!push) return { httpStatus: 400, message: 'The body holds no voice report, or too many' };
	// Of what is looked up anyway, no more is kept meanwhile than the lookup needs.
	const toKeep = ({ voiceId, submitTime }: WireRecord): WireRecord => ({ voiceId, submitTime });
	if (!inbox.put(isConfirming ? push.reports.map(toKeep) : push.reports)) {
		return { httpStatus: 503, message: 'Too many reports are waiting. Send it again later.' };
	}
	if (push.unreadable > 0) warn(context, `reports without a voice ID, dropped: ${push.unreadable}`);
	return { httpStatus: 200, message: 'success' };
}

/** @throws NodeApiError when nothing could be looked up; n8n shows it as an execution that did not succeed */
async function collect(
	context: IWebhookFunctions,
	api: Api,
	settings: PushSettings,
	inbox: Inbox,
): Promise<WireRecord[]> {
	const { records, unknown, postponed, lost, error } = await inbox.collect(confirmer(api, settings));
	if (unknown > 0) warn(context, `reports of calls that ITNIO TECH does not know, dropped: ${unknown}`);
	if (postponed > 0) {
		warn(context, `reports that wait for the next push, as ITNIO TECH refused a request: ${postponed}`);
	}
	if (lost > 0) {
		if (error instanceof Error && 'description' in error) {
			const known = textOf(error.description)?.replace(/\.$/, '');
			error.description = `${known ? `${known}. ` : ''}Reports that could not be confirmed and are not given out: ${lost}. "Query Voice Records" finds their calls.`;
		}
		throw error;
	}
	return records;
}

function confirmer(api: Api, { isConfirming }: PushSettings): Confirm {
	if (!isConfirming) return async (reports) => ({ records: reports, missing: [], unasked: [] });
	const lookup: RecordLookup = {
		...api,
		find: async (voiceId) => await api.fetchRecord(voiceId),
		now: Date.now,
	};
	return async (reports, isLastTry) => {
		const confirmation = await confirmCalls(reports, isLastTry, lookup);
		return { ...confirmation, mayPass: mayPass(confirmation.error) };
	};
}

/** Before n8n 2.4x, an error does not tell. */
function mayPass(error: unknown): boolean {
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
