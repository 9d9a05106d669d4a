/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- for shipped code, not for tests */
import { existsSync, readdirSync, readFileSync } from 'fs';
import type { ICredentialType, INode, INodeProperties, INodePropertyOptions, INodeType } from 'n8n-workflow';
import { basename, dirname, join } from 'path';
import { STATUS_MEANINGS } from '../../nodes/Itniotech/api/status';

const ROOT = join(__dirname, '../..');
const HOME = 'https://github.com/n8n-nodes-itniotech/n8n-nodes-itniotech';
const RAW = 'https://raw.githubusercontent.com/n8n-nodes-itniotech/n8n-nodes-itniotech/main/';
const MAX_README_WORDS = 1100;

const textOf = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const filesIn = (folder: string, end: RegExp) =>
	readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
		.filter((file) => end.test(file))
		.map((file) => join(folder, file));

const DOCS = filesIn('docs', /\.md$/);
const PAGES = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'CODE_OF_CONDUCT.md', ...DOCS];
const LINKING_FILES = [
	...PAGES,
	...filesIn('.github/ISSUE_TEMPLATE', /\.yml$/),
	...filesIn('nodes', /\.json$/),
	...filesIn('credentials', /\.ts$/),
];
const readme = textOf('README.md');
const messages = textOf('docs/messages.md');

const { n8n } = JSON.parse(textOf('package.json')) as { n8n: { nodes: string[]; credentials: string[] } };

/** The class that a built file is named after. */
function load<T>(file: string): T {
	const classes = jest.requireActual<Record<string, new () => T>>(join(ROOT, file));
	return new classes[basename(file).split('.')[0]]();
}
const nodes = n8n.nodes.map((file) => load<INodeType>(file).description);
const credentials = n8n.credentials.map((file) => load<ICredentialType>(file));
const operations = textOf('docs/operations.md');
/** Where the parameters of a node are explained; its filters and fields are those of the operations. */
const pageOf = (nodeName: string) =>
	nodeName.endsWith('Trigger')
		? [
				textOf('docs/triggers.md'),
				...operations.match(/### (Filters|Fields of a call record)\n[^]*?(?=\n##)/g)!,
			].join()
		: operations;

const choicesOf = ({ type, options }: INodeProperties) =>
	['options', 'multiOptions'].includes(type) ? (options as INodePropertyOptions[]) : [];

/** The parameters that a user can set, with those in collections. */
function parametersOf(properties: INodeProperties[]): INodeProperties[] {
	return properties
		.filter(({ type }) => type !== 'notice')
		.flatMap((property) => [
			property,
			...(property.type === 'collection' ? parametersOf(property.options as INodeProperties[]) : []),
		]);
}

/** Whether a page names a parameter or a choice: in bold or italics, after an arrow, or in a cell of a table. */
const names = (page: string, name: string) =>
	['**', '_', '→ ', '| '].some((before) => page.includes(before + name));

test.each(nodes)('the docs name $displayName, each parameter and each choice', (node) => {
	const page = pageOf(node.name);
	const wanted = parametersOf(node.properties).flatMap((parameter) => [
		parameter.displayName,
		...choicesOf(parameter).map((choice) => choice.name),
	]);
	expect(wanted.length).toBeGreaterThan(10);
	expect(page).toContain(node.displayName);
	// Each operation has a heading.
	expect(wanted.filter((text) => !names(page, text) && !page.includes(`\n## ${text}\n`))).toEqual([]);
});

test('docs/operations.md has each time range, group and column by its value', () => {
	const values = nodes
		.flatMap(({ properties }) => parametersOf(properties))
		.filter(({ name }) => ['timeRange', 'groupBy', 'columns', 'fields'].includes(name))
		.flatMap((parameter) => choicesOf(parameter).map(({ value }) => String(value)));
	expect(values.length).toBeGreaterThan(30);
	expect(values.filter((value) => !operations.includes(`\`${value}\``))).toEqual([]);
});

test.each(credentials)(
	'the README names $displayName and each of its fields',
	({ displayName, properties }) => {
		const wanted = [
			displayName,
			...properties.filter(({ type }) => type !== 'notice').map((property) => property.displayName),
		];
		expect(wanted.length).toBeGreaterThan(3);
		expect(wanted.filter((text) => !readme.includes(text))).toEqual([]);
	},
);

test('the README lists each operation, trigger and event', () => {
	const wanted = nodes.flatMap(({ displayName, properties }) => [
		displayName,
		...properties
			.filter(({ name }) => ['operation', 'event'].includes(name))
			.flatMap((property) => choicesOf(property).map((choice) => choice.name)),
	]);
	expect(wanted.length).toBeGreaterThan(8);
	expect(wanted.filter((text) => !readme.includes(text))).toEqual([]);
});

test('the README is short, and says how to try the package before how to install it', () => {
	// Nobody reads the address of a link or the lines of a table.
	const text = readme.replace(/<[^>]*>|\]\([^)]*\)/g, '');
	expect(text.match(/\S*\w\S*/g)!.length).toBeLessThanOrEqual(MAX_README_WORDS);
	const firstScreen = readme.split('\n').slice(0, 30).join('\n');
	expect(firstScreen).toContain('npm ci && npm start');
	expect(readme.indexOf('## Try it')).toBeLessThan(readme.indexOf('## Install'));
});

