import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type * as Campaigns from '../../nodes/Itniotech/api/campaigns';
import { DEMO_CREDENTIAL, type Fault } from '../simulator/simulator';
import { DAY_MS, NOW_MS } from '../support/times';
import type * as TestClocks from '../support/testClock';
import { runWorkflow, searchList, workflowOf, type RunResult } from './support/engine';
import { useSimulatedService } from './support/simulatedService';
import { hintsOf } from './support/summaries';

jest.mock('n8n-workflow', () =>
	jest.requireActual<typeof TestClocks>('../support/testClock').n8nOnTestClock(),
);

const service = useSimulatedService();
const { clock, run } = service;

const create = (more: INodeParameters = {}): INodeParameters => ({
	resource: 'voiceCampaign',
	operation: 'create',
	messageType: 'text',
	text: 'Hello',
	language: 'EN',
	appId: 'app',
	...more,
});
const jsonOf = ({ items }: RunResult) => items.map(({ json }) => json);
const sends = () =>
	service.simulator.requests
		.filter(({ path }) => path.endsWith('/send'))
		.map(({ body }) => body as IDataObject);
const onNumbers = (...numbers: unknown[]) => numbers.map((calledNumber) => ({ calledNumber }) as IDataObject);
const continuing = { onError: 'continueRegularOutput' as const };
const EMPTY_LIST: Fault = { kind: 'body', body: '{"code":0,"data":{"records":[],"total":0}}' };

describe('what differs from item to item', () => {
	it.each([
		['={{ $itemIndex === 0 ? "15550100" : "15550101" }}'],
		['={{ $parameter.options.displayNum && $json.calledNumber }}'],
		['={{ $input.all()[$itemIndex].json.calledNumber }}'],
	])('%s is read for each item', async (calledNumber) => {
		const options = { displayNum: '15550199' };
		const result = await run(create({ calledNumber, options }), onNumbers('15550100', '15550101'));
		expect(result.error).toBeUndefined();
		expect(sends()[0].numberInfoList).toEqual([{ calleeNumber: '15550100' }, { calleeNumber: '15550101' }]);
	});

	it('variables are, whatever expression they are', async () => {
		const values = {
			text1: '={{ $json.orders.length }}',
			text2: '={{ $json.name[0] }}',
			text3: '={{ $itemIndex + 1 }}',
			text4: '={{ Math.random() }}',
		};
		const input = [
			{ calledNumber: '15550100', orders: [1, 2, 3], name: 'Ana' },
			{ calledNumber: '15550101', orders: [], name: 'Ben' },
		];
		await run(
			create({ text: '${text1} ${text2} ${text3} ${text4}', options: { variables: { values } } }),
			input,
		);
		const [first, second] = sends()[0].numberInfoList as IDataObject[];
		expect([first, second]).toMatchObject([
			{ text1: '3', text2: 'A', text3: '1' },
			{ text1: '0', text2: 'B', text3: '2' },
		]);
		expect(first.text4).not.toBe(second.text4);
	});

	it('a variable of 30 characters is sent as it is, one of 31 with a hint', async () => {
		const options = { variables: { values: { text1: '={{ $json.name }}' } } };
		const input = [{ calledNumber: '15550100', name: '🎉'.repeat(30) }];
		const fits = await run(create({ text: 'Hello ${text1}', options }), input);
		expect(hintsOf(fits)).toEqual([]);
		const long = await run(create({ text: 'Hello ${text1}', options, campaignName: 'Long' }), [
			...input,
			{ calledNumber: '15550101', name: 'x'.repeat(31) },
		]);
		expect(jsonOf(long)).toMatchObject([{ status: 'submitted', numbers: 2 }]);
		expect(hintsOf(long)).toEqual(['ITNIO TECH cuts variables after 30 characters: some are longer']);
	});

	it('a variable for which the text has no place is hinted at', async () => {
		const options = { dryRun: true, variables: { values: { text2: 'x' } } };
		const result = await run(create({ text: 'Hello $text2', options }), onNumbers('15550100'));
		expect(hintsOf(result)).toContain('"Variables" has texts for which the message has no place: ${text2}');
	});

	it.each(['undefined', '\u200f', '[object Object]', '={{ 0 / 0 }}', '={{ $json }}', '={{ $json.nope }}'])(
		'a variable %j is refused by name',
		async (text1) => {
			const options = { variables: { values: { text1 } } };
			const { error } = await run(create({ text: 'Hello ${text1}', options }), onNumbers('15550100'));
			expect(error?.message).toMatch(/^"Text1" /);
			expect(service.simulator.requests).toEqual([]);
		},
	);

	it('without a valid item, nothing is sent, and each item has one that says why', async () => {
		const result = await run(create(), onNumbers('x', null, '123'), continuing);
		expect(jsonOf(result).map(({ status, name }) => [status, name])).toEqual(
			Array(3).fill(['refused', null]),
		);
		expect(service.simulator.requests).toEqual([]);
	});

	it('an item that repeats a number is skipped, whatever its variables', async () => {
		const options = { variables: { values: { text1: '={{ $json.name }}' } } };
		const input = [{ calledNumber: '15550100', name: 'Ana' }, { calledNumber: '+15550100' }];
		for (const settings of [{}, continuing]) {
			const { error, items } = await run(
				create({ text: 'Hello ${text1}', options: { ...options, dryRun: true } }),
				input,
				settings,
			);
			expect(error).toBeUndefined();
			expect(items[1].json).toMatchObject({ calledNumber: '15550100', status: 'skipped' });
		}
	});

	it('an item whose expression n8n refuses is one that is refused, and the campaign goes on', async () => {
		const calledNumber = '={{ $json.ok ? $json.ok : $("Nobody").first().json.x }}';
		const result = await run(create({ calledNumber }), [{ ok: '15550100' }, {}], continuing);
		expect(result.error).toBeUndefined();
		expect(jsonOf(result)).toMatchObject([
			{ status: 'submitted', numbers: 1 },
			{ status: 'refused', reason: expect.any(String) as string },
		]);
		expect(hintsOf(result)).toContain('Not called, because the input is not valid: 1');
	});
});

