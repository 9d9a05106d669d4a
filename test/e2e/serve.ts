/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { DEFAULT_VERSION, VERSIONS } from './support/install';
import { askedToEnd } from './support/processes';
import { shippedNames, shippedWorkflow } from './support/shipped';
import { openStage, type Stage } from './support/stage';

const USAGE = `npm run n8n -- [options]
  --n8n 1.123   version of n8n, default ${DEFAULT_VERSION}; there are ${VERSIONS.join(', ')}
  --help
`;

/** Starts n8n with the node, the simulator and the example workflows, for use in a browser. */
async function main() {
	const { values } = parseArgs({ options: { n8n: { type: 'string' }, help: { type: 'boolean' } } });
	if (values.help) {
		process.stdout.write(USAGE);
		return;
	}
	// guard.js ends n8n, and the simulator runs in this process.
	void askedToEnd().then(() => process.exit());
	process.stderr.write('Starting n8n and the simulator.\n');
	const stage = await openStage({ hasFaultPage: true }, values.n8n);
	const names = await importWorkflows(stage);
	process.stdout.write(`
n8n        ${stage.n8n.url}
e-mail     ${stage.owner.email}
password   ${stage.owner.password}
simulator  ${stage.simulator.url} (open it in the browser to let requests fail)
workflows  ${names.join(', ')}

Everything is temporary. Ctrl-C ends it, or in another terminal: kill ${process.pid}
`);
}

/** Imports the example workflows, ready to run, and returns their names. */
async function importWorkflows({ client, credential }: Stage) {
	const names: string[] = [];
	for (const file of shippedNames()) {
		const workflow = await shippedWorkflow(file, [credential]);
		await client.createWorkflow(workflow);
		names.push(workflow.name);
	}
	return names;
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
