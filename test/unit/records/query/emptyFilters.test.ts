import {
	emptyFilters,
	emptyFiltersHint,
	refuseEmptyFilters,
} from '../../../../nodes/Itniotech/records/query/emptyFilters';
import { FILTERS, FILTER_NAMES, createFilter } from '../../../../nodes/Itniotech/records/query/filters';
import { thrownBy } from '../../support/thrownBy';

const EXPRESSION = '={{ $json.nope }}';
const NOTHING = [undefined, null, '', '  '];

describe.each(FILTER_NAMES)('the filter %s', (name) => {
	test('is named where its expression gives nothing', () => {
		for (const value of NOTHING) {
			for (const stored of [EXPRESSION, { __rl: true, mode: 'text', value: EXPRESSION }]) {
				expect(emptyFilters({ [name]: value }, { [name]: stored })).toEqual([FILTERS[name]]);
				expect(emptyFilters({ [name]: { __rl: true, mode: 'text', value } }, { [name]: stored })).toEqual([
					FILTERS[name],
				]);
			}
			expect(emptyFilters({ [name]: value }, EXPRESSION)).toEqual([FILTERS[name]]);
		}
		expect(emptyFilters({}, { [name]: EXPRESSION })).toEqual([FILTERS[name]]);
	});

	test('is not named where a person left it blank', () => {
		for (const value of NOTHING) expect(emptyFilters({ [name]: value }, { [name]: value ?? '' })).toEqual([]);
	});

	test('is not named where it leaves out calls', () => {
		const value = name === 'outcome' ? 'failed' : '15550100';
		for (const stored of [value, EXPRESSION]) {
			expect(createFilter({ [name]: value })).toBeDefined();
			expect(emptyFilters({ [name]: value }, { [name]: stored })).toEqual([]);
		}
	});
});

test.each(['calledNumber', 'displayNum', 'country', 'terminationCode', 'keyPressed'] as const)(
	'the list %s is named where it holds nothing, also without an expression',
	(name) => {
		for (const value of [[], [undefined], [null, ''], '[null]', ' , ', ';', ',,;'])
			expect([emptyFilters({ [name]: value }, { [name]: value }), createFilter({ [name]: value })]).toEqual([
				[FILTERS[name]],
				undefined,
			]);
	},
);

test('all filters are named where their expression gives nothing', () => {
	for (const values of NOTHING) {
		expect(emptyFilters(values, EXPRESSION)).toEqual(['Filters']);
		expect(emptyFilters(values, {})).toEqual([]);
	}
	expect(emptyFilters({}, EXPRESSION)).toEqual([]);
});

test('the hint and the message name each filter, and what to do', () => {
	const values = { area: null, country: ' , ' };
	const stored = { area: EXPRESSION, country: ' , ' };
	expect(emptyFiltersHint(values, stored)).toBe(
		'Not applied, because the filter has no value: Country, Area. Check the expression, or remove the filter.',
	);
	expect(emptyFiltersHint({ area: 'x', country: ';' }, stored)).toContain('Country');
	expect(emptyFiltersHint({ area: '' }, { area: '' })).toBeUndefined();
	expect(thrownBy(() => refuseEmptyFilters(values, stored))).toMatchObject({
		message: '"Country" has no value',
		description: 'Check the expression, or remove the filter. Without a value, it would leave out no calls.',
	});
	expect(() => refuseEmptyFilters({ area: '' }, { area: '' })).not.toThrow();
});
