/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import process from 'node:process';
import type * as FastCheck from 'fast-check';

import { runs } from './support/runs';

/** The number of cases of a property that sets none. */
const USUAL_RUNS = 100;

/** The same cases each time, so that a red run is about the change. `npm run test:random` takes others. */
const seed = Number(process.env.FC_SEED ?? 20261123);

/** Every property tries its share of cases (`FC_RUNS`), whatever number it sets. */
jest.mock('fast-check', () => {
	const actual = jest.requireActual<typeof FastCheck>('fast-check');
	const assert: typeof actual.assert = ((property: never, parameters?: FastCheck.Parameters) =>
		actual.assert(property, {
			seed,
			...parameters,
			numRuns: runs(parameters?.numRuns ?? USUAL_RUNS),
		})) as typeof actual.assert;
	return { ...actual, assert, default: { ...actual.default, assert } };
});
