import fc from 'fast-check';
import {
	MAX_TRIES,
	REAL_TIMING,
	SharedTimeout,
	TRY_TIMEOUT_MS,
	delayBeforeRetry,
	readRetryAfter,
	watchClock,
} from '../../../nodes/Itniotech/api/retry';
import { NOW_MS } from '../../support/times';

const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test('a request is tried at most 5 times, each time for up to 30 seconds', () => {
	expect([MAX_TRIES, TRY_TIMEOUT_MS]).toEqual([5, 30_000]);
	const delays = [1, 2, 3, 4, 5, 6].map((tries) => delayBeforeRetry(tries, undefined, 0));
	expect(delays.map((delay) => delay !== undefined)).toEqual([true, true, true, true, false, false]);
});

test('a time-out is at most a second old when a try begins with it, and what the clock was set back by meanwhile', () => {
	const step = fc.record({
		passedMs: fc.nat(1500),
		setMs: fc.constantFrom(0, 0, -28_800_000, -1200, 28_800_000),
	});
	fc.assert(
		fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
			let [realMs, setMs, unnoticedMs] = [0, 0, 0];
			const madeAt = new Map<AbortSignal, number>();
			const timeout = () => {
				const { signal } = new AbortController();
				madeAt.set(signal, realMs);
				return signal;
			};
			const shared = new SharedTimeout({ ...REAL_TIMING, now: () => NOW_MS + realMs + setMs, timeout });
			for (const one of steps) {
				realMs += one.passedMs;
				expect(realMs - madeAt.get(shared.signal())!).toBeLessThan(1000 + unnoticedMs);
				setMs += one.setMs;
				// Nobody notices a clock that was set back by a second and has caught up.
				if (one.setMs === -1200) unnoticedMs += 1200;
			}
		}),
	);
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

test.each([
	['seconds', '120', 120_000],
	['seconds as a number', 7, 7000],
	['zero seconds', '0', 0],
	['blanks around the seconds', ' 5 ', 5000],
	['a date', 'Fri, 20 Nov 2026 08:00:10 GMT', 10_000],
	['a date in the past', 'Sun, 15 Mar 2026 11:00:00 GMT', 0],
	['text', 'soon', undefined],
	['text with a number', 'retry after 10', undefined],
	['a fraction', '1.5', undefined],
	['a negative number', '-5', undefined],
	['empty text', '', undefined],
	['nothing', undefined, undefined],
	['a list', ['1', '2'], undefined],
])('Retry-After with %s', (_case, header, expected) => expect(readRetryAfter(header, NOW_MS)).toBe(expected));

describe('the wait', () => {
	beforeEach(() => jest.useFakeTimers());
	afterEach(() => jest.useRealTimers());

	test.each([
		['without a signal', []],
		['with a signal that does not abort', [new AbortController().signal]],
	])('lasts as long as it should %s', async (_case, signals) => {
		let isOver = false;
		const wait = REAL_TIMING.sleep(1000, signals).then(() => (isOver = true));
		await jest.advanceTimersByTimeAsync(999);
		expect(isOver).toBe(false);
		await jest.advanceTimersByTimeAsync(1);
		await wait;
		expect(isOver).toBe(true);
	});

	test('ends at once when the run is cancelled', async () => {
		const abort = new AbortController();
		const wait = REAL_TIMING.sleep(30_000, [abort.signal]);
		abort.abort(new Error('cancelled'));
		await expect(wait).rejects.toThrow('cancelled');
	});

	test('ends at once when the run was cancelled before', async () => {
		await expect(REAL_TIMING.sleep(30_000, [AbortSignal.abort(new Error('cancelled'))])).rejects.toThrow(
			'cancelled',
		);
	});
});

describe('a clock that is watched', () => {
	test.each<[string, number | undefined, number | undefined, boolean]>([
		['nothing is known yet', undefined, undefined, false],
		['an answer shows the time of this server', undefined, 0, false],
		['an answer shows another time', undefined, -60_000, true],
		['the difference changes by less than a minute', 120_000, 179_999, false],
		['the difference changes by a minute', 120_000, 180_000, true],
		['the difference goes', 3_600_000, 0, true],
		['the difference is forgotten', 3_600_000, undefined, true],
	])('%s', (_case, before, after, isWrong) => {
		let differenceMs = before;
		const isClockWrong = watchClock({ clockDifferenceMs: () => differenceMs });
		expect(isClockWrong()).toBe(false);
		differenceMs = after;
		expect(isClockWrong()).toBe(isWrong);
	});
});