describe('the name of a campaign', () => {
	const named = async (campaignName: string) => {
		const { error } = await run(create({ campaignName }), onNumbers('15550100'));
		return error?.message ?? sends().at(-1)?.taskName;
	};

	it.each([
		['ab', 'ab'],
		['x'.repeat(64), 'x'.repeat(64)],
		['🎉'.repeat(64), '🎉'.repeat(64)],
		['  Spring\n\tsale ', 'Spring sale'],
		['Cafe\u0301', 'Café'],
		['\u200fSpring\u200b\ufeff sale\u2069 ', 'Spring sale'],
		['👨\u200d👩\u200d👧 sale', '👨\u200d👩\u200d👧 sale'],
		['\u200b\u2060', '"Campaign Name" has no visible characters'],
		['🎉', '"Campaign Name" has 1 character: 🎉'],
		['🎉'.repeat(65), `"Campaign Name" has 65 characters: ${'🎉'.repeat(65)}`],
	])('%j is sent as %j, or refused', async (given, expected) => {
		expect(await named(given)).toBe(expected);
	});

	it('with two spaces is found again', async () => {
		await named('Spring  sale');
		expect(await named('Spring sale')).toBe('ITNIO TECH already has a campaign named Spring sale');
		expect(sends()).toHaveLength(1);
	});
});

describe('"Start At"', () => {
	const startOf = async (startAt: string, timezone = 'Europe/Berlin') => {
		const { error } = await run(create({ options: { startAt, timezone } }), onNumbers('15550100'));
		return error?.message ?? sends().at(-1)?.sendTime;
	};

	it.each([
		['2027-03-28T01:59', 'Europe/Berlin', '2027-03-28 08:59:00'],
		['2027-03-28T02:00', 'Europe/Berlin', '"Start At" does not exist in Europe/Berlin: 2027-03-28T02:00'],
		['2027-03-28 02:30:00', 'Europe/Berlin', '"Start At" does not exist in Europe/Berlin: 2027-03-28 02:30:00'], // prettier-ignore
		['2027-03-28T01:30', 'Europe/London', '"Start At" does not exist in Europe/London: 2027-03-28T01:30'],
		['2027-03-28T02:30+01:00', 'Europe/Berlin', '2027-03-28 09:30:00'],
		['2027-03-28T02:30Z', 'Europe/Berlin', '2027-03-28 10:30:00'],
		['2027-03-28T03:00', 'Europe/Berlin', '2027-03-28 09:00:00'],
		['2027-03-28T02:30', 'Asia/Singapore', '2027-03-28 02:30:00'],
		['2027-10-31T02:30', 'Europe/Berlin', '2027-10-31 08:30:00'],
		['2026-12-01T10:15', 'America/New_York', '2026-12-01 23:15:00'],
		['2026-12-01T10:00+01:00[Europe/Berlin]', 'UTC', '2026-12-01 17:00:00'],
		['2026-12-01T10:00+25:00', 'UTC', '"Start At" is not a valid date and time: 2026-12-01T10:00+25:00'],
	])('%s in %s is sent or refused as: %s', async (startAt, timezone, expected) => {
		expect(await startOf(startAt, timezone)).toBe(expected);
	});

	it.each(['2027-12-01T09:00', '2099-01-01T00:00', '9999-12-31T23:59'])(
		'%s is too far ahead',
		async (startAt) => {
			expect(await startOf(startAt)).toBe('"Start At" is more than a year ahead');
			expect(service.simulator.requests).toEqual([]);
		},
	);
});

describe('"Calling Hours"', () => {
	/** It is 9 o'clock in Berlin. */
	it.each([
		['09:00-18:00', '', null],
		['08:00-09:00', '', '2026-11-21 08:00 UTC+01:00'],
		['10:00-12:00, 14:00-18:00', '2026-11-20T12:30', '2026-11-20 14:00 UTC+01:00'],
		['22:00-07:00', '2026-11-21T07:00', '2026-11-21 22:00 UTC+01:00'],
		// The hours are those of the start, which the clock of ITNIO does not change.
		['09:00-18:00', '2027-03-27T20:00', '2027-03-28 10:00 UTC+02:00'],
	])('%s and a start at %j: the first calls are possible at %s', async (callingHours, startAt, first) => {
		const options = { callingHours, startAt, timezone: 'Europe/Berlin' };
		const result = await run(create({ options }), onNumbers('15550100'));
		const text = `The campaign starts outside "Calling Hours". According to these hours, the first calls can be made at ${first}.`;
		expect(hintsOf(result)).toEqual(first === null ? [] : [text]);
		expect(jsonOf(result)).toMatchObject([{ status: 'submitted' }]);
	});
});

it.each(['${text6}', '${text0}', '${ text1 }', '${Text1}', '${text}', '${text12}'])(
	'%s in a text is refused, with how variables are written',
	async (written) => {
		const options = { variables: { values: { text1: 'Ana' } } };
		const { error } = await run(
			create({ text: `Hello \${text1} ${written}`, options }),
			onNumbers('15550100'),
		);
		expect(error?.message).toBe(`"Text" contains ${written}, which is not a valid variable`);
		expect(error?.description).toContain('Write ${text1} to ${text5}');
		expect(service.simulator.requests).toEqual([]);
	},
);

