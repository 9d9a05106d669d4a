import { UserError } from 'n8n-workflow';
import type { WireRecord } from '../../../nodes/Itniotech/api/types';
import { createFilter, type FilterValues } from '../../../nodes/Itniotech/records/filters';
import { thrownBy } from '../support/thrownBy';

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
	['a called number by all its digits only', { calledNumber: '491555010' }, []],
	['a display number', { displayNum: '1008122211' }, ['answered']],
	['a part of the area, in any case', { area: 'KANDA' }, ['answered']],
	['an area of no record', { area: 'Peru' }, []],
	['one of several codes', { terminationCode: ['486', 404] }, ['busy', 'unknown']],
	['codes in one text', { terminationCode: '486, 404;0' }, ['answeredOld', 'busy', 'unknown']],
	['code 200, which is not code 0', { terminationCode: '200' }, ['answered']],
	['the pressed key 1', { keyPressed: '1' }, ['answered']],
	['the pressed key 0', { keyPressed: 0 }, ['answeredOld']],
	['no pressed key', { keyPressed: '-1' }, ['busy']],
	['a minimum duration that is just reached', { minDuration: 30 }, ['answered', 'answeredOld']],
	['a minimum duration as text', { minDuration: '31' }, ['answered']],
	['a minimum duration of one second', { minDuration: 1 }, ['answered', 'answeredOld']],
	['a part of the custom reference, in any case', { calledInfo: 'ORDER' }, ['answered', 'answeredOld']],
	['all of two filters', { calledInfo: 'order', minDuration: 40 }, ['answered']],
	['two filters that exclude each other', { outcome: 'failed', calledNumber: '91856321412' }, []],
])('wants %s', (_case, values, expected) => expect(wanted(values)).toEqual(expected));

test('everything passes an empty filter', () => expect(wanted({})).toEqual(ALL));

test.each<[string, FilterValues]>([
	['Outcome', { outcome: 'lost' }],
	['Called Number', { calledNumber: 'nobody' }],
	['Display Number', { displayNum: '+' }],
	['Minimum Duration', { minDuration: 'long' }],
	['Minimum Duration', { minDuration: [30] }],
	['Outcome', { outcome: ['failed'] }],
	['Called Number', { calledNumber: ['15550100'] }],
	['Display Number', { displayNum: {} }],
	['Area', { area: ['India'] }],
	['Termination Code', { terminationCode: { code: '486' } }],
	['Key Pressed', { keyPressed: true }],
	['Called Info', { calledInfo: false }],
])('names "%s" when it cannot be read, with the way out', (displayName, values) => {
	const error = thrownBy(() => createFilter(values));
	expect(error).toBeInstanceOf(UserError);
	expect(error).toMatchObject({
		message: expect.stringContaining(`"${displayName}"`) as string,
		description: expect.stringMatching(/^(Choose|Enter) /) as string,
	});
});
