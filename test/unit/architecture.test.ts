/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- for shipped code, not for tests */
import { readFileSync, readdirSync } from 'fs';
import { dirname, join, normalize } from 'path';
import ts from 'typescript';

const ROOT = join(__dirname, '../..');
const PACKAGES = ['n8n-workflow', 'luxon', 'lodash', 'zod', 'crypto'];
const MAX_LINES = 250;
const MAX_FILES = 12;

interface Import {
	from: string;
	/** A package, or a path below the root without `.ts`. */
	to: string;
	isRelative: boolean;
	isTypeOnly: boolean;
}

const files = ['credentials', 'nodes'].flatMap((folder) =>
	readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.ts'))
		.map((file) => join(folder, file)),
);
const textOf = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const imports = files.flatMap((file) => importsOf(file, textOf(file)));

/** All that a file takes from elsewhere: `import`, `export … from`, `import()`, `require()`. */
function importsOf(file: string, text: string): Import[] {
	const types = ts
		.createSourceFile(file, text, ts.ScriptTarget.Latest)
		.statements.filter((statement) => ts.isImportDeclaration(statement))
		.filter(({ importClause }) => importClause?.isTypeOnly)
		.map(({ moduleSpecifier }) => (moduleSpecifier as ts.StringLiteral).text);
	return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => {
		const isRelative = fileName.startsWith('.');
		const to = isRelative ? normalize(join(dirname(file), fileName)) : fileName;
		return { from: file, to, isRelative, isTypeOnly: types.includes(fileName) };
	});
}

/** What the files of a folder may import from other folders, beside types from `api/types`. */
const HOUSE: Array<{ files: RegExp; mayImport: RegExp }> = [
	{ files: /^\w+\.node\.ts$/, mayImport: /^(resources$|(methods|resources|triggers|shared|api)\/)/ },
	{ files: /^methods\//, mayImport: /^(credentials|records|api)\// },
	{ files: /^resources\//, mayImport: /^(resources|reports|records|shared|api)\// },
	{ files: /^triggers\//, mayImport: /^(triggers|reports|records|shared|api)\// },
	{ files: /^reports\//, mayImport: /^(reports|records)\// },
	{ files: /^records\//, mayImport: /^(records\/|api\/values$)/ },
	{ files: /^shared\/(fields|nodeError)\.ts$/, mayImport: /^records\// },
	{ files: /^api\//, mayImport: /^api\// },
	{ files: /^credentials\/\w+\.credentials\.ts$/, mayImport: /^$/ },
];
const placeOf = (file: string) => file.replace('nodes/Itniotech/', '');
const ruleOf = (file: string) => HOUSE.find((rule) => rule.files.test(placeOf(file)));
const describeAll = (list: Import[]) => list.map(({ from, to }) => `${from} imports ${to}`);

test('each shipped file belongs to a known folder', () => {
	expect(files.length).toBeGreaterThan(15);
	expect(files.filter((file) => !ruleOf(file))).toEqual([]);
});

test('imports point one way: node files, methods, resources and triggers, reports, records, api', () => {
	const astray = imports.filter(({ from, to, isRelative, isTypeOnly }) => {
		const isVendorType = isTypeOnly && placeOf(to) === 'api/types';
		return isRelative && !isVendorType && !ruleOf(from)?.mayImport.test(placeOf(to));
	});
	expect(describeAll(astray)).toEqual([]);
});

test('no folder has too many files', () => {
	const folders = files.map((file) => dirname(file));
	const crowded = folders.filter((folder) => folders.filter((one) => one === folder).length > MAX_FILES);
	expect([...new Set(crowded)]).toEqual([]);
});

test('shipped files import only packages that n8n allows', () => {
	expect(describeAll(imports.filter(({ to, isRelative }) => !isRelative && !PACKAGES.includes(to)))).toEqual(
		[],
	);
});

test('no imports are circular', () => {
	const takenBy = (file: string) =>
		imports.filter(({ from, isTypeOnly }) => from === file && !isTypeOnly).map(({ to }) => `${to}.ts`);
	const circles = files.filter((file) => {
		const reached = new Set(takenBy(file));
		for (const one of reached) for (const next of takenBy(one)) reached.add(next);
		return reached.has(file);
	});
	expect(circles).toEqual([]);
});

test.each(files)('%s is short enough to read in one go', (file) => {
	expect(textOf(file).trimEnd().split('\n').length).toBeLessThanOrEqual(MAX_LINES);
});

test('only the request helper and the test of a credential send requests', () => {
	const senders = files.filter((file) =>
		/httpRequest|helpers\.request|\brequestWithAuthentication|\bfetch\(/.test(textOf(file)),
	);
	expect(senders.sort()).toEqual([
		'nodes/Itniotech/api/request.ts',
		'nodes/Itniotech/methods/credentialTest.ts',
	]);
});
