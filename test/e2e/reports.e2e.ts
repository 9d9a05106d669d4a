import { seededDataset } from '../simulator/dataset';
import { expectNoSecrets } from './support/secrets';
import type { Credential, Execution, NewWorkflow } from './support/client';
import { shippedWorkflow } from './support/shipped';
import { startInternet, startSlack } from './support/slack';
import { openStage, type Stage } from './support/stage';
import { Started } from './support/started';
import { startChatModel, startFileStore, startMailServer } from './support/standIns';

const NOW = Date.now();
const DAY_MS = 86_400_000;

let stage: Stage;
const started = new Started();
let slack: Awaited<ReturnType<typeof startSlack>>;

beforeAll(async () => {
	slack = await started.add(startSlack());
	const { env } = await started.add(startInternet({ 'slack.com': slack.url }));
	const dataset = seededDataset({ count: 5000, from: NOW - 59 * DAY_MS, to: NOW, seed: 11 });
	stage = await started.add(openStage({ dataset }, undefined, { ...env, NO_PROXY: '127.0.0.1' }));
}, 300_000);

afterAll(async () => {
	await started.stop();
});

/** Imports a shipped workflow as it is, with credentials put in by their type, and runs it from its trigger. */
async function runShipped(name: string, credentials: Credential[], pinned?: NewWorkflow['pinData']) {
	const workflow = await shippedWorkflow(name, credentials);
	const saved = await stage.client.createWorkflow({ ...workflow, pinData: pinned });
	return await stage.client.runWorkflow(saved, workflow.nodes[0].name);
}

/** The items of a node that ran, or what stopped the run. */
function itemsOf(execution: Execution, node: string) {
	expect(execution.data.resultData.error?.message).toBeUndefined();
	return execution.data.resultData.runData[node].at(-1)?.data?.main[0]?.map(({ json }) => json) ?? [];
}

it('sends the daily report by e-mail', async () => {
	const mail = await started.add(startMailServer());
	const smtp = await stage.client.createCredential('smtp', 'SMTP account', {
		host: '127.0.0.1',
		port: mail.port,
		secure: false,
		disableStartTls: true,
		user: '',
		password: '',
	});
	const execution = await runShipped('daily-report-to-email', [stage.credential, smtp]);
	const rows = itemsOf(execution, 'Summarize Yesterday');
	expect(rows.length).toBeGreaterThan(1);
	expect(mail.mails).toHaveLength(1);
	const html = mail.mails[0].replace(/=\r\n/g, '');
	expect(html).toContain('Subject: Calls of ');
	for (const { calls, area } of rows) {
		if (/^[\w()]+$/.test(String(area))) expect(html).toContain(String(area));
		expect(html).toContain(String(calls));
	}
});

it('uploads last month’s calls as CSV', async () => {
	const store = await started.add(startFileStore());
	const s3 = await stage.client.createCredential('s3', 'S3 account', {
		endpoint: store.url,
		region: 'us-east-1',
		accessKeyId: 'access',
		secretAccessKey: 'no-secret',
		forcePathStyle: true,
	});
	const execution = await runShipped('monthly-csv-to-s3', [stage.credential, s3]);
	const [file] = itemsOf(execution, 'Export Last Month');
	const content = store.files.get(`/call-records/${String(file.fileName)}`);
	expect(Number(file.records)).toBeGreaterThan(100);
	expect(content?.charCodeAt(0)).toBe(0xfeff);
	expect(Buffer.byteLength(content ?? '')).toBe(file.bytes);
});

it('sends the present failure rate to Slack when its alarm is tried', async () => {
	const forSlack = await stage.client.createCredential('slackApi', 'Slack account', {
		accessToken: 'xoxb-test',
	});
	stage.simulator.dataset = seededDataset({ count: 200, from: NOW - 3_000_000, to: NOW - 600_000, seed: 3 });
	const execution = await runShipped('failure-rate-alarm-to-slack', [stage.credential, forSlack]);
	const [{ text, value }] = itemsOf(execution, 'When Too Many Calls Fail');
	expect(text).toContain(`Now: the failure rate is ${String(value)} %, above 20 %, `);
	expect(slack.messages.map((message) => message.text)).toEqual([text]);
});

it('gives an AI agent the figures that it asks for', async () => {
	stage.simulator.dataset = seededDataset({ count: 300, from: NOW - 6 * DAY_MS, to: NOW, seed: 5 });
	const model = await started.add(startChatModel({ timeRange: 'last7Days' }));
	const openAi = await stage.client.createCredential('openAiApi', 'OpenAI account', {
		apiKey: 'none',
		url: model.url,
	});
	const execution = await runShipped('ask-about-calls', [stage.credential, openAi], {
		'When Chat Message Received': [
			{ json: { sessionId: '1', action: 'sendMessage', chatInput: 'How many calls?' } },
		],
	});
	const [{ output }] = itemsOf(execution, 'Call Analyst');
	expect(model.requests).toHaveLength(2);
	const rows = JSON.parse(String(output)) as Array<{ calls: number }>;
	expect(rows.flat().reduce((sum, { calls }) => sum + calls, 0)).toBe(300);
});

it('leaves neither the key nor the secret in executions, database or log', async () =>
	await expectNoSecrets(stage));
