import fc from 'fast-check';
import {
	LAPSED,
	nextAlarm,
	type Alarm,
	type Moment,
	type News,
	type Observed,
} from '../../../../../nodes/Itniotech/triggers/polling/alarms/transition';
import { HOUR_S as HOUR, MINUTE_S as MINUTE, NOW_S as NOW } from '../../../../support/times';

const WINDOW = HOUR;

const RAISED: Observed = { verdict: 'raised', isKnown: true, hasTooFewCalls: false };
const CLEARED: Observed = { verdict: 'cleared', isKnown: true, hasTooFewCalls: false };
const BETWEEN: Observed = { verdict: undefined, isKnown: true, hasTooFewCalls: false };
const UNDECIDED: Observed = { verdict: undefined, isKnown: false, hasTooFewCalls: false };
const TOO_FEW: Observed = { verdict: undefined, isKnown: false, hasTooFewCalls: true };

/** The news of polls after seconds each. */
function newsOf(polls: Array<[number, Observed]>, options: Partial<Moment> = {}): Array<News | undefined> {
	let alarm: Alarm | undefined;
	let [nowS, polledS] = [NOW, 0];
	return polls.map(([afterS, observed]) => {
		nowS += afterS;
		const moment = { nowS, polledS, windowS: WINDOW, remindEveryS: 0, ...options };
		const next = nextAlarm(alarm, observed, moment);
		alarm = next.alarm;
		polledS = nowS;
		return next.news;
	});
}

const each = (seconds: number, all: Observed[]): Array<[number, Observed]> =>
	all.map((one) => [seconds, one]);

test('news alternate: raised, cleared, raised, and nothing in between', () => {
	fc.assert(
		fc.property(fc.array(fc.constantFrom(RAISED, CLEARED, BETWEEN, UNDECIDED)), (all) => {
			const verdicts = all.map(({ verdict }) => verdict).filter((verdict) => verdict !== undefined);
			const first = verdicts.indexOf('raised');
			const expected = first < 0 ? [] : verdicts.slice(first).filter((one, at, list) => one !== list[at - 1]);
			expect(newsOf(each(10 * MINUTE, all)).filter((news) => news !== undefined)).toEqual(expected);
		}),
		{ numRuns: 300 },
	);
});

describe('an active alarm lapses when polls find too few calls for a whole window', () => {
	const quiet = (minutes: number) => each(MINUTE, Array<Observed>(minutes).fill(TOO_FEW));

	test.each<[string, Array<[number, Observed]>, News | undefined]>([
		['a minute short of it', [...each(0, [RAISED]), ...quiet(59), [MINUTE / 2, RAISED]], undefined],
		['a window', [...each(0, [RAISED]), ...quiet(60), [MINUTE, RAISED]], 'raised'],
		['a window, and back', [...each(0, [RAISED]), ...quiet(60), [MINUTE, CLEARED]], 'cleared'],
		['a window after it was last seen', [...each(0, [RAISED]), ...each(50 * MINUTE, [RAISED]), ...quiet(59), [MINUTE, RAISED]], undefined],
		['money that is not decided', [...each(10 * MINUTE, [RAISED, ...Array<Observed>(30).fill(UNDECIDED)]), [MINUTE, RAISED]], undefined],
		['between threshold and Clear At', [...each(10 * MINUTE, [RAISED, ...Array<Observed>(30).fill(BETWEEN)]), [MINUTE, RAISED]], undefined],
		['polls rarer than the window', each(2 * HOUR, [RAISED, TOO_FEW, TOO_FEW, TOO_FEW, RAISED]), undefined],
	])('and not before, which the next poll shows: %s', (_case, polls, news) => {
		expect(newsOf(polls).at(-1)).toBe(news);
	}); // prettier-ignore

	test('and is then cleared once', () => {
		const polls = [...each(0, [RAISED]), ...quiet(70), ...each(MINUTE, [CLEARED, CLEARED, TOO_FEW, CLEARED])];
		expect(newsOf(polls).slice(-4)).toEqual(['cleared', undefined, undefined, undefined]);
	});
});

describe('a reminder', () => {
	test('comes each time that an alarm has been active for "Remind Every"', () => {
		const news = newsOf(each(HOUR, Array<Observed>(10).fill(RAISED)), { remindEveryS: 4 * HOUR });
		expect(news.map((one, hour) => [hour, one]).filter(([, one]) => one)).toEqual([
			[0, 'raised'],
			[4, 'reminder'],
			[8, 'reminder'],
		]);
	});

	test('comes with each poll of every hour, though polls begin some seconds early or late', () => {
		const seconds = fc.integer({ min: -10, max: 10 });
		fc.assert(
			fc.property(fc.array(seconds, { minLength: 2 }), (delays) => {
				const polls = delays.map((delay, at): [number, Observed] => [HOUR + delay - (delays[at - 1] ?? 0), RAISED]); // prettier-ignore
				const [first, ...others] = newsOf(polls, { remindEveryS: HOUR });
				expect([first, new Set(others)]).toEqual(['raised', new Set(['reminder'])]);
			}),
		);
	});

	test('does not come a minute early', () => {
		const polls = each(MINUTE, Array<Observed>(121).fill(RAISED));
		const minutes = newsOf(polls, { remindEveryS: HOUR }).flatMap((news, minute) => (news ? [minute] : []));
		expect(minutes).toEqual([0, 60, 120]);
	});

	test.each<[string, Observed, News | undefined]>([
		['is between threshold and Clear At', BETWEEN, 'reminder'],
		['is not known', UNDECIDED, undefined],
		['is one of too few calls', TOO_FEW, undefined],
		['is back', CLEARED, 'cleared'],
	])('of an alarm whose value %s', (_case, observed, news) => {
		expect(newsOf(each(HOUR, [RAISED, observed]), { remindEveryS: HOUR }).at(-1)).toBe(news);
	});
});

test('an alarm of other calls is news again, and is cleared once', () => {
	const moment: Moment = { nowS: NOW, polledS: NOW - MINUTE, windowS: WINDOW, remindEveryS: HOUR };
	const alarm = { raisedS: NOW - 5 * HOUR, knownS: NOW - MINUTE, notifiedS: NOW - 5 * HOUR };
	for (const about of [LAPSED, 'other filters']) {
		expect(nextAlarm({ ...alarm, about }, RAISED, moment)).toEqual({
			alarm: { raisedS: NOW, knownS: NOW, notifiedS: NOW },
			news: 'raised',
		});
		expect(nextAlarm({ ...alarm, about }, CLEARED, moment)).toEqual({ news: 'cleared' });
		expect(nextAlarm({ ...alarm, about }, BETWEEN, moment).news).toBeUndefined();
	}
});
