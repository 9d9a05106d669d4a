const { mkdir, rm, writeFile } = require('node:fs/promises');
const path = require('node:path');
const { dest, parallel, src } = require('gulp');

const BUILT_NODE = path.join(__dirname, 'dist', 'nodes', 'Itniotech');
/** The value type first: the editor shows only that one. */
const JSON_TYPES = { text: ['string', 'null'], time: ['string', 'null'], number: ['number', 'null'] };

/** Removes what an earlier build left, so that a deleted source file does not ship. */
const clean = () => rm('dist', { recursive: true, force: true });

/** Copies what tsc leaves out: icons and codex files. */
const copyFiles = () =>
	src(['{nodes,credentials}/**/*.svg', 'nodes/**/*.node.json'], { base: '.', encoding: false }).pipe(
		dest('dist'),
	);

/** Writes what each operation outputs, from the tables of the built code: n8n shows these fields before a run. */
async function writeSchemas() {
	const { RECORD_FIELDS, SIMPLIFIED_FIELDS } = require(path.join(BUILT_NODE, 'records/output/fields'));
	const { CHANGE_TYPES } = require(path.join(BUILT_NODE, 'reports/summary/changes'));
	const { ROW_TYPES } = require(path.join(BUILT_NODE, 'reports/summary/summary'));
	const record = Object.fromEntries(SIMPLIFIED_FIELDS.map((name) => [name, RECORD_FIELDS[name].type]));
	const file = { fileName: 'text', records: 'number', from: 'time', to: 'time', bytes: 'number' };
	const balance = { balance: 'number', gift: 'number', credit: 'number' };
	const call = { voiceId: 'text', calledNumber: 'text', status: 'text', reason: 'text' };
	const unreached = {
		calledNumber: 'text',
		attempts: 'number',
		lastSubmitTime: 'time',
		lastTerminationCode: 'text',
		lastTerminationReason: 'text',
		area: 'text',
		calledInfo: 'text',
		voiceId: 'text',
	};
	await writeSchema('voiceMessage/sendFile', call);
	await writeSchema('voiceMessage/sendText', call);
	await writeSchema('voiceRecord/query', record);
	await writeSchema('voiceRecord/get', record);
	await writeSchema('voiceRecord/summarize', { ...ROW_TYPES, ...CHANGE_TYPES });
	await writeSchema('voiceRecord/report', {
		subject: 'text',
		text: 'text',
		html: 'text',
		...ROW_TYPES,
		...CHANGE_TYPES,
	});
	await writeSchema('voiceRecord/unreached', unreached);
	await writeSchema('voiceRecord/export', file);
	await writeSchema('account/getBalance', balance);
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

module.exports = { clean, copy: parallel(copyFiles, writeSchemas) };
