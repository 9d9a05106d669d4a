/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import type { Credential, NewWorkflow } from './client';
import { CHECKOUT } from './processes';

const FOLDER = path.join(CHECKOUT, 'examples');

/** The names of the importable workflows of the package. */
export function shippedNames(): string[] {
	return readdirSync(FOLDER).map((file) => path.basename(file, '.json'));
}

/** An importable workflow of the package as it is, but for the ids of the credentials, which are put in by their type. */
export async function shippedWorkflow(name: string, credentials: Credential[]): Promise<NewWorkflow> {
	const text = await readFile(path.join(FOLDER, `${name}.json`), 'utf8');
	const workflow = JSON.parse(text) as NewWorkflow;
	const nodes = workflow.nodes.map((node) => ({
		...node,
		credentials: Object.fromEntries(
			Object.keys(node.credentials ?? {}).map((type) => {
				const found = credentials.find((credential) => credential.type === type);
				return [type, { id: found?.id ?? null, name: found?.name ?? '' }];
			}),
		),
	}));
	return { ...workflow, nodes };
}

/** With a value where the note of a workflow that places calls asks for one. */
export function filledIn(workflow: NewWorkflow): NewWorkflow {
	const values: IDataObject = { appId: 'app-1', calledNumber: '15550100' };
	const nodes = workflow.nodes.map((node) => ({
		...node,
		parameters: Object.fromEntries(
			Object.entries(node.parameters).map(([name, value]) => [
				name,
				value === '' ? (values[name] ?? value) : value,
			]),
		) as INodeParameters,
	}));
	return { ...workflow, nodes };
}
