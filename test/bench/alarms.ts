/* eslint-disable no-console, @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import process from 'node:process';

import Table from 'cli-table3';

import { liveThroughDay, type AlarmDay } from '../support/alarmDay';

const CALLS_PER_HOUR = 10_000;
const CASES: Array<Pick<AlarmDay, 'metric' | 'windowMinutes'>> = [
	{ metric: 'failureRate', windowMinutes: 60 },
	{ metric: 'failureRate', windowMinutes: 1440 },
	{ metric: 'cost', windowMinutes: 1440 },
];

/** Alarms that are polled each minute of a day, beside a plain count of the same calls. */
export async function printAlarmDays(callsPerHour = CALLS_PER_HOUR): Promise<void> {
	const head = ['', 'window', 'polls', 'pages over the look-back', 'MB from hour 3 to 24', 'changes', 'as counted', 'CPU ms a poll']; // prettier-ignore
	const table = new Table({ head, style: { head: [], border: [], compact: true } });
	for (const one of CASES) {
		process.stderr.write(`A day of polls: ${one.metric}, window ${one.windowMinutes} ...\n`);
		const startedAt = process.cpuUsage();
		const { polls, extraPages, heapGrowth, items, expected } = await liveThroughDay({
			...one,
			callsPerHour,
			every: 1,
			pageSize: 100,
		});
		const { user, system } = process.cpuUsage(startedAt);
		const isRight = (index: number) =>
			items[index]?.minute === expected[index].minute &&
			items[index].state === expected[index].state &&
			Math.abs(items[index].value - expected[index].value) < 0.0051;
		const right = expected.filter((_, index) => isRight(index)).length;
		table.push([
			one.metric,
			`${one.windowMinutes} min`,
			polls,
			extraPages,
			heapGrowth.toFixed(1),
			items.length,
			`${right} of ${expected.length}`,
			((user + system) / 1000 / polls).toFixed(0),
		]);
	}
	console.log(table.toString());
}
