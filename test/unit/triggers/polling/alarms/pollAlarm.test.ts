/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import type { IDataObject } from 'n8n-workflow';

import { ItniotechTrigger } from '../../../../../nodes/Itniotech/ItniotechTrigger.node';
import { DEFAULT_BEHAVIOUR } from '../../../../simulator/behaviour';
import { listDataset, seededDataset, type Dataset } from '../../../../simulator/dataset';
import { wireTime } from '../../../../simulator/records';
import { Service } from '../../../../simulator/service';
import { DEMO_CREDENTIAL } from '../../../../simulator/simulator';
import { runs } from '../../../../support/runs';
import { useTestClock } from '../../../../support/testClock';
import { DAY_MS, HOUR_MS, MINUTE_MS, NOW_MS } from '../../../../support/times';
import { createPollContext } from '../../../support/pollContext';

const RULE = {
	event: 'thresholdCrossed',
	metric: 'failureRate',
	condition: 'above',
	threshold: 20,
	windowMinutes: 60,
	minimumCalls: 1,
};
const clock = useTestClock(NOW_MS);
let nodes = 0;

/** A trigger of a service in the same process, and the number of its requests. */
function watch(dataset: Dataset, parameters: IDataObject) {
	const trigger = new ItniotechTrigger();
	const behaviour = { ...DEFAULT_BEHAVIOUR, listsOngoingCalls: true };
	const service = new Service(DEMO_CREDENTIAL, clock.now, behaviour, dataset);
	const staticData: IDataObject = {};
	const counts = { requests: 0 };
	const context = createPollContext(service, {
		nodeId: `large ${++nodes}`,
		parameters,
		staticData,
		isRefused: async () => {
			counts.requests++;
			return false;
		},
	});
	return { counts, staticData, poll: async () => await trigger.poll.call(context) };
}

test('a poll of 1,000 countries takes less than two seconds of CPU, and its state less than 64 KB', async () => {
	const records = Array.from({ length: 10_000 }, (_, index) => {
		const time = wireTime(NOW_MS - 60_000 - (index % 3000) * 1000);
		const terminationCode = index % 3 === 0 ? '200' : '486';
		const code = `The country with number ${index % 1000} of a thousand (Operator)`;
		return { voiceId: `${index}`, submitTime: time, callTime: time, hangupTime: time, terminationCode, code };
	});
	const { poll, staticData } = watch(listDataset(records), { ...RULE, alarmPer: 'country' });
	const startedAt = process.cpuUsage();
	const items = (await poll())![0];
	// The simulated service is part of it.
	const { user, system } = process.cpuUsage(startedAt);
	expect(items[0].json.groups).toHaveLength(1000);
	expect(JSON.stringify(staticData).length).toBeLessThan(64 * 1024);
	expect((user + system) / 1e6).toBeLessThan(2);
	// With all of them active, a poll that has nothing to say is no longer.
	clock.ms += MINUTE_MS;
	const again = process.cpuUsage();
	expect(await poll()).toBeNull();
	const { user: userAgain, system: systemAgain } = process.cpuUsage(again);
	expect((userAgain + systemAgain) / 1e6).toBeLessThan(2);
});

test(`a day of polls at ${runs(10_000)} calls an hour reads two pages more than the look-back at most, in memory that stays flat`, async () => {
	setFlagsFromString('--expose-gc');
	const collect = runInNewContext('gc') as () => void;
	const heapMegabytes = () => {
		collect();
		return process.memoryUsage().heapUsed / 1e6;
	};
	// Fewer calls in a quick run, over the same day.
	const perHour = Math.max(500, runs(10_000));
	const hours = 28;
	const dataset = seededDataset({
		count: hours * perHour,
		from: NOW_MS - 2 * HOUR_MS,
		to: NOW_MS - 2 * HOUR_MS + hours * HOUR_MS,
		ongoing: 0,
		// Else the memory would be that of the rows.
		maxStored: 0,
	});
	const { poll, counts } = watch(dataset, { ...RULE, metric: 'calls', threshold: 1e6 });
	const polls = 48;
	const stepMs = DAY_MS / polls;
	const heaps: number[] = [];
	for (let nth = 0; nth < polls; nth++) {
		counts.requests = 0;
		expect(await poll()).toBeNull();
		// The look-back is a minute longer, and what is new since the poll before is read with it.
		const readMinutes = Math.min(61 + stepMs / MINUTE_MS, nth === 0 ? 121 : Infinity);
		if (nth > 0) {
			const pages = Math.ceil((perHour / 60) * readMinutes * 0.01);
			expect(counts.requests).toBeLessThanOrEqual(pages + 2);
		}
		if (nth % 2 === 0) heaps.push(heapMegabytes());
		clock.ms += stepMs;
	}
	const [first, last] = [heaps.slice(2, 6), heaps.slice(-4)].map((some) => Math.min(...some));
	expect(last - first).toBeLessThan(2);
});
