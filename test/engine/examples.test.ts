import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { listDataset, seededDataset } from '../simulator/dataset';
import { DEMO_CREDENTIAL } from '../simulator/simulator';
import { readWorkflow, runWorkflow, standIn, type RunResult, type WorkflowFile } from './support/engine';
import { DAY_MS, LAST_7_DAYS_MS, NOW, contentOf, idsOf, tableOf, useReports } from './support/summaries';

const ZONE = 'Asia/Singapore';
const HOUR_MS = 3_600_000;

const { simulator, known } = useReports();

type Evaluated = Record<string, IDataObject[] | undefined>;
type Outputs = (values: IDataObject[], items: INodeExecutionData[]) => INodeExecutionData[][];

/** What nodes of other packages output, where it differs from their input. */
const OUTPUTS: Record<string, Outputs> = {
	'n8n-nodes-base.aggregate': (_, items) => [
		[{ json: { calls: items.map(({ json }) => json) }, pairedItem: items.map((__, item) => ({ item })) }],
	],
	'n8n-nodes-base.if': (values, items) => {
		const isTrue = values.map(({ conditions }) => holds(conditions));
		return [true, false].map((wanted) => items.filter((_, index) => isTrue[index] === wanted));
	},
	'n8n-nodes-base.filter': (values, items) => [items.filter((_, index) => holds(values[index].conditions))],
};

const OPERATIONS: Record<string, (left: unknown, right: unknown) => boolean> = {
	gt: (left, right) => Number(left) > Number(right),
	gte: (left, right) => Number(left) >= Number(right),
	lte: (left, right) => Number(left) <= Number(right),
	exists: (left) => left !== undefined,
};

interface Conditions {
	combinator: string;
	conditions: Array<{ leftValue: unknown; rightValue: unknown; operator: Record<string, string> }>;
}

function holds(value: unknown): boolean {
	const { combinator, conditions } = value as Conditions;
	expect(combinator).toBe('and');
	return conditions.every(({ leftValue, rightValue, operator }) => {
		// n8n refuses other types.
		expect(typeof leftValue).toBe(operator.type);
		return OPERATIONS[operator.operation](leftValue, rightValue);
	});
}

/**
 * Runs a shipped workflow with the nodes of this package. The others evaluate their parameters for each item, as in
 * n8n, and do nothing else; these are returned by the name of the node.
 */
async function runShipped(
	file: WorkflowFile,
	input?: IDataObject[],
): Promise<RunResult & { evaluated: Evaluated }> {
	const evaluated: Evaluated = {};
	const execute = async function (this: IExecuteFunctions) {
		const { name, type, parameters } = this.getNode();
		const items = this.getInputData();
		const values = items.map((_, index) =>
			Object.fromEntries(
				Object.keys(parameters).map((key) => [key, this.getNodeParameter(key, index) as IDataObject]),
			),
		);
		evaluated[name] = values;
		return OUTPUTS[type]?.(values, items) ?? [items];
	};
	const result = await runWorkflow(file, {
		credential: { ...DEMO_CREDENTIAL, baseUrl: simulator().url },
		timezone: ZONE,
		input,
		standIns: (type) => {
			const nodes = file.nodes.filter((node) => node.type === type);
			return standIn(execute, Object.keys(Object.assign({}, ...nodes.map(({ parameters }) => parameters))));
		},
	});
	expect(result.error).toBeUndefined();
	return { ...result, evaluated };
}

it('queries the calls of the last seven days', async () => {
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
		expect(text).toContain('No calls in this time');
		expect(subject).toBe(title && `${title}: no calls`);
	});
});

