import type { WireRecord } from '../../../../nodes/Itniotech/api/types';
import { CallTracker } from '../../../../nodes/Itniotech/triggers/polling/callTracker';
import {
	readCheckpoint,
	startCheckpoint,
	type Checkpoint,
} from '../../../../nodes/Itniotech/triggers/polling/checkpoint';
import { SeenAs } from '../../../../nodes/Itniotech/triggers/seenCalls';

const NOW = Date.parse('2026-11-20T08:00:00Z') / 1000;
const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;

const iso = (seconds: number | null) => (seconds === null ? null : new Date(seconds * 1000).toISOString());
const start = (changes: Partial<Checkpoint> = {}): Checkpoint => ({
	...startCheckpoint('hash', NOW, HOUR_S),
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
/** The tracker of a poll a minute later. */
const nextTracker = (tracker: CallTracker, rereadFromS: number) =>
	new CallTracker(start(tracker.pack({ resumeAtS: NOW, rereadFromS })), NOW + 60);

describe('a call', () => {
	test.each<[string, WireRecord, Partial<Checkpoint>, boolean]>([
		['ended at the start', ended('1', NOW - 10, NOW), {}, true],
		['ended a second before the start', ended('1', NOW - 10, NOW - 1), {}, false],
		['ended before the start, listed late', ended('1', NOW - 10, NOW - 1), { readToS: NOW + 60 }, false],
		['without a hang-up time, listed at the first reading', ended('1', NOW - 1, null), {}, false],
		['without a hang-up time, begun at the start', ended('1', NOW, null), {}, true],
		[
			'without a hang-up time, not listed at the first reading',
			ended('1', NOW - 1, null),
			{ readToS: NOW },
			true,
		],
		[
			'without a hang-up time, at a time that was not read yet',
			ended('1', NOW - 10, null),
			{ readToS: NOW - 20 },
			false,
		],
		[
			'without a hang-up time, open at the first reading',
			ended('1', NOW - 10, null),
			{ openCalls: [['1', [NOW - 10]]] },
			true,
		],
		[
			'ended before the start, listed as open by mistake',
			ended('1', NOW - 10, NOW - 5),
			{ openCalls: [['1', [NOW - 10]]] },
			false,
		],
		[
			'without a hang-up time, called while the first poll reads',
			{ ...ended('1', NOW - 1, null), callTime: iso(NOW + 61) },
			{},
			true,
		],
		['not ended', pending('1', NOW), {}, false],
	])('%s', (_case, record, state, isNews) => {
		const tracker = new CallTracker(start(state), NOW + 60);
		expect(tracker.observe(record)).toBe(isNews);
	});

	test('that ended before the start is ignored later, too, even without a hang-up time', () => {
		const first = new CallTracker(start(), NOW);
		expect(first.observe(ended('1', NOW - 5, null))).toBe(false);
		const next = nextTracker(first, NOW - HOUR_S);
		expect(next.observe(ended('1', NOW - 5, null))).toBe(false);
	});

	test.each([
		['its submit time', NOW - 1, NOW - 500, true],
		['its call time', NOW - 500, NOW - 1, true],
		['neither time', NOW - 500, NOW - 2, false],
	])('is remembered as long as it may be read again by %s', (_case, submitS, callS, isRemembered) => {
		const tracker = new CallTracker(start(), NOW);
		const record = { ...ended('1', submitS, NOW), callTime: iso(callS) };
		expect(tracker.markOnce(record, SeenAs.matched)).toBe(true);
		expect(tracker.markOnce(record, SeenAs.matched)).toBe(false);
		const next = nextTracker(tracker, NOW);
		expect(next.markOnce(record, SeenAs.matched)).toBe(!isRemembered);
	});

	test.each([NOW + 2 * DAY_S, NOW + 10_000 * DAY_S, 0, NOW - 100 * DAY_S])(
		'with a placeholder as call time (%d) goes by its submit time',
		(callS) => {
			const tracker = new CallTracker(start(), NOW);
			const record = { ...ended('1', NOW - 10, NOW), callTime: iso(callS) };
			tracker.markOnce(record, SeenAs.matched);
			expect(tracker.pack({ resumeAtS: NOW, rereadFromS: NOW - 9 }).seenCalls).not.toBe('');
			expect(tracker.pack({ resumeAtS: NOW, rereadFromS: NOW - 8 }).seenCalls).toBe('');
		},
	);
});

describe('an open call', () => {
	const openAfter = (records: WireRecord[], before = start(), nowS = NOW) => {
		const tracker = new CallTracker(before, nowS);
		for (const record of records) tracker.observe(record);
		return tracker.pack({ resumeAtS: NOW, rereadFromS: NOW }).openCalls;
	};

	test('is remembered when one of its times is before what is read next', () => {
		expect(
			openAfter([pending('1', NOW - 1, NOW), pending('2', NOW, NOW), pending('3', NOW - 2, null)]),
		).toEqual([
			['3', [NOW - 2]],
			['1', [NOW - 1, NOW]],
		]);
	});

	test('is forgotten when it has ended', () => {
		const before = start({ openCalls: [['1', [NOW - 10]], ['2', [NOW - 5]]] }); // prettier-ignore
		expect(openAfter([ended('1', NOW - 10, NOW)], before)).toEqual([['2', [NOW - 5]]]);
	});

	test.each([
		[7 * DAY_S, 1],
		[7 * DAY_S + 1, 0],
	])('is given up after seven days (%d s)', (ageS, count) => {
		const before = start({ openCalls: [['1', [NOW - 10]]] });
		expect(openAfter([], before, NOW - 10 + ageS)).toHaveLength(count);
	});

	test('is forgotten when there are a thousand newer ones', () => {
		const records = Array.from({ length: 1005 }, (_, index) => pending(`${index}`, NOW - 2000 + index));
		const indexes = openAfter(records.reverse()).map(([voiceId]) => Number(voiceId));
		expect(indexes).toEqual(Array.from({ length: 1000 }, (_, index) => index + 5));
	});

	test.each<[string, Checkpoint['openCalls'], Array<[number, number]>]>([
		['none', [], []],
		['one with both times', [['1', [100, 130]]], [[100, 130]]],
		['one with times far apart', [['1', [100, 500]]], [[100, 100], [500, 500]]], // prettier-ignore
		['one that has not been called yet', [['1', [100]]], [[100, 400]]],
		['two near each other, in any order', [['1', [200, 201]], ['2', [140, 140]]], [[140, 201]]], // prettier-ignore
		['two apart', [['1', [100, 100]], ['2', [161, 161]]], [[100, 100], [161, 161]]], // prettier-ignore
	])('is looked up where it may be listed: %s', (_case, openCalls, expected) => {
		const ranges = new CallTracker(start({ openCalls }), NOW).openRanges();
		expect(ranges.map(({ fromS, toS }) => [fromS, toS])).toEqual(expected);
	});

	test('is not looked up in the future', () => {
		const tracker = new CallTracker(start({ openCalls: [['1', [NOW - 10]], ['2', [NOW - 5, NOW + 5]]] }), NOW); // prettier-ignore
		expect(tracker.openRanges()).toEqual([{ fromS: NOW - 10, toS: NOW }]);
		const ahead = new CallTracker(start({ openCalls: [['1', [NOW + 10]]] }), NOW);
		expect(ahead.openRanges()).toEqual([]);
	});

	test('is looked up in ranges of at most ten minutes, however many there are', () => {
		const openCalls = Array.from({ length: 500 }, (_, index): [string, number[]] => [
			`${index}`,
			[index * 30, index * 30],
		]);
		const ranges = new CallTracker(start({ openCalls }), NOW).openRanges();
		for (const [, [time]] of openCalls)
			expect(ranges.some(({ fromS, toS }) => fromS <= time && time <= toS)).toBe(true);
		expect(Math.max(...ranges.map(({ fromS, toS }) => toS - fromS))).toBeLessThanOrEqual(600);
		expect(ranges.length).toBeLessThan(30);
	});
});

test('the checkpoint before is not changed', () => {
	const before = start({ openCalls: [['1', [NOW - 10]]] });
	const text = JSON.stringify(before);
	const tracker = new CallTracker(before, NOW);
	tracker.observe(ended('1', NOW - 10, NOW));
	tracker.observe(pending('2', NOW - 10));
	tracker.markOnce(ended('1', NOW - 10, NOW), SeenAs.matched);
	tracker.pack({ resumeAtS: NOW, rereadFromS: NOW });
	expect(JSON.stringify(before)).toBe(text);
});

test('what is packed can be stored', () => {
	const tracker = new CallTracker(start(), NOW);
	tracker.observe(pending('1', NOW - 10));
	tracker.markOnce(ended('2', NOW + 5, NOW + 5), SeenAs.matched);
	const checkpoint = start(tracker.pack({ resumeAtS: NOW, rereadFromS: NOW }));
	expect(checkpoint).toMatchObject({
		openCalls: [['1', [NOW - 10, NOW - 10]]],
		seenCalls: expect.stringMatching(/./) as string,
	});
	expect(readCheckpoint(JSON.parse(JSON.stringify(checkpoint)))).toEqual(checkpoint);
});
