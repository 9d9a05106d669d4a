import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { CREATE_OPTIONS, createFields } from '../../nodes/Itniotech/resources/voiceCampaign/fields';
import type { Fault } from '../simulator/simulator';
import { NOW_MS } from '../support/times';
import type * as TestClocks from '../support/testClock';
import { retryRun, runWorkflow, searchList, workflowOf, type RunResult } from './support/engine';
import { useSimulatedService } from './support/simulatedService';
import { hintsOf } from './support/summaries';

jest.mock('n8n-workflow', () =>
	jest.requireActual<typeof TestClocks>('../support/testClock').n8nOnTestClock(),
);

const service = useSimulatedService({ timezone: 'Europe/Berlin' });
const { clock, credential, run } = service;

const CREATE = {
	resource: 'voiceCampaign',
	operation: 'create',
	messageType: 'text',
	text: 'Hello',
	language: 'EN',
	appId: 'app',
};
const create = (more: INodeParameters = {}): INodeParameters => ({ ...CREATE, ...more });
const of = (operation: string, more: INodeParameters = {}): INodeParameters => ({
	resource: 'voiceCampaign',
	operation,
	...more,
});
const onNumbers = (...numbers: unknown[]) => numbers.map((calledNumber) => ({ calledNumber }) as IDataObject);
const jsonOf = ({ items }: RunResult) => items.map(({ json }) => json);
const sent = (path: RegExp) =>
	service.simulator.requests
		.filter((request) => path.test(request.path))
		.map(({ body }) => body as IDataObject);
const sends = () => sent(/call\/send$/);
const names = () => service.simulator.tasks.map(({ order }) => order.taskName);
const continuing = { onError: 'continueRegularOutput' as const };
/** What the form of Create Campaign has. */
const FIELDS = ['Options', ...[...createFields, ...CREATE_OPTIONS].map(({ displayName }) => displayName)];
const OWN_NAME = /^Engine n8n-\w+-[0-9a-f]{8}$/;

