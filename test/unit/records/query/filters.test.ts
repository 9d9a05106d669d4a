import fc from 'fast-check';
import { UserError } from 'n8n-workflow';
import type { WireRecord } from '../../../../nodes/Itniotech/api/types';
import { createFilter, type FilterValues } from '../../../../nodes/Itniotech/records/query/filters';
import { thrownBy } from '../../support/thrownBy';

const RECORDS: WireRecord[] = [
	{
		voiceId: 'answered',
		callee: '91856321412',
		displayNum: '1008122211',
		code: 'Afghanistan(Kandahar)',
		terminationCode: '200',
		callDuration: 45,
		feedbackValue: '1',
		calledInfo: 'Order 4711',
	},
	{
		voiceId: 'answeredOld',
		callee: 91856321412,
		code: 'India(Delhi)',
		terminationCode: 0,
		callDuration: '30',
		feedbackValue: 0,
		calledInfo: 'order 12',
	},
	{
		voiceId: 'busy',
		callee: '4915550100',
		terminationCode: '486',
		callDuration: 0,
		feedbackValue: '-1',
		calledInfo: '',
	},
	{ voiceId: 'unknown', callee: '4915550101', terminationCode: '404', callDuration: null },
	{ voiceId: 'pending', callee: '4915550102', terminationCode: '' },
];
const ALL = RECORDS.map(({ voiceId }) => voiceId);

const wanted = (values: FilterValues) =>
	RECORDS.filter(createFilter(values) ?? (() => true)).map(({ voiceId }) => voiceId);

test.each<[string, FilterValues]>([
	['nothing is filled in', {}],
	['the outcome is "all"', { outcome: 'all' }],
	[
		'all is left empty',
		{ outcome: '', calledNumber: '', displayNum: ' ', area: null, terminationCode: [], keyPressed: '' },
	],
	['the rest is left empty', { minDuration: '', calledInfo: undefined, terminationCode: '' }],
	['the minimum duration is 0', { minDuration: 0 }],
])('there is no filter when %s', (_case, values) => expect(createFilter(values)).toBeUndefined());

test.each<[string, FilterValues, string[]]>([
	['answered calls, by code 200 and by code 0', { outcome: 'answered' }, ['answered', 'answeredOld']],
	['failed calls, and no call that has not ended', { outcome: 'failed' }, ['busy', 'unknown']],
	['a called number', { calledNumber: '91856321412' }, ['answered', 'answeredOld']],
	['a called number as people write it', { calledNumber: '+91 (856) 321-412' }, ['answered', 'answeredOld']],
	['a called number as a number', { calledNumber: 4915550100 }, ['busy']],
	['one of several called numbers', { calledNumber: '+91 856 321 412, 4915550102' }, ['answered', 'answeredOld', 'pending']], // prettier-ignore
	['a called number from abroad', { calledNumber: '0091 856 321 412' }, ['answered', 'answeredOld']],
	['a called number by all its digits only', { calledNumber: '491555010' }, []],
	['a display number', { displayNum: '1008122211' }, ['answered']],
	['a part of the area, in any case', { area: 'KANDA' }, ['answered']],
	['an area of no record', { area: 'Peru' }, []],
	['one of several codes', { terminationCode: ['486', 404] }, ['busy', 'unknown']],
	['codes in one text', { terminationCode: '486, 404;0' }, ['answeredOld', 'busy', 'unknown']],
	['codes in full-width digits', { terminationCode: '４８６，４０４' }, ['busy', 'unknown']],
	['codes as JSON', { terminationCode: '["486", 404]' }, ['busy', 'unknown']],
	['code 200, which is not code 0', { terminationCode: '200' }, ['answered']],
	['the pressed key 1', { keyPressed: '1' }, ['answered']],
	['the pressed key 0', { keyPressed: 0 }, ['answeredOld']],
	['one of several pressed keys', { keyPressed: '0, 1' }, ['answered', 'answeredOld']],
	['no pressed key', { keyPressed: '-1' }, ['busy']],
	['a minimum duration that is just reached', { minDuration: 30 }, ['answered', 'answeredOld']],
	['a minimum duration as text', { minDuration: '31' }, ['answered']],
	['a minimum duration of one second', { minDuration: 1 }, ['answered', 'answeredOld']],
	['a whole custom reference, in any case', { calledInfo: 'ORDER 4711' }, ['answered']],
	['no part of a custom reference', { calledInfo: 'order' }, []],
	['the beginning of a custom reference', { calledInfo: 'order *' }, ['answered', 'answeredOld']],
	['the end of a custom reference', { calledInfo: '*12' }, ['answeredOld']],
	['a whole country, in any case', { country: 'INDIA' }, ['answeredOld']],
	['no part of a country', { country: 'Ind' }, []],
	['no operator', { country: 'Delhi' }, []],
	['one of several countries', { country: 'Peru; india,\nAfghanistan' }, ['answered', 'answeredOld']],
	['one of a list of countries', { country: ['Peru', 'Afghanistan'] }, ['answered']],
	['all of two filters', { calledInfo: 'order*', minDuration: 40 }, ['answered']],
	['two filters that exclude each other', { outcome: 'failed', calledNumber: '91856321412' }, []],
])('a filter matches %s', (_case, values, expected) => expect(wanted(values)).toEqual(expected));

