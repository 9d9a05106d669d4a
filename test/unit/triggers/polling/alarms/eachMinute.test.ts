import type { IDataObject } from 'n8n-workflow';

import { seededDataset, type WireRecord } from '../../../../simulator/dataset';
import { call, endedCalls } from '../../../../support/calls';
import { runs, share } from '../../../../support/runs';
import { HOUR_MS, MINUTE_MS, NOW_MS } from '../../../../support/times';
import { useService, watch, type Watch } from '../../../support/watch';

const FAILURE_RATE = {
	event: 'thresholdCrossed',
	metric: 'failureRate',
	condition: 'above',
	threshold: 20,
	windowMinutes: 60,
	minimumCalls: 5,
};

const current = useService();
const { clock } = current;

const endCalls = (...calls: Parameters<typeof endedCalls>) =>
	current.service.dataset.add(...endedCalls(...calls));

const create = (parameters: IDataObject) => watch(current.service, parameters);

const itemsAfter = async (trigger: Watch, ms: number) => {
	clock.ms += ms;
	return await trigger.poll();
};

const statesAfter = async (trigger: Watch, ms: number) =>
	(await itemsAfter(trigger, ms))?.map(({ state }) => state) ?? null;

/** A minute after a night without trouble, which is shorter in a quick run. */
const MORNING = runs(300, 180);

describe('a rule that is polled each minute', () => {
	/** Polls each minute between two times from NOW_MS, and lists the items with their minute. */
	const livedThrough = async (
		trigger: Watch,
		{ untilMs, callsAt }: { untilMs: number; callsAt: (minute: number) => void },
	) => {
		const items: Array<[number, unknown]> = [];
		for (let minute = Math.round((clock.ms - NOW_MS) / MINUTE_MS); minute * MINUTE_MS <= untilMs; minute++) {
			clock.ms = NOW_MS + minute * MINUTE_MS;
			callsAt(minute);
			for (const state of (await statesAfter(trigger, 0)) ?? []) items.push([minute, state]);
		}
		return items;
	};
	const end = (counts: { failed?: number; answered?: number }, changes: Partial<WireRecord> = {}) =>
		endCalls(clock.ms - NOW_MS - 10_000, counts, changes);

	it('failures are raised again after a night without calls: counts have no minimum', async () => {
		const trigger = create({ ...FAILURE_RATE, metric: 'failures', threshold: 5, minimumCalls: 20 });
		const callsAt = (minute: number) => {
			if (minute < 60 && minute % 2 === 0) end({ failed: 1 });
			if (minute >= MORNING) end({ failed: 2 });
		};
		const items = await livedThrough(trigger, { untilMs: (MORNING + 10) * MINUTE_MS, callsAt });
		expect(items.map(([, state]) => state)).toEqual(['raised', 'cleared', 'raised']);
	});

	it.each<[string, IDataObject, { cost: string; billedAfter: number }, string[]]>([
		['above', { threshold: 100, options: { clearAt: 80 } }, { cost: '3', billedAfter: 58 }, ['raised']],
		['below', { threshold: 90 }, { cost: '2', billedAfter: 20 }, []],
	])(
		'a steady cost that is billed late for a while is not cleared, nor raised: %s',
		async (condition, rule, { cost, billedAfter }, states) => {
			const place = (minute: number, billed: string) =>
				current.service.dataset.add(
					call(`of minute ${minute}`, minute * MINUTE_MS - 10_000, { terminationCode: '200', cost: billed }),
				);
			for (let minute = -60; minute < 0; minute++) place(minute, cost);
			const trigger = create({ ...FAILURE_RATE, metric: 'cost', condition, ...rule });
			const items = await livedThrough(trigger, {
				untilMs: 200 * MINUTE_MS,
				callsAt: (minute) => {
					place(minute, minute >= 70 && minute < 140 ? '' : cost);
					const late = minute - billedAfter;
					if (late >= 70 && late < 140) place(late, cost);
				},
			});
			expect(items.map(([, state]) => state)).toEqual(states);
		},
	);

	it('one failure of 2,500 is above 0, and is not called 0%', async () => {
		endCalls(0, { failed: 1, answered: 2499 });
		const trigger = create({ ...FAILURE_RATE, threshold: 0 });
		const [item] = (await itemsAfter(trigger, MINUTE_MS))!;
		expect(item).toMatchObject({ state: 'raised', value: 0.04 });
		expect(item.text).toMatch(/^Alarm: the failure rate is 0.04%, above 0%/);
	});

	it('trouble after a quiet night is raised', async () => {
		const trigger = create({ ...FAILURE_RATE, minimumCalls: 20 });
		const items = await livedThrough(trigger, {
			untilMs: (MORNING + 10) * MINUTE_MS,
			callsAt: (minute) => {
				if (minute < 60) end({ failed: 6 });
				else if (minute < MORNING && minute % 12 === 0) end({ answered: 1 });
				else if (minute >= MORNING) end({ failed: 6 });
			},
		});
		expect(items.map(([, state]) => state)).toEqual(['raised', 'raised']);
	});
});

