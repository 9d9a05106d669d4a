import { UserError } from 'n8n-workflow';
import { phoneNumberOf } from '../../../../nodes/Itniotech/records/phoneNumber';
import { readPhoneNumbers, spellPhoneNumbers } from '../../../../nodes/Itniotech/records/query/phoneNumbers';
import { thrownBy } from '../../support/thrownBy';

const NUMBER = '442079460012';
const read = (value: unknown) => readPhoneNumbers(value, 'Called Number');

test.each<[string, unknown]>([
	['digits', '442079460012'],
	['a number', 442079460012],
	['a plus', '+442079460012'],
	['blanks and dashes', ' +44 20-7946-0012 '],
	['dots and brackets', '+44.(20).7946.0012'],
	['slashes', '+44 20/7946/0012'],
	['brackets around the country code', '(+44) 20 7946 0012'],
	['00 in front', '00442079460012'],
	['00 after a plus', '+00 44 20 7946 0012'],
	['011 in front', '011 44 20 7946 0012'],
	['a trunk zero in brackets', '+44 (0)20 7946 0012'],
	['a trunk zero in brackets with blanks', '0044 ( 0 ) 20 7946 0012'],
	['no-break blanks', '+44\u00a020\u202f7946\u00a00012'],
	['invisible characters', '\u200e\u202a+44 20\u2060 7946 0012\u202c\u200f'],
	['dashes of typography', '+44–20—7946‐0012'],
	['a minus sign', '+44 20−7946−0012'],
	['full-width digits', '＋４４　２０（７９４６）００１２'],
])('a phone number is read from %s', (_case, value) => {
	expect(read(value)).toEqual([NUMBER]);
	// North America's prefix is read where people write numbers, not in records.
	if (typeof value === 'string' && !value.startsWith('011')) expect(phoneNumberOf(value)).toBe(NUMBER);
});

test.each<[string, unknown]>([
	['commas', '442079460012, 15550100'],
	['semicolons', '+44 20 7946 0012; 1 555 0100'],
	['line breaks', '442079460012\r\n15550100\n'],
	['tabs', '442079460012\t15550100'],
	['full-width commas', '442079460012，15550100'],
	['commas and nothing between them', ',442079460012,, 15550100,'],
	['a list', ['+442079460012', 15550100, ' ', null]],
	['a list as JSON', '["+442079460012", 15550100]'],
])('several phone numbers are read from %s', (_case, value) => {
	expect(read(value)).toEqual([NUMBER, '15550100']);
});

test.each<[string, unknown]>([
	['nothing', undefined],
	['null', null],
	['blanks', ' \n'],
	['an empty list', []],
])('no phone number is read from %s', (_case, value) => expect(read(value)).toEqual([]));

test.each<[string, unknown, string]>([
	['words', 'the boss', 'the boss'],
	['an extension', '+44 20 7946 0012 ext. 5', '+44 20 7946 0012 ext. 5'],
	['a short extension', '442079460012x5', '442079460012x5'],
	['an extension behind a number sign', '442079460012#5', '442079460012#5'],
	['an extension as a parameter', '442079460012;ext=5', 'ext=5'],
	['the notation of a spreadsheet', '9.18E+11', '9.18E+11'],
	['a fraction', '918563214120.5', '918563214120.5'],
	['a fraction of zero, as spreadsheets write', '918563214120.0', '918563214120.0'],
	['a fraction as a number', 155501.5, '155501.5'],
	['a negative number', -15550100, '-15550100'],
	['a number that has lost digits', 2 ** 60, '1152921504606847000'],
	['a plus inside', '44+2079460012', '44+2079460012'],
	['two pluses', '++442079460012', '++442079460012'],
	['a plus alone', '+', '+'],
	['more digits than a number has', '4420794600121234', '4420794600121234'],
	['a zero in brackets later on', '+44 20 (0)7946 0012', '+44 20 (0)7946 0012'],
	['an area code with its zero', '+44 (020) 7946 0012', '+44 (020) 7946 0012'],
	['one of several', '442079460012, boss', 'boss'],
	['one of a list', ['442079460012', 'boss'], 'boss'],
	['one of a list as JSON', '["442079460012","boss"]', 'boss'],
	['a long text', '1'.repeat(5000), '1'.repeat(50)],
])('a list of phone numbers with %s is refused, naming it', (_case, value, quoted) => {
	const error = thrownBy(() => read(value));
	expect(error).toBeInstanceOf(UserError);
	expect(error).toMatchObject({
		message: `"Called Number" is not a valid phone number: ${quoted}`,
		description: expect.stringContaining('country code') as string,
	});
});

test.each<[unknown, string]>([
	[true, 'true'],
	[{}, 'an object'],
	[[['15550100']], 'a list'],
	[[true], 'true'],
])('a list of phone numbers that is %j is refused', (value, quoted) => {
	expect(thrownBy(() => read(value))).toMatchObject({
		message: `"Called Number" must be text or a number, not ${quoted}`,
	});
});

test('numbers that are the same are the same text, whatever their spelling, order and number', () => {
	const text = spellPhoneNumbers('+1 555 0100; 00442079460012');
	expect(spellPhoneNumbers('442079460012,15550100, 1-555-0100')).toBe(text);
	expect(spellPhoneNumbers('15550101, 442079460012')).not.toBe(text);
	expect(spellPhoneNumbers('the boss')).toBe('the boss');
});
