/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import process from 'node:process';

import { listDataset } from '../../../../simulator/dataset';
import { wireTime } from '../../../../simulator/records';
import { liveThroughDay, type AlarmDay } from '../../../../support/alarmDay';
import { runs } from '../../../../support/runs';
import { MINUTE_MS, NOW_MS } from '../../../../support/times';
import { useService, watch } from '../../../support/watch';

const RULE = {
	event: 'thresholdCrossed',
	metric: 'failureRate',
	condition: 'above',
	threshold: 20,
	windowMinutes: 60,
	minimumCalls: 1,
	alarmPer: 'country',
};
const current = useService();

test('a poll of 1,000 countries takes less than two seconds of CPU, and its state less than 64 KB', async () => {
	const records = Array.from({ length: 10_000 }, (_, index) => {
		const time = wireTime(NOW_MS - 60_000 - (index % 3000) * 1000);
		const terminationCode = index % 3 === 0 ? '200' : '486';
		const code = `The country with number ${index % 1000} of a thousand (Operator)`;
		return { voiceId: `${index}`, submitTime: time, callTime: time, hangupTime: time, terminationCode, code };
	});
	current.service.dataset = listDataset(records);
	const { poll, staticData } = watch(current.service, RULE);
	const startedAt = process.cpuUsage();
	const items = (await poll())!;
	// The simulated service is part of it.
	const { user, system } = process.cpuUsage(startedAt);
	expect(items[0].groups).toHaveLength(1000);
	expect(JSON.stringify(staticData).length).toBeLessThan(64 * 1024);
	expect((user + system) / 1e6).toBeLessThan(2);
	// With all of them active, a poll that has nothing to say is no longer.
	current.clock.ms += MINUTE_MS;
	const again = process.cpuUsage();
	expect(await poll()).toBeNull();
	const { user: userAgain, system: systemAgain } = process.cpuUsage(again);
	expect((userAgain + systemAgain) / 1e6).toBeLessThan(2);
});

/** Fewer calls in a quick run, over the same day, and smaller pages. `npm run bench -- alarms` polls each minute. */
const SIZE =
	runs(10_000) < 10_000 ? { callsPerHour: 300, pageSize: 20 } : { callsPerHour: 10_000, pageSize: 100 };
const DAY = { ...SIZE, every: 30 };

test.each<[AlarmDay['metric'], number]>([
	['failureRate', 60],
	['failureRate', 1440],
	['cost', 1440],
])(
	`a day of polls at ${DAY.callsPerHour} calls an hour reads two pages more than the look-back at most, in memory that stays flat, and outputs what a plain count says: %s, window %d`,
	async (metric, windowMinutes) => {
		const { items, expected, extraPages, heapGrowth } = await liveThroughDay({
			...DAY,
			metric,
			windowMinutes,
		});
		expect(extraPages).toBeLessThanOrEqual(2);
		expect(heapGrowth).toBeLessThan(2);
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
