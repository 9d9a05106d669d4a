import type { INode, INodeParameters, INodeProperties } from 'n8n-workflow';
import { SIMPLIFIED_FIELDS } from '../../nodes/Itniotech/records/output/fields';
import { startSimulator, type Simulator } from '../simulator/simulator';
import { CREDENTIAL_TYPE, NODE_TYPE, itemsOf, openStage, runNode, type Stage } from './support/stage';
import { Editor } from './support/editor';
import { shippedNames, shippedWorkflow } from './support/shipped';

let stage: Stage;

beforeAll(async () => {
	stage = await openStage();
});

afterAll(async () => {
	await stage?.stop();
});

beforeEach(() => stage.simulator.resetStats());

describe('the installed package', () => {
	interface LoadedNode {
		name: string;
		displayName: string;
		version: number | number[];
		iconUrl: { light: string; dark: string };
		properties: INodeProperties[];
	}

	const loadedNodes = async () => {
		const answer = await stage.client.get('/types/nodes.json');
		return (await answer.json()) as LoadedNode[];
	};
	const loadedNode = async () => (await loadedNodes()).find(({ name }) => name === NODE_TYPE);

	test('n8n lists the node under its full name', async () => {
		expect(await loadedNode()).toMatchObject({ name: NODE_TYPE, displayName: 'ITNIO TECH' });
	});

	test.each(['light', 'dark'] as const)('n8n serves its icon for the %s theme', async (theme) => {
		const icon = (await loadedNode())?.iconUrl[theme] ?? '';
		const answer = await stage.client.get(`/${icon}`);
		expect(answer.status).toBe(200);
		expect(answer.headers.get('content-type')).toContain('image/svg+xml');
		expect(await answer.text()).toContain('<svg');
	});

	test('n8n serves what an operation outputs, and offers no export to agents', async () => {
		const answer = await stage.client.get(`/schemas/${NODE_TYPE}/1.0.0/voiceRecord/query.json`);
		const { properties } = (await answer.json()) as { properties: object };
		expect(Object.keys(properties)).toEqual(SIMPLIFIED_FIELDS);
		const tool = (await loadedNodes()).find(({ name }) => name === `${NODE_TYPE}Tool`);
		const ofAgents = tool?.properties.find(
			({ name, displayOptions: { show } = {} }) =>
				name === 'operation' && show?.['@tool'] && show.resource?.includes('voiceRecord'),
		);
		const operations = ofAgents?.options?.map((option) => 'value' in option && option.value);
		expect(operations).toEqual(expect.arrayContaining(['get', 'query', 'summarize']));
		expect(operations).not.toContain('export');
	});

	test('n8n has each node of the example workflows, in the version they need', async () => {
		const loaded = await loadedNodes();
		const versions = loaded.flatMap(({ name, version }) => [version].flat().map((one) => `${name} ${one}`));
		const workflows = await Promise.all(shippedNames().map(async (name) => await shippedWorkflow(name, [])));
		const used = workflows.flatMap(({ nodes }) => nodes.map((node) => `${node.type} ${node.typeVersion}`));
		expect(used.length).toBeGreaterThan(20);
		expect(used.filter((one) => !versions.includes(one))).toEqual([]);
	});
});

describe('the test of a credential', () => {
	const testWith = async (changes: object = {}) =>
		await stage.client.testCredential(stage.credential, { ...stage.credentialData, ...changes });

	test('passes with a correct key and secret, with one signed request for one row of the last hour', async () => {
		expect(await testWith()).toMatchObject({ status: 'OK' });
		const offset = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/) as string;
		expect(stage.simulator.requests).toMatchObject([
			{
				method: 'POST',
				path: '/voice/recordGroupQuery',
				status: '0',
				body: { current: 1, size: 1, params: { strTime: offset, endTime: offset } },
			},
		]);
	});

	test('names what to check when the secret is wrong', async () => {
		const { status, message } = await testWith({ apiSecret: 'another-secret' });
		expect(status).toBe('Error');
		expect(message).toContain('ITNIO TECH did not accept the API key or its signature');
		expect(message).toContain('Check "API Key", "API Secret" and "Base URL"');
	});

	test.each([
		[
			'a web page in place of the API',
			{ kind: 'html' },
			/server at this address is not the ITNIO TECH API\. Check "Base URL"/,
		],
		['an empty answer', { kind: 'body', body: '' }, /response from ITNIO TECH was incomplete\. Try again/],
		[
			'a gateway that refuses',
			{ kind: 'http', httpStatus: 403, body: 'Forbidden' },
			/rejected before ITNIO TECH processed it\. Check/,
		],
	] as const)('says what to do about %s', async (_, fault, message) => {
		stage.simulator.failNext(fault);
		expect(await testWith()).toMatchObject({
			status: 'Error',
			message: expect.stringMatching(message) as string,
		});
	});

	test.each([
		['nothing listens', () => 'http://127.0.0.1:9', /could not be reached\. Check .*"Base URL"/],
		[
			'no such host exists',
			() => 'https://api.itniotech.invalid',
			/could not be reached\. Check .*"Base URL"/,
		],
		[
			'a server without TLS answers',
			() => stage.simulator.url.replace('http:', 'https:'),
			/secure connection to ITNIO TECH could not be verified\. Check "Base URL"/,
		],
	])('says what to do when %s at the base URL', async (_, baseUrl, message) => {
		expect(await testWith({ baseUrl: baseUrl() })).toMatchObject({
			status: 'Error',
			message: expect.stringMatching(message) as string,
		});
	});
});

