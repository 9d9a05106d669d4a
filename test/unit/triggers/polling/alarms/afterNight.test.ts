import type { IDataObject } from 'n8n-workflow';

import { endedCalls } from '../../../../support/calls';
import { casesOf } from '../../../../support/runs';
import { HOUR_MS, MINUTE_MS, NOW_MS } from '../../../../support/times';
import { useService, watch, type Watch } from '../../../support/watch';

const RULE = {
	event: 'thresholdCrossed',
	metric: 'failureRate',
	condition: 'above',
	threshold: 20,
	windowMinutes: 60,
	minimumCalls: 20,
};

const current = useService();
const { clock } = current;

const endCalls = (counts: Parameters<typeof endedCalls>[1], changes = {}) =>
	current.service.dataset.add(...endedCalls(clock.ms - NOW_MS - 1000, counts, changes));
const statesOf = (items: IDataObject[] | null) => (items ?? []).map(({ state }) => state);

/** Polls each ten minutes, after calls that end just before. @returns the items */
async function pollFor(trigger: Watch, hours: number, before: () => void = () => {}): Promise<IDataObject[]> {
	const items: IDataObject[] = [];
	for (let minute = 0; minute < hours * 60; minute += 10) {
		clock.ms += 10 * MINUTE_MS;
		before();
		items.push(...((await trigger.poll()) ?? []));
	}
	return items;
}

/** Time without n8n, in which calls go on. */
function pass(hours: number, before: () => void = () => {}): void {
	for (let minute = 0; minute < hours * 60; minute += 10) {
		clock.ms += 10 * MINUTE_MS;
		before();
	}
}

/** What n8n has saved once an alarm is raised, and the trigger. */
async function raise(parameters: IDataObject): Promise<{ trigger: Watch; saved: string }> {
	const trigger = watch(current.service, parameters);
	await trigger.poll();
	const items = await pollFor(trigger, 1, () => endCalls({ failed: 20 }));
	expect(statesOf(items)).toEqual(['raised']);
	return { trigger, saved: JSON.stringify(trigger.staticData) };
}

const restarted = (saved: string, parameters: IDataObject) =>
	watch(current.service, parameters, { staticData: JSON.parse(saved) as IDataObject });

const failing = () => endCalls({ failed: 20 });
/** Too few for an alarm: twelve an hour. */
const fewCalls = () => endCalls({ failed: 2 });
const nobody = () => {};

describe.each([
	['one alarm for all', RULE],
	['one for each country', { ...RULE, alarmPer: 'country' }],
	['"Ignore Last"', { ...RULE, options: { ignoreLast: 10 } }],
])('after a quiet night, with %s', (_rule, parameters) => {
	test.each<[string, () => void]>([
		['no calls', nobody],
		['too few calls', fewCalls],
	])('of %s, an alarm is raised though n8n was down when calls began to fail', async (_, atNight) => {
		const { trigger, saved } = await raise(parameters);
		expect(statesOf(await pollFor(trigger, 10, atNight))).toEqual([]);
		pass(0.5, failing);
		const again = restarted(saved, parameters);
		const items = await pollFor(again, 5, failing);
		expect(statesOf(items)).toEqual(['raised']);
		expect(String(items[0].text).split('\n')[0]).toMatch(/ or earlier$/);
		const later = await pollFor(again, 2, () => endCalls({ answered: 100 }));
		expect(statesOf(later)).toEqual(['cleared']);
	});

	test('that n8n was down for, an alarm is raised, or cleared, as if n8n had been up', async () => {
		const { saved } = await raise(parameters);
		pass(10, nobody);
		const began = clock.ms;
		pass(0.5, failing);
		expect(statesOf(await pollFor(restarted(saved, parameters), 1, failing))).toEqual(['raised']);
		clock.ms = began + 20 * HOUR_MS;
		pass(0.5, () => endCalls({ answered: 10 }));
		expect(statesOf(await pollFor(restarted(saved, parameters), 1, () => endCalls({ answered: 9 })))).toEqual(['cleared']); // prettier-ignore
	});

	test('an alarm is raised once enough calls fail after the start', async () => {
		const { trigger, saved } = await raise(parameters);
		await pollFor(trigger, 10, fewCalls);
		const again = restarted(saved, parameters);
		expect(statesOf(await pollFor(again, 1, fewCalls))).toEqual([]);
		expect(statesOf(await pollFor(again, 1, failing))).toEqual(['raised']);
	});
});

