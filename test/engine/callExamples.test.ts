import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';

import type { WireRecord } from '../simulator/dataset';
import { wireTime } from '../simulator/records';
import type { Fault } from '../simulator/simulator';
import { runs } from '../support/runs';
import type * as TestClocks from '../support/testClock';
import { HOUR_MS, MINUTE_MS } from '../support/times';
import { runExample } from './support/example';
import { playWeeks, useTable, WEEKS_START, WEEKS_ZONE, withAppId, type Weeks } from './support/weeks';

jest.mock('n8n-workflow', () =>
	jest.requireActual<typeof TestClocks>('../support/testClock').n8nOnTestClock(),
);

const WEEKS = runs(6);
const LOST_ANSWER: Fault = { kind: 'http', httpStatus: 502, takesEffect: true, onlyAt: '/sendCode' };
const NO_BALANCE: Fault = { kind: 'status', status: '-10', onlyAt: '/sendCode' };

const service = useTable();
const { clock } = service;
beforeEach(() => {
	Object.assign(service.simulator.behaviour, { listsOngoingCalls: true, ringMs: 20_000, talkMs: 40_000 });
});

/** Runs the example whenever its triggers do, for weeks. */
async function play(name: string, weeks: Pick<Weeks, 'before' | 'isOff' | 'isOutage'>): Promise<void> {
	await playWeeks(withAppId(name), {
		from: WEEKS_START,
		to: WEEKS_START.plus({ weeks: WEEKS }),
		simulator: service.simulator,
		clock,
		outputs: { 'n8n-nodes-base.dataTable': (values, items) => service.table.execute(values, items) },
		...weeks,
	});
}

/** Every call that was placed, with its local time. */
const placed = () =>
	service.simulator.requests
		.filter(({ path }) => path.endsWith('/sendCode'))
		.map(({ body, at, status }) => ({
			number: String((body as IDataObject).callee),
			time: DateTime.fromMillis(at, { zone: WEEKS_ZONE }),
			isRefused: status.startsWith('-'),
		}));

const numbersFrom = (first: number, count: number) =>
	Array.from({ length: count }, (_, nth) => String(first + nth));

/** What each node of Ask by phone outputs: the number or the error of each item. */
async function askByPhone(phones: string[]) {
	const { simulator } = service;
	const workflow = withAppId('ask-by-phone');
	const { parameters } = workflow.nodes.find(({ name }) => name === 'Ask')!;
	parameters.calledNumber = '={{ $json.phone }}';
	const input = phones.map((phone) => ({ phone }));
	const { run } = await runExample(workflow, { url: simulator.url, timezone: WEEKS_ZONE, input });
	return (name: string) =>
		run.data.resultData.runData[name]?.[0].data?.main[0]?.map(({ json }) => json.calledNumber ?? json.error);
}

it('Ask by phone asks the others if one cannot be called', async () => {
	const { simulator } = service;
	Object.assign(simulator.behaviour, {
		pressedKeys: { '15550100': '1', '15550102': '2' },
		refusedNumbers: { '15550101': '503' },
	});
	const outputOf = await askByPhone(['15550100', '15550101', 'nobody', '15550102']);
	expect(outputOf('Confirmed')).toEqual(['15550100']);
	expect(outputOf('Cancelled')).toEqual(['15550102']);
	expect(outputOf('No Answer')).toEqual(['15550101']);
	expect(outputOf('Could Not Ask')).toEqual([
		'ITNIO TECH has no rate for the destination of this call',
		'"Called Number" is not a valid phone number: nobody',
	]);
	expect(Object.fromEntries(simulator.callsPlaced)).toEqual({ '15550100': 1, '15550102': 1 });
});

it('Ask by phone calls nobody if there are more people than "Max Calls" allows, as its note says', async () => {
	const outputOf = await askByPhone(numbersFrom(15_550_100, 101));
	expect(outputOf('Could Not Ask')).toEqual(
		Array(101).fill('This run would place 101 calls, more than "Max Calls" allows: 100'),
	);
	expect([outputOf('No Answer'), service.simulator.callsPlaced.size]).toEqual([undefined, 0]);
});