describe('the watch of the answer rate by country', () => {
	/** Calls to a country around noon: of how many, how many were answered. */
	const callsOn = (day: string, country: string, calls: number, answered: number) =>
		Array.from({ length: calls }, (_, index) => ({
			voiceId: `${day} ${country} ${index}`,
			submitTime: `${day}T12:00:00+08:00`,
			code: `${country}(Mobile)`,
			terminationCode: index < answered ? '200' : '486',
			terminationReason: index < answered ? 'success' : 'Busy Here',
		}));

	it.each([
		['10 points fewer', [20, 10], [20, 12], 'India: 50.0 % of 20 ended calls answered today, 60.0 % at the same time a week earlier. Failures: 486 Busy Here: 10'], // prettier-ignore
		['9 points fewer', [100, 51], [20, 12], undefined],
		['more', [20, 20], [20, 12], undefined],
		['too few calls today', [19, 0], [20, 20], undefined],
		['too few calls before', [20, 0], [19, 19], undefined],
		['none before', [20, 0], [0, 0], undefined],
		['none today', [0, 0], [20, 20], undefined],
	])('answered today: %s', async (_, [calls, answered], [callsBefore, answeredBefore], text) => {
		simulator().dataset = listDataset([
			...callsOn('2026-11-20', 'India', calls, answered),
			...callsOn('2026-11-13', 'India', callsBefore, answeredBefore),
			...callsOn('2026-11-20', 'Peru', 30, 25),
			...callsOn('2026-11-13', 'Peru', 30, 25),
		]);
		const { evaluated } = await runShipped(readWorkflow('answer-rate-by-country'));
		expect(evaluated['Send to Slack']?.map((sent) => sent.text)).toEqual(text && [text]);
	});
});

describe('the watch of the cost', () => {
	const callsAt = (hour: string, costs: number[], currency: string) =>
		costs.map((cost, index) => ({
			voiceId: `${hour} ${currency} ${index}`,
			submitTime: `${hour}:30:00+08:00`,
			terminationCode: '200',
			terminationReason: 'success',
			callDuration: 60,
			cost: String(cost),
			settleCost: String(cost),
			currency,
		}));

	it.each([
		['much more', [8, 8], [10], 'Cost of the calls in the last hour: 16.00 EUR, in the same hour a week earlier: 10.00 EUR'], // prettier-ignore
		['one and a half times as much', [15], [10], undefined],
		['much more, but little', [10], [1], undefined],
		['much, and nothing before', [12.5], [], 'Cost of the calls in the last hour: 12.50 EUR, in the same hour a week earlier: 0.00 EUR'], // prettier-ignore
		['nothing', [], [20], undefined],
	])('the last hour cost %s', async (_, costs, costsBefore, text) => {
		simulator().dataset = listDataset([
			...callsAt('2026-11-20T15', costs, 'EUR'),
			...callsAt('2026-11-13T15', costsBefore, 'EUR'),
			...callsAt('2026-11-20T15', [30], 'USD'),
			...callsAt('2026-11-13T15', [30], 'USD'),
		]);
		const { evaluated } = await runShipped(readWorkflow('cost-spike-to-slack'));
		expect(evaluated['Send to Slack']?.map((sent) => sent.text)).toEqual(text && [text]);
	});
});

it('uploads last month’s calls as CSV', async () => {
	const { evaluated, items } = await runShipped(readWorkflow('monthly-csv-to-s3'));
	expect(evaluated['Upload the File']).toMatchObject([
		{ bucketName: 'call-records', fileName: 'voice-records_2026-10-01_2026-10-31.csv' },
	]);
	const month = [Date.parse('2026-10-01T00:00:00+08:00'), Date.parse('2026-11-01T00:00:00+08:00') - 1000];
	expect(contentOf(items[0]).startsWith('\uFEFFsubmitTime,')).toBe(true);
	expect(idsOf(tableOf(items[0]))).toEqual(idsOf(known(month)));
});

