/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- for shipped code, not for tests */
import './environment';

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import type * as Di from '@n8n/di';
import {
	BinaryDataService,
	CredentialTestContext,
	ExecuteContext,
	ExecutionLifecycleHooks,
	PackageDirectoryLoader,
	HookContext,
	LoadOptionsContext,
	PollContext,
	WebhookContext,
	WorkflowExecute,
} from 'n8n-core';
import {
	Workflow,
	createRunExecutionData,
	type IBinaryKeyData,
	type ICredentialDataDecryptedObject,
	type ICredentialsHelper,
	type IDataObject,
	type IExecuteFunctions,
	type IHttpRequestOptions,
	type INode,
	type INodeCredentialTestResult,
	type INodeExecutionData,
	type INodeListSearchResult,
	type INodeParameters,
	type INodeType,
	type IPollFunctions,
	type IRun,
	type IRunExecutionData,
	type IWebhookData,
	type IWebhookFunctions,
	type IWorkflowBase,
	type IWorkflowExecuteAdditionalData,
	type WorkflowActivateMode,
	type WorkflowExecuteMode,
} from 'n8n-workflow';

const PACKAGE_DIR = join(__dirname, '../../..');
const PACKAGE_NAME = 'n8n-nodes-itniotech';
const DEMO = { apiKey: '', apiSecret: '', baseUrl: '' };

/** A workflow as n8n exports it. */
export type WorkflowFile = Pick<IWorkflowBase, 'name' | 'nodes' | 'connections' | 'settings'>;

export interface RunOptions {
	credential: { apiKey: string; apiSecret: string; baseUrl: string };
	/** Zone of the workflow; n8n's default is the server's. */
	timezone?: string;
	/** Items that the first node outputs; default: one empty item, as the manual trigger does. */
	input?: IDataObject[];
	/** Files of each of these items. */
	binary?: IBinaryKeyData;
	/** Name of the node to start from; default: the trigger, the first one of several. */
	start?: string;
	/** What takes the place of nodes of other packages; default: the manual trigger alone is known. */
	standIns?: NodeTypes;
}

/** Gives a node's class by its type, e.g. `n8n-nodes-base.slack`. */
type NodeTypes = (type: string) => INodeType;

/** What one run left behind. */
export interface RunResult {
	run: IRun;
	/** Items of the last node's first output; empty when it failed. */
	items: INodeExecutionData[];
	/** The error of a run that stopped on a node. */
	error?: { message: string; description?: string | null; context?: IDataObject; name?: string };
	durationMs: number;
}

/** The built package, loaded as n8n loads an installed one. */
async function loadPackage(): Promise<PackageDirectoryLoader> {
	const loader = new PackageDirectoryLoader(PACKAGE_DIR);
	await loader.loadAll();
	return loader;
}

let loading: Promise<PackageDirectoryLoader> | undefined;

/** Runs a workflow through n8n's own engine, with the built nodes and credentials of this package. */
export async function runWorkflow(file: WorkflowFile, options: RunOptions): Promise<RunResult> {
	return await processWorkflow(file, options, (workflow) => {
		const node = workflow.getStartNode(options.start) ?? Object.values(workflow.nodes)[0];
		const items = (options.input ?? [{}]).map((json) => ({ json, binary: options.binary }));
		const nodeExecutionStack = [{ node, data: { main: [items] }, source: null }];
		return createRunExecutionData({ executionData: { nodeExecutionStack } });
	});
}

/** What "Retry" does in n8n's list of executions with one that failed: it goes on with the run that failed. */
export async function retryRun(
	file: WorkflowFile,
	options: RunOptions,
	{ run: { data } }: RunResult,
): Promise<RunResult> {
	const resultData = { ...data.resultData, error: undefined };
	resultData.runData[resultData.lastNodeExecuted ?? '']?.pop();
	return await processWorkflow(file, options, () => ({ ...data, resultData }), 'retry');
}

async function processWorkflow(
	file: WorkflowFile,
	options: RunOptions,
	dataFor: (workflow: Workflow) => IRunExecutionData,
	mode: WorkflowExecuteMode = 'manual',
): Promise<RunResult> {
	loading ??= loadPackage();
	const loader = await loading;
	const nodes = file.nodes.map((node) =>
		node.credentials?.itniotechApi ? { ...node, credentials: credentialOf(options.credential) } : node,
	);
	const workflow = createWorkflow({ ...file, nodes }, loader, options.timezone, undefined, options.standIns);
	const startedAt = performance.now();
	const run = await new WorkflowExecute(
		additionalData(file, loader, options.credential),
		mode,
		dataFor(workflow),
	).processRunExecutionData(workflow);
	const { resultData } = run.data;
	const last = resultData.runData[resultData.lastNodeExecuted ?? '']?.at(-1);
	return {
		run,
		items: last?.data?.main[0] ?? [],
		error: resultData.error as RunResult['error'],
		durationMs: performance.now() - startedAt,
	};
}

