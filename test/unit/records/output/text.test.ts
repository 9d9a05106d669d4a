import fc from 'fast-check';
import { chatText, listText } from '../../../../nodes/Itniotech/records/output/text';

test('text of any length becomes one short line without mark-up, and no character is cut in half', () => {
	const text = fc.oneof(
		fc.string({ unit: 'grapheme', maxLength: 300 }),
		fc.string({ unit: fc.constantFrom(...'<>[]`*_~|\n\t a', '😀', '\u202e'), maxLength: 300 }),
	);
	fc.assert(
		fc.property(text, (one) => {
			const line = chatText(one);
			expect(line).not.toMatch(/[<>[\]`*_~|\r\n\t]/);
			expect([...line].length).toBeLessThanOrEqual(101);
			expect(() => encodeURIComponent(line)).not.toThrow();
		}),
		{ numRuns: 500 },
	);
	expect(chatText('x'.repeat(5000))).toBe(`${'x'.repeat(100)}…`);
	expect(chatText('x'.repeat(100))).toBe('x'.repeat(100));
});

test.each([
	[[], ''],
	[['a', 'b'], 'a, b'],
	[['a', 'b', 'c', 'd'], 'a, b, and 2 more'],
])('the list of %j', (entries, expected) => expect(listText(entries, 2)).toBe(expected));
