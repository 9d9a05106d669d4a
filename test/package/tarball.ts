/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { packCheckout } from '../e2e/support/n8n';

/** The package as npm packs it, unpacked again. `remove()` must be called. */
export async function unpackedTarball() {
	const folder = await mkdtemp(path.join(tmpdir(), 'n8n-nodes-itniotech-'));
	const remove = async () => await rm(folder, { recursive: true, force: true });
	await promisify(execFile)('tar', ['-xzf', await packCheckout(folder), '-C', folder]);
	return { folder: path.join(folder, 'package'), remove };
}
