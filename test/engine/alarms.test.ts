import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { listDataset, type WireRecord } from '../simulator/dataset';
import { wireTime } from '../simulator/records';
import { DEMO_CREDENTIAL, startSimulator } from '../simulator/simulator';
import { call, endedCalls, usePolling, type Trigger } from './support/polling';
import { DAY_MS, HOUR_MS, MINUTE_MS, NOW_MS } from '../support/times';

const FAILURE_RATE = {
	event: 'thresholdCrossed',
	metric: 'failureRate',
	condition: 'above',
	threshold: 20,
	windowMinutes: 60,
	minimumCalls: 5,
};
const COST = { ...FAILURE_RATE, metric: 'cost' };
const BALANCE = { event: 'balanceLow', threshold: 50 };
/** n8n 2.41 sets a budget, and discards the items of a poll that it superseded. */
const BUDGET_MS = 300_000;
/** n8n makes the place for a state, and the trigger has put nothing into it. */
const NOTHING_STORED = { 'node:ITNIO TECH Trigger': {} };

const service = usePolling();
const { clock, create, edited, itemsAfter, stateOf, logged } = service;

const endCalls = (...calls: Parameters<typeof endedCalls>) =>
	service.simulator.dataset.add(...endedCalls(...calls));

const setBalance = (balance: string) => {
	service.simulator.behaviour.balance = balance;
};

const statesAfter = async (trigger: Trigger, ms: number) =>
	(await itemsAfter(trigger, ms))?.map(({ state }) => state) ?? null;

const sample = async (parameters: INodeParameters) => {
	const trigger = await create(parameters, { mode: 'manual' });
	return (await trigger.poll())![0].map(({ json }) => json);
};

describe('a threshold', () => {
	it('is output once when it is crossed, and once when it no longer is', async () => {
		const trigger = await create(FAILURE_RATE);
		endCalls(0, { failed: 1, answered: 4 });
		expect(await statesAfter(trigger, 0)).toBeNull();
		endCalls(MINUTE_MS, { failed: 2 });
		const [raised, ...others] = (await itemsAfter(trigger, MINUTE_MS))!;
		expect(others).toEqual([]);
		expect(Object.entries(raised)).toEqual(
			Object.entries({
				state: 'raised',
				text:
					'Alarm: the failure rate is 42.9%, above 20% since 2026-11-20 16:01 (Asia/Singapore)\n' +
					'Failed: 3 of 7 calls that ended in the last 60 minutes\n' +
					'Reasons: 486 Busy Here: 3',
				metric: 'failureRate',
				value: 42.86,
				threshold: 20,
				calls: 7,
				failures: 3,
				topFailures: '486 Busy Here: 3',
				from: '2026-11-20T15:01:01+08:00',
				to: '2026-11-20T16:01:00+08:00',
			}),
		);
		for (let polls = 0; polls < 3; polls++) expect(await statesAfter(trigger, MINUTE_MS)).toBeNull();
		endCalls(4 * MINUTE_MS, { answered: 8 });
		const [cleared] = (await itemsAfter(trigger, MINUTE_MS))!;
		expect(cleared).toMatchObject({ state: 'cleared', value: 20, calls: 15, failures: 3 });
		expect(cleared.text).toBe(
			'Cleared: the failure rate is 20.0%, not above 20%. The alarm was raised at 2026-11-20 16:01 (Asia/Singapore).\n' +
				'Failed: 3 of 15 calls that ended in the last 60 minutes\n' +
				'Reasons: 486 Busy Here: 3',
		);
		expect(await statesAfter(trigger, MINUTE_MS)).toBeNull();
	});

	it('that is crossed when the workflow is activated is output by the first poll', async () => {
		endCalls(-MINUTE_MS, { failed: 5 });
		const trigger = await create(FAILURE_RATE);
		const [raised] = (await itemsAfter(trigger, 0))!;
		expect(raised.text).toMatch(
			/^Alarm: the failure rate is 100%, above 20% since .* \(Asia\/Singapore\) or earlier\n/,
		);
		expect(await statesAfter(trigger, MINUTE_MS)).toBeNull();
	});

	it.each([
		[5, false],
		[6, true],
	])(
		'that is noticed %d minutes after the previous poll was crossed then "or earlier": %p',
		async (minutes, isEarlier) => {
			const trigger = await create(FAILURE_RATE);
			await trigger.poll();
			endCalls(MINUTE_MS, { failed: 5 });
			const [{ text }] = (await itemsAfter(trigger, minutes * MINUTE_MS))!;
			expect(String(text).includes('(Asia/Singapore) or earlier\n')).toBe(isEarlier);
		},
	);

	it('that was crossed, and no longer is at the next poll, is not output', async () => {
		const trigger = await create(FAILURE_RATE);
		await trigger.poll();
		endCalls(DAY_MS, { failed: 50 });
		endCalls(3 * DAY_MS, { answered: 50 });
		expect(await statesAfter(trigger, 3 * DAY_MS)).toBeNull();
	});
});

