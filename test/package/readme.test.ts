/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- for shipped code, not for tests */
import { existsSync, readdirSync, readFileSync } from 'fs';
import type { ICredentialType, INodeProperties, INodeType } from 'n8n-workflow';
import { basename, join } from 'path';
import { STATUS_MEANINGS } from '../../nodes/Itniotech/api/status';

const ROOT = join(__dirname, '../..');
const PAGES = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'];
const textOf = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const readme = textOf('README.md');
const { n8n } = JSON.parse(textOf('package.json')) as { n8n: { nodes: string[]; credentials: string[] } };

/** The class that a built file is named after. */
function load<T>(file: string): T {
	const classes = jest.requireActual<Record<string, new () => T>>(join(ROOT, file));
	return new classes[basename(file).split('.')[0]]();
}
const nodes = n8n.nodes.map((file) => load<INodeType>(file).description);
const credentials = n8n.credentials.map((file) => load<ICredentialType>(file));

/** The names of fields, and of those in collections, as the user sees them. */
function namesOf(properties: INodeProperties[]): string[] {
	return properties.flatMap(({ displayName, type, options = [] }) => [
		...(type === 'notice' ? [] : [displayName]),
		...(type === 'collection' ? namesOf(options as INodeProperties[]) : []),
	]);
}

test.each([
	...nodes.map(({ displayName, properties }) => [displayName, properties] as const),
	...credentials.map(({ displayName, properties }) => [displayName, properties] as const),
])('the README names %s and each of its fields', (displayName, properties) => {
	const names = [displayName, ...namesOf(properties)];
	expect(names.length).toBeGreaterThan(3);
	expect(names.filter((name) => !readme.includes(name))).toEqual([]);
});

test('the README has a section for each operation', () => {
	const headings = readme.split('\n').filter((line) => line.startsWith('### '));
	const operations = nodes.flatMap(({ properties }) =>
		properties
			.filter(({ name }) => name === 'operation')
			.flatMap(({ options }) => options!.map((option) => option.name)),
	);
	expect(operations.length).toBeGreaterThan(4);
	expect(operations.filter((operation) => !headings.some((line) => line.endsWith(`→ ${operation}`)))).toEqual(
		[],
	);
});

test('the README says what to do about each status', () => {
	const table = /## Messages\n([^#]*)/.exec(readme)![1];
	const told = [...table.matchAll(/(?<=^\|[^|]*)-\d+/gm)].map(([status]) => status);
	expect(told.sort()).toEqual([...STATUS_MEANINGS.keys()].sort());
});

test('the messages of the README are those of the node', () => {
	const source = readdirSync(join(ROOT, 'nodes'), { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.ts'))
		.map((file) => textOf(join('nodes', file)).replace(/\$\{[^}]+\}/g, '...'))
		.join('\n');
	const table = /Without a status:\n\n.*\n.*\n((\|.*\n)+)/.exec(readme)![1];
	const messages = table.match(/(?<=^\| )[^|]+(?= \|)/gm)!;
	expect(messages.length).toBeGreaterThan(5);
	expect(messages.filter((message) => !source.includes(message))).toEqual([]);
});

test('the README shows each example workflow', () => {
	const workflows = readdirSync(join(ROOT, 'examples'));
	expect(workflows.filter((file) => !readme.includes(`(examples/${file})`))).toEqual([]);
});

test.each(PAGES)('each link and picture of %s leads somewhere', (page) => {
	const text = textOf(page);
	const targets = [...text.matchAll(/(?:\]\(|src(?:set)?=")(?!https?:)([^)"]+)/g)].map(
		([, target]) => target,
	);
	const isThere = (target: string) => {
		const [file, anchor] = target.split('#');
		if (file && !existsSync(join(ROOT, file))) return false;
		return anchor === undefined || anchorsOf(file ? textOf(file) : text).includes(anchor);
	};
	expect(targets.filter((target) => !isThere(target))).toEqual([]);
});

/** What GitHub calls the headings of a page. */
function anchorsOf(markdown: string): string[] {
	return [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
		heading
			.toLowerCase()
			.replace(/[^\p{L}\p{N}\s_-]/gu, '')
			.replaceAll(' ', '-'),
	);
}
