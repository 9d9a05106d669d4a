/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collect: (() => void) | undefined;

/** What is in use, without garbage. */
export function heapBytes(): number {
	setFlagsFromString('--expose-gc');
	collect ??= runInNewContext('gc') as () => void;
	collect();
	return process.memoryUsage().heapUsed;
}
