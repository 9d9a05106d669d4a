import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';

import { TIME_RANGES } from '../../nodes/Itniotech/records/query/timeRange';
import { countryOf } from '../../nodes/Itniotech/records/record';
import { GROUP_NAMES } from '../../nodes/Itniotech/reports/summary/groupBy';
import { SORTS } from '../../nodes/Itniotech/reports/summary/groupOrder';
import { listDataset, seededDataset, type WireRecord } from '../simulator/dataset';
import { wireTime } from '../simulator/records';
import { call, callAt, endedCalls, OPEN } from '../support/calls';
import { readWorkflow, type WorkflowFile } from './support/engine';
import { PLACED, runExample } from './support/example';
import { LAST_7_DAYS_MS, contentOf, idsOf, tableOf, useReports } from './support/summaries';
import { DAY_MS, HOUR_MS, NOW_MS } from '../support/times';

const ZONE = 'Asia/Singapore';

const { simulator, known } = useReports();

const runShipped = async (file: WorkflowFile, input?: IDataObject[], start?: string) =>
	await runExample(file, { url: simulator().url, timezone: ZONE, input, start });

describe('the question by phone', () => {
	const ask = () => {
		const workflow = readWorkflow('ask-by-phone');
		const { parameters } = workflow.nodes.find(({ name }) => name === 'Ask')!;
		return { workflow, parameters };
	};

	it('has no number and no App ID, so that n8n asks for them', () => {
		expect(ask().parameters).toMatchObject({ calledNumber: '', appId: '', waitForOutcome: true });
	});

	it.each([
		['1', 'Confirmed'],
		['2', 'Cancelled'],
		['3', 'No Answer'],
		[null, 'No Answer'],
		[undefined, 'No Answer'],
	])('goes to the branch of the key %s', async (keyPressed, branch) => {
		const call = { calledNumber: '15550100', status: 'submitted', keyPressed };
		const { workflow } = ask();
		// As if the node before had waited for the call.
		workflow.nodes = workflow.nodes.filter(({ name }) => !['Ask', 'When Executed by Hand'].includes(name));
		const { 'Which Key?': connections } = workflow.connections;
		workflow.connections = { 'Which Key?': connections };
		const { evaluated } = await runShipped(workflow, [call], 'Which Key?');
		const reached = ['Confirmed', 'Cancelled', 'No Answer'].filter((name) => evaluated[name]?.length);
		expect(reached).toEqual([branch]);
	});

	it('without a call, goes on where nobody has pressed a key', async () => {
		const { workflow, parameters } = ask();
		const options = { ...(parameters.options as IDataObject), dryRun: true };
		Object.assign(parameters, { calledNumber: '15550100', appId: 'app', options });
		const { evaluated } = await runShipped(workflow);
		const reached = ['Confirmed', 'Cancelled', 'No Answer'].filter((name) => evaluated[name]?.length);
		expect(reached).toEqual(['No Answer']);
		expect(simulator().callsPlaced.size).toBe(0);
	});
});