interface NodeSetup {
	parameters?: INodeParameters;
	/** Default: one empty item. */
	input?: IDataObject[];
	settings?: Partial<INode>;
}

/** Runs the built node in a context. */
export async function executeNode(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	loading ??= loadPackage();
	const loader = await loading;
	const outputs = await nodeType(loader, context.getNode().type).execute!.call(context);
	return (outputs as INodeExecutionData[][])[0];
}

/**
 * What n8n hands to `execute()` of the ITNIO TECH node: its real HTTP helper, and the built credential that signs.
 * @param cancelSignal aborts when the user stops the execution
 */
export async function createContext(
	credential: RunOptions['credential'],
	cancelSignal?: AbortSignal,
	{ parameters = {}, input = [{}], settings = {} }: NodeSetup = {},
): Promise<IExecuteFunctions> {
	loading ??= loadPackage();
	const loader = await loading;
	const file = workflowOf(parameters, { ...settings, credentials: credentialOf(credential) });
	const workflow = createWorkflow(file, loader);
	const node = file.nodes[1];
	const executeData = { node, data: { main: [input.map((json) => ({ json }))] }, source: null };
	return new ExecuteContext(
		workflow,
		node,
		additionalData(file, loader, credential),
		'manual',
		createRunExecutionData(),
		0,
		executeData.data.main[0],
		executeData.data,
		executeData,
		[],
		cancelSignal,
	);
}

/** Tests a credential as n8n does when it is saved: by the function that a node of the built package names. */
export async function testCredential(
	credential: ICredentialDataDecryptedObject,
	node = 'itniotech',
): Promise<INodeCredentialTestResult> {
	loading ??= loadPackage();
	const loader = await loading;
	const { description, methods } = nodeType(loader, `${PACKAGE_NAME}.${node}`);
	const testedBy = description.credentials![0].testedBy as string;
	const data = additionalData(workflowOf({}), loader, DEMO);
	return await methods!.credentialTest![testedBy].call(new CredentialTestContext(data), {
		id: 'test',
		name: 'ITNIO TECH API',
		type: 'itniotechApi',
		data: credential,
	});
}

/** What the editor shows in "From list" of a node, e.g. of the type `itniotech`. */
export async function searchList(
	type: string,
	method: string,
	{
		credential,
		filter,
		timezone,
	}: { credential: RunOptions['credential']; filter?: string; timezone?: string },
): Promise<INodeListSearchResult['results']> {
	loading ??= loadPackage();
	const loader = await loading;
	const settings = { type: `${PACKAGE_NAME}.${type}`, credentials: credentialOf(credential) };
	// The editor sends all parameters; without "Confirm Calls", the push trigger has no credential.
	const file = workflowOf({ confirm: true }, settings);
	const workflow = createWorkflow(file, loader, timezone);
	const context = new LoadOptionsContext(
		workflow,
		file.nodes[1],
		additionalData(file, loader, credential),
		'',
	);
	const { methods } = nodeType(loader, settings.type);
	return (await methods!.listSearch![method].call(context, filter)).results;
}

export interface PollContextOptions {
	credential: RunOptions['credential'];
	parameters: INodeParameters;
	/** What n8n has saved for the workflow; default: nothing. */
	staticData?: IDataObject;
	/** `manual` is a test in the editor. */
	mode?: 'trigger' | 'manual';
	/** How n8n started the trigger; default: a person published it. */
	activation?: WorkflowActivateMode;
	/** Older engines set none. */
	budgetMs?: number;
	timezone?: string;
	/** The process of n8n remembers its triggers by it. Default: a new one, as if the process had just started. */
	nodeId?: string;
}

let nodeIds = 0;

/** The built polling trigger, alone in a workflow. Each `poll()` gets a context as n8n makes it. */
export async function createPollContext(options: PollContextOptions): Promise<{
	workflow: Workflow;
	context: IPollFunctions;
	poll(): Promise<INodeExecutionData[][] | null>;
}> {
	loading ??= loadPackage();
	const loader = await loading;
	const { credential, parameters, staticData, mode = 'trigger', budgetMs, timezone } = options;
	const { nodeId = `node ${++nodeIds}`, activation = 'activate' } = options;
	const type = `${PACKAGE_NAME}.itniotechTrigger`;
	const file = workflowOf(parameters, {
		type,
		id: nodeId,
		name: 'ITNIO TECH Trigger',
		credentials: credentialOf(credential),
	});
	file.nodes = [file.nodes[1]];
	file.connections = {};
	const workflow = createWorkflow(file, loader, timezone, staticData);
	const node = workflow.getNode('ITNIO TECH Trigger')!;
	const context = new PollContext(workflow, node, additionalData(file, loader, credential), mode, activation);
	Object.assign(context, { getPollBudgetMs: budgetMs === undefined ? undefined : () => budgetMs });
	return {
		workflow,
		context,
		poll: async () => (await nodeType(loader, type).poll?.call(context)) ?? null,
	};
}

