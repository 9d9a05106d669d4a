import fc from 'fast-check';
import { sleep, type IDataObject, type INode, type INodeParameters } from 'n8n-workflow';

import { listDataset } from '../simulator/dataset';
import { DEMO_CREDENTIAL, startSimulator, type Fault, type Simulator } from '../simulator/simulator';
import { useTestClock } from '../support/testClock';
import {
	createContext,
	executeNode,
	retryRun,
	runWorkflow,
	workflowOf,
	type RunResult,
} from './support/engine';
import { hintsOf } from './support/summaries';
import { NOW_MS } from '../support/times';

const REFERENCE = /^n8n-engine-\d+-[0-9a-f]{8}$/;

let simulator: Simulator;
const clock = useTestClock(NOW_MS);

beforeEach(async () => {
	simulator = await startSimulator({ dataset: listDataset([]) });
});
afterEach(async () => await simulator.stop());

const fileId = () => simulator.behaviour.files[0].fileId;
const numbersOf = (count: number, first = 15_550_100) =>
	Array.from({ length: count }, (_, index) => String(first + index));
const TEXT = {
	resource: 'voiceMessage',
	operation: 'sendText',
	calledNumber: '={{ $json.phone }}',
	text: 'Hello',
	language: 'EN',
	appId: 'app',
};
const file = (more: INodeParameters = {}): INodeParameters => ({
	resource: 'voiceMessage',
	operation: 'sendFile',
	calledNumbers: '={{ $json.phone }}',
	fileId: { __rl: true, mode: 'list', value: fileId() },
	appId: 'app',
	...more,
});

async function run(parameters: INodeParameters, input: IDataObject[], settings: Partial<INode> = {}) {
	return await runWorkflow(workflowOf(parameters, settings), {
		credential: { ...DEMO_CREDENTIAL, baseUrl: simulator.url },
		input,
	});
}
const onNumbers = (numbers: unknown[]) => numbers.map((phone) => ({ phone }) as IDataObject);
const bodies = () => simulator.requests.map(({ body }) => body as IDataObject);
const jsonOf = ({ items }: RunResult) => items.map(({ json }) => json);
const continuing = { onError: 'continueRegularOutput' as const };
const placedTwice = () => [...simulator.callsPlaced].filter(([, calls]) => calls > 1);

it.each(['sendText', 'sendFile'])(
	'a step of %s rings phones unless "Dry Run" is on, as the notice of the form says',
	async (operation) => {
		const parameters = operation === 'sendText' ? TEXT : file();
		await run({ ...parameters, options: { dryRun: true } }, [{ phone: '15550100' }]);
		expect([simulator.requests, simulator.callsPlaced.size]).toEqual([[], 0]);
		await run(parameters, [{ phone: '15550100' }]);
		expect([...simulator.callsPlaced]).toEqual([['15550100', 1]]);
	},
);

describe('n8n finds the execution', () => {
	const dataOf = ({ run: { data } }: RunResult) => data.resultData.metadata;

	it('by the ID and the reference of its call', async () => {
		const result = await run({ ...TEXT, options: { calledInfo: 'order-7' } }, [{ phone: '15550100' }]);
		const { voiceId } = jsonOf(result)[0];
		expect(voiceId).toMatch(/^\d{19}$/);
		expect(dataOf(result)).toEqual({ itniotechVoiceId1: voiceId, itniotechCalledInfo1: 'order-7' });
	});

	it('by those of the first four calls, which leaves room for the data of the workflow', async () => {
		const result = await run(TEXT, onNumbers(numbersOf(6)));
		const calls = jsonOf(result);
		expect(calls).toHaveLength(6);
		const entries = calls.slice(0, 4).flatMap(({ voiceId, calledInfo }, index) => [
			[`itniotechVoiceId${index + 1}`, voiceId],
			[`itniotechCalledInfo${index + 1}`, calledInfo],
		]);
		expect(dataOf(result)).toEqual(Object.fromEntries(entries));
	});

	it('by the reference alone where the answer was lost, and not by calls that were not placed', async () => {
		simulator.behaviour.refusedNumbers = { '15550100': '503' };
		const parameters = { ...TEXT, options: { calledInfo: '=order-{{ $json.phone }}' } };
		const result = await run({ ...parameters, options: { ...parameters.options, dryRun: true } }, [
			{ phone: '15550101' },
		]);
		expect(dataOf(result)).toBeUndefined();
		simulator.failNext({ kind: 'http', httpStatus: 502, takesEffect: true });
		const lost = await run(parameters, onNumbers(['15550102', '15550100']), continuing);
		expect(dataOf(lost)).toEqual({ itniotechCalledInfo1: 'order-15550102' });
	});

	it('by a value that n8n takes without an error in its log', async () => {
		const result = await run({ ...TEXT, options: { calledInfo: 'x'.repeat(1000) } }, [{ phone: '15550100' }]);
		expect(dataOf(result)?.itniotechCalledInfo1).toHaveLength(255);
	});
});

