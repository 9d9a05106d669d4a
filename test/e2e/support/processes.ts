/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-dangerous-functions -- for shipped code, not for tests */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { setInterval } from 'node:timers';

/** The folder of the package under test; npm scripts and jest run in it. */
export const CHECKOUT = process.cwd();

const GUARD = path.join(CHECKOUT, 'test', 'e2e', 'support', 'guard.js');
const PARENT_CHECK_EVERY_MS = 1_000;
const KEPT_OUTPUT_CHARS = 4_000;

/** What a developer's npm, jest or n8n, or a test run's amount of cases, put into the environment: nothing started sees it. */
const FOREIGN =
	/^(n8n_(?!e2e_)|db_|queue_|jest_|node_env$|node_options$|npm_(package|lifecycle)_|npm_config_local_prefix$|fc_runs$)/i;

interface GuardedOptions {
	/** Removed when this process ends before the program does. */
	folder: string;
	cwd: string;
	env?: NodeJS.ProcessEnv;
	/** Where stdout and stderr of the program go. */
	output: 'pipe' | 'inherit' | number;
	/** What ends the program when this process ends before it; default: SIGTERM. */
	endSignal?: NodeJS.Signals;
}

/**
 * Starts a program in a process group of its own, which ends at the latest with this process, even when that is
 * killed (see guard.js). `signalGroup` reaches the program through the id of the returned process.
 */
export function spawnGuarded(program: string, args: string[], options: GuardedOptions): ChildProcess {
	const { folder, cwd, output, endSignal = 'SIGTERM' } = options;
	const own = Object.entries(process.env).filter(([name]) => !FOREIGN.test(name));
	return spawn(process.execPath, [GUARD, folder, program, ...args], {
		cwd,
		env: { ...Object.fromEntries(own), ...options.env, GUARD_END_SIGNAL: endSignal },
		stdio: ['pipe', output, output],
		detached: process.platform !== 'win32',
	});
}

/**
 * A port of 127.0.0.1 that nobody listens on. Systems give none of these to whoever asks for any port, so nobody gets it
 * while n8n is starting, which takes a minute.
 */
export async function freePort(): Promise<number> {
	const port = randomInt(11_000, 32_768);
	const server = createServer().listen(port, '127.0.0.1');
	try {
		await once(server, 'listening');
	} catch {
		return await freePort();
	}
	server.close();
	await once(server, 'close');
	return port;
}

/** Signals a whole process group; one that is gone is fine. */
export function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals) {
	if (pid === undefined) return;
	try {
		process.kill(process.platform === 'win32' ? pid : -pid, signal);
	} catch {
		// It has ended by itself.
	}
}

/**
 * Resolves when this process shall end: on a signal, or when the process that started it is gone (npm passes a
 * SIGTERM on to its shell, and the shell to nobody).
 */
export async function askedToEnd(): Promise<void> {
	const { ppid } = process;
	await new Promise<void>((resolve) => {
		for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => resolve());
		setInterval(() => process.ppid !== ppid && resolve(), PARENT_CHECK_EVERY_MS).unref();
	});
}

/** Runs npm as `run` does. */
export async function npm(task: string, args: string[], folder: string, env: NodeJS.ProcessEnv = {}) {
	await run(task, 'npm', args, folder, env);
}

/**
 * Runs a program in `folder`, which is removed should this process end meanwhile, and shows on stderr what is being
 * done and how long it took.
 * @throws Error with the end of the program's output when it did not succeed
 */
export async function run(
	task: string,
	program: string,
	args: string[],
	folder: string,
	env: NodeJS.ProcessEnv = {},
) {
	const started = Date.now();
	const child = spawnGuarded(program, args, { folder, cwd: folder, env, output: 'pipe' });
	process.stderr.write(`${task} ... `);
	let tail = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream?.on('data', (chunk: Buffer) => (tail = `${tail}${chunk}`.slice(-KEPT_OUTPUT_CHARS)));
	}
	const [code] = (await once(child, 'close')) as [number | null];
	process.stderr.write(`${Math.round((Date.now() - started) / 1000)} s\n`);
	if (code !== 0) throw new Error(`${task}: "${program} ${args.join(' ')}" ended with ${code}\n${tail}`);
}