describe('Create Campaign', () => {
	it('sends all input items as one campaign, and outputs it with all of them', async () => {
		const result = await run(create(), onNumbers('+1 555-0100', 15550101, '0015550102'));
		expect(result.error).toBeUndefined();
		expect(sends()).toEqual([
			{
				taskName: expect.stringMatching(OWN_NAME) as string,
				numberInfoList: ['15550100', '15550101', '15550102'].map((calleeNumber) => ({ calleeNumber })),
				source: 3,
				text: 'Hello',
				lan: 'EN',
				appId: 'app',
				loopCount: 1,
				maxCalls: 60,
				sendTime: null,
			},
		]);
		const [name] = names();
		expect(jsonOf(result)).toEqual([
			{ campaignId: '5000602', name, numbers: 3, status: 'submitted', reason: null, calledNumber: null },
		]);
		expect(result.items[0].pairedItem).toEqual([{ item: 0 }, { item: 1 }, { item: 2 }]);
	});

	it('sends an audio file with every option, its times by the clock of ITNIO', async () => {
		const options = {
			callingHours: '09:00-12:00, 14:00-18:00',
			displayNum: '+1 555 0199',
			loopCount: 2,
			maxDuration: 999,
			maxNumbers: 5,
			maxRingingTime: 45,
			startAt: '2026-11-21T09:00:00',
		};
		const [{ fileId }] = service.simulator.behaviour.files;
		const result = await run(
			create({ campaignName: ' Spring ', messageType: 'audioFile', fileId, options }),
			onNumbers('15550100'),
		);
		expect(result.error).toBeUndefined();
		expect(sends()).toEqual([
			{
				taskName: 'Spring',
				numberInfoList: [{ calleeNumber: '15550100' }],
				source: 1,
				voiceFileId: fileId,
				appId: 'app',
				displayNum: '15550199',
				loopCount: 2,
				maxCalls: 999,
				maxRingingTime: 45,
				sendTime: '2026-11-21 16:00:00',
				// 14 to 18 o'clock in Berlin is 21 to 1 o'clock there.
				allowSendTime: [
					{ strTime: '16:00', endTime: '19:00' },
					{ strTime: '21:00', endTime: '23:59' },
					{ strTime: '00:00', endTime: '01:00' },
				],
			},
		]);
	});

	it('sends the variables of each number', async () => {
		const options = { variables: { values: { text1: '={{ $json.name }}', text3: '={{ $json.sum + 1 }}' } } };
		const input = [
			{ calledNumber: '15550100', name: 'Ana', sum: 1 },
			{ calledNumber: '15550101', name: 'Ben', sum: 2 },
		];
		await run(create({ text: 'Hello ${text1}', options }), input);
		expect(sends()[0]).toMatchObject({
			text: 'Hello ${text1}',
			numberInfoList: [
				{ calleeNumber: '15550100', text1: 'Ana', text3: '2' },
				{ calleeNumber: '15550101', text1: 'Ben', text3: '3' },
			],
		});
	});

	it('outputs repeated numbers as skipped, with the item that repeats them', async () => {
		const result = await run(create(), onNumbers('15550100', '+15550100', '15550101'));
		expect(jsonOf(result)).toMatchObject([
			{ numbers: 2, status: 'submitted' },
			{ calledNumber: '15550100', status: 'skipped', reason: 'The same number comes earlier in this run' },
		]);
		expect(result.items.map(({ pairedItem }) => pairedItem)).toEqual([
			[{ item: 0 }, { item: 2 }],
			{ item: 1 },
		]);
		expect(hintsOf(result)).toContain('Each number is in a campaign once. Repeated numbers skipped: 1');
	});

	it('sends nothing for a number that is not valid, or goes on without it where the node continues', async () => {
		const input = onNumbers('15550100', 'x', undefined);
		const stopped = await run(create(), input);
		expect(stopped.error?.message).toContain('"Called Number" is not a valid phone number: x');
		expect(stopped.error?.context).toMatchObject({ itemIndex: 1 });
		expect(service.simulator.requests).toEqual([]);
		const continued = await run(create(), input, continuing);
		expect(jsonOf(continued)).toMatchObject([
			{ numbers: 1, status: 'submitted' },
			{ calledNumber: 'x', status: 'refused', reason: '"Called Number" is not a valid phone number: x' },
			{ calledNumber: '', status: 'refused', reason: '"Called Number" is empty' },
		]);
		expect(service.simulator.tasks).toHaveLength(1);
	});

	it.each<[string, INodeParameters, string]>([
		['more numbers than Max Numbers', { options: { maxNumbers: 1 } }, 'This run would call 2 numbers, more than "Max Numbers" allows: 1'], // prettier-ignore
		['a leftover in the name', { campaignName: 'Sale undefined' }, '"Campaign Name" contains "undefined", as if a value were missing or an expression were not resolved'], // prettier-ignore
		['a leftover in the text', { text: 'Hello [object Object]' }, '"Text" contains "[object Object]", as if a value were missing or an expression were not resolved'], // prettier-ignore
		['an unknown variable', { text: 'Hello ${name}' }, '"Text" contains "${", as if a value were missing or an expression were not resolved'], // prettier-ignore
		['a variable that is not set', { text: 'Hello ${text2}' }, '"Text" has ${text2}, but "Variables" has no "Text2"'], // prettier-ignore
		['a text of each item', { text: '=Hello {{ $json.calledNumber }}' }, '"Text" is not the same for all input items: item 2 differs'], // prettier-ignore
		['an option of each item', { options: { displayNum: '={{ $json.calledNumber }}' } }, '"Options" is not the same for all input items: item 2 differs'], // prettier-ignore
		['a start in the past', { options: { startAt: '2026-11-20T08:00:00Z' } }, '"Start At" is in the past'],
		['a start without a time of day', { options: { startAt: '2026-11-21' } }, '"Start At" has no time of day: 2026-11-21'], // prettier-ignore
		['a start that is a list', { options: { startAt: '={{ [1] }}' } }, '"Start At" must be text or a number, not a list'], // prettier-ignore
		['a start that is a word', { options: { startAt: 'tomorrow' } }, '"Start At" is not a valid date and time: tomorrow'], // prettier-ignore
		['hours that are none', { options: { callingHours: '9 to 5' } }, '"Calling Hours" is not a valid range of hours: 9 to 5'], // prettier-ignore
		['four ranges of hours', { options: { callingHours: '1:00-2:00,3:00-4:00,5:00-6:00,7:00-8:00' } }, '"Calling Hours" has 4 ranges of hours'], // prettier-ignore
		['a duration of 1000 seconds', { options: { maxDuration: 1000 } }, '"Max Duration (Seconds)" must be a whole number from 1 to 999'], // prettier-ignore
		['an option whose expression gives nothing', { options: { startAt: '={{ $json.nope }}' } }, '"Start At" is empty: its expression gave no value'], // prettier-ignore
	])('refuses %s before anything is sent', async (_, parameters, message) => {
		clock.ms = NOW_MS + 3_600_000;
		const { error } = await run(create(parameters), onNumbers('15550100', '15550101'));
		expect(error?.message).toBe(message);
		const fieldsOfAdvice = [...String(error?.description).matchAll(/"([A-Z][^"]*)"/g)].map(
			([, field]) => field,
		);
		expect(fieldsOfAdvice.filter((field) => !FIELDS.includes(field))).toEqual([]);
		expect(service.simulator.requests).toEqual([]);
	});

	it('more numbers than a request takes are several campaigns, named as parts of one', async () => {
		const calledNumber = Array.from({ length: 100_001 }, (_, index) => String(15_550_000_000 + index)).join();
		const result = await run(create({ campaignName: 'Spring', options: { maxNumbers: 200_000 } }), [
			{ calledNumber },
		]);
		expect(jsonOf(result)).toMatchObject([
			{ name: 'Spring (1/2)', numbers: 100_000, status: 'submitted' },
			{ name: 'Spring (2/2)', numbers: 1, status: 'submitted' },
		]);
		const numbersOf = sends().map(({ numberInfoList }) => numberInfoList as IDataObject[]);
		const called = numbersOf.flat().map(({ calleeNumber }) => calleeNumber);
		expect(numbersOf.map(({ length }) => length)).toEqual([100_000, 1]);
		expect(called.join()).toBe(calledNumber);
	});

	it('refuses to run while n8n would repeat it', async () => {
		const { error } = await run(create(), onNumbers('15550100'), {
			retryOnFail: true,
			maxTries: 3,
			waitBetweenTries: 1,
		});
		expect(error?.message).toContain('"Retry On Fail" is switched on');
		expect(service.simulator.requests).toEqual([]);
	});

	it('calls nobody in a dry run', async () => {
		const result = await run(create({ options: { dryRun: true } }), onNumbers('15550100', '15550101'));
		expect(jsonOf(result)).toMatchObject([
			{ campaignId: null, numbers: 2, status: 'skipped', reason: 'Dry run: nobody was called' },
		]);
		expect(service.simulator.requests).toEqual([]);
		expect(hintsOf(result)).toContain('Dry run: nobody was called. Numbers that the campaign would have: 2');
	});
});

