import { UserError } from 'n8n-workflow';

import { createFilter } from '../../../../nodes/Itniotech/records/query/filters';
import {
	GROUP_NAMES,
	GROUP_TYPES,
	readGroupBy,
	type GroupName,
} from '../../../../nodes/Itniotech/reports/summary/groupBy';
import { thrownBy } from '../../support/thrownBy';

test.each<[string, unknown, GroupName[]]>([
	['a list', ['area', 'day'], ['area', 'day']],
	['a text', 'area, day hour', ['area', 'day', 'hour']],
	['a group twice', ['day', 'area', 'day'], ['day', 'area']],
	['every group', [...GROUP_NAMES], [...GROUP_NAMES]],
	['an empty list', [], []],
	['nothing', undefined, []],
	['empty text', ' ', []],
])('what to group by is read from %s', (_, value, expected) => expect(readGroupBy(value)).toEqual(expected));

test.each([['year'], [['day', 'year']], [[7]], ['Day']])(
	'%p is refused, with what can be chosen',
	(value) => {
		const error = thrownBy(() => readGroupBy(value));
		expect(error).toBeInstanceOf(UserError);
		expect(error).toMatchObject({
			message: expect.stringMatching(/^Unknown value for "Group By": (year|7|Day)$/) as string,
			description: `Choose from: ${GROUP_NAMES.join(', ')}`,
		});
	},
);

test('names are grouped as they come, though a filter finds them in any case', () => {
	const reader = GROUP_TYPES.country.createReader('UTC');
	const records = ['India(Delhi)', 'INDIA(Delhi)'].map((code) => ({ voiceId: '1', code }));
	expect(records.map((record) => reader.keyOf(record).key)).toEqual(['India', 'INDIA']);
	expect(records.filter(createFilter({ country: 'india' })!)).toHaveLength(2);
});
