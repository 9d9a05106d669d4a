/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import type { INodeParameters } from 'n8n-workflow';

import { seededDataset } from '../simulator/dataset';
import { DEMO_CREDENTIAL, startSimulator, type Simulator } from '../simulator/simulator';
import { DAY_MS, HOUR_MS } from '../support/times';
import { queryLast31Days } from './support/summaries';

const RECORDS = 10_000;

describe('the memory that a queried record takes', () => {
	let simulator: Simulator;

	beforeAll(async () => {
		setFlagsFromString('--expose-gc');
		const now = Date.now();
		const range = { from: now - 30 * DAY_MS, to: now - HOUR_MS };
		const dataset = seededDataset({ count: RECORDS, ...range, maxStored: 0 });
		simulator = await startSimulator({ dataset, behaviour: { log: false } });
	});

	afterAll(async () => await simulator.stop());

	const heapBytes = () => {
		(runInNewContext('gc') as () => void)();
		return process.memoryUsage().heapUsed;
	};
	const query = async (options: INodeParameters, more: INodeParameters = {}) =>
		await queryLast31Days({ ...DEMO_CREDENTIAL, baseUrl: simulator.url }, { options, ...more });

	it.each<[string, INodeParameters, number]>([
		['all ten simplified fields', {}, 410],
		['three fields', { fields: ['submitTime', 'calledNumber', 'cost'] }, 240],
	])('is that of %s alone', async (_, options, maxBytes) => {
		// What is made once, such as the times of an hour. The last run is held somewhere, and is then a small one.
		await query(options);
		await query(options, { returnAll: false, limit: 1 });
		const before = heapBytes();
		const { items } = await query(options);
		const bytes = heapBytes() - before;
		expect(items).toHaveLength(RECORDS);
		expect(bytes / RECORDS).toBeLessThanOrEqual(maxBytes);
		expect(bytes / RECORDS).toBeGreaterThan(100);
	});
});
