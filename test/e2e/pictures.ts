/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { seededDataset } from '../simulator/dataset';
import type { Credential } from './support/client';
import { Editor, type Theme } from './support/editor';
import { bodyOf } from './support/mail';
import { askedToEnd, CHECKOUT } from './support/processes';
import { screens } from './support/screens';
import { shippedWorkflow } from './support/shipped';
import { startInternet, startSlack, type SlackMessage, type SlackStandIn } from './support/slack';
import { CREDENTIAL_TYPE, openStage, type Stage } from './support/stage';
import { Started } from './support/started';
import { startChatModel, startMailServer } from './support/standIns';
import { until } from './support/waiting';
import { DAY_MS, HOUR_MS } from '../support/times';

const USAGE = `npm run docs:pictures -- [options] [names of pictures; default: all]
  --to FOLDER   default docs
  --help
`;

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: { to: { type: 'string', default: 'docs' }, help: { type: 'boolean' } },
});
const FOLDER = path.resolve(CHECKOUT, values.to);
/** Wide enough for the three panels of a node, drawn 1,152 pixels wide: little more than a page on GitHub. */
const PICTURE = { width: 1440, height: 900, scale: 0.8 };
/** A screen that has not changed for this long is complete. */
const SETTLED_MS = 700;

/** The question in the chat of the example that has one. */
const QUESTION = 'How many calls were there in the last 7 days?';

const ANSWER = 'were answered';

/** The examples that have pictures: of the chat, of the canvas after a run, of what arrives. */
const EXAMPLES = ['ask-about-calls', 'failed-calls-to-slack', 'daily-report-to-email'];
/** Its picture is what it sends when it is published. */
const ALARM = 'failure-rate-alarm-to-slack';

/** What the credential has by default; the test's internet leads it to the simulator. */
const SERVICE = 'api.itniotech.com';

/** Without these, a record is in USD. */
const IN_USD = { currency: undefined, settleRate: undefined, quoteExchange: undefined, settlePay: undefined };

/** Their columns matter, not their input. */
const TABLES = ['query', 'summarize', 'report', 'trigger'];

/** What a model makes of the figures, by day. */
function inWords(figures: string): string {
	const days = (JSON.parse(figures) as Array<Record<'calls' | 'answered' | 'pending', number>>).flat();
	const sum = (name: 'calls' | 'answered' | 'pending') => days.reduce((total, day) => total + day[name], 0);
	const share = (100 * sum('answered')) / (sum('calls') - sum('pending'));
	return `There were ${sum('calls')} calls in the last 7 days, and ${share.toFixed(1)}% of those that have ended ${ANSWER}.`;
}

const isWanted = (name: string) => positionals.length === 0 || positionals.includes(name);

/** Makes the pictures of the docs: each screen and each example, light and dark. */
async function main() {
	if (values.help) {
		process.stdout.write(USAGE);
		return;
	}
	// guard.js ends what was started.
	void askedToEnd().then(() => process.exit(130));
	await mkdir(FOLDER, { recursive: true });
	const started = new Started();
	const nowMs = Date.now();
	const dataset = seededDataset({ count: 3000, from: nowMs - 58 * DAY_MS, to: nowMs - HOUR_MS, seed: 2 });
	const lastHour = { fromMs: nowMs - HOUR_MS, toMs: nowMs };
	const busy = seededDataset({ count: 60, from: lastHour.fromMs, to: lastHour.toMs, seed: 5 });
	dataset.add(...busy.slice(lastHour, 0, 60));
	const records = dataset.slice({ fromMs: 0, toMs: nowMs }, 0, 10_000);
	dataset.add(...records.map((record) => ({ ...record, ...IN_USD })));
	try {
		const slack = await started.add(startSlack());
		const servers = { 'slack.com': slack.url, [SERVICE]: '' };
		const internet = await started.add(startInternet(servers));
		const mail = await started.add(startMailServer());
		const model = await started.add(startChatModel({ timeRange: 'last7Days' }, inWords));
		const env = { ...internet.env, NO_PROXY: '127.0.0.1' };
		const opened = await started.add(openStage({ dataset }, undefined, env));
		servers[SERVICE] = opened.simulator.url;
		const stage = await asForUsers(opened);
		const credentials = [
			stage.credential,
			await stage.client.createCredential('slackApi', 'Slack account', { accessToken: 'xoxb-test' }),
			await stage.client.createCredential('smtp', 'SMTP account', mail.credentialData),
			await stage.client.createCredential('openAiApi', 'OpenAI account', { apiKey: 'none', url: model.url }),
		];
		for (const theme of ['light', 'dark'] as const) {
			const editor = await Editor.open(stage, theme, PICTURE);
			try {
				for (const [name, show] of Object.entries(screens).filter(([one]) => isWanted(one))) {
					await show(editor, stage);
					if (TABLES.includes(name)) await editor.moveParameters(0);
					// All fields of a call are below each other there.
					if (name === 'call') await editor.showOutputAs('JSON');
					await takePicture(editor.page, name, theme);
					if (TABLES.includes(name)) await editor.moveParameters(0.5);
					if (name === 'call') await editor.showOutputAs('Table');
				}
				for (const name of EXAMPLES.filter(isWanted)) {
					await openExample(editor, stage, name, credentials);
					if (name === 'ask-about-calls') await editor.ask(QUESTION, ANSWER);
					else await editor.executeWorkflow();
					if (name === 'failed-calls-to-slack') await editor.showLogOf('When Calls Fail');
					if (name !== 'daily-report-to-email') await takePicture(editor.page, name, theme);
				}
				if (isWanted('failed-calls-to-slack')) {
					const html = chatPage(slack.messages.at(-1)!);
					await takePictureOf(html, editor, { name: 'failed-calls-to-slack-message', theme, width: 1000 });
				}
				if (isWanted(ALARM)) {
					const html = chatPage(await raiseAlarm(stage, credentials, slack));
					await takePictureOf(html, editor, { name: `${ALARM}-message`, theme, width: 1000 });
				}
				if (isWanted('daily-report-to-email')) {
					const html = bodyOf(mail.mails.at(-1)!, 'text/html');
					await takePictureOf(html, editor, { name: 'daily-report-to-email-mail', theme, width: 720 });
					await takePictureOf(html, editor, { name: 'daily-report', theme, width: 720, maxHeight: 688 });
				}
			} finally {
				await editor.close();
			}
		}
	} finally {
		await started.stop();
	}
}

