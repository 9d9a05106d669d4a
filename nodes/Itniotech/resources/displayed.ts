import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';

/** The parameters of an operation, which n8n shows for it alone. */
export function forOperation(
	resource: string,
	operation: string,
	fields: INodeProperties[],
): INodeProperties[] {
	return updateDisplayOptions({ show: { resource: [resource], operation: [operation] } }, fields);
}

/** The operations of a resource. n8n's panel lists the first parameter. What an AI agent reads of a tool is the action. */
export function operationChoice(
	resource: string,
	operations: INodeProperties,
	ofAgents: INodeProperties,
): INodeProperties[] {
	return [
		...updateDisplayOptions({ show: { resource: [resource] }, hide: { '@tool': [true] } }, [operations]),
		...updateDisplayOptions({ show: { resource: [resource], '@tool': [true] } }, [ofAgents]),
	];
}
