/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import { setTimeout as sleep } from 'node:timers/promises';
import { listDataset } from '../simulator/dataset';
import { wireTime } from '../simulator/records';
import { newCall } from '../simulator/service';
import type { SavedWorkflow } from './support/client';
import { shippedWorkflow } from './support/shipped';
import { startInternet, startSlack, type SlackStandIn } from './support/slack';
import { openStage, type Stage } from './support/stage';
import { startMailServer, type MailServer } from './support/standIns';
import { Started } from './support/started';
import { until } from './support/waiting';

/** n8n polls once a minute; after a kill it may leave a workflow that it was about to activate for two minutes. */
const NEXT_POLL_MS = 200_000;

const started = new Started();
let stage: Stage;
let slack: SlackStandIn;
let mail: MailServer;
let workflows: SavedWorkflow[];

beforeAll(async () => {
	slack = await started.add(startSlack());
	mail = await started.add(startMailServer());
	const { env } = await started.add(startInternet({ 'slack.com': slack.url }));
	const dataset = listDataset([]);
	stage = await started.add(openStage({ dataset }, undefined, { ...env, NO_PROXY: '127.0.0.1' }));
	const { client, credential } = stage;
	const credentials = [
		credential,
		await client.createCredential('slackApi', 'Slack account', { accessToken: 'xoxb-test' }),
		await client.createCredential('smtp', 'SMTP account', mail.credentialData),
	];
	workflows = [];
	for (const name of ['failure-rate-alarm-to-slack', 'low-balance-to-email']) {
		const workflow = await shippedWorkflow(name, credentials);
		workflow.nodes[0].parameters.pollTimes = { item: [{ mode: 'everyMinute' }] };
		workflows.push(await client.createWorkflow(workflow));
	}
});

afterAll(async () => await started.stop());

let calls = 0;

/** So many calls that end now. */
function endCalls(count: number, terminationCode: '200' | '486'): void {
	const terminationReason = terminationCode === '200' ? 'success' : 'Busy Here';
	const hangupTime = wireTime(Date.now());
	const records = Array.from({ length: count }, () => ({
		...newCall(Date.now() - 20_000, calls++),
		hangupTime,
		terminationCode,
		terminationReason,
	}));
	stage.simulator.dataset.add(...records);
}

/** The texts that were sent since the start, up to their first comma. */
function sent(): { slack: string[]; mail: string[] } {
	const beginning = (text: string) => /(Alarm|Cleared): the [\w ]+ is [\d.]+%?,/.exec(text)?.[0] ?? text;
	return {
		slack: slack.messages.map(({ text }) => beginning(text)),
		mail: mail.mails.map((text) => beginning(text.replace(/=\r?\n/g, ''))),
	};
}

/** Waits until each workflow has sent so many messages, and no execution is under way. */
async function untilSent(count: number): Promise<void> {
	await until(async () => {
		const executions = await stage.client.executions();
		const hasEnded = executions.every(({ status }) => ['success', 'error'].includes(status));
		return hasEnded && Object.values(sent()).every((texts) => texts.length >= count);
	}, NEXT_POLL_MS);
}

/** n8n is killed, starts again, and has polled for both workflows. */
async function killAndPoll(): Promise<void> {
	await stage.n8n.kill();
	stage.simulator.resetStats();
	await stage.n8n.start();
	const paths = ['/recordGroupQuery', '/getBalance'];
	const isAnswered = (end: string) =>
		stage.simulator.requests.some(({ path, httpStatus }) => path.endsWith(end) && httpStatus === 200);
	await until(() => paths.every(isAnswered), NEXT_POLL_MS);
	expect(paths.filter((path) => !isAnswered(path))).toEqual([]);
	// An item of these polls is an execution by then.
	await sleep(3000);
}

it('the trigger raises each alarm once and clears it once, however often n8n is killed', async () => {
	const { client, simulator } = stage;
	endCalls(20, '486');
	simulator.behaviour.balance = '5.5';
	for (const workflow of workflows) expect((await client.activate(workflow)).active).toBe(true);
	await untilSent(1);
	const raised = { slack: ['Alarm: the failure rate is 100%,'], mail: ['Alarm: the balance is 5.5,'] };
	expect(sent()).toEqual(raised);

	// Between "Clear At" and the threshold, while n8n is down.
	simulator.behaviour.balance = '15';
	await killAndPoll();
	await untilSent(1);
	expect(sent()).toEqual(raised);

	endCalls(180, '200');
	simulator.behaviour.balance = '20';
	await untilSent(2);
	const both = {
		slack: [...raised.slack, 'Cleared: the failure rate is 10.0%,'],
		mail: [...raised.mail, 'Cleared: the balance is 20,'],
	};
	expect(sent()).toEqual(both);

	await killAndPoll();
	await untilSent(2);
	expect(sent()).toEqual(both);
	for (const { id } of workflows) expect(await client.executions(id)).toHaveLength(2);
});
