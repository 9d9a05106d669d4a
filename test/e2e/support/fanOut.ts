import type { IDataObject } from 'n8n-workflow';
import { fetch } from 'undici';
import type { Execution, SavedWorkflow } from './client';
import { shippedWorkflow } from './shipped';
import type { Stage } from './stage';
import { until } from './waiting';

export const ZONE = 'Europe/Berlin';

/** The trigger of `fan-out-by-day.json` that asks for nothing. */
export const FAN_OUT_START = 'For the Last Seven Days';

/** Imports and publishes `fan-out-by-day.json`, as its note says, and waits until its webhook is there. */
export async function publishFanOut({ client, credential }: Stage): Promise<SavedWorkflow> {
	const key = { name: 'X-Key', value: 'a long random text' };
	const header = await client.createCredential('httpHeaderAuth', 'Header Auth account', key);
	const workflow = await shippedWorkflow('fan-out-by-day', [credential, header]);
	const settings = { ...workflow.settings, timezone: ZONE };
	const saved = await client.createWorkflow({ ...workflow, settings });
	await client.activate(saved);
	await until(async () => (await askWithoutKey(client.url)) !== 404);
	return saved;
}

/** The HTTP status that one who does not know the key gets. */
export async function askWithoutKey(url: string): Promise<number> {
	const answer = await fetch(`${url}/webhook/itniotech-one-day`, { method: 'POST' });
	await answer.body?.cancel();
	return answer.status;
}

/** What a node gave out, without what n8n adds to it. */
export function outputOf({ data }: Execution, node: string): IDataObject[] {
	return data.resultData.runData[node]?.at(-1)?.data?.main[0]?.map(({ json }) => json) ?? [];
}
