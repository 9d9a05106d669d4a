/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CHECKOUT } from './processes';

/** How a command is run to see that it works. */
export interface Run {
	/** Added, so that it meets no other run on the machine, or is done soon. */
	args?: string[];
	/** What it prints when it works. One that goes on after that is ended with Ctrl-C. */
	shows: RegExp;
	/** What it does not print. */
	hides?: RegExp;
	endsBy: 'itself' | 'Ctrl-C';
}

const textOf = (file: string) => readFileSync(path.join(CHECKOUT, file), 'utf8');

/** By default, Jest's cache is in the folder for temporary files, which must be empty in the end. */
const JEST_CACHE = ['--cacheDirectory', path.join(CHECKOUT, 'node_modules/.cache/jest')];

/** The commands that commands.e2e.ts runs. */
export const RUNS: Record<string, Run> = {
	'npm start': { shows: linesOfReadme(), hides: /Starting 'clean'/, endsBy: 'itself' },
	'npm start -- --verbose': { shows: /Starting 'clean'[^]*call records/, endsBy: 'itself' },
	'npm run test:unit': {
		args: JEST_CACHE,
		shows: /Tests: +\d+ passed/,
		endsBy: 'itself',
	},
	'npx jest test/unit/records/scan/pages': {
		args: JEST_CACHE,
		shows: /Tests: +\d+ passed/,
		endsBy: 'itself',
	},
	'npm run simulator': {
		args: ['--port', '0'],
		shows: /Base URL +http:\/\/127\.0\.0\.1:\d+/,
		endsBy: 'Ctrl-C',
	},
	'npm run simulator -- --help': { shows: /--records/, endsBy: 'itself' },
	'npm run bench': { args: ['--records', '100'], shows: /Export to CSV +│ 20 /, endsBy: 'itself' },
	'npm run bench -- campaign': {
		args: ['--records', '100'],
		shows: /Create Campaign, a variable each +│ 100 /,
		endsBy: 'itself',
	},
	'npm run bench -- query': {
		args: ['--records', '100'],
		shows: /Query Voice Records, five are rejected +│ 100 ms/,
		endsBy: 'itself',
	},
	'npm run bench -- output': { args: ['--records', '100'], shows: /1000 × Query/, endsBy: 'itself' },
	'npm run bench -- report': { args: ['--records', '100'], shows: /Export to CSV +│ 20 /, endsBy: 'itself' },
	'npm run docs:pictures': {
		args: ['trigger', '--to', 'node_modules/.cache/pictures'],
		shows: /trigger-dark\.png/,
		endsBy: 'itself',
	},
	'npm run n8n': { shows: /Ctrl-C ends it/, endsBy: 'Ctrl-C' },
};

/** Documented commands that no test runs: they run until they are stopped, change files, or repeat `npm test`. */
export const BY_HAND = [
	'npm run build:watch',
	'npm run coverage',
	'npm run dev',
	'npm run lint:fix',
	'npm run release -- 1.0.1',
	'npm run test:watch',
	'npx @n8n/scan-community-package n8n-nodes-itniotech',
];

/** What the README says that `npm start` prints, with any numbers. */
function linesOfReadme(): RegExp {
	const [, block] = /^npm ci && npm start\n```\n+```\n(.*?)\n```/ms.exec(textOf('README.md'))!;
	const escaped = block.replace(/[.()]/g, '\\$&').replace(/\d+/g, '\\d+');
	return new RegExp(escaped.replace(/\n(\\\.){3}\n/, '\n[^]*\n'));
}

/** Every command on the pages, in a block or in a line. */
export function documentedCommands(): string[] {
	const docs = readdirSync(path.join(CHECKOUT, 'docs')).filter((file) => file.endsWith('.md'));
	const pages = ['README.md', 'CONTRIBUTING.md', ...docs.map((file) => path.join('docs', file))];
	const texts = pages.map(textOf);
	const blocks = texts.flatMap((text) =>
		[...text.matchAll(/^```(?:sh|bash)\n(.*?)^```/gms)].map(([, block]) => block),
	);
	const lines = blocks.flatMap((block) => block.split('\n')).map((line) => line.replace(/(^|\s)#.*/, ''));
	const inline = texts.flatMap((text) =>
		[...text.matchAll(/`((?:npm|npx) [^`]+)`/g)].map(([, command]) => command),
	);
	const commands = [...lines, ...inline].flatMap((line) => line.split('&&')).map((command) => command.trim());
	return [...new Set(commands)].filter((command) => command !== '').sort();
}
