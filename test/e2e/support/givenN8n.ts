/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import process from 'node:process';
import type { RunningN8n } from './n8n';

/** Files whose tests start, end or configure n8n, read its log, or need servers that only an n8n of theirs reaches. */
export const NEED_OWN_N8N = [
	'alarms',
	'alerts',
	'calls.weeks',
	'commands',
	'migration',
	'polling',
	'pushTrigger',
	'queue',
	'reports',
	'restart',
	'tables',
];

/** For a test in another file that reads n8n's folder or log, or stops it: left out where n8n is there already. */
export function testOfOwnN8n(name: string, body: () => Promise<void>): void {
	(process.env.E2E_N8N_URL ? test.skip : test)(name, body);
}

/** An n8n that was there before the tests, e.g. in a container. They leave it running. */
export class GivenN8n implements RunningN8n {
	readonly folder = '';

	readonly log = '';

	constructor(readonly url: string) {}

	async start() {
		return await this.refuse();
	}

	async restart() {
		return await this.refuse();
	}

	async kill() {
		return await this.refuse();
	}

	async stop() {}

	private async refuse(): Promise<never> {
		return await Promise.reject(new Error(`This test needs an n8n of its own, not that at ${this.url}`));
	}
}

/** The user that signs in there, who is created where there is none. */
export function givenOwner() {
	const { E2E_N8N_EMAIL: email, E2E_N8N_PASSWORD: password } = process.env;
	return { email: email || 'owner@example.com', password: password || 'Aa1-for-e2e-tests' };
}