/** The process goes on, but no poll succeeds: ITNIO is away, or the computer sleeps. */
async function pause(trigger: Watch, hours: number, before: () => void, isAsleep: boolean): Promise<void> {
	if (isAsleep) return pass(hours, before);
	trigger.isRefused = true;
	for (let minute = 0; minute < hours * 60; minute += 10) {
		clock.ms += 10 * MINUTE_MS;
		before();
		await expect(trigger.poll()).rejects.toThrow();
	}
	trigger.isRefused = false;
}

const PAUSED: IDataObject[] = [
	RULE,
	{ ...RULE, alarmPer: 'country', options: { notifyWhenCleared: false } },
	{ ...RULE, options: { ignoreLast: 10 }, pollTimes: { item: [{ mode: 'everyX', value: 10 }] } },
];

test.each<[number, string, boolean, string[], () => void]>([
	[0, 'no calls', false, ['raised'], nobody],
	[1, 'no calls', true, ['raised'], nobody],
	[2, 'too few calls', false, ['raised'], fewCalls],
	[3, 'calls that failed', false, [], failing],
])(
	'after a night in which no poll of one process succeeded (%d), with %s (asleep: %p), what follows is %p',
	async (row, _, isAsleep, expected, atNight) => {
		for (const parameters of casesOf(PAUSED, row)) {
			clock.ms += 100 * HOUR_MS;
			const { trigger } = await raise(parameters);
			for (let nights = 0; nights < 2; nights++) {
				await pause(trigger, 14, atNight, isAsleep);
				clock.ms += 10 * MINUTE_MS;
				failing();
				const items = [...((await trigger.poll()) ?? []), ...(await pollFor(trigger, 2, failing))];
				expect(statesOf(items)).toEqual(expected);
				for (const { text } of items) expect(String(text).split('\n')[0]).toMatch(/ or earlier$/);
			}
			// Unless there was a pause, the past is not read.
			trigger.requests = 0;
			await pollFor(trigger, 1, failing);
			expect(trigger.requests).toBeLessThanOrEqual(6 * 2);
		}
	},
);

test.each([0, 1, 2])(
	'an alarm has not lapsed yet where too few calls came in a pause for less than a window (%d)',
	async (row) => {
		for (const parameters of casesOf(PAUSED, row)) {
			clock.ms += 100 * HOUR_MS;
			const { trigger } = await raise(parameters);
			await pause(trigger, 8, failing, false);
			await pause(trigger, 7 / 6, nobody, false);
			expect(statesOf(await pollFor(trigger, 0.5, nobody))).toEqual([]);
			expect(statesOf(await pollFor(trigger, 1, failing))).toEqual([]);
		}
	},
);

test('a schedule of long pauses lapses no alarm, however it is written', async () => {
	const trigger = watch(current.service, { ...RULE, pollTimes: { item: [{ mode: 'custom' }] } });
	failing();
	expect(statesOf(await trigger.poll())).toEqual(['raised']);
	for (let days = 0; days < 3; days++) {
		pass(23.5, nobody);
		pass(0.5, failing);
		expect(await trigger.poll()).toBeNull();
	}
});

test.each([
	['calls failed all night', 70 * HOUR_MS, failing],
	['it was quiet for less than a window', 30 * MINUTE_MS, nobody],
	['n8n was started at once', 0, nobody],
])('a restart repeats nothing where %s', async (_, ms, meanwhile) => {
	const { saved } = await raise(RULE);
	pass(ms / HOUR_MS, meanwhile);
	pass(0.5, failing);
	expect(await pollFor(restarted(saved, RULE), 3, failing)).toEqual([]);
});

/** n8n's own parameter. */
const poll = (...item: IDataObject[]) => ({ pollTimes: { item } });

