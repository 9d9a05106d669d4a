import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { itemsOf, runNode, type Stage } from './stage';

/** What a node of n8n's data table outputs. */
async function inTable(stage: Stage, name: string, parameters: INodeParameters, items?: IDataObject[]) {
	const dataTableId = { __rl: true, mode: 'name', value: name };
	const execution = await runNode(stage, {
		type: 'n8n-nodes-base.dataTable',
		typeVersion: 1.1,
		parameters: { resource: 'row', dataTableId, ...parameters },
		items,
	});
	expect(execution.data.resultData.error?.message).toBeUndefined();
	return itemsOf(execution).map(({ json }) => json);
}

export async function rowsOf(stage: Stage, name: string): Promise<IDataObject[]> {
	return await inTable(stage, name, { operation: 'get', returnAll: true });
}

export async function insertRows(stage: Stage, name: string, rows: IDataObject[]): Promise<void> {
	const columns = { mappingMode: 'autoMapInputData', value: {}, matchingColumns: [], schema: [] };
	await inTable(stage, name, { operation: 'insert', columns }, rows);
}
