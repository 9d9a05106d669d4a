/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Stage } from './stage';

/** The newest; older ones are read in n8n's database. */
const MAX_EXECUTIONS = 100;

/**
 * Where a text can be read in what n8n stores and shows: its executions, and every file of its folder (log, database
 * with its journal, settings).
 */
async function placesOf(text: string, { client, n8n }: Pick<Stage, 'client' | 'n8n'>): Promise<string[]> {
	const executions = (await client.executions()).slice(0, MAX_EXECUTIONS);
	const stored = await Promise.all(executions.map(async ({ id }) => await client.execution(id)));
	const inExecutions = stored
		.filter(({ storedText }) => storedText.includes(text))
		.map(({ id }) => `execution ${id}`);
	if (!n8n.folder) return inExecutions;
	const inFiles = readdirSync(n8n.folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map(({ parentPath, name }) => path.join(parentPath, name))
		.filter((file) => readFileSync(file).includes(text))
		.map((file) => path.relative(n8n.folder, file));
	return [...inExecutions, ...inFiles];
}

/**
 * Searches for key and secret, after a proof that the search sees executions, database and log.
 * @param hasDatabaseFile false where n8n stores in a database server, whose executions are searched through n8n
 * @throws Error that says where one was found
 */
export async function refuseLeaks(
	stage: Omit<Stage, 'stop'>,
	{ hasDatabaseFile }: { hasDatabaseFile: boolean },
): Promise<void> {
	const { apiKey, apiSecret, baseUrl } = stage.credentialData;
	const hasRun = (await stage.client.executions()).length > 0;
	for (const [text, place] of [
		...(stage.n8n.folder ? [['Editor is now accessible', 'n8n.log']] : []),
		...(hasDatabaseFile ? [[stage.owner.email, 'database.sqlite']] : []),
		...(hasRun ? [['"resultData"', 'execution ']] : []),
	]) {
		const places = await placesOf(text, stage);
		if (!places.some((one) => one.includes(place))) throw new Error(`The search does not see ${place}`);
	}
	// The credential as a whole is stored encrypted.
	for (const secret of [apiKey, apiSecret, `"baseUrl":"${baseUrl}"`]) {
		const places = await placesOf(secret, stage);
		if (places.length > 0) throw new Error(`${secret} can be read in ${places.join(', ')}`);
	}
}