describe('a campaign of this execution that is listed', () => {
	const EXISTED =
		'This execution had already created the campaign, so it was not created again. Numbers that the earlier run did not have are not called.';

	it.each<[string, unknown[], string | null, string]>([
		['under way', [1], '1', EXISTED],
		['cancelled', [4], '1', `${EXISTED} ITNIO TECH lists it with the status cancelled.`],
		['failed', [3], '1', `${EXISTED} ITNIO TECH lists it with the status failed.`],
		['twice', [2, 1], null, `${EXISTED} Campaigns of this name: ID 1 (numbers: 1), ID 2 (numbers: 1).`],
	])('is said to be so: %s', async (_, statuses, campaignId, reason) => {
		const dry = await run(create({ options: { dryRun: true } }), onNumbers('15550100'));
		const taskName = dry.items[0].json.name;
		const records = statuses.map((status, nth) => ({ jobId: nth + 1, taskName, status, numCnt: 1 }));
		const body = JSON.stringify({ code: 0, data: { records, total: records.length } });
		service.simulator.failNext({ kind: 'body', body });
		const result = await run(create(), onNumbers('15550100'));
		expect(jsonOf(result)).toMatchObject([{ campaignId, status: 'submitted', reason }]);
		expect(sends()).toEqual([]);
	});

	it('is not said to have the same name if it had other parts', async () => {
		const dry = await run(create({ options: { dryRun: true } }), onNumbers('15550100'));
		const records = [1, 2].map((part) => ({
			jobId: part,
			taskName: `${String(dry.items[0].json.name)} (${part}/2)`,
			status: 1,
			numCnt: 9,
		}));
		service.simulator.failNext({
			kind: 'body',
			body: JSON.stringify({ code: 0, data: { records, total: 2 } }),
		});
		const [{ status, reason }] = jsonOf(await run(create(), onNumbers('15550100')));
		expect(status).toBe('unknown');
		expect(reason).toMatch(/ Campaigns of this execution: ID 1 \(numbers: 9\), ID 2 \(numbers: 9\)\.$/);
		expect(sends()).toEqual([]);
	});
});

describe('finding a campaign by its name', () => {
	it.each([
		['created today', 0, {}],
		['created four weeks ago', 28, {}],
		['that is to start in five weeks, in a list by that time', 0, { startAt: '2026-12-25T08:00:00Z' }],
	])('works where the list takes 31 days at most: one %s', async (_, days, options) => {
		Object.assign(service.simulator.behaviour, { taskMaxRangeDays: 31, taskRangeFilter: 'sendTime' });
		const parameters = create({ campaignName: 'Spring', options });
		expect((await run(parameters, onNumbers('15550100'))).error).toBeUndefined();
		clock.ms += days * DAY_MS;
		const { error } = await run(parameters, onNumbers('15550100'));
		expect(error?.message).toBe('ITNIO TECH already has a campaign named Spring');
		expect(error?.description).toContain('Its ID is 5000602.');
		expect(sends()).toHaveLength(1);
	});

	it('says unknown where the answer and the list are lost', async () => {
		const lost: Fault[] = Array<Fault>(5).fill({ kind: 'status', status: '-32' });
		service.simulator.failNext(EMPTY_LIST, { kind: 'reset', takesEffect: true }, ...lost);
		const result = await run(create({ campaignName: 'Spring' }), onNumbers('15550100'));
		expect(jsonOf(result)).toMatchObject([{ status: 'unknown', campaignId: null }]);
		expect(sends()).toHaveLength(1);
	});

	it('Get Many Campaigns lists all of a year, each once, where the list takes 31 days at most', async () => {
		clock.ms = NOW_MS - 320 * DAY_MS;
		for (let nth = 0; nth < 300; nth++) {
			clock.ms += DAY_MS;
			service.simulator.addTask({ taskName: `day ${nth}`, numbers: [] });
		}
		clock.ms = NOW_MS;
		const year = { timeRange: 'custom', startTime: '2025-12-01', endTime: '2026-11-20', returnAll: true };
		const getAll = { resource: 'voiceCampaign', operation: 'getAll', ...year };
		const idsOf = async () =>
			jsonOf(await run(getAll))
				.map(({ campaignId }) => campaignId)
				.sort();
		const expected = service.simulator.tasks.map(({ id }) => id).sort();
		expect(await idsOf()).toEqual(expected);
		for (const endsInclusive of [true, false]) {
			Object.assign(service.simulator.behaviour, { taskMaxRangeDays: 31, endsInclusive });
			expect(await idsOf()).toEqual(expected);
		}
	});
});

