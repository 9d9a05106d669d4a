/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import { randomBytes } from 'node:crypto';
import process from 'node:process';
import { listDataset } from '../simulator/dataset';
import { wireTime } from '../simulator/records';
import { newCall } from '../simulator/service';
import { startSimulator, type Simulator } from '../simulator/simulator';
import { N8nClient, type Credential, type SavedWorkflow } from './support/client';
import { startN8n, type N8n } from './support/n8n';
import { shippedWorkflow } from './support/shipped';
import { startInternet, startSlack, type SlackStandIn } from './support/slack';
import { CREDENTIAL_TYPE, type Stage } from './support/stage';
import { Started } from './support/started';
import { localTime } from './support/times';
import { until } from './support/waiting';

/** n8n polls once a minute; after a kill it may leave a workflow that it was about to activate for two minutes. */
const NEXT_POLL_MS = 200_000;
const NEVER_MS = 3_600_000;
const SLACK_TOKEN = 'xoxb-test';

let stage: Stage;
let n8n: N8n;
let simulator: Simulator;
let slack: SlackStandIn;
let workflows: SavedWorkflow[];

const started = new Started();

beforeAll(async () => {
	const account = { apiKey: randomBytes(8).toString('hex'), apiSecret: randomBytes(16).toString('hex') };
	const credentialData = { ...account, baseUrl: 'https://api.itniotech.com' };
	const owner = { email: 'owner@example.com', password: `Aa1-${randomBytes(9).toString('base64url')}` };
	simulator = await started.add(startSimulator({ ...account, dataset: listDataset([]) }));
	slack = await started.add(startSlack());
	const hosts = { 'slack.com': slack.url, 'api.itniotech.com': simulator.url };
	const { env } = await started.add(startInternet(hosts));
	n8n = await started.add(startN8n({ env, version: process.env.E2E_N8N_VERSION }));

	const client = new N8nClient(n8n.url);
	await client.setupOwner(owner.email, owner.password);
	const credential = await client.createCredential(CREDENTIAL_TYPE, 'ITNIO TECH API', credentialData);
	const forSlack = await client.createCredential('slackApi', 'Slack account', { accessToken: SLACK_TOKEN });
	stage = {
		n8n,
		client,
		simulator,
		owner,
		credential,
		credentialData,
		stop: async () => await started.stop(),
	};
	workflows = [
		await importWorkflow('failed-calls-to-slack', [credential, forSlack]),
		await importWorkflow('failed-calls-each-to-slack', [credential, forSlack]),
	];
});

afterAll(async () => await started.stop());

/** Waits for what the next poll brings. */
const untilPolled = async (holds: () => boolean | Promise<boolean>) => await until(holds, NEXT_POLL_MS);

const OUTCOMES = ['486 Busy Here', '200 success', '603 Decline', '486 Busy Here'];
let calls = 0;

/** Three failed calls and an answered one end now, or at another time. Returns the messages about each failed one. */
function endCalls(endMs = Date.now()): string[] {
	const records = OUTCOMES.map((outcome, nth) => {
		const [, terminationCode, terminationReason] = /^(\d+) (.*)$/.exec(outcome) ?? [];
		const callee = `121255501${String(calls).padStart(2, '0')}`;
		const call = newCall(endMs - 20_000 + nth * 1000, calls++);
		const hangupTime = wireTime(endMs);
		return {
			...call,
			callee,
			code: 'United States(New York)',
			hangupTime,
			terminationCode,
			terminationReason,
		};
	});
	simulator.dataset.add(...records);
	return records
		.filter(({ terminationCode }) => terminationCode !== '200')
		.map(
			({ voiceId, callee, terminationCode, terminationReason, submitTime }) =>
				`Call to ${callee} failed: ${terminationCode} ${terminationReason}, United States(New York), ${localTime(submitTime)?.slice(11, 16)} (ID ${voiceId})`,
		);
}

/** The digest of what `endCalls` makes, so many times. */
function digestOf(times: number): string {
	return [
		`${3 * times} of ${4 * times} calls failed (75.0%), <period>`,
		`Reasons: 486 Busy Here: ${2 * times}, 603 Decline: ${times}`,
		`Areas: United States(New York): ${3 * times}`,
		'Latest numbers: <numbers>',
	].join('\n');
}

/** Everything that must have been posted since the start. */
const expected = { each: [] as string[], digests: [] as string[] };