describe('each metric', () => {
	it.each<[string, INodeParameters, number, string, string]>([
		['failureRate', {}, 60, 'the failure rate is 60.0%, above 1%', 'Failed: 6 of 10 calls'],
		['answerRate', {}, 40, 'the answer rate is 40.0%, above 1%', 'Answered: 4 of 10 calls'],
		[
			'networkEffectiveness',
			{},
			90,
			'the network effectiveness is 90.0%, above 1%',
			'Delivered: 9 of 10 calls',
		],
		['failures', {}, 6, 'the number of failed calls is 6, above 1', 'Failed: 6 of 10 calls'],
		['calls', {}, 10, 'the number of calls is 10, above 1', 'Failed: 6 of 10 calls'],
		['cost', {}, 0.3, 'the cost is 0.30 EUR so far', 'Calls'],
		['codeShare', { terminationCode: { __rl: true, mode: 'text', value: '503; 486' } }, 50, 'the share of termination code 486, 503 is 50.0%, above 1%', 'With this code: 5 of 10 calls'], // prettier-ignore
		['codeShare', { terminationCode: '503' }, 0, 'the share of termination code 503 is 0%, not above 1%', 'With this code: 0 of 10 calls'], // prettier-ignore
	])('%s of %p is %d', async (metric, parameters, value, text, detail) => {
		endCalls(0, { answered: 3 }, { cost: '0.1', currency: 'EUR' });
		endCalls(0, { answered: 1 }, { cost: '', currency: 'EUR' });
		endCalls(0, { failed: 5 }, { cost: '', currency: 'EUR' });
		endCalls(0, { failed: 1 }, { cost: '', currency: 'EUR', terminationCode: '404' });
		const [item] = await sample({ ...FAILURE_RATE, threshold: 1, windowMinutes: 1, metric, ...parameters });
		expect(item).toMatchObject({ metric, value, calls: 10, failures: 6 });
		const [first, second] = String(item.text).split('\n');
		expect(first).toBe(`Now: ${text}, 2026-11-20 16:00 (Asia/Singapore)`);
		const rest = metric === 'cost' ? ': 10, not billed yet: 1' : '';
		expect(second).toBe(`${detail} that ended in the last minute${rest}`);
	});

	it('of no calls is not known, except for counts and sums', async () => {
		for (const [metric, value] of [
			['failureRate', null],
			['codeShare', null],
			['calls', 0],
			['cost', 0],
		]) {
			const [item] = await sample({ ...FAILURE_RATE, metric, terminationCode: '486' } as INodeParameters);
			expect(item).toMatchObject({ state: 'cleared', value, calls: 0, topFailures: '' });
		}
	});

	it('can be below its threshold, which no calls at all are', async () => {
		const trigger = await create({ ...FAILURE_RATE, metric: 'calls', condition: 'below', threshold: 1 });
		expect(await statesAfter(trigger, 0)).toEqual(['raised']);
		endCalls(MINUTE_MS, { answered: 1 });
		expect(await statesAfter(trigger, MINUTE_MS)).toEqual(['cleared']);
	});

	it('cost that is not known yet does not change the alarm, in either direction', async () => {
		for (const cost of ['', 'free']) {
			clock.ms += DAY_MS;
			endCalls(clock.ms - NOW_MS, { answered: 5 }, { cost });
			endCalls(clock.ms - NOW_MS, { failed: 1 }, { cost: '0', currency: 'EUR' });
			const parameters = { ...FAILURE_RATE, metric: 'cost', threshold: 1 };
			const [item] = await sample(parameters);
			expect(item.value).toBeNull();
			expect(item.text).toMatch(/^Now: the cost is not known, .*\nCalls that .*: 6, .*: 5\n/);
			expect(await statesAfter(await create({ ...parameters, condition: 'below' }), 0)).toBeNull();
			const trigger = await create(parameters);
			endCalls(clock.ms - NOW_MS, { answered: 1 }, { cost: '2', currency: 'EUR' });
			expect(await statesAfter(trigger, 0)).toEqual(['raised']);
			clock.ms += 2 * HOUR_MS;
			endCalls(clock.ms - NOW_MS, { answered: 5 }, { cost });
			expect(await statesAfter(trigger, 0)).toBeNull();
		}
	});

	it('cost has the currency of what was charged: a failed call may have none', async () => {
		endCalls(0, { answered: 5 }, { cost: '2', currency: 'EUR' });
		endCalls(0, { failed: 5 }, { cost: '0', currency: '' });
		const [item] = await sample({ ...FAILURE_RATE, metric: 'cost' });
		expect(item).toMatchObject({ value: 10, calls: 10 });
		expect(item.text).toContain('the cost is 10.00 EUR');
	});

	it('cost counts in the currency of most calls, and names the others', async () => {
		const trigger = await create({ ...FAILURE_RATE, metric: 'cost', threshold: 8 });
		endCalls(0, { answered: 3 }, { cost: '2', currency: 'EUR' });
		endCalls(0, { answered: 2 }, { cost: '50', currency: 'USD' });
		expect(await statesAfter(trigger, 0)).toBeNull();
		endCalls(0, { answered: 2 }, { cost: '2', currency: 'EUR' });
		const [item] = (await itemsAfter(trigger, MINUTE_MS))!;
		expect(item).toMatchObject({ state: 'raised', value: 10 });
		expect(item.text).toMatch(
			/^Alarm: the cost is 10.00 EUR, above 8 EUR since .*\n.*: 7, in other currencies: 100.00 USD/,
		);
	});

	it('cost is not over because most calls are in another currency now', async () => {
		const trigger = await create({ ...COST, threshold: 8 });
		endCalls(0, { answered: 1 }, { cost: '50', currency: 'USD' });
		expect(await statesAfter(trigger, 0)).toEqual(['raised']);
		endCalls(MINUTE_MS, { answered: 3 }, { cost: '1', currency: 'EUR' });
		expect(await statesAfter(trigger, MINUTE_MS)).toBeNull();
		expect(await statesAfter(trigger, HOUR_MS - MINUTE_MS)).toEqual(['cleared']);
	});

	it('a threshold has a currency only where all groups of a text have it', async () => {
		const trigger = await create({ ...COST, threshold: 8, alarmPer: 'country' });
		endCalls(0, { answered: 1 }, { cost: '50', currency: 'USD', code: 'India' });
		expect((await itemsAfter(trigger, 0))![0].text).toMatch(/^Alarm: the cost is above 8 USD for 1 country /);
		endCalls(MINUTE_MS, { answered: 1 }, { cost: '9', currency: 'EUR', code: 'Kenya' });
		expect((await itemsAfter(trigger, MINUTE_MS))![0].text).toMatch(/^Alarm: the cost is above 8 EUR for 1 country .*\nKenya: 9.00 EUR/); // prettier-ignore
		const [{ text }] = await sample({ ...COST, threshold: 8, alarmPer: 'country' });
		expect(text).toMatch(/India: 50.00 USD .*\nKenya: 9.00 EUR/);
		const both = await create({ ...COST, threshold: 8, alarmPer: 'country' });
		expect((await itemsAfter(both, 0))![0].text).toMatch(/^Alarm: the cost is above 8 for 2 countries /);
	});

	it('answer rate with too few calls that were answered or failed says so', async () => {
		service.simulator.behaviour.newestFields = 'number';
		endCalls(0, { answered: 30 }, { callStatus: 40 });
		endCalls(0, { answered: 1 }, { callStatus: 50 });
		endCalls(0, { failed: 2 });
		const [{ text }] = await sample({ ...FAILURE_RATE, metric: 'answerRate', condition: 'below' });
		expect(text).toContain('\nAnswered: 1 of 3 calls that ended in the last 60 minutes, to voicemail: 30\n');
		expect(text).toContain('\nWith fewer than 5 calls, no alarm is raised or cleared');
	});

	it('cost in many currencies is a text that is short and without mark-up', async () => {
		const long = `<*_${'x'.repeat(500)}_*>`;
		for (let index = 0; index < 50; index++) {
			endCalls(0, { answered: 1 }, { cost: '2', currency: `${index}${long}` });
		}
		const [item] = await sample({ ...FAILURE_RATE, metric: 'cost' });
		expect(item.text).toMatch(/in other currencies: .*, and 44 more/);
		expect(item.text).not.toMatch(/[<*_]/);
		expect(String(item.text).length).toBeLessThan(1000);
	});
});

