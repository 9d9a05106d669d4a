/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-dangerous-functions -- for shipped code, not for tests */
import { spawnSync } from 'child_process';
import { join } from 'path';

/** What n8n's scanner has to say against a folder. */
export function scanFolder(folder: string, kind: 'source' | 'tarball') {
	// Under jest's NODE_ENV, "test", the rules take every file for one of their own tests.
	const env = { ...process.env, NODE_ENV: '' };
	const args = [join(__dirname, 'scan.mjs'), folder, kind];
	const { status, stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
	return { passed: status === 0, said: stdout + stderr };
}
