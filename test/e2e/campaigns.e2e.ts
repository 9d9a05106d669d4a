import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { listDataset } from '../simulator/dataset';
import type { SavedWorkflow } from './support/client';
import { insertRows, rowsOf } from './support/dataTable';
import { testOfOwnN8n } from './support/givenN8n';
import { bodyOf, subjectOf } from './support/mail';
import { itemsOutput, publishTrigger } from './support/polling';
import { filledIn, shippedWorkflow } from './support/shipped';
import { startMailServer } from './support/standIns';
import { itemsOf, openStage, runNode, type Stage } from './support/stage';
import { until } from './support/waiting';

/** A zone in which it is about noon. */
const HOURS_AHEAD = 12 - new Date().getUTCHours();
const NOON_ZONE = `Etc/GMT${HOURS_AHEAD < 0 ? '+' : '-'}${Math.abs(HOURS_AHEAD)}`;
const NEXT_POLL_MS = 150_000;
/** The request that creates a campaign: a poll may come at any time. */
const onlyAt = '/voice/group/call/send';

let stage: Stage;
let watching: SavedWorkflow;

beforeAll(async () => {
	stage = await openStage({
		dataset: listDataset([]),
		behaviour: { ringMs: 0, talkMs: 0, taskSubmitMs: 0, taskCallEveryMs: 0 },
	});
	stage.simulator.addTask({ taskName: 'ended before', numbers: ['15550199'] });
	watching = await publishTrigger(stage.client, stage.credential, { event: 'campaignFinished' });
	await until(() => stage.simulator.requests.some(({ httpStatus }) => httpStatus === 200));
});

afterAll(async () => await stage?.stop());

async function campaign(operation: string, parameters: INodeParameters, items?: IDataObject[]) {
	const execution = await runNode(stage, {
		parameters: { resource: 'voiceCampaign', operation, ...parameters },
		items,
	});
	expect(execution.data.resultData.error?.message).toBeUndefined();
	return itemsOf(execution).map(({ json }) => json);
}

const create = async (campaignName: string, phones: string[]) =>
	await campaign(
		'create',
		{
			campaignName,
			calledNumber: '={{ $json.phone }}',
			messageType: 'text',
			text: 'Hello',
			language: 'EN',
			appId: 'app-1',
		},
		phones.map((phone) => ({ phone })),
	);

it('the node creates a campaign, also where the answer is lost, and calls its failed numbers again', async () => {
	const { simulator } = stage;
	simulator.behaviour.terminationCodes = { '15550101': ['486', '200'] };
	const [first, repeated] = await create('Created', ['+1 555-0100', '15550101', '15550100']);
	expect(first).toMatchObject({ name: 'Created', numbers: 2, status: 'submitted', reason: null });
	expect(repeated).toMatchObject({ calledNumber: '15550100', status: 'skipped' });
	simulator.failNext({ kind: 'http', httpStatus: 502, takesEffect: true, onlyAt });
	expect(await create('Lost', ['15550102'])).toMatchObject([{ name: 'Lost', status: 'submitted' }]);
	simulator.failNext({ kind: 'http', httpStatus: 502, onlyAt });
	expect(await create('Not known', ['15550103'])).toMatchObject([
		{ name: 'Not known', campaignId: null, status: 'unknown' },
	]);

	const campaignId = String(first.campaignId);
	const chosen = { __rl: true, mode: 'id', value: campaignId };
	expect(await campaign('get', { campaignId: chosen })).toMatchObject([
		{ campaignId, status: 'done', answered: 1, failed: 1, answerRate: 0.5 },
	]);
	const [again] = await campaign('callFailedAgain', { campaignId: chosen });
	expect(again).toMatchObject({ numbers: 1, status: 'submitted', earlierCampaignId: campaignId });
	simulator.endCalls();
	expect([...simulator.callsPlaced].filter(([callee]) => callee !== '15550199')).toEqual([
		['15550100', 1],
		['15550101', 2],
		['15550102', 1],
	]);
});