describe('a text-to-speech call', () => {
	it('is sent with what was set and nothing else', async () => {
		const result = await run(TEXT, [{ phone: '+1 555-0100' }]);
		expect(result.error).toBeUndefined();
		expect(bodies()).toEqual([
			{
				callee: '15550100',
				text: 'Hello',
				language: 'EN',
				appId: 'app',
				calledInfo: expect.stringMatching(REFERENCE) as string,
			},
		]);
		expect(jsonOf(result)).toEqual([
			{
				calledNumber: '15550100',
				status: 'submitted',
				reason: null,
				voiceId: expect.stringMatching(/^\d{19}$/) as string,
				calledInfo: bodies()[0].calledInfo,
			},
		]);
	});

	it('is sent with every option', async () => {
		const options = {
			accent: '91',
			calledInfo: ' order-7 ',
			displayNum: '+1 555 0199',
			loopCount: 2,
			maxCalls: 5,
			maxDuration: 30,
			maxRingingTime: 45,
			recallCount: 1,
			recallInterval: 10,
			speakingRate: 1.25,
			voice: 'female',
		};
		const result = await run({ ...TEXT, text: 'Line 1\nline 2\u0007', options }, [{ phone: 15550100 }]);
		expect(result.error).toBeUndefined();
		expect(bodies()).toEqual([
			{
				callee: '15550100',
				text: 'Line 1 line 2 ',
				language: 'EN',
				appId: 'app',
				calledInfo: 'order-7',
				displayNum: '15550199',
				loopCount: 2,
				maxDuration: 30,
				maxRingingTime: 45,
				recallCount: 1,
				recallInterval: 10,
				speakingRate: 1.25,
				ssmlGender: 2,
				accent: '91',
			},
		]);
	});

	it('outputs one item per number, paired with its input item', async () => {
		const result = await run(TEXT, onNumbers(numbersOf(3)));
		expect(result.items.map(({ json, pairedItem }) => [json.calledNumber, pairedItem])).toEqual(
			numbersOf(3).map((number, item) => [number, { item }]),
		);
		const references = bodies().map(({ calledInfo }) => calledInfo);
		expect(new Set(references).size).toBe(3);
	});

	it.each<[string, INodeParameters, RegExp]>([
		['no number', { calledNumber: '={{ $json.none }}' }, /"Called Number" is empty/],
		['two numbers', { calledNumber: '15550100, 15550101' }, /"Called Number" has 2 numbers/],
		[
			'a number with letters',
			{ calledNumber: '1555CALL' },
			/"Called Number" is not a valid phone number: 1555CALL/,
		],
		['no text', { text: ' ' }, /"Text" is empty/],
		['marks alone', { text: '\u200b\u200f' }, /"Text" has no visible characters/],
		['a control character alone', { text: '\u0007' }, /"Text" has no visible characters/],
		[
			'a reference of marks',
			{ options: { calledInfo: '\u2060' } },
			/"Called Info" has no visible characters/,
		],
		['too long a text', { text: '😀'.repeat(1001) }, /"Text" has 1,001 characters/],
		['no language', { language: '={{ $json.none }}' }, /"Language" is empty/],
		['no app', { appId: '={{ $json.none }}' }, /"App ID" is empty/],
		['a long reference', { options: { calledInfo: 'x'.repeat(1001) } }, /"Called Info" has 1,001 characters/],
		['a short caller ID', { options: { displayNum: '12' } }, /"Display Number" is not a valid phone number/],
		['many loops', { options: { loopCount: 10 } }, /"Loop Count" must be a whole number from 1 to 9/],
		['half a loop', { options: { loopCount: 1.5 } }, /"Loop Count" must be a whole number/],
		['a long call', { options: { maxDuration: 121 } }, /"Max Duration \(Seconds\)" must be/],
		['a short ring', { options: { maxRingingTime: 19 } }, /"Max Ringing Time \(Seconds\)" must be/],
		['many recalls', { options: { recallCount: 10 } }, /"Recall Count" must be/],
		['a long pause', { options: { recallInterval: 1000 } }, /"Recall Interval \(Minutes\)" must be/],
		['a fast voice', { options: { speakingRate: 4.1 } }, /"Speaking Rate" must be a number from 0.25 to 4/],
		['an unknown voice', { options: { voice: 'child' } }, /Unknown value for "Voice": child/],
		['no calls', { options: { maxCalls: 0 } }, /"Max Calls" must be/],
	])('is refused with %s before anything is sent', async (_, parameters, message) => {
		const { error } = await run({ ...TEXT, calledNumber: '15550100', ...parameters }, [{}]);
		expect(error?.message).toMatch(message);
		expect(simulator.requests).toEqual([]);
	});

	it.each<[string, number, boolean]>([
		['EN', 800, false],
		['EN', 801, true],
		['vn', 299, false],
		['VN', 300, true],
		['TH', 300, true],
		['IDN', 300, true],
	])('in %s of %d characters has a hint: %s', async (language, length, hasHint) => {
		const result = await run({ ...TEXT, language, text: '😀'.repeat(length) }, onNumbers(['15550100']));
		expect(result.error).toBeUndefined();
		expect(hintsOf(result)).toEqual(hasHint ? [expect.stringContaining('may be cut or refused')] : []);
	});
});

