/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- for shipped code, not for tests */
import { readFileSync } from 'fs';
import { join } from 'path';
import { BY_HAND, documentedCommands, RUNS } from '../e2e/support/commands';

const ROOT = join(__dirname, '../..');
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
	scripts: Record<string, string>;
};
const ci = readFileSync(join(ROOT, '.ci/run'), 'utf8');
/** What CI runs, on a clean checkout. */
const STEPS = Array.from(ci.matchAll(/\bstep \S+ (npm [^;\n]+)/g), ([, command]) => command.trim());
const [, testScript] = /^tsx (\S+)$/.exec(scripts.test)!;
const PARTS_OF_TEST = [
	...readFileSync(join(ROOT, testScript), 'utf8').matchAll(/'(npm run \w+|jest)(?: -- --noCheck)?'/g),
].map(([, command]) => command);
const isStep = (command: string) =>
	[...STEPS, ...PARTS_OF_TEST].some((step) => `${step} `.startsWith(`${command} `));

test('CI or the e2e suite runs each documented command, except those for use by hand', () => {
	const commands = documentedCommands();
	expect(commands).toEqual(expect.arrayContaining(['npm ci', 'npm start', 'npm test', 'npm run n8n']));
	const untested = commands.filter((command) => !isStep(command) && !(command in RUNS));
	expect(untested.filter((command) => !BY_HAND.includes(command))).toEqual([]);
});

test('`npm test` builds, lints, checks types and runs jest', () => {
	expect(PARTS_OF_TEST.sort()).toEqual(['jest', 'npm run build', 'npm run lint', 'npm run typecheck']);
});

test('each documented script exists', () => {
	const names = documentedCommands().flatMap((command) => /^npm run (\S+)/.exec(command)?.[1] ?? []);
	expect(names.filter((name) => !(name in scripts))).toEqual([]);
});

test('each command that is run, or excepted, is documented', () => {
	const commands = [...Object.keys(RUNS), ...BY_HAND];
	expect(commands.filter((command) => !documentedCommands().includes(command))).toEqual([]);
});
