// A twentieth of the random cases; `.ci/run` tries all of them.
process.env.FC_RUNS ??= '0.05';

module.exports = {
	// No test fails because the machine is busy; one that hangs ends all the same.
	testTimeout: 600_000,
	roots: ['<rootDir>/test'],
	testEnvironment: '<rootDir>/test/environment.ts',
	runtime: '<rootDir>/test/runtime.js',
	setupFiles: ['<rootDir>/test/seed.ts', '<rootDir>/test/zoneOffsets.ts'],
	testMatch: ['<rootDir>/test/{unit,engine,package}/**/*.test.ts'],
	transform: { '\\.ts$': '<rootDir>/test/transform.js' },
	// All cores: by default jest leaves one idle, which is half of two.
	maxWorkers: '100%',
	collectCoverageFrom: ['{nodes,credentials}/**/*.ts'],
	coverageReporters: ['text'],
};
