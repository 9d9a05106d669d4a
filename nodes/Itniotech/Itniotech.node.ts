import {
	NodeConnectionTypes,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
} from 'n8n-workflow';
import { properties, subtitle } from './resources';
import { testItniotechApi } from './methods/credentialTest';
import { listSearch } from './methods/listSearch';
import { executeItems } from './resources/itemLoop';
import { NodeRun } from './resources/operationRun';

export class Itniotech implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'ITNIO TECH',
		name: 'itniotech',
		icon: { light: 'file:itniotech.svg', dark: 'file:itniotech.dark.svg' },
		group: [],
		version: 1,
		subtitle,
		description:
			'Query and export the voice call records (CDR) of ITNIO TECH, create call reports, place calls, and run call campaigns',
		defaults: { name: 'ITNIO TECH' },
		usableAsTool: {
			replacements: {
				description:
					'Reads the voice call records (CDR) of an ITNIO TECH account: single calls with their outcome, figures such as the answer rate, failures and cost of a time range, and the balance. Only the operations of Voice Message and Voice Campaign place calls: they ring real phones and cost money.',
			},
		},
		builderHint: {
			searchHint:
				'Call records of the ITNIO TECH voice API. To count calls, use "summarize" rather than counting records. To react to calls, use ITNIO TECH Trigger. The resources voiceMessage and voiceCampaign place real calls, which cost money.',
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

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const nodeRun = new NodeRun(this);
		const output = await executeItems(nodeRun);
		await nodeRun.finish();
		return [output];
	}
}
