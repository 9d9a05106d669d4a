import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { createApi } from './api/endpoints';
import { properties, readHandler } from './resources';
import { asNodeError } from './shared/nodeError';

export class Itniotech implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'ITNIO TECH',
		name: 'itniotech',
		icon: { light: 'file:itniotech.svg', dark: 'file:itniotech.dark.svg' },
		group: ['input'],
		version: 1,
		subtitle: '={{$parameter["operation"] + ": " + $parameter["resource"]}}',
		description: 'Query, summarize and export the voice call records (CDR) of ITNIO TECH',
		defaults: { name: 'ITNIO TECH' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'itniotechApi', required: true }],
		properties,
	};

	/** The only loop over the input items, and the only place that continues after an item that failed. */
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const api = createApi(this);
		const output: INodeExecutionData[] = [];
		for (let itemIndex = 0; itemIndex < this.getInputData().length; itemIndex++) {
			const pairedItem = { item: itemIndex };
			const run = { context: this, itemIndex, api };
			try {
				const handle = readHandler(run);
				for (const item of await handle(run)) output.push({ ...item, pairedItem });
			} catch (error) {
				const nodeError = asNodeError(this.getNode(), error, itemIndex);
				if (!this.continueOnFail()) throw nodeError;
				const { message, description } = nodeError;
				// Before 2.41, n8n recognizes items for the error output only by these two names.
				output.push({ json: { error: message, ...(description && { message: description }) }, pairedItem });
			}
		}
		return [output];
	}
}
