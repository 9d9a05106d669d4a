/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'flatted';
import type { IConnections, INode, IPinData, IRunExecutionData, IWorkflowSettings } from 'n8n-workflow';
import { fetch } from 'undici';

const RUN_TIMEOUT_MS = 600_000;
/** The most that n8n gives at once. */
const EXECUTIONS_PER_PAGE = 100;
const BROWSER_ID = 'n8n-nodes-itniotech-e2e';

export interface Credential {
	id: string;
	name: string;
	type: string;
}

export interface NewWorkflow {
	name: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
	/** Output of nodes that is taken in place of running them, e.g. of the trigger. */
	pinData?: IPinData;
}

export interface SavedWorkflow extends NewWorkflow {
	id: string;
	versionId: string;
	active: boolean;
}

export interface ExecutionSummary {
	id: string;
	workflowId: string;
	status: string;
	/** How it was started, e.g. `manual` or `webhook`. */
	mode: string;
	finished: boolean;
	startedAt: string;
	stoppedAt?: string;
}

/** An execution as n8n stored it. */
export interface Execution extends ExecutionSummary {
	data: IRunExecutionData;
	/** The text that n8n keeps in its database, before it was parsed. */
	storedText: string;
}

/** Drives n8n through the REST calls of its own editor, as one signed-in user. */
export class N8nClient {
	private cookie = '';

	private readonly activated: string[] = [];

	constructor(readonly url: string) {}

	/** Creates the owner of an empty n8n and signs in. */
	async setupOwner(email: string, password: string) {
		await this.call('POST', '/rest/owner/setup', { email, password, firstName: 'Test', lastName: 'Owner' });
		await this.login(email, password);
	}

	/** As the owner, whom it creates where there is none yet. */
	async signIn(email: string, password: string) {
		const { data } = (await (await this.get('/rest/settings')).json()) as {
			data: { userManagement: { showSetupOnFirstLoad?: boolean } };
		};
		if (data.userManagement.showSetupOnFirstLoad) await this.setupOwner(email, password);
		else await this.login(email, password);
	}

	async login(email: string, password: string) {
		await this.call('POST', '/rest/login', { emailOrLdapLoginId: email, password });
	}

	async createCredential(type: string, name: string, data: object): Promise<Credential> {
		const { id } = await this.call<{ id: string }>('POST', '/rest/credentials', { type, name, data });
		return { id, name, type };
	}

	/** What the editor's "Test" of a credential with these values shows. */
	async testCredential(credential: Credential, data: object): Promise<{ status: string; message: string }> {
		return await this.call('POST', '/rest/credentials/test', { credentials: { ...credential, data } });
	}

	async createWorkflow(workflow: NewWorkflow): Promise<SavedWorkflow> {
		// n8n before 2.0 has no default for `active`.
		return await this.call('POST', '/rest/workflows', { settings: {}, active: false, ...workflow });
	}

	/**
	 * Runs a workflow from the named trigger, as "Execute workflow" does, and waits for its end.
	 * @throws Error when it has not ended after ten minutes; a run that ends in an error is returned
	 */
	async runWorkflow(workflow: SavedWorkflow, trigger: string): Promise<Execution> {
		const { executionId } = await this.call<{ executionId: string }>(
			'POST',
			`/rest/workflows/${workflow.id}/run`,
			{ workflowData: workflow, triggerToStartFrom: { name: trigger } },
		);
		const deadline = Date.now() + RUN_TIMEOUT_MS;
		while (Date.now() < deadline) {
			const execution = await this.execution(executionId);
			// n8n before 2.0 writes the end of an execution before what it gave.
			if (execution.stoppedAt && execution.data) return execution;
			await sleep(50);
		}
		throw new Error(`Execution ${executionId} of "${workflow.name}" did not end in time`);
	}

	/** What "Retry with currently saved workflow" does; gives the new execution. */
	async retry(id: string): Promise<Execution> {
		const retried = await this.call<{ id: string }>('POST', `/rest/executions/${id}/retry`, {
			loadWorkflow: true,
		});
		return await this.execution(retried.id);
	}