test('each page that says which operations place calls names all of them', () => {
	const placing = nodes
		.flatMap(({ properties }) => properties.filter(({ name }) => name === 'operation'))
		.flatMap((property) => choicesOf(property))
		.filter(({ description }) => description?.includes('costs money'))
		.map(({ name }) => name);
	expect(new Set(placing).size).toBe(4);
	const [promise] = /\*\*Reading is the rule\.\*\*[^]*?place calls and/.exec(textOf('SECURITY.md'))!;
	const [sentence] = /These operations place calls and cost money:[^.]*/.exec(operations)!;
	for (const text of [promise, sentence.replace(/\s+/g, ' ')])
		expect(placing.filter((name) => !text.includes(name))).toEqual([]);
});

test('the README has eight examples, and says where the others are', () => {
	expect(readme.split(`](${RAW}examples/`)).toHaveLength(9);
	expect(readme).toContain(`[docs/examples.md](${HOME}/blob/main/docs/examples.md) has all of them`);
});

/** What a row of a table says that a parameter is by default, in words of the page. */
const saidDefault = (text: string) =>
	/\(default `(.*?)`\)/.exec(text)?.[1] ??
	/\(default (?:\*\*)?([\w, ]+?)(?:\*\*)?[):]/.exec(text)?.[1] ??
	/(?:^| )(?:\*\*|_)?([\w ]+?)(?:\*\*|_)? \(default[,)]/.exec(text)?.[1] ??
	/(\d+|\*\*[\w ]+\*\*) by default/.exec(text)?.[1].replaceAll('*', '');

test('docs/operations.md says the default that each parameter has', () => {
	const own = nodes.find(({ name }) => name === 'itniotech')!.properties;
	const names = own.filter(({ name }) => name === 'operation').flatMap(choicesOf);
	let checked = 0;
	for (const [, heading, section] of operations.matchAll(/\n## (.*)\n([^]*?)(?=\n## |$)/g)) {
		const operation = names.find(({ name }) => name === heading)?.value;
		const parameters = parametersOf(
			own.filter(({ displayOptions: { show } = {} }) => !operation || show?.operation?.includes(operation)),
		);
		for (const [, labels, text] of section.matchAll(/^\| (\*\*.*?\*\*) \| (.*) \|$/gm)) {
			const said = saidDefault(text);
			const label = /([^*→]+)\*\*$/.exec(labels)![1].trim();
			const found = parameters.filter(
				({ displayName, type }) => displayName === label && !/collection|Locator/.test(type),
			);
			if (said === undefined || found.length === 0) continue;
			checked++;
			const defaults = found.map((parameter) => {
				const { default: value } = parameter;
				if (typeof value === 'boolean') return value ? 'On' : 'Off';
				const choice = choicesOf(parameter).find((one) => one.value === value);
				return choice ? choice.name : Number(value) ? Number(value).toLocaleString('en-US') : String(value);
			});
			const plain = (value: string) => value.replaceAll(',', '').toLowerCase();
			expect([heading, label, defaults.map(plain)]).toEqual([
				heading,
				label,
				expect.arrayContaining([plain(said)]),
			]);
		}
	}
	expect(checked).toBeGreaterThan(25);
});

test('docs/operations.md lists each operation at its top', () => {
	const top = operations.split('\n## ')[0];
	const wanted = nodes
		.flatMap(({ properties }) => properties.filter(({ name }) => name === 'operation'))
		.flatMap((property) => choicesOf(property).map(({ name }) => name));
	expect(wanted.length).toBeGreaterThan(8);
	expect(wanted.filter((name) => !top.includes(`[${name}](#`))).toEqual([]);
});

test('docs/messages.md says what to do about each status', () => {
	const table = /## With a status\n([^#]*)/.exec(messages)![1];
	const statuses = [...table.matchAll(/(?<=^\|[^|]*)-\d+/gm)].map(([status]) => status);
	expect(statuses.sort()).toEqual([...STATUS_MEANINGS.keys()].sort());
});

describe('the messages in docs/messages.md are those of the nodes', () => {
	const source = filesIn('nodes', /\.ts$/)
		.map((file) => textOf(file).replace(/\$\{[^}]+\}/g, '...'))
		.join('\n');
	/** The first cells of the table below a heading. */
	function textsBelow(heading: string): string[] {
		const section = messages.split(`\n## ${heading}\n`)[1].split('\n## ')[0];
		const [, , ...texts] = section.match(/(?<=^\| )[^|]+(?= \|)/gm)!;
		expect(texts.length).toBeGreaterThan(5);
		return texts;
	}

	test('messages', () => {
		expect(textsBelow('Without a status').filter((text) => !source.includes(text))).toEqual([]);
	});

	test.each(['Hints', "In n8n's log"])('%s', (heading) => {
		// A value may be the words of a choice, or end the text.
		const isPartOfSource = (part: string) => source.includes(part.trim());
		const texts = textsBelow(heading);
		expect(texts.filter((text) => !text.split(/\.{3}|:/).every(isPartOfSource))).toEqual([]);
	});
});

