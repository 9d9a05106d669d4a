/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- for shipped code, not for tests */
import { readFileSync, readdirSync } from 'fs';
import { dirname, join, normalize } from 'path';
import ts from 'typescript';

const ROOT = join(__dirname, '../..');
const PACKAGES = ['n8n-workflow', 'luxon', 'lodash', 'zod', 'crypto'];
const MAX_LINES = 250;
const MAX_FUNCTION_LINES = 40;
const MIN_FILES = 3;
const MAX_FILES = 12;
/** Folders below the node's own. */
const MAX_DEPTH = 2;
/** One more for the operations of a resource, and for the kinds of events of the polling trigger. */
const DEEP_FOLDERS = /^(resources\/\w+\/\w+|triggers\/polling\/\w+)\/\w+\.ts$/;
/** The root of the node, and folders that hold one thing. */
const SMALL_FOLDERS = /^(credentials|nodes\/Itniotech(\/(methods|shared|resources\/account))?)$/;

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
	{ files: /^methods\//, mayImport: /^(methods|credentials|records|api)\// },
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

test('a folder has 3 to 12 source files', () => {
	const folders = files.map((file) => dirname(file));
	const sizes = [...new Set(folders)].map((folder) => ({
		folder,
		size: folders.filter((one) => one === folder).length,
	}));
	const least = (folder: string) => (SMALL_FOLDERS.test(folder) ? 1 : MIN_FILES);
	expect(sizes.filter(({ folder, size }) => size < least(folder) || size > MAX_FILES)).toEqual([]);
});

test('no folder lies deeper than two below the node, but for operations and events', () => {
	const deep = files.filter((file) => placeOf(dirname(file)).split('/').length > MAX_DEPTH);
	expect(deep.filter((file) => !DEEP_FOLDERS.test(placeOf(file)))).toEqual([]);
});

test('shipped files import only packages that n8n allows', () => {
	expect(describeAll(imports.filter(({ to, isRelative }) => !isRelative && !PACKAGES.includes(to)))).toEqual(
		[],
	);
});

test('no imports are circular, those of types included', () => {
	const takenBy = (file: string) => imports.filter(({ from }) => from === file).map(({ to }) => `${to}.ts`);
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

/** A function with a name, also one that a constant or a property holds. */
interface NamedFunction {
	file: string;
	name: string;
	lines: number;
	parameters: number;
	isMethod: boolean;
}

function functionsOf(file: string): NamedFunction[] {
	const source = ts.createSourceFile(file, textOf(file), ts.ScriptTarget.Latest, true);
	const lineOf = (position: number) => source.getLineAndCharacterOfPosition(position).line;
	const found: NamedFunction[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isFunctionLike(node) && 'body' in node && node.body) {
			const named = ts.isVariableDeclaration(node.parent) || ts.isPropertyAssignment(node.parent);
			found.push({
				file,
				name: (named ? (node.parent as ts.VariableDeclaration) : node).name?.getText() ?? 'a function',
				lines: lineOf(node.getEnd()) - lineOf(node.getStart()) + 1,
				parameters: node.parameters.length,
				isMethod:
					ts.isClassElement(node) || ts.isObjectLiteralElement(node) || ts.isPropertyAssignment(node.parent),
			});
		}
		ts.forEachChild(node, visit);
	};
	visit(source);
	return found;
}
const functions = files.flatMap(functionsOf);

test('no function is longer than 40 lines', () => {
	expect(functions.length).toBeGreaterThan(300);
	expect(functions.filter(({ lines }) => lines > MAX_FUNCTION_LINES)).toEqual([]);
});

test('no function takes more than three values by their place', () => {
	expect(functions.filter(({ parameters }) => parameters > 3)).toEqual([]);
});

/** Constants, functions, types and classes at the top level. */
function namesOf(file: string, isWanted: (statement: ts.Statement) => unknown = () => true): string[] {
	const source = ts.createSourceFile(file, textOf(file), ts.ScriptTarget.Latest, true);
	const nameOf = ({ name }: ts.NamedDeclaration) => name!.getText();
	return source.statements.filter(isWanted).flatMap((statement) => {
		if (ts.isVariableStatement(statement)) return statement.declarationList.declarations.map(nameOf);
		const isType = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
		const isCode = ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement);
		return isType || isCode ? [nameOf(statement)] : [];
	});
}

test('what is at the top level of a file has a name that nothing else in the package has', () => {
	const names = files.flatMap((file) =>
		[...new Set(namesOf(file))].map((name) => ({ file: placeOf(file), name })),
	);
	expect(names.length).toBeGreaterThan(1_500);
	const filesByName = new Map<string, string[]>();
	for (const { file, name } of names) filesByName.set(name, [...(filesByName.get(name) ?? []), file]);
	const doubled = [...filesByName].filter(([, { length }]) => length > 1);
	expect(doubled.map(([name, places]) => `${name}: ${places.join(', ')}`)).toEqual([]);
});

const isExported = (statement: ts.Statement) =>
	ts.canHaveModifiers(statement) &&
	ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

test('no function has the name of one that another file exports', () => {
	const isFunction = (statement: ts.Statement) =>
		ts.isFunctionDeclaration(statement) && isExported(statement);
	const exportedBy = new Map(files.flatMap((file) => namesOf(file, isFunction).map((name) => [name, file])));
	expect(exportedBy.size).toBeGreaterThan(300);
	const isTaken = ({ file, name }: NamedFunction) => (exportedBy.get(name) ?? file) !== file;
	expect(functions.filter((one) => !one.isMethod && isTaken(one))).toEqual([]);
});

test('what a file exports is used by another one, or by a test', () => {
	const tests = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.ts'))
		.map((file) => join('test', file));
	const wordsOf = new Map([...files, ...tests].map((file) => [file, new Set(textOf(file).split(/\W+/))]));
	const exported = files
		.filter((file) => !/\.(node|credentials)\.ts$/.test(file))
		.flatMap((file) => namesOf(file, isExported).map((name) => ({ file, name })));
	expect(exported.length).toBeGreaterThan(500);
	const isUsed = ({ file, name }: { file: string; name: string }) =>
		[...wordsOf].some(([other, words]) => other !== file && words.has(name));
	expect(exported.filter((one) => !isUsed(one))).toEqual([]);
});

test('a comment says what it is about, before of what', () => {
	const isOpen = (line: string) => /(\/\*\*|\/\/|^\s*\*) Of /.test(line);
	expect(files.filter((file) => textOf(file).split('\n').some(isOpen))).toEqual([]);
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
