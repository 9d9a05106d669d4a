import { readCodes } from '../../../../../nodes/Itniotech/resources/voiceRecord/unreached/terminationCodes';

const ALL = Array.from({ length: 600 }, (_, index) => String(100 + index));
const matching = (value: unknown) => ALL.filter(readCodes(value));

test.each([undefined, null, '', ' '])(
	'without termination codes (%j), those are meant after which another call makes sense',
	(value) => {
		const faults = ALL.filter((code) => code.startsWith('5'));
		expect(matching(value)).toEqual(['408', '480', '486', '487', ...faults]);
	},
);

test.each<[unknown, string[]]>([
	['486', ['486']],
	['486; 603 408', ['408', '486', '603']],
	[
		[486, '503'],
		['486', '503'],
	],
	[404, ['404']],
])('the termination codes %j mean %j', (value, codes) => {
	expect(matching(value)).toEqual(codes);
});

test('a range of termination codes leaves out those of numbers that do not exist', () => {
	const codes = matching('4XX, 6xx');
	expect(codes).toContain('486');
	for (const code of ['404', '410', '484', '604']) expect(codes).not.toContain(code);
	expect(codes).toHaveLength(196);
});

test.each(['busy', '4x', '4860', '7xx', '486, x', ',', [[]], '-1'])(
	'the termination codes %j are refused',
	(value) => {
		expect(() => readCodes(value)).toThrow('Unknown value for "Termination Codes"');
	},
);

test('a call without a code is not worth another call', () => {
	expect(readCodes('4xx')(null)).toBe(false);
});
