import type { INode } from 'n8n-workflow';
import { push, pushBody } from '../../simulator/push';
import type { Editor } from './editor';
import { withCredential, type Stage } from './stage';

/** A screen of the editor that shows the package: leads a browser there and returns what can be read on it. */
export type Screen = (editor: Editor, stage: Stage) => Promise<unknown>;

const PUSH_URL_ID = 'push-trigger-on-a-screen';

async function addQuery(editor: Editor): Promise<void> {
	await editor.newWorkflow();
	await editor.addNode('Trigger manually');
	await editor.addNode('ITNIO TECH', 'Query voice records');
}

/** Fills in a credential for the simulator and saves it. Returns what n8n says about its test. */
async function createCredential(
	editor: Editor,
	{ credentialData }: Stage,
	apiSecret: string,
): Promise<string> {
	await addQuery(editor);
	await editor.newCredential();
	await editor.fill('apiKey', credentialData.apiKey);
	await editor.fill('apiSecret', apiSecret);
	await editor.fill('baseUrl', credentialData.baseUrl);
	return await editor.saveCredential();
}

/** By name; pictures of them are in `docs/` under the same names. */
export const screens = {
	async 'nodes-panel'(editor) {
		await editor.newWorkflow();
		await editor.addNode('Trigger manually');
		const found: Record<string, string[]> = {};
		for (const words of ['ITNIO TECH', 'CDR', 'voice', 'call records']) {
			found[words] = await editor.findNodes(words);
		}
		return found;
	},

	async query(editor) {
		await addQuery(editor);
		await editor.choose('timeRange', 'Last 7 Days');
		await editor.toggle('returnAll');
		await editor.execute();
		return await editor.outputTable();
	},

	async 'query-invalid-range'(editor) {
		await addQuery(editor);
		await editor.choose('timeRange', 'Custom');
		await editor.fill('startTime', '2026-11-20 00:00:00');
		await editor.fill('endTime', '2026-11-10 00:00:00');
		await editor.execute();
		return await editor.message();
	},

	async summarize(editor) {
		await editor.newWorkflow();
		await editor.addNode('Trigger manually');
		await editor.addNode('ITNIO TECH', 'Summarize voice records');
		await editor.choose('timeRange', 'Last 7 Days');
		await editor.choose('groupBy', 'Day');
		await editor.page.keyboard.press('Escape');
		await editor.execute();
		return await editor.outputTable();
	},

	async report(editor) {
		await editor.newWorkflow();
		await editor.addNode('Trigger manually');
		await editor.addNode('ITNIO TECH', 'Create a call report');
		await editor.choose('timeRange', 'Last Week');
		await editor.execute();
		return await editor.outputTable();
	},

	async campaign(editor, { client, credential }) {
		const start = { type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, parameters: {} };
		const parameters = {
			resource: 'voiceCampaign',
			operation: 'create',
			campaignName: 'Spring sale',
			calledNumber: '={{ $json.phone }}',
			messageType: 'text',
			text: 'Hello, our spring sale ends on Friday.',
			language: { __rl: true, mode: 'list', value: 'EN', cachedResultName: 'English' },
			appId: 'app-1',
			options: { callingHours: '09:00-12:00, 14:00-18:00', dryRun: true },
		};
		const type = 'n8n-nodes-itniotech.itniotech';
		const workflow = withCredential(
			{
				name: 'Campaign',
				nodes: [
					{ id: 'start', name: 'Customers', position: [0, 0], ...start },
					{ id: 'node', name: 'Create Campaign', position: [220, 0], type, typeVersion: 1, parameters },
				],
				connections: { Customers: { main: [[{ node: 'Create Campaign', type: 'main', index: 0 }]] } },
				pinData: { Customers: ['15550100', '15550101', '+1 555-0100'].map((phone) => ({ json: { phone } })) },
			},
			credential,
		);
		await editor.openWorkflow((await client.createWorkflow(workflow)).id);
		await editor.openNode('Create Campaign');
		await editor.execute();
		return await editor.outputTable();
	},

	async trigger(editor) {
		await editor.newWorkflow();
		await editor.addNode('ITNIO TECH', 'On call failed');
		await editor.execute();
		return await editor.outputTable();
	},

	async 'push-trigger'(editor, { client, credential, n8n, simulator }) {
		const trigger: INode = {
			id: 'trigger',
			name: 'ITNIO TECH Push Trigger',
			type: 'n8n-nodes-itniotech.itniotechPushTrigger',
			typeVersion: 1,
			position: [0, 0],
			parameters: {},
			webhookId: PUSH_URL_ID,
		};
		const workflow = withCredential({ name: 'Pushed Calls', nodes: [trigger], connections: {} }, credential);
		await editor.openWorkflow((await client.createWorkflow(workflow)).id);
		await editor.openNode(trigger.name);
		await editor.execute();
		const records = simulator.dataset.slice({ fromMs: 0, toMs: Date.now(), order: 'newestFirst' }, 0, 5);
		const url = `${n8n.url}/webhook-test/${PUSH_URL_ID}/pushed-calls`;
		while ((await push(url, pushBody(records))) !== 200) await editor.page.waitForTimeout(200);
		return await editor.outputTable();
	},

	// n8n offers the newest credential first: the one that works comes last.
	async 'credential-wrong-secret'(editor, stage) {
		return await createCredential(editor, stage, 'not-the-secret');
	},

	async credential(editor, stage) {
		return await createCredential(editor, stage, stage.credentialData.apiSecret);
	},
} satisfies Record<string, Screen>;
