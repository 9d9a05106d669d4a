/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-dangerous-functions -- for shipped code, not for tests */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { NEED_OWN_N8N } from './support/givenN8n';
import { DEFAULT_VERSION, findVersion, installN8n, VERSIONS } from './support/install';
import { packCheckout } from './support/n8n';
import { askedToEnd, CHECKOUT, spawnGuarded } from './support/processes';

const USAGE = `npm run test:e2e -- [options] [options of jest]
  --n8n 1.123   version of n8n, default ${DEFAULT_VERSION}; there are ${VERSIONS.join(', ')}, or all in turn: all
  --n8n-url http://127.0.0.1:5678
                an n8n that is there already, with this package installed, e.g. in a container with the network of this
                machine. It has no owner yet, or the one in E2E_N8N_EMAIL and E2E_N8N_PASSWORD. Tests that start or end
                n8n, or read its files, are left out. Take a new one for each run: workflows and tables stay there.
  --help        e.g. npm run test:e2e -- query -t balance
`;

/**
 * Test files for the default n8n alone: other versions have another editor and cannot create a data table, the commands start
 * this one themselves, and polling and its state are tested in each version by others.
 */
const DEFAULT_ONLY = ['alarms', 'calls', 'campaigns', 'commands', 'editor', 'failing', 'migration', 'tables'];

/** Installs n8n where needed, with its progress on the screen, then runs the e2e suite in jest. */
async function main() {
	const forJest = process.argv.slice(2);
	if (forJest.includes('--help')) {
		process.stdout.write(USAGE);
		return;
	}
	const givenUrl = takeOption(forJest, '--n8n-url');
	const wanted = takeOption(forJest, '--n8n') ?? DEFAULT_VERSION;
	const versions = wanted === 'all' ? VERSIONS : [findVersion(wanted)];
	// guard.js ends what was started.
	void askedToEnd().then(() => process.exit(130));
	if (givenUrl !== undefined) {
		if (!(await passesAt(new URL(givenUrl).origin, forJest))) process.exitCode = 1;
		return;
	}
	for (const version of versions) {
		await installN8n(version);
		process.stdout.write(`n8n ${version}\n`);
		if (!(await passes(version, forJest))) process.exitCode = 1;
	}
}

/** @returns what follows an option, which is removed with it */
function takeOption(args: string[], name: string): string | undefined {
	const place = args.indexOf(name);
	if (place < 0) return undefined;
	const [, value] = args.splice(place, 2);
	if (value === undefined) throw new Error(USAGE);
	return value;
}

/** At 500 pushed calls a second, it needs the machine for itself. */
const ALONE = ['pushTrigger'];
/** These mostly wait for polls, a minute each, while others use the machine. */
const WAITING = ['alerts', 'campaigns', 'polling', 'restart'];

const only = (names: string[]) => `--testPathIgnorePatterns=^(?!.*/(${names.join('|')})\\.e2e\\.ts$)`;
const others = `--testPathIgnorePatterns=/(${[...ALONE, ...WAITING].join('|')})\\.e2e\\.ts$`;
/** One after another; the parts of one stage at the same time. */
const STAGES = [[only(ALONE)], [only(WAITING), others]];

const JEST = [
	path.join(CHECKOUT, 'node_modules', 'jest', 'bin', 'jest.js'),
	'--config',
	path.join('test', 'e2e', 'jest.config.js'),
];
const ignored = (names: string[]) => `--testPathIgnorePatterns=/(${names.join('|')})(\\.\\w+)?\\.e2e\\.ts$`;

/** Runs the tests on an n8n that is there already, all that need no other. */
async function passesAt(url: string, forJest: string[]): Promise<boolean> {
	process.stdout.write(
		`n8n at ${url}. Left out: ${NEED_OWN_N8N.join(', ')}, and the tests that are skipped.\n`,
	);
	const folder = await mkdtemp(path.join(tmpdir(), 'n8n-e2e-run-'));
	const env = { E2E_N8N_URL: url, TMPDIR: folder };
	const code = await exitCodeOf([...JEST, ...forJest, ignored(NEED_OWN_N8N)], folder, env);
	await rm(folder, { recursive: true, force: true, maxRetries: 5 });
	return code === 0;
}

/** Runs the tests on one version of n8n. */
async function passes(version: string, forJest: string[]): Promise<boolean> {
	const jest = [...JEST, ...forJest];
	if (version !== DEFAULT_VERSION) {
		jest.push(ignored(DEFAULT_ONLY));
	}
	const hasTests = (part: string) =>
		execFileSync(process.execPath, [...jest, part, '--listTests'], { encoding: 'utf8' }).trim() !== '';
	const stages = STAGES.map((parts) => parts.filter(hasTests).map((part) => [...jest, part]));
	// Without any, jest says so.
	if (stages.flat().length === 0) stages.push([jest]);

	const folder = await mkdtemp(path.join(tmpdir(), 'n8n-e2e-run-'));
	// PostgreSQL runs as a user of its own and must reach its folder in here.
	await chmod(folder, 0o711);
	// Once for all: a command that is tested builds the package again meanwhile.
	const tarball = await packCheckout(folder);
	const env = { E2E_N8N_VERSION: version, E2E_NODE_PACKAGE: tarball, TMPDIR: folder };
	const codes: Array<number | null> = [];
	for (const runs of stages) {
		codes.push(...(await Promise.all(runs.map(async (args) => await exitCodeOf(args, folder, env)))));
	}
	await rm(folder, { recursive: true, force: true, maxRetries: 5 });
	return codes.every((code) => code === 0);
}

async function exitCodeOf(args: string[], folder: string, env: NodeJS.ProcessEnv): Promise<number | null> {
	const child = spawnGuarded(process.execPath, args, { folder, cwd: CHECKOUT, env, output: 'inherit' });
	const [code] = (await once(child, 'exit')) as [number | null];
	return code;
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