describe('the calls of the window', () => {
	const countOf = async (parameters: INodeParameters = {}) =>
		(await sample({ ...FAILURE_RATE, windowMinutes: 10, ...parameters }))[0].calls;

	it.each<[string, Partial<WireRecord>, number]>([
		['that began before it and ended in it', { submitTime: wireTime(NOW_MS - HOUR_MS), callTime: wireTime(NOW_MS - HOUR_MS) }, 1], // prettier-ignore
		['that ended at its first second', { hangupTime: wireTime(NOW_MS - 10 * MINUTE_MS + 1000) }, 1],
		['that ended before it', { hangupTime: wireTime(NOW_MS - 10 * MINUTE_MS) }, 0],
		['that ends later', { hangupTime: wireTime(NOW_MS + 1000) }, 0],
		['that goes on', { hangupTime: undefined, terminationCode: undefined }, 0],
		['that has a code, and began in it', { hangupTime: undefined }, 1],
		['that has hung up without a code', { terminationCode: undefined }, 1],
		['with a placeholder for its end', { hangupTime: '1970-01-01T08:00:00+08:00' }, 1],
	])('count one %s', async (_, changes, count) => {
		service.simulator.behaviour.listsOngoingCalls = true;
		service.simulator.dataset.add(call('1', -5 * MINUTE_MS, changes));
		expect(await countOf()).toBe(count);
	});

	it('are looked for within the look-back', async () => {
		service.simulator.dataset.add(call('1', -3 * HOUR_MS, { hangupTime: wireTime(NOW_MS - 1000) }));
		expect(await countOf()).toBe(0);
		expect(await countOf({ options: { lookback: 180 } })).toBe(1);
	});

	it('are those that match the filters', async () => {
		endCalls(0, { answered: 3 });
		endCalls(0, { answered: 2 }, { code: 'India(Delhi)' });
		expect(await countOf({ filters: { area: 'india' } })).toBe(2);
	});

	it('count once, when they end, however late they are listed', async () => {
		const trigger = await create({ ...FAILURE_RATE, minimumCalls: 1 });
		service.simulator.behaviour.listedTwice = ['late'];
		service.simulator.behaviour.listsOngoingCalls = true;
		service.simulator.dataset.add(call('late', 0, { hangupTime: undefined, terminationCode: undefined }));
		expect(await statesAfter(trigger, MINUTE_MS)).toBeNull();
		service.simulator.dataset.add(call('late', 0, { hangupTime: wireTime(NOW_MS + 50 * MINUTE_MS) }));
		const [item] = (await itemsAfter(trigger, 59 * MINUTE_MS))!;
		expect(item).toMatchObject({ state: 'raised', calls: 1 });
	});

	it('go by the clock of the service', async () => {
		service.simulator.behaviour.clockSkewMs = 3 * HOUR_MS;
		endCalls(3 * HOUR_MS, { failed: 5 });
		const trigger = await create(FAILURE_RATE);
		logged(trigger, 'warn');
		const [item] = (await itemsAfter(trigger, 0))!;
		expect(item).toMatchObject({ state: 'raised', calls: 5, to: '2026-11-20T19:00:00+08:00' });
	});

	it.each([
		['failureRate', 'above', 20],
		['calls', 'below', 100],
	])(
		'decide nothing where ITNIO counts more than it lists: %s, with the difference in the log',
		async (metric, condition, threshold) => {
			endCalls(0, { failed: 5 });
			const { behaviour } = service.simulator;
			behaviour.totalOff = 1;
			const trigger = await create({ ...FAILURE_RATE, metric, condition, threshold });
			const warn = logged(trigger, 'warn');
			for (let polls = 0; polls < 3; polls++) expect(await statesAfter(trigger, MINUTE_MS)).toBeNull();
			expect(String(warn.mock.calls[0]?.[0])).toMatch(/call records but lists .* no alarm changes/);
			behaviour.totalOff = 0;
			expect(await statesAfter(trigger, MINUTE_MS)).toEqual(['raised']);
			await expect(sample({ ...FAILURE_RATE, metric, condition, threshold })).resolves.toHaveLength(1);
		},
	);

	const INCOMPLETE: Array<[string, number, number, INodeParameters]> = [
		['992 of 2,000', 992, 390, {}],
		['500 of 2,000, too few', 500, 0, { metric: 'calls', condition: 'below', threshold: 1000 }],
		['none of 2,000', 0, 0, { metric: 'calls', condition: 'below', threshold: 100 }],
		['none of 2,000, no cost', 0, 0, { metric: 'cost', condition: 'below', threshold: 100 }],
	];

	it.each(INCOMPLETE)(
		'of which the list lacks some decide nothing, and the log says so: %s',
		async (_, listed, failed, rule) => {
			const { behaviour } = service.simulator;
			endCalls(0, { failed, answered: listed - failed }, { cost: '0.01' });
			behaviour.fixedTotal = 2000;
			const trigger = await create({ ...FAILURE_RATE, ...rule });
			const warn = logged(trigger, 'warn');
			expect(await statesAfter(trigger, 0)).toBeNull();
			expect(String(warn.mock.lastCall?.[0])).toMatch(/2,?000 call records but lists .* no alarm changes/);
			await expect(sample({ ...FAILURE_RATE, ...rule })).rejects.toThrow(
				'Not all calls of the window could be read',
			);
			// Nor do they end one.
			behaviour.fixedTotal = undefined;
			const raised = await statesAfter(trigger, MINUTE_MS);
			expect(raised).toEqual(['raised']);
			behaviour.fixedTotal = 2000;
			clock.ms += 3 * HOUR_MS;
			expect(await statesAfter(trigger, 0)).toBeNull();
		},
	);

	it('that were missed while nobody polled are not said to be late', async () => {
		const trigger = await create({ ...FAILURE_RATE, windowMinutes: 5 });
		const warn = logged(trigger, 'warn');
		await trigger.poll();
		endCalls(-10_000, { failed: 10 });
		expect(await statesAfter(trigger, 30 * MINUTE_MS)).toBeNull();
		expect(warn).not.toHaveBeenCalled();
	});

	/** Each request takes so long. */
	const slowDown = (ms: number) => {
		const { dataset } = service.simulator;
		service.simulator.dataset = {
			...dataset,
			count: (query) => {
				clock.ms += ms;
				return dataset.count(query);
			},
		};
	};

	it('that are too many for the time of a poll even in the look-back stop it with a message, and the alarm does not change', async () => {
		endCalls(0, { failed: 300 });
		slowDown(30_000);
		const trigger = await create(FAILURE_RATE);
		const warn = logged(trigger, 'warn');
		expect(await itemsAfter(trigger, 0)).toBeNull();
		expect(String(warn.mock.calls[0]?.[0])).toContain('The next poll reads on');
		const state = stateOf(trigger);
		const again = service.itemsAfter(trigger, MINUTE_MS);
		await expect(again).rejects.toThrow(
			'The calls of the look-back could not be read in the time of one poll',
		);
		expect(stateOf(trigger)).toEqual(state);
	});

	it('are read on by the next polls where one poll is too short for the window', async () => {
		for (let hour = 0; hour < 24; hour++) endCalls(-hour * HOUR_MS, { failed: 100, answered: 100 });
		slowDown(2000);
		const trigger = await create({ ...FAILURE_RATE, windowMinutes: 1440 });
		const warn = logged(trigger, 'warn');
		let polls = 1;
		let items = await itemsAfter(trigger, 0);
		for (; !items && polls < 20; polls++) items = await itemsAfter(trigger, MINUTE_MS);
		expect(items).toMatchObject([{ state: 'raised', value: 50 }]);
		expect(polls).toBeGreaterThan(2);
		expect(String(warn.mock.calls[0]?.[0])).toMatch(/calls are read up to 2026-11-.*The next poll reads on/);
	});
});

