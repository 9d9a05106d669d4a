import { UserError } from 'n8n-workflow';
import { createQuery, type QueryValues } from '../../../../nodes/Itniotech/records/query/query';
import { thrownBy } from '../../support/thrownBy';

const NOW = '2026-03-15T12:00:00.789Z';

const query = (values: Partial<QueryValues> = {}, zone = 'UTC') =>
	createQuery({ timeRange: 'today', ...values }, zone, Date.parse(NOW));

test('a query goes by the option "Timezone" rather than by the zone of the workflow', () => {
	const options = { timezone: 'Asia/Shanghai' };
	const values = {
		timeRange: 'custom',
		startTime: '2026-03-01T08:00',
		endTime: '2026-03-01T09:00:00',
		options,
	};
	expect(query(values).range).toEqual({
		fromS: Date.parse('2026-03-01T00:00:00Z') / 1000,
		toS: Date.parse('2026-03-01T01:00:00Z') / 1000,
	});
	expect(query({ options }).range.fromS).toBe(Date.parse('2026-03-14T16:00:00Z') / 1000);
});

describe('what else was chosen', () => {
	test('falls back to all records, pages of 100, at most 20 at a time, no filter', () => {
		const { range, ...others } = query();
		expect(range.fromS).toBeLessThan(range.toS);
		expect(others).toEqual({
			zone: 'UTC',
			nowS: Date.parse('2026-03-15T12:00:00Z') / 1000,
			hint: undefined,
			incompleteLists: 'stop',
			limit: undefined,
			isWanted: undefined,
			pageSize: 100,
			maxConcurrentRequests: 20,
		});
	});

	test('may be null where a collection was left out', () => {
		expect(query({ filters: null, options: null })).toMatchObject({ pageSize: 100 });
	});

	test.each<[string, Partial<QueryValues>, object]>([
		['a limit', { limit: 1 }, { limit: 1 }],
		['a limit as text', { limit: '50' }, { limit: 50 }],
		['the smallest page', { options: { pageSize: 1 } }, { pageSize: 1 }],
		['the largest page', { options: { pageSize: 100 } }, { pageSize: 100 }],
		['one request at a time', { options: { maxConcurrentRequests: 1 } }, { maxConcurrentRequests: 1 }],
		['20 requests at a time', { options: { maxConcurrentRequests: 20 } }, { maxConcurrentRequests: 20 }],
		['an empty time zone', { options: { timezone: '' } }, { zone: 'UTC' }],
		['incomplete lists', { options: { incompleteLists: 'continue' } }, { incompleteLists: 'continue' }],
	])('takes %s', (_case, values, expected) => expect(query(values)).toMatchObject(expected));

	test('may be a range that is cut to what ITNIO has, with a hint', () => {
		const values = { timeRange: 'custom', startTime: '2026-01-15T12:00:00', endTime: '2026-02-01' };
		expect(query(values)).toMatchObject({
			range: { fromS: Date.parse('2026-01-15T12:01:00Z') / 1000 },
			hint: expect.stringContaining('2026-01-15 12:01:00') as string,
		});
	});

	test('makes a filter of the filters', () => {
		const { isWanted } = query({ filters: { outcome: 'failed' } });
		expect(isWanted?.({ voiceId: '1', terminationCode: '486' })).toBe(true);
		expect(isWanted?.({ voiceId: '1', terminationCode: '200' })).toBe(false);
	});
});

test.each<[string, Partial<QueryValues>]>([
	['Limit', { limit: 0 }],
	['Limit', { limit: 1.5 }],
	['Limit', { limit: null }],
	['Limit', { limit: 'many' }],
	['Page Size', { options: { pageSize: 0 } }],
	['Page Size', { options: { pageSize: 101 } }],
	['Max Concurrent Requests', { options: { maxConcurrentRequests: 21 } }],
	['Max Concurrent Requests', { options: { maxConcurrentRequests: 0 } }],
	['Timezone', { options: { timezone: 'Mars/Olympus' } }],
	['Timezone', { options: { timezone: ['Asia/Singapore'] } }],
	['Incomplete Lists', { options: { incompleteLists: 'ignore' } }],
	['Outcome', { filters: { outcome: 'lost' } }],
	['Filters', { filters: ['failed'] }],
])('an error names the option "%s" and what to enter when it is refused: %j', (displayName, values) => {
	const error = thrownBy(() => query(values));
	expect(error).toBeInstanceOf(UserError);
	expect(error).toMatchObject({
		message: expect.stringMatching(`^(Unknown value for )?"${displayName}"`) as string,
		description: expect.stringMatching(/\w/) as string,
	});
});
