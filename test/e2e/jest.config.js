module.exports = {
	rootDir: '../..',
	roots: ['<rootDir>/test/e2e'],
	testMatch: ['<rootDir>/test/e2e/**/*.e2e.ts'],
	transform: { '\\.ts$': '<rootDir>/test/transform.js' },
	// The temporary folder of a run is removed with it.
	cacheDirectory: '<rootDir>/node_modules/.cache/jest-e2e',
	// Floods and browsers need the machine for themselves, but for the tests that wait (run.ts).
	maxWorkers: 1,
	// No test fails because the machine is busy; one that hangs ends all the same.
	testTimeout: 900_000,
	verbose: true,
};