/** With the address and the name of a credential that a user has, which n8n chooses as the newest. */
async function asForUsers(stage: Stage): Promise<Stage> {
	const credentialData = { ...stage.credentialData, baseUrl: `https://${SERVICE}` };
	const credential = await stage.client.createCredential(
		CREDENTIAL_TYPE,
		'ITNIO TECH account',
		credentialData,
	);
	return { ...stage, credentialData, credential };
}

async function openExample(
	editor: Editor,
	{ client }: Stage,
	name: string,
	credentials: Credential[],
): Promise<void> {
	const { id } = await client.createWorkflow(await shippedWorkflow(name, credentials));
	await editor.openWorkflow(id);
}

/** Publishes the example, whose threshold is crossed, and returns its message. */
async function raiseAlarm(
	{ client }: Stage,
	credentials: Credential[],
	{ messages }: SlackStandIn,
): Promise<SlackMessage> {
	const before = messages.length;
	await client.activate(await client.createWorkflow(await shippedWorkflow(ALARM, credentials)));
	await until(() => messages.length > before);
	return messages[before];
}

/** A message as a chat shows it. */
function chatPage({ channel, text }: SlackMessage): string {
	const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
	return `<!doctype html><style>
		:root { color-scheme: light dark; font: 15px/1.45 system-ui, sans-serif; }
		body { margin: 24px; } h1 { font-size: 17px; } p { white-space: pre-wrap; margin: 4px 0 0; }
		article { display: flex; gap: 12px; } i { width: 36px; height: 36px; border-radius: 8px; background: #2e7dd1; }
	</style><h1>${channel}</h1><article><i></i><div><b>Call alerts</b><p>${escaped}</p></div></article>`;
}

/** A picture of a page without n8n, as high as it is, or of its top. The editor shows it, and is not used any more. */
async function takePictureOf(
	html: string,
	{ page }: Editor,
	{
		name,
		theme,
		width,
		maxHeight = Infinity,
	}: { name: string; theme: Theme; width: number; maxHeight?: number },
) {
	await page.goto('about:blank');
	await page.setViewportSize({ width, height: 100 });
	await page.setContent(html);
	const { height = PICTURE.height } = (await page.locator('html').boundingBox()) ?? {};
	await page.setViewportSize({ width, height: Math.min(maxHeight, Math.ceil(height) + 16) });
	await takePicture(page, name, theme);
	await page.setViewportSize(PICTURE);
}

async function takePicture(page: Page, name: string, theme: Theme) {
	const file = path.join(FOLDER, `${name}-${theme}.png`);
	process.stderr.write(`${path.relative(CHECKOUT, file)}\n`);
	// Messages and tips that disappear after a while, and whatever blinks.
	const passing = '.el-notification, .el-popper, [data-reka-popper-content-wrapper], [role=tooltip]';
	await page.addStyleTag({ content: `${passing} { display: none !important }` });
	const draw = async () => await page.screenshot({ animations: 'disabled', caret: 'hide' });
	let picture = await draw();
	for (let before: Buffer | undefined; !before?.equals(picture); picture = await draw()) {
		before = picture;
		await page.waitForTimeout(SETTLED_MS);
	}
	await writeFile(file, picture);
}

main().catch((error: unknown) => {
	process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
});