describe('the alarm by phone', () => {
	const [FIRST, NEXT] = ['Call the Person on Duty', 'Call the Next Person'];
	const RAISED = { state: 'raised', text: 'Alarm: the failure rate is 30.0%' };
	const placed = (values: IDataObject) => ({ calledNumber: '15550100', status: 'submitted', ...values });
	const FAILED = { error: 'ITNIO TECH is temporarily unavailable' };
	const OUTPUT: Record<string, IDataObject[]> = {
		'1 pressed': [placed({ outcome: 'answered', keyPressed: '1' })],
		'another key pressed': [placed({ outcome: 'answered', keyPressed: '2' })],
		'no key pressed': [placed({ outcome: 'answered', keyPressed: null })],
		busy: [placed({ outcome: 'failed', keyPressed: null })],
		voicemail: [placed({ outcome: 'voicemail', keyPressed: null })],
		'not ended': [placed({ outcome: 'pending', keyPressed: null })],
		refused: [placed({ status: 'refused', keyPressed: null }), FAILED],
		'not known whether placed': [placed({ status: 'unknown', keyPressed: null }), FAILED],
		'not known at first, then 1 pressed': [placed({ outcome: 'answered', keyPressed: '1' }), FAILED],
		'an error alone': [FAILED],
	};
	const taken = (result: string) => OUTPUT[result][0].keyPressed === '1';

	/** Without the trigger, as if it had output an item. */
	function alarm() {
		const workflow = readWorkflow('alarm-by-phone');
		workflow.nodes = workflow.nodes.filter(({ name }) => name !== 'When Too Many Calls Fail');
		const { 'When Too Many Calls Fail': trigger, ...connections } = workflow.connections;
		expect(trigger.main).toHaveLength(1);
		const nodeOf = (wanted: string) => workflow.nodes.find(({ name }) => name === wanted)!;
		return { workflow: { ...workflow, connections }, nodeOf };
	}

	async function runAlarm(workflow: WorkflowFile, input: IDataObject = RAISED) {
		const { run, evaluated } = await runShipped(workflow, [input], 'Only When Raised');
		const ends = ['Taken', 'Nobody Took It'].flatMap((name) => evaluated[name]?.map(() => name) ?? []);
		return { runs: run.data.resultData.runData, evaluated, ends };
	}

	/** The calls end as they are told to. */
	async function runWith(results: string[], input?: IDataObject) {
		const { workflow, nodeOf } = alarm();
		[FIRST, NEXT].forEach((name, index) => {
			const { text } = nodeOf(name).parameters;
			const output = OUTPUT[results[index]] as never;
			Object.assign(nodeOf(name), { type: PLACED, parameters: { text, output }, credentials: undefined });
		});
		return await runAlarm(workflow, input);
	}

	const names = Object.keys(OUTPUT);
	it.each([
		...names.flatMap((first) => [first, 'busy'].map((next) => [first, next])),
		...names.map((next) => ['busy', next]),
	])('ends as it should where the first call is: %s, and the next: %s', async (first, next) => {
		const { evaluated, runs, ends } = await runWith([first, next]);
		const texts = [FIRST, NEXT].flatMap((name) => evaluated[name] ?? []).map(({ text }) => text);
		const spoken = `${RAISED.text}. Press 1 to take this alarm.`;
		expect(texts).toEqual(taken(first) ? [spoken] : [spoken, spoken]);
		expect(runs[NEXT] ?? []).toHaveLength(taken(first) ? 0 : 1);
		expect(ends).toEqual([taken(first) || taken(next) ? 'Taken' : 'Nobody Took It']);
	});

	it('calls nobody when it is cleared', async () => {
		const { evaluated, ends } = await runWith(names, { ...RAISED, state: 'cleared' });
		expect([evaluated[FIRST], evaluated[NEXT], ends]).toEqual([undefined, undefined, []]);
	});

	it.each([
		['ITNIO refuses the first call', { calledNumber: '15550100', appId: 'app' }],
		['the first number is not valid', { calledNumber: 'nobody', appId: 'app' }],
	])('with the node itself, would call the next person once when %s', async (_, first) => {
		simulator().behaviour.refusedNumbers = { '15550100': '503' };
		const { workflow, nodeOf } = alarm();
		Object.assign(nodeOf(FIRST).parameters, first);
		const { parameters } = nodeOf(NEXT);
		const options = { ...(parameters.options as IDataObject), dryRun: true };
		Object.assign(parameters, { calledNumber: '15550101', appId: 'app', options });
		const { runs, ends } = await runAlarm(workflow);
		expect(runs[NEXT].map(({ data }) => data!.main[0]!.map(({ json }) => json))).toEqual([
			[expect.objectContaining({ calledNumber: '15550101', reason: 'Dry run: nobody was called' })],
		]);
		expect(ends).toEqual(['Nobody Took It']);
		expect(simulator().callsPlaced.size).toBe(0);
	});

	it('names in its note the numbers to change, and leaves empty what only its user knows', () => {
		const { nodes } = readWorkflow('alarm-by-phone');
		const [trigger, ...others] = nodes.map(({ parameters }) => parameters);
		const note = String(nodes.find(({ name }) => name === 'Note')!.parameters.content);
		expect(note).toContain(`**Threshold (%)**, now ${String(trigger.threshold)},`);
		expect(note).toContain(`Clear At**, now ${String((trigger.options as IDataObject).clearAt)},`);
		const calls = others.filter(({ operation }) => operation === 'sendText');
		expect(calls).toHaveLength(2);
		for (const { appId, calledNumber, maxWait } of calls) {
			expect([appId, calledNumber]).toEqual(['', '']);
			expect(note).toContain(`**Max Wait (Minutes)**, now ${String(maxWait)},`);
		}
	});
});

it('Query voice records queries the calls of the last seven days', async () => {
	const { items } = await runShipped(readWorkflow('query-voice-records'));
	const ids = items.map(({ json }) => json.voiceId);
	expect(ids).toEqual(idsOf(known(LAST_7_DAYS_MS)));
});