it('Campaign from a table makes one campaign of the rows, gives them back if it was refused, and calls each once', async () => {
	const { simulator, client, credential } = stage;
	const run = async () => {
		const workflow = filledIn(await shippedWorkflow('campaign-from-a-table', [credential]));
		const settings = { ...workflow.settings, timezone: NOON_ZONE };
		const execution = await client.runWorkflow(
			await client.createWorkflow({ ...workflow, settings }),
			'On Weekdays',
		);
		expect(execution.data.resultData.error?.message).toBeUndefined();
	};
	const rows = async () =>
		(await rowsOf(stage, 'Campaign numbers')).map(({ phone, status, campaignId }) => [
			phone,
			status,
			campaignId !== null,
		]);
	await run();
	const phones = ['+1 555-0110', '15550110', 'nobody', '15550111'];
	await insertRows(
		stage,
		'Campaign numbers',
		phones.map((phone) => ({ phone })),
	);
	simulator.failNext({ kind: 'status', status: '-10', onlyAt });
	const before = simulator.tasks.length;
	await run();
	const leftOut = [
		['15550110', 'skipped', false],
		['nobody', 'refused', false],
	];
	expect(await rows()).toEqual([['+1 555-0110', null, false], ...leftOut, ['15550111', null, false]]);
	for (let nth = 0; nth < 2; nth++) await run();
	expect(await rows()).toEqual([
		['+1 555-0110', 'submitted', true],
		...leftOut,
		['15550111', 'submitted', true],
	]);
	expect(simulator.tasks.slice(before).map(({ order }) => order.numbers)).toEqual([['15550110', '15550111']]);
});

it('Campaign report reports by mail on a campaign that has ended, and lists who was not reached', async () => {
	const { simulator, client, credential } = stage;
	const mail = await startMailServer();
	try {
		const smtp = await client.createCredential('smtp', 'SMTP account', mail.credentialData);
		const shipped = await shippedWorkflow('campaign-report', [credential, smtp]);
		const workflow = await client.createWorkflow(shipped);
		const lastCallS = Math.floor(Date.now() / 1000);
		await until(() => Date.now() / 1000 > lastCallS + 1);
		Object.assign(simulator.behaviour, { taskCallEveryMs: 2000, terminationCodes: { '15550131': '486' } });
		const task = simulator.addTask({ taskName: 'Reported', numbers: ['15550130', '15550131'] });
		await until(() => {
			simulator.endCalls();
			return task.finishMs !== undefined;
		});
		// Twice, as its table must not grow by numbers that it has.
		for (let nth = 1; nth <= 2; nth++) {
			const execution = await client.runWorkflow(workflow, 'When a Campaign Has Ended');
			expect(execution.data.resultData.error?.message).toBeUndefined();
			expect(mail.mails).toHaveLength(nth);
			expect(subjectOf(mail.mails[nth - 1])).toMatch(/^Campaign Reported, .*: 2 calls, 50\.0% answered/);
			const text = bodyOf(mail.mails[nth - 1], 'text/plain');
			expect(text).toContain('Campaign Reported: done, 1 of 2 numbers answered');
			expect(await rowsOf(stage, 'Unreached numbers')).toMatchObject([
				{ calledNumber: '15550131', attempts: 1, reason: '486 Busy Here' },
			]);
		}
	} finally {
		simulator.behaviour.taskCallEveryMs = 0;
		await mail.stop();
	}
});

testOfOwnN8n('outputs each campaign that has ended once, also after n8n was killed', async () => {
	const { simulator, n8n } = stage;
	const output = async () => (await itemsOutput(stage, watching)).map(({ campaignId }) => campaignId).sort();
	const ended = () => simulator.tasks.slice(1).map(({ id }) => id);
	const expectAll = async () => {
		await until(async () => (await output()).length >= ended().length, NEXT_POLL_MS);
		expect(await output()).toEqual(ended());
	};
	await expectAll();
	await n8n.kill();
	simulator.addTask({ taskName: 'ended meanwhile', numbers: ['15550120'] });
	await n8n.start();
	await expectAll();
});
