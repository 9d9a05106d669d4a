/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals,
   @n8n/community-nodes/no-dangerous-functions -- a test tool, not shipped */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';

const CHECKOUT = path.resolve(__dirname, '..');
/** npm adds these to what `files` in package.json names. */
const ALWAYS_PACKED = ['LICENSE.md', 'README.md', 'index.js', 'package.json'];

/** What the package has no types for. */
interface Scanner {
	SOURCE_FILE_PATTERNS: string[];
	/** n8n's analysis of a package: inline disables do not count. */
	analyzePackage(
		folder: string,
		patterns: string[],
	): Promise<{ passed: boolean; message?: string; details?: string }>;
}

/** Packs the built package as npm publishes it. Returns where it is unpacked, and its files. */
function packAndUnpack(folder: string): { unpacked: string; files: string[] } {
	const args = ['pack', CHECKOUT, '--json', '--ignore-scripts', '--loglevel', 'error'];
	const [{ filename, files }] = JSON.parse(
		execFileSync('npm', args, { cwd: folder, encoding: 'utf8' }),
	) as Array<{ filename: string; files: Array<{ path: string }> }>;
	execFileSync('tar', ['-xzf', filename], { cwd: folder });
	return { unpacked: path.join(folder, 'package'), files: files.map((file) => file.path) };
}

/** What n8n needs of the sources: the compiled code, icons and codex files, and what npm adds. */
function neededFiles(): string[] {
	const built = ['credentials', 'nodes'].flatMap((folder) =>
		readdirSync(path.join(CHECKOUT, folder), { recursive: true, encoding: 'utf8' })
			.filter((file) => path.extname(file) !== '')
			.map((file) => path.posix.join('dist', folder, file.replace(/\.ts$/, '.js'))),
	);
	return [...ALWAYS_PACKED, ...built];
}

/** Fails when the tarball holds too much or too little, or when n8n's scan finds something in it or in the sources. */
async function main() {
	const { analyzePackage, SOURCE_FILE_PATTERNS } = (await import(
		'@n8n/scan-community-package/scanner/scanner.mjs' as string
	)) as Scanner;
	const folder = mkdtempSync(path.join(tmpdir(), 'scan-'));
	try {
		const { unpacked, files } = packAndUnpack(folder);
		const needed = neededFiles();
		const faults = [
			...files
				.filter((file) => !needed.includes(file))
				.map((file) => `is in the tarball for nothing: ${file}`),
			...needed.filter((file) => !files.includes(file)).map((file) => `is missing in the tarball: ${file}`),
		];
		for (const [name, scan] of [
			['sources', analyzePackage(CHECKOUT, SOURCE_FILE_PATTERNS)],
			['tarball', analyzePackage(unpacked, ['**/*.js', 'package.json'])],
		] as const) {
			const { passed, message, details } = await scan;
			if (!passed) faults.push(`n8n's scan of the ${name}: ${message}\n${details ?? ''}`);
		}
		if (faults.length > 0) throw new Error(faults.join('\n'));
		process.stdout.write(
			`n8n's scan passed, sources and tarball. The tarball holds ${files.length} files.\n`,
		);
	} finally {
		rmSync(folder, { recursive: true });
	}
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
