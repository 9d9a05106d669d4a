import type { IExecuteFunctions } from 'n8n-workflow';

/** Whether an AI agent runs the node. n8n gives the tool version of a node a type of its own. */
export function isTool(context: IExecuteFunctions): boolean {
	return context.getNode().type.endsWith('Tool');
}
