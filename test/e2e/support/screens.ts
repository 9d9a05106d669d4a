import type { IDataObject, INode, INodeParameters } from 'n8n-workflow';
import { push, pushBody } from '../../simulator/push';
import type { Editor } from './editor';
import { withCredential, type Stage } from './stage';

/** A screen of the editor that shows the package: leads a browser there and returns what can be read on it. */
export type Screen = (editor: Editor, stage: Stage) => Promise<unknown>;

const PUSH_URL_ID = 'push-trigger-on-a-screen';

/** Fills in a credential for the simulator and saves it. Returns what n8n says about its test. */
async function createCredential(editor: Editor, stage: Stage, apiSecret: string): Promise<string> {
	const { credentialData } = stage;
	await openOperation(editor, stage, 'query', 'Query voice records');
	await editor.newCredential();
	await editor.fill('apiKey', credentialData.apiKey);
	await editor.fill('apiSecret', apiSecret);
	await editor.fill('baseUrl', credentialData.baseUrl);
	return await editor.saveCredential();
}

const ENGLISH = { __rl: true, mode: 'list', value: 'EN', cachedResultName: 'English' };

/** Opens a node in a workflow whose trigger has customers as its output. */
async function openForCustomers(
	editor: Editor,
	{ client, credential }: Stage,
	parameters: INodeParameters,
	name: string,
	customers: IDataObject[],
): Promise<void> {
	const start = { type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, parameters: {} };
	const node = { type: 'n8n-nodes-itniotech.itniotech', typeVersion: 1, parameters };
	const workflow = {
		name,
		nodes: [
			{ id: 'start', name: 'Customers', position: [0, 0] as [number, number], ...start },
			{ id: 'node', name, position: [220, 0] as [number, number], ...node },
		],
		connections: { Customers: { main: [[{ node: name, type: 'main' as const, index: 0 }]] } },
		pinData: { Customers: customers.map((json) => ({ json })) },
	};
	await editor.openWorkflow((await client.createWorkflow(withCredential(workflow, credential))).id);
	await editor.openNode(name);
}

/** Opens the form of an operation on voice records, as if it had just been added to the canvas. */
export async function openOperation(
	editor: Editor,
	stage: Stage,
	operation: string,
	name: string,
): Promise<void> {
	await openForCustomers(editor, stage, { resource: 'voiceRecord', operation }, name, [{}]);
}

/** By name; pictures of them are in `docs/` under the same names. */
export const screens = {
	async 'nodes-panel'(editor) {
		await editor.newWorkflow(['Trigger manually']);
		const found: Record<string, string[]> = {};
		for (const words of ['ITNIO TECH', 'CDR', 'voice', 'alarm', 'phone call', 'call records']) {
			found[words] = await editor.findNodes(words);
		}
		return found;
	},

	async query(editor) {
		await editor.newWorkflow(['Trigger manually'], ['ITNIO TECH', 'Query voice records']);
		await editor.choose('timeRange', 'Last 7 Days');
		await editor.toggle('returnAll');
		await editor.execute();
		return await editor.outputTable();
	},

	async 'query-invalid-range'(editor, stage) {
		await openOperation(editor, stage, 'query', 'Query voice records');
		await editor.choose('timeRange', 'Custom');
		await editor.fill('startTime', '2026-11-20 00:00:00');
		await editor.fill('endTime', '2026-11-10 00:00:00');
		await editor.execute();
		return await editor.message();
	},

	async summarize(editor, stage) {
		await openOperation(editor, stage, 'summarize', 'Summarize voice records');
		await editor.choose('timeRange', 'Last 7 Days');
		await editor.choose('groupBy', 'Day');
		await editor.page.keyboard.press('Escape');
		await editor.execute();
		return await editor.outputTable();
	},

	async report(editor, stage) {
		await openOperation(editor, stage, 'report', 'Create a call report');
		await editor.choose('timeRange', 'Last Week');
		await editor.execute();
		return await editor.outputTable();
	},

	async campaign(editor, stage) {
		const parameters = {
			resource: 'voiceCampaign',
			operation: 'create',
			campaignName: 'Spring sale',
			calledNumber: '={{ $json.phone }}',
			messageType: 'text',
			text: 'Hello, our spring sale ends on Friday.',
			language: ENGLISH,
			appId: 'app-1',
			options: { callingHours: '09:00-12:00, 14:00-18:00', dryRun: true },
		};
		const phones = ['15550100', '15550101', '+1 555-0100'];
		await openForCustomers(
			editor,
			stage,
			parameters,
			'Create Campaign',
			phones.map((phone) => ({ phone })),
		);
		await editor.execute();
		return await editor.outputTable();
	},

	async call(editor, stage) {
		const { behaviour } = stage.simulator;
		Object.assign(behaviour, { ringMs: 1000, talkMs: 9000 });
		behaviour.pressedKeys['15550100'] = '1';
		behaviour.terminationCodes['15550101'] = '486';
		const parameters = {
			resource: 'voiceMessage',
			operation: 'sendText',
			calledNumber: '={{ $json.phone }}',
			text: '=Hello {{ $json.name }}, your parcel is ready. Press 1 to confirm.',
			language: ENGLISH,
			appId: '4luaKsL2',
			waitForOutcome: true,
			options: {},
		};
		const customers = [
			{ name: 'Ann', phone: '+1 555-0100' },
			{ name: 'Ben', phone: '+1 555-0101' },
		];
		await openForCustomers(editor, stage, parameters, 'Call Customers', customers);
		await editor.execute();
		return await editor.outputTable();
	},

	async trigger(editor) {
		await editor.newWorkflow(['ITNIO TECH', 'On call failed']);
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
