import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';

import { listDataset, type WireRecord } from '../simulator/dataset';
import { startSimulator, type Simulator } from '../simulator/simulator';
import { call, OPEN } from '../support/calls';
import { runs } from '../support/runs';
import { useTestClock } from '../support/testClock';
import type * as TestClocks from '../support/testClock';
import { HOUR_MS, MINUTE_MS, NOW_MS } from '../support/times';
import { readWorkflow } from './support/engine';
import { playWeeks } from './support/weeks';

jest.mock('n8n-workflow', () =>
	jest.requireActual<typeof TestClocks>('../support/testClock').n8nOnTestClock(),
);

const clock = useTestClock(NOW_MS);

const ZONE = 'Asia/Singapore';
const START = DateTime.fromMillis(NOW_MS, { zone: ZONE }).startOf('day');
const DAYS = runs(60, 34);
/** When "Every Hour" runs. A quick run leaves most of these out, as "Every Night" reads the same calls. */
const HOURLY_MINUTE = 7;
const HOURS_APART = 24 / runs(3);
/** ITNIO rejects what a run asks on these days, and n8n is off on the next ones. */
const OUTAGE = [9, 10];
const OFF = [20, 21];
/** Nobody calls any more. */
const QUIET_FROM = DAYS - 9;

interface PlayedCall {
	id: string;
	startMs: number;
	listedMs: number;
	endMs: number;
	billedMs: number;
}

/** Listed up to three hours late, billed up to four days late. */
const CALLS: PlayedCall[] = Array.from({ length: QUIET_FROM * 4 }, (_, nth) => {
	const startMs = START.toMillis() + nth * 6 * HOUR_MS + (nth % 7) * MINUTE_MS;
	const endMs = startMs + ((nth % 3) + 1) * HOUR_MS;
	return {
		id: `${2203031113381000000n + BigInt(nth)}`,
		startMs,
		listedMs: startMs + (nth % 4) * HOUR_MS,
		endMs,
		billedMs: endMs + (nth % 5) * 24 * HOUR_MS,
	};
});

function stateAt({ id, startMs, endMs, billedMs }: PlayedCall, nowMs: number): WireRecord {
	const hasEnded = nowMs >= endMs;
	return call(id, startMs - NOW_MS, {
		cost: nowMs >= billedMs ? '0.5' : '',
		...(!hasEnded && OPEN),
	});
}

const shown = (record: WireRecord) =>
	[record.voiceId, record.terminationCode ?? 'pending', record.cost || 'not billed'].join();

describe.each([
	['calls-to-data-table', 'Insert or Update', 31],
	['calls-to-postgres', 'Insert or Update', Infinity],
	['calls-to-google-sheets', 'Append or Update', Infinity],
])('%s', (name, writer, keptDays) => {
	let simulator: Simulator;
	beforeEach(async () => {
		clock.ms = START.toMillis();
		simulator = await startSimulator({ now: clock.now });
		simulator.behaviour.listsOngoingCalls = true;
	});
	afterEach(async () => await simulator.stop());

	it(`has one row per call, with its newest state, through ${DAYS} days with failures`, async () => {
		const table = new Map<string, IDataObject>();
		const dayOf = (time: DateTime) => Math.floor(time.diff(START, 'days').days);
		const isLeftOut = ({ minute, hour }: DateTime) => minute === HOURLY_MINUTE && hour % HOURS_APART !== 1;
		await playWeeks(readWorkflow(name), {
			from: START,
			to: START.plus({ days: DAYS }),
			simulator,
			clock,
			isOff: (time) => OFF.includes(dayOf(time)) || isLeftOut(time),
			isOutage: (time) => OUTAGE.includes(dayOf(time)),
			before() {
				const listed = CALLS.filter(({ listedMs }) => listedMs <= clock.ms);
				simulator.dataset = listDataset(listed.map((one) => stateAt(one, clock.ms)));
				return [];
			},
			after(_tick, evaluated, { data }) {
				const written = data.resultData.runData[writer]?.[0].data?.main[0] ?? [];
				for (const { json } of written) table.set(String(json.voiceId), json);
				for (const { filters } of evaluated['Delete Old Rows'] ?? []) {
					const [{ keyValue }] = (filters as { conditions: IDataObject[] }).conditions;
					for (const [id, { submitTime }] of table)
						if (String(submitTime) < String(keyValue)) table.delete(id);
				}
			},
		});
		const nowMs = clock.ms;
		const expected = CALLS.filter(({ startMs }) => startMs > nowMs - keptDays * 24 * HOUR_MS);
		const states = expected.map((one) => shown(stateAt(one, nowMs)));
		expect(states.every((state) => state.endsWith(',486,0.5'))).toBe(true);
		const rows = [...table.values()].map(({ voiceId, terminationCode, cost }) =>
			[voiceId, terminationCode ?? 'pending', cost ?? 'not billed'].join(),
		);
		expect(rows.sort()).toEqual(states.sort());
	});
});