test.each<[string, unknown]>([
	['JSON text', '{"outcome":"failed","terminationCode":[404]}'],
	['JSON text with blanks', ' { "outcome": "failed", "terminationCode": "404" }\n'],
])('filters are read from %s', (_case, values) => {
	expect(RECORDS.filter(createFilter(values)!).map(({ voiceId }) => voiceId)).toEqual(['unknown']);
});

test.each([undefined, null, '', ' ', '{}'])('there is no filter in %j', (values) => {
	expect(createFilter(values)).toBeUndefined();
});

describe('a custom reference', () => {
	const found = (calledInfo: string, pattern: string) =>
		createFilter({ calledInfo: pattern })!({ voiceId: '1', calledInfo });

	test('is compared with a pattern as a regular expression would', () => {
		const text = fc.string({
			unit: fc.constantFrom('a', 'b', '.', '-', '(', '\\', '^', '$', '|'),
			maxLength: 8,
		});
		const pattern = fc.array(text, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('*'));
		fc.assert(
			fc.property(
				text,
				pattern.filter((one) => one !== ''),
				(calledInfo, one) => {
					const escaped = one.split('*').map((part) => part.replace(/[.\-(\\^$|]/g, '\\$&'));
					expect(found(calledInfo, one)).toBe(new RegExp(`^${escaped.join('.*')}$`).test(calledInfo));
				},
			),
		);
	});

	test('of any length is compared at once', () => {
		const startedAt = performance.now();
		// If the stars were tried one after the other, this would not end.
		expect(found('a'.repeat(100_000), `${'*a'.repeat(2000)}*b`)).toBe(false);
		expect(performance.now() - startedAt).toBeLessThan(60_000);
	});

	test('of one campaign is not that of another', () => {
		expect(found('campaign-10', 'campaign-1')).toBe(false);
		expect(found('campaign-1', 'campaign-1')).toBe(true);
		expect(found('n8n-7-1-0', 'n8n-*')).toBe(true);
		expect(found('aXa', 'aX*Xa')).toBe(false);
	});
});

describe('a country', () => {
	const found = (code: string | null, country: unknown) => createFilter({ country })!({ voiceId: '1', code });

	test.each([
		['Oman(Omantel)', 'Oman', 'Romania(Orange)'],
		['Niger(Airtel)', 'Niger', 'Nigeria(MTN)'],
		['Dominica(Digicel)', 'Dominica', 'Dominican Republic(Claro)'],
		['Congo (Kinshasa)(Vodacom)', 'Congo (Kinshasa)', 'Congo (Brazzaville)(Airtel)'],
		['Korea, Republic of(SKT)', 'Korea, Republic of', 'Korea, North(KPTC)'],
		['Korea, Republic of(SKT)', 'Niger, korea,  republic of', "Côte d'Ivoire(Orange)"],
		['Korea, Republic of(SKT)', ['Peru', 'Korea, Republic of'], 'Korea, North(KPTC)'],
	])('%s is found by %j, %s is not', (code, country, other) => {
		expect(found(code, country)).toBe(true);
		expect(found(other, country)).toBe(false);
	});

	test.each([null, '', '(Vodacom)'])('is none in the area %p', (code) => {
		expect(found(code, 'Oman')).toBe(false);
	});
});

const ACCENTS = 'México Centro (Ciudad)';
const decomposed = ACCENTS.normalize('NFD');

test.each([
	['decomposed accents', ACCENTS, decomposed],
	['composed accents', decomposed, ACCENTS],
	['upper case of decomposed accents', ACCENTS, decomposed.toUpperCase()],
	['a no-break blank', 'Uttar Pradesh', 'Uttar\u00a0Pradesh'],
	['several blanks', 'Uttar\u202f Pradesh', ' uttar  pradesh '],
	['an invisible character', 'Uttar Pradesh', 'Uttar\u200b \u200ePradesh'],
	['full-width letters', 'Order A-7', 'ｏｒｄｅｒ　ａ－７'],
	['a ligature', 'office', 'oﬃce'],
])('text is found by %s', (_case, inRecord, filter) => {
	for (const [name, field] of [
		['area', 'code'],
		['calledInfo', 'calledInfo'],
	]) {
		// prettier-ignore
		const record = { voiceId: '1', [field]: `x ${inRecord} y` };
		const part = name === 'area' ? '' : '*';
		expect(createFilter({ [name]: `${part}${filter}${part}` })?.(record)).toBe(true);
		expect(createFilter({ [name]: `${part}${filter}z${part}` })?.(record)).toBe(false);
	}
});

test.each([
	'outcome',
	'calledNumber',
	'displayNum',
	'area',
	'terminationCode',
	'keyPressed',
	'calledInfo',
] as const)('"%s" means the same as text, chosen from the list and entered', (name) => {
	const values = { outcome: 'failed', calledNumber: '4915550100', displayNum: '15550199', area: 'india', terminationCode: '486, 404', keyPressed: '0', calledInfo: 'order' }; // prettier-ignore
	for (const mode of ['list', 'text']) {
		expect(wanted({ [name]: { __rl: true, mode, value: values[name] } })).toEqual(
			wanted({ [name]: values[name] }),
		);
		expect(wanted({ [name]: { __rl: true, mode, value: '' } })).toEqual(ALL);
		// What the editor stores of a filter that was added and not touched.
		expect(wanted({ [name]: { mode, value: '' } })).toEqual(ALL);
	}
});

test.each([
	[{ terminationCode: '486, 4XX' }, 'Unknown value for "Termination Code": 4XX', 'Enter codes, separated by commas, e.g. 486, 503'],
	[{ keyPressed: ['1', 'None'] }, 'Unknown value for "Key Pressed": None', 'Enter keys, separated by commas, e.g. 1, #. Calls without a key have -1.'],
])('an error has the entry as it was written, and how to write it: %j', (values, message, description) => {
	expect(thrownBy(() => createFilter(values))).toMatchObject({ message, description });
}); // prettier-ignore

test('the outcome "pending" is that of calls that have not ended', () =>
	expect(wanted({ outcome: 'pending' })).toEqual(['pending']));

test('everything passes an empty filter', () => expect(wanted({})).toEqual(ALL));

test.each<[string, unknown]>([
	['Outcome', { outcome: 'lost' }],
	['Called Number', { calledNumber: 'nobody' }],
	['Display Number', { displayNum: '+' }],
	['Minimum Duration (Seconds)', { minDuration: 'long' }],
	['Minimum Duration (Seconds)', { minDuration: [30] }],
	['Outcome', { outcome: ['failed'] }],
	['Called Number', { calledNumber: ['nobody'] }],
	['Called Number', { calledNumber: '0207 946 0012' }],
	['Termination Code', { terminationCode: '4xx' }],
	['Termination Code', { terminationCode: ['486', true] }],
	['Termination Code', { terminationCode: ['486', 'Busy Here'] }],
	['Key Pressed', { keyPressed: 'none' }],
	['Minimum Duration (Seconds)', { minDuration: -1 }],
	['Minimum Duration (Seconds)', { minDuration: '00:01:05' }],
	['Filters', ['outcome']],
	['Filters', 'outcome=failed'],
	['Filters', '["failed"]'],
	['Filters', 7],
	['Filters', { callee: '15550100' }],
	['Filters', '{"outcome":"failed","Area":"India"}'],
	['Filters', { toString: 'failed' }],
	['Filters', '{"__proto__":{"outcome":"failed"}}'],
	['Display Number', { displayNum: {} }],
	['Area', { area: ['India'] }],
	['Termination Code', { terminationCode: { code: '486' } }],
	['Key Pressed', { keyPressed: true }],
	['Called Info', { calledInfo: false }],
])('an error names the filter "%s" when it cannot be read, with what to enter: %j', (displayName, values) => {
	const error = thrownBy(() => createFilter(values));
	expect(error).toBeInstanceOf(UserError);
	expect(error).toMatchObject({
		message: expect.stringContaining(`"${displayName}"`) as string,
		description: expect.stringMatching(/^(Choose from: |Enter )/) as string,
	});
});

const TEXT_FILTERS = ['country', 'area', 'terminationCode', 'keyPressed', 'calledInfo'] as const;

test.each(TEXT_FILTERS.flatMap((name) => [NaN, Infinity, 2 ** 61].map((value) => ({ name, value }))))(
	'the filter $name refuses the number $value, which matches nothing that is meant',
	({ name, value }) => {
		for (const one of [value, [value]]) {
			expect(thrownBy(() => createFilter({ [name]: one }))).toBeInstanceOf(UserError);
		}
	},
);
