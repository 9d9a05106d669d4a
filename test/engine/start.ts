/* eslint-disable no-console, @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-dangerous-functions -- for shipped code, not for tests */
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { parseArgs } from 'node:util';

import Table from 'cli-table3';

import { scripts } from '../../package.json';
import { DEMO_CREDENTIAL, startSimulator } from '../simulator/simulator';
import { readWorkflow, runWorkflow } from './support/engine';

const SHOWN_ROWS = 20;
const COLUMNS = ['submitTime', 'calledNumber', 'area', 'outcome', 'reason', 'callDuration', 'cost'];

/** Builds the package; gulp tells what it does only if it is asked. */
function build(): void {
	const { values } = parseArgs({ options: { verbose: { type: 'boolean' } } });
	const command = values.verbose ? scripts.build.replaceAll('gulp -L', 'gulp') : scripts.build;
	const { status } = spawnSync(command, { shell: true, stdio: 'inherit' });
	if (status !== 0) process.exit(1);
}

/** Runs the example workflow through n8n's engine, against the real service or a simulator, and prints its output. */
async function start(): Promise<void> {
	const { ITNIO_API_KEY: apiKey, ITNIO_API_SECRET: apiSecret, ITNIO_BASE_URL } = process.env;
	const isReal = Boolean(apiKey && apiSecret);
	const simulator = isReal ? undefined : await startSimulator();
	process.once('SIGINT', () => void simulator?.stop().then(() => process.exit(130)));
	try {
		const example = readWorkflow('query-voice-records');
		const baseUrl = simulator?.url ?? ITNIO_BASE_URL ?? 'https://api.itniotech.com';
		const credential = isReal ? { apiKey: apiKey!, apiSecret: apiSecret! } : DEMO_CREDENTIAL;
		console.log(`Running "${example.name}" against ${isReal ? baseUrl : `a simulator at ${baseUrl}`} ...\n`);

		const { items, error, durationMs } = await runWorkflow(example, {
			credential: { ...credential, baseUrl },
		});
		if (error) {
			console.error(`${error.message}\n${error.description ?? ''}`);
			process.exitCode = 1;
			return;
		}
		const table = new Table({ head: COLUMNS, style: { head: [], border: [], compact: true } });
		for (const { json } of items.slice(0, SHOWN_ROWS))
			table.push(COLUMNS.map((column) => String(json[column] ?? '')));
		console.log(table.toString());
		const count = (outcome: string) => items.filter(({ json }) => json.outcome === outcome).length;
		console.log(
			`${items.length} call records (the first ${Math.min(SHOWN_ROWS, items.length)} shown): ` +
				`${count('answered')} answered, ${count('failed')} failed, ${count('pending')} pending; ` +
				`${(durationMs / 1000).toFixed(2)} s through n8n's engine`,
		);
	} finally {
		await simulator?.stop();
	}
}

build();
void start();
