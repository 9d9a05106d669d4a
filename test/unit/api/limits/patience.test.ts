import fc from 'fast-check';
import { MAX_TRIES, delayBeforeRetry } from '../../../../nodes/Itniotech/api/limits/patience';
import { TRY_TIMEOUT_MS } from '../../../../nodes/Itniotech/api/timing';

const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test('a request is tried at most 5 times, each time for up to 30 seconds', () => {
	expect([MAX_TRIES, TRY_TIMEOUT_MS]).toEqual([5, 30_000]);
	const delays = [1, 2, 3, 4, 5, 6].map((tries) => delayBeforeRetry(tries, undefined, 0));
	expect(delays.map((delay) => delay !== undefined)).toEqual([true, true, true, true, false, false]);
});

describe('the delay before the next try', () => {
	test.each([
		[1, 500],
		[2, 1000],
		[3, 2000],
		[4, 4000],
	])('doubles: after try %d it is %d ms, plus a random part of up to the same', (tries, expected) => {
		expect(delayBeforeRetry(tries, undefined, 0)).toBe(expected);
		expect(delayBeforeRetry(tries, undefined, 0.5)).toBe(expected * 1.5);
	});

	test('is between half a second and 30 seconds', () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: MAX_TRIES - 1 }), chance, (tries, random) => {
				const delay = delayBeforeRetry(tries, undefined, random) ?? NaN;
				return delay >= 500 && delay <= 30_000;
			}),
		);
	});

	test.each([
		['a longer wait', 1, 60_000, 60_000],
		['no wait', 4, 0, 0],
		['five minutes', 1, 300_000, 300_000],
		['more than five minutes, which ends the tries instead', 1, 300_001, undefined],
		['a wait after the last try, which is still the last', MAX_TRIES, 1000, undefined],
	])('is what the server asks for: %s', (_case, tries, retryAfterMs, expected) => {
		expect(delayBeforeRetry(tries, retryAfterMs, 0.9)).toBe(expected);
	});
});
