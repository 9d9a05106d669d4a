/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- for shipped code, not for tests */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
	INodeParameters,
	INodeProperties,
	INodePropertyCollection,
	INodePropertyOptions,
	NodeApiError,
} from 'n8n-workflow';
import { ItniotechApi } from '../../credentials/ItniotechApi.credentials';
import { STATUS_MEANINGS } from '../../nodes/Itniotech/api/status';
import { Itniotech } from '../../nodes/Itniotech/Itniotech.node';
import { ItniotechTrigger } from '../../nodes/Itniotech/ItniotechTrigger.node';
import { listDataset } from '../simulator/dataset';
import { DEMO_CREDENTIAL, startSimulator, type Fault, type Simulator } from '../simulator/simulator';
import { call } from '../support/calls';
import type * as TestClocks from '../support/testClock';
import { useTestClock } from '../support/testClock';
import { NOW_MS } from '../support/times';
import { createPollContext, runWorkflow, workflowOf } from './support/engine';

jest.mock('n8n-workflow', () =>
	jest.requireActual<typeof TestClocks>('../support/testClock').n8nOnTestClock(),
);

let simulator: Simulator;
const clock = useTestClock(NOW_MS);

beforeEach(async () => {
	simulator = await startSimulator({ dataset: listDataset([call('7', -60_000)]), now: () => clock.ms });
});
afterEach(async () => await simulator.stop());

const CALL = { calledNumber: '15550100', calledNumbers: '15550100', appId: 'app', language: 'EN' };
const PARAMETERS: Record<string, Record<string, INodeParameters>> = {
	account: { getBalance: {} },
	voiceRecord: {
		query: { returnAll: true },
		get: { voiceId: '7' },
		summarize: {},
		report: {},
		export: {},
		unreached: {},
	},
	voiceMessage: {
		sendText: { ...CALL, text: 'Hello' },
		sendFile: { ...CALL, fileId: '1.mp3' },
		uploadFile: { binaryPropertyName: 'data' },
	},
	voiceCampaign: {
		create: { ...CALL, messageType: 'text', text: 'Hello', campaignName: 'Spring' },
		get: { campaignId: '5000602' },
		getAll: {},
		cancel: { campaignId: '5000602' },
		callFailedAgain: { campaignId: '5000602' },
	},
};
const SOUND = Buffer.from('sound').toString('base64');
const PATHS = [
	...['recordGroupQuery', 'recordGroup/', 'getBalance', 'fileQuery', 'fileUpload', 'sendCode', 'sendGroup'],
	...['call/send', 'call/query', 'call/detail', 'call/cancel', 'call/resend'],
];
/** But for too many requests: the node waits as long as it takes. */
const FAULTS: Fault[] = [
	...[...STATUS_MEANINGS.keys(), '-99']
		.filter((status) => status !== '-15')
		.map((status): Fault => ({ kind: 'status', status })),
	...[303, 401, 404, 407, 418, 502].map((httpStatus): Fault => ({ kind: 'http', httpStatus })),
	{ kind: 'html' },
	{ kind: 'body', body: '{"status":"0","data":7}' },
	{ kind: 'body', body: '{"status":"0",' },
];

const properties = new Itniotech().description.properties;

function isShown({ displayOptions }: INodeProperties, resource: string, operation: string): boolean {
	const { resource: resources, operation: operations } = displayOptions?.show ?? {};
	return (resources?.includes(resource) ?? true) && (operations?.includes(operation) ?? true);
}

function labelsIn(entry: INodeProperties | INodePropertyCollection | INodePropertyOptions): string[] {
	const nested = [
		...('options' in entry ? (entry.options ?? []) : []),
		...('values' in entry ? entry.values : []),
	];
	return ['displayName' in entry ? entry.displayName : entry.name, ...nested.flatMap(labelsIn)].filter(
		(label) => label !== undefined,
	);
}

const labelsOf = (resource: string, operation: string) =>
	properties.filter((property) => isShown(property, resource, operation)).flatMap(labelsIn);

const OPERATIONS = Object.entries(PARAMETERS).flatMap(([resource, operations]) =>
	Object.keys(operations).map((operation) => ({ resource, operation })),
);
const labelOfOperation = new Map(
	properties
		.filter(({ name }) => name === 'operation')
		.flatMap(({ options }) => options as INodePropertyOptions[])
		.map(({ name, value }) => [name, value as string]),
);
const CREDENTIAL = new ItniotechApi().properties.map(({ displayName }) => displayName);

/** The labels of an operation, and of another one that a text sends its reader to. */
function knownLabels(resource: string, operation: string, text: string): string[] {
	const others = OPERATIONS.filter((other) =>
		[...labelOfOperation].some(([label, value]) => value === other.operation && text.includes(`"${label}"`)),
	);
	const shown = [{ resource, operation }, ...others].flatMap((one) => labelsOf(one.resource, one.operation));
	return [...shown, ...labelOfOperation.keys(), ...CREDENTIAL];
}

