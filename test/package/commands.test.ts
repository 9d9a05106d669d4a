/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- for shipped code, not for tests */
import { readFileSync } from 'fs';
import { join } from 'path';
import { documentedCommands, RUNS } from '../e2e/support/commands';

const ROOT = join(__dirname, '../..');
const ci = readFileSync(join(ROOT, '.ci/run'), 'utf8');
const versions = /for version in ([^;]+)/.exec(ci)![1].split(' ');
/** What CI runs, on a clean checkout. */
const STEPS = [...ci.matchAll(/\bstep \S+ (npm [^;\n]+)/g)].flatMap(([, command]) =>
	versions.map((version) => command.trim().replace('"$version"', version)),
);
const isStep = (command: string) => STEPS.some((step) => `${step} `.startsWith(`${command} `));

test('CI or the e2e suite runs each command of the README and of CONTRIBUTING', () => {
	const commands = documentedCommands();
	expect(commands).toEqual(expect.arrayContaining(['npm ci', 'npm start', 'npm test', 'npm run n8n']));
	expect(commands.filter((command) => !isStep(command) && !(command in RUNS))).toEqual([]);
});

test('no command is run for nothing', () => {
	expect(Object.keys(RUNS).filter((command) => !documentedCommands().includes(command))).toEqual([]);
});
