/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- for shipped code, not for tests */
import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import type { IDataObject, INode, IWorkflowBase } from 'n8n-workflow';

const FOLDER = join(__dirname, '../../examples');

const calls = readdirSync(FOLDER).flatMap((file) => {
	const workflow = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as IWorkflowBase;
	return workflow.nodes
		.filter(
			({ parameters }) =>
				['sendText', 'sendFile'].includes(String(parameters.operation)) ||
				parameters.resource === 'voiceCampaign',
		)
		.map((node) => ({ file, node, workflow }));
});
const byNode = calls.map(({ file, node, workflow }) => [`${file}: ${node.name}`, node, workflow] as const);

/** What each reference of a node begins with, or the name of its campaign. */
function prefixOf({ parameters }: INode, { nodes }: IWorkflowBase): string {
	const { calledInfo = parameters.campaignName } = parameters.options as IDataObject;
	return /^=?([a-z]+-)/.exec(String(assignedBy(nodes, String(calledInfo)) ?? calledInfo))?.[1] ?? '';
}

/** What another node assigns to the field that an expression takes from it. */
function assignedBy(nodes: INode[], expression: string): unknown {
	const [, nodeName, field] = /^=\{\{ \$\('([^']+)'\)\.first\(\)\.json\.(\w+) \}\}$/.exec(expression) ?? [];
	const { assignments } = nodes.find(({ name }) => name === nodeName)?.parameters ?? {};
	return (assignments as { assignments: IDataObject[] } | undefined)?.assignments.find(
		({ name }) => name === field,
	)?.value;
}

test('there are examples that place calls', () => expect(calls.length).toBeGreaterThanOrEqual(3));

test('each example has its own reference prefix, and none is the beginning of another', () => {
	const prefixes = [
		...new Set(calls.map(({ file, node, workflow }) => `${prefixOf(node, workflow)} ${file}`)),
	];
	expect(prefixes.filter((prefix) => prefix.startsWith(' '))).toEqual([]);
	const words = prefixes.map((prefix) => prefix.split(' ')[0]);
	expect(
		words.filter((word, at) => words.some((other, place) => place !== at && other.startsWith(word))),
	).toEqual([]);
});

test.each(byNode)('%s asks for what only its user knows', (_, { parameters }) => {
	expect(parameters.appId).toBe('');
	expect(['', '=']).toContain(String(parameters.calledNumber ?? parameters.calledNumbers).slice(0, 1));
});

test.each(byNode)('%s leads its error output somewhere', (_, { name, onError }, { connections }) => {
	const outputs = connections[name]?.main.filter((output) => output && output.length > 0) ?? [];
	if (onError === 'continueErrorOutput') expect(outputs).toHaveLength(2);
});

test('List Unreached Numbers covers the references of the calls that its example makes, and of no other example', () => {
	for (const file of readdirSync(FOLDER)) {
		const { nodes } = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as IWorkflowBase;
		const unreached = nodes.find(({ parameters }) => parameters.operation === 'unreached');
		if (!unreached) continue;
		const { calledInfo } = unreached.parameters.filters as IDataObject;
		const own = calls
			.filter((call) => call.file === file)
			.map(({ node, workflow }) => `${prefixOf(node, workflow)}*`);
		expect(new Set(own)).toEqual(new Set(calledInfo === undefined ? [] : [calledInfo]));
	}
});