test.each([
	[poll({ mode: 'everyMinute' }), ['raised']],
	[poll({ mode: 'everyX', value: 60, unit: 'minutes' }), ['raised']],
	[poll({ mode: 'everyX', value: 1, unit: 'hours' }), ['raised']],
	[poll({ mode: 'everyHour', minute: 7 }), ['raised']],
	[poll({ mode: 'custom', cronExpression: '0 * * * * *' }), ['raised']],
	[poll({ mode: 'everyDay', hour: 8 }, { mode: 'everyMinute' }), ['raised']],
	[poll({ mode: 'everyX', value: 61, unit: 'minutes' }), []],
	[poll({ mode: 'everyX', value: 2, unit: 'hours' }), []],
	[poll({ mode: 'everyDay', hour: 8, minute: 0 }), []],
	[poll({ mode: 'everyWeek', weekday: '1', hour: 8 }), []],
])(
	'with the schedule %j, an alarm lapses in a restart only if polls are no rarer than the window',
	async (pollTimes, expected) => {
		const { saved } = await raise({ ...RULE, ...pollTimes });
		pass(10, nobody);
		pass(0.5, failing);
		expect(statesOf(await restarted(saved, { ...RULE, ...pollTimes }).poll())).toEqual(expected);
	},
);

test('a count needs no past: it is known with no call at all', async () => {
	const parameters = { ...RULE, metric: 'failures', threshold: 5 };
	const { saved } = await raise(parameters);
	pass(20, failing);
	const again = restarted(saved, parameters);
	expect(await again.poll()).toBeNull();
	expect(again.requests).toBeLessThan(10);
});

test('a list of the past that is incomplete tells nothing, and the alarm goes on', async () => {
	const { trigger, saved } = await raise(RULE);
	await pollFor(trigger, 10);
	const nightMs = clock.ms - 5 * HOUR_MS;
	pass(0.5, failing);
	Object.assign(current.service.behaviour, { totalOff: 3, totalOffAtMs: nightMs });
	const again = restarted(saved, RULE);
	expect(await pollFor(again, 2, failing)).toEqual([]);
	expect(again.log).toEqual([]);
	expect(statesOf(await pollFor(again, 2, () => endCalls({ answered: 100 })))).toEqual(['cleared']);
});

test('a past of more than three days is not read', async () => {
	const { saved } = await raise(RULE);
	pass(30 * 24, nobody);
	pass(1, failing);
	const again = restarted(saved, RULE);
	expect(statesOf(await again.poll())).toEqual(['raised']);
	expect(again.requests).toBeLessThan(20);
});

test('a past that takes longer than a poll is read on by the next ones, and no other alarm waits for it', async () => {
	const parameters = { ...RULE, alarmPer: 'country' };
	const { saved } = await raise(parameters);
	pass(40, () => endCalls({ answered: 9 }, { code: 'Peru(One)' }));
	const answer = current.service.answer.bind(current.service);
	jest.spyOn(current.service, 'answer').mockImplementation((...request) => {
		clock.ms += 2000;
		return answer(...request);
	});
	const again = restarted(saved, parameters);
	const groups: string[] = [];
	for (let polls = 0; polls < 30; polls++) {
		if (polls === 0) failing();
		if (polls === 0) endCalls({ failed: 50 }, { code: 'Chad(One)' });
		clock.ms += MINUTE_MS;
		const startMs = clock.ms;
		for (const item of (await again.poll()) ?? []) {
			expect(item).toMatchObject({ state: 'raised', groups: [{}] });
			expect(String(item.text).split('\n')[0]).toMatch(/ or earlier$/);
			groups.push(`${polls} ${String((item.groups as IDataObject[])[0].group)}`);
		}
		expect(clock.ms - startMs).toBeLessThan(45_000);
	}
	expect(groups).toEqual(['0 Chad', expect.stringMatching(/^[1-9]\d? Afghanistan$/)]);
});

test('a look-back that takes much of each poll does not keep the past from being read', async () => {
	const { saved } = await raise(RULE);
	pass(10, nobody);
	pass(1, () => endCalls({ failed: 10 }));
	const answer = current.service.answer.bind(current.service);
	jest.spyOn(current.service, 'answer').mockImplementation((...request) => {
		clock.ms += 3000;
		return answer(...request);
	});
	const parameters = { ...RULE, options: { pageSize: 10 } };
	const again = restarted(saved, parameters);
	const states: unknown[] = [];
	for (let polls = 0; polls < 10; polls++) {
		const startMs = clock.ms;
		endCalls({ failed: 1 });
		states.push(...statesOf(await again.poll()));
		clock.ms = Math.max(clock.ms, startMs + MINUTE_MS);
	}
	expect(states).toEqual(['raised']);
});

