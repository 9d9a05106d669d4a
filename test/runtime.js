const { createRequire } = require('node:module');
const { default: Runtime } = require('jest-runtime');

/** Large packages whose objects no test compares. */
const LOADED_ONCE = [
	'@langchain/core',
	'@n8n/blob-storage',
	'fast-glob',
	'fastify',
	'jsonwebtoken',
	'mime-types',
	'recast',
	'selfsigned',
	'ssh2',
	'transliteration',
	'typescript',
	'undici',
	'winston',
];
const isLoadedOnce = new RegExp(`^(${LOADED_ONCE.join('|')})(/|$)`);

/** Loads some packages once per process, and not again for each test file: half of what an engine takes to load. */
class SharingRuntime extends Runtime {
	requireModuleOrMock(from, name) {
		return isLoadedOnce.test(name) ? createRequire(from)(name) : super.requireModuleOrMock(from, name);
	}
}

module.exports = SharingRuntime;