describe('an audio file call', () => {
	it('is sent to 200 numbers at a time', async () => {
		const numbers = numbersOf(450);
		const result = await run(file({ options: { maxCalls: 450 } }), [{ phone: numbers.join('\n') }]);
		expect(result.error).toBeUndefined();
		const calledInfo = expect.stringMatching(REFERENCE) as string;
		expect(bodies()).toEqual(
			[numbers.slice(0, 200), numbers.slice(200, 400), numbers.slice(400)].map((part) => ({
				callee: part.join(','),
				fileId: fileId(),
				appId: 'app',
				calledInfo,
			})),
		);
		expect(jsonOf(result).map(({ calledNumber }) => calledNumber)).toEqual(numbers);
		expect(new Set(bodies().map((body) => body.calledInfo)).size).toBe(1);
	});

	it('tells the numbers that were refused and those that nobody knows about', async () => {
		simulator.behaviour.refusedNumbers = { '15550101': '503' };
		simulator.behaviour.omittedNumbers = ['15550102'];
		const result = await run(file(), [{ phone: numbersOf(3) }]);
		expect(jsonOf(result)).toMatchObject([
			{ calledNumber: '15550100', status: 'submitted', reason: null },
			{ calledNumber: '15550101', status: 'refused', reason: '503 Service Unavailable' },
			{
				calledNumber: '15550102',
				status: 'unknown',
				reason: expect.stringContaining(String(bodies()[0].calledInfo)),
			},
		]);
		expect(hintsOf(result)).toEqual([
			expect.stringMatching(/^It is not known whether all numbers were called/),
		]);
		for (const json of jsonOf(result))
			expect(Object.keys(json)).toEqual(['calledNumber', 'status', 'reason', 'voiceId', 'calledInfo']);
	});

	it('needs a file', async () => {
		const { error } = await run(file({ fileId: { __rl: true, mode: 'id', value: '={{ $json.none }}' } }), [
			{ phone: '15550100' },
		]);
		expect(error?.message).toBe('"Audio File" is empty');
	});
});

