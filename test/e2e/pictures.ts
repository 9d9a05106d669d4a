/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { seededDataset } from '../simulator/dataset';
import type { Credential } from './support/client';
import { Editor, type Theme } from './support/editor';
import { askedToEnd, CHECKOUT } from './support/processes';
import { screens } from './support/screens';
import { shippedWorkflow } from './support/shipped';
import { startInternet, startSlack } from './support/slack';
import { openStage, type Stage } from './support/stage';
import { Started } from './support/started';
import { startChatModel, startFileStore, startMailServer } from './support/standIns';

const USAGE = `npm run docs:pictures -- [options] [names of pictures; default: all]
  --to FOLDER   default docs
  --help
`;

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: { to: { type: 'string', default: 'docs' }, help: { type: 'boolean' } },
});
const FOLDER = path.resolve(CHECKOUT, values.to);
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Wide enough for the three panels of a node, drawn 1,152 pixels wide: little more than a page on GitHub. */
const PICTURE = { width: 1440, height: 900, scale: 0.8 };
/** A screen that has not changed for this long is complete. */
const SETTLED_MS = 700;

/** The question in the chat of the example that has one. */
const QUESTION = 'How many calls were there in the last 7 days?';

/** The examples that have pictures, and the node whose output is in one of them; without a node, the chat is. */
const EXAMPLES: Record<string, string | undefined> = {
	'ask-about-calls': undefined,
	'failed-calls-to-slack': 'When Calls Fail',
	'daily-report-to-email': 'Summarize Yesterday',
	'monthly-csv-to-s3': 'Export Last Month',
	'failure-rate-watch': 'Summarize the Last Hour',
};

const isWanted = ([name]: [string, unknown]) => positionals.length === 0 || positionals.includes(name);

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
	try {
		const slack = await started.add(startSlack());
		const internet = await started.add(startInternet({ 'slack.com': slack.url }));
		const mail = await started.add(startMailServer());
		const store = await started.add(startFileStore());
		const model = await started.add(startChatModel({ timeRange: 'last7Days' }));
		const env = { ...internet.env, NO_PROXY: '127.0.0.1' };
		const stage = await started.add(openStage({ dataset }, undefined, env));
		const credentials = [
			stage.credential,
			await stage.client.createCredential('slackApi', 'Slack account', { accessToken: 'xoxb-test' }),
			await stage.client.createCredential('smtp', 'SMTP account', {
				host: '127.0.0.1',
				port: mail.port,
				secure: false,
				disableStartTls: true,
				user: '',
				password: '',
			}),
			await stage.client.createCredential('s3', 'S3 account', {
				endpoint: store.url,
				region: 'us-east-1',
				accessKeyId: 'access',
				secretAccessKey: 'no-secret',
				forcePathStyle: true,
			}),
			await stage.client.createCredential('openAiApi', 'OpenAI account', { apiKey: 'none', url: model.url }),
		];
		for (const theme of ['light', 'dark'] as const) {
			const editor = await Editor.open(stage, theme, PICTURE);
			try {
				for (const [name, show] of Object.entries(screens).filter(isWanted)) {
					await show(editor, stage);
					await takePicture(editor, name, theme);
				}
				for (const [name] of Object.entries(EXAMPLES).filter(isWanted)) {
					await pictureExample(editor, stage, name, theme, credentials);
				}
			} finally {
				await editor.close();
			}
		}
	} finally {
		await started.stop();
	}
}

/** The canvas after a run, and an output. */
async function pictureExample(
	editor: Editor,
	{ client }: Stage,
	name: string,
	theme: Theme,
	credentials: Credential[],
) {
	const { id } = await client.createWorkflow(await shippedWorkflow(name, credentials));
	await editor.openWorkflow(id);
	const node = EXAMPLES[name];
	if (node === undefined) {
		await editor.ask(QUESTION);
		await takePicture(editor, name, theme);
		return;
	}
	await editor.executeWorkflow();
	await takePicture(editor, name, theme);
	await editor.openNode(node);
	await editor.form.getByTestId('output-panel').getByTestId('ndv-items-count').waitFor();
	await takePicture(editor, `${name}-output`, theme);
}

async function takePicture({ page }: Editor, name: string, theme: Theme) {
	const file = path.join(FOLDER, `${name}-${theme}.png`);
	process.stderr.write(`${path.relative(CHECKOUT, file)}\n`);
	// Messages that disappear after a while, and whatever blinks.
	await page.addStyleTag({ content: '.el-notification { display: none !important }' });
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
