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
import { Inbox, type InboxClock } from './triggers/push/inbox';
import { pushDescription } from './triggers/push/description';
import { checkAccess, receive, receiveTest } from './triggers/push/receive';
import { withNodeErrors } from './shared/nodeError';

const CLOCK: InboxClock = { now: Date.now, sleep };

/** Of the triggers that this process takes reports for. */
const inboxes = new Map<string, Inbox>();

export class ItniotechPushTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'ITNIO TECH Push Trigger',
		name: 'itniotechPushTrigger',
		icon: { light: 'file:itniotech.svg', dark: 'file:itniotech.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{$parameter["event"]}}',
		description: 'Starts a workflow when ITNIO TECH pushes the report of a voice call',
		defaults: { name: 'ITNIO TECH Push Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'itniotechApi', required: true, displayOptions: { show: { confirm: [true] } } }],
		webhooks: [{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'pushed-calls' }],
		triggerPanel: { header: 'Wait for a report that ITNIO TECH sends to the test URL' },
		properties: pushDescription,
	};

	webhookMethods = {
		default: {
			/** After a restart of n8n the URL is what it was, and nothing is to be checked: ITNIO TECH may be away. */
			async checkExists(this: IHookFunctions): Promise<boolean> {
				return ['init', 'leadershipChange'].includes(this.getActivationMode());
			},
			/** The URL is set by hand at ITNIO. Here, what would make every report fail refuses the activation. */
			async create(this: IHookFunctions): Promise<boolean> {
				await withNodeErrors(this, async () => await checkAccess(this, createApi(this)));
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				// The end of a test in the editor leaves the active workflow alone.
				if (this.getMode() !== 'manual') inboxes.delete(keyOf(this));
				return true;
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const api = createApi(this);
		return await withNodeErrors(this, async () => {
			const items =
				this.getMode() === 'manual'
					? await receiveTest(this, api, new Inbox(CLOCK))
					: await receive(this, api, inboxOf(this), this.getWorkflowStaticData('node'));
			return { noWebhookResponse: true, workflowData: items.length > 0 ? [items] : undefined };
		});
	}
}

function inboxOf(context: IWebhookFunctions): Inbox {
	const key = keyOf(context);
	const inbox = inboxes.get(key) ?? new Inbox(CLOCK);
	inboxes.set(key, inbox);
	return inbox;
}

function keyOf(context: IHookFunctions | IWebhookFunctions): string {
	return `${context.getWorkflow().id} ${context.getNode().id}`;
}
