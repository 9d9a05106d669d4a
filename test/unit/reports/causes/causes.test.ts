import fc from 'fast-check';
import type { WireRecord } from '../../../../nodes/Itniotech/api/types';
import { causesIn, causeToJson, type Cause } from '../../../../nodes/Itniotech/reports/causes/causes';
import { MAX_VALUES, Segments, type Segment } from '../../../../nodes/Itniotech/reports/causes/segments';
import { chanceOfAtLeast, upperTailOf } from '../../../../nodes/Itniotech/reports/causes/tail';
import { Summary } from '../../../../nodes/Itniotech/reports/summary/summary';
import { runs } from '../../../support/runs';
import { call, failedCall, many, FROM_S } from '../document/support';
import { SimulatedDays, WORLDS, type FaultKind } from './simulatedDays';
import { HOUR_S } from '../../../support/times';

const ZONE = 'Asia/Singapore';
const OPTIONS = {
	groupBy: [],
	sortBy: 'keys',
	maxGroups: 0,
	includeDetails: false,
	shortCallSeconds: 6,
} as const;

function segmentsOf(now: WireRecord[], before: WireRecord[]): Segments {
	const segments = new Segments(ZONE);
	const summary = new Summary({ ...OPTIONS, groupBy: [] }, { fromS: FROM_S, toS: FROM_S + 86_399 }, ZONE);
	for (const record of now) segments.add(record, summary.add(record), 'now');
	for (const record of before) segments.add(record, summary.add(record), 'before');
	return segments;
}
const listOf = (now: WireRecord[], before: WireRecord[], gaps?: { hasGaps: boolean }) => {
	const segments = segmentsOf(now, before);
	return causesIn(segments, gaps).map((cause) => causeToJson(cause, segments.all.now.costs));
};

/** Calls of a place over the hours of a day and two display numbers, some of which fail. */
const place = (code: string, { calls = 200, failed = 20, cost = '0.5' } = {}) =>
	many(calls, (index) => {
		const fields = { code, displayNum: `1555010${Math.floor(index / 10) % 2}` };
		const atS = (index % 24) * HOUR_S;
		return (index * failed) % calls < failed ? failedCall(fields, atS) : call({ ...fields, cost }, atS);
	});
const COUNTRIES = ['India', 'Kenya', 'Peru', 'Chile', 'Spain'];
const places = (count = 2, make = place) =>
	COUNTRIES.flatMap((name) => many(count, (index) => `${name}(${index})`)).flatMap((code) => make(code));

