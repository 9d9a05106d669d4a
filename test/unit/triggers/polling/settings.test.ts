import type { INodeParameters } from 'n8n-workflow';
import { hashSettings } from '../../../../nodes/Itniotech/triggers/polling/settings';

const filters = (values: INodeParameters): INodeParameters => ({ event: 'callFailed', filters: values });

test.each<[string, INodeParameters, INodeParameters]>([
	['the default event', {}, { event: 'callFailed' }],
	['no filters', {}, filters({})],
	['an empty filter row', filters({}), filters({ area: '' })],
	['a blank filter', filters({}), filters({ area: '  ', calledInfo: ' ' })],
	[
		'a filter of null',
		filters({}),
		{ event: 'callFailed', filters: { area: null } as unknown as INodeParameters },
	],
	['every outcome', filters({}), filters({ outcome: 'all' })],
	['no minimum', filters({}), filters({ minDuration: 0 })],
	[
		'codes without a blank',
		filters({ terminationCode: '486, 404' }),
		filters({ terminationCode: '486,404' }),
	],
	[
		'codes in another order',
		filters({ terminationCode: '486, 404' }),
		filters({ terminationCode: '404;486,486' }),
	],
	[
		'codes chosen from the list',
		filters({ terminationCode: '486' }),
		filters({ terminationCode: { __rl: true, mode: 'list', value: '486', cachedResultName: '486 Busy' } }),
	],
	['a filter that was added and not touched', filters({}), filters({ area: { mode: 'list', value: '' } })],
	[
		'a list from which nothing was chosen',
		filters({}),
		filters({ area: { __rl: true, mode: 'list', value: '' } }),
	],
	['codes as a list', filters({ terminationCode: '486, 404' }), filters({ terminationCode: ['404', '486'] })],
	[
		'a number written with signs',
		filters({ calledNumber: '15550100' }),
		filters({ calledNumber: '+1 555-0100' }),
	],
	['a number as number', filters({ displayNum: '15550100' }), filters({ displayNum: 15550100 })],
	['another case', filters({ area: 'Kandahar' }), filters({ area: ' kandahar ' })],
	[
		'filters in another order',
		filters({ area: 'a', calledInfo: 'b' }),
		filters({ calledInfo: 'b', area: 'a' }),
	],
	['a minimum as text', filters({ minDuration: 5 }), filters({ minDuration: '5' })],
	[
		'other parameters',
		{},
		{ simplify: false, output: 'digest', minimumFailures: 5, options: { lookback: 5 } },
	],
])('settings that mean the same are equal: %s', (_case, one, other) => {
	expect(hashSettings(other)).toBe(hashSettings(one));
});

test('settings that mean something else differ', () => {
	const all: INodeParameters[] = [
		{},
		{ event: 'callEnded' },
		{ event: '={{ $json.event }}' },
		filters({ outcome: 'failed' }),
		filters({ outcome: 'answered' }),
		filters({ area: 'failed' }),
		filters({ area: 'b a' }),
		filters({ area: 'a b' }),
		filters({ calledInfo: 'a b' }),
		filters({ terminationCode: '486' }),
		filters({ terminationCode: '486, 404' }),
		filters({ calledNumber: '15550100' }),
		filters({ calledNumber: '15550101' }),
		filters({ displayNum: '15550100' }),
		filters({ minDuration: 5 }),
		filters({ minDuration: 6 }),
		filters({ calledInfo: '={{ $now.toFormat("HH") }}' }),
		filters({ calledInfo: '={{ $now.toFormat("hh") }}' }),
		filters({ outcome: '={{ "all" }}' }),
		{ filters: '={{ {} }}' },
	];
	expect(new Set(all.map(hashSettings)).size).toBe(all.length);
});

test('a hash holds no phone number', () => {
	expect(hashSettings(filters({ calledNumber: '15550100' }))).toMatch(/^[0-9a-f]{32}$/);
});