test('the README links to each page', () => {
	const links = DOCS.map((file) => `${HOME}/blob/main/${file}`);
	expect(links.filter((link) => !readme.includes(`](${link}`))).toEqual([]);
});

/** On n8n's canvas, in its units. */
const NODE_WITH_NAME_HEIGHT = 150;

describe.each(filesIn('examples', /\.json$/))('%s', (file) => {
	const { name, nodes: all } = JSON.parse(textOf(file)) as { name: string; nodes: INode[] };
	const lettersOf = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, '');

	test('has one name: of the file, of the workflow, of its note and in the docs', () => {
		expect(lettersOf(name)).toBe(lettersOf(basename(file, '.json')));
		expect(textOf('docs/examples.md')).toContain(`| [${name}](${RAW}${file}) |`);
		expect(textOf(file)).toContain(`"## ${name}\\n`);
		const inReadme = new RegExp(`\\[([^\\]]+)\\]\\(${RAW}${file}\\)`).exec(readme);
		expect(inReadme?.[1] ?? name).toBe(name);
	});

	test('has a note that says how to set it up, and covers no node', () => {
		const notes = all.filter(({ type }) => type === 'n8n-nodes-base.stickyNote');
		const text = notes.map(({ parameters }) => parameters.content as string).join('\n');
		for (const words of [/choose your ITNIO TECH credential/i, /timezone/, /publish/i])
			expect(text).toMatch(words);
		const others = all.filter((node) => !notes.includes(node));
		for (const { position, parameters } of notes.filter(({ name }) => name === 'Note')) {
			const bottom = position[1] + Number(parameters.height);
			expect(others.filter((node) => node.position[1] < bottom).map(({ name }) => name)).toEqual([]);
		}
		// A frame has its nodes in it with their names, whatever it says above them.
		for (const { position, parameters } of notes.filter(({ name }) => name !== 'Note')) {
			const [top, bottom] = [position[1], position[1] + Number(parameters.height)];
			const cut = others.filter(
				({ position: [, y] }) => y >= top && y < bottom && y + NODE_WITH_NAME_HEIGHT > bottom,
			);
			expect(cut.map(({ name }) => name)).toEqual([]);
		}
	});

	test('takes no figure that is not known for 0', () => {
		expect(textOf(file)).not.toMatch(/\?\? *0\b/);
	});
});

test('the README works on npm: its links and pictures are absolute', () => {
	expect(targetsOf('README.md').filter((target) => !/^(https:|#)/.test(target))).toEqual([]);
});

test.each(LINKING_FILES)('each link and picture of %s leads somewhere', (file) => {
	expect(targetsOf(file).filter((target) => !leadsSomewhere(file, target))).toEqual([]);
});

test('each picture is on a page', () => {
	const pictures = PAGES.flatMap((page) => targetsOf(page).map((target) => basename(target)));
	expect(filesIn('docs', /\.png$/).filter((file) => !pictures.includes(basename(file)))).toEqual([]);
});

/** Where the links and pictures of a file lead, in Markdown or as plain addresses of this repository. */
function targetsOf(file: string): string[] {
	const text = textOf(file);
	const inMarkdown = [...text.matchAll(/(?:\]\(|^\[[^\]]+\]: |src(?:set)?=")([^)"\s]+)/gm)];
	const addresses = [...text.matchAll(/(https:\/\/[^\s)"'`]+)/g)];
	return [...(file.endsWith('.md') ? inMarkdown : []), ...addresses].map(([, target]) => target);
}

function leadsSomewhere(from: string, target: string): boolean {
	const local = target
		.replace(`${HOME}/blob/main/`, '/')
		.replace(RAW, '/')
		.replace(`${HOME}#`, '/README.md#');
	// Other sites, and pages of the repository that are not files.
	if (local.startsWith('https:')) return !local.startsWith(RAW) && !/\/(blob|tree|raw)\//.test(local);
	const [path, anchor] = local.split('#');
	const file = path === '' ? from : path.startsWith('/') ? path.slice(1) : join(dirname(from), path);
	if (!existsSync(join(ROOT, file))) return false;
	// What GitHub calls a README as a whole.
	return anchor === undefined || anchor === 'readme' || anchorsOf(textOf(file)).includes(anchor);
}

/** What GitHub calls the headings of a page. */
function anchorsOf(markdown: string): string[] {
	return [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
		heading
			.toLowerCase()
			.replace(/[^\p{L}\p{N}\s_-]/gu, '')
			.replaceAll(' ', '-'),
	);
}