describe('what the service says without a known meaning', () => {
	it.each<[Fault, string]>([
		[{ kind: 'status', status: '-23' }, 'status -23'],
		[{ kind: 'status', status: '-24' }, 'status -24'],
		[{ kind: 'http', httpStatus: 405 }, 'HTTP status 405'],
		[{ kind: 'http', httpStatus: 400 }, 'HTTP status 400'],
	])('%j leaves a campaign unknown, and its reason calls it nothing else', async (fault, answer) => {
		service.simulator.failNext(EMPTY_LIST, fault);
		const [{ status, reason }] = jsonOf(await run(create({ campaignName: 'Spring' }), onNumbers('15550100')));
		expect(status).toBe('unknown');
		const [outcome, ...advice] = String(reason).split('. ');
		expect(outcome).toBe('It is not known whether ITNIO TECH accepted the campaign');
		expect(advice.join()).toContain(`not answered as expected (${answer}`);
		expect(advice.join()).not.toMatch(/reject|refus|accept/);
	});

	it('a campaign that is listed twice is one item, and what the list counts but lacks is hinted at', async () => {
		const row = (jobId: number) => ({ jobId, taskName: 'x', status: 2 });
		const records = [row(1), row(2), row(1)];
		const getAll = { resource: 'voiceCampaign', operation: 'getAll', returnAll: true };
		const listed = async (total: number, more: INodeParameters = {}) => {
			service.simulator.failNext(
				{ kind: 'body', body: JSON.stringify({ code: 0, data: { records, total } }) },
				EMPTY_LIST,
			);
			const result = await run({ ...getAll, ...more });
			return [jsonOf(result).map(({ campaignId }) => campaignId), hintsOf(result)];
		};
		const counts = (total: number) => [
			`ITNIO TECH counts ${total} campaigns in this time range, but lists 2`,
		];
		expect(await listed(3)).toEqual([['1', '2'], counts(3)]);
		expect(await listed(9)).toEqual([['1', '2'], counts(9)]);
		service.simulator.failNext(EMPTY_LIST);
		expect(hintsOf(await run(getAll))).toEqual([]);
		// What the limit leaves out is not missing.
		expect(await listed(9, { returnAll: false, limit: 2 })).toEqual([['1', '2'], []]);
	});

	it.each(['cancel', 'get'])(
		'%s takes the campaign that was asked for, whatever ID the answer has',
		async (operation) => {
			const { id } = service.simulator.addTask({
				taskName: 'Spring',
				numbers: Array<string>(99).fill('15550100'),
			});
			const data = { jobId: 8, id: 9, taskName: 'Spring', status: 1 };
			service.simulator.failNext({ kind: 'body', body: JSON.stringify({ code: 0, data }) });
			const result = await run({ resource: 'voiceCampaign', operation, campaignId: id });
			expect(jsonOf(result)).toMatchObject([{ campaignId: id }]);
			const cancels = service.simulator.requests.filter(({ path }) => path.endsWith('/cancel'));
			expect(cancels.map(({ body }) => body)).toEqual(
				operation === 'cancel' ? [{ taskIdList: [Number(id)] }] : [],
			);
		},
	);

	it('an answer that says nothing of a campaign is unexpected', async () => {
		service.simulator.failNext({ kind: 'body', body: '{"code":0,"data":{"msg":"not found"}}' });
		const { error } = await run({ resource: 'voiceCampaign', operation: 'get', campaignId: '7' });
		expect(error?.message).toBe('ITNIO TECH sent an unexpected response');
	});

	it.each(['-34', '-35'])(
		'status %s for a new campaign is not explained by failed numbers',
		async (status) => {
			service.simulator.failNext(EMPTY_LIST, { kind: 'status', status });
			const { error } = await run(create({ campaignName: 'Spring' }), onNumbers('15550100'));
			expect(error?.description).toMatch(
				/^Check whether the campaign has numbers to call\. If it does, .* Nobody was called\./,
			);
		},
	);

	it('campaigns without an ID are hinted at, and the others listed', async () => {
		const row = { taskName: 'x', status: 2 };
		const records = [{ ...row, jobId: 1 }, row, { ...row, jobId: null }, { ...row, jobId: 2 }];
		const getAll = { resource: 'voiceCampaign', operation: 'getAll', returnAll: true };
		service.simulator.failNext(
			{ kind: 'body', body: JSON.stringify({ code: 0, data: { records, total: 4 } }) },
			EMPTY_LIST,
		);
		const result = await run(getAll);
		expect(jsonOf(result).map(({ campaignId }) => campaignId)).toEqual(['1', '2']);
		expect(hintsOf(result)).toContain(
			'ITNIO TECH lists campaigns without an ID, which cannot be output: at least 2',
		);
		expect(hintsOf(await run(getAll)).join()).not.toContain('without an ID');
	});

	it('campaigns without an ID on each page are not missing', async () => {
		const row = (jobId?: number) => ({ jobId, taskName: 'x', status: 2 });
		const pageOf = (fromId: number) => [
			row(),
			...Array.from({ length: 98 }, (_, nth) => row(fromId + nth)),
			row(),
		];
		const getAll = { resource: 'voiceCampaign', operation: 'getAll', returnAll: true };
		const hintsAt = async (total: number) => {
			const bodies = [pageOf(1), pageOf(101), []].map((records) =>
				JSON.stringify({ code: 0, data: { records, total } }),
			);
			service.simulator.failNext(...bodies.map((body): Fault => ({ kind: 'body', body })));
			const result = await run(getAll);
			expect(jsonOf(result)).toHaveLength(196);
			return hintsOf(result);
		};
		const withoutId = 'ITNIO TECH lists campaigns without an ID, which cannot be output: at least 2';
		expect(await hintsAt(200)).toEqual([withoutId]);
		expect(await hintsAt(201)).toEqual([
			withoutId,
			'ITNIO TECH counts 201 campaigns in this time range, but lists at most 200',
		]);
	});
});