describe('Call again: unreached', () => {
	const BUSY = numbersFrom(15_551_000, 110);
	const ANSWERS_SECOND = numbersFrom(15_552_000, 10);
	const ANSWERS_THIRD = numbersFrom(15_553_000, 10);
	const ANSWERED = numbersFrom(15_554_000, 5);
	const FOREIGN = { '15555000': 'alarm-7-1', '15555001': 'row-7-3', '15555002': 'n8n-7-1-0123abcd' };
	let ids = 0;

	function campaignCall(callee: string, calledInfo: string, terminationCode: string): WireRecord {
		const submitTime = wireTime(WEEKS_START.set({ hour: 8 }).toMillis());
		const voiceId = `26101208000000${String(ids++).padStart(5, '0')}`;
		return { voiceId, callee, submitTime, callTime: submitTime, terminationCode, calledInfo };
	}

	it(`calls each number at most three times in all, none after an answer, through ${7 * WEEKS} days`, async () => {
		service.simulator.dataset.add(
			...[...BUSY, ...ANSWERS_SECOND, ...ANSWERS_THIRD].map((number) =>
				campaignCall(number, `campaign-${number}`, '486'),
			),
			...ANSWERED.map((number) => campaignCall(number, `campaign-${number}`, '200')),
			...Object.entries(FOREIGN).map(([number, reference]) => campaignCall(number, reference, '486')),
		);
		service.simulator.behaviour.terminationCodes = {
			...Object.fromEntries(BUSY.map((number) => [number, '486'])),
			...Object.fromEntries(ANSWERS_THIRD.map((number) => [number, ['480', '200']])),
		};
		const placedByRun: number[] = [];
		await play('call-again-unreached', {
			// Calls are listed up to three hours late, and the balance runs out now and then.
			before({ time: { weekday, hour } }) {
				service.simulator.behaviour.listingDelayMs = [0, 3 * HOUR_MS, 20 * MINUTE_MS][weekday % 3];
				placedByRun.push(placed().length);
				if (weekday === 1 && hour < 13) return Array.from({ length: 7 }, () => ({ ...NO_BALANCE }));
				return hour % 2 === 0 ? [{ ...LOST_ANSWER }] : [];
			},
			isOutage: ({ weekday, hour }) => weekday === 2 && hour === 11,
			// All day on Wednesdays, and most of the later days, when little is left to do.
			isOff: (time) => time.weekday === 3 || (time > WEEKS_START.plus({ days: 2 }) && time.hour % 4 > 0),
		});
		const timesCalled = Object.fromEntries(service.simulator.callsPlaced);
		expect(timesCalled).toEqual({
			...Object.fromEntries([...BUSY, ...ANSWERS_THIRD].map((number) => [number, 2])),
			...Object.fromEntries(ANSWERS_SECOND.map((number) => [number, 1])),
		});
		const perRun = placedByRun.map((count, nth) => (placedByRun[nth + 1] ?? placed().length) - count);
		expect(Math.max(...perRun)).toBe(100);
		expect(placed().filter(({ isRefused }) => isRefused).length).toBeGreaterThan(5);
		for (const { time } of placed()) {
			expect([1, 2, 4, 5]).toContain(time.weekday);
			expect(time.hour).toBeGreaterThanOrEqual(9);
			expect(time.hour).toBeLessThan(19);
		}
		const rows = service.table.all().map(({ status }) => status);
		expect(rows).toHaveLength(
			[...service.simulator.callsPlaced.values()].reduce((sum, count) => sum + count, 0),
		);
		expect(new Set(rows)).toEqual(new Set(['submitted', 'unknown']));
	});

	it('calls a number that may have been called only after its row is deleted, and none that was last called long ago', async () => {
		const [lost, marked, old] = numbersFrom(15_556_000, 3);
		const records = [lost, marked, old].map((number) => campaignCall(number, 'campaign-7', '486'));
		records[2].submitTime = wireTime(WEEKS_START.minus({ days: 6, hours: 14 }).toMillis());
		service.simulator.dataset.add(...records);
		service.table.insert({ calledNumber: marked, lastVoiceId: records[1].voiceId, status: 'calling' });
		const before = new Map<number, number>();
		await play('call-again-unreached', {
			before({ time: { weekday, weekNumber } }) {
				if (weekNumber > WEEKS_START.weekNumber) return [];
				before.set(weekday, service.simulator.callsPlaced.size);
				if (weekday === 3) {
					const conditions = [{ keyName: 'status', condition: 'neq', keyValue: 'submitted' }];
					service.table.execute([{ operation: 'deleteRows', filters: { conditions } }], [{ json: {} }]);
				}
				return weekday === 1 ? [{ kind: 'reset', takesEffect: false, onlyAt: '/sendCode' }] : [];
			},
			isOff: ({ hour }) => hour !== 14,
		});
		expect([...before.values()]).toEqual([0, 0, 0, 2, 2]);
		expect(Object.fromEntries(service.simulator.callsPlaced)).toEqual({ [lost]: 1, [marked]: 1 });
	});
});