export interface WebhookOptions {
	credential: RunOptions['credential'];
	parameters: INodeParameters;
	/** What n8n has saved for the workflow; default: nothing. */
	staticData?: IDataObject;
	/** `manual` is a test in the editor. */
	mode?: 'webhook' | 'manual';
	/** Tells workflows apart, as in n8n the id of the workflow does. */
	nodeId?: string;
}

/** What a push got as its answer, and output. */
export interface PushResult {
	httpStatus?: number;
	body?: unknown;
	items: INodeExecutionData[];
}

/** The built push trigger, alone in a workflow. Each push gets a context as n8n makes it. */
export async function createPushTrigger(options: WebhookOptions): Promise<{
	workflow: Workflow;
	logger: IWebhookFunctions['logger'];
	/** @param result is filled in also when the trigger throws after its answer */
	push(body: string | Buffer, ip?: string, result?: PushResult): Promise<PushResult>;
	/** As on activation by a user or, with `init`, on a start of n8n. */
	activate(activation?: WorkflowActivateMode): Promise<void>;
	deactivate(): Promise<void>;
}> {
	loading ??= loadPackage();
	const loader = await loading;
	const { credential, parameters, staticData, mode = 'webhook', nodeId } = options;
	const type = `${PACKAGE_NAME}.itniotechPushTrigger`;
	const file = workflowOf(parameters, {
		type,
		name: 'ITNIO TECH Push Trigger',
		id: nodeId ?? 'node',
		credentials: credentialOf(credential),
	});
	file.nodes = [file.nodes[1]];
	file.connections = {};
	const workflow = createWorkflow(file, loader, undefined, staticData);
	const node = workflow.getNode('ITNIO TECH Push Trigger')!;
	const nodeClass = nodeType(loader, type);
	const webhookData = { webhookDescription: nodeClass.description.webhooks![0] } as IWebhookData;
	const { checkExists, create, delete: remove } = nodeClass.webhookMethods!.default!;
	const hook = (activation: WorkflowActivateMode) =>
		new HookContext(workflow, node, additionalData(file, loader, credential), mode, activation, webhookData);
	const logger = new HookContext(workflow, node, additionalData(file, loader, credential), mode, 'init')
		.logger;
	return {
		workflow,
		logger,
		async push(body, ip = '127.0.0.1', result = { items: [] }) {
			const response = {
				status(httpStatus: number) {
					result.httpStatus = httpStatus;
					return response;
				},
				set: () => response,
				json(sent: unknown) {
					result.body = sent;
					return response;
				},
			};
			const data = additionalData(file, loader, credential);
			data.httpRequest = { ip, rawBody: Buffer.from(body), headers: {} } as never;
			data.httpResponse = response as never;
			const context = new WebhookContext(workflow, node, data, mode, webhookData, [], null);
			const { workflowData, noWebhookResponse } = await nodeClass.webhook!.call(context);
			if (!noWebhookResponse) throw new Error('n8n would answer a second time');
			result.items = workflowData?.[0] ?? [];
			return result;
		},
		async activate(activation = 'activate') {
			if (!(await checkExists!.call(hook(activation)))) await create!.call(hook(activation));
		},
		async deactivate() {
			await remove!.call(hook('update'));
		},
	};
}

function createWorkflow(
	file: WorkflowFile,
	loader: PackageDirectoryLoader,
	timezone?: string,
	staticData?: IDataObject,
	standIns?: NodeTypes,
): Workflow {
	return new Workflow({
		id: 'engine',
		name: file.name,
		// A note does nothing, and its type is in another package.
		nodes: structuredClone(file.nodes.filter(({ type }) => !type.endsWith('.stickyNote'))),
		connections: file.connections,
		active: false,
		nodeTypes: {
			getByName: (type) => nodeType(loader, type, standIns),
			getByNameAndVersion: (type) => nodeType(loader, type, standIns),
			getKnownTypes: () => ({}),
		},
		settings: { ...file.settings, ...(timezone && { timezone }) },
		staticData,
	});
}

