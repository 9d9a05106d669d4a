import fc from 'fast-check';
import type { IDataObject } from 'n8n-workflow';

import { endedCalls } from '../../../../support/calls';
import { runs } from '../../../../support/runs';
import { MINUTE_MS, NOW_MS } from '../../../../support/times';
import { useService, watch, type Watch } from '../../../support/watch';

const RULE = { event: 'thresholdCrossed', windowMinutes: 5, condition: 'above', minimumCalls: 4 };

const current = useService();
const { clock } = current;

interface EndedCall {
	minute: number;
	isFailed: boolean;
	/** The minute from which on its cost is known. */
	billedMinute: number;
}

/** Whether the figure of all calls that ended in the five minutes was above the threshold, however few they were. */
const wasAbove = (calls: EndedCall[], minute: number, { metric, threshold }: IDataObject) => {
	const ofWindow = calls.filter((call) => call.minute > minute - 5 && call.minute <= minute);
	const failed = ofWindow.filter(({ isFailed }) => isFailed).length;
	if (metric === 'cost') return 3 * (ofWindow.length - failed) > Number(threshold);
	return ofWindow.length > 0 && (100 * failed) / ofWindow.length > Number(threshold);
};

test('an alarm is raised "since" a time only where the figure was not above the threshold at the poll before', async () => {
	const seen = { since: 0, maybeEarlier: 0 };
	const plan = fc.record({
		rule: fc.constantFrom<IDataObject>(
			{ metric: 'failureRate', threshold: 20 },
			{ metric: 'cost', threshold: 7 },
		),
		calls: fc.array(fc.record({ minute: fc.nat(30), isFailed: fc.boolean(), delay: fc.nat(3) }), {
			minLength: 5,
			maxLength: 40,
		}),
	});
	await fc.assert(
		fc.asyncProperty(plan, async ({ rule, calls: planned }) => {
			const startMs = clock.ms;
			const calls = planned.map(({ minute, isFailed, delay }) => ({
				minute,
				isFailed,
				billedMinute: minute + delay,
			}));
			const trigger = watch(current.service, { ...RULE, ...rule });
			const placed = calls.map(({ minute, isFailed }) =>
				endedCalls(startMs - NOW_MS + minute * MINUTE_MS - 1000, isFailed ? { failed: 1 } : { answered: 1 }),
			);
			for (let minute = 0; minute <= 34; minute++) {
				clock.ms = startMs + minute * MINUTE_MS;
				calls.forEach((call, index) => {
					const isBilled = call.billedMinute === minute;
					if (call.minute !== minute && !isBilled) return;
					const cost = call.isFailed ? '0' : isBilled ? '3' : '';
					current.service.dataset.add(...placed[index].map((record) => ({ ...record, cost })));
				});
				const [item] = (await trigger.poll()) ?? [];
				if (item?.state !== 'raised') continue;
				const maybeEarlier = String(item.text).includes(' or earlier');
				seen[maybeEarlier ? 'maybeEarlier' : 'since']++;
				if (!maybeEarlier) expect(wasAbove(calls, minute - 1, rule)).toBe(false);
			}
			clock.ms += 10 * MINUTE_MS;
		}),
		{ numRuns: 40 },
	);
	if (runs(40) >= 40) expect(Math.min(seen.since, seen.maybeEarlier)).toBeGreaterThan(0);
});

test.each([
	['with too few calls before', {}, true],
	['with "Ignore Last", as the window ended earlier', { options: { ignoreLast: 1 } }, true],
	['where it was below the threshold before', { threshold: 90 }, false],
])('an alarm %s may have been so "or earlier"', async (_, parameters, maybeEarlier) => {
	const trigger = watch(current.service, { ...RULE, metric: 'failureRate', threshold: 20, ...parameters });
	const end = (...calls: Parameters<typeof endedCalls>) =>
		current.service.dataset.add(...endedCalls(...calls));
	await trigger.poll();
	end(-90_000, { failed: 2, answered: 1 });
	clock.ms += MINUTE_MS;
	expect(await trigger.poll()).toBeNull();
	end(-80_000, { failed: 47 });
	clock.ms += MINUTE_MS;
	const [{ text }] = (await trigger.poll())!;
	expect(String(text).includes('(Asia/Singapore) or earlier')).toBe(maybeEarlier);
});

const callsOf = (changes: object, count = 1) =>
	current.service.dataset.add(
		...endedCalls(clock.ms - NOW_MS - 1000, { answered: count }, { cost: '30', ...changes }),
	);
const COST = { ...RULE, metric: 'cost', threshold: 10 };

test('a currency that is now that of most calls may have been above the threshold "or earlier"', async () => {
	const trigger = watch(current.service, COST);
	callsOf({ currency: 'USD', cost: '0.1' }, 2);
	callsOf({ currency: 'EUR' });
	expect(await trigger.poll()).toBeNull();
	clock.ms += MINUTE_MS;
	callsOf({ currency: 'EUR' }, 2);
	const [{ text }] = (await trigger.poll())!;
	expect(text).toMatch(/^Alarm: the cost is 90.00 EUR, above 10 EUR since .* or earlier\n/);
});

