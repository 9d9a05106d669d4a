import type { INodeParameters } from 'n8n-workflow';
import { wireTime } from '../../simulator/records';
import { newCall } from '../../simulator/service';
import type { Simulator } from '../../simulator/simulator';
import type { Credential, N8nClient, SavedWorkflow } from './client';
import { withCredential, type Stage } from './stage';

let calls = 0;

/** A failed call ends now. Returns its id. */
export function failCall(simulator: Simulator): string {
	const call = newCall(Date.now() - 5000, calls++);
	const hangupTime = wireTime(Date.now());
	const outcome = { terminationCode: '486', terminationReason: 'Busy Here' };
	simulator.dataset.add({ ...call, hangupTime, ...outcome });
	return call.voiceId;
}

/** A workflow whose polling trigger asks each minute. */
export async function publishTrigger(
	client: N8nClient,
	credential: Credential,
	parameters: INodeParameters = { event: 'callFailed' },
): Promise<SavedWorkflow> {
	const type = 'n8n-nodes-itniotech.itniotechTrigger';
	const polling = { pollTimes: { item: [{ mode: 'everyMinute' }] }, ...parameters };
	const noOp = { type: 'n8n-nodes-base.noOp', typeVersion: 1, parameters: {} };
	const workflow = {
		name: 'Polling',
		nodes: [
			{ id: 'trigger', name: 'Trigger', position: [0, 0], type, typeVersion: 1, parameters: polling },
			{ id: 'end', name: 'End', position: [220, 0], ...noOp },
		],
		connections: { Trigger: { main: [[{ node: 'End', type: 'main', index: 0 }]] } },
	} satisfies Parameters<typeof client.createWorkflow>[0];
	const saved = await client.createWorkflow(withCredential(workflow, credential));
	await client.activate(saved);
	return saved;
}

/** All items that the trigger has output. */
export async function itemsOutput({ client }: Stage, { id }: SavedWorkflow) {
	const executions = await client.executions(id);
	const ended = executions.filter(({ status }) => ['success', 'error'].includes(status));
	const data = await Promise.all(ended.map(async (execution) => await client.execution(execution.id)));
	return data.flatMap(({ data: { resultData } }) => {
		const items = resultData.runData.Trigger?.at(-1)?.data?.main[0] ?? [];
		return items.map(({ json }) => json);
	});
}
