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

/** The triggers that are reading at this moment: another poll of the same one would give the same calls out twice. */
const polling = new Set<string>();

export class ItniotechTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'ITNIO TECH Trigger',
		name: 'itniotechTrigger',
		icon: { light: 'file:itniotech.svg', dark: 'file:itniotech.dark.svg' },
		group: ['trigger'],
		version: 1,
		subtitle: '={{$parameter["event"]}}',
		description: 'Starts a workflow when ITNIO TECH voice calls fail, are answered or end',
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
		context.logger.debug('ITNIO TECH Trigger: the poll before is not done yet');
		return null;
	}
	polling.add(trigger);
	try {
		const kept = context.getWorkflowStaticData('node');
		const { items, checkpoint } = await poll(context, api, kept.checkpoint);
		kept.checkpoint = checkpoint;
		return items.length > 0 ? [items] : null;
	} finally {
		polling.delete(trigger);
	}
}
