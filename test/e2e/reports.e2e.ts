import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { listDataset, seededDataset } from '../simulator/dataset';
import { wireTime } from '../simulator/records';
import type { Credential, Execution, NewWorkflow } from './support/client';
import { launchBrowser } from './support/editor';
import { bodyOf, subjectOf } from './support/mail';
import { shippedWorkflow } from './support/shipped';
import { startInternet, startSlack } from './support/slack';
import { openStage, runNode, type Stage } from './support/stage';
import { Started } from './support/started';
import { weekEarlierMs } from './support/times';
import { startChatModel, startFileStore, startMailServer, type MailServer } from './support/standIns';
import { DAY_MS } from '../support/times';

const NOW = Date.now();
const PHONE = { width: 360, height: 640 };

let stage: Stage;
const started = new Started();
let slack: Awaited<ReturnType<typeof startSlack>>;

beforeAll(async () => {
	slack = await started.add(startSlack());
	const { env } = await started.add(startInternet({ 'slack.com': slack.url }));
	const dataset = seededDataset({ count: 5000, from: NOW - 59 * DAY_MS, to: NOW, seed: 11 });
	stage = await started.add(openStage({ dataset }, undefined, { ...env, NO_PROXY: '127.0.0.1' }));
});

afterAll(async () => {
	await started.stop();
});

/**
 * Imports a shipped workflow with credentials put in by their type, and runs it from its trigger.
 * @param changes parameters by the name of the node; default: the workflow is as it is
 */
async function runShipped(
	name: string,
	credentials: Credential[],
	pinned?: NewWorkflow['pinData'],
	changes: Record<string, INodeParameters> = {},
) {
	const workflow = await shippedWorkflow(name, credentials);
	for (const node of workflow.nodes) Object.assign(node.parameters, changes[node.name]);
	const saved = await stage.client.createWorkflow({ ...workflow, pinData: pinned });
	return await stage.client.runWorkflow(saved, workflow.nodes[0].name);
}

/** The items of a node that ran, or what stopped the run. */
function itemsOf(execution: Execution, node: string) {
	expect(execution.data.resultData.error?.message).toBeUndefined();
	return execution.data.resultData.runData[node].at(-1)?.data?.main[0]?.map(({ json }) => json) ?? [];
}

describe('reports by e-mail', () => {
	let mail: MailServer;
	let smtp: Credential;

	beforeAll(async () => {
		mail = await started.add(startMailServer());
		smtp = await stage.client.createCredential('smtp', 'SMTP account', mail.credentialData);
	});

	it.each([
		['daily-report-to-email', 'Report on Yesterday'],
		['weekly-report-to-email', 'Report on Last Week'],
	])('%s arrives with the figures of the run, readable on a phone', async (name, node) => {
		mail.mails.length = 0;
		const [report] = itemsOf(await runShipped(name, [stage.credential, smtp]), node);
		expect(report.calls).toBeGreaterThan(10);
		expect(mail.mails).toHaveLength(1);
		expect(subjectOf(mail.mails[0])).toBe(report.subject);
		expect(bodyOf(mail.mails[0], 'text/plain')).toContain(String(report.text).split('\n')[1]);

		// Rounded once, from the counts: `asr` is a rounded figure.
		const [answered, failed] = [Number(report.answered), Number(report.failed)];
		const share = Math.round((1000 * answered) / (answered + failed)) / 10;
		const html = bodyOf(mail.mails[0], 'text/html');
		const screens = await showOnPhone(html);
		for (const { text, requests, width } of screens) {
			expect(text).toContain(String(report.calls));
			expect(text).toContain(`${share.toFixed(1)}% answered`);
			expect(requests).toEqual([]);
			expect(width).toBe(PHONE.width);
		}
		const [light, dark] = screens.map(({ background }) => background);
		expect(light).not.toBe(dark);
	});
});

it('n8n serves the file of a report to the editor, which shows a file of its type as HTML', async () => {
	const execution = await runNode(stage, {
		parameters: { operation: 'report', options: { attachFile: true } },
	});
	const [{ json, binary }] = execution.data.resultData.runData.Node[0].data!.main[0]!;
	const { id, data, fileName, fileType, mimeType } = binary!.data;
	expect(fileType).toBe('html');
	// n8n before 2 stores the file in the execution, so that the editor has it already.
	if (id === undefined) {
		expect(Buffer.from(data, 'base64').toString()).toBe(json.html);
		return;
	}
	const query = new URLSearchParams({ id, action: 'view', fileName: fileName!, mimeType });
	const response = await stage.client.get(`/rest/binary-data?${query}`);
	expect(response.status).toBe(200);
	expect(await response.text()).toBe(json.html);
});