function posted(): typeof expected {
	const texts = slack.messages.map(({ text }) => text);
	const isEach = (text: string) => text.startsWith('Call ');
	const time = '\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d';
	const period = new RegExp(`${time} to (${time}|\\d\\d:\\d\\d) \\(.+\\)$`, 'm');
	const digests = texts
		.filter((text) => !isEach(text))
		.map((text) => text.replace(period, '<period>').replace(/(?<=numbers: )[\d, ]+$/, '<numbers>'));
	return { each: texts.filter(isEach), digests };
}

/** Waits for the messages about calls that have ended, and checks that there are no others since the start. */
async function expectPosted(...newCalls: string[][]) {
	expected.each.push(...newCalls.flat());
	expected.digests.push(digestOf(newCalls.length));
	await untilPolled(
		() => posted().each.length >= expected.each.length && posted().digests.length >= expected.digests.length,
	);
	expect(posted()).toEqual(expected);
}

/** Waits until no poll and no execution is under way. */
async function betweenPolls() {
	const isDone = ({ status }: { status: string }) => ['success', 'error'].includes(status);
	await untilPolled(
		async () =>
			(await stage.client.executions()).every(isDone) &&
			simulator.requests.every(({ httpStatus }) => httpStatus !== 0),
	);
}

/** Imports a workflow of the package. */
async function importWorkflow(name: string, credentials: Credential[]): Promise<SavedWorkflow> {
	return await stage.client.createWorkflow(await shippedWorkflow(name, credentials));
}

let isIntact = true;

/** A test that goes on where the one before it ended, and fails at once when that one failed. */
function step(title: string, act: () => Promise<void>) {
	test(title, async () => {
		if (!isIntact) throw new Error('A test before this one failed');
		isIntact = false;
		await act();
		isIntact = true;
	});
}

step('calls from before the activation post nothing, those from after it are posted', async () => {
	endCalls(Date.now() - 60_000);
	for (const workflow of workflows) {
		expect((await stage.client.activate(workflow)).active).toBe(true);
	}
	for (const workflow of workflows) await untilPolled(async () => await stage.client.hasPolled(workflow));
	expect(posted()).toEqual(expected);
	await expectPosted(endCalls());
});

step('failed calls are posted one by one and in one digest, answered calls are not', async () => {
	await expectPosted(endCalls());
	const channel = '#call-alerts';
	const authorization = `Bearer ${SLACK_TOKEN}`;
	for (const message of slack.messages) expect(message).toMatchObject({ channel, authorization });
	for (const { headers } of simulator.requests) expect(headers.host).toBe('api.itniotech.com');
});

step('a kill between polls loses and repeats nothing', async () => {
	await betweenPolls();
	await n8n.kill();
	const newCalls = endCalls();
	await n8n.start();
	await expectPosted(newCalls);
});

step(
	'while the API refuses requests, executions fail with a message, and later every call is posted once',
	async () => {
		simulator.failNext(...Array.from({ length: 100 }, () => ({ kind: 'status', status: '-30' }) as const));
		const newCalls = endCalls();
		for (const { id } of workflows) {
			const failed = async () => (await stage.client.executions(id)).find(({ status }) => status === 'error');
			await untilPolled(async () => (await failed()) !== undefined);
			const { data } = await stage.client.execution((await failed())?.id ?? '');
			expect(data.resultData.error).toMatchObject({
				message: 'The API key is disabled',
				description: expect.stringMatching(/^Enable the key in the ITNIO console, .*status -30/) as string,
			});
		}
		expect(posted()).toEqual(expected);
		simulator.resetStats();
		await expectPosted(newCalls);
	},
);

step('a kill in the middle of a poll loses and repeats nothing', async () => {
	const before = endCalls();
	simulator.resetStats();
	simulator.behaviour.latencyMs = NEVER_MS;
	await untilPolled(() => simulator.peakInFlight === workflows.length);
	expect(simulator.peakInFlight).toBe(workflows.length);
	await n8n.kill();
	expect(posted()).toEqual(expected);

	simulator.behaviour.latencyMs = 0;
	const meanwhile = endCalls();
	await n8n.start();
	await expectPosted(before, meanwhile);
});

step('an ordinary restart repeats nothing', async () => {
	await n8n.restart();
	await expectPosted(endCalls());
});
