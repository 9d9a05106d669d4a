import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { Fault } from '../simulator/simulator';
import { runs } from '../support/runs';
import type * as TestClocks from '../support/testClock';
import { DAY_MS } from '../support/times';
import { runExample, type Outputs } from './support/example';
import { playWeeks, useTable, WEEKS_START, WEEKS_ZONE, withAppId } from './support/weeks';

jest.mock('n8n-workflow', () =>
	jest.requireActual<typeof TestClocks>('../support/testClock').n8nOnTestClock(),
);

const WEEKS = Math.max(3, runs(8));
const onlyAt = '/group/call/send';

const service = useTable();
const { clock } = service;

const addRows = (...phones: string[]) =>
	phones.map((phone) =>
		service.table.insert({ phone, status: null, reason: null, campaign: null, campaignId: null }),
	);

const filledIn = () => withAppId('campaign-from-a-table');

const isMark = ({ columns }: IDataObject) => (columns as { value?: IDataObject } | undefined)?.value?.status === 'calling'; // prettier-ignore

const setFields: Outputs = (values) => [
	values.map(({ assignments }, item): INodeExecutionData => {
		const { assignments: fields } = assignments as { assignments: Array<{ name: string; value: string }> };
		return { json: Object.fromEntries(fields.map(({ name, value }) => [name, value])), pairedItem: { item } };
	}),
];
const nodes = (dataTable: Outputs): Record<string, Outputs> => ({
	'n8n-nodes-base.dataTable': dataTable,
	'n8n-nodes-base.set': setFields,
});
const inTable: Outputs = (values, items) => service.table.execute(values, items);

const called = () => {
	clock.ms += 3 * DAY_MS;
	service.simulator.endCalls();
	return Object.fromEntries(service.simulator.callsPlaced);
};

it(`Campaign from a table calls each row once, with its campaign written to it, through ${WEEKS} weeks`, async () => {
	const wanted: string[] = [];
	const leftOut: Array<[unknown, string]> = [];
	const lost: unknown[] = [];
	const faultsOf: Record<number, () => Fault[]> = {
		1: () => [],
		2: () => [{ kind: 'status', status: '-10', onlyAt }],
		3: () => [{ kind: 'http', httpStatus: 502, takesEffect: true, onlyAt }],
		4: () => Array.from({ length: 20 }, () => ({ kind: 'http', httpStatus: 503 }) as const),
		5: () => [{ kind: 'reset', takesEffect: false, onlyAt }],
	};
	let first = 15_551_000;
	await playWeeks(filledIn(), {
		from: WEEKS_START,
		to: WEEKS_START.plus({ weeks: WEEKS }),
		simulator: service.simulator,
		clock,
		outputs: nodes(inTable),
		before({ time: { weekday } }) {
			// Somebody found that ITNIO has no campaign of Friday's rows.
			if (weekday === 1) {
				for (const { id, status } of service.table.all())
					if (status === 'unknown') service.table.change(id, { status: '' });
			}
			const phones = Array.from({ length: 3 }, () => String(first++));
			addRows(...phones);
			wanted.push(...phones);
			const [repeated, invalid, dead] = addRows(`+${phones[0]}`, 'nobody', String(first++));
			leftOut.push([repeated.id, 'skipped'], [invalid.id, 'refused']);
			// n8n ended after the row was marked.
			service.table.change(dead.id, { status: 'calling', campaign: 'table-of-another-run' });
			lost.push(dead.id);
			return faultsOf[weekday]();
		},
		isOff: ({ weekday, weekNumber }) => weekday === 2 && weekNumber % 2 === 0,
	});
	// On the last day, nobody knows what became of the campaign, so its rows are not called again.
	const rows = service.table.all();
	const open = rows.filter(({ status }) => status === 'unknown').map(({ phone }) => String(phone));
	expect(open).toEqual(wanted.slice(-open.length));
	expect(open.length).toBeGreaterThanOrEqual(3);
	const expected = wanted.slice(0, -open.length);
	expect(called()).toEqual(Object.fromEntries(expected.map((number) => [number, 1])));
	for (const [id, status] of leftOut) expect(rows.find((row) => row.id === id)).toMatchObject({ status });
	for (const id of lost) expect(rows.find((row) => row.id === id)).toMatchObject({ status: 'calling' });
	for (const { phone, status, campaign, campaignId } of rows) {
		if (!expected.includes(String(phone))) continue;
		const task = service.simulator.tasks.find(({ order }) => order.numbers.includes(String(phone)))!;
		expect([phone, status, campaign, campaignId]).toEqual([phone, 'submitted', task.order.taskName, task.id]);
	}
}, 120_000);

it('Campaign from a table does not give back the rows of a lost worker when n8n repeats its execution', async () => {
	const phones = Array.from({ length: 6 }, (_, nth) => String(15_551_000 + nth));
	const rows = addRows(...phones);
	/** Both workers read the rows before either marks them. */
	const worker = (marksOdd: boolean, writes: boolean) =>
		nodes((values, items) => {
			const [{ operation }] = values;
			if (operation === 'get') return [rows.map((json) => ({ json: { ...json }, pairedItem: { item: 0 } }))];
			if (isMark(values[0])) {
				const own = items.flatMap((_, nth) => (nth % 2 === Number(marksOdd) ? nth : []));
				return service.table.execute(own.map((nth) => values[nth]), own.map((nth) => items[nth])); // prettier-ignore
			}
			return writes ? service.table.execute(values, items) : [items];
		});
	const run = async (outputs: Record<string, Outputs>) => {
		clock.ms = WEEKS_START.plus({ hours: 10, minutes: 7 }).toMillis();
		await runExample(filledIn(), {
			url: service.simulator.url,
			timezone: WEEKS_ZONE,
			start: 'On Weekdays',
			outputs,
		});
	};
	await run(worker(true, false));
	service.simulator.failNext({ kind: 'status', status: '-10', onlyAt });
	await run(worker(false, true));
	expect(service.table.all().map(({ status }) => status)).toEqual([
		null,
		'calling',
		null,
		'calling',
		null,
		'calling',
	]);
	await run(nodes(inTable));
	expect(called()).toEqual(Object.fromEntries(phones.map((number) => [number, 1])));
});
