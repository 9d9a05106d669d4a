// n8n's own scan of community packages, which reads no inline `eslint-disable`, on a folder instead of a published
// package. Usage: node scan.mjs <folder> <source|tarball>. Ends with 1 and says why when the folder does not pass.
import { resolve } from 'node:path';
import { analyzePackage, SOURCE_FILE_PATTERNS } from '@n8n/scan-community-package/scanner/scanner.mjs';

// What the scanner reads of the repository, and of the tarball that was published from it.
const PATTERNS = { source: SOURCE_FILE_PATTERNS, tarball: ['**/*.js', 'package.json'] };

const [folder, kind] = process.argv.slice(2);
const { passed, message, details } = await analyzePackage(resolve(folder), PATTERNS[kind]);
if (message) console.log([message, details].filter(Boolean).join('\n'));
// It passes a folder in which it finds nothing to read, and says so.
process.exitCode = passed && !message ? 0 : 1;
