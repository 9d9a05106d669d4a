import { DateTime } from 'luxon';
import type { IDataObject } from 'n8n-workflow';

import { runs } from '../support/runs';
import { MINUTE_MS, NOW_MS } from '../support/times';
import { readWorkflow, type WorkflowFile } from './support/engine';
import { runExample } from './support/example';
import { call, usePolling } from './support/polling';
import type * as TestClocks from '../support/testClock';

jest.mock('n8n-workflow', () =>
	jest.requireActual<typeof TestClocks>('../support/testClock').n8nOnTestClock(),
);

const ZONE = 'Asia/Singapore';
const START = DateTime.fromMillis(NOW_MS, { zone: ZONE }).startOf('week').plus({ weeks: 1 });
const WEEKS = runs(6, 2);
const STEP = { hours: 1 };
const CALLS_PER_STEP = 20;
const [FIRST, NEXT] = ['15550100', '15550101'];
const TRIGGER = 'When Too Many Calls Fail';

const service = usePolling();

/** Who presses what, and who is called then; alarm after alarm, from the beginning again. */
const PLAN = [
	{ keys: { [FIRST]: '1' }, codes: {}, called: [FIRST], end: 'Taken' },
	{ keys: { [FIRST]: '2', [NEXT]: '1' }, codes: {}, called: [FIRST, NEXT], end: 'Taken' },
	{ keys: { [NEXT]: '1' }, codes: { [FIRST]: '486' }, called: [FIRST, NEXT], end: 'Taken' },
	{ keys: {}, codes: { [NEXT]: '480' }, called: [FIRST, NEXT], end: 'Nobody Took It' },
];

/** Calls fail twice a week for two hours, and once until the evening, after which nobody calls. */
function failsAt({ weekday, hour, weekNumber }: DateTime): boolean {
	if (weekday === 5 && weekNumber === START.weekNumber) return hour >= 17;
	return [2, 4].includes(weekday) && hour >= 11 && hour < 13;
}
const isOpenAt = ({ weekday, hour }: DateTime) => weekday <= 5 && hour >= 9 && hour < 18;
const TROUBLES = 2 * WEEKS + 1;

/** The example as its note says, with the two numbers and an App ID filled in. */
function example() {
	const workflow = readWorkflow('alarm-by-phone');
	const nodeOf = (wanted: string) => workflow.nodes.find(({ name }) => name === wanted)!;
	Object.assign(nodeOf('Call the Person on Duty').parameters, { calledNumber: FIRST, appId: 'app' });
	Object.assign(nodeOf('Call the Next Person').parameters, { calledNumber: NEXT, appId: 'app' });
	const { [TRIGGER]: ofTrigger, ...connections } = workflow.connections;
	expect(ofTrigger.main[0]?.map(({ node }) => node)).toEqual(['Only When Raised']);
	const nodes = workflow.nodes.filter(({ name }) => name !== TRIGGER);
	return { parameters: nodeOf(TRIGGER).parameters, rest: { ...workflow, nodes, connections } };
}

/** What follows the trigger, and whom it calls, in order. */
async function live(workflow: WorkflowFile, item: IDataObject) {
	const { simulator } = service;
	simulator.resetStats();
	const { run, evaluated } = await runExample(workflow, {
		url: simulator.url,
		timezone: ZONE,
		input: [item],
		start: 'Only When Raised',
	});
	const called = simulator.requests
		.filter(({ path }) => path.endsWith('/sendCode'))
		.map(({ body }) => String((body as IDataObject).callee));
	const ends = ['Taken', 'Nobody Took It'].filter((name) => evaluated[name]);
	expect(run.data.resultData.error).toBeUndefined();
	return { called, ends };
}

it(`Alarm by phone calls once for each trouble of ${WEEKS} weeks, the next person only where nobody took it`, async () => {
	const { simulator, clock } = service;
	Object.assign(simulator.behaviour, { ringMs: 15_000, talkMs: 20_000, listsOngoingCalls: true });
	const { parameters, rest } = example();
	const trigger = await service.create(parameters, { timezone: ZONE });
	const states: unknown[] = [];
	let alarms = 0;
	for (let time = START; time < START.plus({ weeks: WEEKS }); time = time.plus(STEP)) {
		clock.ms = Math.max(clock.ms, time.toMillis());
		if (isOpenAt(time)) {
			const endMs = time.toMillis() - NOW_MS - 5 * MINUTE_MS;
			const terminationCode = failsAt(time) ? '503' : '200';
			const calls = Array.from({ length: CALLS_PER_STEP }, (_, nth) =>
				call(`${time.toMillis()} ${nth}`, endMs, { terminationCode, callee: '15550199' }),
			);
			simulator.dataset.add(...calls);
		}
		for (const item of (await service.itemsAfter(trigger, 0)) ?? []) {
			states.push(item.state);
			const { keys, codes, called, end } = PLAN[alarms % PLAN.length];
			Object.assign(simulator.behaviour, { pressedKeys: keys, terminationCodes: codes });
			const isRaised = item.state === 'raised';
			expect(await live(rest, item)).toEqual({ called: isRaised ? called : [], ends: isRaised ? [end] : [] });
			if (isRaised) alarms++;
		}
	}
	expect(alarms).toBe(TROUBLES);
	// Each is cleared before the next one is raised.
	expect(states).toEqual(
		Array.from({ length: 2 * TROUBLES }, (_, nth) => (nth % 2 === 0 ? 'raised' : 'cleared')),
	);
}, 600_000);
