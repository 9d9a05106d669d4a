import type { INodeParameters, INodeProperties } from 'n8n-workflow';

import { properties } from '../../nodes/Itniotech/resources';
import { listDataset } from '../simulator/dataset';
import { call } from '../support/calls';
import { hintsOf, useReports } from './support/summaries';

const OPERATIONS = ['query', 'summarize', 'report', 'export', 'unreached'];

const optionsOf = (operation: string) =>
	properties
		.filter(({ name, displayOptions }) => {
			const { resource, operation: shown } = displayOptions?.show ?? {};
			return name === 'options' && resource?.includes('voiceRecord') && shown?.includes(operation);
		})
		.flatMap(({ options }) => options as INodeProperties[]);

const cases = OPERATIONS.flatMap((operation) =>
	optionsOf(operation).map((option) => [operation, option.displayName, option] as const),
);

describe('an option that is added and left as it is', () => {
	const { simulator, run } = useReports();

	/** Calls of more durations, countries and numbers than any default lets through. */
	beforeEach(() => {
		simulator().dataset = listDataset(
			Array.from({ length: 60 }, (_, index) =>
				call(`${index}`, -(index + 12) * 60_000, {
					callee: `155501${10 + (index % 30)}`,
					code: `Country ${String.fromCharCode(65 + (index % 25))}(City)`,
					terminationCode: index % 2 ? '200' : ['486', '404', '503', '480', '603', '408'][index % 6],
					terminationReason: index % 2 ? 'success' : '=1+1',
					calledInfo: '=1+1',
					callDuration: index % 2 ? index % 13 : 0,
					cost: '0.1',
				}),
			),
		);
	});

	it('is tried for each option of each operation that reads', () => expect(cases.length).toBeGreaterThan(25));

	it.each(cases)('of %s changes nothing: %s', async (operation, _, { name, default: byDefault }) => {
		const resultWith = async (options: INodeParameters) => {
			const parameters = { operation, timeRange: 'last24Hours', returnAll: true, format: 'csv', options };
			const result = await run(parameters);
			expect(result.error).toBeUndefined();
			const bodies = simulator()
				.requests.splice(0)
				.map(({ body }) => body);
			const items = result.items.map(({ json, binary }) => ({ json, binary }));
			return { items, hints: hintsOf(result), bodies };
		};
		expect(await resultWith({ [name]: byDefault } as INodeParameters)).toEqual(await resultWith({}));
	});
});
