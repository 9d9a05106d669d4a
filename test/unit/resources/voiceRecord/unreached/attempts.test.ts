import fc from 'fast-check';

import type { WireRecord } from '../../../../../nodes/Itniotech/api/types';
import { NumberAttempts } from '../../../../../nodes/Itniotech/resources/voiceRecord/unreached/attempts';

const NUMBERS = ['15550100', '15550101', '15550102'];
/** Seconds of the hour: the time range ends within them. */
const START_S = Date.parse('2026-11-20T00:00:00Z') / 1000;
const LAST_SECOND = 3;
const call = fc.record({
	callee: fc.constantFrom(...NUMBERS),
	second: fc.nat(5),
	code: fc.constantFrom('200', '0', '', '486', '486', '486', '404', '503', '480'),
});

const listed = fc.array(call, { maxLength: 12 }).map((calls) =>
	calls.map(
		({ callee, second, code }, index): WireRecord => ({
			voiceId: `id${String(index).padStart(2, '0')}`,
			callee,
			submitTime: `2026-11-20T08:00:0${second}+08:00`,
			terminationCode: code,
			terminationReason: `reason ${code}`,
		}),
	),
);
const shuffled = listed.chain((records) =>
	fc.tuple(fc.constant(records), fc.shuffledSubarray(records, { minLength: records.length })),
);

const isWithin = ({ submitTime }: WireRecord) => Number(String(submitTime).slice(18, 19)) <= LAST_SECOND;
const notANumber = (second: number): WireRecord => ({
	voiceId: `sip${second}`,
	callee: 'sip:alice',
	submitTime: `2026-11-20T08:00:0${second}+08:00`,
	terminationCode: '486',
});

/** Straight from the rule, with all calls at hand. */
function expected(records: WireRecord[]) {
	const later = (a: WireRecord, b: WireRecord) =>
		`${String(a.submitTime)} ${a.voiceId}` < `${String(b.submitTime)} ${b.voiceId}` ? 1 : -1;
	return NUMBERS.map((number) => records.filter(({ callee }) => callee === number).sort(later))
		.filter((calls) => calls.some(isWithin))
		.filter((calls) =>
			calls.every(({ terminationCode }) => !['200', '0', ''].includes(String(terminationCode))),
		)
		.sort(([a], [b]) => later(a, b))
		.map((calls) => ({
			calledNumber: calls[0].callee,
			attempts: calls.filter(isWithin).length,
			voiceId: calls[0].voiceId,
			lastTerminationCode: calls[0].terminationCode,
		}));
}

test('numbers that nobody answered are listed by their last call, whatever the order of the calls', () => {
	fc.assert(
		fc.property(shuffled, ([records, inOtherOrder]) => {
			const numbers = new NumberAttempts(START_S + LAST_SECOND);
			for (const record of [...inOtherOrder, notANumber(0), notANumber(LAST_SECOND + 1)]) numbers.add(record);
			const rows = numbers.unanswered();
			expect(
				rows.map(({ calledNumber, attempts, voiceId, lastTerminationCode }) => ({
					calledNumber,
					attempts,
					voiceId,
					lastTerminationCode,
				})),
			).toEqual(expected(records));
			// Who was called only after the time range is not left out of it.
			const withCode = (codes: string[]) =>
				NUMBERS.map((number) => records.filter(({ callee }) => callee === number))
					.filter((calls) => calls.some(isWithin))
					.filter((calls) => calls.some(({ terminationCode }) => codes.includes(String(terminationCode))));
			const answered = withCode(['200', '0']);
			expect(numbers.count('answered')).toBe(answered.length);
			expect(numbers.count('open')).toBe(
				withCode(['']).filter(([{ callee }]) => !answered.some(([other]) => other.callee === callee)).length,
			);
			expect(numbers.notNumbers).toBe(1);
		}),
		{ numRuns: 3000 },
	);
});

test('a number is the same number in each of its spellings, and a call without a time is never long ago', () => {
	const numbers = new NumberAttempts(START_S);
	numbers.add({ voiceId: '1', callee: '+15550100', terminationCode: '486', submitTime: '' });
	numbers.add({
		voiceId: '2',
		callee: '0015550100',
		terminationCode: '486',
		submitTime: '2026-11-20T08:00:00+08:00',
	});
	expect(numbers.unanswered()).toMatchObject([{ calledNumber: '15550100', attempts: 2, lastS: Infinity }]);
});

test('only whole phone numbers are listed, and the others are counted', () => {
	const numbers = new NumberAttempts(START_S);
	const callees = [
		'15550113,15550114',
		'sip:15550111;ext=12@192.0.2.1',
		'15550112;ext=12',
		'1001',
		'sip:bob@192.0.2.1',
		null,
	];
	callees.forEach((callee, index) =>
		numbers.add({
			voiceId: String(index),
			callee,
			terminationCode: '486',
			submitTime: '2026-11-20T08:00:00+08:00',
		}),
	);
	expect(numbers.unanswered().map(({ calledNumber }) => calledNumber)).toEqual(['15550111']);
	expect([numbers.notNumbers, numbers.firstNotNumber]).toEqual([5, '15550113,15550114']);
});
