/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- for shipped code, not for tests */
import { existsSync, readdirSync, readFileSync, statSync } from 'fs';
import { dirname, join } from 'path';
import ts from 'typescript';
import { scanFolder } from './scanFolder';
import { unpackedTarball } from './tarball';

const ROOT = join(__dirname, '../..');
/** For whoever finds the package in the registry, or requires it. */
const FOR_READERS = ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE.md', 'index.js'];

const { n8n } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
	n8n: { nodes: string[]; credentials: string[] };
};
const SCHEMAS = 'dist/nodes/Itniotech/__schema__';
const textOf = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** What is built of the nodes, the credentials, and all that they import. */
function builtFiles(): string[] {
	const sources = new Set([...n8n.credentials, ...n8n.nodes].map(sourceOf));
	for (const source of sources) {
		for (const { fileName } of ts.preProcessFile(textOf(source)).importedFiles) {
			if (!fileName.startsWith('.')) continue;
			const path = join(dirname(source), fileName);
			sources.add(existsSync(join(ROOT, `${path}.ts`)) ? `${path}.ts` : join(path, 'index.ts'));
		}
	}
	return [...sources].map((source) => join('dist', source.replace(/ts$/, 'js')));
}

function sourceOf(built: string): string {
	return built.replace(/^dist\/(.*)js$/, '$1ts');
}

/** The icons that a built file names. */
function iconsOf(file: string): string[] {
	return [...textOf(file).matchAll(/'file:([^']+)'/g)].map(([, icon]) => join(dirname(file), icon));
}

/** What n8n's editor reads beside a node: the words to find it by, and its documentation. */
function codexOf(node: string): string {
	return node.replace(/\.js$/, '.json');
}

/** What n8n's editor shows of the output of an operation before it has run. */
function schemas(): string[] {
	return readdirSync(join(ROOT, SCHEMAS), { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.json'))
		.map((file) => join(SCHEMAS, file));
}

let tarball: Awaited<ReturnType<typeof unpackedTarball>>;
beforeAll(async () => (tarball = await unpackedTarball()));
afterAll(async () => await tarball.remove());

test("the packed package passes n8n's scan", () => {
	expect(scanFolder(tarball.folder, 'tarball')).toEqual({ passed: true, said: '' });
});

test('the packed package contains what n8n loads and shows, the docs for readers, and nothing else', () => {
	const built = builtFiles();
	const needed = new Set([
		...FOR_READERS,
		...built,
		...built.flatMap(iconsOf),
		...n8n.nodes.map(codexOf),
		...schemas(),
	]);
	const packed = readdirSync(tarball.folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
		statSync(join(tarball.folder, file)).isFile(),
	);
	expect(packed.sort()).toEqual([...needed].sort());
});

test('package.json names every node and credential that there is', () => {
	const built = readdirSync(join(ROOT, 'dist'), { recursive: true, encoding: 'utf8' })
		.filter((file) => /\.(node|credentials)\.js$/.test(file))
		.map((file) => join('dist', file));
	expect([...n8n.credentials, ...n8n.nodes].sort()).toEqual(built.sort());
});