describe('before the first call', () => {
	it('all items are read and checked', async () => {
		const result = await run(TEXT, onNumbers([...numbersOf(3), 'nonsense']));
		expect(result.error).toMatchObject({
			message: '"Called Number" is not a valid phone number: nonsense',
			context: { itemIndex: 3 },
		});
		expect(simulator.requests).toEqual([]);
	});

	it('an item that cannot be read is left out where the node continues', async () => {
		const result = await run(TEXT, onNumbers(['15550100', 'nonsense', '15550101']), continuing);
		expect(jsonOf(result)).toMatchObject([
			{ calledNumber: '15550100', status: 'submitted' },
			{ error: '"Called Number" is not a valid phone number: nonsense' },
			{ calledNumber: '15550101', status: 'submitted' },
		]);
	});

	it('an item with several numbers, one of them wrong, says that nobody is called for it', async () => {
		const items = onNumbers(['15550100, nonsense, 15550101', '15550102', 'x']);
		const [first, second, third] = jsonOf(await run(file(), items, continuing));
		expect(first).toMatchObject({ error: '"Called Numbers" is not a valid phone number: nonsense' });
		expect(first.message).toMatch(/^Nobody is called for this input item, which has 3 numbers\. /);
		expect(second).toMatchObject({ calledNumber: '15550102', status: 'submitted' });
		expect(third.message).toMatch(/^Enter each number as text/);
		expect([...simulator.callsPlaced]).toEqual([['15550102', 1]]);
	});

	it('a number in several spellings and items is called once', async () => {
		const result = await run(file(), onNumbers(['+1 555 0100, 0015550100', 15550100, '15550101']));
		expect([...simulator.callsPlaced]).toEqual([
			['15550100', 1],
			['15550101', 1],
		]);
		expect(jsonOf(result).map(({ calledNumber, status }) => [calledNumber, status])).toEqual([
			['15550100', 'submitted'],
			['15550100', 'skipped'],
			['15550100', 'skipped'],
			['15550101', 'submitted'],
		]);
		expect(hintsOf(result)).toEqual(['Each number is called once per run. Repeated numbers skipped: 2']);
	});

	it.each([{}, continuing])('the calls of all items are counted: %j', async (settings) => {
		const many = await run(TEXT, onNumbers(numbersOf(101)), settings);
		expect(many.error?.message ?? jsonOf(many)[0].error).toBe(
			'This run would place 101 calls, more than "Max Calls" allows: 100',
		);
		expect(jsonOf(many).every(({ error }) => error !== undefined)).toBe(true);
		expect(simulator.requests).toEqual([]);

		const repeated = await run(TEXT, onNumbers([...numbersOf(100), '15550100']), settings);
		expect(repeated.error).toBeUndefined();
		expect(simulator.callsPlaced.size).toBe(100);
	});

	it.each([TEXT, 'file'])('"Retry On Fail" is refused (case %#)', async (parameters) => {
		for (const settings of [{}, continuing]) {
			const result = await run(
				typeof parameters === 'string' ? file() : parameters,
				onNumbers(numbersOf(2)),
				{
					retryOnFail: true,
					waitBetweenTries: 1,
					...settings,
				},
			);
			expect(result.error?.message ?? jsonOf(result)[0].error).toBe(
				'"Retry On Fail" is switched on in the settings of this node',
			);
		}
		expect(simulator.requests).toEqual([]);
	});
});

