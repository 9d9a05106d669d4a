import { UserError } from 'n8n-workflow';
import {
	listOf,
	readBoolean,
	readChoice,
	readChoices,
	readCollection,
	readNumber,
	readText,
	readWholeNumber,
} from '../../../../nodes/Itniotech/records/query/parameters';
import { thrownBy } from '../../support/thrownBy';

const CHOICES = ['a', 'b', '3'] as const;

test.each([
	['text', 'a', 'a'],
	['text with blanks', ' b ', 'b'],
	['a number', 3, '3'],
])('a choice is read from %s', (_, value, expected) => {
	expect(readChoice(value, 'Letter', CHOICES)).toBe(expected);
});

test.each<[unknown, string]>([
	['c', 'c'],
	['A', 'A'],
	['constructor', 'constructor'],
	['x'.repeat(60), 'x'.repeat(50)],
	['', 'empty'],
	[null, 'empty'],
	[undefined, 'empty'],
	[['a'], 'a list'],
	[{}, 'an object'],
	[true, 'true'],
])('the choice %j is refused, with what can be chosen', (value, quoted) => {
	const error = thrownBy(() => readChoice(value, 'Letter', CHOICES));
	expect(error).toBeInstanceOf(UserError);
	expect(error).toMatchObject({
		message: `Unknown value for "Letter": ${quoted}`,
		description: 'Choose from: a, b, 3',
	});
});

test.each<[string, unknown, string[]]>([
	['a list', ['b', 'a'], ['b', 'a']],
	['a list with a choice twice', ['b', 'a', 'b'], ['b', 'a']],
	['text', 'b, a;3', ['b', 'a', '3']],
	['a number', 3, ['3']],
	['an empty list', [], []],
	['empty text', ' ', []],
	['nothing', undefined, []],
	['null', null, []],
])('choices are read from %s', (_, value, expected) => {
	expect(readChoices(value, 'Letters', CHOICES)).toEqual(expected);
});

test.each<[unknown, string]>([
	['a, c', 'c'],
	[['a', 'toString'], 'toString'],
	[[null], 'empty'],
	[[['a']], 'a list'],
	[{ a: true }, 'an object'],
	[true, 'true'],
])('the choices %j are refused, naming the one that is unknown', (value, quoted) => {
	expect(thrownBy(() => readChoices(value, 'Letters', CHOICES))).toMatchObject({
		message: `Unknown value for "Letters": ${quoted}`,
	});
});

test.each([
	['the least', 1, 1],
	['the most', 5, 5],
	['text', ' 3 ', 3],
])('a whole number is read from %s', (_, value, expected) => {
	expect(readWholeNumber(value, 'Size', { min: 1, max: 5 })).toBe(expected);
});

test.each<[unknown, string]>([
	[0, '0'],
	[6, '6'],
	[1.5, '1.5'],
	['many', 'many'],
	['', 'empty'],
	[[1], 'a list'],
])('the whole number %j is refused, with its limits', (value, quoted) => {
	expect(thrownBy(() => readWholeNumber(value, 'Size', { min: 1, max: 5 }))).toMatchObject({
		message: '"Size" must be a whole number from 1 to 5',
		description: `The current value is ${quoted}`,
	});
});

test('a whole number without a maximum says only its minimum', () => {
	expect(thrownBy(() => readWholeNumber(0, 'Size', { min: 1 }))).toMatchObject({
		message: '"Size" must be a whole number of 1 or more',
	});
});

test.each([
	['the least', 0.25, 0.25],
	['the most', 4, 4],
	['text', ' 1.5 ', 1.5],
])('a number is read from %s', (_, value, expected) => {
	expect(readNumber(value, 'Rate', { min: 0.25, max: 4 })).toBe(expected);
});

