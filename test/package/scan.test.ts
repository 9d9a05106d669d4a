/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-dangerous-functions -- for shipped code, not for tests */
import { spawnSync } from 'child_process';
import { cpSync, appendFileSync, mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { unpackedTarball } from './tarball';

const ROOT = join(__dirname, '../..');
const SCANNED = ['package.json', 'nodes/Itniotech/api/retry.ts'];

let tarball: Awaited<ReturnType<typeof unpackedTarball>>;
beforeAll(async () => (tarball = await unpackedTarball()));
afterAll(async () => await tarball.remove());

/** What n8n's scanner has to say against a folder. */
function scan(folder: string, kind: 'source' | 'tarball') {
	// Under jest's NODE_ENV, "test", the rules take every file for one of their own tests.
	const env = { ...process.env, NODE_ENV: '' };
	const args = [join(__dirname, 'scan.mjs'), folder, kind];
	const { status, stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
	return { passed: status === 0, said: stdout + stderr };
}

test("the sources pass n8n's scan", () => {
	expect(scan(ROOT, 'source')).toEqual({ passed: true, said: '' });
});

test("the packed package passes n8n's scan", () => {
	expect(scan(tarball.folder, 'tarball')).toEqual({ passed: true, said: '' });
});

test('the scan finds what an inline disable hides', () => {
	const copy = mkdtempSync(join(tmpdir(), 'n8n-nodes-itniotech-'));
	try {
		for (const name of SCANNED) cpSync(join(ROOT, name), join(copy, name));
		const hidden = '/* eslint-disable */\nexport const hidden = () => setTimeout(() => process.env, 1);\n';
		appendFileSync(join(copy, SCANNED[1]), hidden);
		const { passed, said } = scan(copy, 'source');
		expect(passed).toBe(false);
		expect(said).toContain("Use of restricted global 'setTimeout' is not allowed");
		expect(said).toContain("Use of restricted global 'process' is not allowed");
	} finally {
		rmSync(copy, { recursive: true });
	}
});