describe('a campaign is created once', () => {
	const LOST: Fault[] = [
		{ kind: 'reset', takesEffect: true },
		{ kind: 'truncated' },
		{ kind: 'html', takesEffect: true },
		{ kind: 'status', status: '-18', takesEffect: true },
		{ kind: 'http', httpStatus: 502, takesEffect: true },
		{ kind: 'body', body: '{"code":0,"data":true}', takesEffect: true },
	];
	const answerOfList = '{"code":0,"data":{"records":[],"total":0}}';
	const failSend = (fault: Fault) => service.simulator.failNext({ kind: 'body', body: answerOfList }, fault);

	it.each(LOST)('an answer that was lost (%j) is found by the name', async (fault) => {
		failSend(fault);
		const result = await run(create(), onNumbers('15550100'));
		// An answer without an ID accepts the campaign all the same.
		const reason =
			fault.kind === 'body'
				? null
				: 'The response was lost, but ITNIO TECH lists the campaign of this execution';
		expect(jsonOf(result)).toMatchObject([{ campaignId: '5000602', status: 'submitted', reason }]);
		expect(sends()).toHaveLength(1);
		expect(service.simulator.tasks).toHaveLength(1);
	});

	it('says that it is not known, with the name, where it is not found', async () => {
		failSend({ kind: 'reset', takesEffect: false });
		const result = await run(create({ campaignName: 'Spring' }), onNumbers('15550100'));
		expect(jsonOf(result)).toMatchObject([
			{ campaignId: null, name: 'Spring', numbers: 1, status: 'unknown' },
		]);
		expect(result.items[0].json.reason).toContain('It is not known whether ITNIO TECH accepted the campaign');
		expect(result.items[0].json.reason).toContain('"Name" set to Spring');
		expect(sends()).toHaveLength(1);
		expect(hintsOf(result).join()).toContain('It is not known whether ITNIO TECH accepted all campaigns');
	});

	it.each(['number', 'text', 'null', 'jobId', 'taskId', 'keyId'] as const)(
		'the ID is read where the answer is %s',
		async (taskSendData) => {
			Object.assign(service.simulator.behaviour, { taskSendData, firstTaskId: '1234567890123456789' });
			const result = await run(create(), onNumbers('15550100'));
			expect(jsonOf(result)).toMatchObject([{ campaignId: '1234567890123456789', status: 'submitted' }]);
		},
	);

	it('another one whose name, file or text only contains the name is not taken for it', async () => {
		for (const taskName of ['Spring sale', 'spring', 'A Spring'])
			service.simulator.addTask({ taskName, numbers: [] });
		const result = await run(create({ campaignName: 'Spring' }), onNumbers('15550100'));
		expect(jsonOf(result)).toMatchObject([{ campaignId: '5000605', name: 'Spring', status: 'submitted' }]);
	});

	it('one that is listed behind thousands of others is found', async () => {
		service.simulator.addTask({ taskName: 'Spring', numbers: [] });
		for (let nth = 0; nth < 5100; nth++)
			service.simulator.addTask({ taskName: `Spring ${nth}`, numbers: [] });
		const { error } = await run(create({ campaignName: 'Spring' }), onNumbers('15550100'));
		expect(error?.message).toBe('ITNIO TECH already has a campaign named Spring');
		expect(sends()).toEqual([]);
	});

	it.each([true, false])('a repeated execution finds its own (names unique: %s)', async (taskNamesUnique) => {
		Object.assign(service.simulator.behaviour, { taskNamesUnique });
		const [first, second, withOthers] = [
			await run(create(), onNumbers('15550100')),
			await run(create(), onNumbers('15550100')),
			await run(create(), onNumbers('15550109')),
		];
		// With other numbers, it is the same campaign all the same: a second one could call again those that both have.
		for (const { items } of [second, withOthers]) {
			expect(items[0].json).toEqual({
				...first.items[0].json,
				reason:
					'This execution had already created the campaign, so it was not created again. Numbers that the earlier run did not have are not called.',
			});
		}
		expect(service.simulator.tasks).toHaveLength(1);
		expect(hintsOf(second)).toContain(
			'This execution had already created the campaign, so it was not created again',
		);
	});

	it('-20 for the name of this execution is its campaign, which is listed later', async () => {
		const [name] = [(await run(create(), onNumbers('15550100'))).items[0].json.name];
		failSend({ kind: 'status', status: -20 });
		const result = await run(create(), onNumbers('15550100'));
		expect(jsonOf(result)).toMatchObject([{ campaignId: '5000602', name, status: 'submitted' }]);
		expect(service.simulator.tasks).toHaveLength(1);
	});

	it('a name that a person chose and that exists is refused, with its ID', async () => {
		service.simulator.addTask({ taskName: 'Spring', numbers: [] });
		const { error } = await run(create({ campaignName: 'Spring' }), onNumbers('15550100'));
		expect(error?.message).toBe('ITNIO TECH already has a campaign named Spring');
		expect(error?.description).toContain('Its ID is 5000602.');
		expect(error?.description).toContain('Numbers that this run does not call: 1.');
		expect(sends()).toEqual([]);
		const continued = await run(create({ campaignName: 'Spring' }), onNumbers('15550100'), continuing);
		expect(jsonOf(continued)).toMatchObject([
			{ name: 'Spring', status: 'refused', reason: expect.stringContaining('ID is 5000602') as string },
		]);
	});

	it('a refusal is an error, or an item where the node continues', async () => {
		failSend({ kind: 'status', status: '-10' });
		const { error } = await run(create(), onNumbers('15550100'));
		expect(error?.message).toBe('The balance of the ITNIO TECH account is too low to place calls');
		failSend({ kind: 'status', status: '-10' });
		const continued = await run(create(), onNumbers('15550100'), continuing);
		expect(jsonOf(continued)).toMatchObject([{ campaignId: null, numbers: 1, status: 'refused' }]);
		expect(service.simulator.tasks).toEqual([]);
	});

	it('nothing is sent where the list cannot be read', async () => {
		service.simulator.failNext(...Array<Fault>(5).fill({ kind: 'status', status: '-32' }));
		const { error } = await run(create(), onNumbers('15550100'));
		expect(error?.message).toContain('permission');
		expect(sends()).toEqual([]);
	});
});