/** Nodes remember the clock of the service for each credential, so each service gets a credential. */
function credentialOf({ baseUrl }: RunOptions['credential']): INode['credentials'] {
	return { itniotechApi: { id: baseUrl, name: 'ITNIO TECH API' } };
}

/** Lets the engine keep files on disk, as n8n does by default; without it they stay in memory. */
export async function storeFilesOnDisk(): Promise<void> {
	// npm may install this package more than once; the engine's own copy holds its services.
	const { Container } = createRequire(require.resolve('n8n-core'))('@n8n/di') as typeof Di;
	await Container.get(BinaryDataService).init();
}

/** One of the importable workflows in `examples`, by its name without `.json`. */
export function readWorkflow(name: string): WorkflowFile {
	return JSON.parse(readFileSync(join(PACKAGE_DIR, 'examples', `${name}.json`), 'utf8')) as WorkflowFile;
}

/** A workflow of the manual trigger and one ITNIO TECH node. */
export function workflowOf(parameters: INodeParameters, settings: Partial<INode> = {}): WorkflowFile {
	const start: INode = {
		id: 'start',
		name: 'Start',
		type: 'n8n-nodes-base.manualTrigger',
		typeVersion: 1,
		position: [0, 0],
		parameters: {},
	};
	const node: INode = {
		id: 'node',
		name: 'ITNIO TECH',
		type: `${PACKAGE_NAME}.itniotech`,
		typeVersion: 1,
		position: [200, 0],
		parameters,
		credentials: { itniotechApi: { id: 'itniotech', name: 'ITNIO TECH API' } },
		...settings,
	};
	return {
		name: 'Engine',
		nodes: [start, node],
		connections: { [start.name]: { main: [[{ node: node.name, type: 'main', index: 0 }]] } },
		settings: { executionOrder: 'v1' },
	};
}

/**
 * Stands in for a node of another package.
 * @param parameters names of the parameters that it has
 */
export function standIn(execute: INodeType['execute'], parameters: string[] = []): INodeType {
	return {
		description: {
			displayName: 'Stand-in',
			name: 'standIn',
			group: ['transform'],
			version: 1,
			description: '',
			defaults: {},
			inputs: ['main'],
			outputs: ['main'],
			properties: parameters.map((name) => ({ displayName: name, name, type: 'json', default: '' })),
		},
		execute,
	};
}

const manualTrigger = standIn(async function () {
	return [this.getInputData()];
});

function nodeType(loader: PackageDirectoryLoader, type: string, standIns?: NodeTypes): INodeType {
	if (type === 'n8n-nodes-base.manualTrigger') return manualTrigger;
	if (standIns && !type.startsWith(PACKAGE_NAME)) return standIns(type);
	const name = type.replace(`${PACKAGE_NAME}.`, '');
	const node = loader.getNode(name.replace(/Tool$/, '')).type as INodeType;
	// n8n derives the tool for AI agents from the node, under this name.
	return name.endsWith('Tool')
		? (Object.assign(Object.create(node), { description: { ...node.description, name } }) as INodeType)
		: node;
}

function additionalData(
	file: WorkflowFile,
	loader: PackageDirectoryLoader,
	credential: RunOptions['credential'],
): IWorkflowExecuteAdditionalData {
	const credentialsHelper: Partial<ICredentialsHelper> = {
		getParentTypes: () => [],
		isCredentialUsableByNode: () => true,
		getDecrypted: async () => ({ ...credential }),
		preAuthentication: async () => undefined,
		authenticate: async (credentials: ICredentialDataDecryptedObject, type: string, options) => {
			const { authenticate } = loader.getCredential(type).type;
			if (typeof authenticate !== 'function') throw new Error(`${type} cannot sign`);
			return await authenticate(credentials, options as IHttpRequestOptions);
		},
		getCredentialsProperties: (type) => loader.getCredential(type).type.properties,
	};
	const url = 'http://127.0.0.1/';
	return {
		credentialsHelper: credentialsHelper as ICredentialsHelper,
		hooks: new ExecutionLifecycleHooks('manual', 'engine', {
			...file,
			id: 'engine',
			active: false,
		} as IWorkflowBase),
		currentNodeExecutionIndex: 0,
		executionId: 'engine',
		variables: {},
		restApiUrl: url,
		instanceBaseUrl: url,
		formWaitingBaseUrl: url,
		webhookBaseUrl: url,
		webhookWaitingBaseUrl: url,
		webhookTestBaseUrl: url,
		logAiEvent: () => {},
		setExecutionStatus: () => {},
	} as Partial<IWorkflowExecuteAdditionalData> as IWorkflowExecuteAdditionalData;
}