describe('Call each row', () => {
	const EARLY = numbersFrom(15_551_000, 130);
	const perDay = (day: number) => numbersFrom(15_552_000 + 100 * day, 4);
	const REPEATED = EARLY[0];
	const CALLED_AGAIN = EARLY[1];
	const UNPLACED = [
		{ phone: REPEATED, text: 'The same number in one run', status: 'skipped' },
		{ phone: 'nobody', text: 'Hello', status: 'refused' },
		{ phone: '15559000', text: '', status: 'refused' },
	];
	const days = Array.from({ length: WEEKS * 7 }, (_, day) => day).filter((day) => day % 7 < 5);

	function addRows(...rows: IDataObject[]) {
		for (const row of rows) {
			const empty = { status: null, reason: null, voiceId: null, outcome: null, reference: null };
			service.table.insert({ ...empty, ...row });
		}
	}

	it(`calls each row once and writes its outcome, through ${7 * WEEKS} days`, async () => {
		const toRow = (phone: string) => ({ phone, text: `Parcel for ${phone}` });
		addRows(...EARLY.slice(0, 50).map(toRow), ...UNPLACED.map(({ phone, text }) => ({ phone, text })));
		addRows(...EARLY.slice(50).map(toRow));
		const failing = days.map((day) => perDay(day)[1]);
		service.simulator.behaviour.terminationCodes = {
			...Object.fromEntries(failing.map((number) => [number, '486'])),
			[CALLED_AGAIN]: ['486', '200'],
		};
		const placedByRun: number[] = [];
		await play('call-each-row', {
			before({ time, start }) {
				const { weekday, hour } = time;
				service.simulator.behaviour.listingDelayMs = weekday === 5 ? 40 * MINUTE_MS : 0;
				service.simulator.behaviour.talkMs = weekday === 4 ? 5 * HOUR_MS : 40_000;
				if (start !== 'On Weekdays') return [];
				placedByRun.push(placed().length);
				const isSecondDay = time.hasSame(WEEKS_START.plus({ days: 1 }), 'day');
				if (isSecondDay && hour === 11) {
					const { id } = service.table.all().find(({ phone }) => phone === CALLED_AGAIN)!;
					service.table.change(id, { status: '' });
				}
				// As somebody does in the editor shortly before a run, also before the last one of the day.
				if (weekday === 2 ? hour === 16 : hour === 12)
					addRows(...perDay(Math.floor(time.diff(WEEKS_START, 'days').days)).map(toRow));
				return hour % 3 === 0 ? [{ ...LOST_ANSWER }] : [];
			},
			isOutage: ({ weekday, hour, minute }) => weekday === 4 && hour === 13 && minute === 10,
			isOff(time) {
				const hours = time.diff(time.startOf('week'), 'hours').hours;
				// From Tuesday 16:08 to Wednesday 23:00; and once an hour is enough to play.
				const isDown = hours > 40.12 && hours < 71;
				return isDown || ![7, 10, 37].includes(time.minute);
			},
		});
		const numbers = [...EARLY, ...days.filter((day) => day % 7 !== 2).flatMap(perDay)];
		expect(Object.fromEntries(service.simulator.callsPlaced)).toEqual({
			...Object.fromEntries(numbers.map((number) => [number, 1])),
			[CALLED_AGAIN]: 2,
		});
		const perRun = placedByRun.map((count, nth) => (placedByRun[nth + 1] ?? placed().length) - count);
		expect(Math.max(...perRun)).toBeLessThanOrEqual(100);
		const told = service.table
			.all()
			.map(({ phone, text, status, outcome }) => [phone, text, status, outcome]);
		const [written, others] = [
			told.filter(([, , , outcome]) => outcome),
			told.filter(([, , , outcome]) => !outcome),
		];
		expect(written.map(([phone, , , outcome]) => [phone, outcome])).toEqual(
			numbers.map((number) => [number, failing.includes(number) ? 'failed' : 'answered']),
		);
		expect(others).toEqual(UNPLACED.map(({ phone, text, status }) => [phone, text, status, null]));
		expect(new Set(written.map(([, , status]) => status))).toEqual(new Set(['submitted', 'unknown']));
	});
});