it('every operation is tried', () => {
	expect(new Set(OPERATIONS.map(({ operation }) => operation))).toEqual(new Set(labelOfOperation.values()));
});

it.each(OPERATIONS)(
	'whatever status refuses $operation, the message names only fields that the operation has',
	async ({ resource, operation }) => {
		const parameters = { resource, operation, timeRange: 'last24Hours', ...PARAMETERS[resource][operation] };
		const runWith = async (...faults: Fault[]) => {
			simulator.resetStats();
			simulator.addTask({
				taskName: 'Summer',
				numbers: ['15550100'],
				text: 'Hi',
				lan: 'EN',
				source: 3,
				appId: 'app',
			});
			simulator.failNext(...faults);
			return await runWorkflow(workflowOf(parameters), {
				credential: { ...DEMO_CREDENTIAL, baseUrl: simulator.url },
				binary: { data: { data: SOUND, mimeType: 'audio/mpeg', fileName: 'hello.mp3' } },
			});
		};
		await runWith();
		const asked = PATHS.filter((onlyAt) => simulator.requests.some(({ path }) => path.includes(onlyAt)));
		expect(asked).not.toEqual([]);
		const wrong: string[] = [];
		for (const onlyAt of asked) {
			for (const fault of FAULTS) {
				const { error, items } = await runWith(...Array<Fault>(5).fill({ ...fault, onlyAt }));
				const text = [error?.message, error?.description, ...items.map(({ json }) => json.reason)].join('\n');
				const known = knownLabels(resource, operation, text);
				for (const [, name] of text.matchAll(/"([^"\n]+)"/g)) {
					if (!known.includes(name)) wrong.push(`${onlyAt} ${JSON.stringify(fault)}: ${text}`);
				}
			}
		}
		expect(wrong).toEqual([]);
	},
);

it.each(['callFailed', 'thresholdCrossed', 'balanceLow', 'campaignFinished'])(
	'whatever status refuses a poll for %s, the message names only fields of the trigger',
	async (event) => {
		const known = [
			...new ItniotechTrigger().description.properties.flatMap(labelsIn),
			...labelOfOperation.keys(),
			...CREDENTIAL,
		];
		for (const fault of FAULTS) {
			simulator.resetStats();
			simulator.failNext(...Array<Fault>(20).fill(fault));
			const parameters = { event, metric: 'failures', condition: 'above', threshold: 5, windowMinutes: 60 };
			const credential = { ...DEMO_CREDENTIAL, baseUrl: simulator.url };
			const trigger = await createPollContext({ credential, parameters });
			const { message, description = '' } = await trigger.poll().then(
				() => {
					throw new Error(`A poll did not fail with ${JSON.stringify(fault)}`);
				},
				(error: NodeApiError) => error,
			);
			const names = [...`${message}\n${description}`.matchAll(/"([^"\n]+)"/g)].map(([, name]) => name);
			expect(names.filter((name) => !known.includes(name))).toEqual([]);
		}
	},
);

/** What a lasting fault meets, the row of docs/messages.md on it, and how often the node asks. */
it.each<[Fault, string, number]>([
	...['-1', '-2', '-13', '-22', '-25', '-32'].map((status): [Fault, string, number] => [
		{ kind: 'status', status },
		`[^|]*(?<!\\d)${status}\\b[^|]*`,
		1,
	]),
	[{ kind: 'status', status: '-16' }, '-16', 2],
	[{ kind: 'status', status: '-18' }, '-18,[^|]*', 5],
	...[408, 500, 503].map((httpStatus): [Fault, string, number] => [
		{ kind: 'http', httpStatus },
		'-18, HTTP 408, HTTP 5xx',
		5,
	]),
	...[401, 403].map((httpStatus): [Fault, string, number] => [
		{ kind: 'http', httpStatus },
		'HTTP 401, HTTP 403',
		1,
	]),
	[{ kind: 'http', httpStatus: 404 }, 'Other HTTP status', 1],
	[{ kind: 'reset' }, 'ITNIO TECH could not be reached', 5],
	[{ kind: 'truncated' }, 'The response from ITNIO TECH was incomplete', 5],
	[{ kind: 'html' }, 'The server at this address is not the ITNIO TECH API', 1],
])('%j is asked as often as docs/messages.md says', async (fault, row, asked) => {
	simulator.failNext(...Array<Fault>(9).fill(fault));
	const { error } = await runWorkflow(workflowOf({ resource: 'account', operation: 'getBalance' }), {
		credential: { ...DEMO_CREDENTIAL, baseUrl: simulator.url },
	});
	expect(error).toBeDefined();
	expect(simulator.requests).toHaveLength(asked);
	const page = readFileSync(join(__dirname, '../../docs/messages.md'), 'utf8');
	const [, advice] = new RegExp(`^\\| ${row} \\| (.*) \\|$`, 'm').exec(page)!;
	const said = { 1: [], 2: ['has tried again'], 5: ['has tried up to five times'] }[asked];
	expect(advice.match(/has tried \w+( to \w+ times)?/g) ?? []).toEqual(said);
});
