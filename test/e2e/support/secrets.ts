/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Stage } from './stage';

/**
 * Where a text can be read in what n8n keeps and shows: every stored execution, and every file of its folder (log,
 * database with its journal, settings).
 */
async function placesOf(text: string, { client, n8n }: Stage): Promise<string[]> {
	const executions = await client.executions();
	const stored = await Promise.all(executions.map(async ({ id }) => await client.execution(id)));
	const inExecutions = stored
		.filter(({ storedText }) => storedText.includes(text))
		.map(({ id }) => `execution ${id}`);
	const inFiles = readdirSync(n8n.folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map(({ parentPath, name }) => path.join(parentPath, name))
		.filter((file) => readFileSync(file).includes(text))
		.map((file) => path.relative(n8n.folder, file));
	return [...inExecutions, ...inFiles];
}

/** Searches for key and secret, after a proof that the search sees executions, database and log. */
export async function expectNoSecrets(stage: Stage) {
	const { apiKey, apiSecret, baseUrl } = stage.credentialData;
	const [{ id }] = await stage.client.executions();
	expect(await placesOf('"runData"', stage)).toContain(`execution ${id}`);
	expect(await placesOf(stage.owner.email, stage)).toContainEqual(expect.stringContaining('database.sqlite'));
	expect(await placesOf('Editor is now accessible', stage)).toContain('n8n.log');

	expect(await placesOf(apiKey, stage)).toEqual([]);
	expect(await placesOf(apiSecret, stage)).toEqual([]);
	// The credential as a whole is stored encrypted.
	expect(await placesOf(`"baseUrl":"${baseUrl}"`, stage)).toEqual([]);
}
