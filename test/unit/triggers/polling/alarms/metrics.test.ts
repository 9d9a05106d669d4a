import fc from 'fast-check';
import type { WireRecord } from '../../../../../nodes/Itniotech/api/types';
import { CallCounts, kindOf } from '../../../../../nodes/Itniotech/triggers/polling/countedCalls/callCounts';
import { metricOf, valueOf, valueText } from '../../../../../nodes/Itniotech/triggers/polling/alarms/metrics';
import {
	compareFractions,
	fractionOf,
	isOnSide,
	verdictOn,
} from '../../../../../nodes/Itniotech/triggers/polling/alarms/verdict';

const READER = { groupOf: () => '', hasCode: () => false, needsCost: true };

function countsOf(records: WireRecord[]): CallCounts {
	const counts = new CallCounts();
	for (const record of records) counts.add(kindOf(record, READER), 1);
	return counts;
}

const answered: WireRecord = { voiceId: '1', terminationCode: '200', callDuration: 30 };
const voicemail: WireRecord = { ...answered, callStatus: 40 };
const failed: WireRecord = { voiceId: '1', terminationCode: '486', cost: '0' };

const verdictOf = (condition: 'above' | 'below', records: WireRecord[]) =>
	verdictOn({ condition, threshold: 10, clearAt: 10 }, valueOf(metricOf('cost'), countsOf(records)));

test('a cost in several currencies is over, or low, only where each of them is', () => {
	const record = fc.record({
		call: fc.constantFrom(answered, answered, voicemail, failed),
		cost: fc.constantFrom('1', '4', '9', '11', ''),
		currency: fc.constantFrom('USD', 'EUR'),
	});
	const seen = new Set<string>();
	fc.assert(
		fc.property(fc.array(record, { maxLength: 6 }), (drawn) => {
			const records = drawn.map(({ call, cost, currency }) => ({
				...call,
				currency,
				cost: call.cost ?? cost,
			}));
			const sumIn = (name: string) => records.reduce((sum, { currency, cost }) => sum + (currency === name ? Number(cost) : 0), 0); // prettier-ignore
			const most = Math.max(sumIn('USD'), sumIn('EUR'));
			const isPart = records.some(({ cost }) => cost === '');
			const [above, below] = [verdictOf('above', records), verdictOf('below', records)];
			if (above === 'raised') expect(most).toBeGreaterThan(10);
			if (above === 'cleared') expect([isPart, most <= 10]).toEqual([false, true]);
			if (below === 'raised') expect([isPart, most < 10]).toEqual([false, true]);
			if (below === 'cleared') expect(most).toBeGreaterThanOrEqual(10);
			if (new Set(records.map(({ currency }) => currency)).size < 2) expect(above === undefined).toBe(isPart && most <= 10); // prettier-ignore
			seen.add(`${above} ${below}`);
		}),
		{ numRuns: 2000 },
	);
	expect([...seen]).toEqual(expect.arrayContaining(['raised cleared', 'cleared raised']));
});

test('an answer rate says which calls it leaves out', () => {
	const explain = (records: WireRecord[]) => metricOf('answerRate').explain(countsOf(records), ' in an hour');
	expect(explain([answered, failed])).toBe('Answered: 1 of 2 calls in an hour');
	expect(explain([answered, failed, voicemail])).toBe('Answered: 1 of 2 calls in an hour, to voicemail: 1');
});

/** @param mills thousandths of a USD */
const costing = (mills: number): WireRecord => ({ ...answered, cost: String(mills / 1000), currency: 'USD' });

test('a value in a text is on the side of the threshold and of "Clear At" that the text says', () => {
	const limit = fc.integer({ min: 0, max: 100_000 }).map((mills) => mills / 1000);
	const [failures, answers] = [fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 12 })];
	fc.assert(
		fc.property(fc.constantFrom('failureRate', 'cost'), limit, limit, failures, answers, (name, threshold, clearAt, a, b) => {
			const calls = [...Array<WireRecord>(a).fill(failed), ...Array<WireRecord>(b).fill(costing(1111))];
			const [metric, counts] = [metricOf(name), countsOf(calls)];
			const value = valueOf(metric, counts);
			if (!value) return;
			const { part, whole } = value.exact;
			// A limit close to the value is the one that rounding may pass.
			const near = Number((part * 1000n) / whole) / 1000;
			for (const limits of [{ threshold, clearAt }, { threshold: near, clearAt: near }]) {
				const rule = { condition: 'above' as const, ...limits };
				const text = valueText(metric, counts, (rounded) => isOnSide(rule, value, rounded));
				const shown = fractionOf(parseFloat(text!.replace(/,/g, '')));
				for (const one of Object.values(limits).map(fractionOf))
					expect([0, compareFractions(value.exact, one)]).toContain(compareFractions(shown, one));
			}
		}),
		{ numRuns: 500 },
	); // prettier-ignore
});

test.each([
	[1, 3, 33.33, '33.33%'],
	[1, 3, 33.333, '33.333%'],
	[1, 3, 33.3, '33.3%'],
	[2, 3, 66.69, '66.67%'],
	[3, 7, 20, '42.9%'],
])('%d of %d failed, with a threshold of %d%%, reads %s', (failures, calls, threshold, text) => {
	const records = Array.from({ length: calls }, (_, index) => (index < failures ? failed : answered));
	const [metric, counts] = [metricOf('failureRate'), countsOf(records)];
	const limits = { condition: 'above' as const, threshold, clearAt: threshold };
	const value = valueOf(metric, counts)!;
	expect(valueText(metric, counts, (rounded) => isOnSide(limits, value, rounded))).toBe(text);
});
