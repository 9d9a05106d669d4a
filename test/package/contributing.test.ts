/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- for shipped code, not for tests */
import { existsSync, readdirSync, readFileSync } from 'fs';
import { join } from 'path';

const ROOT = join(__dirname, '../..');
const textOf = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const contributing = textOf('CONTRIBUTING.md');

test('CONTRIBUTING.md lists each folder of the nodes', () => {
	const rooms = readdirSync(join(ROOT, 'nodes/Itniotech'), { withFileTypes: true })
		.filter((entry) => entry.isDirectory())
		.map(({ name }) => `├─ ${name}/`.replace('├─ api/', '└─ api/'));
	expect(rooms.length).toBeGreaterThan(4);
	expect(rooms.filter((room) => !contributing.includes(room))).toEqual([]);
});

test('CONTRIBUTING.md says which test covers each folder, and the tests exist', () => {
	const table = /\| Source \| Tests \|\n.*\n((\|.*\n)+)/.exec(contributing)![1];
	const rooms = readdirSync(join(ROOT, 'nodes/Itniotech'), { withFileTypes: true })
		.filter((entry) => entry.isDirectory() && entry.name !== '__schema__')
		.map(({ name }) => `| \`nodes/Itniotech/${name}/\` |`);
	expect(rooms.filter((room) => !table.includes(room))).toEqual([]);
	const paths = [...table.matchAll(/`(test\/[^`]+)`/g)].map(([, path]) => path);
	expect(paths.length).toBeGreaterThan(15);
	expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
	const tests = readdirSync(join(ROOT, 'test/engine')).filter((file) => file.endsWith('.test.ts'));
	expect(tests.map((file) => `test/engine/${file}`).filter((path) => !paths.includes(path))).toEqual([]);
});

const SECONDS: Record<string, number> = { s: 1, minutes: 60, hour: 3600, days: 86_400 };

/** A limit as the table says it, in the unit of the constant's name. */
function valueOf(constant: string, text: string): number {
	const [, count, unit = ''] = /^(\d+) ?(\w*)$/.exec(text)!;
	if (unit === 'MB') return Number(count) * 1024 * 1024;
	return Number(count) * (SECONDS[unit] ?? 1) * (constant.endsWith('_MS') ? 1000 : 1);
}

const limits = [...contributing.matchAll(/^\| (`.+`) in `(.+)` \| ([^|]+) \| [^|]+ \|$/gm)].flatMap(
	([, constants, file, values]) =>
		constants.split(', ').map((constant, index) => ({
			constant: constant.replaceAll('`', ''),
			file,
			value: values.split(', ')[index].trim(),
		})),
);

test.each(limits)('$constant in $file is $value, as CONTRIBUTING.md says', ({ constant, file, value }) => {
	const found = new RegExp(`^(?:export )?const ${constant} = ([\\d_ *]+);$`, 'm').exec(
		textOf(join('nodes/Itniotech', file)),
	);
	const product = found?.[1].split('*').reduce((all, factor) => all * Number(factor.replaceAll('_', '')), 1);
	expect(product).toBe(valueOf(constant, value));
});

test('CONTRIBUTING.md has a table of limits', () => {
	expect(limits.length).toBeGreaterThan(10);
});
