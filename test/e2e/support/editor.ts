/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import { existsSync } from 'node:fs';
import { chromium, selectors, type Browser, type Locator, type Page } from 'playwright-core';
import type { Stage } from './stage';

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
/** Without these, Chromium as root does not start, or asks for Google's hosts. */
const FLAGS = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];
const PATIENCE_MS = 60_000;
const WINDOW = { width: 1440, height: 860 };

interface EditorWindow {
	width: number;
	height: number;
	/** Pixels of a picture per pixel of the window, default 1. */
	scale?: number;
}

selectors.setTestIdAttribute('data-test-id');

export type Theme = 'light' | 'dark';

export async function launchBrowser(): Promise<Browser> {
	const executablePath = BROWSERS.find((path) => existsSync(path));
	if (!executablePath) throw new Error('No Chromium is installed: apt-get install chromium');
	return await chromium.launch({ executablePath, args: FLAGS });
}

/** n8n's editor in a real browser, and what a user does there. */
export class Editor {
	private constructor(
		private readonly browser: Browser,
		readonly page: Page,
		private readonly url: string,
	) {}

	/** Starts a browser with a window of this size in pixels and signs in as the owner. */
	static async open(
		{ n8n, owner }: Stage,
		theme: Theme = 'light',
		{ scale = 1, ...viewport }: EditorWindow = WINDOW,
	): Promise<Editor> {
		const browser = await launchBrowser();
		const page = await browser.newPage({ viewport, colorScheme: theme, deviceScaleFactor: scale });
		page.setDefaultTimeout(PATIENCE_MS);
		const editor = new Editor(browser, page, n8n.url);
		await page.goto(`${n8n.url}/signin`);
		await page.getByTestId('emailOrLdapLoginId').locator('input').fill(owner.email);
		await page.locator('input[type=password]').fill(owner.password);
		await page.keyboard.press('Enter');
		await page.waitForURL(/home|workflow/);
		return editor;
	}

	async close(): Promise<void> {
		await this.browser.close();
	}

	/**
	 * Opens a new workflow and adds these nodes by their names in the panel and, where they have several, one of their
	 * actions. The form of the last one is open then. On a busy machine n8n's panel at times stays half drawn and takes no
	 * click: the page is loaded again, as a person would.
	 */
	async newWorkflow(...nodes: Array<[name: string, action?: string]>): Promise<void> {
		const open = async () => {
			await this.page.goto(`${this.url}/workflow/new`);
			for (const [name, action] of nodes) await this.addNode(name, action);
		};
		await open().catch(open).catch(open);
	}

	async openWorkflow(id: string): Promise<void> {
		await this.page.goto(`${this.url}/workflow/${id}`);
		await this.page.locator('.vue-flow__node').first().waitFor();
	}

	/** Pastes a text onto the canvas. */
	async paste(text: string): Promise<void> {
		await this.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
		await this.page.locator('.vue-flow__pane').first().waitFor();
		await this.page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
		await this.page.keyboard.press('ControlOrMeta+V');
	}

	/** The texts of the nodes on the canvas, which begin with their names. */
	async nodesOnCanvas(): Promise<string[]> {
		return await this.page.locator('.vue-flow__node').allInnerTexts();
	}

	/** Names of what the nodes panel finds, best first. */
	async findNodes(words: string): Promise<string[]> {
		const names = this.page.getByTestId('node-creator-item-name');
		await this.openPanel();
		await this.page.getByTestId('node-creator-search-bar').fill(words);
		await names.filter({ hasText: 'ITNIO TECH' }).first().waitFor();
		return (await names.allTextContents()).map((name) => name.trim());
	}

	async openNode(name: string): Promise<void> {
		await this.page.locator('.vue-flow__node').filter({ hasText: name }).first().dblclick();
		await this.form.waitFor();
	}

	/** The open form of a node, with its input and output. */
	get form(): Locator {
		return this.page.getByTestId('ndv');
	}

	field(parameter: string): Locator {
		return this.form.getByTestId(`parameter-input-${parameter}`).first();
	}

	async choose(parameter: string, option: string): Promise<void> {
		await this.field(parameter).click();
		await this.page.locator('[role=option]:visible').getByText(option, { exact: true }).first().click();
	}

	/** Types into a field of the form, or of the credential that is open above it. */
	async fill(parameter: string, text: string): Promise<void> {
		const field = this.page.getByTestId(`parameter-input-${parameter}`).last().locator('input').first();
		await field.fill(text);
		await this.page.keyboard.press('Tab');
	}

	/** Chooses the first entry of the list of a field. Returns what the list says of it. */
	async chooseFromList(parameter: string): Promise<string> {
		await this.form.getByTestId(`resource-locator-${parameter}`).getByTestId('rlc-input').click();
		const entry = this.page.getByTestId('rlc-item').filter({ visible: true }).first();
		const text = (await entry.innerText()).trim();
		await entry.click();
		return text;
	}

	/** Adds an entry to a collection by the text of its button. */
	async addTo(button: string, entry: string): Promise<void> {
		// It is a field, whose text is a placeholder, or a button.
		const field = this.form.getByPlaceholder(button).or(this.form.getByText(button, { exact: true }));
		await field.first().click();
		await this.page.getByText(entry, { exact: true }).filter({ visible: true }).first().click();
	}

