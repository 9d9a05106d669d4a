import type { INodeExecutionData } from 'n8n-workflow';
import type { OperationRun } from '../operationRun';

export async function getBalance({ api }: OperationRun): Promise<INodeExecutionData[]> {
	return [{ json: await api.fetchBalance() }];
}
