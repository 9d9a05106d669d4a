import { DateTime } from 'luxon';
import type * as n8nWorkflow from 'n8n-workflow';
import type { IDataObject } from 'n8n-workflow';

import { listDataset, type WireRecord } from '../simulator/dataset';
import { startSimulator, type Fault, type Simulator } from '../simulator/simulator';
import { call } from '../support/calls';
import { runs } from '../support/runs';
import { useTestClock } from '../support/testClock';
import { HOUR_MS, MINUTE_MS, NOW_MS } from '../support/times';
import { readWorkflow } from './support/engine';
import { runExample } from './support/example';

const mockClock = useTestClock(NOW_MS);

/** Sleeping takes no time, but advances the clock. */
jest.mock('n8n-workflow', () => ({
	...jest.requireActual<typeof n8nWorkflow>('n8n-workflow'),
	sleep: async (ms: number) => await mockClock.sleep(ms),
}));

const ZONE = 'Asia/Singapore';
const START = DateTime.fromMillis(NOW_MS, { zone: ZONE }).startOf('day');
const DAYS = runs(60, 34);
/** Between two of them: what a run of every hour would do more often. */
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
		...(!hasEnded && { terminationCode: undefined, hangupTime: undefined }),
	});
}

const shown = (record: WireRecord) =>
	[record.voiceId, record.terminationCode ?? 'pending', record.cost || 'not billed'].join();

describe.each([
	['calls-to-data-table', 'Insert or Update', 31],
	['calls-to-postgres', 'Insert or Update', Infinity],
	['calls-to-google-sheets', 'Append or Update', Infinity],
])('%s', (name, writer, keptDays) => {
	const file = readWorkflow(name);
	let simulator: Simulator;
	beforeEach(async () => {
		simulator = await startSimulator({ now: mockClock.now });
		simulator.behaviour.listsOngoingCalls = true;
	});
	afterEach(async () => await simulator.stop());

	const table = new Map<string, IDataObject>();

	async function run(start: string, mustFail: boolean): Promise<void> {
		const nowMs = mockClock.ms;
		const listed = CALLS.filter(({ listedMs }) => listedMs <= nowMs).map((one) => stateAt(one, nowMs));
		simulator.dataset = listDataset(listed);
		const fault: Fault = { kind: 'http', httpStatus: 503 };
		if (mustFail) simulator.failNext(...Array<Fault>(20).fill(fault));
		const running = runExample(file, { url: simulator.url, timezone: ZONE, start });
		const [result] = await Promise.allSettled([running]);
		fault.onlyAt = 'nowhere';
		expect(result.status).toBe(mustFail ? 'rejected' : 'fulfilled');
		if (result.status === 'rejected') return;
		const { run: execution, evaluated } = result.value;
		const written = execution.data.resultData.runData[writer]?.[0].data?.main[0] ?? [];
		for (const { json } of written) table.set(String(json.voiceId), json);
		for (const { filters } of evaluated['Delete Old Rows'] ?? []) {
			const [{ keyValue }] = (filters as { conditions: IDataObject[] }).conditions;
			for (const [id, { submitTime }] of table) if (String(submitTime) < String(keyValue)) table.delete(id);
		}
	}

	it(`has one row per call, with its newest state, through ${DAYS} days with failures`, async () => {
		for (let day = 0; day < DAYS; day++) {
			for (let hour = 1; hour < 24; hour += HOURS_APART) {
				if (OFF.includes(day)) continue;
				const isOutage = OUTAGE.includes(day);
				mockClock.ms = START.plus({ days: day, hours: hour, minutes: 7 }).toMillis();
				await run('Every Hour', isOutage);
				if (hour !== 1) continue;
				mockClock.ms = START.plus({ days: day, hours: 3, minutes: 37 }).toMillis();
				await run('Every Night', isOutage);
			}
		}
		const nowMs = mockClock.ms;
		const expected = CALLS.filter(({ startMs }) => startMs > nowMs - keptDays * 24 * HOUR_MS);
		const states = expected.map((one) => shown(stateAt(one, nowMs)));
		expect(states.every((state) => state.endsWith(',486,0.5'))).toBe(true);
		const rows = [...table.values()].map(({ voiceId, terminationCode, cost }) =>
			[voiceId, terminationCode ?? 'pending', cost ?? 'not billed'].join(),
		);
		expect(rows.sort()).toEqual(states.sort());
	});
});