describe("n8n's own HTTP Request node with this credential", () => {
	const send = async (url: string, body: object) =>
		await runNode(stage, {
			type: 'n8n-nodes-base.httpRequest',
			typeVersion: 4.2,
			parameters: {
				method: 'POST',
				url,
				authentication: 'predefinedCredentialType',
				nodeCredentialType: CREDENTIAL_TYPE,
				sendBody: true,
				specifyBody: 'json',
				jsonBody: JSON.stringify(body),
			},
		});

	describe('and another address', () => {
		let other: Simulator;
		beforeAll(async () => void (other = await startSimulator()));
		afterAll(async () => await other.stop());

		test('is refused by name and sends nothing', async () => {
			const execution = await send(`${other.url}/voice/recordGroupQuery`, {});
			expect(execution.status).toBe('error');
			expect(JSON.stringify(execution)).toContain(`does not sign requests to ${other.url}`);
			expect([...other.requests, ...stage.simulator.requests]).toEqual([]);
		});

		test('does not follow a redirect to it', async () => {
			const location = `${other.url}/voice/recordGroupQuery`;
			stage.simulator.failNext({ kind: 'http', httpStatus: 307, headers: { location } });
			const execution = await send(`${stage.simulator.url}/voice/recordGroupQuery`, {});
			expect(execution.status).toBe('error');
			expect([stage.simulator.requests.length, other.requests.length]).toEqual([1, 0]);
		});
	});

	test('signs its requests and gets records', async () => {
		const now = Math.floor(Date.now() / 1000) * 1000;
		const body = {
			current: 1,
			size: 5,
			params: {
				strTime: new Date(now - 86_400_000).toISOString().replace('.000Z', '+00:00'),
				endTime: new Date(now).toISOString().replace('.000Z', '+00:00'),
			},
		};
		const execution = await send(`${stage.simulator.url}/voice/recordGroupQuery`, body);
		expect(execution.status).toBe('success');
		const [{ json }] = itemsOf(execution);
		expect(json).toMatchObject({ status: '0', data: { size: 5, current: 1 } });
		expect((json.data as { records: unknown[] }).records).toHaveLength(5);
		expect(stage.simulator.requests).toMatchObject([{ status: '0', body }]);
	});
});

test('the credential is offered by the HTTP Request node in the editor, and signs its request', async () => {
	const editor = await Editor.open(stage);
	try {
		stage.simulator.resetStats();
		const node = (name: string, type: string, parameters: INodeParameters): INode => ({
			id: name,
			name,
			type: `n8n-nodes-base.${type}`,
			typeVersion: 1,
			position: [0, 0],
			parameters,
		});
		const url = `${stage.simulator.url}/sms/getBalance`;
		const request = { ...node('HTTP Request', 'httpRequest', { url }), typeVersion: 4.2 };
		const nodes = [
			node('Start', 'manualTrigger', {}),
			{ ...request, position: [220, 0] as [number, number] },
		];
		const connections = { Start: { main: [[{ node: 'HTTP Request', type: 'main' as const, index: 0 }]] } };
		const { id } = await stage.client.createWorkflow({ name: 'A request', nodes, connections });
		await editor.openWorkflow(id);
		await editor.openNode('HTTP Request');
		await editor.choose('authentication', 'Predefined Credential Type');
		await editor.chooseCredentialType('ITNIO TECH API');
		await editor.execute();
		const [header, row] = await editor.outputTable();
		expect([header, row.slice(0, 1)]).toEqual([expect.arrayContaining(['status', 'balance']), ['0']]);
		expect(stage.simulator.requests).toMatchObject([{ status: '0', path: '/sms/getBalance' }]);
	} finally {
		await editor.close();
	}
});
