import type { IDataObject } from 'n8n-workflow';

import { endedCalls } from '../../../../support/calls';
import { DAY_MS, HOUR_MS, MINUTE_MS, NOW_MS } from '../../../../support/times';
import { useService, watch, type Watch } from '../../../support/watch';

const PER_AREA = {
	event: 'thresholdCrossed',
	metric: 'failureRate',
	condition: 'above',
	threshold: 20,
	windowMinutes: 5,
	minimumCalls: 1,
	alarmPer: 'area',
};

const current = useService();
const { clock } = current;

const endCalls = (...calls: Parameters<typeof endedCalls>) =>
	current.service.dataset.add(...endedCalls(...calls));
const statesOf = (items: IDataObject[] | null) => (items ?? []).map(({ state }) => state);
const groupsOf = (items: IDataObject[] | null) =>
	(items ?? []).flatMap(({ groups }) => (groups as IDataObject[]).map(({ group }) => group));

/** One call to each area fails. */
const failTo = (areas: string[]) => {
	for (const code of areas) endCalls(clock.ms - NOW_MS - 10_000, { failed: 1 }, { code });
};
const areasOf = (wave: number, count: number) =>
	Array.from({ length: count }, (_, nth) => `Wave ${wave}(Area with a name of some length ${nth})`);

/** A quiet time, in which alarms lapse. */
async function pollInSilence(trigger: Watch): Promise<void> {
	for (let polls = 0; polls < 3; polls++) {
		clock.ms += 4 * MINUTE_MS;
		expect(await trigger.poll()).toBeNull();
	}
}

const stateBytes = ({ staticData }: Watch) => Buffer.byteLength(JSON.stringify(staticData));

it('active alarms of groups without calls are listed in the order of their values, also after a restart', async () => {
	const parameters = {
		...PER_AREA,
		metric: 'calls',
		condition: 'below',
		threshold: 3,
		options: { remindEvery: 1 },
	};
	const before = watch(current.service, parameters);
	failTo(['Mali', 'Peru']);
	expect(groupsOf(await before.poll())).toEqual(['Mali', 'Peru']);
	const restarted = watch(current.service, parameters, { staticData: before.staticData });
	clock.ms += HOUR_MS;
	failTo(['Peru', 'Peru']);
	const [reminder] = (await restarted.poll())!;
	expect(reminder).toMatchObject({ state: 'reminder', value: 0 });
	expect(groupsOf([reminder])).toEqual(['Mali', 'Peru']);
});

describe('alarms that lapsed', () => {
	it('make room for new ones, the oldest first', async () => {
		const trigger = watch(current.service, PER_AREA);
		for (let wave = 0; wave < 4; wave++) {
			failTo(areasOf(wave, 400));
			expect(groupsOf(await trigger.poll())).toHaveLength(400);
			await pollInSilence(trigger);
			expect(stateBytes(trigger)).toBeLessThan(64 * 1024);
		}
		expect(trigger.log).toEqual([]);
		for (const wave of [3, 0])
			for (const code of areasOf(wave, 400)) endCalls(clock.ms - NOW_MS - 10_000, { answered: 1 }, { code });
		const cleared = await trigger.poll();
		expect(statesOf(cleared)).toEqual(['cleared']);
		expect(groupsOf(cleared).every((group) => String(group).startsWith('Wave 3'))).toBe(true);
	});

	it.each([
		[12 * MINUTE_MS, {}],
		[100 * DAY_MS, {}],
		[12 * MINUTE_MS, { filters: { outcome: 'all', minDuration: 0, area: 'Wave' } }],
	])('leave the state below 64 KB after %d ms with the edit %p', async (ms, edit) => {
		const parameters: IDataObject = { ...PER_AREA, metric: 'failures', threshold: 0 };
		const before = watch(current.service, parameters);
		failTo(areasOf(0, 1000));
		expect(groupsOf(await before.poll())).toHaveLength(1000);
		const trigger = watch(current.service, { ...parameters, ...edit }, { staticData: before.staticData });
		clock.ms += MINUTE_MS;
		await trigger.poll();
		clock.ms += ms;
		await trigger.poll();
		expect(stateBytes(trigger)).toBeLessThan(64 * 1024);
	});
});

/** Seconds by which each poll of a trigger comes late; n8n and the `Date` of an answer are no more exact than that. */
it.each([
	['never', () => 0],
	['by a second more each time', (nth: number) => nth],
	['by a second every second time', (nth: number) => nth % 2],
	['by twenty seconds every second time', (nth: number) => 20 * (nth % 2)],
])('an alarm that is polled once a window lapses where polls are late %s', async (_, lateS) => {
	for (const windowMinutes of [1, 60]) {
		const parameters = { ...PER_AREA, alarmPer: 'all', windowMinutes, minimumCalls: 5 };
		const trigger = watch(current.service, parameters);
		const startMs = clock.ms;
		const raisedAt: number[] = [];
		for (let nth = 0; nth < 12; nth++) {
			clock.ms = startMs + nth * windowMinutes * MINUTE_MS + lateS(nth) * 1000;
			if (nth < 2 || nth > 6) endCalls(clock.ms - NOW_MS - 1000, { failed: 10 });
			for (const state of statesOf(await trigger.poll())) {
				expect(state).toBe('raised');
				raisedAt.push(nth);
			}
		}
		expect(raisedAt).toEqual([0, 7]);
		clock.ms += 3 * HOUR_MS;
	}
});
