/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for a condition; whether it holds in the end, the test itself tells. */
export async function until(holds: () => boolean | Promise<boolean>, withinMs = 120_000): Promise<void> {
	const deadline = Date.now() + withinMs;
	while (!(await holds()) && Date.now() < deadline) await sleep(50);
}
