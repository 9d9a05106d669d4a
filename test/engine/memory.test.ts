/* eslint-disable @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals -- for shipped code, not for tests */
import { join } from 'node:path';

import type { INodeParameters } from 'n8n-workflow';

import { askProcess } from '../support/ownProcess';
import type { QueryMemory } from './support/queryMemory';

const COUNT = 10_000;

test('the memory that a queried record takes is that of its fields alone', async () => {
	const options: INodeParameters[] = [{}, { fields: ['submitTime', 'calledNumber', 'cost'] }];
	const file = join(__dirname, 'support/queryMemory.ts');
	const measured = await askProcess<QueryMemory[]>(file, { count: COUNT, options });
	expect(measured.map(({ items }) => items)).toEqual([COUNT, COUNT]);
	const [simplified, threeFields] = measured.map(({ bytes }) => bytes / COUNT);
	expect(simplified).toBeLessThanOrEqual(410);
	expect(threeFields).toBeLessThanOrEqual(240);
	for (const bytes of [simplified, threeFields]) expect(bytes).toBeGreaterThan(100);
});
