/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- for shipped code, not for tests */
import 'reflect-metadata';

import { join } from 'node:path';
import process from 'node:process';

// n8n-core writes its settings file on first use; here it stays within the checkout, out of git.
process.env.N8N_USER_FOLDER = join(__dirname, '../../../node_modules/.cache/n8n-engine');
process.env.N8N_ENCRYPTION_KEY ??= 'engine';
// A node's refusal is a result of the run; the engine need not print it as well.
process.env.N8N_LOG_LEVEL ??= 'silent';
