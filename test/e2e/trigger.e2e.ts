import type { INodeParameters } from 'n8n-workflow';
import { listDataset, seededDataset } from '../simulator/dataset';
import { openStage, withCredential, type Stage } from './support/stage';

const NOW = Date.now();

let stage: Stage;

beforeAll(async () => {
	stage = await openStage();
});

afterAll(async () => {
	await stage?.stop();
});

beforeEach(() => {
	stage.simulator.resetStats();
	stage.simulator.dataset = seededDataset({ count: 200, from: NOW - 3_000_000, to: NOW, seed: 3 });
});

/** What "Fetch Test Event" shows: the items, or the message beside the node. */
async function fetchTestEvent(parameters: INodeParameters) {
	const trigger = {
		id: 'trigger',
		name: 'Trigger',
		type: 'n8n-nodes-itniotech.itniotechTrigger',
		typeVersion: 1,
		position: [0, 0] as [number, number],
		parameters: { pollTimes: { item: [{ mode: 'everyMinute' }] }, ...parameters },
	};
	const workflow = withCredential({ name: 'Trigger', nodes: [trigger], connections: {} }, stage.credential);
	const saved = await stage.client.createWorkflow(workflow);
	const { data } = await stage.client.runWorkflow(saved, 'Trigger');
	const answer = await stage.client.get(`/rest/workflows/${saved.id}`);
	const { staticData } = ((await answer.json()) as { data: { staticData: object | null } }).data;
	const { message, description } = data.resultData.error ?? {};
	const items = data.resultData.runData.Trigger?.at(-1)?.data?.main[0]?.map(({ json }) => json) ?? [];
	return { items, message, description, staticData };
}

it('"Fetch Test Event" shows the newest failed call, and stores no state', async () => {
	const { items, message, staticData } = await fetchTestEvent({});
	const failed = stage.simulator.dataset
		.slice({ fromMs: NOW - 3_600_000, toMs: NOW, order: 'newestFirst' }, 0, 200)
		.find(({ terminationCode }) => !['200', '0'].includes(String(terminationCode)));
	expect(message).toBeUndefined();
	expect(items).toMatchObject([{ voiceId: failed?.voiceId, outcome: 'failed' }]);
	expect(JSON.stringify(staticData)).not.toContain('checkpoint');
});

it('"Fetch Test Event" says so when there is no call to show', async () => {
	stage.simulator.dataset = listDataset([]);
	expect(await fetchTestEvent({})).toMatchObject({
		items: [],
		message: 'There are no calls from the last 31 days to show',
		description: expect.stringContaining('The trigger works without an example'),
	});
});

it('"Fetch Test Event" names the field whose value is not valid, and sends nothing', async () => {
	expect((await fetchTestEvent({ options: { lookback: 0 } })).message).toBe(
		'"Look-Back (Minutes)" must be a whole number from 1 to 10,080',
	);
	expect(stage.simulator.requests).toEqual([]);
});

it('"Fetch Test Event" says what to do when the service refuses a request', async () => {
	stage.simulator.failNext({ kind: 'status', status: '-2' });
	expect(await fetchTestEvent({})).toMatchObject({
		message: 'ITNIO TECH does not accept requests from the IP address of this n8n server',
		description: expect.stringContaining('Add the public IP address'),
	});
});
