/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- for shipped code, not for tests */
import { readFileSync } from 'fs';
import { join } from 'path';
import { documentedCommands, RUNS } from '../e2e/commands';

const ROOT = join(__dirname, '../..');
/** What CI runs, on a clean checkout. */
const STEPS = [...readFileSync(join(ROOT, '.ci/run'), 'utf8').matchAll(/\bstep \w+ (npm [^;\n]+)/g)].map(
	([, command]) => command.trim(),
);

test('CI or the e2e suite runs each command of the README and of CONTRIBUTING', () => {
	const commands = documentedCommands();
	expect(commands).toEqual(expect.arrayContaining(['npm ci', 'npm start', 'npm test', 'npm run n8n']));
	expect(commands.filter((command) => !STEPS.includes(command) && !(command in RUNS))).toEqual([]);
});

test('no command is run for nothing', () => {
	expect(Object.keys(RUNS).filter((command) => !documentedCommands().includes(command))).toEqual([]);
});
