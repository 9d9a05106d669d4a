/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-dangerous-functions, no-console -- for shipped code, not for tests */
import { spawn } from 'node:child_process';
import process from 'node:process';

interface Check {
	command: string;
	exitCode: number;
	output: string;
}

/** Runs a command; its output is collected, or shown as it comes. */
async function run(command: string, { isShown }: { isShown: boolean }): Promise<Check> {
	const child = spawn(command, { shell: true, stdio: isShown ? 'inherit' : 'pipe' });
	const chunks: Buffer[] = [];
	for (const stream of [child.stdout, child.stderr])
		stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
	const exitCode = await new Promise<number>((resolve, reject) => {
		child.once('error', reject);
		child.once('close', (code) => resolve(code ?? 1));
	});
	return { command, exitCode, output: Buffer.concat(chunks).toString() };
}

async function checkSources(): Promise<Check[]> {
	const checks: Check[] = [];
	for (const command of ['npm run lint', 'npm run typecheck'])
		checks.push(await run(command, { isShown: false }));
	return checks;
}

async function buildAndTest(): Promise<Check> {
	const build = await run('npm run build -- --noCheck', { isShown: true });
	const args = process.argv.slice(2).map((arg) => JSON.stringify(arg));
	return build.exitCode === 0 ? await run(['jest', ...args].join(' '), { isShown: true }) : build;
}

/** `npm test`: lints and checks types while the build and the tests run on the other cores. */
async function main(): Promise<number> {
	const [checks, tests] = await Promise.all([checkSources(), buildAndTest()]);
	for (const { command, exitCode, output } of checks) {
		console.log(exitCode === 0 ? `${command}: passed` : `${output}\n${command}: failed`);
	}
	return [...checks, tests].find(({ exitCode }) => exitCode !== 0)?.exitCode ?? 0;
}

void main().then((exitCode) => (process.exitCode = exitCode));
