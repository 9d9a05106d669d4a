import {
	NodeConnectionTypes,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPollFunctions,
} from 'n8n-workflow';
import { createApi, type Api } from './api/endpoints';
import { pollingDescription } from './triggers/polling/description';
import { poll, sample } from './triggers/polling/poll';
import { withNodeErrors } from './shared/nodeError';

/** Triggers that are polling right now: a second poll of the same one would output the same calls again. */
const polling = new Set<string>();

export class ItniotechTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'ITNIO TECH Trigger',
		name: 'itniotechTrigger',
		icon: { light: 'file:itniotech.svg', dark: 'file:itniotech.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{$parameter["event"]}}',
		description: 'Starts the workflow when ITNIO TECH voice calls fail, are answered or end',
		defaults: { name: 'ITNIO TECH Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'itniotechApi', required: true }],
		properties: pollingDescription,
	};

	async poll(this: IPollFunctions): Promise<INodeExecutionData[][] | null> {
		const api = createApi(this);
		return await withNodeErrors(this, async () =>
			this.getMode() === 'manual' ? [await sample(this, api)] : await pollOnce(this, api),
		);
	}
}

/** The state is written last, and only when nothing was thrown. */
async function pollOnce(context: IPollFunctions, api: Api): Promise<INodeExecutionData[][] | null> {
	const trigger = `${context.getWorkflow().id} ${context.getNode().id}`;
	if (polling.has(trigger)) {
		context.logger.debug('ITNIO TECH Trigger: skipped, because the previous poll is still running');
		return null;
	}
	polling.add(trigger);
	try {
		const staticData = context.getWorkflowStaticData('node');
		const { items, checkpoint } = await poll(context, api, staticData.checkpoint);
		staticData.checkpoint = checkpoint;
		return items.length > 0 ? [items] : null;
	} finally {
		polling.delete(trigger);
	}
}
