module.exports = {
	rootDir: '../..',
	roots: ['<rootDir>/test/e2e'],
	testMatch: ['<rootDir>/test/e2e/**/*.e2e.ts'],
	transform: { '\\.ts$': ['ts-jest', { tsconfig: 'test/tsconfig.json', diagnostics: false }] },
	// The temporary folder of a run is removed with it.
	cacheDirectory: '<rootDir>/node_modules/.cache/jest-e2e',
	// One n8n at a time: floods and browsers need the machine for themselves.
	maxWorkers: 1,
	testTimeout: 120_000,
	verbose: true,
};
