import type { IExecuteFunctions } from 'n8n-workflow';
import type { Api } from '../api/endpoints';

/** One operation on one input item. */
export interface OperationRun {
	context: IExecuteFunctions;
	itemIndex: number;
	api: Api;
}
