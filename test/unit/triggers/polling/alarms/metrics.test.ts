import fc from 'fast-check';
import type { WireRecord } from '../../../../../nodes/Itniotech/api/types';
import { CallCounts, kindOf } from '../../../../../nodes/Itniotech/triggers/polling/alarms/callCounts';
import { metricOf, valueOf } from '../../../../../nodes/Itniotech/triggers/polling/alarms/metrics';
import { verdictOn } from '../../../../../nodes/Itniotech/triggers/polling/alarms/verdict';

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