describe('a campaign of three parts, one of them refused', () => {
	/** In place of 100,000 numbers a campaign, which are tested in voiceCampaign.test.ts. */
	const SIZE = 2;
	const COUNT = 2 * SIZE + 1;
	const input = [{ calledNumber: Array.from({ length: COUNT }, (_, nth) => 15_550_000_000 + nth).join() }];
	const options = { maxNumbers: COUNT };
	beforeEach(() => {
		const shipped = jest.requireActual<typeof Campaigns>('../../dist/nodes/Itniotech/api/campaigns');
		jest.replaceProperty(shipped, 'MAX_NUMBERS_PER_CAMPAIGN', SIZE as never);
	});
	const refuseSecond = () =>
		service.simulator.failNext(
			EMPTY_LIST,
			{ kind: 'body', body: '{"code":0,"data":5000701}', takesEffect: true },
			EMPTY_LIST,
			{ kind: 'status', status: '-10' },
		);

	it('has an item for each, and a repeated execution creates only what was refused', async () => {
		refuseSecond();
		const first = jsonOf(await run(create({ options }), input, continuing));
		expect(first.map(({ status }) => status)).toEqual(['submitted', 'refused', 'submitted']);
		expect(first.map(({ numbers }) => numbers)).toEqual([SIZE, SIZE, 1]);
		const second = jsonOf(await run(create({ options }), input, continuing));
		expect(second.map(({ status }) => status)).toEqual(['submitted', 'submitted', 'submitted']);
		expect(second.map(({ name }) => name)).toEqual(first.map(({ name }) => name));
		expect(service.simulator.tasks.map(({ order }) => order.taskName).sort()).toEqual(
			first.map(({ name }) => name).sort(),
		);
	});

	it.each([[[1]], [[3]], [[1, 2]]])(
		'creates none of them beside parts %j of an earlier run, whose numbers nobody knows',
		async (existing) => {
			for (const part of existing)
				service.simulator.addTask({ taskName: `Spring (${part}/3)`, numbers: ['15550109'] });
			const result = await run(create({ campaignName: 'Spring', options }), input, continuing);
			expect(jsonOf(result).map(({ status }) => status)).toEqual(['refused', 'refused', 'refused']);
			for (const { reason } of jsonOf(result)) {
				expect(reason).toMatch(
					/^ITNIO TECH already has a campaign named Spring \(\d\/3\)\. Its ID is 5000\d+\./,
				);
			}
			expect(sends()).toEqual([]);
		},
	);

	it('is created beside its own parts where a person chose the name', async () => {
		refuseSecond();
		const result = await run(create({ campaignName: 'Spring', options }), input, continuing);
		expect(jsonOf(result).map(({ status }) => status)).toEqual(['submitted', 'refused', 'submitted']);
	});

	it('stops at it, and says which campaigns there are and how many numbers nobody calls', async () => {
		refuseSecond();
		const { error } = await run(create({ campaignName: 'Spring', options }), input);
		expect(error?.description).toContain('Campaigns of this run: Spring (1/3) submitted (ID 5000701).');
		expect(error?.description).toContain(`Numbers that this run does not call: ${SIZE + 1}.`);
		expect(sends()).toHaveLength(2);
	});
});

