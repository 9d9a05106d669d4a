import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IPairedItemData,
} from 'n8n-workflow';
import { properties, readHandler, subtitle } from './resources';
import { testItniotechApi } from './methods/credentialTest';
import { listSearch } from './methods/listSearch';
import { NodeRun, OperationRun } from './resources/operationRun';
import { asNodeError } from './shared/nodeError';

export class Itniotech implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'ITNIO TECH',
		name: 'itniotech',
		icon: { light: 'file:itniotech.svg', dark: 'file:itniotech.dark.svg' },
		group: ['input'],
		version: 1,
		subtitle,
		description:
			'Query and export the voice call records (CDR) of ITNIO TECH, create call reports, and place calls',
		defaults: { name: 'ITNIO TECH' },
		usableAsTool: {
			replacements: {
				description:
					'Reads the voice call records (CDR) of an ITNIO TECH account: single calls with their outcome, figures such as the answer rate, failures and cost of a time range, and the balance. Only the operations of Voice Message place calls: they ring real phones and cost money.',
			},
		},
		builderHint: {
			searchHint:
				'Call records of the ITNIO TECH voice API. To count calls, use "summarize" rather than counting records. To react to calls, use ITNIO TECH Trigger. The resource voiceMessage places real calls, which cost money.',
			relatedNodes: [
				{ nodeType: 'n8n-nodes-itniotech.itniotechTrigger', relationHint: 'Starts a workflow when calls fail, are answered or end' }, // prettier-ignore
			],
		},
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'itniotechApi', required: true, testedBy: 'testItniotechApi' }],
		properties,
	};

	methods = { credentialTest: { testItniotechApi }, listSearch };

	/** The only loop over the input items, and the only place that continues after an item that failed. */
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const nodeRun = new NodeRun(this);
		const output: INodeExecutionData[] = [];
		for (let itemIndex = 0; itemIndex < this.getInputData().length; itemIndex++) {
			const pairedItem = { item: itemIndex };
			const run = new OperationRun(nodeRun, itemIndex);
			try {
				const handle = readHandler(run);
				for (const item of await handle(run)) output.push(paired(item, pairedItem));
			} catch (error) {
				const nodeError = asNodeError(this.getNode(), error, itemIndex);
				if (!this.continueOnFail()) throw nodeError;
				for (const item of run.outputBeforeError) output.push(paired(item, pairedItem));
				const { message, description } = nodeError;
				// Before 2.41, n8n recognizes items for the error output only by these two names.
				output.push({ json: { error: message, ...(description && { message: description }) }, pairedItem });
			}
		}
		await nodeRun.finish();
		return [output];
	}
}

/** Not a copy, which takes 170 bytes more. */
function paired(item: INodeExecutionData, pairedItem: IPairedItemData): INodeExecutionData {
	item.pairedItem = pairedItem;
	return item;
}
