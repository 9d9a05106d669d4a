/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import vm, { Script } from 'node:vm';

const { compileFunction } = vm;
const compiled = new Map<string, { code: string; script: Script }>();

/**
 * Lets jest compile a module once per process, and not again for each test file that loads it: compiling is half of the
 * second that n8n's engine takes to load.
 */
vm.compileFunction = (code, parameters = [], options = {}) => {
	const { filename = '', parsingContext } = options;
	if (!parsingContext) return compileFunction(code, parameters, options);
	let module = compiled.get(filename);
	if (module?.code !== code) {
		const head = `(function (${parameters.join()}) {`;
		module = { code, script: new Script(`${head}${code}\n})`, { filename, columnOffset: -head.length }) };
		compiled.set(filename, module);
	}
	return module.script.runInContext(parsingContext) as never;
};
