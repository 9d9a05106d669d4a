module.exports = {
	// For a machine that is busy with something else; a test that hangs ends all the same.
	testTimeout: 30_000,
	roots: ['<rootDir>/test'],
	setupFiles: ['<rootDir>/test/seed.ts'],
	testMatch: ['<rootDir>/test/{unit,engine,package}/**/*.test.ts'],
	transform: { '\\.ts$': ['ts-jest', { tsconfig: 'test/tsconfig.json', diagnostics: false }] },
	// All cores: by default jest leaves one idle, which is half of two.
	maxWorkers: '100%',
	collectCoverageFrom: ['{nodes,credentials}/**/*.ts'],
	coverageReporters: ['text'],
};
