/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { npm } from './processes';

interface Recipe {
	/** What npm downloads for it, and what it takes on disk. */
	size: string;
	/** Version of Node (npm's `node-<platform>-<arch>` packages) for when this process runs on another major. */
	node: string;
	/** What goes beside n8n into the package.json of the installation. */
	overrides?: Record<string, string>;
	/** What this n8n needs in its environment. */
	env?: Record<string, string>;
}

/** Older versions take this package from outside the npm registry; the registry has a copy of it. */
const XLSX = { xlsx: 'npm:@e965/xlsx@0.20.3' };

/** The n8n versions that the tests can drive, oldest first, and what each needs. */
const RECIPES: Record<string, Recipe> = {
	// Its sandbox for expressions has no binary for Node 20.
	'1.123.81': {
		size: '0.25 GB to download, 2 GB on disk',
		node: '20.20.2',
		overrides: XLSX,
		env: { N8N_EXPRESSION_ENGINE: 'legacy' },
	},
	'2.0.3': { size: '0.25 GB to download, 2 GB on disk', node: '20.20.2', overrides: XLSX },
	'2.41.1': { size: '0.4 GB to download, 3 GB on disk', node: '24.21.0' },
};

/** Measured on 2 cores; the disk decides, and the connection. */
const N8N_TIME = 'elsewhere that took 5 to 20 minutes';
const NODE_SIZE = '0.05 GB to download, 0.2 GB on disk; elsewhere that took less than a minute';

/** In a folder that is complete. */
const MARKER = 'complete.json';

/** All n8n versions that the tests can drive, oldest first. */
export const VERSIONS = Object.keys(RECIPES);

/** The n8n version that is used when none is named. */
export const DEFAULT_VERSION = '2.41.1';

/**
 * The version that a name such as `1.123` stands for.
 * @throws Error when the tests know none
 */
export function findVersion(name: string): string {
	const version = VERSIONS.find((one) => `${one}.`.startsWith(`${name}.`));
	if (version) return version;
	throw new Error(`There is no test set-up for n8n ${name}. There is one for: ${VERSIONS.join(', ')}`);
}

/** An n8n on this machine: run `nodeBinary cli start` with `env` added. */
export interface Installation {
	nodeBinary: string;
	cli: string;
	/** What this n8n needs in its environment; compiled code is kept beside it, for quicker starts. */
	env: Record<string, string>;
}

/**
 * Gives the n8n of that version, from the cache outside the checkout or, the first time, from npm. Shows on stderr what
 * it does. Needs a C++ toolchain and python3 where npm cannot download sqlite3's binary.
 * @param name version, or its beginning, e.g. `1.123`
 * @throws Error when the tests know no such version, or when npm does not succeed
 */
export async function installN8n(name = DEFAULT_VERSION): Promise<Installation> {
	const version = findVersion(name);
	const recipe = RECIPES[version];
	const nodeBinary = await installNode(recipe.node);
	const dir = await cached(`n8n-${version}`, `${recipe.size}; ${N8N_TIME}`, async (draft) => {
		await installPackages(draft, { n8n: version }, `Installing n8n ${version}`, recipe.overrides);
		// Scripts stay off but for this one: n8n's other native parts are optional or bring their binaries.
		const prefix = path.dirname(path.dirname(nodeBinary));
		const headers = existsSync(path.join(prefix, 'include', 'node', 'node.h'));
		await npm('Building sqlite3', ['rebuild', 'sqlite3', '--ignore-scripts=false'], draft, {
			PATH: `${path.dirname(nodeBinary)}${path.delimiter}${process.env.PATH ?? ''}`,
			...(headers ? { npm_config_nodedir: prefix } : {}),
		});
	});
	return {
		nodeBinary,
		cli: path.join(dir, 'node_modules', 'n8n', 'bin', 'n8n'),
		env: { NODE_COMPILE_CACHE: path.join(dir, 'compile-cache'), ...recipe.env },
	};
}

/** The folder of the packages of that n8n, if it was installed before. */
export function findPackages(version = DEFAULT_VERSION): string | undefined {
	const dir = path.join(cacheRoot(), `n8n-${version}`);
	return existsSync(path.join(dir, MARKER)) ? path.join(dir, 'node_modules') : undefined;
}

/** The Node to run n8n with: the present one where its major version fits. */
async function installNode(version: string) {
	if (process.versions.node.split('.')[0] === version.split('.')[0]) return process.execPath;
	const platform = process.platform === 'win32' ? 'win' : process.platform;
	const name = `node-${platform}-${process.arch}`;
	const dir = await cached(`node-${version}`, NODE_SIZE, (draft) =>
		installPackages(draft, { [name]: version }, `Installing Node ${version}`),
	);
	return path.join(dir, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

async function installPackages(
	dir: string,
	dependencies: Record<string, string>,
	task: string,
	overrides: Record<string, string> = {},
) {
	await mkdir(dir, { recursive: true });
	await writeFile(path.join(dir, 'package.json'), JSON.stringify({ private: true, dependencies, overrides }));
	await npm(task, ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', dir], dir);
}

/**
 * Fills a folder of the cache once. The work is done beside it and renamed at the end, so a folder with its
 * marker is complete, and of two runs at the same time the later one takes what the earlier one made.
 */
async function cached(name: string, size: string, fill: (draft: string) => Promise<void>) {
	const root = cacheRoot();
	const dir = path.join(root, name);
	const marker = path.join(dir, MARKER);
	if (existsSync(marker)) return dir;

	await mkdir(root, { recursive: true });
	removeAbandonedDrafts(root);
	const draft = path.join(root, `${name}.${process.pid}.tmp`);
	process.stderr.write(`${name} is not in ${root} yet: ${size}. It stays there for the next time.\n`);
	try {
		await fill(draft);
		await writeFile(path.join(draft, MARKER), JSON.stringify({ installed: new Date() }));
		if (!existsSync(marker)) await rm(dir, { recursive: true, force: true });
		await rename(draft, dir).catch((error: unknown) => {
			if (!existsSync(marker)) throw error;
		});
		return dir;
	} finally {
		await rm(draft, { recursive: true, force: true });
	}
}

function cacheRoot() {
	const { N8N_E2E_CACHE, XDG_CACHE_HOME } = process.env;
	return path.resolve(
		N8N_E2E_CACHE || XDG_CACHE_HOME || path.join(homedir(), '.cache'),
		'n8n-nodes-itniotech',
	);
}

/** Removes what runs left behind that were ended the hard way. */
function removeAbandonedDrafts(root: string) {
	for (const name of readdirSync(root)) {
		const pid = /\.(\d+)\.tmp$/.exec(name)?.[1];
		if (pid && !isAlive(Number(pid))) rmSync(path.join(root, name), { recursive: true, force: true });
	}
}

function isAlive(pid: number) {
	try {
		return process.kill(pid, 0);
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
}
