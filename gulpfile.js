const { spawn } = require('node:child_process');
const { mkdir, rm, writeFile } = require('node:fs/promises');
const path = require('node:path');
const { dest, parallel, series, src } = require('gulp');

const BUILT_NODE = path.join(__dirname, 'dist', 'nodes', 'Itniotech');
/** The value type first: the editor shows only that one, and a list only by its name alone (read in n8n's editor). */
const JSON_TYPES = {
	text: ['string', 'null'],
	time: ['string', 'null'],
	number: ['number', 'null'],
	list: 'array',
};

/** Removes what an earlier build left, so that a deleted source file does not ship. */
const clean = () => rm('dist', { recursive: true, force: true });

/** `npm run build -- --noCheck` leaves out the types, where `npm run typecheck` checks them. */
const compile = () => {
	const flags = process.argv.filter((flag) => flag === '--noCheck');
	return spawn(process.execPath, [require.resolve('typescript/bin/tsc'), ...flags], { stdio: 'inherit' });
};

/** Copies what tsc leaves out: icons and codex files. */
const copyFiles = () =>
	src(['{nodes,credentials}/**/*.svg', 'nodes/**/*.node.json'], { base: '.', encoding: false }).pipe(
		dest('dist'),
	);

/** Writes the fields that each operation outputs where n8n looks for them to show them before a run. */
async function writeSchemas() {
	const { OUTPUTS } = require(path.join(BUILT_NODE, 'resources/outputs'));
	for (const [resource, operations] of Object.entries(OUTPUTS)) {
		for (const [operation, fields] of Object.entries(operations))
			await writeSchema(`${resource}/${operation}`, fields);
	}
}

async function writeSchema(operation, fields) {
	// n8n before 2.41 looks for the full version.
	const target = path.join(BUILT_NODE, '__schema__', 'v1.0.0', `${operation}.json`);
	const properties = Object.fromEntries(
		Object.entries(fields).map(([name, type]) => [name, { type: JSON_TYPES[type] }]),
	);
	await mkdir(path.dirname(target), { recursive: true });
	await writeFile(target, JSON.stringify({ type: 'object', properties, version: 1 }, null, '\t'));
}

module.exports = { build: series(clean, compile, parallel(copyFiles, writeSchemas)) };
