// The quick run while writing: a share of the random cases. `npm test` and CI try all of them.
process.env.FC_RUNS ??= '0.05';

module.exports = {
	...require('../../jest.config'),
	rootDir: '../..',
	testMatch: ['<rootDir>/test/unit/**/*.test.ts'],
};
