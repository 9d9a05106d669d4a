import { NodeApiError, NodeOperationError, type INode } from 'n8n-workflow';

/** What n8n shows beside the node, with the number of the input item where there is one. */
export function asNodeError(
	node: INode,
	error: unknown,
	itemIndex?: number,
): NodeApiError | NodeOperationError {
	if (!(error instanceof NodeApiError)) return new NodeOperationError(node, error as Error, { itemIndex });
	if (itemIndex !== undefined) error.context.itemIndex = itemIndex;
	return error;
}
