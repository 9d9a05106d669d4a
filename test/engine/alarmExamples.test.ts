import { DateTime } from 'luxon';
import type * as n8nWorkflow from 'n8n-workflow';
import type { IDataObject } from 'n8n-workflow';

import type { Fault } from '../simulator/simulator';
import { runs, share } from '../support/runs';
import { NOW_MS } from '../support/times';
import { readWorkflow } from './support/engine';
import { call, usePolling } from './support/polling';

const mockSleeping = { clock: undefined as unknown as { sleep(ms: number): Promise<void> } };

/** Sleeping takes no time, but advances the clock. */
jest.mock('n8n-workflow', () => ({
	...jest.requireActual<typeof n8nWorkflow>('n8n-workflow'),
	sleep: async (ms: number) => await mockSleeping.clock.sleep(ms),
}));

const ZONE = 'Asia/Singapore';
const START = DateTime.fromMillis(NOW_MS, { zone: ZONE }).startOf('week').plus({ weeks: 1 });
const WEEKS = runs(2);
/** Fewer polls in a quick run, of as many calls an hour. */
const STEPS_PER_HOUR = WEEKS > 1 ? 2 : 1;
const STEP = { minutes: 60 / STEPS_PER_HOUR };
const CALLS_PER_STEP = 20 / STEPS_PER_HOUR;

/** By weekday and hour: each meets a moment at which something is to be told, or none. */
const OUTAGES: Record<string, Fault> = {
	'1 03': { kind: 'http', httpStatus: 503 },
	'2 11': { kind: 'http', httpStatus: 429, headers: { 'Retry-After': '30' } },
	'2 15': { kind: 'status', status: '-1' },
	'4 20': { kind: 'html' },
	'5 10': { kind: 'status', status: '-15' },
	'6 22': { kind: 'reset' },
};
/** By weekday and hour: n8n is started again before the last poll, also while the service cannot be reached. */
const RESTARTS = ['1 03', '2 12', '3 00', '4 12', '5 10', '6 23', '7 12'];

const service = usePolling();
mockSleeping.clock = service.clock;

interface Message extends IDataObject {
	state: string;
	text: string;
}

/** Polls as the example does, for weeks. */
async function play(name: string, happen: (time: DateTime) => void): Promise<Message[]> {
	const { simulator, clock } = service;
	const { parameters } = readWorkflow(name).nodes.find(({ type }) => type.endsWith('itniotechTrigger'))!;
	clock.ms = START.toMillis();
	let trigger = await service.create(parameters, { timezone: ZONE });
	service.logged(trigger, 'error');
	service.logged(trigger, 'warn');
	let saved: IDataObject = {};
	const messages: Message[] = [];
	let failed = 0;
	for (let time = START; time < START.plus({ weeks: WEEKS }); time = time.plus(STEP)) {
		clock.ms = Math.max(clock.ms, time.toMillis());
		happen(time);
		const hour = `${time.weekday} ${String(time.hour).padStart(2, '0')}`;
		const isRestart = RESTARTS.includes(hour) && time.plus(STEP).hour !== time.hour;
		if (isRestart) {
			trigger = await service.create(parameters, { timezone: ZONE, staticData: structuredClone(saved), activation: 'init' }); // prettier-ignore
		}
		const outage = OUTAGES[hour];
		const fault = outage && { ...outage };
		if (fault) simulator.failNext(...Array<Fault>(50).fill(fault));
		const [polled] = await Promise.allSettled([service.itemsAfter(trigger, 0)]);
		if (fault) fault.onlyAt = 'nowhere';
		if (polled.status === 'rejected') failed++;
		expect(polled.status).toBe(outage && !isRestart ? 'rejected' : 'fulfilled');
		const items = polled.status === 'fulfilled' ? polled.value : null;
		// n8n saves nothing of a poll without items.
		if (items) saved = service.stateOf(trigger);
		messages.push(...((items ?? []) as Message[]));
	}
	// The service answers no poll of six hours a week. Two of these polls are the first after a start, which do not fail.
	expect(failed).toBe((6 * STEPS_PER_HOUR - 2) * WEEKS);
	return messages;
}

/** @param failed how many of the calls to each country fail */
function addCalls(time: DateTime, failed: Record<string, number>, perCountry = CALLS_PER_STEP): void {
	const calls = Object.entries(failed).flatMap(([country, failures]) =>
		Array.from({ length: perCountry }, (_, nth) =>
			call(`${time.toMillis()} ${country} ${nth}`, time.toMillis() - NOW_MS - 60_000, {
				terminationCode: nth < failures ? '503' : '200',
				code: `${country}(Mobile)`,
			}),
		),
	);
	service.simulator.dataset.add(...calls);
}