describe('a retry in the list of executions', () => {
	const options = (phones: string[]) => ({
		credential: { ...DEMO_CREDENTIAL, baseUrl: simulator.url },
		input: onNumbers(phones),
	});
	const lost: Fault = { kind: 'http', httpStatus: 502, takesEffect: true };
	const balanceTooLow: Fault = { kind: 'status', status: '-10' };

	it.each([
		['a call was placed', [{ kind: 'slow', ms: 0 } as Fault, balanceTooLow]],
		['it is not known whether a call was placed', [lost]],
	])('calls nobody again where %s before the run failed', async (_, faults) => {
		const workflow = workflowOf(TEXT);
		simulator.failNext(...faults);
		let result = await runWorkflow(workflow, options(numbersOf(3)));
		expect([result.error?.message, simulator.callsPlaced.size]).not.toEqual([undefined, 0]);
		// A retry of the retry is none of another execution.
		for (let retry = 0; retry < 2; retry++) {
			result = await retryRun(workflow, options(numbersOf(3)), result);
			expect(result.error?.message).toBe(
				'This is a retry of an execution that may have called people before it failed',
			);
			expect(simulator.callsPlaced.size).toBe(1);
		}
		expect(placedTwice()).toEqual([]);
	});

	it('calls nobody again where the workflow has used up the data by which executions are found', async () => {
		const mine = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`mine${index}`, '1']));
		const calledInfo = `={{ $execution.customData.setAll(${JSON.stringify(mine)}) ?? "order" }}`;
		const workflow = workflowOf({ ...TEXT, options: { calledInfo } });
		simulator.failNext({ kind: 'slow', ms: 0 }, balanceTooLow);
		const result = await runWorkflow(workflow, options(numbersOf(2)));
		expect(result.run.data.resultData.metadata).toEqual(mine);
		await retryRun(workflow, options(numbersOf(2)), result);
		expect([simulator.callsPlaced.size, placedTwice()]).toEqual([1, []]);
	});

	it('refuses only the run that failed: a later run of the node calls its numbers', async () => {
		const workflow = workflowOf(TEXT);
		simulator.failNext({ kind: 'slow', ms: 0 }, balanceTooLow);
		const result = await runWorkflow(workflow, options(numbersOf(2)));
		const { node } = result.run.data.executionData!.nodeExecutionStack[0];
		Object.assign(node, continuing);
		Object.assign(workflow.nodes[1], continuing);
		const later = { node, data: { main: [[{ json: { phone: '15550109' } }]] }, source: null };
		result.run.data.executionData!.nodeExecutionStack.push(later);
		expect(jsonOf(await retryRun(workflow, options([]), result))).toMatchObject([{ status: 'submitted' }]);
		expect([...simulator.callsPlaced.keys()]).toEqual(['15550100', '15550109']);
	});

	it('calls all where nobody was called before', async () => {
		const workflow = workflowOf(TEXT);
		simulator.failNext(balanceTooLow);
		const result = await runWorkflow(workflow, options(numbersOf(3)));
		expect([result.error?.name, simulator.callsPlaced.size]).toEqual(['NodeApiError', 0]);
		expect(jsonOf(await retryRun(workflow, options(numbersOf(3)), result))).toHaveLength(3);
	});
});

describe('a run that stops', () => {
	it('tells which calls were sent before, and which nobody knows about', async () => {
		simulator.failNext(...[0, 1].map((): Fault => ({ kind: 'slow', ms: 0 })), { kind: 'truncated' });
		const { error } = await run(TEXT, onNumbers(numbersOf(5)));
		expect(error?.message).toBe('It is not known whether ITNIO TECH placed the call');
		const ids = simulator.dataset
			.slice({ fromMs: NOW_MS, toMs: NOW_MS, ongoing: true, order: 'oldestFirst' }, 0, 10)
			.map(({ callee, voiceId }) => `${callee} submitted ${voiceId}`);
		expect(error?.description).toContain(
			`Not known whether called: 15550102. Sent before in this run: ${ids.slice(0, 2).join(', ')}. Not tried, so not called: 15550103, 15550104.`,
		);
		const { calledInfo } = bodies()[2];
		expect(error?.description).toContain(`"Called Info" set to ${calledInfo as string}.`);
		expect(simulator.requests).toHaveLength(3);
	});

	it('says which run of the node it is about, as in a loop', async () => {
		const workflow = workflowOf(TEXT);
		const [toNode] = workflow.connections.Start.main[0]!;
		workflow.connections.Start.main = [[toNode, toNode]];
		simulator.failNext({ kind: 'slow', ms: 0 }, { kind: 'status', status: '-10' });
		const credential = { ...DEMO_CREDENTIAL, baseUrl: simulator.url };
		const { error } = await runWorkflow(workflow, { credential, input: onNumbers(['15550100']) });
		expect(error?.description).toMatch(/Not called: 15550100\. This is about run 2 of this node alone\.$/);
	});

	it('says that nobody was called where that is certain', async () => {
		simulator.failNext({ kind: 'status', status: '-10' });
		const { error } = await run(TEXT, onNumbers(numbersOf(2)));
		expect(error?.message).toBe('The balance of the ITNIO TECH account is too low to place calls');
		expect(error?.description).toMatch(/ Not called: 15550100\. Not tried, so not called: 15550101\.$/);
		expect(simulator.requests).toHaveLength(1);
	});

	it.each([{}, continuing])('because it was cancelled sends nothing more: %j', async (settings) => {
		const stop = new AbortController();
		const credential = { ...DEMO_CREDENTIAL, baseUrl: simulator.url };
		const context = await createContext(credential, stop.signal, {
			parameters: TEXT,
			input: onNumbers(numbersOf(5)),
			settings,
		});
		simulator.behaviour.latencyMs = 50;
		const running = executeNode(context).catch(() => undefined);
		while (simulator.callsPlaced.size < 2) await sleep(1);
		stop.abort();
		await running;
		const { length } = simulator.requests;
		expect(length).toBeLessThanOrEqual(3);
		expect(simulator.callsPlaced.size).toBeLessThanOrEqual(3);
	});
});

