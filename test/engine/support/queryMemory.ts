import type { INodeParameters } from 'n8n-workflow';

import { seededDataset } from '../../simulator/dataset';
import { DEMO_CREDENTIAL, startSimulator } from '../../simulator/simulator';
import { heapBytes } from '../../support/heap';
import { answerParent } from '../../support/ownProcess';
import { DAY_MS, HOUR_MS } from '../../support/times';
import { queryLast31Days } from './summaries';

export interface QueryMemory {
	items: number;
	/** That the output takes. */
	bytes: number;
}

/** @param options of each query that is measured, one after the other */
async function measure({
	count,
	options,
}: {
	count: number;
	options: INodeParameters[];
}): Promise<QueryMemory[]> {
	const now = Date.now();
	const dataset = seededDataset({ count, from: now - 30 * DAY_MS, to: now - HOUR_MS, maxStored: 0 });
	const simulator = await startSimulator({ dataset, behaviour: { log: false } });
	const query = async (parameters: INodeParameters) =>
		await queryLast31Days({ ...DEMO_CREDENTIAL, baseUrl: simulator.url }, parameters);
	const measureOne = async (one: INodeParameters) => {
		// What is made once, such as the times of an hour. The last run is held somewhere, and is then a small one.
		await query({ options: one });
		await query({ options: one, returnAll: false, limit: 1 });
		const before = heapBytes();
		const { items } = await query({ options: one });
		return { items: items.length, bytes: heapBytes() - before };
	};
	const measured: QueryMemory[] = [];
	for (const one of options) measured.push(await measureOne(one));
	return measured;
}

answerParent(measure);
