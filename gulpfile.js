const { rm } = require('node:fs/promises');
const { dest, src } = require('gulp');

/** Removes what an earlier build left, so that a deleted source file does not ship. */
const clean = () => rm('dist', { recursive: true, force: true });

/** Copies what tsc leaves out: icons and codex files. */
const copy = () =>
	src(['{nodes,credentials}/**/*.svg', 'nodes/**/*.node.json'], { base: '.', encoding: false }).pipe(
		dest('dist'),
	);

module.exports = { clean, copy };
