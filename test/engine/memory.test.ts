/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- for shipped code, not for tests */
import { join } from 'node:path';

import type { INodeParameters } from 'n8n-workflow';

import { askProcess } from '../support/ownProcess';
import type { QueryMemory } from './support/queryMemory';

const COUNT = 10_000;

test.each<[string, INodeParameters, number]>([
	['all ten simplified fields', {}, 410],
	['three fields', { fields: ['submitTime', 'calledNumber', 'cost'] }, 240],
])('the memory that a queried record takes is that of %s alone', async (_, options, maxBytes) => {
	const file = join(__dirname, 'support/queryMemory.ts');
	const { items, bytes } = await askProcess<QueryMemory>(file, { count: COUNT, options });
	expect(items).toBe(COUNT);
	expect(bytes / COUNT).toBeLessThanOrEqual(maxBytes);
	expect(bytes / COUNT).toBeGreaterThan(100);
});
