const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

// Other cases on each run. What it finds is repeated by this seed.
process.env.FC_SEED ??= String(Math.floor(Math.random() * 2 ** 31));
console.log(`FC_SEED=${process.env.FC_SEED}`);

const hasProperties = (file) => readFileSync(join(__dirname, file), 'utf8').includes("from 'fast-check'");

module.exports = {
	...require('../jest.config'),
	rootDir: '..',
	testMatch: readdirSync(__dirname, { recursive: true })
		.filter((file) => file.endsWith('.test.ts') && hasProperties(file))
		.map((file) => `<rootDir>/test/${file}`),
};
