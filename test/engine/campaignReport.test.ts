import type { IDataObject } from 'n8n-workflow';

import type { Fault } from '../simulator/simulator';
import type * as TestClocks from '../support/testClock';
import { runs } from '../support/runs';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../support/times';
import { readWorkflow } from './support/engine';
import { PLACED, runExample } from './support/example';
import { usePolling } from './support/polling';

jest.mock('n8n-workflow', () =>
	jest.requireActual<typeof TestClocks>('../support/testClock').n8nOnTestClock(),
);

const ZONE = 'Asia/Singapore';
const START_MS = Date.parse('2026-11-02T00:00:00+08:00');
/** In a full run, longer than ITNIO keeps call records. */
const DAYS = runs(80, 30);
const STEP_MS = 6 * HOUR_MS;
const TRIGGER = 'When a Campaign Has Ended';
/** ITNIO cannot be reached on these days, and n8n is off on the next ones. */
const OUTAGE = [9, 30];
const OFF = [20, 21, 45];

interface Planned {
	name: string;
	atMs: number;
	/** Days after its creation on which it begins. */
	waitDays: number;
	numbers: string[];
	isCancelled: boolean;
}

/** One every two days: at once or long before it begins, some of several in one poll, some that fail or are cancelled. */
const PLANNED: Planned[] = Array.from({ length: DAYS / 2 }, (_, nth) => ({
	name: nth % 9 === 4 ? `wrong ${nth}` : `Offer ${nth}`,
	atMs: START_MS + 2 * nth * DAY_MS + (nth % 4) * HOUR_MS,
	waitDays: [0, 0, 1, nth === 3 ? DAYS - 10 : 12][nth % 4],
	numbers: Array.from({ length: (nth % 4) + 1 }, (__, one) => String(15_550_000_000 + 10 * nth + one)),
	isCancelled: nth % 5 === 2,
}));

const service = usePolling();

/** One mail for each campaign, by its name. */
async function play(): Promise<{ mails: IDataObject[]; polled: number; failed: number }> {
	const { simulator, clock } = service;
	const file = readWorkflow('campaign-report');
	const node = file.nodes.find(({ name }) => name === TRIGGER)!;
	const { parameters } = node;
	Object.assign(simulator.behaviour, { failingTasks: /wrong/, taskSubmitMs: 0 });
	clock.ms = START_MS - HOUR_MS;
	let trigger = await service.create(parameters, { timezone: ZONE });
	await trigger.poll();
	let saved = service.stateOf(trigger);
	const mails: IDataObject[] = [];
	const due = [...PLANNED];
	let [polled, failed] = [0, 0];
	for (let ms = START_MS; ms < START_MS + (DAYS + 14) * DAY_MS; ms += STEP_MS) {
		clock.ms = ms;
		const day = Math.floor((ms - START_MS) / DAY_MS);
		while (due[0] && due[0].atMs <= ms) {
			const { name: taskName, atMs, waitDays, numbers, isCancelled } = due.shift()!;
			const task = simulator.addTask({ taskName, numbers, sendMs: atMs + waitDays * DAY_MS });
			if (isCancelled) task.cancel(ms);
		}
		if (OFF.includes(day)) continue;
		const isRestart = OFF.includes(day - 1) || day % 6 === 5;
		if (isRestart) {
			trigger = await service.create(parameters, { timezone: ZONE, staticData: structuredClone(saved), activation: 'init' }); // prettier-ignore
		}
		service.logged(trigger, 'error');
		const fault: Fault = { kind: 'http', httpStatus: 503 };
		if (OUTAGE.includes(day)) simulator.failNext(...Array<Fault>(20).fill(fault));
		const [poll] = await Promise.allSettled([service.itemsAfter(trigger, MINUTE_MS)]);
		fault.onlyAt = 'nowhere';
		if (poll.status === 'rejected') failed++;
		const items = poll.status === 'fulfilled' ? poll.value : null;
		if (!items) continue;
		saved = service.stateOf(trigger);
		polled++;
		Object.assign(node, {
			type: PLACED,
			typeVersion: 1,
			parameters: { output: items },
			credentials: undefined,
		});
		const { evaluated } = await runExample(file, { url: simulator.url, timezone: ZONE, input: [{}], start: TRIGGER }); // prettier-ignore
		mails.push(...evaluated['Send the Report']!);
	}
	expect(due).toEqual([]);
	return { mails, polled, failed };
}

it(`the example Campaign report sends one report for each campaign of ${DAYS} days, across restarts and failures`, async () => {
	const { mails, polled, failed } = await play();
	const nameOf = ({ text }: IDataObject) => /^Campaign (.+?): /.exec(String(text))![1];
	expect(mails.map(nameOf).sort()).toEqual(PLANNED.map(({ name }) => name).sort());
	expect(polled).toBeLessThan(mails.length);
	expect(failed).toBeGreaterThan(0);
	for (const { name, numbers, isCancelled } of PLANNED) {
		const mail = mails.find((one) => nameOf(one) === name)!;
		const isCalled = !isCancelled && !name.startsWith('wrong');
		const status = isCancelled ? 'cancelled' : isCalled ? 'done' : 'failed';
		const answered = isCalled ? numbers.length : 0;
		expect(String(mail.text).split('\n')[0]).toBe(
			`Campaign ${name}: ${status}, ${answered} of ${numbers.length} numbers answered`,
		);
		// All calls of the account in its time.
		const calls = Number(/: ([\d,]+) calls?, /.exec(String(mail.subject))?.[1] ?? 0);
		expect([name, calls >= answered]).toEqual([name, true]);
	}
}, 120_000);
