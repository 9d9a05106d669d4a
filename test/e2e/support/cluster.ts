/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/require-node-api-error -- for shipped code, not for tests */
import { randomBytes } from 'node:crypto';
import process from 'node:process';
import { startN8n, type N8n } from './n8n';
import { startPostgres, startRedis } from './services';
import { startInternet, startSlack, type SlackStandIn } from './slack';
import { openStage, type Stage } from './stage';
import { Started } from './started';

/** Fewer than the executions of one fan-out over seven days: no worker can take them all. */
export const EXECUTIONS_PER_WORKER = 5;

/** n8n in queue mode: a main, which the stage drives, two workers, PostgreSQL, Redis, and a stand-in for Slack. */
export interface Cluster {
	stage: Stage;
	workers: N8n[];
	slack: SlackStandIn;
	/** Ends everything. */
	stop(): Promise<void>;
}

/** Starts everything on 127.0.0.1, with free ports and passwords of this run alone. */
export async function openCluster(): Promise<Cluster> {
	const started = new Started();
	try {
		const slack = await started.add(startSlack());
		const internet = await started.add(startInternet({ 'slack.com': slack.url }));
		const postgres = await started.add(startPostgres());
		const redis = await started.add(startRedis());
		const env = {
			...internet.env,
			...postgres.env,
			...redis.env,
			EXECUTIONS_MODE: 'queue',
			OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
			N8N_ENCRYPTION_KEY: randomBytes(24).toString('hex'),
			N8N_CONCURRENCY_PRODUCTION_LIMIT: String(EXECUTIONS_PER_WORKER),
			// How soon n8n sees that a worker is gone: seconds in place of a minute and a half.
			QUEUE_WORKER_LOCK_DURATION: '5000',
			QUEUE_WORKER_LOCK_RENEW_TIME: '1000',
			QUEUE_WORKER_STALLED_INTERVAL: '2000',
		};
		const stage = await started.add(openStage({}, undefined, env));
		const options = {
			version: process.env.E2E_N8N_VERSION,
			command: 'worker',
			env: { ...env, WEBHOOK_URL: stage.n8n.url },
		} as const;
		const workers = [await started.add(startN8n(options)), await started.add(startN8n(options))];
		return { stage, workers, slack, stop: async () => await started.stop() };
	} catch (error) {
		await started.stop();
		throw error;
	}
}

/** The executions that a worker has taken from the queue, by its log. */
export function takenBy({ log }: N8n): string[] {
	return Array.from(log.matchAll(/Worker started execution (\d+)/g), ([, id]) => id);
}
