/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/require-node-api-error -- for shipped code, not for tests */
import { randomBytes } from 'node:crypto';
import process from 'node:process';
import type {
	IDataObject,
	INode,
	INodeExecutionData,
	INodeParameters,
	IWorkflowSettings,
} from 'n8n-workflow';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../simulator/simulator';
import { N8nClient, type Credential, type Execution, type NewWorkflow } from './client';
import { GivenN8n, givenOwner } from './givenN8n';
import { startN8n, type RunningN8n } from './n8n';
import { refuseLeaks } from './secrets';

export const NODE_TYPE = 'n8n-nodes-itniotech.itniotech';
export const CREDENTIAL_TYPE = 'itniotechApi';

/** A fresh n8n with the node of this checkout, an owner who is signed in, and a credential for the simulator. */
export interface Stage {
	n8n: RunningN8n;
	client: N8nClient;
	simulator: Simulator;
	/** For n8n's sign-in page. */
	owner: { email: string; password: string };
	credential: Credential;
	/** What the credential holds. */
	credentialData: { apiKey: string; apiSecret: string; baseUrl: string };
	/**
	 * Ends n8n and the simulator and removes what they left.
	 * @throws Error when the key or the secret can be read in what n8n stored or showed
	 */
	stop(): Promise<void>;
}

/** Starts everything. A key and a secret of this run alone are made, so that a search for them finds no others. */
export async function openStage(
	simulatorOptions: SimulatorOptions = {},
	version = process.env.E2E_N8N_VERSION,
	env: Record<string, string> = {},
): Promise<Stage> {
	const apiKey = randomBytes(8).toString('hex');
	const apiSecret = randomBytes(16).toString('hex');
	const { E2E_N8N_URL: givenUrl } = process.env;
	const password = `Aa1-${randomBytes(9).toString('base64url')}`;
	const owner = givenUrl ? givenOwner() : { email: 'owner@example.com', password };

	const n8n = givenUrl ? new GivenN8n(givenUrl) : await startN8n({ version, env });
	const simulator = await startSimulator({ apiKey, apiSecret, ...simulatorOptions });
	const client = new N8nClient(n8n.url);
	const end = async () => {
		if (givenUrl) await client.deactivateAll();
		await n8n.stop();
		await simulator.stop();
	};
	try {
		await client.signIn(owner.email, owner.password);
		const credentialData = { apiKey, apiSecret, baseUrl: simulator.url };
		const credential = await client.createCredential(CREDENTIAL_TYPE, 'ITNIO simulator', credentialData);
		const stage = { n8n, client, simulator, owner, credential, credentialData };
		const hasDatabaseFile = !givenUrl && env.DB_TYPE === undefined;
		return { ...stage, stop: async () => await refuseLeaks(stage, { hasDatabaseFile }).finally(end) };
	} catch (error) {
		const said = n8n.log.split('\n').filter((line) => /^(?!\s+at |- ).*itniotech/i.test(line));
		await end();
		throw new Error([(error as Error).message, 'In the log of n8n:', ...said].join('\n'));
	}
}

/** Wires a credential into every node of a workflow that takes one of its type. */
export function withCredential(workflow: NewWorkflow, { id, name, type }: Credential): NewWorkflow {
	const takesIt = (node: INode) =>
		node.type.startsWith('n8n-nodes-itniotech.') || node.parameters.nodeCredentialType === type;
	const nodes = workflow.nodes.map((node) =>
		takesIt(node) ? { ...node, credentials: { ...node.credentials, [type]: { id, name } } } : node,
	);
	return { ...workflow, nodes };
}

/** What a one-node workflow is made of. */
export interface OneNode {
	type?: string;
	typeVersion?: number;
	parameters: INodeParameters;
	/** Input items of the node; default: one empty item. */
	items?: IDataObject[];
	/** Settings beside the parameters, e.g. `onError`. */
	node?: Partial<INode>;
	/** Settings of the workflow, e.g. `timezone`. */
	settings?: IWorkflowSettings;
}

/** Saves a workflow of the manual trigger "Start" and one node, "Node", with the credential, and runs it. */
export async function runNode({ client, credential }: Stage, options: OneNode): Promise<Execution> {
	const { type = NODE_TYPE, typeVersion = 1, parameters, items = [{}], node, settings } = options;
	const start = { type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, parameters: {} };
	const workflow: NewWorkflow = {
		name: JSON.stringify(parameters).slice(0, 100),
		settings,
		pinData: { Start: items.map((json) => ({ json })) },
		nodes: [
			{ id: 'start', name: 'Start', position: [0, 0], ...start },
			{ id: 'node', name: 'Node', position: [220, 0], type, typeVersion, parameters, ...node },
		],
		connections: { Start: { main: [[{ node: 'Node', type: 'main', index: 0 }]] } },
	};
	return await client.runWorkflow(await client.createWorkflow(withCredential(workflow, credential)), 'Start');
}

/** The items that "Node" gave. */
export function itemsOf(execution: Execution): INodeExecutionData[] {
	return execution.data.resultData.runData.Node?.at(-1)?.data?.main[0] ?? [];
}
