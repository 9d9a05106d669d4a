import type { IDataObject } from 'n8n-workflow';

import { readWorkflow } from './support/engine';
import { PLACED, runExample } from './support/example';
import { useReports } from './support/summaries';
import { DAY_MS, HOUR_MS, NOW_MS } from '../support/times';

const { simulator, known } = useReports();
const ZONE = 'Asia/Singapore';

describe('the example Campaign report', () => {
	const TRIGGER = 'When a Campaign Has Ended';
	const toIso = (ms: number) => new Date(ms + 8 * HOUR_MS).toISOString().replace('.000Z', '+08:00');
	const campaign = (name: string, fromMs: number, toMs: number | null) => ({
		name,
		status: 'done',
		numbers: 3,
		answered: 2,
		createdAt: toIso(fromMs),
		finishedAt: toMs && toIso(toMs),
	});

	/** As if the trigger had output these. */
	async function report(campaigns: IDataObject[]) {
		const workflow = readWorkflow('campaign-report');
		const trigger = workflow.nodes.find(({ name }) => name === TRIGGER)!;
		Object.assign(trigger, {
			type: PLACED,
			typeVersion: 1,
			parameters: { output: campaigns as never },
			credentials: undefined,
		});
		return await runExample(workflow, { url: simulator().url, timezone: ZONE, input: [{}], start: TRIGGER });
	}

	it.each([
		['with an end', NOW_MS - 20 * HOUR_MS],
		['without an end, up to now', null],
	])('reports on the calls of its time: %s', async (_, toMs) => {
		const fromMs = NOW_MS - 40 * HOUR_MS;
		const { evaluated } = await report([campaign('March offer', fromMs, toMs)]);
		const [mail] = evaluated['Send the Report'] as Array<Record<string, string>>;
		const calls = known([fromMs, toMs ?? NOW_MS]).length;
		expect(calls).toBeGreaterThan(0);
		expect(mail.subject).toMatch(new RegExp(`^Campaign March offer, .*: ${calls} calls, `));
		expect(mail.text).toContain('Campaign March offer: done, 2 of 3 numbers answered\n');
		expect(mail.html).toContain('</html>');
	});

	it('reports on one that ended in the second of its creation, as one does that ITNIO could not start', async () => {
		const ms = NOW_MS - 20 * HOUR_MS;
		const { evaluated } = await report([{ ...campaign('short', ms, ms), status: 'failed', answered: null }]);
		const [mail] = evaluated['Send the Report'] as Array<Record<string, string>>;
		expect(mail.text).toContain('Campaign short: failed, not known how many of 3 numbers answered\n');
	});

	it('reports on one that ended 59 days ago, and says of an older one that its records are deleted', async () => {
		const [from, to] = [NOW_MS - 60 * DAY_MS, NOW_MS - 59 * DAY_MS];
		const { evaluated } = await report([campaign('early', from, to)]);
		expect(evaluated['Send the Report']).toHaveLength(1);
		await expect(report([campaign('old', from - 20 * DAY_MS, to - 20 * DAY_MS)])).rejects.toThrow(
			/"Start Time\\*" is more than two months ago/,
		);
	});

	it('sends a mail for each campaign, and lists the unreached numbers since the first once', async () => {
		const [earlier, later] = [NOW_MS - 60 * HOUR_MS, NOW_MS - 30 * HOUR_MS];
		const campaigns = [campaign('b', later, NOW_MS), campaign('a', earlier, NOW_MS - HOUR_MS)];
		const { evaluated } = await report(campaigns);
		expect(evaluated['Send the Report']?.map(({ subject }) => String(subject))).toEqual([
			expect.stringMatching(/^Campaign b, /),
			expect.stringMatching(/^Campaign a, /),
		]);
		const answered = new Set(
			known([earlier, NOW_MS]).flatMap(({ callee, terminationCode }) =>
				['200', '0'].includes(terminationCode!) ? [callee] : [],
			),
		);
		const unreached = evaluated['Write to the Table']!.map(({ filters }) => {
			const [{ keyValue }] = (filters as { conditions: Array<{ keyValue: string }> }).conditions;
			return keyValue;
		});
		expect(unreached.length).toBeGreaterThan(0);
		expect(new Set(unreached).size).toBe(unreached.length);
		expect(unreached.filter((number) => answered.has(number))).toEqual([]);
		expect(simulator().callsPlaced.size).toBe(0);
	});
});