describe('a number that comes again', () => {
	const parcels = (rows: Array<[string, string]>) => rows.map(([phone, text]) => ({ phone, text }));
	const rows = parcels([
		['15550100', 'parcel 1'],
		['+1 555-0100', 'parcel 2'],
	]);
	const perRow = { ...TEXT, text: '={{ $json.text }}' };

	it.each([{}, continuing, { onError: 'continueErrorOutput' as const }])(
		'is skipped, with its reason, in an item: %j',
		async (settings) => {
			const result = await run(perRow, rows, settings);
			expect(result.items.map(({ json, pairedItem }) => [json, pairedItem])).toMatchObject([
				[{ calledNumber: '15550100', status: 'submitted' }, { item: 0 }],
				[
					{
						calledNumber: '15550100',
						status: 'skipped',
						reason: 'The same number comes earlier in this run',
						voiceId: null,
					},
					{ item: 1 },
				],
			]);
			expect(bodies().map(({ text }) => text)).toEqual(['parcel 1']);
		},
	);

	it('is called if the first call was refused for sure', async () => {
		simulator.failNext({ kind: 'status', status: '-22' });
		const result = await run(perRow, rows, continuing);
		expect(jsonOf(result)).toMatchObject([
			{ calledNumber: '15550100', status: 'refused' },
			{ error: 'ITNIO TECH did not accept a parameter of the request' },
			{ calledNumber: '15550100', status: 'submitted' },
		]);
		expect(bodies().map(({ text }) => text)).toEqual(['parcel 1', 'parcel 2']);
		expect(simulator.callsPlaced.get('15550100')).toBe(1);
	});

	it('is not called if nobody knows about the first call', async () => {
		simulator.failNext({ kind: 'reset' });
		const result = await run(perRow, rows, continuing);
		expect(jsonOf(result)).toMatchObject([{ status: 'unknown' }, { error: expect.anything() as string }, { status: 'skipped' }]); // prettier-ignore
	});

	it('is called each time where that is wanted, one request after the other', async () => {
		const result = await run(
			file({ options: { repeatedNumbers: 'call' } }),
			onNumbers(['15550100, 15550101, +15550100', '15550100']),
		);
		expect(jsonOf(result).map(({ calledNumber, status }) => [calledNumber, status])).toEqual([
			['15550100', 'submitted'],
			['15550101', 'submitted'],
			['15550100', 'submitted'],
			['15550100', 'submitted'],
		]);
		expect(bodies().map(({ callee }) => callee)).toEqual(['15550100,15550101', '15550100', '15550100']);
	});

	it('counts for "Max Calls" where it is called', async () => {
		const options = { repeatedNumbers: 'call', maxCalls: 2 };
		const { error } = await run({ ...TEXT, options }, onNumbers(['15550100', '15550100', '15550100']));
		expect(error?.message).toBe('This run would place 3 calls, more than "Max Calls" allows: 2');
		expect(simulator.requests).toEqual([]);
	});
});

