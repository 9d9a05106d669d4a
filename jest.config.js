module.exports = {
	roots: ['<rootDir>/test'],
	testMatch: ['<rootDir>/test/{unit,engine}/**/*.test.ts'],
	transform: { '\\.ts$': ['ts-jest', { tsconfig: 'test/tsconfig.json', diagnostics: false }] },
	collectCoverageFrom: ['{nodes,credentials}/**/*.ts'],
	coverageReporters: ['text'],
};
