import { UserError } from 'n8n-workflow';

import {
	GROUP_NAMES,
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
