import {
	NodeApiError,
	NodeOperationError,
	type IHookFunctions,
	type INode,
	type IPollFunctions,
	type IWebhookFunctions,
} from 'n8n-workflow';

export function asNodeError(
	node: INode,
	error: unknown,
	itemIndex?: number,
): NodeApiError | NodeOperationError {
	if (!(error instanceof NodeApiError)) return new NodeOperationError(node, error as Error, { itemIndex });
	if (itemIndex !== undefined) error.context.itemIndex = itemIndex;
	return error;
}

/** @throws NodeApiError or NodeOperationError for whatever the work throws */
export async function withNodeErrors<T>(
	context: IPollFunctions | IHookFunctions | IWebhookFunctions,
	work: () => Promise<T>,
): Promise<T> {
	try {
		return await work();
	} catch (error) {
		const nodeError = asNodeError(context.getNode(), error);
		throw nodeError;
	}
}