describe('campaigns that exist', () => {
	const FIVE = ['15550100', '15550101', '15550102', '15550103', '15550104'];
	const pass = (seconds: number) => {
		clock.ms += 1000 * seconds;
		service.simulator.endCalls();
	};
	function addTask(taskName = 'Spring') {
		service.simulator.behaviour.terminationCodes = { '15550101': '486', '15550102': '486' };
		service.simulator.behaviour.pressedKeys = { '15550100': '1' };
		return service.simulator.addTask({
			taskName,
			numbers: FIVE,
			text: 'Hi',
			lan: 'EN',
			source: 3,
			appId: 'app',
		});
	}

	it.each(['number', 'text'] as const)('Get Campaign outputs what came of one (IDs as %s)', async (kind) => {
		Object.assign(service.simulator.behaviour, { taskIds: kind, taskCountsAs: kind });
		addTask();
		pass(120);
		const result = await run(of('get', { campaignId: { __rl: true, mode: 'list', value: '5000602' } }));
		expect(jsonOf(result)).toEqual([
			{
				campaignId: '5000602',
				name: 'Spring',
				status: 'done',
				numbers: 5,
				called: 5,
				answered: 3,
				failed: 2,
				answerRate: 0.6,
				keysPressed: 1,
				finishedAt: expect.stringMatching(/^2026-11-20T09:00:\d\d\+01:00$/) as string,
			},
		]);
		const options = { fields: ['createdAt', 'callDuration'], timezone: 'UTC' };
		const selected = await run(of('get', { campaignId: '5000602', options }));
		expect(jsonOf(selected)).toEqual([{ createdAt: '2026-11-20T08:00:00+00:00', callDuration: 30 }]);
		const raw = await run(of('get', { campaignId: '5000602', simplify: false }));
		expect(raw.items[0].json).toMatchObject({ taskName: 'Spring', createdTime: '2026-11-20 16:00:00' });
	});

	it.each(['-24', 'null'] as const)('one that does not exist is named (%s)', async (unknownTask) => {
		Object.assign(service.simulator.behaviour, { unknownTask });
		const { error } = await run(of('get', { campaignId: 7 }));
		expect(error?.message).toBe('ITNIO TECH has no campaign with the ID 7');
	});

	it('Get Many Campaigns lists those of a range, by status and name, up to the limit', async () => {
		for (let nth = 1; nth <= 105; nth++)
			service.simulator.addTask({ taskName: `Spring ${nth}`, numbers: [] });
		addTask('Autumn');
		pass(2);
		const listed = async (more: INodeParameters) => jsonOf(await run(of('getAll', more)));
		expect(await listed({ filters: { name: 'autumn' } })).toEqual([
			{
				campaignId: '5000707',
				name: 'Autumn',
				status: 'calling',
				numbers: 5,
				called: 2,
				answered: 0,
				failed: 0,
				answerRate: null,
				createdAt: '2026-11-20T09:00:00+01:00',
			},
		]);
		expect(await listed({})).toHaveLength(50);
		expect(await listed({ returnAll: true })).toHaveLength(106);
		expect(await listed({ returnAll: true, filters: { name: 'Spring*' } })).toHaveLength(105);
		for (const readsStatusList of [true, false]) {
			Object.assign(service.simulator.behaviour, { readsStatusList });
			expect(await listed({ filters: { status: ['calling', 'waiting'] } })).toHaveLength(1);
		}
		const custom = { timeRange: 'custom', startTime: '2026-01-01', endTime: '2026-02-01' };
		expect(await listed(custom)).toEqual([]);
	});

	it('the list of the editor has their names', async () => {
		const none = await searchList('itniotech', 'searchCampaigns', { credential: credential() });
		expect(none).toEqual([
			{ name: 'No campaigns found in the last 31 days. Enter an ID instead.', value: '' },
		]);
		addTask();
		const list = await searchList('itniotech', 'searchCampaigns', { credential: credential() });
		expect(list).toEqual([{ name: 'Spring · submitting · 2026-11-20', value: '5000602' }]);
		const byId = await searchList('itniotech', 'searchCampaigns', {
			credential: credential(),
			filter: '5000602',
		});
		expect(byId).toEqual(list);
	});

	it('Cancel Campaign says how many are not called any more', async () => {
		addTask();
		pass(2);
		const result = await run(of('cancel', { campaignId: '5000602' }));
		expect(jsonOf(result)).toEqual([
			{
				campaignId: '5000602',
				name: 'Spring',
				status: 'cancelled',
				numbers: 5,
				called: 2,
				notCalled: 3,
				reason: null,
			},
		]);
		const again = await run(of('cancel', { campaignId: '5000602' }));
		expect(jsonOf(again)).toMatchObject([
			{ status: 'cancelled', reason: 'The campaign had ended before: cancelled' },
		]);
		expect(sent(/call\/cancel$/)).toHaveLength(1);
	});

	it('a cancellation whose answer was lost is looked up, and sent once', async () => {
		addTask();
		pass(2);
		const detail =
			'{"code":0,"data":{"jobId":5000602,"taskName":"Spring","status":1,"numCnt":5,"callTotal":2}}';
		const body: Fault = { kind: 'body', body: detail };
		service.simulator.failNext(body, { kind: 'reset', takesEffect: true });
		expect(jsonOf(await run(of('cancel', { campaignId: '5000602' })))).toMatchObject([
			{ status: 'cancelled', notCalled: 3 },
		]);
		service.simulator.failNext(body, { kind: 'reset' }, body);
		const { error } = await run(of('cancel', { campaignId: '5000602' }));
		expect(error?.message).toBe('It is not known whether ITNIO TECH cancelled the campaign');
		expect(sent(/call\/cancel$/)).toHaveLength(2);
	});

	it('Call Failed Numbers Again creates a campaign of those, once', async () => {
		addTask();
		const early = await run(of('callFailedAgain', { campaignId: '5000602' }));
		expect(early.error?.message).toBe('The campaign Spring has not ended yet: submitting');
		pass(120);
		const parameters = of('callFailedAgain', { campaignId: '5000602' });
		const result = await run(parameters, [{}, {}]);
		expect(result.error).toBeUndefined();
		const name = expect.stringMatching(/^Spring n8n-\w+-[0-9a-f]{8}$/) as string;
		expect(jsonOf(result)).toEqual([
			{ campaignId: '5000603', name, numbers: 2, status: 'submitted', reason: null, earlierCampaignId: '5000602' }, // prettier-ignore
			{
				campaignId: null,
				name,
				numbers: 2,
				status: 'skipped',
				reason: 'The same campaign comes earlier in this run',
				earlierCampaignId: '5000602',
			},
		]);
		expect(service.simulator.tasks[1].order.numbers).toEqual(['15550101', '15550102']);
		const repeated = await run(parameters);
		expect(jsonOf(repeated)).toMatchObject([{ campaignId: '5000603', status: 'submitted' }]);
		expect(service.simulator.tasks).toHaveLength(2);
		pass(120);
		const third = await run(of('callFailedAgain', { campaignId: '5000603' }));
		expect(jsonOf(third)).toMatchObject([{ campaignId: '5000604', name, status: 'submitted' }]);
	});

	it('a retry of an execution that failed later calls nobody again', async () => {
		addTask();
		pass(120);
		const workflow = workflowOf(of('callFailedAgain', { campaignId: '={{ $json.id }}' }));
		const options = { credential: credential(), input: [{ id: '5000602' }, { id: '9' }] };
		const result = await runWorkflow(workflow, options);
		expect(result.error?.message).toBe('ITNIO TECH has no campaign with the ID 9');
		// The output of the first item is lost.
		expect(result.error?.description).toMatch(
			/of the account\. Campaigns of this run: Spring n8n-\w+-[0-9a-f]{8} submitted \(ID 5000603\)\.$/,
		);
		const retry = await retryRun(workflow, options, result);
		expect(retry.error?.message).toContain('This is a retry of an execution that may have called people');
		expect(service.simulator.tasks).toHaveLength(2);
	});

	it('a retry creates the campaign whose name ITNIO had refused, by a name that was changed', async () => {
		service.simulator.failNext({ kind: 'slow', ms: 0 }, { kind: 'status', status: -20 });
		const options = { credential: credential(), input: onNumbers('15550100') };
		const result = await runWorkflow(workflowOf(create({ campaignName: 'Spring' })), options);
		expect(result.error?.message).toBe('ITNIO TECH already has a campaign named Spring');
		result.run.data.executionData!.nodeExecutionStack[0].node.parameters.campaignName = 'Summer';
		const retry = await retryRun(workflowOf(create({ campaignName: 'Summer' })), options, result);
		expect(jsonOf(retry)).toMatchObject([{ name: 'Summer', status: 'submitted' }]);
	});

	it('a retry calls nobody again where another run of the execution had created a campaign', async () => {
		addTask();
		pass(120);
		await run(of('callFailedAgain', { campaignId: '5000602' }));
		const workflow = workflowOf(of('callFailedAgain', { campaignId: '={{ $json.id }}' }));
		const options = { credential: credential(), input: [{ id: '5000602' }, { id: '9' }] };
		const retry = await retryRun(workflow, options, await runWorkflow(workflow, options));
		expect(retry.error?.message).toContain('This is a retry of an execution that may have called people');
	});

	it('a campaign without a failed number is not called again', async () => {
		service.simulator.addTask({
			taskName: 'Fine',
			numbers: ['15550109'],
			text: 'Hi',
			lan: 'EN',
			source: 3,
			appId: 'a',
		});
		pass(120);
		const { error } = await run(of('callFailedAgain', { campaignId: '5000602' }));
		expect([error?.message, error?.description]).toEqual([
			'The campaign Fine has no failed number',
			'It was not called again',
		]);
		expect(service.simulator.tasks).toHaveLength(1);
	});
});