test('no character out of a record, a currency or a zone is mark-up', async () => {
	endCalls(0, { failed: 5 }, { terminationReason: '<!channel> *x* _y_ `z` [a]', currency: '<_€_>' });
	const options = { timezone: 'America/New_York' };
	for (const metric of ['failureRate', 'cost']) {
		const [item] = await sample({ ...FAILURE_RATE, metric, options });
		expect(`${String(item.text)}${String(item.topFailures)}`).not.toMatch(/[<*_`[]/);
		expect(item.to).toBe('2026-11-20T03:00:00-05:00');
	}
});

describe('the balance', () => {
	it('is output once when it is low, and once when it no longer is', async () => {
		setBalance('50');
		const trigger = await create({ ...BALANCE, options: { clearAt: 60 } });
		expect(await itemsAfter(trigger, 0)).toBeNull();
		setBalance('-0.5');
		const [raised] = (await itemsAfter(trigger, MINUTE_MS))!;
		expect(Object.entries(raised)).toEqual(
			Object.entries({
				state: 'raised',
				text: 'Alarm: the balance is -0.5, below 50 since 2026-11-20 16:01 (Asia/Singapore)',
				balance: -0.5,
				threshold: 50,
			}),
		);
		setBalance('10');
		expect(await statesAfter(trigger, MINUTE_MS)).toBeNull();
		setBalance('59.99');
		expect(await statesAfter(trigger, MINUTE_MS)).toBeNull();
		setBalance('60');
		const [cleared] = (await itemsAfter(trigger, MINUTE_MS))!;
		expect(cleared).toEqual({
			state: 'cleared',
			text: 'Cleared: the balance is 60, not below 60. The alarm was raised at 2026-11-20 16:01 (Asia/Singapore).',
			balance: 60,
			threshold: 50,
		});
		setBalance('55');
		expect(await statesAfter(trigger, MINUTE_MS)).toBeNull();
		setBalance('49');
		expect(await statesAfter(trigger, MINUTE_MS)).toEqual(['raised']);
	});

	it.each<[string | null, string]>([
		['1,234.50', '1,234.50'],
		[' ', 'empty'],
		[null, 'null'],
	])('that cannot be read, %p, is named and changes nothing', async (balance, name) => {
		for (const [first, next] of [
			['10', '60'],
			['60', '10'],
		]) {
			setBalance(first);
			const trigger = await create(BALANCE);
			await trigger.poll();
			const before = stateOf(trigger);
			service.simulator.behaviour.balance = balance;
			await expect(trigger.poll()).rejects.toThrow(`sent a balance that this node cannot read: ${name}`);
			expect(stateOf(trigger)).toEqual(before);
			setBalance(next);
			expect(await statesAfter(trigger, MINUTE_MS)).toHaveLength(1);
		}
	});

	it('is shown by a test in the editor', async () => {
		setBalance('12.5');
		expect(await sample(BALANCE)).toEqual([
			{
				state: 'raised',
				text: 'Now: the balance is 12.5, below 50, 2026-11-20 16:00 (Asia/Singapore)',
				balance: 12.5,
				threshold: 50,
			},
		]);
	});
});

describe('a test in the editor', () => {
	it('shows the present value, and that there are too few calls', async () => {
		endCalls(0, { failed: 2 });
		const [item] = await sample(FAILURE_RATE);
		expect(item).toMatchObject({ state: 'cleared', value: 100 });
		expect(String(item.text).split('\n')).toEqual([
			'Now: the failure rate is 100%, above 20%, 2026-11-20 16:00 (Asia/Singapore)',
			'Failed: 2 of 2 calls that ended in the last 60 minutes',
			'Reasons: 486 Busy Here: 2',
			'With fewer than 5 calls, no alarm is raised or cleared',
		]);
	});

	it('has no state', async () => {
		endCalls(0, { failed: 5 });
		const trigger = await create(FAILURE_RATE, { mode: 'manual' });
		for (let times = 0; times < 2; times++) expect(await statesAfter(trigger, 0)).toEqual(['raised']);
		expect(stateOf(trigger)).toEqual({});
	});
});

describe('the state', () => {
	it.each([undefined, BUDGET_MS])('survives a restart, budget %p', async (budgetMs) => {
		endCalls(0, { failed: 5 });
		const trigger = await create(FAILURE_RATE, { budgetMs });
		expect(await statesAfter(trigger, 0)).toEqual(['raised']);
		const second = await edited(trigger, FAILURE_RATE, { budgetMs });
		expect(await statesAfter(second, MINUTE_MS)).toBeNull();
		endCalls(2 * MINUTE_MS, { answered: 50 });
		const third = await edited(trigger, FAILURE_RATE, { budgetMs });
		expect(await statesAfter(third, MINUTE_MS)).toEqual(['cleared']);
	});

	it('does not change when a poll fails', async () => {
		endCalls(0, { failed: 5 });
		const trigger = await create(FAILURE_RATE);
		service.simulator.failNext({ kind: 'status', status: '-30' });
		await expect(trigger.poll()).rejects.toThrow();
		expect(stateOf(trigger)).toEqual(NOTHING_STORED);
		expect(await statesAfter(trigger, MINUTE_MS)).toEqual(['raised']);
	});

	it.each<[string, INodeParameters, INodeParameters]>([
		['the same filters', { filters: { area: 'Afghanistan' } }, { filters: { area: 'afghanistan', calledInfo: ' ' } }], // prettier-ignore
	])('goes on after an edit: %s', async (_, before, after) => {
		endCalls(0, { failed: 5 });
		const trigger = await create({ ...FAILURE_RATE, ...before });
		expect(await statesAfter(trigger, 0)).toEqual(['raised']);
		expect(await statesAfter(await edited(trigger, { ...FAILURE_RATE, ...after }), MINUTE_MS)).toBeNull();
	});

	it.each([
		[55, null],
		[65, ['raised']],
	])(
		'of a balance alarm without "Notify When Cleared" outputs it again after a restart %d minutes later: %p',
		async (minutes, states) => {
			service.simulator.behaviour.balance = '10';
			const rule = { ...BALANCE, options: { notifyWhenCleared: false } };
			const trigger = await create(rule);
			expect(await statesAfter(trigger, 0)).toEqual(['raised']);
			const restarted = await edited(trigger, rule, { activation: 'init' });
			expect(await statesAfter(restarted, minutes * MINUTE_MS)).toEqual(states);
		},
	);

	it('of another rule says that the value may have been so for longer', async () => {
		const nodeId = 'edited rule';
		endCalls(0, { failed: 5, answered: 5 });
		const trigger = await create({ ...FAILURE_RATE, threshold: 60 }, { nodeId });
		expect(await statesAfter(trigger, 0)).toBeNull();
		const second = await edited(trigger, FAILURE_RATE, { nodeId });
		const [raised] = (await itemsAfter(second, MINUTE_MS))!;
		expect(raised.text).toMatch(/^Alarm: the failure rate is 50.0%, above 20% since .* or earlier\n/);
	});

	it('is that of another alarm with another account', async () => {
		endCalls(0, { failed: 5 });
		const trigger = await create(FAILURE_RATE);
		expect(await statesAfter(trigger, 0)).toEqual(['raised']);
		const other = await startSimulator({ dataset: listDataset([]), apiKey: 'other-key' });
		const credential = { ...DEMO_CREDENTIAL, apiKey: 'other-key', baseUrl: other.url };
		const second = await edited(trigger, FAILURE_RATE, { credential });
		other.dataset.add(...endedCalls(10_000, { answered: 5 }));
		expect(await statesAfter(second, MINUTE_MS)).toBeNull();
		other.dataset.add(...endedCalls(10_000, { failed: 5 }));
		expect(await statesAfter(second, MINUTE_MS)).toEqual(['raised']);
		await other.stop();
	});

	it('is that of another event after an edit, which starts over from now', async () => {
		const nodeId = 'edited event';
		endCalls(-MINUTE_MS, { failed: 5 });
		const ofCalls = await create({ event: 'callFailed' }, { nodeId });
		expect(await itemsAfter(ofCalls, 0)).toBeNull();
		const alarm = await edited(ofCalls, FAILURE_RATE, { nodeId });
		const warn = logged(alarm, 'warn');
		expect(await statesAfter(alarm, MINUTE_MS)).toEqual(['raised']);
		endCalls(DAY_MS, { failed: 3 });
		clock.ms += 2 * DAY_MS;
		const again = await edited(alarm, { event: 'callFailed' }, { nodeId });
		expect(await itemsAfter(again, 0)).toBeNull();
		endCalls(clock.ms - NOW_MS + MINUTE_MS, { failed: 1 });
		expect(await itemsAfter(again, 2 * MINUTE_MS)).toHaveLength(1);
		expect(warn).not.toHaveBeenCalled();
	});

	it.each([8 * HOUR_MS, 5 * MINUTE_MS])(
		'is as old as before when the clock is set back by %d ms: a reminder comes, and no time is ahead',
		async (backMs) => {
			clock.ms += backMs;
			const trigger = await create({ ...FAILURE_RATE, options: { remindEvery: 1 } });
			endCalls(backMs, { failed: 9 });
			expect(await statesAfter(trigger, 0)).toEqual(['raised']);
			clock.ms -= backMs;
			const reminders: IDataObject[] = [];
			for (let polls = 0; polls < 8; polls++) {
				endCalls(clock.ms - NOW_MS, { failed: 9 });
				reminders.push(...((await itemsAfter(trigger, 10 * MINUTE_MS)) ?? []));
			}
			expect(reminders).toMatchObject([{ state: 'reminder' }]);
			const [, raised] = /raised at (\S+ \S+) /.exec(String(reminders[0].text))!;
			const raisedMs = Date.parse(`${raised.replace(' ', 'T')}+08:00`) - NOW_MS;
			expect(raisedMs).toBeGreaterThanOrEqual(0);
			expect(raisedMs).toBeLessThanOrEqual(10 * MINUTE_MS);
		},
	);

	it('that cannot be read is said in the log, and what holds is output', async () => {
		endCalls(0, { failed: 5 });
		const staticData = { 'node:ITNIO TECH Trigger': { checkpoint: { version: 7 } } } as IDataObject;
		const trigger = await create(FAILURE_RATE, { staticData });
		const warn = logged(trigger, 'warn');
		expect(await statesAfter(trigger, 0)).toEqual(['raised']);
		expect(String(warn.mock.calls[0]?.[0])).toContain('the state of the last poll cannot be read');
	});
});

it.each<[string, INodeParameters, string]>([
	['event', { event: 'callLost' }, 'Unknown value for "Event": callLost'],
	['metric', { metric: 'x' }, 'Unknown value for "Metric": x'],
	['condition', { condition: 'over' }, 'Unknown value for "Condition": over'],
	['threshold', { threshold: 'much' }, '"Threshold (%)" is not a valid number: much'],
	['threshold', { threshold: null as unknown as string }, '"Threshold (%)" is not a valid number: empty'],
	['rate', { threshold: 100.1 }, '"Threshold (%)" must be a number from 0 to 100'],
	['share', { metric: 'codeShare', terminationCode: '486', threshold: 101 }, '"Threshold (%)" must be a number from 0 to 100'], // prettier-ignore
	['count', { metric: 'failures', threshold: -1 }, '"Threshold (Calls)" must be a number of 0 or more'],
	['balance', { event: 'balanceLow', threshold: '1,5' }, '"Threshold (Amount)" is not a valid number: 1,5'],
	['Clear At', { options: { clearAt: 'x' } }, '"Clear At" is not a valid number: x'],
	['Clear At', { options: { clearAt: -1 } }, '"Clear At" must be a number from 0 to 100'],
	['Clear At', { options: { clearAt: 20.5 } }, '"Clear At" must not be above "Threshold (%)"'],
	[
		'Clear At',
		{ condition: 'below', options: { clearAt: 19 } },
		'"Clear At" must not be below "Threshold (%)"',
	],
	['Clear At', { ...BALANCE, options: { clearAt: 49 } }, '"Clear At" must not be below "Threshold (Amount)"'],
	['Notify When Cleared', { options: { notifyWhenCleared: 'maybe' } }, 'Unknown value for "Notify When Cleared": maybe'], // prettier-ignore
	[
		'look-back',
		{ options: { lookback: 0 } },
		'"Look-Back (Minutes)" must be a whole number from 1 to 10,080',
	],
	['window', { windowMinutes: 1441 }, '"Window (Minutes)" must be a whole number from 1 to 1,440'],
	['calls', { minimumCalls: 0 }, '"Minimum Calls" must be a whole number of 1 or more'],
	['code', { metric: 'codeShare', terminationCode: 'busy' }, 'Unknown value for "Termination Code": busy'],
	['code', { metric: 'codeShare', terminationCode: '' }, '"Termination Code" is empty'],
	['rate', { threshold: 100 }, '"Threshold (%)" can never be crossed: no value is above 100'],
	['rate', { condition: 'below', threshold: 0 }, '"Threshold (%)" can never be crossed: no value is below 0'],
	[
		'count',
		{ metric: 'calls', condition: 'below', threshold: 0 },
		'"Threshold (Calls)" can never be crossed',
	],
	['cost', { metric: 'cost', condition: 'below', threshold: 0 }, '"Threshold (Amount)" can never be crossed'],
	[
		'filter',
		{ filters: { outcome: 'answered' } },
		'"Filters" → "Outcome" cannot be used with the metric "Failure Rate"',
	],
	['filter', { filters: { terminationCode: '503' } }, '"Filters" → "Termination Code" cannot be used'],
	['filter', { filters: { keyPressed: '1' } }, '"Filters" → "Key Pressed" cannot be used'],
	[
		'filter',
		{ metric: 'codeShare', terminationCode: '486', filters: { minDuration: 1 } },
		'"Filters" → "Minimum Duration (Seconds)" cannot be used',
	],
	[
		'filter',
		{ metric: 'failures', filters: { outcome: 'answered' } },
		'"Filters" → "Outcome" cannot be used',
	],
	[
		'filter',
		{ metric: 'failures', filters: { keyPressed: '1' } },
		'"Filters" → "Key Pressed" cannot be used',
	],
	['filter', { metric: 'failures', filters: { minDuration: 1 } }, '"Filters" → "Minimum Duration (Seconds)"'],
	[
		'filter',
		{ metric: 'failures', filters: { terminationCode: '200, 0' } },
		'"Filters" → "Termination Code"',
	],
	[
		'filter from a list',
		{ metric: 'failures', filters: { terminationCode: { __rl: true, mode: 'list', value: '200' } } },
		'"Filters" → "Termination Code" cannot be used',
	],
	[
		'groups',
		{ alarmPer: 'terminationCode' },
		'"One Alarm For" cannot be "Each Termination Code" with the metric "Failure Rate"',
	],
	['groups', { alarmPer: 'operator' }, 'Unknown value for "One Alarm For": operator'],
	['reminder', { options: { remindEvery: -1 } }, '"Remind Every (Hours)" must be a number from 0 to 744'],
	[
		'newest',
		{ options: { ignoreLast: 0.5 } },
		'"Ignore Last (Minutes)" must be a whole number from 0 to 1,440',
	],
	[
		'filter',
		{ metric: 'calls', filters: { terminationCode: 'busy' } },
		'Unknown value for "Termination Code": busy',
	],
	['filter', { filters: { calledNumber: ' , ' } }, '"Called Number" has no value'],
	['filter', { filters: { area: '={{ undefined }}' } }, '"Area" has no value'],
	['zone', { options: { timezone: 'Mars' } }, '"Timezone" is not a valid timezone: Mars'],
])('%s is named before anything is sent: %j', async (_, parameters, message) => {
	for (const mode of ['trigger', 'manual'] as const) {
		const trigger = await create({ ...FAILURE_RATE, ...parameters }, { mode });
		await expect(trigger.poll()).rejects.toThrow(message);
	}
	expect(service.simulator.requests).toEqual([]);
});

describe('a rule', () => {
	it.each([
		[{ metric: 'failures', threshold: 5 }, { failed: 12 }, {}],
		[{ metric: 'cost', threshold: 100 }, { answered: 12 }, { cost: '40' }],
		[{ metric: 'calls', threshold: 11 }, { answered: 12 }, {}],
	])('%p is compared whatever the number of calls', async (rule, counts, changes) => {
		const trigger = await create({ ...FAILURE_RATE, minimumCalls: 20, ...rule });
		endCalls(0, counts, changes);
		expect(await statesAfter(trigger, MINUTE_MS)).toEqual(['raised']);
	});

	it.each<[INodeParameters]>([
		[{ terminationCode: '200, 486' }],
		[{ keyPressed: '-1' }],
		[{ minDuration: 0 }],
		[{ outcome: 'failed' }],
	])('may count failures with the filter %p, which failed calls match', async (filters) => {
		const trigger = await create({ ...FAILURE_RATE, metric: 'failures', threshold: 0, filters });
		endCalls(0, { failed: 1, answered: 1 });
		expect(await statesAfter(trigger, MINUTE_MS)).toEqual(['raised']);
	});

	it('with reminders says in them what is known', async () => {
		endCalls(0, { failed: 20, answered: 80 });
		const trigger = await create({
			...FAILURE_RATE,
			threshold: 15,
			windowMinutes: 1440,
			options: { clearAt: 5, remindEvery: 1 },
		});
		expect(await statesAfter(trigger, 0)).toEqual(['raised']);
		endCalls(0, { answered: 100 });
		const [item] = (await itemsAfter(trigger, HOUR_MS))!;
		expect(item.state).toBe('reminder');
		expect(String(item.text).split('\n')[0]).toBe(
			'Still active: the failure rate is 10.0%, with a threshold of 15%. The alarm was raised at 2026-11-20 16:00 (Asia/Singapore).',
		);
	});

	it('with "Ignore Last" leaves out the newest minutes', async () => {
		const trigger = await create({ ...FAILURE_RATE, options: { ignoreLast: 10 } });
		endCalls(0, { failed: 5 });
		expect(await statesAfter(trigger, 9 * MINUTE_MS)).toBeNull();
		const [item] = (await itemsAfter(trigger, 2 * MINUTE_MS))!;
		expect(item).toMatchObject({ state: 'raised', to: '2026-11-20T16:01:00+08:00' });
		expect(item.text).toContain(
			'5 of 5 calls that ended in the 60 minutes until 2026-11-20 16:01 (Asia/Singapore)',
		);
	});
});

describe('one alarm for each country', () => {
	const PER_COUNTRY = { ...FAILURE_RATE, alarmPer: 'country' };
	const to = (country: string) => ({ code: `${country}(One)` });

	it('stores the display numbers of active alarms, and no called numbers', async () => {
		const callee = '447700900123';
		const trigger = await create({ ...PER_COUNTRY, alarmPer: 'displayNum' });
		endCalls(0, { failed: 10 }, { callee, displayNum: '447700900456' });
		endCalls(0, { answered: 10 }, { callee, displayNum: '447700900789' });
		expect(await statesAfter(trigger, MINUTE_MS)).toEqual(['raised']);
		const stored = JSON.stringify(stateOf(trigger));
		expect(stored).toContain('447700900456');
		expect(stored).not.toMatch(/447700900(123|789)/);
	});

	it('is raised and cleared by its own calls, in one item for all', async () => {
		const trigger = await create(PER_COUNTRY);
		endCalls(0, { failed: 3, answered: 7 }, to('Mali'));
		endCalls(0, { failed: 10 }, to('Chad'));
		endCalls(0, { failed: 1, answered: 9 }, to('Peru'));
		endCalls(0, { failed: 4 }, to('Fiji'));
		const [raised, ...others] = (await itemsAfter(trigger, MINUTE_MS))!;
		expect(others).toEqual([]);
		expect(raised).toMatchObject({
			state: 'raised',
			value: 100,
			calls: 20,
			failures: 13,
			groups: [
				{ group: 'Chad', value: 100, calls: 10 },
				{ group: 'Mali', value: 30, calls: 10 },
			],
		});
		expect(raised.text).toBe(
			'Alarm: the failure rate is above 20% for 2 countries since 2026-11-20 16:01 (Asia/Singapore) or earlier\n' +
				'Chad: 100% (failed: 10 of 10 calls)\n' +
				'Mali: 30.0% (failed: 3 of 10 calls)',
		);
		endCalls(MINUTE_MS, { answered: 90 }, to('Chad'));
		endCalls(MINUTE_MS, { failed: 5 }, to('Fiji'));
		const [first, second] = (await itemsAfter(trigger, MINUTE_MS))!;
		expect(first).toMatchObject({ state: 'raised', groups: [{ group: 'Fiji', value: 100, calls: 9 }] });
		expect(second).toMatchObject({ state: 'cleared', groups: [{ group: 'Chad', value: 10, calls: 100 }] });
		expect(second.text).toBe(
			'Cleared: the failure rate is not above 20% for 1 country\n' +
				'Chad: 10.0% (failed: 10 of 100 calls), raised at 2026-11-20 16:01 (Asia/Singapore)',
		);
		expect(await itemsAfter(trigger, MINUTE_MS)).toBeNull();
	});

	it.each(['', '*', '_(One)', '(One)'])(
		'is one of "unknown" for the area %p, which leaves no name',
		async (code) => {
			endCalls(0, { failed: 5 }, { code });
			const trigger = await create(PER_COUNTRY);
			const [{ text, groups }] = (await itemsAfter(trigger, 0))!;
			expect(groups).toEqual([{ group: 'unknown', value: 100, calls: 5 }]);
			expect(text).toContain('\nunknown: 100% (failed: 5 of 5 calls)');
		},
	);

	it('is raised where calls stop altogether', async () => {
		const trigger = await create({
			...PER_COUNTRY,
			metric: 'calls',
			condition: 'below',
			threshold: 1,
			windowMinutes: 5,
		});
		endCalls(0, { answered: 3 }, to('Mali'));
		expect(await itemsAfter(trigger, MINUTE_MS)).toBeNull();
		const [item] = (await itemsAfter(trigger, 10 * MINUTE_MS))!;
		expect(item).toMatchObject({ state: 'raised', groups: [{ group: 'Mali', value: 0, calls: 0 }] });
	});

	it.each([
		[23, ['Mali']],
		[26, null],
	])('is raised for a group whose last call was %d hours ago: %p', async (hours, groups) => {
		const rule = { metric: 'calls', condition: 'below', threshold: 1 };
		const trigger = await create({ ...PER_COUNTRY, ...rule, options: { remindEvery: 1 } });
		endCalls(0, { answered: 3 }, to('Mali'));
		expect(await itemsAfter(trigger, MINUTE_MS)).toBeNull();
		const raised = await itemsAfter(trigger, hours * HOUR_MS);
		const namesOf = (item: IDataObject) => (item.groups as IDataObject[]).map(({ group }) => group);
		expect(raised && namesOf(raised[0])).toEqual(groups);
		// Once raised, it goes on.
		const later = await itemsAfter(trigger, 2 * HOUR_MS);
		expect(later && [later[0].state, namesOf(later[0])]).toEqual(groups && ['reminder', groups]);
	});

	it('for 1,000 areas, the maximum, has a text of twenty lines and a state below 64 KB', async () => {
		const records = Array.from({ length: 6018 }, (_, index) =>
			call(`area ${index}`, -10_000, { code: `Country number ${index % 1003}(Some operator)` }),
		);
		service.simulator.dataset.add(...records);
		const trigger = await create({ ...PER_COUNTRY, alarmPer: 'area' });
		const warn = logged(trigger, 'warn');
		const [item] = (await itemsAfter(trigger, 0))!;
		expect(item.groups).toHaveLength(1000);
		const left = '1,000 alarms are active, so others were not raised: 3';
		expect(warn).toHaveBeenCalledWith(expect.stringContaining(left));
		const lines = String(item.text).split('\n');
		expect([lines.length, lines.at(-1)]).toEqual([22, 'and 980 more']);
		expect(String(item.text).length).toBeLessThan(3500);
		expect(JSON.stringify(stateOf(trigger)).length).toBeLessThan(64 * 1024);
	});

	it('is raised for fewer where names take more bytes, as the state has room for 64 KB', async () => {
		service.simulator.dataset = listDataset(Array.from({ length: 5000 }, (_, index) =>
			call(`area ${index}`, -10_000, { code: `${'网'.repeat(36)}${index % 1000}` }),
		)); // prettier-ignore
		const trigger = await create({ ...PER_COUNTRY, alarmPer: 'area' });
		const warn = logged(trigger, 'warn');
		const [item] = (await itemsAfter(trigger, 0))!;
		const raised = (item.groups as unknown[]).length;
		expect(raised).toBeGreaterThan(400);
		expect(raised).toBeLessThan(1000);
		expect(Buffer.byteLength(JSON.stringify(stateOf(trigger)))).toBeLessThan(64 * 1024);
		const left = `${raised} alarms are active, so others were not raised: ${1000 - raised}`;
		expect(warn).toHaveBeenCalledWith(expect.stringContaining(left));
	});

	it('shows the present values in the editor, also of too few calls', async () => {
		endCalls(0, { failed: 3, answered: 7 }, to('Mali'));
		endCalls(0, { failed: 1 }, to('Chad'));
		const [item] = await sample(PER_COUNTRY);
		expect(item).toMatchObject({ state: 'raised', value: 100 });
		expect(item.text).toBe(
			'Now: the failure rate, 2026-11-20 16:00 (Asia/Singapore)\n' +
				'Chad: 100% (failed: 1 of 1 call)\n' +
				'Mali: 30.0% (failed: 3 of 10 calls)',
		);
	});
});
