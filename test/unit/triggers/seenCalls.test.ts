import fc from 'fast-check';
import { Mark, SeenCalls } from '../../../nodes/Itniotech/triggers/seenCalls';

const empty = () => SeenCalls.unpack('')!;
const repacked = (memory: SeenCalls, fromS = 0) => SeenCalls.unpack(memory.pack(fromS))!;
const id = fc.string({ minLength: 1, maxLength: 20 });
const mark = fc.constantFrom(...Object.values(Mark));
const seconds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

test('what was marked is known after packing, and nothing else is', () => {
	fc.assert(
		fc.property(fc.array(fc.tuple(id, mark, seconds)), id, (entries, other) => {
			const memory = empty();
			const known = new Map<string, Set<number>>();
			for (const [one, what, time] of entries) {
				const marks = known.get(one) ?? new Set();
				expect(memory.mark(one, what, time)).toBe(!marks.has(what));
				known.set(one, marks.add(what));
			}
			const again = repacked(repacked(memory));
			for (const one of [...known.keys(), other]) {
				for (const what of Object.values(Mark)) {
					expect(again.has(one, what)).toBe(known.get(one)?.has(what) ?? false);
				}
			}
		}),
	);
});

test('a call is remembered up to the latest of its times', () => {
	fc.assert(
		fc.property(fc.array(seconds, { minLength: 1 }), seconds, (times, fromS) => {
			const memory = empty();
			for (const time of times) memory.mark('1', Mark.matched, time);
			expect(repacked(memory, fromS).has('1', Mark.matched)).toBe(Math.max(...times) >= fromS);
		}),
	);
});

test('packing forgets nothing in the memory itself', () => {
	const memory = empty();
	memory.mark('1', Mark.old, 10);
	expect(memory.pack(11)).toBe('');
	expect(memory.has('1', Mark.old)).toBe(true);
});

test('a call takes 16 characters, which do not show its id', () => {
	const memory = empty();
	for (let index = 0; index < 999; index++)
		memory.mark(`100000000000000${index}`, Mark.counted, 1_800_000_000);
	const packed = memory.pack(0);
	expect(packed).toHaveLength(16 * 999);
	expect(Buffer.from(packed, 'base64').toString('latin1')).not.toContain('100000000000000');
});

test('ids that differ in their last digit are told apart', () => {
	const memory = empty();
	const ids = Array.from({ length: 20_000 }, (_, index) => String(2203031113381000000n + BigInt(index)));
	expect(ids.filter((one) => !memory.mark(one, Mark.matched, 1))).toEqual([]);
});

test.each([
	['words', 'not a memory'],
	['half an entry', 'AAAA'],
	['an entry and a piece', 'A'.repeat(20)],
	['other spelling of the same bytes', `${'A'.repeat(15)}-`],
	['line breaks', `${'A'.repeat(16)}\n`],
	['JSON', '{}'],
])('text that is none is refused: %s', (_case, text) => expect(SeenCalls.unpack(text)).toBeUndefined());