	async execution(id: string): Promise<Execution> {
		const stored = await this.call<ExecutionSummary & { data: string }>('GET', `/rest/executions/${id}`);
		return { ...stored, storedText: stored.data, data: parse(stored.data) as IRunExecutionData };
	}

	/** Newest first; of one workflow or of all. */
	async executions(workflowId?: string): Promise<ExecutionSummary[]> {
		const filter = encodeURIComponent(JSON.stringify(workflowId ? { workflowId } : {}));
		const all: ExecutionSummary[] = [];
		for (let next = ''; ; ) {
			const path = `/rest/executions?limit=${EXECUTIONS_PER_PAGE}&filter=${filter}${next}`;
			const page = await this.call<{ results: ExecutionSummary[]; nextCursor?: string | null }>('GET', path);
			const { results, nextCursor } = page;
			all.push(...results);
			// n8n before 2.41 has no cursor.
			const hasMore = nextCursor === undefined ? results.length === EXECUTIONS_PER_PAGE : nextCursor !== null;
			if (!hasMore) return all;
			next = nextCursor ? `&cursor=${nextCursor}` : `&lastId=${all.at(-1)?.id}`;
		}
	}

	/** n8n's Migration Report: how many workflows it saw, and those that n8n 3 would run otherwise by the rule that they break. */
	async migrationReport(): Promise<{ total: number; affected: Record<string, string[]> }> {
		// A slow report would be cached.
		await this.call('POST', '/rest/breaking-changes/report/refresh?version=v3');
		const { report, totalWorkflows: total } = await this.call<{
			report: { workflowResults: Array<{ ruleId: string }> };
			totalWorkflows: number;
		}>('GET', '/rest/breaking-changes/report?version=v3');
		const entries = report.workflowResults.map(async ({ ruleId }) => {
			const path = `/rest/breaking-changes/report/${ruleId}?version=v3`;
			const rule = await this.call<{ affectedWorkflows: Array<{ name: string }> }>('GET', path);
			return [ruleId, rule.affectedWorkflows.map(({ name }) => name)] as const;
		});
		return { total, affected: Object.fromEntries(await Promise.all(entries)) };
	}

	/** What "Install" does in the settings of the community nodes. */
	async installPackage(name: string): Promise<void> {
		await this.call('POST', '/rest/community-packages', { name });
	}

	async activate({ id, versionId }: SavedWorkflow): Promise<SavedWorkflow> {
		this.activated.push(id);
		return await this.call('POST', `/rest/workflows/${id}/activate`, { versionId });
	}

	/** Whatever this client has activated, which would go on in an n8n that stays. */
	async deactivateAll(): Promise<void> {
		for (const id of this.activated) await this.call('POST', `/rest/workflows/${id}/deactivate`);
	}

	async deactivate({ id }: Pick<SavedWorkflow, 'id'>): Promise<SavedWorkflow> {
		return await this.call('POST', `/rest/workflows/${id}/deactivate`);
	}

	/** Whether n8n keeps a state of a polling trigger: it activates workflows some time after it says that they are active. */
	async hasPolled({ id }: SavedWorkflow): Promise<boolean> {
		const { staticData } = await this.call<{ staticData: object | null }>('GET', `/rest/workflows/${id}`);
		return JSON.stringify(staticData).includes('checkpoint');
	}

	/** Any page or file of n8n, with this user's session. */
	async get(path: string) {
		return await fetch(this.url + path, { headers: this.headers() });
	}

	private headers() {
		return { 'browser-id': BROWSER_ID, cookie: this.cookie };
	}

	private async call<T>(method: string, path: string, body?: object): Promise<T> {
		const response = await fetch(this.url + path, {
			method,
			headers: { ...this.headers(), 'content-type': 'application/json' },
			body: body && JSON.stringify(body),
		});
		const text = await response.text();
		if (!response.ok) throw new Error(`n8n answered ${response.status} to ${method} ${path}: ${text}`);
		const session = response.headers.getSetCookie().find((cookie) => cookie.startsWith('n8n-auth='));
		if (session) this.cookie = session.split(';')[0];
		return (JSON.parse(text) as { data: T }).data;
	}
}
