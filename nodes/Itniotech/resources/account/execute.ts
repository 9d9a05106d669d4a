import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { fetchBalance } from '../../api/endpoints';
import type { Api } from '../../api/request';

/** The balance of the account, amounts as numbers. */
export async function getBalance(_: IExecuteFunctions, __: number, api: Api): Promise<INodeExecutionData[]> {
	return [{ json: await fetchBalance(api) }];
}
