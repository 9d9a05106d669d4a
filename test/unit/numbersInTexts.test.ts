/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- for shipped code, not for tests */
import { readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

import ts from 'typescript';

const NODES = join(__dirname, '../../nodes/Itniotech');
const FILES = readdirSync(NODES, { recursive: true, encoding: 'utf8' })
	.filter((name) => name.endsWith('.ts'))
	.map((name) => join(NODES, name));

/** Only our own types are known: those of n8n take seconds to read, and none of them is a count. */
function createProgram(files: string[]): ts.Program {
	const options: ts.CompilerOptions = {
		strict: true,
		target: ts.ScriptTarget.ES2023,
		types: [],
		noEmit: true,
	};
	const host = ts.createCompilerHost(options);
	host.resolveModuleNameLiterals = (literals, file) =>
		literals.map(({ text }) => {
			const resolvedFileName = join(dirname(file), `${text}.ts`);
			const isOurs = text.startsWith('.') && host.fileExists(resolvedFileName);
			return {
				resolvedModule: isOurs ? { resolvedFileName, extension: ts.Extension.Ts } : undefined,
			};
		});
	return ts.createProgram(files, options, host);
}

/** Words that a person reads, not an ID, a style or an attribute. */
const isSentence = (text: string) => /[a-z]{2,} |: $| [a-z]{2,}/.test(text) && !/[<=]|font:|rgb/.test(text);
/** A code such as HTTP's 404. */
const isCode = (expression: string) => /Code$/.test(expression);
/** Written out, such as `up to 1000 characters`. A year, a phone number and an ID are none. */
const BARE = /(?<![\d,.\-+:/]|e\.g\. )\b(?!20\d\d\b)\d{4,6}\b(?![\d,.\-:/])/;

/** Where a number becomes part of a sentence as it is, so that 4,832 reads 4832. */
function bareNumbers(program: ts.Program): string[] {
	const found: string[] = [];
	const checker = program.getTypeChecker();
	const isNumber = (type: ts.Type): boolean =>
		type.isUnion()
			? type.types.some(isNumber)
			: type.isNumberLiteral()
				? type.value >= 1000
				: (type.flags & ts.TypeFlags.NumberLike) !== 0;
	const visit = (node: ts.Node, file: ts.SourceFile): void => {
		if (ts.isTemplateExpression(node)) {
			const text = [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('0');
			for (const [index, { expression }] of isSentence(text) ? node.templateSpans.entries() : []) {
				const before = (index === 0 ? node.head : node.templateSpans[index - 1].literal).text;
				const isCount = isNumber(checker.getTypeAtLocation(expression)) && !/[a-zA-Z]$/.test(before);
				if (isCount && !isCode(expression.getText()))
					found.push(`${relative(NODES, file.fileName)}: \${${expression.getText()}} in ${text}`);
			}
		}
		if (ts.isStringLiteralLike(node) && isSentence(node.text) && BARE.test(node.text))
			found.push(`${relative(NODES, file.fileName)}: ${node.text}`);
		ts.forEachChild(node, (child) => visit(child, file));
	};
	for (const name of FILES) {
		const file = program.getSourceFile(name);
		if (file) visit(file, file);
	}
	return found;
}

test('each number in a sentence has its thousands separated', () => {
	const program = createProgram(FILES);
	expect(program.getSourceFile(FILES[0])).toBeDefined();
	expect(bareNumbers(program)).toEqual([]);
});
