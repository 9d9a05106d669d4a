import type { IExecuteFunctions } from 'n8n-workflow';

import type { Api } from '../../../../../nodes/Itniotech/api/endpoints';
import { NodeRun, OperationRun } from '../../../../../nodes/Itniotech/resources/operationRun';
import { listUnreached } from '../../../../../nodes/Itniotech/resources/voiceRecord/unreached/unreached';

/** n8n's own `getNodeParameter` shows none of these values of a collection; that of a tool or a test may. */
async function list(parameters: Record<string, unknown>): Promise<unknown> {
	const context = {
		getNodeParameter: (name: string, _item: number, other: unknown) => parameters[name] ?? other,
		getNode: () => ({ parameters: {} }),
	};
	const nodeRun = new NodeRun(context as IExecuteFunctions, {} as Api);
	return await listUnreached(new OperationRun(nodeRun, 0));
}

test.each<[string, Record<string, unknown>]>([
	['"Filters" of unreached numbers cannot have outcome', { filters: { outcome: 'failed' } }],
	['"Filters" of unreached numbers cannot have terminationCode', { filters: '{"terminationCode":"486"}' }],
	[
		'"Filters" of unreached numbers cannot have minDuration',
		{ filters: { calledInfo: 'x', minDuration: 1 } },
	],
	['"Filters" of unreached numbers cannot have keyPressed', { filters: { keyPressed: '1' } }],
	[
		'"Options" of unreached numbers cannot have incompleteLists',
		{ options: { incompleteLists: 'continue' } },
	],
])('what would hide answered calls is refused: %s', async (message, parameters) => {
	await expect(list(parameters)).rejects.toThrow(message);
});
