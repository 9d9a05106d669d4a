// Runs a program and ends it, with everything that it started, when the process that asked for it is gone,
// however that one ended: its end of our stdin closes then. Usage: node guard.js <folder> <program> [args...]
// In that case the folder is removed too, and GUARD_END_SIGNAL tells how the program is ended. This process must lead
// its own process group (`detached: true`).
const { spawn } = require('node:child_process');
const { rmSync } = require('node:fs');

const GRACE_MS = 5_000;
const { GUARD_END_SIGNAL = 'SIGTERM' } = process.env;
const [folder, program, ...args] = process.argv.slice(2);
const isWindows = process.platform === 'win32';
const child = spawn(program, args, {
	stdio: ['ignore', 'inherit', 'inherit'],
	shell: isWindows && program === 'npm',
});

// A signal to the group reaches the program too; this process stays until the program has ended.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT']) process.on(signal, () => {});

let orphaned = false;
const signalGroup = (signal) => (isWindows ? child.kill(signal) : process.kill(0, signal));

child.on('error', ({ message }) => {
	console.error(message);
	process.exit(1);
});
child.on('exit', (code) => {
	if (!orphaned) process.exit(code ?? 1);
	rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
	signalGroup('SIGKILL');
});
process.stdin.resume().on('close', () => {
	orphaned = true;
	signalGroup(GUARD_END_SIGNAL);
	setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
});
