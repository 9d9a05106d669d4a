import { updateDisplayOptions, type INodeProperties } from 'n8n-workflow';

/** The parameters of an operation, which n8n shows only for this operation. */
export function forOperation(
	resource: string,
	operation: string,
	fields: INodeProperties[],
): INodeProperties[] {
	return updateDisplayOptions({ show: { resource: [resource], operation: [operation] } }, fields);
}

/** The operations of a resource. n8n's panel lists the first parameter. An AI agent reads the action of a tool. */
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
