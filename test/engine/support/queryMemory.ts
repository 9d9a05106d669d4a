import type { INodeParameters } from 'n8n-workflow';

import { seededDataset } from '../../simulator/dataset';
import { DEMO_CREDENTIAL, startSimulator } from '../../simulator/simulator';
import { heapBytes } from '../../support/heap';
import { answerParent } from '../../support/ownProcess';
import { DAY_MS, HOUR_MS } from '../../support/times';
import { queryLast31Days } from './summaries';

export interface QueryMemory {
	items: number;
	/** Memory that the output takes. */
	bytes: number;
}

async function measure({
	count,
	options,
}: {
	count: number;
	options: INodeParameters;
}): Promise<QueryMemory> {
	const now = Date.now();
	const dataset = seededDataset({ count, from: now - 30 * DAY_MS, to: now - HOUR_MS, maxStored: 0 });
	const simulator = await startSimulator({ dataset, behaviour: { log: false } });
	const query = async (parameters: INodeParameters = {}) =>
		await queryLast31Days({ ...DEMO_CREDENTIAL, baseUrl: simulator.url }, { options, ...parameters });
	// Makes what is made once, such as the times of an hour. Something holds on to the last run, so this is a small one.
	await query();
	await query({ returnAll: false, limit: 1 });
	const before = heapBytes();
	const { items } = await query();
	return { items: items.length, bytes: heapBytes() - before };
}

answerParent(measure);
