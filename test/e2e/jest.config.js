module.exports = {
	rootDir: '../..',
	roots: ['<rootDir>/test/e2e'],
	testMatch: ['<rootDir>/test/e2e/**/*.e2e.ts'],
	transform: { '\\.ts$': ['ts-jest', { tsconfig: 'test/tsconfig.json', diagnostics: false }] },
	// The temporary folder of a run is removed with it.
	cacheDirectory: '<rootDir>/node_modules/.cache/jest-e2e',
	// Most of the time is spent waiting for the next minute, when n8n polls.
	maxWorkers: 2,
	testTimeout: 120_000,
	verbose: true,
};
