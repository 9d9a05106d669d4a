import type { NewWorkflow } from './support/client';
import { shippedNames, shippedWorkflow } from './support/shipped';
import { openStage, type Stage } from './support/stage';

let stage: Stage;

/** As n8n 3 is by default; a package that is there already loads in n8n 2 all the same. */
beforeAll(async () => {
	stage = await openStage({}, undefined, { N8N_UNVERIFIED_PACKAGES_ENABLED: 'false' });
});

afterAll(async () => await stage?.stop());

const withOldAgent: NewWorkflow = {
	name: 'An agent that n8n 3 does not have',
	nodes: [
		{
			id: 'agent',
			name: 'AI Agent',
			type: '@n8n/n8n-nodes-langchain.agent',
			typeVersion: 1.7,
			position: [0, 0],
			parameters: {},
		},
	],
	connections: {},
};

test("n8n's Migration Report for version 3 lists no example", async () => {
	const { client, credential } = stage;
	const names = shippedNames();
	expect(names).toEqual(expect.arrayContaining(['campaign-from-a-table', 'campaign-report']));
	for (const name of names) await client.createWorkflow(await shippedWorkflow(name, [credential]));
	await client.createWorkflow(withOldAgent);
	expect(await client.migrationReport()).toEqual({
		total: names.length + 1,
		affected: { 'agent-node-version-v3': [withOldAgent.name] },
	});
});

test('n8n says that it does not install unverified packages, in the words of docs/install.md', async () => {
	await expect(stage.client.installPackage('n8n-nodes-itniotech')).rejects.toThrow(
		'Installation of unverified community packages is forbidden!',
	);
});
