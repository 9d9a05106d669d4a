import type { IExecuteFunctions } from 'n8n-workflow';
import type { Api } from '../api/endpoints';

/** What a handler works with: one input item of one execution. */
export interface OperationRun {
	context: IExecuteFunctions;
	itemIndex: number;
	api: Api;
}
