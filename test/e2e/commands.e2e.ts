/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RUNS, type Run } from './support/commands';
import { CHECKOUT, signalGroup, spawnGuarded } from './support/processes';

/** So that no one's account is queried when they are set. */
const NO_ACCOUNT = { ITNIO_API_KEY: '', ITNIO_API_SECRET: '' };

let folder: string;
beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'n8n-e2e-command-'))));
afterEach(async () => await rm(folder, { recursive: true, force: true, maxRetries: 5 }));

const CLEANING_TIMEOUT_MS = 60_000;

/** What is left in the folder for temporary files once guard.js has ended all that the command started. */
async function leftovers() {
	const deadline = Date.now() + CLEANING_TIMEOUT_MS;
	for (;;) {
		// tsx keeps what it has compiled.
		const names = (await readdir(folder)).filter((name) => !name.startsWith('tsx-'));
		if (names.length === 0 || Date.now() > deadline) return names;
		await sleep(200);
	}
}

/** Runs a command as it is documented, until it has printed what it should and has ended. */
async function run(command: string, { args = [], shows, endsBy }: Run) {
	const [program, ...own] = command.split(' ');
	const needsDivider = program === 'npm' && !own.includes('--') && args.length > 0;
	const divider = needsDivider ? ['--'] : [];
	const child = spawnGuarded(program, [...own, ...divider, ...args], {
		folder,
		cwd: CHECKOUT,
		env: { ...NO_ACCOUNT, E2E_NODE_PACKAGE: '', TMPDIR: folder },
		output: 'pipe',
	});
	let said = '';
	const ended = once(child, 'close') as Promise<[number | null]>;
	const shown = new Promise<void>((resolve) => {
		for (const stream of [child.stdout!, child.stderr!]) {
			stream.on('data', (chunk: Buffer) => {
				said += String(chunk);
				if (shows.test(said)) resolve();
			});
		}
	});
	try {
		await Promise.race([shown, ended]);
		if (endsBy === 'Ctrl-C') signalGroup(child, 'SIGINT');
		const [code] = await ended;
		return { said, code };
	} finally {
		signalGroup(child, 'SIGKILL');
	}
}

test.each(Object.entries(RUNS))(
	'the command %s does what its page says, and leaves nothing behind',
	async (command, options) => {
		const { said, code } = await run(command, options);
		expect(said).toMatch(options.shows);
		if (options.hides) expect(said).not.toMatch(options.hides);
		// A shell tells a Ctrl-C by 130, and npm passes on what its script ended with.
		if (options.endsBy === 'itself') expect({ said, code }).toEqual({ said, code: 0 });
		expect(await leftovers()).toEqual([]);
	},
);
