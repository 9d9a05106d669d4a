import fc from 'fast-check';

import type { WireRecord } from '../../../../../nodes/Itniotech/api/types';
import { NumberAttempts } from '../../../../../nodes/Itniotech/resources/voiceRecord/unreached/attempts';
import { runs } from '../../../../support/runs';

const NUMBERS = ['15550100', '15550101', '15550102'];
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

/** Straight from the rule, with all calls at hand. */
function expected(records: WireRecord[]) {
	const later = (a: WireRecord, b: WireRecord) =>
		`${String(a.submitTime)} ${a.voiceId}` < `${String(b.submitTime)} ${b.voiceId}` ? 1 : -1;
	return NUMBERS.map((number) => records.filter(({ callee }) => callee === number).sort(later))
		.filter((calls) => calls.length > 0)
		.filter((calls) =>
			calls.every(({ terminationCode }) => !['200', '0', ''].includes(String(terminationCode))),
		)
		.sort(([a], [b]) => later(a, b))
		.map((calls) => ({
			calledNumber: calls[0].callee,
			attempts: calls.length,
			voiceId: calls[0].voiceId,
			lastTerminationCode: calls[0].terminationCode,
		}));
}

test('numbers that nobody answered are listed by their last call, whatever the order of the calls', () => {
	fc.assert(
		fc.property(shuffled, ([records, inOtherOrder]) => {
			const numbers = new NumberAttempts();
			for (const record of inOtherOrder) numbers.add(record);
			const rows = numbers.unanswered();
			expect(
				rows.map(({ calledNumber, attempts, voiceId, lastTerminationCode }) => ({
					calledNumber,
					attempts,
					voiceId,
					lastTerminationCode,
				})),
			).toEqual(expected(records));
		}),
		{ numRuns: runs(3000) },
	);
});

test('a number is the same number in each of its spellings, and a call without a time is never long ago', () => {
	const numbers = new NumberAttempts();
	numbers.add({ voiceId: '1', callee: '+15550100', terminationCode: '486', submitTime: '' });
	numbers.add({
		voiceId: '2',
		callee: '0015550100',
		terminationCode: '486',
		submitTime: '2026-11-20T08:00:00+08:00',
	});
	numbers.add({ voiceId: '3', callee: null, terminationCode: '486' });
	expect(numbers.unanswered()).toMatchObject([{ calledNumber: '15550100', attempts: 2, lastS: Infinity }]);
});
