/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/require-node-api-error -- for shipped code, not for tests */
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { clearTimeout, setTimeout } from 'node:timers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fetch } from 'undici';
import { type Installation, installN8n } from './install';
import { CHECKOUT, freePort, npm, signalGroup, spawnGuarded } from './processes';

const START_TIMEOUT_MS = 180_000;
const STOP_TIMEOUT_MS = 20_000;
const LOG_TAIL_LINES = 40;

export interface N8nOptions {
	/** One of the versions that `install.ts` knows. */
	version?: string;
	/** Packed package to install as a community node; default: that of this run, else of this checkout. */
	nodePackageTarball?: string;
	/** Added to n8n's environment. */
	env?: Record<string, string>;
	/** A worker of n8n's queue mode takes executions from Redis. Default: start, which has the editor and the triggers. */
	command?: 'start' | 'worker';
}

/**
 * Starts a real n8n on 127.0.0.1, on a free port and with an empty folder of its own, and waits until it is ready.
 * @throws Error with the end of n8n's log when it ends or is not ready in time
 */
export async function startN8n(options: N8nOptions = {}): Promise<N8n> {
	const installation = await installN8n(options.version);
	const folder = await mkdtemp(path.join(tmpdir(), 'n8n-e2e-'));
	const n8n = new N8n(installation, folder, await freePort(), await freePort(), options);
	try {
		const packed = options.nodePackageTarball || process.env.E2E_NODE_PACKAGE;
		await installNodePackage(folder, packed || (await packCheckout(folder)));
		await n8n.start();
		return n8n;
	} catch (error) {
		await n8n.stop();
		throw error;
	}
}

/** What the tests need of an n8n. */
export interface RunningN8n {
	readonly url: string;
	/** Its user folder, empty where it is out of reach, like `log`. */
	readonly folder: string;
	readonly log: string;
	start(): Promise<void>;
	restart(): Promise<void>;
	kill(): Promise<void>;
	stop(): Promise<void>;
}

/** A running n8n. `stop()` must be called; when this process ends without it, guard.js does the same. */
export class N8n implements RunningN8n {
	readonly url: string;

	private process?: ChildProcess;

	private readonly encryptionKey = randomBytes(24).toString('hex');

	constructor(
		private readonly installation: Installation,
		/** n8n's user folder: database, settings and community nodes are below it. */
		readonly folder: string,
		private readonly port: number,
		private readonly brokerPort: number,
		private readonly options: N8nOptions,
	) {
		this.url = `http://127.0.0.1:${port}`;
	}

	/** Everything that n8n has printed so far, over all starts. */
	get log() {
		return readFileSync(this.logFile, 'utf8');
	}

	/** Starts n8n on its folder and waits until it is ready. */
	async start() {
		const { nodeBinary, cli } = this.installation;
		const log = openSync(this.logFile, 'a');
		this.process = spawnGuarded(nodeBinary, [cli, this.options.command ?? 'start'], {
			folder: this.folder,
			cwd: this.folder,
			env: this.environment(),
			output: log,
		});
		closeSync(log);
		await this.waitUntilReady(this.process);
	}

	/** Ends n8n as a system does (SIGTERM, later SIGKILL), starts it again on the same folder and port. */
	async restart() {
		await this.end('SIGTERM');
		await this.start();
	}

	/** Ends n8n without a chance to save anything, as a crash or a power cut does. `start()` brings it back. */
	async kill() {
		await this.end('SIGKILL');
	}