test.each([
	['calls', 'below', 5, true],
	['cost', 'below', 50, true],
	['calls', 'above', 0, false],
	['cost', 'above', 10, false],
])(
	'the %s of a country that had no calls before were %s %d "or earlier": %p',
	async (metric, condition, threshold, maybeEarlier) => {
		const trigger = watch(current.service, { ...RULE, metric, condition, threshold, alarmPer: 'country' });
		await trigger.poll();
		clock.ms += MINUTE_MS;
		callsOf({ code: 'Mali(One)' });
		const [{ text }] = (await trigger.poll())!;
		expect(text).toMatch(/for 1 country since/);
		expect(String(text).includes(' or earlier\n')).toBe(maybeEarlier);
	},
);

test.each<[string, (trigger: Watch, isOn: boolean) => void]>([
	['failed', (trigger, isOn) => (trigger.isRefused = isOn)],
	['read an incomplete list', (_, isOn) => (current.service.behaviour.totalOff = isOn ? 3 : 0)],
])('an alarm may have begun "or earlier" where the poll before %s', async (_, trouble) => {
	for (const alarmPer of ['all', 'country']) {
		const parameters = { ...RULE, metric: 'failureRate', threshold: 20, alarmPer };
		const trigger = watch(current.service, parameters);
		const poll = async (calls: Parameters<typeof endedCalls>[1]) => {
			clock.ms += MINUTE_MS;
			current.service.dataset.add(...endedCalls(clock.ms - NOW_MS - 1000, calls));
			const [result] = await Promise.allSettled([trigger.poll()]);
			return result.status === 'fulfilled' ? result.value : null;
		};
		expect(await poll({ answered: 9 })).toBeNull();
		trouble(trigger, true);
		expect(await poll({ failed: 9 })).toBeNull();
		trouble(trigger, false);
		const [raised] = (await poll({ failed: 1 }))!;
		expect(String(raised.text).split('\n')[0]).toMatch(/ or earlier$/);
		expect(await poll({ answered: 90 })).toMatchObject([{ state: 'cleared' }]);
		const [again] = (await poll({ failed: 90 }))!;
		expect(String(again.text).split('\n')[0]).toMatch(/\(Asia\/Singapore\)$/);
		clock.ms += 60 * MINUTE_MS;
	}
});

test.each<[string, IDataObject, (value: 'crossed' | 'well') => void]>([
	[
		'the balance',
		{ event: 'balanceLow', threshold: 50 },
		(value) => (current.service.behaviour.balance = value === 'well' ? '1000' : '5'),
	],
	[
		'a number of calls',
		{ ...RULE, metric: 'failures', threshold: 5 },
		(value) => callsOf({ terminationCode: '486' }, value === 'well' ? 1 : 50),
	],
])(
	'an alarm on %s has begun "or earlier" after a poll that failed or was discarded, or a restart',
	async (_, parameters, set) => {
		const trigger = watch(current.service, parameters, { budgetMs: 45_000 });
		/** Whether an alarm that is raised two minutes after the last poll may have begun earlier. */
		const mayBeEarlier = async (next: Watch, value: 'crossed' | 'well', meanwhile: () => unknown) => {
			clock.ms += MINUTE_MS;
			set(value);
			await meanwhile();
			clock.ms += MINUTE_MS;
			set('crossed');
			const [{ state, text }] = (await next.poll())!;
			expect(state).toBe('raised');
			return /^.* or earlier$/m.test(String(text));
		};
		const clear = async () => {
			clock.ms += 10 * MINUTE_MS;
			set('well');
			expect(await trigger.poll()).toMatchObject([{ state: 'cleared' }]);
		};
		set('well');
		expect(await trigger.poll()).toBeNull();
		expect(await mayBeEarlier(trigger, 'well', async () => await trigger.poll())).toBe(false);
		await clear();
		const fail = async () => {
			trigger.isRefused = true;
			await expect(trigger.poll()).rejects.toThrow();
			trigger.isRefused = false;
		};
		expect(await mayBeEarlier(trigger, 'crossed', fail)).toBe(true);
		await clear();
		const discard = async () => {
			const saved = JSON.stringify(trigger.staticData);
			expect(await trigger.poll()).toMatchObject([{ state: 'raised' }]);
			Object.assign(trigger.staticData, JSON.parse(saved));
		};
		expect(await mayBeEarlier(trigger, 'crossed', discard)).toBe(true);
		await clear();
		const staticData = structuredClone(trigger.staticData);
		const restarted = watch(current.service, parameters, { staticData });
		expect(await mayBeEarlier(restarted, 'crossed', () => {})).toBe(true);
	},
);

test('a balance has its thousands separated', async () => {
	current.service.behaviour.balance = '12345.67';
	const [{ text, balance }] = (await watch(current.service, {
		event: 'balanceLow',
		threshold: 20_000,
	}).poll())!;
	expect(text).toMatch(/^Alarm: the balance is 12,345.67, below 20,000 since/);
	expect(balance).toBe(12345.67);
});