describe('the failure rate watch', () => {
	const submitTime = '2026-11-20T15:30:00+08:00';
	const calls = (codes: string[]) =>
		codes.map((terminationCode, index) => ({
			voiceId: String(index),
			submitTime,
			callTime: submitTime,
			terminationCode,
			terminationReason: terminationCode === '200' ? 'success' : 'Busy Here',
		}));

	it.each([
		['more than a fifth', ['486', '486', '200', '200', '200'], '40.0 % of 5 ended calls failed in the last hour: 486 Busy Here: 2'], // prettier-ignore
		['all', ['486'], '100.0 % of 1 ended calls failed in the last hour: 486 Busy Here: 1'],
		['a fifth', ['486', '200', '200', '200', '200'], undefined],
		['none', ['200'], undefined],
		['more than a fifth of those that have ended', ['486', '200', ''], '50.0 % of 2 ended calls failed in the last hour: 486 Busy Here: 1'], // prettier-ignore
		['none of none', [], undefined],
	])('when %s failed', async (_, codes, text) => {
		simulator().dataset = listDataset(calls(codes));
		const { evaluated } = await runShipped(readWorkflow('failure-rate-watch'));
		expect(evaluated['Too Many Failures?']).toHaveLength(1);
		expect(evaluated['Send to Slack']?.map((sent) => sent.text)).toEqual(text && [text]);
	});
});

it.each([
	[3, ''],
	[53, 'and 3 more: run Query Voice Records to see them'],
])(
	'lists the newest of %d failed calls, whatever their order, when an alert is lost',
	async (count, rest) => {
		const calls = Array.from({ length: count }, (_, index) => ({
			voiceId: String(index),
			submitTime: `2026-11-20T14:${String(index).padStart(2, '0')}:00+08:00`,
			callee: '15550100',
			code: 'India(Delhi)',
			terminationCode: '486',
			terminationReason: 'Busy Here',
		}));
		simulator().dataset = listDataset(calls);
		simulator().behaviour.order = 'oldestFirst';
		const execution = { id: '7', url: 'https://n8n.example.com/7' };
		const { evaluated } = await runShipped(readWorkflow('lost-alerts-to-slack'), [{ execution }]);
		const [head, ...lines] = String(evaluated['Send to Slack']?.[0].text).split('\n');
		expect(head).toBe(
			`n8n could not finish an alert (${execution.url}). ${count} calls failed in the last 24 hours, the newest first:`,
		);
		const listed = calls
			.reverse()
			.slice(0, 50)
			.map(
				({ voiceId, submitTime }) =>
					`Call ${voiceId} to 15550100 in India(Delhi): 486 Busy Here (${submitTime})`,
			);
		expect(lines).toEqual(rest ? [...listed, rest] : listed);
	},
);

it('gives an AI agent the figures of the time range that it asks for', async () => {
	const file = readWorkflow('ask-about-calls');
	const nodes = file.nodes.filter(({ type }) => type.startsWith('n8n-nodes-itniotech.'));
	const { items } = await runShipped({ ...file, nodes, connections: {} });
	const day = known([NOW - DAY_MS + 1000, NOW]);
	expect(items.map(({ json }) => json.area)).toEqual([...new Set(day.map(({ code }) => code))].sort());
	expect(items.reduce((sum, { json }) => sum + Number(json.calls), 0)).toBe(day.length);
});

it.each([
	['failed-calls-to-slack', /^\d+ of \d+ calls failed \(\d+\.\d %\), 2026-11-20 .*\nReasons: .*\nAreas: /],
	['failed-calls-each-to-slack', /^Call \d{19} to \d+ in .+ failed: [3-6]\d\d .+ \(2026-11-20T.*\+08:00\)$/],
])('%s sends a message about failed calls', async (name, message) => {
	simulator().dataset = seededDataset({ count: 50, from: NOW - HOUR_MS / 2, to: NOW, seed: 2 });
	const { evaluated } = await runShipped(readWorkflow(name));
	expect(evaluated['Send to Slack']).toHaveLength(1);
	expect(evaluated['Send to Slack']?.[0].text).toMatch(message);
});
