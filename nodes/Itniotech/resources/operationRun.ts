import type { IExecuteFunctions } from 'n8n-workflow';
import type { Api } from '../api/endpoints';

export interface OperationRun {
	context: IExecuteFunctions;
	itemIndex: number;
	api: Api;
}