describe('the causes name', () => {
	test('an area whose calls fail, with its figures', () => {
		const now = places(2, (code) => place(code, { failed: code === 'Kenya(1)' ? 120 : 20 }));
		expect(listOf(now, places())).toEqual([
			{
				figure: 'failed',
				dimension: 'area',
				value: 'Kenya(1)',
				calls: 200,
				failed: 120,
				cost: 40,
				previousCalls: 200,
				previousFailed: 20,
				previousCost: 90,
				share: 1,
			},
		]);
	});

	test('a country where the fault is in all of it, and not its areas', () => {
		const now = places(3, (code) => place(code, { failed: code.startsWith('Kenya') ? 120 : 20 }));
		expect(listOf(now, places(3))).toMatchObject([{ dimension: 'country', value: 'Kenya', failed: 360 }]);
	});

	test('a country whose areas are just the country is a country', () => {
		const make = (code: string) => place(code.replace(/\(.*/, ''));
		const now = [...places(1, make), ...many(100, () => failedCall({ code: 'Kenya' }))];
		expect(listOf(now, places(1, make))).toMatchObject([{ dimension: 'country', value: 'Kenya' }]);
	});

	test('a display number, an hour and a code', () => {
		const before = places();
		const failing = (isBad: (index: number) => boolean, terminationCode = '486') =>
			before.map((record, index) =>
				isBad(index) && index % 3 > 0 ? { ...record, terminationCode, cost: '0' } : record,
			);
		const others = before.map((record, index) => ({ ...record, displayNum: `1555010${index % 5}` }));
		const oneNumber = others.map((record, index) =>
			index % 5 === 3 && index % 3 > 0 ? { ...record, terminationCode: '486', cost: '0' } : record,
		);
		expect(listOf(oneNumber, others)[0]).toMatchObject({ dimension: 'displayNum', value: '15550103' });
		const oneHour = failing((index) => (index % 200) % 24 === 9);
		expect(listOf(oneHour, before)[0]).toMatchObject({ dimension: 'hourOfDay', value: '09' });
		const oneCode = failing((index) => index % 4 === 0, '503');
		expect(listOf(oneCode, before)[0]).toMatchObject({ dimension: 'terminationCode', value: '503' });
	});

	test('a country that costs more, by calls or by price', () => {
		const times = places(2).concat(...many(11, () => place('Kenya(1)')));
		const dear = places(2, (code) => place(code, { cost: code === 'Kenya(1)' ? '5' : '0.5' }));
		for (const now of [times, dear]) {
			expect(listOf(now, places())).toEqual([
				expect.objectContaining({ figure: 'cost', dimension: 'area', value: 'Kenya(1)', share: 1 }),
			]);
		}
	});

	test('no cost where a part is not known, or in another currency, then or now', () => {
		const dear = (cost: string | null, currency?: string) => [
			...places(2, (code) => place(code, { cost: code === 'Kenya(1)' ? '5' : '0.5' })),
			call({ code: 'Peru(1)', cost, ...(currency && { currency }) }),
		];
		expect(listOf(dear('1'), places())).toHaveLength(1);
		expect(listOf(dear(null), places())).toEqual([]);
		expect(listOf(dear('x'), places())).toEqual([]);
		expect(listOf(dear('1', 'EUR'), places())).toEqual([]);
		expect(listOf(dear('1'), [...places(), call({ cost: null })])).toEqual([]);
	});

	test('no cost of a list that is not complete', () => {
		const dear = places(2, (code) => place(code, { cost: code === 'Kenya(1)' ? '5' : '0.5' }));
		expect(listOf(dear, places(), { hasGaps: true })).toEqual([]);
	});

	test('amounts in the currency of the report, and none where it has several', () => {
		const kenya = (currency: string, failed: number) =>
			places(2, (code) => place(code, code === 'Kenya(1)' ? { failed } : {})).map((record) =>
				record.code === 'Kenya(1)' ? { ...record, currency } : record,
			);
		const amounts = (now: WireRecord[], before: WireRecord[]) =>
			listOf(now, before).map(({ value, cost, previousCost }) => ({ value, cost, previousCost }));
		expect(amounts(kenya('EUR', 120), kenya('EUR', 20))).toEqual([
			{ value: 'Kenya(1)', cost: null, previousCost: null },
		]);
		expect(amounts(kenya('USD', 120), kenya('EUR', 20))).toEqual([
			{ value: 'Kenya(1)', cost: 40, previousCost: 0 },
		]);
	});

	test('a share of exact amounts', () => {
		const at = (cost: string) =>
			places(2, (code) => place(code, { cost: code === 'Kenya(1)' ? cost : '0.0001' }));
		for (const cost of ['0.0017', '0.0013', '0.0011']) {
			expect(listOf(at(cost), at('0.0001'))).toMatchObject([{ figure: 'cost', share: 1 }]);
		}
	});

	test('nothing without calls then or now, on equal days, and where all calls fail more', () => {
		const bad = places(2, (code) => place(code, { failed: 120 }));
		expect(listOf(bad, [])).toEqual([]);
		expect(listOf([], bad)).toEqual([]);
		expect(listOf(bad, bad)).toEqual([]);
		// The code does: it is the only one.
		expect(listOf(bad, places()).filter(({ dimension }) => dimension !== 'terminationCode')).toEqual([]);
	});

	test('no display number where each call has another one: memory is bounded', () => {
		const segments = segmentsOf(
			many(MAX_VALUES + 1, (index) => call({ displayNum: String(1_555_010_000 + index) })),
			[],
		);
		expect(segments.by('displayNum')).toEqual([]);
		expect(segments.by('terminationCode')).toHaveLength(1);
	});
});

/** Whether a call is one of a cause's. */
const isIn = (record: WireRecord, { dimension, value }: Cause, hourOf: (record: WireRecord) => string) => {
	const values = {
		country: String(record.code).replace(/\(.*/, ''),
		area: record.code,
		displayNum: record.displayNum,
		terminationCode: record.terminationCode,
		hourOfDay: hourOf(record),
	};
	return values[dimension] === value;
};

test('causes share no call, add up to at most the whole, and have the figures of their calls', () => {
	const cell = fc.record({
		code: fc.constantFrom('India(A)', 'India(B)', 'India(C)', 'Kenya(A)', 'Kenya(B)', 'Peru'),
		displayNum: fc.constantFrom('15550100', '15550101', '15550102'),
		hour: fc.constantFrom(8, 9, 10),
		codes: fc.constantFrom(['486', '503'], ['503', '503'], ['486', '486']),
		calls: fc.integer({ min: 0, max: 60 }),
		failedShare: fc.constantFrom(0, 0.1, 0.1, 0.1, 0.9),
		cost: fc.constantFrom('0.1', '0.1', '3'),
	});
	const recordsOf = (cells: Array<typeof cell extends fc.Arbitrary<infer T> ? T : never>) =>
		cells.flatMap(({ hour, calls, failedShare, cost, codes, ...fields }) =>
			many(calls, (index) =>
				index < failedShare * calls
					? failedCall({ ...fields, terminationCode: codes[index % 2] }, hour * HOUR_S)
					: call({ ...fields, cost }, hour * HOUR_S),
			),
		);
	const hourOf = ({ submitTime }: WireRecord) =>
		String((new Date(String(submitTime)).getUTCHours() + 8) % 24).padStart(2, '0');
	const cells = fc.array(cell, { minLength: 5, maxLength: 30 });
	let named = 0;
	fc.assert(
		fc.property(cells, cells, (cellsNow, cellsBefore) => {
			const [now, before] = [recordsOf(cellsNow), recordsOf(cellsBefore)];
			const causes = causesIn(segmentsOf(now, before));
			for (const figure of ['failed', 'cost'] as const) {
				const own = causes.filter((cause) => cause.figure === figure);
				named += own.length;
				const isShared = (record: WireRecord) =>
					own.filter((cause) => isIn(record, cause, hourOf)).length > 1;
				expect([...now, ...before].filter(isShared)).toEqual([]);
				const shares = own.map(({ share }) => share);
				expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-9);
				expect(shares.every((share) => share >= 0)).toBe(true);
				expect(shares).toEqual([...shares].sort((a, b) => b - a));
			}
			for (const cause of causes) expectFigures(cause, { now, before }, hourOf);
		}),
		{ numRuns: 200 },
	);
	expect(named).toBeGreaterThan(0);
});

function expectFigures(
	cause: Cause,
	{ now, before }: Record<'now' | 'before', WireRecord[]>,
	hourOf: (record: WireRecord) => string,
): void {
	const json = causeToJson(cause, cause.segment.now.costs);
	const count = (records: WireRecord[]) => {
		const own = records.filter((record) => isIn(record, cause, hourOf));
		return {
			calls: own.length,
			failed: own.filter(({ terminationCode }) => terminationCode !== '200').length,
			cost: own.reduce((sum, record) => sum + Math.round(Number(record.cost) * 10), 0) / 10,
		};
	};
	const [a, b] = [count(now), count(before)];
	expect(json).toMatchObject(a);
	expect(json).toMatchObject({ previousCalls: b.calls, previousFailed: b.failed, previousCost: b.cost });
	expect(a[cause.figure]).toBeGreaterThan(b[cause.figure]);
}

describe('simulated days of 2,000 calls in 50 areas, see docs/what-changed.md', () => {
	const namedFirst = (kind: FaultKind, days: number, seed: number) => {
		const simulation = new SimulatedDays(seed, WORLDS.life, 2000);
		return many(days, () => {
			const { segments, fault } = simulation.next(kind) as Required<ReturnType<SimulatedDays['next']>>;
			const [first] = causesIn(segments);
			return first?.figure === 'failed' && first.dimension === fault.dimension && first.value === fault.value;
		}).filter(Boolean).length;
	};

	// Fixed seeds: the figures are the same in each run. The limits lie below what is measured on more days.
	test.each([
		['area', 40, 37],
		['country', 20, 18],
		['displayNum', 20, 18],
		['hourOfDay', 20, 18],
		['terminationCode', 20, 19],
	] as const)('a fault in one %s is named first, on %i days at least %i times', (kind, days, least) => {
		const tried = runs(days, 5);
		expect(namedFirst(kind, tried, 1)).toBeGreaterThanOrEqual(Math.floor((least / days) * tried));
	});

	test('without a fault, nothing is named', () => {
		const simulation = new SimulatedDays(2, WORLDS.life, 2000);
		const tried = runs(80, 5);
		const loud = many(tried, () => causesIn(simulation.next().segments)).filter(({ length }) => length > 0);
		expect(loud.length).toBeLessThanOrEqual(Math.max(1, 0.015 * tried));
	});
});

test('the tails of the distributions are those of the textbooks', () => {
	// With a mean that is sure, the binomial one: 3 or more heads of 4.
	expect(chanceOfAtLeast(3, { trials: 4, mean: 0.5, strength: 1e6 })).toBeCloseTo(5 / 16, 5);
	// With a flat one, each number of hits is as likely.
	expect(chanceOfAtLeast(8, { trials: 9, mean: 0.5, strength: 2 })).toBeCloseTo(0.2, 10);
	expect(chanceOfAtLeast(0, { trials: 9, mean: 0.5, strength: 2 })).toBe(1);
	expect(upperTailOf(1.96)).toBeCloseTo(0.0249979, 6);
	expect(upperTailOf(-1)).toBe(1);
});

test('each call is in one segment of a dimension', () => {
	const segments = segmentsOf(places(), places(3));
	const sumOf = (list: Segment[], time: 'now' | 'before') =>
		list.reduce((sum, segment) => sum + segment[time].calls, 0);
	for (const dimension of ['country', 'area', 'displayNum', 'terminationCode', 'hourOfDay'] as const) {
		expect(sumOf(segments.by(dimension), 'now')).toBe(segments.all.now.calls);
		expect(sumOf(segments.by(dimension), 'before')).toBe(segments.all.before.calls);
	}
});
