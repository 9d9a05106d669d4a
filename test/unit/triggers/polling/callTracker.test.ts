import type { WireRecord } from '../../../../nodes/Itniotech/api/types';
import { CallTracker } from '../../../../nodes/Itniotech/triggers/polling/callTracker';
import {
	readCheckpoint,
	startCheckpoint,
	type Checkpoint,
} from '../../../../nodes/Itniotech/triggers/polling/checkpoint';
import { OpenCalls } from '../../../../nodes/Itniotech/triggers/polling/openCalls';
import { SeenAs } from '../../../../nodes/Itniotech/triggers/seenCalls';
import { DAY_S, HOUR_S, NOW_S } from '../../../support/times';

const iso = (seconds: number | null) => (seconds === null ? null : new Date(seconds * 1000).toISOString());
const start = (changes: Partial<Checkpoint> = {}): Checkpoint => ({
	...startCheckpoint('hash', NOW_S, HOUR_S),
	...changes,
});
const pending = (voiceId: string, submitS: number, callS: number | null = submitS): WireRecord => ({
	voiceId,
	submitTime: iso(submitS),
	callTime: iso(callS),
});
const ended = (voiceId: string, submitS: number, hungUpS: number | null): WireRecord => ({
	...pending(voiceId, submitS),
	hangupTime: iso(hungUpS),
	terminationCode: '486',
});
const trackerOf = (before: Checkpoint, nowS: number) =>
	new CallTracker(before, { nowS, earliestS: NOW_S - 60 * DAY_S });
/** Open calls with the times by which they may be listed. */
const packed = (calls: Record<string, number[]>) => {
	const openCalls = OpenCalls.unpack('')!;
	for (const [voiceId, times] of Object.entries(calls)) openCalls.add(voiceId, times);
	return openCalls.pack(Infinity, 0).openCalls;
};
/** The tracker of a poll a minute later. */
const nextTracker = (tracker: CallTracker, rereadFromS: number) =>
	trackerOf(start(tracker.pack({ resumeAtS: NOW_S, rereadFromS }, true)), NOW_S + 60);

describe('a call', () => {
	test.each<[string, WireRecord, Partial<Checkpoint>, boolean]>([
		['ended at the start', ended('1', NOW_S - 10, NOW_S), {}, true],
		['ended a second before the start', ended('1', NOW_S - 10, NOW_S - 1), {}, false],
		[
			'ended before the start, listed late',
			ended('1', NOW_S - 10, NOW_S - 1),
			{ readToS: NOW_S + 60 },
			false,
		],
		[
			'with a placeholder as its hang-up time',
			{ ...ended('1', NOW_S, null), hangupTime: '1970-01-01T08:00:00+08:00' },
			{},
			true,
		],
		['without a hang-up time, listed at the first reading', ended('1', NOW_S - 1, null), {}, false],
		['without a hang-up time, begun at the start', ended('1', NOW_S, null), {}, true],
		[
			'without a hang-up time, not listed at the first reading',
			ended('1', NOW_S - 1, null),
			{ readToS: NOW_S },
			true,
		],
		[
			'without a hang-up time, at a time that was not read yet',
			ended('1', NOW_S - 10, null),
			{ readToS: NOW_S - 20 },
			false,
		],
		[
			'without a hang-up time, open at the first reading',
			ended('1', NOW_S - 10, null),
			{ openCalls: packed({ 1: [NOW_S - 10] }) },
			true,
		],
		[
			'ended before the start, listed as open by mistake',
			ended('1', NOW_S - 10, NOW_S - 5),
			{ openCalls: packed({ 1: [NOW_S - 10] }) },
			false,
		],
		[
			'without a hang-up time, called while the first poll reads',
			{ ...ended('1', NOW_S - 1, null), callTime: iso(NOW_S + 61) },
			{},
			true,
		],
		['not ended', pending('1', NOW_S), {}, false],
	])('is output where it ended since the start, however it is listed: %s', (_case, record, state, isNews) => {
		const tracker = trackerOf(start(state), NOW_S + 60);
		expect(tracker.observe(record)).toBe(isNews);
	});

	test('that ended before the start is ignored later, too, even without a hang-up time', () => {
		const first = trackerOf(start(), NOW_S);
		expect(first.observe(ended('1', NOW_S - 5, null))).toBe(false);
		const next = nextTracker(first, NOW_S - HOUR_S);
		expect(next.observe(ended('1', NOW_S - 5, null))).toBe(false);
	});

	test.each([
		['its submit time', NOW_S - 1, NOW_S - 500, true],
		['its call time', NOW_S - 500, NOW_S - 1, true],
		['neither time', NOW_S - 500, NOW_S - 2, false],
	])('is remembered as long as it may be read again by %s', (_case, submitS, callS, isRemembered) => {
		const tracker = trackerOf(start(), NOW_S);
		const record = { ...ended('1', submitS, NOW_S), callTime: iso(callS) };
		expect(tracker.markOnce(record, SeenAs.matched)).toBe(true);
		expect(tracker.markOnce(record, SeenAs.matched)).toBe(false);
		const next = nextTracker(tracker, NOW_S);
		expect(next.markOnce(record, SeenAs.matched)).toBe(!isRemembered);
	});

	test.each([NOW_S + 2 * DAY_S, NOW_S + 10_000 * DAY_S, 0, NOW_S - 100 * DAY_S])(
		'with a placeholder as call time (%d) goes by its submit time',
		(callS) => {
			const tracker = trackerOf(start(), NOW_S);
			const record = { ...ended('1', NOW_S - 10, NOW_S), callTime: iso(callS) };
			tracker.markOnce(record, SeenAs.matched);
			expect(tracker.pack({ resumeAtS: NOW_S, rereadFromS: NOW_S - 9 }, true).seenCalls).not.toBe('');
			expect(tracker.pack({ resumeAtS: NOW_S, rereadFromS: NOW_S - 8 }, true).seenCalls).toBe('');
		},
	);
});