describe('several campaigns of one name', () => {
	const three = onNumbers('15550100', '15550101', '15550102');
	const FOUND =
		'The response was lost, but ITNIO TECH lists a campaign with this name and the same count of numbers. It is the new campaign, unless somebody else created one with this name at about the same time.';

	/** By their counts of numbers; 0 for one that is not counted yet. */
	it.each<[number[], boolean, string | null, RegExp | string]>([
		[[], true, '5000602', FOUND],
		[[2], true, '5000603', FOUND],
		[[4, 2], true, '5000604', FOUND],
		[[2], false, null, /set to Spring\. .* Campaigns of this name: ID 5000602 \(numbers: 2\)\.$/],
		[[3], true, null, /Campaigns of this name: ID 5000603 \(numbers: 3\), ID 5000602 \(numbers: 3\)\.$/],
		[[0], true, null, /Campaigns of this name: ID 5000603 \(numbers: 3\), ID 5000602 \(numbers: 0\)\.$/],
	])(
		'after a lost response, beside others with %j numbers (campaign created: %s), output the ID: %s',
		async (others, takesEffect, campaignId, reason) => {
			service.simulator.behaviour.taskNamesUnique = false;
			for (const count of others) {
				service.simulator.addTask({ taskName: 'Spring', numbers: Array<string>(count).fill('15550109') });
			}
			service.simulator.failNext(EMPTY_LIST, { kind: 'reset', takesEffect });
			const result = await run(create({ campaignName: 'Spring' }), three);
			const status = campaignId ? 'submitted' : 'unknown';
			const [item] = jsonOf(result);
			expect(item).toMatchObject({ campaignId, status });
			expect(item.reason).toMatch(reason);
			expect(sends()).toHaveLength(1);
		},
	);

	it('with the same count of numbers are not taken for the new one if they play or read something else', async () => {
		service.simulator.behaviour.taskNamesUnique = false;
		for (const [campaignName, other] of Object.entries({
			Spring: { appId: 'other' },
			Autumn: { text: 'Hi' },
		})) {
			service.simulator.addTask({
				taskName: campaignName,
				numbers: ['15550107', '15550108', '15550109'],
				...other,
			});
			service.simulator.failNext(EMPTY_LIST, { kind: 'reset', takesEffect: false });
			const [item] = jsonOf(await run(create({ campaignName }), three));
			expect(item).toMatchObject({ campaignId: null, status: 'unknown' });
			expect(item.reason).toMatch(/Campaigns of this name: ID 500060\d \(numbers: 3\)/);
		}
	});

	it.each([
		['1', undefined],
		['2', 'Spring (1/2)'],
		['3', 'Spring (3/3)'],
	])('are found whatever the count of their parts: one of %s', async (_, partName) => {
		const many = [
			{ calledNumber: Array.from({ length: 100_001 }, (__, nth) => 15_550_000_000 + nth).join() },
		];
		const name = partName ?? 'Spring';
		service.simulator.addTask({ taskName: name, numbers: ['15550109'] });
		const options = { maxNumbers: 200_000 };
		const parts = await run(create({ campaignName: 'Spring', options }), many);
		const whole = await run(create({ campaignName: 'Spring', options }), three);
		for (const { error } of [parts, whole]) {
			expect(error?.message).toBe(`ITNIO TECH already has a campaign named ${name}`);
		}
		expect(sends()).toEqual([]);
	});

	it('of one execution are not created again in other parts', async () => {
		const numbers = Array.from({ length: 100_001 }, (_, nth) => 15_550_000_000 + nth);
		const options = { maxNumbers: 200_000 };
		const onList = async (list: number[]) =>
			jsonOf(await run(create({ options }), [{ calledNumber: list.join() }]));
		expect((await onList(numbers)).map(({ status }) => status)).toEqual(['submitted', 'submitted']);
		const [again] = await onList(numbers.slice(1));
		expect(again).toMatchObject({ campaignId: null, status: 'unknown' });
		expect(again.reason).toContain('with a different count of numbers, so no other one was created');
		expect(sends()).toHaveLength(2);
	});

	it('that are listed without an ID are found, too', async () => {
		const body = (numCnt: number) =>
			JSON.stringify({ code: 0, data: { records: [{ taskName: 'Spring', status: 1, numCnt }], total: 1 } });
		service.simulator.failNext({ kind: 'body', body: body(3) });
		const { error } = await run(create({ campaignName: 'Spring' }), three);
		expect(error?.message).toBe('ITNIO TECH already has a campaign named Spring');
		expect(error?.description).toMatch(/^This one was not created\./);
		expect(sends()).toEqual([]);
		service.simulator.failNext(
			EMPTY_LIST,
			{ kind: 'reset', takesEffect: false },
			{ kind: 'body', body: body(3) },
		);
		expect(jsonOf(await run(create({ campaignName: 'Spring' }), three))).toMatchObject([
			{ campaignId: null, status: 'submitted', reason: FOUND },
		]);
	});

	it('are none of them taken for the new one if the response has no ID', async () => {
		Object.assign(service.simulator.behaviour, { taskNamesUnique: false, taskSendData: 'null' });
		service.simulator.addTask({ taskName: 'Spring', numbers: ['15550107', '15550108', '15550109'] });
		service.simulator.failNext(EMPTY_LIST);
		const [item] = jsonOf(await run(create({ campaignName: 'Spring' }), three));
		expect(item).toMatchObject({ campaignId: null, status: 'submitted' });
		expect(item.reason).toMatch(
			/does not show for certain which one it is\. Campaigns of this name: ID 5000603 /,
		);
	});

	it('are not that of the same execution if the count of numbers differs', async () => {
		const [before] = jsonOf(await run(create(), three));
		const result = await run(create(), three.slice(1));
		expect(jsonOf(result)).toMatchObject([{ name: before.name, campaignId: null, status: 'unknown' }]);
		expect(sends()).toHaveLength(1);
		service.simulator.failNext(EMPTY_LIST);
		const listedLate = await run(create(), three.slice(1));
		expect(jsonOf(listedLate)).toEqual(jsonOf(result));
		expect(jsonOf(result)[0].reason).toMatch(/no other one was created\. .* ID 5000602 \(numbers: 3\)\.$/);
		expect(service.simulator.tasks).toHaveLength(1);
	});

	it('are all named in the message that refuses the name', async () => {
		for (const nth of [1, 2]) service.simulator.addTask({ taskName: 'Spring', numbers: [`1555010${nth}`] });
		const { error } = await run(create({ campaignName: 'Spring' }), three);
		expect(error?.description).toContain('The IDs of the campaigns with this name are 5000603, 5000602. ');
		expect(sends()).toEqual([]);
	});

	it.each([
		['Spring', ['Spring (1/2)', 'Spring (2/2)'], 'Spring (2/2)', 'Its ID is 5000603. '],
		[
			'Spring',
			['Spring (1/2)', 'Spring (2/2)', 'Spring (2/2)'],
			'Spring (2/2)',
			'The IDs of the campaigns with this name are 5000604, 5000603. ',
		],
	])(
		'named %s beside %j, are refused by the name of one, with the IDs of no other name',
		async (campaignName, names, named, ids) => {
			for (const taskName of names) service.simulator.addTask({ taskName, numbers: ['15550101'] });
			const { error } = await run(create({ campaignName }), three);
			expect(error?.message).toBe(`ITNIO TECH already has a campaign named ${named}`);
			expect(error?.description).toMatch(new RegExp(`^${ids}This one was not created`));
			expect(sends()).toEqual([]);
		},
	);
});

describe('status -20 for a new campaign', () => {
	it.each([
		[200, undefined, 'ITNIO TECH already has a campaign named Spring'],
		[400, undefined, 'ITNIO TECH already has a campaign named Spring'],
		// Gateways may answer with these after they have passed a request on.
		[408, 'unknown', undefined],
		[500, 'unknown', undefined],
		[502, 'unknown', undefined],
	])('with the HTTP status %d leaves the status %s, the message %s', async (httpStatus, status, message) => {
		const body = '{"code":-20,"msg":"exists already"}';
		service.simulator.failNext(EMPTY_LIST, { kind: 'http', httpStatus, body });
		const result = await run(create({ campaignName: 'Spring' }), onNumbers('15550100'));
		expect([result.items[0]?.json.status, result.error?.message]).toEqual([status, message]);
		expect(sends()).toHaveLength(1);
	});

	it.each([
		[1, 'unknown', undefined],
		[2, undefined, 'ITNIO TECH already has a campaign named Spring'],
	])('where one of %d numbers is listed only since leaves the status %s', async (count, status, message) => {
		const numbers = ['15550100', '15550101'].slice(0, count);
		service.simulator.addTask({ taskName: 'Spring', numbers });
		// As if a gateway had delivered the request twice.
		service.simulator.failNext(EMPTY_LIST);
		const { items, error } = await run(create({ campaignName: 'Spring' }), onNumbers('15550100'));
		expect([items[0]?.json.status, error?.message]).toEqual([status, message]);
		expect(items[0]?.json.reason ?? '').toMatch(
			status ? /It may be this one, .* Campaigns of this name: ID / : /^$/,
		);
		expect(sends()).toHaveLength(1);
	});
});

