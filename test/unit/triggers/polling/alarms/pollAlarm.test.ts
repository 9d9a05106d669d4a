/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- for shipped code, not for tests */
import { join } from 'node:path';

import fc from 'fast-check';

import { listDataset } from '../../../../simulator/dataset';
import { liveThroughDay, type AlarmDay, type AlarmDayFigures } from '../../../../support/alarmDay';
import { endedCalls } from '../../../../support/calls';
import { askProcess } from '../../../../support/ownProcess';
import { runs, share } from '../../../../support/runs';
import { callsToThousandCountries, COUNTRY_ALARM } from '../../../../support/thousandCountries';
import { MINUTE_MS } from '../../../../support/times';
import { useService, watch } from '../../../support/watch';

const current = useService();

test('the state of 1,000 countries takes less than 64 KB, and a poll that has nothing new to say is silent', async () => {
	current.service.dataset = listDataset(callsToThousandCountries(3000));
	const { poll, staticData } = watch(current.service, COUNTRY_ALARM);
	const items = (await poll())!;
	expect(items[0].groups).toHaveLength(1000);
	expect(JSON.stringify(staticData).length).toBeLessThan(64 * 1024);
	current.clock.ms += MINUTE_MS;
	expect(await poll()).toBeNull();
});

const IS_QUICK = runs(10_000) < 10_000;
/** Fewer calls and polls in a quick run, over the same day, and smaller pages. `npm run bench -- alarms` polls each minute. */
const DAY = IS_QUICK
	? { callsPerHour: 50, pageSize: 10, every: 60 }
	: { callsPerHour: 2500, pageSize: 100, every: 30 };

const DAYS: Array<[AlarmDay['metric'], number]> = [
	['failureRate', 60],
	['failureRate', 1440],
];

test.each<[AlarmDay['metric'], number]>([...share(DAYS), ['cost', 1440]])(
	`a day of polls at ${DAY.callsPerHour} calls an hour reads two pages more than the look-back at most, and outputs what a plain count says: %s, window %d`,
	async (metric, windowMinutes) => {
		const { items, expected, extraPages } = await liveThroughDay({
			...DAY,
			metric,
			windowMinutes,
		});
		expect(extraPages).toBeLessThanOrEqual(2);
		expect(expected.length).toBeGreaterThan(1);
		expect(items.map(({ minute, state }) => [minute, state])).toEqual(
			expected.map(({ minute, state }) => [minute, state]),
		);
		items.forEach(({ value }, index) =>
			// With two digits, 59.375 may be 59.37 or 59.38.
			expect(Math.abs(value - expected[index].value)).toBeLessThan(0.0051),
		);
	},
);

/** Each of 50,000 calls in a set would take 5 MB; what V8 compiles meanwhile has taken up to 2.2. */
const MAX_GROWTH_MB = 4;

// What the few calls of a quick run take would show nowhere.
if (!IS_QUICK) {
	test('the memory of a trigger that polls for a day stays flat', async () => {
		const file = join(__dirname, '../../../../support/alarmDayProcess.ts');
		const day = { ...DAY, metric: 'failureRate', windowMinutes: 60 } satisfies AlarmDay;
		const { heapGrowth, polls } = await askProcess<AlarmDayFigures>(file, day);
		expect(polls).toBe((24 * 60) / DAY.every + 1);
		expect(heapGrowth).toBeLessThan(MAX_GROWTH_MB);
	});
}

test('a test in the editor says of a cost only what no other currency and no later bill can change', async () => {
	const amount = fc.constantFrom('', '1', '9', '11');
	const [dollars, euros] = [fc.array(amount, { maxLength: 4 }), fc.array(amount, { maxLength: 3 })];
	const seen = new Set<string>();
	await fc.assert(
		fc.asyncProperty(fc.constantFrom('above', 'below'), dollars, euros, async (condition, usd, eur) => {
			const billed = (costs: string[], currency: string) => costs.flatMap((cost) => endedCalls(-1000, { answered: 1 }, { cost, currency })); // prettier-ignore
			current.service.dataset = listDataset([...billed(usd, 'USD'), ...billed(eur, 'EUR')]);
			const rule = { ...COUNTRY_ALARM, metric: 'cost', alarmPer: 'all', condition, threshold: 10 };
			const [{ text, value }] = (await watch(current.service, rule, { mode: 'manual' }).poll())!;
			const side = /(not )?(above|below) 10/.exec(String(text));
			const isPart = [...usd, ...eur].includes('');
			seen.add(side?.[0] ?? 'nothing');
			if (!side) return;
			const isTold = side[1] === undefined;
			const isSo = condition === 'above' ? Number(value) > 10 : Number(value) < 10;
			expect([side[2], isTold]).toEqual([condition, isSo]);
			// What is billed later makes a cost higher, never lower.
			if (isPart) expect(isTold).toBe(condition === 'above');
		}),
		{ numRuns: 300 },
	);
	if (runs(300) === 300)
		expect([...seen]).toEqual(expect.arrayContaining(['nothing', 'above 10', 'not below 10']));
});