test.each<[unknown, string, string]>([
	[0.24, '"Rate" must be a number from 0.25 to 4', 'The current value is 0.24'],
	['4.01', '"Rate" must be a number from 0.25 to 4', 'The current value is 4.01'],
	['fast', '"Rate" is not a valid number: fast', 'Enter a number'],
	['', '"Rate" is not a valid number: empty', 'Enter a number'],
])('the number %j is refused', (value, message, description) => {
	expect(thrownBy(() => readNumber(value, 'Rate', { min: 0.25, max: 4 }))).toMatchObject({
		message,
		description,
	});
});

test('a number without a maximum says only its minimum', () => {
	expect(thrownBy(() => readNumber(-1, 'Rate', { min: 0 }))).toMatchObject({
		message: '"Rate" must be a number of 0 or more',
	});
});

test.each<[unknown, string]>([
	[' ', '"Name" is empty'],
	[null, '"Name" is empty'],
	[[], '"Name" must be text or a number, not a list'],
	[NaN, '"Name" must be text or a number, not NaN'],
	[Infinity, '"Name" must be text or a number, not Infinity'],
])('the text %j is refused, with what to enter', (value, message) => {
	expect(thrownBy(() => readText(value, 'Name', 'Enter a name'))).toMatchObject({
		message,
		description: 'Enter a name',
	});
});

test.each([2 ** 53, -(2 ** 53), 2 ** 61])('the number %d, which has lost digits, is no text', (value) => {
	expect(thrownBy(() => readText(value, 'Name', 'Enter a name'))).toMatchObject({
		message: '"Name" is a number that has lost its last digits',
		description: expect.stringContaining('as text') as string,
	});
	expect(readText(2 ** 53 - 1, 'Name', 'Enter a name')).toBe('9007199254740991');
});

test.each<[unknown, boolean]>([
	[true, true],
	[false, false],
	['true', true],
	['false', false],
	[' False ', false],
	['TRUE', true],
])('the truth value %j is read', (value, expected) => expect(readBoolean(value, 'Switch')).toBe(expected));

test.each<[unknown, string]>([
	['yes', 'yes'],
	['', 'empty'],
	[null, 'empty'],
	[1, '1'],
	[[true], 'a list'],
])('the truth value %j is refused', (value, quoted) => {
	expect(thrownBy(() => readBoolean(value, 'Switch'))).toMatchObject({
		message: `Unknown value for "Switch": ${quoted}`,
		description: 'Choose from: true, false',
	});
});

test.each<[unknown, object]>([
	[undefined, {}],
	['', {}],
	[{ a: 1 }, { a: 1 }],
	['{"a":[1]}', { a: [1] }],
])('the collection %j is read', (value, expected) => {
	expect(readCollection(value, 'Options', ['a', 'b'])).toEqual(expected);
});

test.each<[unknown, string]>([
	[{ c: 1 }, 'Unknown value for "Options": c'],
	['{"a":1,"c":2}', 'Unknown value for "Options": c'],
	[{ constructor: 1 }, 'Unknown value for "Options": constructor'],
	[['a'], '"Options" is not a valid JSON object: a list'],
	['a', '"Options" is not a valid JSON object: a'],
	['null', '"Options" is not a valid JSON object: null'],
	[true, '"Options" is not a valid JSON object: true'],
])('the collection %j is refused', (value, message) => {
	expect(thrownBy(() => readCollection(value, 'Options', ['a', 'b']))).toMatchObject({
		message,
		description: expect.stringMatching(/a, b$/) as string,
	});
});

test.each([
	['text with several separators', 'a, b;c d', ['a', 'b', 'c', 'd']],
	['a list of text and numbers', ['a', 1, ' '], ['a', '1']],
	['a list as JSON', '["a", 1]', ['a', '1']],
	['text that begins like JSON', '[a] b', ['[a]', 'b']],
	['empty text', ' ', []],
	['nothing', undefined, []],
])('a list is read from %s', (_, value, expected) => expect(listOf(value)).toEqual(expected));
