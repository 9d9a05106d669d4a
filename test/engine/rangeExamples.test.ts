import { DateTime } from 'luxon';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { listDataset } from '../simulator/dataset';
import { startSimulator, type Simulator } from '../simulator/simulator';
import { call } from '../support/calls';
import { runs, share } from '../support/runs';
import { useTestClock } from '../support/testClock';
import type * as TestClocks from '../support/testClock';
import { NOW_MS } from '../support/times';
import { readWorkflow } from './support/engine';
import { runExample, type Outputs } from './support/example';
import { ticksOf } from './support/schedule';
import { tableOf } from './support/summaries';

jest.mock('n8n-workflow', () =>
	jest.requireActual<typeof TestClocks>('../support/testClock').n8nOnTestClock(),
);

const ZONE = 'Europe/Berlin';

const clock = useTestClock(NOW_MS);
let simulator: Simulator;
beforeEach(async () => {
	simulator = await startSimulator({ now: clock.now });
});
afterEach(async () => await simulator.stop());

/** Calls at even distances, and at both sides of each midnight. */
function callsFrom(from: DateTime, to: DateTime, everyHours: number) {
	const times = [];
	for (let time = from; time < to; time = time.plus({ hours: everyHours })) times.push(time.toMillis());
	for (let day = from; day < to; day = day.plus({ days: 1 }))
		for (const ms of [-1000, 0]) times.push(day.toMillis() + ms);
	return times.sort((a, b) => a - b).map((ms, nth) => ({ id: `2610${String(nth).padStart(15, '0')}`, ms }));
}

describe('Monthly CSV to S3', () => {
	const MONTHS = runs(15, 4);
	const FROM = DateTime.fromISO('2026-08-01', { zone: ZONE });
	const calls = callsFrom(FROM, FROM.plus({ months: MONTHS }), 7).slice(1);
	const workflow = readWorkflow('monthly-csv-to-s3');

	const isBilled = (id: string) => Number(id.slice(-4)) % 5 > 0;

	/** @returns the name and the IDs of what is uploaded */
	async function runAt(time: DateTime) {
		clock.ms = time.toMillis();
		const known = calls
			.filter(({ ms }) => ms <= clock.ms)
			.map(({ id, ms }) =>
				call(id, ms - NOW_MS, { cost: isBilled(id) ? '0.5' : '', terminationCode: '200' }),
			);
		simulator.dataset = listDataset(known);
		const { items, evaluated } = await runExample(workflow, { url: simulator.url, timezone: ZONE });
		const names = evaluated['Upload the File']!.map(({ fileName }) => String(fileName));
		const rows = items.flatMap(tableOf);
		expect(rows.map(({ cost }) => cost)).toEqual(rows.map(({ voiceId }) => (isBilled(voiceId) ? '0.5' : '')));
		return { names, ids: rows.map(({ voiceId }) => voiceId) };
	}

	it(`uploads each call of ${MONTHS} months once, also if n8n was down and it is run by hand on the 28th`, async () => {
		const ticks = ticksOf(workflow, FROM.plus({ months: 1 }), FROM.plus({ months: MONTHS, days: 2 }));
		expect(ticks).toHaveLength(MONTHS);
		const uploaded: string[] = [];
		const names = new Set<string>();
		for (const [nth, { time }] of ticks.entries()) {
			// n8n was down.
			const at = nth % 3 === 1 ? time.set({ day: 28, hour: 23 }) : time;
			const { ids, names: written } = await runAt(at);
			uploaded.push(...ids);
			for (const name of written) names.add(name);
			const month = time.minus({ months: 1 });
			expect(written).toEqual([
				`voice-records_${month.toFormat('yyyy-MM-dd')}_${month.endOf('month').toFormat('yyyy-MM-dd')}.csv`,
			]);
		}
		expect(names.size).toBe(MONTHS);
		expect(uploaded.sort()).toEqual(calls.map(({ id }) => id));
	});
});

describe('Fan out by day', () => {
	const NOW = DateTime.fromISO('2026-11-20T16:00:05', { zone: ZONE });
	const FROM = NOW.startOf('day').minus({ days: 50 });
	const calls = callsFrom(FROM, NOW, 5).filter(({ ms }) => ms <= NOW.toMillis());
	const set: Outputs = (values, items) => [
		values.map(({ assignments }, item) => ({
			json: Object.fromEntries(
				(assignments as unknown as { assignments: IDataObject[] }).assignments.map(({ name, value }) => [
					name,
					value,
				]),
			) as IDataObject,
			pairedItem: items[item].pairedItem ?? item,
		})),
	];
	const splitOut: Outputs = ([{ fieldToSplitOut }], items) => [
		items.flatMap(({ json }) =>
			(json[String(fieldToSplitOut)] as IDataObject[]).map((one): INodeExecutionData => ({ json: one })),
		),
	];
	const outputs = { 'n8n-nodes-base.set': set, 'n8n-nodes-base.splitOut': splitOut };

	/** Runs the example, which calls its own webhook for each day. @returns the days, and the IDs of their calls in order */
	async function readByDay(start: string, form: IDataObject) {
		const workflow = readWorkflow('fan-out-by-day');
		const options = { url: simulator.url, timezone: ZONE, outputs };
		const { evaluated } = await runExample(workflow, { ...options, start, input: [form] });
		const bodies = evaluated['Read Each Day']!.map(
			({ jsonBody }) => JSON.parse(String(jsonBody)) as Record<'from' | 'to', string>,
		);
		const ids: unknown[] = [];
		for (const body of bodies) {
			const day = await runExample(workflow, {
				...options,
				start: 'When a Day Is Requested',
				input: [{ body }],
			});
			ids.push(...day.items.map(({ json }) => json.voiceId));
		}
		return { bodies, ids };
	}

	const day = (ago: number) => NOW.minus({ days: ago }).toFormat('yyyy-MM-dd');
	const FORMS: Array<[string, string, IDataObject, number, number]> = [
		['the last seven days', 'For the Last Seven Days', {}, 6, 0],
		...share([
			[27, 24],
			[0, 0],
			[1, 0],
			[50, 0],
			[26, 26],
			[3, -5],
			[24, 27],
			[1, 1],
			[40, 25],
		] as const).map(([first, last]): [string, string, IDataObject, number, number] => [
			`${first} to ${last} days ago`,
			'When the Days Are Chosen',
			{ 'First Day': day(first), 'Last Day': day(last) },
			Math.max(first, last),
			Math.max(0, Math.min(first, last)),
		]),
	];

	it.each(FORMS)(
		'reads each call of whole days once, the newest day first: %s',
		async (_, start, form, first, last) => {
			clock.ms = NOW.toMillis();
			simulator.dataset = listDataset(calls.map(({ id, ms }) => call(id, ms - NOW_MS)));
			const { bodies, ids } = await readByDay(start, form);
			expect(bodies).toHaveLength(first - last + 1);
			const [from, to] = [NOW.minus({ days: first }).startOf('day'), NOW.minus({ days: last }).endOf('day')];
			const wanted = calls.filter(({ ms }) => ms >= from.toMillis() && ms <= to.toMillis());
			// Within a day and from day to day, the newest first.
			expect(ids).toEqual(wanted.map(({ id }) => id).reverse());
			for (const body of bodies) {
				const [begin, end] = [body.from, body.to].map((iso) => DateTime.fromISO(iso, { zone: ZONE }));
				expect(begin.toMillis()).toBe(begin.startOf('day').toMillis());
				expect(end.hasSame(begin, 'day')).toBe(true);
			}
		},
	);
});