describe.each([true, false])('Notify When Cleared: %s', (notifyWhenCleared) => {
	const parameters = { ...RULE, options: { notifyWhenCleared } };

	test('what n8n discards of the first poll after a restart comes once more', async () => {
		const { trigger, saved } = await raise(parameters);
		await pollFor(trigger, 10);
		pass(0.5, failing);
		const staticData = JSON.parse(saved) as IDataObject;
		const again = watch(current.service, parameters, { staticData, budgetMs: 45_000 });
		expect(statesOf(await again.poll())).toEqual(['raised']);
		// n8n goes on from the state that it has saved.
		Object.assign(again.staticData, JSON.parse(saved));
		clock.ms += MINUTE_MS;
		expect(statesOf(await again.poll())).toEqual(['raised']);
		clock.ms += MINUTE_MS;
		expect(await again.poll()).toBeNull();
	});

	test('an alarm that another process raised, which n8n then takes over, is raised after a quiet night', async () => {
		const one = watch(current.service, parameters);
		await one.poll();
		pass(0.5, nobody);
		const { trigger: leader, saved } = await raise(parameters);
		await pollFor(leader, 10);
		Object.assign(one.staticData, JSON.parse(saved));
		pass(0.5, failing);
		expect(statesOf(await one.poll())).toEqual(['raised']);
		expect(await pollFor(one, 1, failing)).toEqual([]);
	});
});

test('a poll that fails while it reads the past is made up for by the next one', async () => {
	const { trigger, saved } = await raise(RULE);
	await pollFor(trigger, 10);
	pass(0.5, failing);
	const again = restarted(saved, RULE);
	const answer = current.service.answer.bind(current.service);
	const nightMs = clock.ms - 5 * HOUR_MS;
	const spy = jest.spyOn(current.service, 'answer').mockImplementation((...request) => {
		const real = answer(...request);
		const { params } = JSON.parse(JSON.stringify(request[0].body)) as { params: { strTime: string } };
		const isOfPast = Date.parse(params.strTime) < nightMs;
		return isOfPast ? { ...real, body: '{"status":"-1","reason":""}' } : real;
	});
	await expect(again.poll()).rejects.toThrow('API key');
	spy.mockRestore();
	expect(statesOf(await again.poll())).toEqual(['raised']);
	expect(await again.poll()).toBeNull();
});

test('a past that was begun for one alarm is read from further back for another', async () => {
	const startMs = clock.ms;
	const trigger = watch(current.service, { ...RULE, alarmPer: 'country' });
	const at = (minute: number) => (clock.ms = startMs + minute * MINUTE_MS);
	for (let minute = 0; minute <= 90; minute += 10) {
		at(minute);
		if (minute === 0) endCalls({ failed: 20 }, { code: 'Chad(One)' });
		if (minute === 30) endCalls({ failed: 20 }, { code: 'Mali(One)' });
		expect(statesOf(await trigger.poll())).toEqual(minute === 0 || minute === 30 ? ['raised'] : []);
	}
	// Too few calls to Chad since minute 60, and to Mali since minute 90.
	at(125);
	endCalls({ answered: 20 }, { code: 'Chad(One)' });
	at(155);
	const answer = current.service.answer.bind(current.service);
	const spy = jest.spyOn(current.service, 'answer').mockImplementation((...request) => {
		const real = answer(...request);
		const { params } = JSON.parse(JSON.stringify(request[0].body)) as { params: { strTime: string } };
		const isOfPast = Date.parse(params.strTime) < startMs;
		return isOfPast ? { ...real, body: '{"status":"-1","reason":""}' } : real;
	});
	await expect(trigger.poll()).rejects.toThrow('API key');
	spy.mockRestore();
	at(190);
	endCalls({ failed: 20 }, { code: 'Chad(One)' });
	expect(await trigger.poll()).toMatchObject([{ state: 'raised', groups: [{ group: 'Chad' }] }]);
});