	async toggle(parameter: string): Promise<void> {
		await this.field(parameter).click();
	}

	/** Presses the button that runs the node alone, whatever it is called. */
	async execute(): Promise<void> {
		await this.form.getByTestId('node-execute-button').click();
	}

	/** The header and the first rows of the output, when it is there: at one moment, as another run may be drawing it anew. */
	async outputTable(): Promise<string[][]> {
		const output = this.form.getByTestId('output-panel');
		await output.locator('tbody tr').first().waitFor();
		return await output.locator('tr').evaluateAll((rows) =>
			rows.slice(0, 5).map((row) => {
				const cells: Iterable<{ innerText: string }> = row.querySelectorAll('th, td');
				return [...cells].map(({ innerText }) => innerText.trim());
			}),
		);
	}

	/** Moves the parameters, as far as they go: 0 is the left side of the window, 1 the right one. */
	async moveParameters(place: number): Promise<void> {
		const handle = this.page.getByTestId('panel-drag-button');
		const box = await handle.boundingBox();
		if (!box) return;
		const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
		await this.page.mouse.move(x, y);
		await this.page.mouse.down();
		await this.page.mouse.move(place * (this.page.viewportSize()?.width ?? 0), y, { steps: 10 });
		await this.page.mouse.up();
	}

	/** Chooses how outputs are shown from now on. */
	async showOutputAs(form: 'Table' | 'JSON'): Promise<void> {
		const output = this.form.getByTestId('output-panel');
		await output.getByText(form, { exact: true }).click();
		await output
			.locator(form === 'JSON' ? '.json-data' : 'tbody')
			.first()
			.waitFor();
	}

	/** What n8n shows in place of the output: the message and what to do. */
	async message(): Promise<string> {
		const output = this.form.getByTestId('output-panel');
		const parts = ['node-error-message', 'node-error-description'].map((part) => output.getByTestId(part));
		return (await Promise.all(parts.map(async (part) => await part.innerText()))).join('\n').trim();
	}

	/** Chooses among the types of n8n's HTTP Request node. */
	async chooseCredentialType(name: string): Promise<void> {
		const list = this.form.getByTestId('credential-select');
		await list.click();
		await list.locator('input').fill(name);
		await this.page.locator('[role=option]:visible').getByText(name, { exact: true }).first().click();
	}

	/** Opens the form of a new credential from the node's form. */
	async newCredential(): Promise<void> {
		await this.form.getByTestId('node-credentials-select').click();
		await this.page.getByTestId('node-credentials-select-item-new').last().click();
		await this.page.getByTestId('parameter-input-apiKey').last().waitFor();
	}

	/** Saves the open credential. Returns what n8n says about its test, all details unfolded. */
	async saveCredential(): Promise<string> {
		const save = this.page.getByTestId('credential-save-button');
		const details = this.page.getByText('More details').filter({ visible: true });
		await save.click();
		// n8n closes the form of a credential that works, and tests it again when it is opened.
		const isRefused = await Promise.race([
			details.waitFor().then(() => true),
			save.waitFor({ state: 'detached' }).then(() => false),
		]);
		if (isRefused) {
			await details.click();
			return await this.page.getByTestId('node-credentials-config-container').innerText();
		}
		await this.form.getByTestId('credential-edit-button').click();
		const success = this.page.getByText('Connection tested successfully').filter({ visible: true });
		return (await success.first().innerText()).trim();
	}

	/** Runs the whole workflow from the button below the canvas and waits for its end. */
	async executeWorkflow(): Promise<void> {
		const button = this.page.getByTestId('execute-workflow-button');
		await button.click();
		await this.page.getByText('Workflow executed successfully').first().waitFor();
		await button.getByText('Execute workflow').waitFor();
		// The last that the canvas shows of a run.
		await this.page
			.locator('.vue-flow')
			.getByText(/^\d+ items?$/)
			.first()
			.waitFor();
	}

	/** Shows what a node output in the last run below the canvas, if that is open. */
	async showLogOf(node: string): Promise<void> {
		const entry = this.page.getByTestId('logs-overview-body').getByText(node).first();
		if (await entry.isVisible()) await entry.click();
	}

	/** Asks in the chat of the workflow and waits for an answer with these words. */
	async ask(question: string, words: string): Promise<void> {
		await this.page.getByTestId('workflow-chat-button').first().click();
		const chat = this.page.getByTestId('canvas-chat');
		await chat.locator('textarea').fill(question);
		await this.page.keyboard.press('Enter');
		await chat.getByText(words).first().waitFor();
	}

	private async addNode(name: string, action?: string): Promise<void> {
		await this.openPanel();
		await this.page.getByTestId('node-creator-search-bar').fill(name);
		for (const text of action ? [name, action] : [name]) {
			await this.page
				.getByTestId('node-creator-item-name')
				.filter({ hasText: new RegExp(`^\\s*${text}\\s*$`) })
				.first()
				.click({ timeout: PATIENCE_MS / 3 });
		}
	}

	private async openPanel(): Promise<void> {
		const bar = this.page.getByTestId('node-creator-search-bar');
		if (await bar.isVisible()) return;
		await this.page.getByTestId('node-creator-plus-button').first().click();
		await bar.waitFor();
	}
}
