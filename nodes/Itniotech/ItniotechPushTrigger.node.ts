import {
	NodeConnectionTypes,
	sleep,
	type IHookFunctions,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
} from 'n8n-workflow';
import { createApi } from './api/endpoints';
import { testItniotechApi } from './methods/credentialTest';
import { listSearch } from './methods/listSearch';
import { FIRST_THOROUGH_TRY, Inbox, type InboxClock } from './triggers/push/inbox';
import { eventSubtitle } from './triggers/events';
import { isRestart } from './triggers/restart';
import { pushDescription } from './triggers/push/description';
import { checkStart, receive, receiveTest } from './triggers/push/receive';
import { withNodeErrors } from './shared/nodeError';

/** Whoever waits for a pushed call, or for the trigger to start, does not wait for the limit of another minute. */
const PATIENCE_MS = 15_000;

const CLOCK: InboxClock = { now: Date.now, sleep };

const inboxByTrigger = new Map<string, Inbox>();

export class ItniotechPushTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'ITNIO TECH Push Trigger',
		name: 'itniotechPushTrigger',
		icon: { light: 'file:itniotech.svg', dark: 'file:itniotech.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: eventSubtitle,
		description: 'Starts the workflow when ITNIO TECH pushes a voice call to its webhook URL',
		eventTriggerDescription: 'Waiting for ITNIO TECH to push a call to the test URL',
		activationMessage: 'Set the production URL of this node as the push URL for voice calls at ITNIO.',
		hints: [
			{
				message:
					'Choose "Execute step", then have a call pushed to the test URL. Once the workflow is published, calls arrive at the production URL.',
				type: 'info',
				location: 'outputPane',
				whenToDisplay: 'beforeExecution',
			},
		],
		builderHint: {
			searchHint:
				'Starts within seconds after ITNIO TECH pushes a call to a webhook. Calls that are pushed while n8n is down may be lost: combine it with ITNIO TECH Trigger if none may be missed.',
		},
		defaults: { name: 'ITNIO TECH Push Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [
			{
				name: 'itniotechApi',
				required: true,
				testedBy: 'testItniotechApi',
				displayOptions: { show: { confirm: [true] } },
			},
		],
		webhooks: [{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'pushed-calls' }],
		triggerPanel: { header: 'Wait for ITNIO TECH to push a call to the test URL' },
		properties: pushDescription,
	};

	methods = { credentialTest: { testItniotechApi }, listSearch };

	webhookMethods = {
		default: {
			/** A restart of n8n changes no URL and must not fail because ITNIO TECH cannot be reached. */
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return isRestart(this, false);
			},
			/** The URL is set at ITNIO by hand, so all there is to do is check whether pushed calls could be confirmed. */
			async create(this: IHookFunctions): Promise<boolean> {
				await withNodeErrors(
					this,
					async () => await checkStart(this, createApi(this, { patienceMs: PATIENCE_MS })),
				);
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				// The end of a test in the editor must not affect the active workflow.
				if (this.getMode() === 'manual') return true;
				// Calls that still wait are output after an edit, too.
				const key = keyOf(this);
				if (inboxByTrigger.get(key)?.isEmpty) inboxByTrigger.delete(key);
				return true;
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const api = createApi(this, { patienceMs: PATIENCE_MS });
		return await withNodeErrors(this, async () => {
			const items =
				this.getMode() === 'manual'
					? await receiveTest(this, api, new Inbox(CLOCK, FIRST_THOROUGH_TRY))
					: await receive(this, api, inboxOf(this));
			return { noWebhookResponse: true, workflowData: items.length > 0 ? [items] : undefined };
		});
	}
}

function inboxOf(context: IWebhookFunctions): Inbox {
	const key = keyOf(context);
	const inbox = inboxByTrigger.get(key) ?? new Inbox(CLOCK);
	inboxByTrigger.set(key, inbox);
	return inbox;
}

function keyOf(context: IHookFunctions | IWebhookFunctions): string {
	return `${context.getWorkflow().id} ${context.getNode().id}`;
}