/** Calls to two countries around the clock. */
function callAllDay(time: DateTime): void {
	const isBoth = time.weekday === 4 ? time.hour >= 10 : time.weekday === 5 && time.hour < 22;
	const isChad = isBoth || (time.weekday === 2 && time.hour >= 11 && time.hour < 13);
	// Between the two limits: neither a message that it is over, nor another that it is not.
	const isBetween = time.weekday === 2 && time.hour >= 13 && time.hour < 15;
	const failedOf = (isBad: boolean) => CALLS_PER_STEP * (isBad ? 1 : isBetween ? 0.2 : 0.1);
	addCalls(time, { Chad: failedOf(isChad), Mali: failedOf(isBoth) });
}

/** Calls on weekdays from 9 to 18, which fail from Tuesday evening to Wednesday morning and on Friday evening. */
function callAtWork(time: DateTime): void {
	const { weekday, hour } = time;
	if (weekday > 5 || hour < 9 || hour >= 18) return addCalls(time, {});
	const isBad = (weekday === 3 && hour < 11) || ([2, 5].includes(weekday) && hour >= 16);
	const failures = isBad ? CALLS_PER_STEP : 0;
	addCalls(time, { Chad: failures, Mali: failures });
}

const perWeek = <T>(list: T[]) => Array.from({ length: WEEKS }, () => list).flat();

it('Failure rate alarm to Slack sends one message when too many calls fail, and one when it is over', async () => {
	const messages = await play('failure-rate-alarm-to-slack', callAllDay);
	expect(messages.map(({ state }) => state)).toEqual(perWeek(['raised', 'cleared', 'raised', 'cleared']));
});

it.each(share(['failure-rate-alarm-to-slack', 'failure-rate-per-country']))(
	'%s sends what still fails after an hour with too few calls again, and that it is over once',
	async (name) => {
		const messages = await play(name, callAtWork);
		const week = ['raised', 'raised', 'cleared', 'raised', 'cleared'];
		// The last Monday is not played.
		expect(messages.map(({ state }) => state)).toEqual(perWeek(week).slice(0, -1));
	},
);

it.each(
	['failure-rate-alarm-to-slack', 'failure-rate-per-country', 'alarm-by-phone'].flatMap((name) => [
		[name, 40, ['raised']] as const,
		[name, 100, ['raised', 'raised']] as const,
	]),
)(
	'the alarm of %s lapses after an hour with fewer than 20 calls in its window: %d minutes without calls: %j',
	async (name, pause, states) => {
		const { clock } = service;
		const { parameters } = readWorkflow(name).nodes.find(({ type }) => type.endsWith('itniotechTrigger'))!;
		clock.ms = START.toMillis();
		const trigger = await service.create(parameters, { timezone: ZONE });
		const told: unknown[] = [];
		for (let minute = 0; minute <= 180 + pause; minute += 10) {
			const isPaused = minute > 120 && minute <= 120 + pause;
			if (minute % 20 === 0) addCalls(START.plus({ minutes: minute }), isPaused ? {} : { Chad: 10 }, 10);
			clock.ms = START.plus({ minutes: minute }).toMillis();
			told.push(...((await service.itemsAfter(trigger, 0)) ?? []).map(({ state }) => state));
		}
		expect(told).toEqual(states);
	},
);

it('Failure rate per country sends one message for all countries that fail at once, and again after a day', async () => {
	const messages = await play('failure-rate-per-country', callAllDay);
	const told = messages.map(({ state, groups }) => [
		state,
		(groups as IDataObject[]).map(({ group }) => group).sort(),
	]);
	const both = ['Chad', 'Mali'];
	expect(told).toEqual(
		perWeek([
			['raised', ['Chad']],
			['cleared', ['Chad']],
			['raised', both],
			['reminder', both],
			['cleared', both],
		]),
	);
});

it('Low balance to e-mail sends one e-mail when the balance is low, and one when it no longer is', async () => {
	// From Tuesday 11:00 to Saturday 22:00; around and between the limits, and unreadable on Sundays.
	const messages = await play('low-balance-to-email', (time) => {
		const hours = (time.weekday - 1) * 24 + time.hour;
		const isLow = hours >= 35 && hours < 142;
		const balance = isLow ? ['9.99', '10', '19.99'][time.hour % 3] : ['20', '100', '12.5'][time.hour % 3];
		service.simulator.behaviour.balance = balance;
	});
	expect(messages.map(({ state }) => state)).toEqual(perWeek(['raised', 'cleared']));
});
