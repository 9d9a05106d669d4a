import fc from 'fast-check';
import { REAL_TIMING, SharedTimeout, watchClock } from '../../../nodes/Itniotech/api/timing';
import { NOW_MS } from '../../support/times';

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
	])('is called wrong only after a change that matters: %s', (_case, before, after, isWrong) => {
		let differenceMs = before;
		const isClockWrong = watchClock({ clockDifferenceMs: () => differenceMs });
		expect(isClockWrong()).toBe(false);
		differenceMs = after;
		expect(isClockWrong()).toBe(isWrong);
	});
});