describe.each([
	['daily-report-to-email', 'Call Report, Thu 19 Nov 2026', ['2026-11-19', '2026-11-20', '2026-11-18']],
	['weekly-report-to-email', 'Weekly Call Report, 9 Nov 2026 – 15 Nov 2026', ['2026-11-09', '2026-11-16', '2026-11-02']], // prettier-ignore
	['daily-report-to-slack', undefined, ['2026-11-19', '2026-11-20', '2026-11-18']],
])('%s', (name, title, days) => {
	const [from, to, before] = days.map((day) => Date.parse(`${day}T00:00:00+08:00`));

	/** What is sent, and the figures that it is about. */
	async function sent() {
		const { evaluated } = await runShipped(readWorkflow(name));
		const messages = [...(evaluated['Send the Report'] ?? []), ...(evaluated['Send to Slack'] ?? [])];
		expect(messages).toHaveLength(1);
		return messages[0] as Record<'subject' | 'text' | 'html', string>;
	}

	it('sends the calls of the time before, compared with those before', async () => {
		const { subject, text, html } = await sent();
		const calls = known([from, to - 1000]).length;
		const earlier = known([before, from - 1000]).length;
		expect(earlier).toBeGreaterThan(0);
		expect(text).toMatch(new RegExp(`^Calls: ${calls} .*\\b${earlier}\\b`, 'm'));
		expect(subject).toEqual(title && expect.stringContaining(`${title}: ${calls} calls, `));
		if (title) expect(html).toContain('</html>');
	});

	it('says so if there were no calls', async () => {
		simulator().dataset = listDataset([]);
		const { subject, text } = await sent();
		expect(text).toMatch(/^No calls, and none the (day|week) before\.$/m);
		expect(subject).toEqual(title && expect.stringContaining(`${title}: No calls, and none the `));
	});
});

describe('the watch of the answer rate by country', () => {
	/** Calls to a country around noon: of how many, how many were answered. */
	const callsOn = (day: string, country: string, calls: number, answered: number) =>
		endedCalls(
			Date.parse(`${day}T12:00:00+08:00`) - NOW_MS,
			{ failed: calls - answered, answered },
			{ code: `${country}(Mobile)` },
		);

	it.each([
		['10 points fewer', [20, 10], [20, 12], 'India: 50.00% of 20 calls that were answered or failed today, 60.00% at the same time a week earlier. Failures: 486 Busy Here: 10'], // prettier-ignore
		['9 points fewer', [100, 51], [20, 12], undefined],
		['more', [20, 20], [20, 12], undefined],
		['too few calls today', [19, 0], [20, 20], undefined],
		['too few calls before', [20, 0], [19, 19], undefined],
		['none before', [20, 0], [0, 0], undefined],
		['none today', [0, 0], [20, 20], undefined],
		['not all before', [20, 10], [3000, 2999], 'India: 50.00% of 20 calls that were answered or failed today, 99.97% at the same time a week earlier. Failures: 486 Busy Here: 10'], // prettier-ignore
	])(
		'sends a message only where 10 points fewer are answered today: %s',
		async (_, [calls, answered], [callsBefore, answeredBefore], text) => {
			simulator().dataset = listDataset([
				...callsOn('2026-11-20', 'India', calls, answered),
				...callsOn('2026-11-13', 'India', callsBefore, answeredBefore),
				...callsOn('2026-11-20', 'Peru', 30, 25),
				...callsOn('2026-11-13', 'Peru', 30, 25),
			]);
			const { evaluated } = await runShipped(readWorkflow('answer-rate-by-country'));
			expect(evaluated['Send to Slack']?.map((sent) => sent.text)).toEqual(text && [text]);
		},
	);

	it.each(['2026-11-20', '2026-11-13'])('says nothing if no call of %s has ended', async (openDay) => {
		const calls = ['2026-11-20', '2026-11-13'].flatMap((day) =>
			callsOn(day, 'India', 30, 30).map((one) => (day === openDay ? { ...one, ...OPEN } : one)),
		);
		simulator().dataset = listDataset(calls);
		simulator().behaviour.listsOngoingCalls = true;
		const workflow = readWorkflow('answer-rate-by-country');
		// Even where any fall at all is looked for.
		changeNumber(workflow, 'Fewer Calls Answered?', { from: -0.1, to: 0 });
		const { evaluated } = await runShipped(workflow);
		expect(evaluated['Send to Slack']).toBeUndefined();
	});

	it('names in its note the numbers to change', () => expectNumbersInNote('answer-rate-by-country'));
});

interface Numbers {
	conditions: Array<{ rightValue: unknown; operator: { operation: string } }>;
}

const filterOf = ({ nodes }: WorkflowFile) => nodes.find(({ type }) => type === 'n8n-nodes-base.filter')!;
const numbersOf = ({ parameters }: WorkflowFile['nodes'][number]) =>
	(parameters.conditions as unknown as Numbers).conditions.filter(
		({ operator }) => operator.operation !== 'exists',
	);

function changeNumber(workflow: WorkflowFile, node: string, { from, to }: { from: number; to: number }) {
	const filter = workflow.nodes.find(({ name }) => name === node)!;
	const condition = numbersOf(filter).find(({ rightValue }) => rightValue === from)!;
	condition.rightValue = to;
}