describe('Cancel Campaign', () => {
	const cancel = { resource: 'voiceCampaign', operation: 'cancel', campaignId: '7' };
	const detail = (status: unknown): Fault => ({
		kind: 'body',
		body: JSON.stringify({
			code: 0,
			data: { jobId: 7, taskName: 'Spring', status, numCnt: 5, callTotal: 2 },
		}),
	});
	const answers: Record<string, Fault> = {
		taken: { kind: 'body', body: '{"code":0,"data":null}' },
		refused: { kind: 'status', status: '-54' },
		lost: { kind: 'reset' },
	};
	const lost = 'It is not known whether ITNIO TECH cancelled the campaign';
	const refused = 'ITNIO TECH did not accept the campaign';
	const listedAs = (status: string) =>
		`ITNIO TECH accepted the request, and lists the campaign with the status ${status}`;

	/** What it outputs: how many numbers are not called, and the reason; or the error. */
	it.each<[string, unknown, string | null, number | null, string | null]>([
		['taken', 4, 'cancelled', 3, null],
		['lost', 4, 'cancelled', 3, null],
		['refused', 4, 'cancelled', 3, null],
		['taken', 2, 'done', 3, 'The campaign has ended: done'],
		['lost', 2, 'done', 3, 'The campaign has ended: done'],
		['refused', 3, 'failed', 3, 'The campaign has ended: failed'],
		['taken', 1, 'calling', null, listedAs('calling')],
		['taken', 9, '9', null, listedAs('9')],
		['taken', '', null, null, listedAs('not known')],
		['lost', 1, null, null, lost],
		['refused', 1, null, null, refused],
		['lost', '', null, null, lost],
	])(
		'whose answer is %s, and then the status %j, outputs %s, not called: %j, reason: %j',
		async (answer, after, status, notCalled, reason) => {
			service.simulator.failNext(detail(1), answers[answer], detail(after));
			const result = await run(cancel);
			if (result.error) expect([result.error.message, status]).toEqual([reason, null]);
			else {
				expect(jsonOf(result)).toEqual([
					{ campaignId: '7', name: 'Spring', status, numbers: 5, called: 2, notCalled, reason },
				]);
			}
			expect(service.simulator.requests.filter(({ path }) => path.endsWith('/cancel'))).toHaveLength(1);
		},
	);

	it('says so if the campaign cannot be read afterwards', async () => {
		const unread: Fault[] = Array<Fault>(5).fill({ kind: 'status', status: '-32' });
		service.simulator.failNext(detail(1), answers.taken, ...unread);
		const [item] = jsonOf(await run(cancel));
		expect(item).toMatchObject({
			status: null,
			called: null,
			notCalled: null,
			reason: 'ITNIO TECH accepted the request, but its effect could not be read',
		});
	});
});

describe('Call Failed Numbers Again', () => {
	const again = { resource: 'voiceCampaign', operation: 'callFailedAgain', campaignId: '5000602' };
	const failed = () => {
		service.simulator.behaviour.terminationCodes = { '15550100': '486' };
		service.simulator.addTask({
			taskName: 'Spring',
			numbers: ['15550100'],
			source: 3,
			text: 'Hi',
			lan: 'EN',
		});
		clock.ms += 120_000;
		service.simulator.endCalls();
	};

	it('tries a later item with the same campaign where the first was surely refused', async () => {
		failed();
		const slow: Fault = { kind: 'slow', ms: 0 };
		service.simulator.failNext(slow, slow, { kind: 'status', status: '-10' });
		const result = await run(again, [{}, {}], continuing);
		expect(jsonOf(result)).toMatchObject([{ error: expect.any(String) as string }, { status: 'submitted' }]);
		expect(service.simulator.tasks).toHaveLength(2);
	});

	it.each([
		['9', 'ITNIO TECH does not say whether the campaign Spring has ended'],
		[null, 'ITNIO TECH does not say whether the campaign Spring has ended'],
		[1, 'The campaign Spring has not ended yet: calling'],
	])('calls nobody where the status is %j', async (status, message) => {
		const data = {
			jobId: 5000602,
			taskName: 'Spring',
			status,
			fail: 2,
			appId: 'a',
			source: 3,
			text: 'Hi',
			lan: 'EN',
		};
		service.simulator.failNext({ kind: 'body', body: JSON.stringify({ code: 0, data }) });
		const { error } = await run(again);
		expect(error?.message).toBe(message);
		expect(error?.description).toContain('It was not called again');
		expect(service.simulator.requests).toHaveLength(1);
	});
});

it.each([
	['UTC', '2026-11-20'],
	['Asia/Singapore', '2026-11-21'],
])('the list of campaigns has the day of their creation in %s', async (timezone, day) => {
	clock.ms = Date.parse('2026-11-20T17:00:00Z');
	service.simulator.addTask({ taskName: 'Spring', numbers: ['15550100'] });
	const credential = { ...DEMO_CREDENTIAL, baseUrl: service.simulator.url };
	expect(await searchList('itniotech', 'searchCampaigns', { credential, timezone })).toEqual([
		{ name: `Spring · submitting · ${day}`, value: '5000602' },
	]);
});

