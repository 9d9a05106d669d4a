/* eslint-disable @n8n/community-nodes/no-restricted-globals -- for shipped code, not for tests */
import type { IDataObject } from 'n8n-workflow';

import { ItniotechTrigger } from '../../../../nodes/Itniotech/ItniotechTrigger.node';
import { pollOnce } from '../../../../nodes/Itniotech/triggers/polling/pollOnce';
import type { PollStart } from '../../../../nodes/Itniotech/triggers/polling/pollRun';
import { DEFAULT_BEHAVIOUR, type Behaviour } from '../../../simulator/behaviour';
import { seededDataset } from '../../../simulator/dataset';
import { Service } from '../../../simulator/service';
import { DEMO_CREDENTIAL } from '../../../simulator/simulator';
import type * as TestClocks from '../../../support/testClock';
import { useTestClock } from '../../../support/testClock';
import { DAY_MS, HOUR_MS, MINUTE_MS, NOW_MS } from '../../../support/times';
import { createPollContext } from '../../../support/pollContext';

jest.mock('n8n-workflow', () =>
	jest.requireActual<typeof TestClocks>('../../../support/testClock').n8nOnTestClock(),
);

const clock = useTestClock(NOW_MS);
let nodes = 0;

/** n8n 2.41 gives up publishing a workflow after 84 s, in which it does more than the first poll. */
const MAX_MS = 60_000;
const ANSWER_MS = 25_000;
const ALARM = { event: 'thresholdCrossed', condition: 'above', threshold: 20, minimumCalls: 1 };
const EVENTS: IDataObject[] = [
	{ event: 'callFailed' },
	{ event: 'callFailed', options: { startFrom: 48 } },
	{ event: 'callEnded', options: { lookback: 1440 } },
	{ ...ALARM, metric: 'failureRate', windowMinutes: 60 },
	{ ...ALARM, metric: 'failureRate', windowMinutes: 1440, alarmPer: 'country' },
	{ event: 'balanceLow', threshold: 10 },
];
const SERVICES: Array<Partial<Behaviour>> = [
	{},
	{ clockSkewMs: 3 * HOUR_MS },
	{ clockSkewMs: -3 * HOUR_MS, refusesFutureTimestamps: true },
	{ totalOff: 7 },
	{ fixedTotal: 1e6 },
	{ searchCount: false },
	{ maxInFlight: 1 },
	{ balance: 'abc' },
];
const CALLS_PER_HOUR = [0, 20, 10_000];

const CASES = EVENTS.flatMap((parameters) =>
	SERVICES.flatMap((behaviour) =>
		CALLS_PER_HOUR.map((perHour): [IDataObject, Partial<Behaviour>, number] => [
			parameters,
			behaviour,
			perHour,
		]),
	),
);

it.each(CASES)(
	'a first poll with answers after 25 s ends long before publishing times out: %j, %j, %d calls an hour',
	async (parameters, behaviour, perHour) => {
		const trigger = new ItniotechTrigger();
		const dataset = seededDataset({ count: 72 * perHour, from: NOW_MS - 3 * DAY_MS, to: NOW_MS + HOUR_MS });
		const service = new Service(DEMO_CREDENTIAL, clock.now, { ...DEFAULT_BEHAVIOUR, ...behaviour }, dataset);
		let requests = 0;
		const context = createPollContext(service, {
			nodeId: `slow ${++nodes}`,
			parameters: { output: 'eachRecord', ...parameters },
			staticData: {},
			budgetMs: 5 * MINUTE_MS,
			isRefused: async () => {
				requests++;
				const sentMs = clock.ms;
				await new Promise(setImmediate);
				// Those that are sent together are answered together.
				clock.ms = Math.max(clock.ms, sentMs + ANSWER_MS);
				return false;
			},
		});
		await Promise.allSettled([trigger.poll.call(context)]);
		expect(requests).toBeGreaterThan(0);
		expect(clock.ms - NOW_MS).toBeLessThanOrEqual(MAX_MS);
	},
);

it('only the first poll of a registration is one that n8n waits for, whether it succeeds or not', async () => {
	const service = new Service(
		DEMO_CREDENTIAL,
		clock.now,
		DEFAULT_BEHAVIOUR,
		seededDataset({ count: 0, from: NOW_MS, to: NOW_MS }),
	);
	const newContext = () =>
		createPollContext(service, { nodeId: 'first', parameters: {}, staticData: {}, budgetMs: MINUTE_MS });
	const work = jest.fn().mockRejectedValue(new Error('away'));
	const isFirstOf = async (context: ReturnType<typeof newContext>) => {
		await Promise.allSettled([pollOnce(context, work)]);
		return (work.mock.lastCall as [unknown, PollStart])[1].isFirst;
	};
	const context = newContext();
	expect([await isFirstOf(context), await isFirstOf(context), await isFirstOf(context)]).toEqual([
		true,
		false,
		false,
	]);
	expect(await isFirstOf(newContext())).toBe(true);
});