function expectNumbersInNote(name: string) {
	const workflow = readWorkflow(name);
	const filter = filterOf(workflow);
	const note = String(workflow.nodes.find((node) => node.name === 'Note')!.parameters.content);
	const step = note.split('\n').find((line) => line.includes(`**${filter.name}**: change`));
	const numbers = numbersOf(filter).map(({ rightValue }) => String(rightValue));
	expect(numbers.length).toBeGreaterThanOrEqual(2);
	for (const number of numbers) expect(step).toMatch(new RegExp(`(?<![\\d.-])${number} \\(`));
}

describe('the watch of the cost', () => {
	const callsAt = (hour: string, costs: number[], currency: string) =>
		costs.map((cost, index) =>
			callAt(`${hour} ${currency} ${index}`, `${hour}:30:00+08:00`, {
				terminationCode: '200',
				callDuration: 60,
				cost: String(cost),
				currency,
			}),
		);

	it.each([
		['much more', [8, 8], [10], 'Cost of the calls in the last hour: 16.00 EUR, in the same hour a week earlier: 10.00 EUR'], // prettier-ignore
		['one and a half times as much', [15], [10], undefined],
		['much more, but little', [10], [1], undefined],
		['much, and nothing before', [12.5], [], 'Cost of the calls in the last hour: 12.50 EUR, in the same hour a week earlier: 0.00 EUR'], // prettier-ignore
		['nothing', [], [20], undefined],
	])('sends a message only where the last hour cost much more: %s', async (_, costs, costsBefore, text) => {
		simulator().dataset = listDataset([
			...callsAt('2026-11-20T15', costs, 'EUR'),
			...callsAt('2026-11-13T15', costsBefore, 'EUR'),
			...callsAt('2026-11-20T15', [30], 'USD'),
			...callsAt('2026-11-13T15', [30], 'USD'),
		]);
		expect(await sent()).toEqual(text && [text]);
	});

	async function sent(workflow = readWorkflow('cost-spike-to-slack')) {
		const { evaluated } = await runShipped(workflow);
		return evaluated['Send to Slack']?.map(({ text }) => text);
	}

	const unbilled = (hour: string, count: number, currency: string | undefined) =>
		callsAt(hour, Array<number>(count).fill(1), `${currency ?? 'unbilled'}`).map((call) => ({
			...call,
			voiceId: `${call.voiceId} unbilled`,
			cost: '',
			currency,
		}));

	it('compares what is billed so far: 59 calls, of which the newest are not billed', async () => {
		const now = callsAt('2026-11-20T15', Array<number>(54).fill(3), 'USD');
		const before = callsAt('2026-11-13T15', Array<number>(59).fill(1), 'USD');
		simulator().dataset = listDataset([...now, ...unbilled('2026-11-20T15', 5, 'USD'), ...before]);
		expect(await sent()).toEqual([
			'Cost of the calls in the last hour: 162.00 USD so far (calls that have not ended or have no cost yet: 5), in the same hour a week earlier: 59.00 USD',
		]);
	});

	it('says "so far" where a call without a cost has no currency yet', async () => {
		const now = callsAt('2026-11-20T15', [20], 'EUR');
		const before = callsAt('2026-11-13T15', [5], 'EUR');
		simulator().dataset = listDataset([...now, ...unbilled('2026-11-20T15', 2, undefined), ...before]);
		expect(await sent()).toEqual([
			'Cost of the calls in the last hour: 20.00 EUR so far (calls that have not ended or have no cost yet: 2), in the same hour a week earlier: 5.00 EUR',
		]);
	});

	it.each([
		['no rise in what is billed so far', [15], 3, [12], 0],
		['none of the last hour is billed', [], 20, [1], 0],
		['none of the last hour is billed, and nothing was charged before', [], 20, [], 0],
		['not all of a week earlier is billed', [100], 0, [1], 1],
		['nothing of a week earlier is billed', [100], 0, [], 3],
	])('sends nothing: %s', async (_, costs, unbilledNow, costsBefore, unbilledBefore) => {
		simulator().dataset = listDataset([
			...callsAt('2026-11-20T15', costs, 'USD'),
			...unbilled('2026-11-20T15', unbilledNow, 'USD'),
			...callsAt('2026-11-13T15', costsBefore, 'USD'),
			...unbilled('2026-11-13T15', unbilledBefore, 'USD'),
		]);
		expect(await sent()).toBeUndefined();
	});

	it('lets the lower limit alone decide where nothing was charged before, whatever the rise', async () => {
		simulator().dataset = listDataset(callsAt('2026-11-20T15', [12], 'USD'));
		const workflow = readWorkflow('cost-spike-to-slack');
		changeNumber(workflow, 'Much More Expensive?', { from: 0.5, to: 9 });
		expect(await sent(workflow)).toHaveLength(1);
	});

	it('names in its note the numbers to change', () => expectNumbersInNote('cost-spike-to-slack'));
});

