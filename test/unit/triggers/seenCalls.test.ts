import fc from 'fast-check';
import { SeenAs, SeenCalls } from '../../../nodes/Itniotech/triggers/seenCalls';

const empty = () => SeenCalls.unpack('')!;
const repacked = (calls: SeenCalls, fromS = 0) => SeenCalls.unpack(calls.pack(fromS))!;
const id = fc.string({ minLength: 1, maxLength: 20 });
const bit = fc.constantFrom(...Object.values(SeenAs));
const seconds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

test('what calls were seen as survives packing, and nothing is added', () => {
	fc.assert(
		fc.property(fc.array(fc.tuple(id, bit, seconds)), id, (entries, other) => {
			const seenCalls = empty();
			const bitsById = new Map<string, Set<number>>();
			for (const [one, what, time] of entries) {
				const bits = bitsById.get(one) ?? new Set();
				expect(seenCalls.markOnce(one, what, time)).toBe(!bits.has(what));
				bitsById.set(one, bits.add(what));
			}
			const unpacked = repacked(repacked(seenCalls));
			for (const one of [...bitsById.keys(), other]) {
				for (const what of Object.values(SeenAs)) {
					expect(unpacked.has(one, what)).toBe(bitsById.get(one)?.has(what) ?? false);
				}
			}
		}),
	);
});

test('a call is remembered up to the latest of its times', () => {
	fc.assert(
		fc.property(fc.array(seconds, { minLength: 1 }), seconds, (times, fromS) => {
			const seenCalls = empty();
			for (const time of times) seenCalls.markOnce('1', SeenAs.matched, time);
			expect(repacked(seenCalls, fromS).has('1', SeenAs.matched)).toBe(Math.max(...times) >= fromS);
		}),
	);
});

test('packing does not forget anything', () => {
	const seenCalls = empty();
	seenCalls.markOnce('1', SeenAs.old, 10);
	expect(seenCalls.pack(11)).toBe('');
	expect(seenCalls.has('1', SeenAs.old)).toBe(true);
});

test('after an edit, the calls that had ended are old, and no others', () => {
	const seenCalls = empty();
	seenCalls.markOnce('ended', SeenAs.ended, 1);
	seenCalls.markOnce('other', SeenAs.counted, 1);
	seenCalls.markEndedAsOld();
	const unpacked = repacked(seenCalls);
	expect(['ended', 'other', 'unseen'].map((one) => unpacked.has(one, SeenAs.old))).toEqual([
		true,
		false,
		false,
	]);
	expect(unpacked.has('ended', SeenAs.ended)).toBe(true);
});

test('a call takes 16 characters that do not reveal its id', () => {
	const seenCalls = empty();
	for (let index = 0; index < 999; index++)
		seenCalls.markOnce(`100000000000000${index}`, SeenAs.ended, 1_800_000_000);
	const packed = seenCalls.pack(0);
	expect(packed).toHaveLength(16 * 999);
	expect(Buffer.from(packed, 'base64').toString('latin1')).not.toContain('100000000000000');
});

test('ids that differ in their last digit are told apart', () => {
	const seenCalls = empty();
	const ids = Array.from({ length: 20_000 }, (_, index) => String(2203031113381000000n + BigInt(index)));
	expect(ids.filter((one) => !seenCalls.markOnce(one, SeenAs.matched, 1))).toEqual([]);
});

test.each([
	['words', 'some words'],
	['half an entry', 'AAAA'],
	['an entry and a piece', 'A'.repeat(20)],
	['other spelling of the same bytes', `${'A'.repeat(15)}-`],
	['line breaks', `${'A'.repeat(16)}\n`],
	['JSON', '{}'],
])('text that was not packed is refused: %s', (_case, text) =>
	expect(SeenCalls.unpack(text)).toBeUndefined(),
);
