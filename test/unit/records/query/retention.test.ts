import fc from 'fast-check';
import { DateTime } from 'luxon';
import { earliestTime } from '../../../../nodes/Itniotech/records/windows';
import { FROM, ModelApi, ask, row, run } from '../../support/modelApi';
import { MINUTE_S } from '../../../support/times';

/** Reads all that the API has from a time on, a call every `callEveryS`, while each answer takes `answerMs`. */
async function readWhileTimePasses(options: {
	startAfterS: number;
	callEveryS: number;
	answerMs: number;
	concurrency?: number;
	limit?: number;
}) {
	const { startAfterS, callEveryS, answerMs, concurrency = 3, limit } = options;
	let nowMs = FROM * 1000;
	const earliestS = () => earliestTime(DateTime.fromMillis(nowMs)).toSeconds();
	// The API itself goes back a minute further.
	const borderS = earliestS() - MINUTE_S;
	const range = { fromS: borderS + startAfterS, toS: FROM };
	const count = Math.floor((range.toS - range.fromS) / callEveryS);
	const rows = Array.from({ length: count }, (_, index) => row(index, range.fromS + 1 + index * callEveryS));
	const api = new ModelApi(rows, { outOfRange: '-25', order: 'newestFirst' });
	api.now = () => nowMs;
	api.beforeAnswer = async () => {
		nowMs += answerMs;
	};
	const query = ask({ range, nowS: FROM, limit, maxConcurrentRequests: concurrency });
	const result = await run(api, query);
	const submitS = ({ submitTime }: (typeof rows)[0]) => Date.parse(String(submitTime)) / 1000;
	return { ...result, rows, submitS, passedS: (nowMs - FROM * 1000) / 1000 };
}

describe('two months that move on while they are read', () => {
	test.each([1, 3])('lose nothing within minutes, with %d requests at a time', async (concurrency) => {
		const options = { startAfterS: 2 * MINUTE_S, callEveryS: 60 * MINUTE_S, answerMs: 20_000, concurrency };
		const { ids, rows, thrown, cutOffS, passedS } = await readWhileTimePasses(options);
		expect(thrown).toBeUndefined();
		expect(passedS).toBeGreaterThan(4 * MINUTE_S);
		expect(ids.sort()).toEqual(rows.map(({ voiceId }) => voiceId).sort());
		expect(cutOffS).toBeUndefined();
	});

	test('are read from where the API still has records, which is told, however slow it is', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 1, max: 15 * MINUTE_S }),
				fc.constantFrom(240, 720),
				fc.integer({ min: 100, max: 60_000 }),
				fc.integer({ min: 1, max: 5 }),
				async (startAfterS, callEveryMinutes, answerMs, concurrency) => {
					const callEveryS = callEveryMinutes * MINUTE_S;
					const options = { startAfterS: startAfterS + MINUTE_S, callEveryS, answerMs, concurrency };
					const { ids, rows, submitS, thrown, cutOffS } = await readWhileTimePasses(options);
					expect(thrown).toBeUndefined();
					const received = new Set(ids);
					expect(received.size).toBe(ids.length);
					const listed = rows.filter((one) => submitS(one) >= (cutOffS ?? 0));
					expect(listed.filter(({ voiceId }) => !received.has(voiceId))).toEqual([]);
				},
			),
			{ numRuns: 10 },
		);
	});
});