it('Monthly CSV to S3 uploads last month’s calls', async () => {
	const { evaluated, items } = await runShipped(readWorkflow('monthly-csv-to-s3'));
	expect(evaluated['Upload the File']).toMatchObject([
		{ bucketName: 'call-records', fileName: 'voice-records_2026-10-01_2026-10-31.csv' },
	]);
	const month = [Date.parse('2026-10-01T00:00:00+08:00'), Date.parse('2026-11-01T00:00:00+08:00') - 1000];
	expect(contentOf(items[0]).startsWith('\uFEFFsubmitTime,')).toBe(true);
	expect(idsOf(tableOf(items[0]))).toEqual(idsOf(known(month)));
});

it('Failure rate per country sends the rate of each country, the worst first', async () => {
	const calls = ['Chad', 'Mali', 'Mali'].map((country, index) =>
		call(String(index), -HOUR_MS / 2, {
			code: `${country}(One)`,
			terminationCode: index === 1 ? '200' : '486',
		}),
	);
	simulator().dataset = listDataset(calls);
	const { evaluated } = await runShipped(readWorkflow('failure-rate-per-country'));
	const [{ text }] = evaluated['Send to Slack'] ?? [];
	expect(String(text).split('\n').slice(1)).toEqual([
		'Chad: 100% (failed: 1 of 1 call)',
		'Mali: 50.0% (failed: 1 of 2 calls)',
	]);
});

describe('the alarm when too many calls fail', () => {
	it.each([
		['more than a fifth', 15, '30.0%, above 20%', '15 of 50'],
		['all', 50, '100%, above 20%', '50 of 50'],
		['a fifth', 10, '20.0%, not above 20%', '10 of 50'],
		['none', 0, '0%, not above 20%', '0 of 50'],
	])('when %s failed, sends what a test shows', async (_, failed, value, counts) => {
		simulator().dataset = listDataset(endedCalls(-HOUR_MS / 2, { failed, answered: 50 - failed }));
		const { evaluated } = await runShipped(readWorkflow('failure-rate-alarm-to-slack'));
		const [{ text }] = evaluated['Send to Slack'] ?? [];
		const [now, detail, reasons] = String(text).split('\n');
		expect(now).toBe(`Now: the failure rate is ${value}, 2026-11-20 16:00 (${ZONE})`);
		expect(detail).toBe(`Failed: ${counts} calls that ended in the last 60 minutes`);
		expect(reasons).toBe(failed > 0 ? `Reasons: 486 Busy Here: ${failed}` : undefined);
	});
});

it.each([
	['9.99', 'raised', 'below 10'],
	['-1', 'raised', 'below 10'],
	['10', 'cleared', 'not below 10'],
])('Low balance to e-mail sends a balance of %s as %s', async (balance, state, limit) => {
	simulator().behaviour.balance = balance;
	const { evaluated } = await runShipped(readWorkflow('low-balance-to-email'));
	expect(evaluated['Send an E-Mail']).toMatchObject([
		{
			subject: `ITNIO TECH balance: alarm ${state}`,
			text: `Now: the balance is ${balance}, ${limit}, 2026-11-20 16:00 (${ZONE})`,
		},
	]);
});

it.each([
	[1, ''],
	[3, ''],
	[53, 'and 3 more: run Query Voice Records to see them'],
])('Lost alerts to Slack lists the newest of %d failed calls, whatever their order', async (count, rest) => {
	const calls = Array.from({ length: count }, (_, index) =>
		callAt(String(index), `2026-11-20T14:${String(index).padStart(2, '0')}:00+08:00`, {
			callee: '15550100',
			code: 'India(Delhi)',
		}),
	);
	simulator().dataset = listDataset(calls);
	simulator().behaviour.order = 'oldestFirst';
	const execution = { id: '7', url: 'https://n8n.example.com/7' };
	const { evaluated } = await runShipped(readWorkflow('lost-alerts-to-slack'), [{ execution }]);
	const [head, ...lines] = String(evaluated['Send to Slack']?.[0].text).split('\n');
	expect(head).toBe(
		`n8n could not finish an alert (${execution.url}). Failed calls of the last 24 hours: ${count}, the newest first:`,
	);
	const listed = calls
		.reverse()
		.slice(0, 50)
		.map(
			({ voiceId, submitTime }) =>
				`15550100: 486 Busy Here, India(Delhi), 11-20 ${submitTime!.slice(11, 16)} (ID ${voiceId})`,
		);
	expect(lines).toEqual(rest ? [...listed, rest] : listed);
});