/** A page as a phone shows it in light and in dark: its text, what it loaded, and how wide it is with all its content. */
async function showOnPhone(html: string) {
	const browser = await launchBrowser();
	try {
		const page = await browser.newPage({ viewport: PHONE });
		const requests: string[] = [];
		page.on('request', (request) => requests.push(request.url()));
		const screens = [];
		for (const colorScheme of ['light', 'dark'] as const) {
			await page.emulateMedia({ colorScheme });
			await page.setContent(html, { waitUntil: 'networkidle' });
			const seen = await page.evaluate(
				'({ text: document.body.innerText, width: document.documentElement.scrollWidth, background: getComputedStyle(document.body).backgroundColor })',
			);
			screens.push({ ...(seen as { text: string; width: number; background: string }), requests });
		}
		return screens;
	} finally {
		await browser.close();
	}
}

it('Monthly CSV to S3 uploads last month’s calls', async () => {
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

describe('reports to Slack', () => {
	let forSlack: Credential;
	const run = async (name: string) => await runShipped(name, [stage.credential, forSlack]);

	beforeAll(async () => {
		forSlack = await stage.client.createCredential('slackApi', 'Slack account', { accessToken: 'xoxb-test' });
	});

	beforeEach(() => {
		slack.messages.length = 0;
	});

	it('sends the text of the daily report', async () => {
		const [{ text }] = itemsOf(await run('daily-report-to-slack'), 'Report on Yesterday');
		expect(slack.messages.map((message) => message.text)).toEqual([text]);
	});

	it('sends the present failure rate when its alarm is tried', async () => {
		stage.simulator.dataset = seededDataset({
			count: 200,
			from: NOW - 3_000_000,
			to: NOW - 600_000,
			seed: 3,
		});
		const [{ text, value }] = itemsOf(await run('failure-rate-alarm-to-slack'), 'When Too Many Calls Fail');
		const share = /^Now: the failure rate is ([\d.]+)%, above 20%, /.exec(String(text))?.[1];
		expect(Number(share)).toBeCloseTo(Number(value), 0);
		expect(slack.messages.map((message) => message.text)).toEqual([text]);
	});

	/** Calls of now and of a week earlier, some with their cost. */
	const callsAt = (atMs: number, answered: number, cost: number) =>
		Array.from({ length: 30 }, (_, index) => ({
			voiceId: `${atMs}${index}`,
			submitTime: wireTime(atMs),
			code: 'India(Delhi)',
			terminationCode: index < answered ? '200' : '486',
			terminationReason: index < answered ? 'success' : 'Busy Here',
			callDuration: 60,
			cost: String(cost),
		}));

	it('sends a message when fewer calls to a country are answered, and when calls cost much more', async () => {
		const nowMs = Date.now();
		const earlierMs = weekEarlierMs(nowMs);
		stage.simulator.dataset = listDataset([...callsAt(earlierMs, 20, 0.5), ...callsAt(nowMs, 10, 1)]);
		await run('answer-rate-by-country');
		await run('cost-spike-to-slack');
		expect(slack.messages.map(({ text }) => text)).toEqual([
			'India: 33.33% of 30 calls that were answered or failed today, 66.67% at the same time a week earlier. Failures: 486 Busy Here: 20',
			'Cost of the calls in the last hour: 30.00 USD, in the same hour a week earlier: 15.00 USD',
		]);

		stage.simulator.dataset = listDataset([...callsAt(earlierMs, 20, 1), ...callsAt(nowMs, 19, 1)]);
		await run('answer-rate-by-country');
		await run('cost-spike-to-slack');
		expect(slack.messages).toHaveLength(2);
	});
});

describe('an AI agent', () => {
	/** Runs the example with a model that answers with what the tool returned, which is parsed here. */
	async function ask(chatInput: string, timeRange: string, tool: INodeParameters = {}) {
		const model = await started.add(startChatModel({ timeRange }));
		const openAi = await stage.client.createCredential('openAiApi', 'OpenAI account', {
			apiKey: 'none',
			url: model.url,
		});
		const execution = await runShipped(
			'ask-about-calls',
			[stage.credential, openAi],
			{
				'When Chat Message Received': [{ json: { sessionId: '1', action: 'sendMessage', chatInput } }],
			},
			{ 'Summarize Calls': tool },
		);
		const [{ output }] = itemsOf(execution, 'Call Analyst');
		expect(model.requests).toHaveLength(2);
		return (JSON.parse(String(output)) as IDataObject[]).flat() as IDataObject[];
	}

	beforeAll(() => {
		stage.simulator.dataset = seededDataset({ count: 300, from: NOW - 6 * DAY_MS, to: NOW, seed: 5 });
	});

	it('gets the figures that it asks for', async () => {
		const rows = await ask('How many calls?', 'last7Days');
		expect(rows.reduce((sum, { calls = 0 }) => sum + Number(calls), 0)).toBe(300);
	});

	it('gets the text of a report, without its HTML', async () => {
		const [report] = await ask('How did yesterday go?', 'yesterday', { operation: 'report' });
		expect(report.text).toContain(`${report.calls as number} calls`);
		expect(report).not.toHaveProperty('html');
	});
});