it('a dry run checks and counts, outputs the same items, and calls nobody', async () => {
	const options = { dryRun: true };
	const result = await run(file({ options }), onNumbers(['15550100, 15550101', '+15550100']));
	expect(jsonOf(result)).toMatchObject([
		{ calledNumber: '15550100', status: 'skipped', reason: 'Dry run: nobody was called', voiceId: null },
		{ calledNumber: '15550101', status: 'skipped', reason: 'Dry run: nobody was called', voiceId: null },
		{ calledNumber: '15550100', status: 'skipped', reason: 'The same number comes earlier in this run' },
	]);
	for (const json of jsonOf(result))
		expect(Object.keys(json)).toEqual(['calledNumber', 'status', 'reason', 'voiceId', 'calledInfo']);
	expect(hintsOf(result)).toEqual([
		'Dry run: nobody was called. Calls that it would have placed: 2',
		'Each number is called once per run. Repeated numbers skipped: 1',
	]);
	const refused = await run(file({ options }), onNumbers(['nonsense']));
	expect(refused.error?.message).toMatch(/not a valid phone number/);
	expect(simulator.requests).toEqual([]);
});

describe('what an expression left', () => {
	it.each<[string, INodeParameters, IDataObject, RegExp]>([
		[
			'an object in a text',
			{ text: '=Hello {{ $json.name }}' },
			{ name: {} },
			/^"Text" contains "\[object Object\]"/,
		],
		['undefined', { text: 'Your balance is undefined' }, {}, /^"Text" contains "undefined"/],
		['an object in a reference', { options: { calledInfo: '=order {{ $json.order }}' } }, { order: {} }, /^"Called Info" contains "\[object/], // prettier-ignore
		['no value for a reference', { options: { calledInfo: '={{ $json.nope }}' } }, {}, /^"Called Info" is empty: its expression gave no value/], // prettier-ignore
		[
			'no value for the caller ID',
			{ options: { displayNum: '={{ $json.nope }}' } },
			{},
			/^"Display Number" is empty/,
		],
		['a name for a language', { language: 'Anglais' }, {}, /^Unknown value for "Language": Anglais/],
	])('is refused before anybody is called: %s', async (_, parameters, json, message) => {
		const { error } = await run({ ...TEXT, ...parameters }, [
			{ phone: '15550100' },
			{ phone: '15550101', ...json },
		]);
		expect(error?.message).toMatch(message);
		expect(simulator.requests).toEqual([]);
	});

	it.each<[string, IDataObject]>([
		['=Hello {{ $json.name }}, your code is 12', { name: null }],
		['=Your share is {{ $json.part / $json.all }} percent', { part: 0, all: 0 }],
		['=Your code is {{ $json.code }}', {}],
	])('is hinted at where it only seems so: %s', async (text, json) => {
		const result = await run({ ...TEXT, text }, [{ phone: '15550100', ...json }]);
		expect(result.error).toBeUndefined();
		expect(hintsOf(result)).toEqual([expect.stringMatching(/^A text seems to have a gap/)]);
	});
});

it.each([
	[20, numbersOf(420).slice(400).join(', ')],
	[21, '21 numbers'],
])('up to 20 numbers that were not tried are listed: %d', async (untried, listed) => {
	simulator.failNext({ kind: 'slow', ms: 0 }, { kind: 'reset' });
	const { error } = await run(file({ options: { maxCalls: 450 } }), [
		{ phone: numbersOf(400 + untried).join() },
	]);
	expect(error?.description).toContain(`Not tried, so not called: ${listed}.`);
});

describe('a run that continues', () => {
	it('outputs what is known of each number, and one error item for the item that failed', async () => {
		simulator.failNext({ kind: 'slow', ms: 0 }, { kind: 'http', httpStatus: 502, takesEffect: true });
		const [phone, ...others] = [numbersOf(450).join(), '15559000'];
		const result = await run(file({ options: { maxCalls: 500 } }), onNumbers([phone, ...others]), continuing);
		const json = jsonOf(result);
		const count = (status: string) => json.filter((one) => one.status === status).length;
		expect([count('submitted'), count('unknown'), json.length]).toEqual([251, 200, 452]);
		const failed = result.items.filter((item) => item.json.error !== undefined);
		expect(failed).toMatchObject([
			{ json: { error: 'It is not known whether ITNIO TECH placed the call' }, pairedItem: { item: 0 } },
		]);
		expect(json.at(-1)).toMatchObject({ calledNumber: '15559000', status: 'submitted' });
		for (const { reason } of json.filter(({ status }) => status === 'unknown'))
			expect(reason).toContain(`"Called Info" set to ${String(bodies()[0].calledInfo)}`);
	});

	const fault = fc.oneof(
		fc.constant<Fault>({ kind: 'slow', ms: 0 }),
		fc
			.tuple(
				fc.constantFrom<Fault>(
					{ kind: 'http', httpStatus: 502 },
					{ kind: 'http', httpStatus: 408 },
					{ kind: 'http', httpStatus: 429 },
					{ kind: 'http', httpStatus: 404 },
					{ kind: 'status', status: '-15' },
					{ kind: 'status', status: '-18' },
					{ kind: 'status', status: '-10' },
					{ kind: 'status', status: '-16' },
					{ kind: 'status', status: '-99' },
					{ kind: 'html' },
					{ kind: 'body', body: 'null' },
					{ kind: 'reset' },
					{ kind: 'truncated' },
				),
				fc.boolean(),
			)
			.map(([kind, mayTakeEffect]): Fault => {
				// What the service refuses for sure, it has not done.
				const isSure = kind.kind === 'status' && ['-10', '-16'].includes(String(kind.status));
				const isNotFound = kind.kind === 'http' && kind.httpStatus === 404;
				return { ...kind, takesEffect: mayTakeEffect && !isSure && !isNotFound };
			}),
	);

	it('calls each of 1,000 numbers at most once and accounts for it, whatever goes wrong', async () => {
		// The pauses after "too many requests" are over by the time that anything looks.
		jest.spyOn(Date, 'now').mockImplementation(() => (clock.ms += 1500));
		await fc.assert(
			fc.asyncProperty(
				fc.array(fault, { maxLength: 9 }),
				fc.uniqueArray(fc.nat(999), { maxLength: 50 }),
				fc.uniqueArray(fc.nat(999), { maxLength: 50 }),
				async (faults, refused, omitted) => {
					simulator.resetStats();
					simulator.dataset = listDataset([]);
					const numbers = numbersOf(1000);
					simulator.behaviour.refusedNumbers = Object.fromEntries(refused.map((at) => [numbers[at], '503']));
					simulator.behaviour.omittedNumbers = omitted.map((at) => numbers[at]);
					simulator.failNext(...faults);
					const input = [numbers.slice(0, 350), numbers.slice(350, 700), numbers.slice(700)];
					const result = await run(file({ options: { maxCalls: 1000 } }), onNumbers(input), continuing);

					const rows = jsonOf(result).filter(({ error }) => error === undefined);
					expect(rows.map(({ calledNumber }) => calledNumber)).toEqual(numbers);
					expect(placedTwice()).toEqual([]);
					for (const { calledNumber, status } of rows) {
						const isPlaced = simulator.callsPlaced.has(String(calledNumber));
						if (status === 'submitted') expect(isPlaced).toBe(true);
						else if (status === 'refused') expect(isPlaced).toBe(false);
						else expect(status).toBe('unknown');
					}
				},
			),
			{ numRuns: 30 },
		);
	});
});

it.each(['0', '"0"', '"success"', 'true', '"ok"'])(
	'an answer that has %s in the place of the ID of a call has none',
	async (data) => {
		simulator.failNext({ kind: 'body', body: `{"status":"0","data":${data}}` });
		const { error } = await run(TEXT, onNumbers(['15550100']));
		expect(error?.message).toBe('It is not known whether ITNIO TECH placed the call');
		const row = `{"callee":"15550101","terminationCode":"0","voiceId":${data}}`;
		simulator.failNext({ kind: 'body', body: `{"status":"0","data":[${row}]}` });
		expect(jsonOf(await run(file(), onNumbers(['15550101'])))).toMatchObject([
			{ status: 'submitted', voiceId: null },
		]);
	},
);