it('Lost alerts to Slack says what is unknown of a failed call', async () => {
	const call = { voiceId: '1', submitTime: '2026-11-20T14:00:00+08:00', terminationCode: '486' };
	simulator().dataset = listDataset([{ ...call, callee: null, code: null } as never]);
	const { evaluated } = await runShipped(readWorkflow('lost-alerts-to-slack'), [{ execution: { id: '7' } }]);
	expect(String(evaluated['Send to Slack']?.[0].text).split('\n').slice(1)).toEqual([
		'an unknown number: 486, area unknown, 11-20 14:00 (ID 1)',
	]);
});

/** The example's tool, with what the model asks for. `$fromAI` answers only within an agent, so its defaults are these values. */
async function askAboutCalls(asked: Record<string, string>) {
	const file = readWorkflow('ask-about-calls');
	const fill = (text: string) =>
		text.replace(/\$fromAI\('(\w+)', '[^']*', 'string', '([^']*)'\)/g, (_, key: string, byDefault: string) =>
			JSON.stringify(asked[key] ?? byDefault),
		);
	const nodes = file.nodes
		.filter(({ type }) => type.startsWith('n8n-nodes-itniotech.'))
		.map((node) => JSON.parse(JSON.stringify(node), (_, value: unknown) => (typeof value === 'string' ? fill(value) : value)) as typeof node); // prettier-ignore
	const { items, error } = await runShipped({ ...file, nodes, connections: {} });
	expect(error).toBeUndefined();
	return items.map(({ json }) => json);
}

const MONDAY_MS = Date.parse('2026-11-16T00:00:00+08:00');

it.each<[string, Record<string, string>, number[], ((record: WireRecord) => unknown) | undefined]>([
	['of the last 24 hours', {}, [NOW_MS - DAY_MS + 1000, NOW_MS], undefined],
	['of this week, by day', { timeRange: 'thisWeek', groupBy: 'day' }, [MONDAY_MS, NOW_MS], ({ submitTime }) => String(submitTime).slice(0, 10)], // prettier-ignore
	['of last week, by country', { timeRange: 'lastWeek', groupBy: 'country' }, [MONDAY_MS - 7 * DAY_MS, MONDAY_MS - 1000], ({ code }) => countryOf(code)], // prettier-ignore
	['of last month, by area and outcome', { timeRange: 'lastMonth', groupBy: 'area, outcome' }, [Date.parse('2026-10-01T00:00:00+08:00'), Date.parse('2026-10-31T23:59:59+08:00')], ({ code, terminationCode }) => `${code} ${terminationCode === '200' ? 'answered' : 'failed'}`], // prettier-ignore
])('Ask about calls gives an AI agent the figures %s', async (_, asked, range, groupOf) => {
	const rows = (await askAboutCalls(asked)).filter((row) => !('note' in row));
	const calls = known(range);
	expect(rows.reduce((sum, row) => sum + Number(row.calls), 0)).toBe(calls.length);
	const keys = rows
		.filter((row) => Number(row.calls) > 0)
		.map(
			(row) =>
		(asked.groupBy ?? '').split(', ').map((name) => row[name]).join(' '), // prettier-ignore
		);
	expect(keys).toEqual([...new Set(groupOf ? calls.map(groupOf) : [''])].sort());
});

it('Ask about calls gives an AI agent the first 100 rows of the order that it asks for, and the number of the others', async () => {
	const asked = { timeRange: 'last31Days', groupBy: 'calledNumber', sortBy: 'calls' };
	const rows = await askAboutCalls(asked);
	const numbers = new Set(known([NOW_MS - 31 * DAY_MS + 1000, NOW_MS]).map(({ callee }) => callee));
	expect(rows).toHaveLength(101);
	const counts = rows.slice(0, 100).map(({ calls }) => Number(calls));
	expect(counts).toEqual([...counts].sort((a, b) => b - a));
	expect(rows[100].note).toContain(
		`Groups that are not output because of "Max Groups": ${numbers.size - 100}`,
	);
});

it('Ask about calls tells an AI agent what time it is', async () => {
	const agent = readWorkflow('ask-about-calls').nodes.find(({ name }) => name === 'Call Analyst')!;
	const { systemMessage } = agent.parameters.options as IDataObject;
	const format = /\$now\.toFormat\('(.*?)'\)/.exec(String(systemMessage))![1];
	const now = DateTime.fromMillis(NOW_MS, { zone: 'Asia/Singapore' });
	expect(now.toFormat(format)).toBe('Friday, 2026-11-20 16:00');
});

test('Ask about calls lets an AI agent ask for each time range except a custom one, and for each group', () => {
	const text = JSON.stringify(readWorkflow('ask-about-calls'));
	const choices = [...Object.keys(TIME_RANGES).filter((name) => name !== 'custom'), ...GROUP_NAMES, ...SORTS];
	expect(choices.filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
});

it.each([
	['failed-calls-to-slack', /^\d+ of \d+ calls failed \(\d+\.\d%\), 2026-11-20 .*\nReasons: .*\nAreas: /],
	['failed-calls-each-to-slack', /^Call to \d+ failed: [3-6]\d\d [A-Z].+, .+\(.+\), 1\d:\d\d \(ID \d{19}\)$/],
])('%s sends a message about failed calls', async (name, message) => {
	simulator().dataset = seededDataset({ count: 50, from: NOW_MS - HOUR_MS / 2, to: NOW_MS, seed: 2 });
	const { evaluated } = await runShipped(readWorkflow(name));
	expect(evaluated['Send to Slack']).toHaveLength(1);
	expect(evaluated['Send to Slack']?.[0].text).toMatch(message);
});

const TEXTS_OF_RECORDS = ['<!channel> *_~`bold`~_* [a](b)', '<http://a.test|b> <@U1>', null];

it.each([
	['failed-calls-each-to-slack', 'When Calls Fail'],
	['failed-calls-pushed-and-polled', 'When Calls Fail'],
	['failed-calls-to-slack', 'When Calls Fail'],
	['failure-rate-per-country', 'When Calls to a Country Fail'],
	['failure-rate-alarm-to-slack', 'When Too Many Calls Fail'],
	['lost-alerts-to-slack', 'When an Alert Is Lost'],
	['answer-rate-by-country', 'Twice a Day'],
	['cost-spike-to-slack', 'Every Hour'],
	['daily-report-to-slack', 'Every Morning'],
])('%s sends no mark-up out of a record', async (name, start) => {
	for (const markup of TEXTS_OF_RECORDS) {
		const callsAt = (agoMs: number, code: string) =>
			Array.from({ length: 30 }, (_, index) => ({
				voiceId: `${agoMs}-${index}`,
				submitTime: wireTime(NOW_MS - agoMs),
				hangupTime: wireTime(NOW_MS - agoMs),
				terminationCode: code,
				terminationReason: markup,
				code: markup,
				callee: markup,
				displayNum: markup,
				currency: markup,
				cost: code === '200' ? '1' : '9',
			}));
		const before = [7 * DAY_MS + HOUR_MS / 2, DAY_MS].flatMap((agoMs) => callsAt(agoMs, '200'));
		simulator().dataset = listDataset([...before, ...callsAt(HOUR_MS / 2, '486')] as never);
		const { evaluated } = await runShipped(readWorkflow(name), [{ execution: { id: '7' } }], start);
		const texts = (evaluated['Send to Slack'] ?? []).map(({ text }) => String(text));
		expect(texts).not.toEqual([]);
		for (const text of texts) {
			expect(text).not.toMatch(/[<>[\]`*_~|]/);
			expect(text).not.toContain(markup === null ? 'null' : markup);
		}
	}
});

describe.each([
	['calls-to-postgres', 'Insert or Update'],
	['calls-to-data-table', 'Insert or Update'],
	['calls-to-google-sheets', 'Append or Update'],
])('%s', (name, writer) => {
	const file = readWorkflow(name);
	const parametersOf = (node: string) => file.nodes.find((each) => each.name === node)!.parameters;

	/** The rows that arrive at the table when a trigger starts the workflow. */
	async function writtenFrom(start: string) {
		const { run, evaluated } = await runShipped(file, undefined, start);
		const rows = run.data.resultData.runData[writer][0].data!.main[0]!.map(({ json }) => json);
		return { rows, evaluated };
	}

	it.each([
		['Every Hour', [NOW_MS - DAY_MS + 1000, NOW_MS]],
		['Every Night', LAST_7_DAYS_MS],
	])('%s, writes each call of its range once, in one order', async (start, range) => {
		const { rows } = await writtenFrom(start);
		const calls = known(range).map(({ voiceId, submitTime }) => `${submitTime} ${voiceId}`);
		expect(calls.length).toBeGreaterThan(5);
		expect(idsOf(rows)).toEqual(calls.sort().map((call) => call.split(' ')[1]));
	});

	it('writes each row with the same columns, each of one type', async () => {
		const { rows, evaluated } = await writtenFrom('Every Night');
		const types = columnTypes(evaluated['Create the Table']?.[0]);
		const columns = types ? Object.keys(types) : Object.keys(rows[0]);
		expect(columns[0]).toBe('voiceId');
		for (const row of rows) {
			expect(Object.keys(row)).toEqual(columns);
			expect(row.voiceId).toMatch(/^\d{19}$/);
			for (const [column, type] of Object.entries(types ?? {})) expect(row[column]).toEqual(fits(type));
		}
	});

	it('matches rows by the ID of the call', () => {
		const { columns, filters } = parametersOf(writer);
		expect(columns).toMatchObject({ mappingMode: 'autoMapInputData' });
		if (name === 'calls-to-data-table') {
			const byId = { keyName: 'voiceId', condition: 'eq', keyValue: '={{ $json.voiceId }}' };
			expect(filters).toEqual({ conditions: [byId] });
		} else {
			expect(columns).toMatchObject({ matchingColumns: ['voiceId'] });
		}
	});

	it('never writes every hour and every night at the same time', () => {
		const [hour, night] = ['Every Hour', 'Every Night'].map(
			(start) => (parametersOf(start).rule as { interval: IDataObject[] }).interval[0],
		);
		expect(hour).toMatchObject({ field: 'hours', hoursInterval: 1 });
		const minutesApart = Number(night.triggerAtMinute) - Number(hour.triggerAtMinute);
		expect(minutesApart).toBeGreaterThanOrEqual(15);
		expect(minutesApart).toBeLessThanOrEqual(45);
	});
});

/** The columns that a workflow creates, with their types; none for a sheet, which takes any value. */
function columnTypes(created?: IDataObject): Record<string, string> | undefined {
	if (!created) return undefined;
	const { query, columns } = created as {
		query?: string;
		columns?: { column: Array<{ name: string; type: string }> };
	};
	const pairs = query
		? Array.from(query.matchAll(/"(\w+)" (\w+)/g), ([, name, type]) => [name, type])
		: columns!.column.map(({ name, type }) => [name, type]);
	return Object.fromEntries(pairs) as Record<string, string>;
}

/** What a value of a column looks like. */
function fits(type: string) {
	const isOk = (value: unknown) => {
		if (value === null) return true;
		if (type === 'integer') return Number.isInteger(value);
		if (type === 'numeric' || type === 'number') return typeof value === 'number';
		if (type === 'timestamptz') return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/.test(String(value));
		return ['text', 'string'].includes(type) && typeof value === 'string';
	};
	return { asymmetricMatch: isOk, toString: () => type };
}

it('Calls to Google Sheets leaves values as they are, so that IDs are not rounded', () => {
	const { nodes } = readWorkflow('calls-to-google-sheets');
	const { parameters } = nodes.find(({ name }) => name === 'Append or Update')!;
	expect(parameters.options).toEqual({ cellFormat: 'RAW' });
});

it('Calls to data table deletes rows that are older than a month, once per run', async () => {
	const { evaluated } = await runShipped(readWorkflow('calls-to-data-table'));
	expect(evaluated['Delete Old Rows']).toMatchObject([
		{
			dataTableId: { mode: 'id', value: 'table-1' },
			filters: {
				conditions: [
					{ keyName: 'submitTime', condition: 'lt', keyValue: expect.stringMatching(/^2026-10-20T16:00:00/) },
				],
			},
		},
	]);
});

describe('a call of which the trigger tells', () => {
	const submitTime = '2026-11-20T15:50:00+08:00';
	const listCall = (values: Partial<WireRecord>) => {
		const call = { voiceId: '2611201550000000001', submitTime, hangupTime: submitTime, callee: '15550100' };
		simulator().dataset = listDataset([{ ...call, calledInfo: 'order-1042', ...values }]);
	};

	it('goes to a CRM with its number and its reference', async () => {
		listCall({ terminationCode: '486', terminationReason: 'Busy Here' });
		const { evaluated } = await runShipped(readWorkflow('failed-calls-to-crm'));
		const [{ method, bodyParameters }] = evaluated['Add to the CRM']!;
		expect(method).toBe('POST');
		const { parameters } = bodyParameters as { parameters: Array<{ name: string; value: string }> };
		expect(Object.fromEntries(parameters.map(({ name, value }) => [name, value]))).toEqual({
			id: '2611201550000000001',
			phone: '15550100',
			reference: 'order-1042',
			reason: '486 Busy Here',
			time: submitTime,
		});
	});

	it.each([
		['1', 'Confirmed'],
		['2', 'Call Back'],
		['12', 'Another Key'],
		['*', 'Another Key'],
	])('goes to the branch of the key %s', async (feedbackValue, branch) => {
		listCall({ terminationCode: '200', feedbackValue });
		const { evaluated, items } = await runShipped(readWorkflow('key-pressed-branches'));
		const reached = ['Confirmed', 'Call Back', 'Another Key'].filter((name) => evaluated[name]?.length);
		expect(reached).toEqual([branch]);
		expect(items).toMatchObject([{ json: { calledNumber: '15550100', keyPressed: feedbackValue } }]);
	});
});
