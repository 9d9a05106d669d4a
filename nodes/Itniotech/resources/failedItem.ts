import type { INodeExecutionData } from 'n8n-workflow';

const outputs = new WeakMap<object, INodeExecutionData[]>();

/** What an item that failed is to output before its error item, where the node continues. */
export function setOutputOfFailedItem(error: unknown, items: INodeExecutionData[]): void {
	if (typeof error === 'object' && error !== null) outputs.set(error, items);
}

export function outputOfFailedItem(error: unknown): INodeExecutionData[] {
	return (typeof error === 'object' && error !== null && outputs.get(error)) || [];
}
