import {
	NodeConnectionTypes,
	NodeOperationError,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { createApi } from './api/endpoints';
import { findHandler, properties } from './resources';
import { asNodeError } from './shared/nodeError';

export class Itniotech implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'ITNIO TECH',
		name: 'itniotech',
		icon: { light: 'file:itniotech.svg', dark: 'file:itniotech.dark.svg' },
		group: ['input'],
		version: 1,
		subtitle: '={{$parameter["operation"] + ": " + $parameter["resource"]}}',
		description: 'Query the voice call records (CDR) of ITNIO TECH',
		defaults: { name: 'ITNIO TECH' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: [{ name: 'itniotechApi', required: true }],
		properties,
	};

	/** The only place that goes over the input items, and the only one that may go on after a failed one. */
	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const api = createApi(this);
		const output: INodeExecutionData[] = [];
		for (let itemIndex = 0; itemIndex < this.getInputData().length; itemIndex++) {
			const pairedItem = { item: itemIndex };
			try {
				const resource = this.getNodeParameter('resource', itemIndex) as string;
				const operation = this.getNodeParameter('operation', itemIndex) as string;
				const handle = findHandler(resource, operation);
				if (!handle) {
					throw new NodeOperationError(this.getNode(), `The operation "${operation}" is not known`, {
						description: 'Choose "Resource" and "Operation" from their lists',
						itemIndex,
					});
				}
				for (const item of await handle({ context: this, itemIndex, api }))
					output.push({ ...item, pairedItem });
			} catch (error) {
				const shown = asNodeError(this.getNode(), error, itemIndex);
				if (!this.continueOnFail()) throw shown;
				const { message, description } = shown;
				// By these two names alone, n8n before 2.41 knows what belongs into the error output, where there is one.
				output.push({ json: { error: message, ...(description && { message: description }) }, pairedItem });
			}
		}
		return [output];
	}
}
