import { UserError, type IExecuteFunctions } from 'n8n-workflow';
import type { Api } from '../../../../../nodes/Itniotech/api/endpoints';
import { NodeRun, OperationRun } from '../../../../../nodes/Itniotech/resources/operationRun';
import { readQuery } from '../../../../../nodes/Itniotech/resources/voiceRecord/reading/readQuery';
import { thrownBy } from '../../../support/thrownBy';

const NOW = Date.parse('2026-11-20T08:00:30Z');

/** n8n's own `getNodeParameter` shows none of these values of a collection; that of a tool or a test may. */
function runWith(parameters: Record<string, unknown>): OperationRun {
	const values: Record<string, unknown> = { timeRange: 'lastHour', ...parameters };
	const context: Pick<IExecuteFunctions, 'getTimezone'> & { getNodeParameter: unknown } = {
		getNodeParameter: (name: string, _item: number, fallback: unknown) => values[name] ?? fallback,
		getTimezone: () => 'UTC',
	};
	const api: Pick<Api, 'now' | 'clockDifferenceMs'> = { now: () => NOW, clockDifferenceMs: () => undefined };
	return new OperationRun(new NodeRun(context as IExecuteFunctions, api as Api), 0);
}

test('collections are also read from JSON text', () => {
	const { isWanted, pageSize } = readQuery(
		runWith({ filters: '{"outcome":"failed"}', options: '{"pageSize":"50"}' }),
	);
	const ended = (terminationCode: string) => isWanted?.({ voiceId: '1', terminationCode });
	expect([ended('486'), ended('200'), pageSize]).toEqual([true, false, 50]);
});

test('the limit is read where there is one, and is 50 by default', () => {
	expect(readQuery(runWith({ limit: 7 })).limit).toBeUndefined();
	expect(readQuery(runWith({ limit: 7 }), { hasLimit: true }).limit).toBe(7);
	expect(readQuery(runWith({}), { hasLimit: true }).limit).toBe(50);
});

test('the range ends at the time of the service', () => {
	expect(readQuery(runWith({})).range.toS).toBe(Math.floor(NOW / 1000));
});

test('options of every operation are known, as n8n leaves them in place', () => {
	const options = { columns: ['cost'], delimiter: 'tab', pageSize: 10, incompleteLists: 'stop' };
	expect(runWith({ options }).options).toEqual(options);
});

test.each<[string, Record<string, unknown>]>([
	['"Filters" is not a valid JSON object: a list', { filters: ['failed'] }],
	['"Filters" is not a valid JSON object: failed', { filters: 'failed' }],
	['Unknown value for "Filters": callee', { filters: { callee: '15550100' } }],
	['"Options" is not a valid JSON object: a list', { options: [1] }],
	['Unknown value for "Options": pagesize', { options: { pagesize: 10 } }],
	['Unknown value for "Options": toString', { options: '{"toString":1}' }],
])('a query is refused with %s', (message, parameters) => {
	const error = thrownBy(() => readQuery(runWith(parameters)));
	expect(error).toBeInstanceOf(UserError);
	expect(error).toMatchObject({
		message,
		description: expect.stringMatching(/terminationCode|pageSize/) as string,
	});
});