describe('Upload Audio File', () => {
	const upload = async (fileName = '') =>
		await runWorkflow(
			workflowOf({ resource: 'voiceMessage', operation: 'uploadFile', binaryPropertyName: 'data', fileName }),
			{
				credential: { ...DEMO_CREDENTIAL, baseUrl: service.simulator.url },
				binary: { data: { data: 'c291bmQ=', mimeType: 'audio/mpeg', fileName: 'hello.mp3' } },
			},
		);
	const others = Array.from({ length: 70 }, (_, nth) => ({
		fileId: `${nth}.mp3`,
		fileName: `file ${nth}.mp3`,
	}));

	it('finds the ID of a name that exists behind a page that is smaller than was asked for', async () => {
		service.simulator.behaviour.files = [...others, { fileId: 'known.mp3', fileName: 'hello.mp3' }];
		service.simulator.behaviour.maxSize = 25;
		const { error } = await upload();
		expect(error?.description).toContain('Its ID is known.mp3.');
	});

	it.each([
		['HELLO.mp3', 'other.mp3', 'HELLO.mp3'],
		['HELLO.mp3', 'hello.mp3', 'hello.mp3'],
	])('of %s and %s, names the one that has the name: %s', async (first, second, named) => {
		service.simulator.behaviour.files = [first, second].map((fileName, nth) => ({
			fileId: `${nth}.mp3`,
			fileName,
		}));
		service.simulator.failNext({ kind: 'status', status: '-20' });
		const { error } = await upload();
		expect(error?.message).toBe(`ITNIO TECH already has an audio file named ${named}`);
		expect(error?.description).toContain(`Its ID is ${[first, second].indexOf(named)}.mp3.`);
	});

	it.each(['0', '"0"', 'true', '"success"', '""'])(
		'has the ID of the list where the answer has %s in its place',
		async (data) => {
			service.simulator.behaviour.files = [{ fileId: 'known.mp3', fileName: 'hello.mp3' }];
			service.simulator.failNext({ kind: 'body', body: `{"status":"0","data":${data}}` });
			expect(jsonOf(await upload())).toEqual([{ fileId: 'known.mp3', fileName: 'hello.mp3' }]);
		},
	);

	it('is refused where the expression for the name gave nothing', async () => {
		const { error } = await upload('={{ $json.nope }}');
		expect(error?.message).toBe('"File Name" is empty: its expression gave no value');
		expect(service.simulator.requests).toEqual([]);
		expect(jsonOf(await upload())).toMatchObject([{ fileName: 'hello.mp3' }]);
	});

	it('does not take a file of a similar name for the one it stored', async () => {
		service.simulator.behaviour.files = [{ fileId: 'other.mp3', fileName: 'HELLO.mp3' }];
		service.simulator.failNext({ kind: 'body', body: '{"status":"0","data":null}' });
		expect(jsonOf(await upload())).toEqual([{ fileId: null, fileName: 'hello.mp3' }]);
	});

	it('says so where the file is stored and its ID is not known', async () => {
		const list: Fault[] = Array<Fault>(5).fill({ kind: 'status', status: '-32' });
		service.simulator.failNext(
			{ kind: 'body', body: '{"status":"0","data":null}', takesEffect: true },
			...list,
		);
		const result = await upload();
		expect(jsonOf(result)).toEqual([{ fileId: null, fileName: 'hello.mp3' }]);
		expect(hintsOf(result).join()).toContain('stored a file without returning its ID');
	});

	it.each([
		['hello\u200b.mp3', 'hello.mp3'],
		['Cafe\u0301.mp3', 'Café.mp3'],
		['\u200b.mp3', '"File Name" has 4 characters: .mp3'],
	])('stores %j as %j, or refuses it', async (given, expected) => {
		const { items, error } = await upload(given);
		expect(error?.message ?? items[0].json.fileName).toBe(expected);
	});
});

describe('as an AI tool', () => {
	const asTool = { type: 'n8n-nodes-itniotech.itniotechTool' };
	const getAll = { resource: 'voiceCampaign', operation: 'getAll' };
	const MORE = expect.stringMatching(/^There are more campaigns than are shown\. /) as string;

	it.each<[INodeParameters, number, boolean]>([
		[{}, 50, true],
		[{ returnAll: true }, 50, true],
		[{ limit: 59 }, 59, true],
		[{ limit: 60 }, 60, false],
		[{ limit: 5, filters: { name: 'Spring 1*' } }, 5, true],
		[{ limit: 11, filters: { name: 'Spring 1*' } }, 11, false],
		[{ limit: 1, options: { fields: ['name'] } }, 1, true],
	])(
		'Get Many Campaigns outputs no more than the limit, and says if there are more: %j',
		async (more, count, hasMore) => {
			for (let nth = 0; nth < 60; nth++)
				service.simulator.addTask({ taskName: `Spring ${nth}`, numbers: [] });
			const items = jsonOf(await run({ ...getAll, ...more }, [{}], asTool));
			const campaigns = items.filter(({ campaignId }) => campaignId !== undefined);
			expect(campaigns).toHaveLength(count);
			expect(items.slice(count)).toEqual(hasMore ? [{ note: MORE }] : []);
		},
	);

	it('Get Campaign has the ID, whatever fields were chosen', async () => {
		const { id } = service.simulator.addTask({ taskName: 'Spring', numbers: [] });
		const get = {
			resource: 'voiceCampaign',
			operation: 'get',
			campaignId: id,
			options: { fields: ['name'] },
		};
		expect(jsonOf(await run(get, [{}], asTool))).toEqual([{ campaignId: id, name: 'Spring' }]);
		expect(jsonOf(await run(get))).toEqual([{ name: 'Spring' }]);
	});

	it('a dry run says what would happen, without a hint, and sends nothing', async () => {
		const options = { dryRun: true, callingHours: '10:00-12:00', timezone: 'Europe/Berlin' };
		const calledNumber = '15550100, 15550101, +1 555 0100';
		const items = jsonOf(await run(create({ calledNumber, options }), [{}], asTool));
		expect(items).toMatchObject([
			{ numbers: 2, status: 'skipped', reason: 'Dry run: nobody was called' },
			{ calledNumber: '15550100', status: 'skipped' },
			{ note: 'The campaign starts outside "Calling Hours". According to these hours, the first calls can be made at 2026-11-20 10:00 UTC+01:00.' }, // prettier-ignore
		]);
		expect(service.simulator.requests).toEqual([]);
	});
});