describe('an open call', () => {
	const openAfter = (records: WireRecord[], before = start(), nowS = NOW_S) => {
		const tracker = trackerOf(before, nowS);
		for (const record of records) tracker.observe(record);
		const { openCalls, abandonedCount } = tracker.pack({ resumeAtS: NOW_S, rereadFromS: NOW_S }, true);
		const next = trackerOf(start({ openCalls }), nowS);
		const ids = [...records.map(({ voiceId }) => voiceId), '1', '2'];
		return { openIds: [...new Set(ids)].filter((voiceId) => next.isOpen({ voiceId })), abandonedCount };
	};

	test('is remembered when one of its times is before what is read next', () => {
		expect(
			openAfter([pending('1', NOW_S - 1, NOW_S), pending('2', NOW_S, NOW_S), pending('3', NOW_S - 2, null)]),
		).toEqual({ openIds: ['1', '3'], abandonedCount: 0 });
	});

	test('is forgotten when it has ended, also without a code', () => {
		const before = start({ openCalls: packed({ 1: [NOW_S - 10], 2: [NOW_S - 5], 3: [NOW_S - 5] }) });
		const hungUp = { ...ended('3', NOW_S - 5, NOW_S), terminationCode: null };
		expect(openAfter([ended('1', NOW_S - 10, NOW_S), hungUp], before)).toEqual({
			openIds: ['2'],
			abandonedCount: 0,
		});
	});

	test.each([
		[7 * DAY_S, ['1'], 0, 1],
		[7 * DAY_S + 1, [], 1, 1],
		[62 * DAY_S, [], 1, 0],
	])('is given up after seven days, which is counted (%d s)', (ageS, openIds, abandonedCount, lookups) => {
		const before = start({ openCalls: packed({ 1: [NOW_S - 10] }) });
		expect(openAfter([], before, NOW_S - 10 + ageS)).toEqual({ openIds, abandonedCount });
		const nowS = NOW_S - 10 + ageS;
		const tracker = new CallTracker(before, { nowS, earliestS: nowS - 60 * DAY_S });
		expect(tracker.openRanges()).toHaveLength(lookups);
		expect(tracker.pack({ resumeAtS: NOW_S, rereadFromS: NOW_S }, false).abandonedCount).toBe(1 - lookups);
	});

	test('is never looked up before the earliest time that the service has', () => {
		const before = start({ openCalls: packed({ 1: [NOW_S - 10], 2: [NOW_S - 2 * DAY_S, NOW_S - 10] }) });
		const tracker = new CallTracker(before, { nowS: NOW_S, earliestS: NOW_S - DAY_S });
		expect(tracker.openRanges().map(({ fromS }) => fromS)).toEqual([NOW_S - 10]);
	});

	test('is not looked up in the future', () => {
		const before = start({ openCalls: packed({ 1: [NOW_S - 10], 2: [NOW_S - 5, NOW_S + 500] }) });
		expect(trackerOf(before, NOW_S).openRanges()).toEqual([{ fromS: NOW_S - 10, toS: NOW_S }]);
		const ahead = trackerOf(start({ openCalls: packed({ 1: [NOW_S + 10] }) }), NOW_S);
		expect(ahead.openRanges()).toEqual([]);
	});
});

test('the checkpoint before is not changed', () => {
	const before = start({ openCalls: packed({ 1: [NOW_S - 10] }) });
	const text = JSON.stringify(before);
	const tracker = trackerOf(before, NOW_S);
	tracker.observe(ended('1', NOW_S - 10, NOW_S));
	tracker.observe(pending('2', NOW_S - 10));
	tracker.markOnce(ended('1', NOW_S - 10, NOW_S), SeenAs.matched);
	tracker.pack({ resumeAtS: NOW_S, rereadFromS: NOW_S }, true);
	expect(JSON.stringify(before)).toBe(text);
});

test('what is packed can be stored', () => {
	const tracker = trackerOf(start(), NOW_S);
	tracker.observe(pending('1', NOW_S - 10));
	tracker.markOnce(ended('2', NOW_S + 5, NOW_S + 5), SeenAs.matched);
	const { abandonedCount, ...calls } = tracker.pack({ resumeAtS: NOW_S, rereadFromS: NOW_S }, true);
	expect(abandonedCount).toBe(0);
	const checkpoint = start(calls);
	expect(checkpoint).toMatchObject({
		openCalls: expect.stringMatching(/./) as string,
		seenCalls: expect.stringMatching(/./) as string,
	});
	expect(readCheckpoint(JSON.parse(JSON.stringify(checkpoint)))).toEqual(checkpoint);
});