	/** Ends n8n and removes its folder. */
	async stop() {
		await this.end('SIGTERM');
		await rm(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
	}

	private get logFile() {
		return path.join(this.folder, 'n8n.log');
	}

	private environment(): Record<string, string> {
		return {
			NODE_ENV: 'production',
			NO_PROXY: '127.0.0.1,localhost',
			no_proxy: '127.0.0.1,localhost',
			TMPDIR: this.folder,
			N8N_USER_FOLDER: this.folder,
			N8N_ENCRYPTION_KEY: this.encryptionKey,
			N8N_PORT: String(this.port),
			N8N_LISTEN_ADDRESS: '127.0.0.1',
			N8N_HOST: '127.0.0.1',
			N8N_SECURE_COOKIE: 'false',
			// Where a worker says that it is ready.
			QUEUE_HEALTH_CHECK_ACTIVE: 'true',
			QUEUE_HEALTH_CHECK_PORT: String(this.port),
			N8N_WORKER_SERVER_ADDRESS: '127.0.0.1',
			N8N_RUNNERS_BROKER_PORT: String(this.brokerPort),
			N8N_RUNNERS_BROKER_LISTEN_ADDRESS: '127.0.0.1',
			N8N_DIAGNOSTICS_ENABLED: 'false',
			N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
			N8N_TEMPLATES_ENABLED: 'false',
			N8N_PERSONALIZATION_ENABLED: 'false',
			N8N_HIRING_BANNER_ENABLED: 'false',
			N8N_UNVERIFIED_PACKAGES_ENABLED: 'true',
			N8N_PYTHON_ENABLED: 'false',
			N8N_LOG_LEVEL: 'info',
			...this.installation.env,
			...this.options.env,
		};
	}

	private async waitUntilReady(child: ChildProcess) {
		const deadline = Date.now() + START_TIMEOUT_MS;
		while (Date.now() < deadline) {
			if (child.exitCode !== null || child.signalCode !== null) {
				throw new Error(`n8n ended while it was starting.\n${this.logTail()}`);
			}
			if (await this.isReady()) return;
			await sleep(200);
		}
		throw new Error(`n8n was not ready after ${START_TIMEOUT_MS / 1000} s.\n${this.logTail()}`);
	}

	/** Older n8n call themselves ready before their API is there, and answer it with a text until then. A worker has none. */
	private async isReady() {
		const answer = await this.ask(
			this.options.command === 'worker' ? '/healthz/readiness' : '/rest/settings',
		);
		return Boolean(answer?.ok && answer.headers.get('content-type')?.startsWith('application/json'));
	}

	/** n8n's answer, undefined when nothing listens. */
	private async ask(path: string) {
		const answer = await fetch(this.url + path).catch(() => undefined);
		await answer?.body?.cancel();
		return answer;
	}

	private logTail() {
		return this.log.trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n');
	}

	private async end(signal: 'SIGTERM' | 'SIGKILL') {
		const child = this.process;
		this.process = undefined;
		if (!child || child.exitCode !== null || child.signalCode !== null) return;
		const exited = once(child, 'exit');
		signalGroup(child, signal);
		const late = setTimeout(() => signalGroup(child, 'SIGKILL'), STOP_TIMEOUT_MS);
		await exited;
		clearTimeout(late);
		signalGroup(child, 'SIGKILL');
		while (await this.ask('/healthz')) await sleep(20);
	}
}

/** Packs the built package of this checkout into a folder and returns the path of the tarball. */
export async function packCheckout(folder: string) {
	await npm('Packing the node', ['pack', CHECKOUT, '--ignore-scripts'], folder);
	const tarball = (await readdir(folder)).find((name) => name.endsWith('.tgz'));
	return path.join(folder, tarball ?? '');
}

/** What n8n itself does for "install a community node", with a tarball in place of a name in the registry. */
async function installNodePackage(folder: string, tarball: string) {
	const dir = path.join(folder, '.n8n', 'nodes');
	await mkdir(dir, { recursive: true });
	await writeFile(path.join(dir, 'package.json'), JSON.stringify({ name: 'installed-nodes', private: true }));
	const flags = ['--ignore-scripts', '--omit=peer', '--legacy-peer-deps', '--no-audit', '--no-fund'];
	await npm('Installing the node', ['install', tarball, ...flags, '--prefix', dir], folder);
}