describe('Upload Audio File', () => {
	const UPLOAD = { resource: 'voiceMessage', operation: 'uploadFile', binaryPropertyName: 'data' };
	const content = Buffer.from('sound');
	const upload = async (fileName: string, more: INodeParameters = {}) =>
		await runWorkflow(workflowOf({ ...UPLOAD, ...more }), {
			credential: credential(),
			binary: { data: { data: content.toString('base64'), mimeType: 'audio/mpeg', fileName } },
		});

	it('stores the file under its name, or another one', async () => {
		const result = await upload('hello.mp3');
		const { fileId } = service.simulator.behaviour.files.at(-1)!;
		expect(jsonOf(result)).toEqual([{ fileId, fileName: 'hello.mp3' }]);
		expect(sent(/fileUpload$/)).toEqual([{ fileName: 'hello.mp3', file: content.toString('base64') }]);
		expect(jsonOf(await upload('hello.mp3', { fileName: 'other.wav' }))).toMatchObject([
			{ fileName: 'other.wav' },
		]);
	});

	it('a name that exists is said with its ID', async () => {
		const [{ fileId }] = jsonOf(await upload('hello.mp3'));
		const { error } = await upload('hello.mp3');
		expect(error?.message).toBe('ITNIO TECH already has an audio file named hello.mp3');
		expect(error?.description).toContain(`Its ID is ${fileId as string}.`);
	});

	it.each([
		['a.mp', '"File Name" is not that of an audio file: a.mp'],
		['hello.ogg', '"File Name" is not that of an audio file: hello.ogg'],
		[`${'x'.repeat(29)}.mp3`, `"File Name" has 33 characters: ${'x'.repeat(29)}.mp3`],
	])('refuses the name %s before it is sent', async (fileName, message) => {
		expect((await upload(fileName)).error?.message).toBe(message);
		expect(service.simulator.requests).toEqual([]);
	});

	it('is sent once, also where the answer is lost', async () => {
		service.simulator.failNext({ kind: 'reset' });
		const { error } = await upload('hello.mp3');
		expect(error?.message).toBe('It is not known whether ITNIO TECH stored the file');
		expect(service.simulator.requests).toHaveLength(1);
	});
});
