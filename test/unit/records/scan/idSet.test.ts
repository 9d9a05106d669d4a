import fc from 'fast-check';
import { IdSet } from '../../../../nodes/Itniotech/records/scan/idSet';
import { randomSequence } from '../../../simulator/records';
import { runs } from '../../../support/runs';

/** A million, but in a quick run. */
const COUNT = runs(1_000_000);

/** Bytes of the table, which is all that grows. */
const bytesOf = (set: IdSet) => (set as unknown as { places: Uint32Array }).places.byteLength;

const setOf = (count: number, text: (index: number) => string) => {
	const set = new IdSet();
	for (let index = 0; index < count; index++) set.add(text(index));
	return set;
};

test('a set of ids answers as a Set of texts does', () => {
	const text = fc.oneof(fc.constantFrom('', '0', '1', '10', '01'), fc.string({ unit: 'grapheme' }), fc.nat());
	const step = fc.record({ isAdd: fc.boolean(), text: text.map(String) });
	fc.assert(
		fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
			const [set, model] = [new IdSet(), new Set<string>()];
			for (const { isAdd, text: one } of steps) {
				if (isAdd) expect(set.add(one)).toBe(!model.has(one));
				if (isAdd) model.add(one);
				expect([set.has(one), set.size]).toEqual([model.has(one), model.size]);
			}
		}),
	);
});

describe.each<[string, (index: number) => string]>([
	['sequential ids', (index) => String(2203031113380000000n + BigInt(index))],
	['ids in steps of ten million', (index) => String(2203031113380000000n + 10_000_000n * BigInt(index))],
	['short numbers', String],
	['phone numbers in groups', (index) => JSON.stringify([['2026-11-20', 'México'], `99952${index}`])],
	['ids that differ at the front', (index) => `${index}2203031113380000000`],
	[
		'random ids',
		(index) => {
			const random = randomSequence(3, index);
			return `${Math.floor(random() * 1e9)}${String(Math.floor(random() * 1e10)).padStart(10, '0')}`;
		},
	],
])(`${COUNT} %s`, (_, text) => {
	const set = setOf(COUNT, text);

	test('are told apart', () => expect(set.size).toBe(COUNT));

	test('are all found, and others are not', () => {
		let found = 0;
		for (let index = 0; index < COUNT; index++) if (set.has(text(index))) found++;
		expect(found).toBe(COUNT);
		const others = Array.from({ length: 1000 }, (__, index) => text(COUNT + index));
		expect(others.filter((other) => set.has(other))).toEqual([]);
	});

	test('take no more than 23 bytes each', () => {
		expect(bytesOf(set) / COUNT).toBeLessThanOrEqual(23);
	});
});

test.each([
	[1, 1024],
	[716, 1024],
	[717, 2048],
	[1433, 2048],
	[1434, 4096],
])('a set of %d ids has %d places of 8 bytes', (count, places) => {
	expect(bytesOf(setOf(count, String))).toBe(8 * places);
});

test('an id that is already there does not enlarge a full set', () => {
	const set = setOf(716, String);
	for (let attempt = 0; attempt < 100; attempt++) expect(set.add('7')).toBe(false);
	expect([set.size, bytesOf(set)]).toEqual([716, 8 * 1024]);
});
