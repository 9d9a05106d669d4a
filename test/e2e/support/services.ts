/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { freePort, run, signalGroup, spawnGuarded } from './processes';

/** Where Debian keeps PostgreSQL's programs, a folder per version. */
const DEBIAN_FOLDER = '/usr/lib/postgresql';

const IS_ROOT = process.getuid?.() === 0;

/** A server that the test has started, and how n8n finds it. */
export interface Service {
	/** For the environment of n8n. */
	readonly env: Record<string, string>;
	stop(): Promise<void>;
}

export interface Postgres extends Service {
	/** What a credential of n8n's Postgres node holds. */
	readonly credential: { host: string; port: number; database: string; user: string; password: string };
	/**
	 * Runs a shell script in a folder, in which `psql` finds this database.
	 * @throws Error with the end of its output when it does not succeed
	 */
	shell(script: string, folder: string): Promise<void>;
	/** The rows of a query as JSON; `folder` is where they pass through. */
	rows<T>(query: string, folder: string): Promise<T[]>;
}

/** PostgreSQL with an empty database, on a free port of 127.0.0.1 alone. */
export async function startPostgres(): Promise<Postgres> {
	const folder = await mkdtemp(path.join(tmpdir(), 'n8n-e2e-postgres-'));
	const data = path.join(folder, 'data');
	const passwordFile = path.join(folder, 'password');
	const password = newPassword();
	await mkdir(data, { mode: 0o700 });
	await writeFile(passwordFile, password, { mode: 0o600 });
	if (IS_ROOT) await run('Giving PostgreSQL its folder', 'chown', ['-R', 'postgres:', folder], folder);

	const superuser = ['--username=n8n', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
	await run(
		'Making a database',
		...postgresProgram('initdb', [...superuser, '--encoding=UTF8', '-D', data]),
		folder,
	);
	const port = await freePort();
	const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off'];
	const options = settings.flatMap((each) => ['-c', each]);
	// To end at once: it would wait for its clients, and save to a folder that is going away.
	const stop = await startServer(...postgresProgram('postgres', ['-D', data, ...options]), folder, 'SIGQUIT');
	const [host, database, user] = ['127.0.0.1', 'postgres', 'n8n'];
	const login = {
		PGHOST: host,
		PGPORT: String(port),
		PGDATABASE: database,
		PGUSER: user,
		PGPASSWORD: password,
	};
	const shell = async (script: string, cwd: string) =>
		await run('Talking to PostgreSQL', 'sh', ['-ec', script], cwd, login);
	return {
		env: {
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: host,
			DB_POSTGRESDB_PORT: String(port),
			DB_POSTGRESDB_DATABASE: database,
			DB_POSTGRESDB_USER: user,
			DB_POSTGRESDB_PASSWORD: password,
		},
		credential: { host, port, database, user, password },
		shell,
		async rows<T>(query: string, cwd: string) {
			const sql = `select coalesce(json_agg(rows), '[]') from (${query}) as rows`;
			await writeFile(path.join(cwd, 'query.sql'), sql);
			await shell('psql -v ON_ERROR_STOP=1 -At -f query.sql -o rows.json', cwd);
			return JSON.parse(await readFile(path.join(cwd, 'rows.json'), 'utf8')) as T[];
		},
		stop,
	};
}

/** Redis that keeps nothing on disk, on a free port of 127.0.0.1 alone. */
export async function startRedis(): Promise<Service> {
	const folder = await mkdtemp(path.join(tmpdir(), 'n8n-e2e-redis-'));
	const [port, password] = [await freePort(), newPassword()];
	const config = path.join(folder, 'redis.conf');
	const lines = [`port ${port}`, 'bind 127.0.0.1', `requirepass ${password}`, 'save ""', `dir ${folder}`];
	await writeFile(config, lines.join('\n'), { mode: 0o600 });
	const stop = await startServer('redis-server', [config], folder, 'SIGTERM');
	return {
		env: {
			QUEUE_BULL_REDIS_HOST: '127.0.0.1',
			QUEUE_BULL_REDIS_PORT: String(port),
			QUEUE_BULL_REDIS_PASSWORD: password,
		},
		stop,
	};
}

/**
 * Starts a server and waits for the words with which PostgreSQL and Redis both say that they are ready.
 * @throws Error with what it said when it ends before
 */
async function startServer(program: string, args: string[], folder: string, endSignal: NodeJS.Signals) {
	const child = spawnGuarded(program, args, { folder, cwd: folder, output: 'pipe', endSignal });
	const exited = once(child, 'exit');
	let said = '';
	const ready = new Promise<void>((resolve) => {
		for (const stream of [child.stdout, child.stderr]) {
			stream?.on('data', (chunk: Buffer) => {
				said += chunk.toString();
				if (/ready to accept connections/i.test(said)) resolve();
			});
		}
	});
	const stop = async () => {
		signalGroup(child, endSignal);
		await exited;
		await rm(folder, { recursive: true, force: true });
	};
	const isReady = await Promise.race([ready.then(() => true), exited.then(() => false)]);
	if (isReady) return stop;
	await stop();
	throw new Error(`${program} ended while it was starting.\n${said}`);
}

/**
 * A program of the newest PostgreSQL of Debian, or the one in the PATH, and its arguments. It refuses root: there,
 * Debian's user `postgres` runs it.
 */
function postgresProgram(name: string, args: string[]): [string, string[]] {
	const versions = existsSync(DEBIAN_FOLDER) ? readdirSync(DEBIAN_FOLDER).sort().reverse() : [];
	const programs = versions.map((version) => path.join(DEBIAN_FOLDER, version, 'bin', name));
	const program = programs.find((each) => existsSync(each)) ?? name;
	if (!IS_ROOT) return [program, args];
	return ['setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', program, ...args]];
}

function newPassword(): string {
	return randomBytes(16).toString('hex');
}