describe('the example Campaign from a table', () => {
	const CREATE = 'Create the Campaign';
	const campaign = (status: string) => ({
		campaignId: '7',
		name: 'table-1',
		status,
		reason: null,
		calledNumber: null,
	});
	const leftOut = (status: string) => ({
		campaignId: null,
		status,
		reason: 'repeated',
		calledNumber: '15550100',
	});
	const WRITES = ['Write What Is Left Out', 'Give the Rows Back', 'Write the Campaign'];

	it.each<[string, IDataObject, string[]]>([
		['a campaign that ITNIO took', campaign('submitted'), ['Write the Campaign']],
		['one of which nobody knows', campaign('unknown'), ['Write the Campaign']],
		['one that was refused', campaign('refused'), ['Give the Rows Back']],
		['a dry run', campaign('skipped'), ['Give the Rows Back']],
		['a number that is repeated', leftOut('skipped'), ['Write What Is Left Out']],
		['a number that is not valid', leftOut('refused'), ['Write What Is Left Out']],
	])('writes %s where it belongs', async (_, item, expected) => {
		const workflow = readWorkflow('campaign-from-a-table');
		const rows = workflow.nodes.find(({ name }) => name === 'Rows to Call')!;
		const name = workflow.nodes.find((node) => node.name === 'Name the Campaign')!;
		Object.assign(name, { type: PLACED, parameters: { output: [{ campaign: 'table-1' }] as never } });
		rows.type = PLACED;
		rows.parameters = { output: [{ id: 1, phone: '15550100' }] as never };
		const create = workflow.nodes.find(({ name }) => name === CREATE)!;
		Object.assign(create, { type: PLACED, parameters: { output: [item] as never }, credentials: undefined });
		const { evaluated } = await runExample(workflow, {
			url: simulator().url,
			timezone: ZONE,
			input: [{}],
			start: 'Name the Campaign',
		});
		expect(WRITES.filter((name) => evaluated[name]?.length)).toEqual(expected);
	});

	it('marks the rows before the campaign is created, and gives them back where the node stops', () => {
		const { nodes, connections } = readWorkflow('campaign-from-a-table');
		const next = (name: string) => connections[name].main.map((output) => output?.map(({ node }) => node));
		expect(next('Rows to Call')).toEqual([['Mark as Calling']]);
		expect(next('Mark as Calling')).toEqual([[CREATE]]);
		expect(next(CREATE)[1]).toEqual(['Give the Rows Back']);
		const [left, back, written] = WRITES.map((name) => nodes.find((node) => node.name === name)!);
		// Nodes further up run first: the reason of a number must not be overwritten by the campaign.
		expect(left.position[1]).toBeLessThan(back.position[1]);
		expect(back.position[1]).toBeLessThan(written.position[1]);
		const columnsOf = ({ parameters }: typeof left) => (parameters.columns as { value: IDataObject }).value;
		// Another n8n, whose executions have the same numbers, may use the account. And when n8n repeats an execution whose worker
		// was lost, it takes other rows: those of the lost one must not be given back.
		const { assignments } = nodes.find(({ name }) => name === 'Name the Campaign')!.parameters
			.assignments as {
			assignments: IDataObject[];
		};
		expect(assignments).toEqual([
			{
				id: '1',
				name: 'campaign',
				value: '=table-{{ $workflow.id }}-{{ $execution.id }}-{{ Math.random().toString(36).slice(2, 10) }}',
				type: 'string',
			},
		]);
		const campaign = "={{ $('Name the Campaign').first().json.campaign }}";
		const named = (name: string) => nodes.find((node) => node.name === name)!;
		expect(columnsOf(named('Mark as Calling')).campaign).toBe(campaign);
		expect(named(CREATE).parameters.campaignName).toBe(campaign);
		expect(columnsOf(back).status).toBe('={{ null }}');
		for (const { parameters } of [back, written]) {
			const { conditions } = parameters.filters as unknown as { conditions: IDataObject[] };
			expect(conditions).toContainEqual({ keyName: 'status', condition: 'eq', keyValue: 'calling' });
			expect(conditions).toContainEqual({ keyName: 'campaign', condition: 'eq', keyValue: campaign });
		}
	});

	it('names in its note the limits to change, and leaves empty what only its user knows', () => {
		const { nodes } = readWorkflow('campaign-from-a-table');
		const note = String(nodes.find(({ name }) => name === 'Note')!.parameters.content);
		const { parameters } = nodes.find(({ name }) => name === CREATE)!;
		const { callingHours, maxNumbers } = parameters.options as IDataObject;
		expect(parameters.appId).toBe('');
		expect(note).toContain(`**Calling Hours**, now ${String(callingHours)},`);
		expect(note).toContain(`**Max Numbers**, now ${Number(maxNumbers).toLocaleString('en')},`);
		expect(note).toContain('costs money');
	});
});
