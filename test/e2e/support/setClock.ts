/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CHECKOUT } from './processes';

/** Longer than n8n takes to notice the new time. */
const NOTICE_MS = 250;

/** A clock of n8n and the simulator that a test sets. It runs on from there. */
export class SetClock {
	private readonly file = path.join(mkdtempSync(path.join(tmpdir(), 'n8n-e2e-clock-')), 'shift');

	private shiftMs = 0;

	constructor() {
		writeFileSync(this.file, '0');
	}

	/** What n8n needs in its environment. Its other engine for expressions has a clock that cannot be set. */
	get env(): Record<string, string> {
		return {
			NODE_OPTIONS: `--require ${path.join(CHECKOUT, 'test/e2e/support/shiftedClock.js')}`,
			E2E_CLOCK_FILE: this.file,
			N8N_EXPRESSION_ENGINE: 'legacy',
		};
	}

	readonly now = (): number => Date.now() + this.shiftMs;

	/** To a later time: what n8n stored has the time at which it was stored. */
	async set(ms: number): Promise<void> {
		this.shiftMs = ms - Date.now();
		writeFileSync(this.file, String(this.shiftMs));
		await sleep(NOTICE_MS);
	}
}
