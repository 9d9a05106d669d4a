/* eslint-disable no-console, @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import process from 'node:process';

import Table from 'cli-table3';

import { DEFAULT_BEHAVIOUR } from '../simulator/behaviour';
import { listDataset } from '../simulator/dataset';
import { Service } from '../simulator/service';
import { DEMO_CREDENTIAL } from '../simulator/simulator';
import { liveThroughDay, type AlarmDay } from '../support/alarmDay';
import { TestClock } from '../support/testClock';
import { callsToThousandCountries, COUNTRY_ALARM } from '../support/thousandCountries';
import { MINUTE_MS, NOW_MS } from '../support/times';
import { watch } from '../unit/support/watch';

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

/** One alarm per country: the first poll raises 1,000, the second has nothing new to say. */
export async function printThousandCountries(): Promise<void> {
	const clock = new TestClock(NOW_MS);
	const { now } = Date;
	Date.now = clock.now;
	const dataset = listDataset(callsToThousandCountries(10_000));
	const { poll, staticData } = watch(
		new Service(DEMO_CREDENTIAL, clock.now, DEFAULT_BEHAVIOUR, dataset),
		COUNTRY_ALARM,
	);
	const cpuOfPoll = async () => {
		const startedAt = process.cpuUsage();
		await poll();
		const { user, system } = process.cpuUsage(startedAt);
		clock.ms += MINUTE_MS;
		return ((user + system) / 1000).toFixed(0);
	};
	const [raising, silent] = [await cpuOfPoll(), await cpuOfPoll()];
	Date.now = now;
	const kilobytes = (JSON.stringify(staticData).length / 1000).toFixed(0);
	console.log(`1,000 countries, 10,000 calls: CPU ms of a poll that raises ${raising}, of the next ${silent}; stored state ${kilobytes} kB`); // prettier-ignore
}