describe('calls', () => {
	describe.each(
		share([
			[5, 6],
			[10, 12],
		]),
	)('that end within %d minutes and are listed after %d', (windowMinutes, delayMinutes) => {
		/** States by minute, of polls each minute in which ten calls fail in each, and what the log says last. */
		const pollWhile = async (rule: IDataObject, minutes: number, hasCallsUntil = Infinity) => {
			current.service.behaviour.listingDelayMs = delayMinutes * MINUTE_MS;
			const trigger = create({ ...FAILURE_RATE, windowMinutes, minimumCalls: 1, ...rule });
			const states: Array<[number, unknown]> = [];
			for (let minute = 0; minute < minutes; minute++) {
				if (minute < hasCallsUntil) endCalls(clock.ms - NOW_MS, { failed: 10 });
				for (const state of (await statesAfter(trigger, 0)) ?? []) states.push([minute, state]);
				clock.ms += MINUTE_MS;
			}
			return { states, log: String(trigger.log.at(-1)) };
		};
		const LATE =
			/end was no longer in the window.*: 10\. Choose a longer "Window \(Minutes\)", or raise "Ignore Last \(Minutes\)"/;
		const NONE = { metric: 'calls', condition: 'below', threshold: 1 };
		const callForHours = () => {
			for (let minute = 1; minute <= 30; minute++) endCalls(-minute * MINUTE_MS, { failed: 10 });
		};

		it.each<[IDataObject]>([[{}], [{ metric: 'failures', threshold: 5 }], [NONE]])(
			'raise nothing and are counted in the log: %p',
			async (rule) => {
				callForHours();
				const { states, log } = await pollWhile(rule, 18);
				expect(states).toEqual([]);
				expect(log).toMatch(LATE);
			},
		);

		it.each<[IDataObject]>([
			[{ windowMinutes: windowMinutes + delayMinutes }],
			[{ options: { ignoreLast: delayMinutes } }],
		])('are counted with what the log advises: %p', async (rule) => {
			callForHours();
			const { states, log } = await pollWhile(rule, 18);
			expect(states.map(([, state]) => state)).toEqual(['raised']);
			expect(log).not.toMatch(LATE);
		});

		it.each([1, 2, 3, 4])(
			'are not missed where one comes each %d minutes, also after a restart and a time without polls',
			async (distance) => {
				for (let minute = distance; minute <= 60; minute += distance)
					endCalls(-minute * MINUTE_MS, { failed: 1 });
				current.service.behaviour.listingDelayMs = delayMinutes * MINUTE_MS;
				const rule = { ...FAILURE_RATE, ...NONE, windowMinutes };
				let trigger = create(rule);
				const states: unknown[] = [];
				for (let minute = 0; minute < 90; minute++) {
					if (minute % distance === 0) endCalls(clock.ms - NOW_MS, { failed: 1 });
					if (minute === 20) trigger = watch(current.service, rule, { staticData: trigger.staticData });
					const isDown = minute >= 40 && minute < 65;
					if (!isDown) states.push(...((await statesAfter(trigger, 0)) ?? []));
					clock.ms += MINUTE_MS;
				}
				expect(states).toEqual([]);
			},
		);

		it('are missed once they stop, a window after the last of them was listed', async () => {
			callForHours();
			const { states } = await pollWhile(NONE, 45, 20);
			expect(states).toEqual([[19 + delayMinutes + windowMinutes, 'raised']]);
		});

		it('do not clear an alarm that most of them would hold', async () => {
			const trigger = create({ ...FAILURE_RATE, metric: 'failures', threshold: 45, windowMinutes });
			const items: unknown[] = [];
			for (let minute = 0; minute < 40; minute++) {
				endCalls(clock.ms - NOW_MS - delayMinutes * MINUTE_MS, { failed: 10 });
				endCalls(clock.ms - NOW_MS, { failed: minute === 20 ? 50 : 1 });
				items.push(...((await statesAfter(trigger, MINUTE_MS)) ?? []));
			}
			expect(items).toEqual(['raised']);
			expect(String(trigger.log.at(-1))).toMatch(LATE);
		});
	});

	it('that are few and late do not stand in the way of an alarm', async () => {
		const rule = { ...FAILURE_RATE, metric: 'calls', condition: 'below', threshold: 30, windowMinutes: 5 };
		const trigger = create(rule);
		const items: unknown[] = [];
		for (let minute = 0; minute < 60; minute++) {
			const isBusy = minute < 30;
			endCalls(clock.ms - NOW_MS, { answered: isBusy ? 10 : 2 });
			// One call a minute is listed after seven minutes.
			endCalls(clock.ms - NOW_MS - 7 * MINUTE_MS, { answered: 1 });
			const states = (await statesAfter(trigger, MINUTE_MS)) ?? [];
			if (minute > 10) items.push(...states);
		}
		expect(items).toEqual(['raised']);
	});
});

describe('a poll reads what is new', () => {
	it.each([
		[60, runs(5000, 500)],
		[1440, runs(500, 100)],
	])(
		'and the look-back, with a window of %d minutes and %d calls an hour',
		async (windowMinutes, perHour) => {
			const hours = windowMinutes / 60 + 2;
			current.service.dataset = seededDataset({
				count: (hours + 1) * perHour,
				from: NOW_MS - hours * HOUR_MS,
				to: NOW_MS + HOUR_MS,
				ongoing: 0,
			});
			const trigger = create({ ...FAILURE_RATE, windowMinutes, metric: 'calls', threshold: 1_000_000 });
			for (let polls = 0; polls < 3; polls++) expect(await itemsAfter(trigger, MINUTE_MS)).toBeNull();
			const pagesOfLookback = Math.ceil((perHour * 61) / 60 / 100);
			for (let polls = 0; polls < 2; polls++) {
				trigger.requests = 0;
				await itemsAfter(trigger, MINUTE_MS);
				expect(trigger.requests).toBeLessThanOrEqual(pagesOfLookback + 2);
			}
			// What was read in parts is the whole window.
			const rule = { ...FAILURE_RATE, windowMinutes, metric: 'calls', threshold: 1 };
			const [fresh] = (await watch(current.service, rule, { mode: 'manual' }).poll())!;
			const edited = watch(current.service, rule, { staticData: structuredClone(trigger.staticData) });
			const [crossed] = (await edited.poll())!;
			expect(crossed.value).toBe(fresh.value);
		},
	);
});
