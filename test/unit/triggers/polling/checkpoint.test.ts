import { ObservableObject, type IDataObject } from 'n8n-workflow';
import type { WireRecord } from '../../../../nodes/Itniotech/api/types';
import {
	CallTracker,
	readCheckpoint,
	startCheckpoint,
	type Checkpoint,
} from '../../../../nodes/Itniotech/triggers/polling/checkpoint';
import { emptyTally } from '../../../../nodes/Itniotech/triggers/polling/digest';
import { Mark } from '../../../../nodes/Itniotech/triggers/seenCalls';

const NOW = Date.parse('2026-11-20T08:00:00Z') / 1000;
const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;

const iso = (seconds: number | null) => (seconds === null ? null : new Date(seconds * 1000).toISOString());
const start = (changes: Partial<Checkpoint> = {}): Checkpoint => ({
	...startCheckpoint('watched', NOW, HOUR_S),
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
const after = (changes: Partial<Checkpoint> = {}) => ({
	fromS: NOW,
	readToS: NOW,
	roundS: 0,
	keptS: NOW,
	sliceS: 60,
	tally: emptyTally(NOW),
	...changes,
});

describe('a stored state', () => {
	const used = () => {
		const recognizer = new CallTracker(start(), NOW);
		recognizer.hasEnded(pending('open', NOW - 10));
		recognizer.isNew(ended('1', NOW + 5, NOW + 5), Mark.matched);
		return recognizer.checkpoint(after());
	};

	test.each([
		['at the start', start()],
		['after a poll', used()],
	])('is plain JSON that is read back as it was, %s', (_case, checkpoint) => {
		const stored = JSON.parse(JSON.stringify(checkpoint)) as IDataObject;
		expect(stored).toEqual(checkpoint);
		expect(readCheckpoint(stored)).toEqual(checkpoint);
	});

	test('is read from behind the proxies of n8n, as a copy', () => {
		const kept = ObservableObject.create({}) as IDataObject;
		kept.checkpoint = JSON.parse(JSON.stringify(used())) as IDataObject;
		const watching = ObservableObject.create(JSON.parse(JSON.stringify(kept)) as IDataObject) as IDataObject;
		const read = readCheckpoint(watching.checkpoint)!;
		read.tally.calls = 5;
		read.open.push(['2', [1]]);
		expect(watching.checkpoint).toEqual(used());
		expect(structuredClone(read)).toEqual(read);
	});

	test.each<[string, unknown]>([
		['nothing', null],
		['not there', undefined],
		['text', 'x'],
		['a list', [1]],
		['another trigger’s', { lastTimeChecked: '2026-11-20' }],
		['a later version’s', { ...start(), version: 2 }],
		['a time as text', { ...start(), fromS: '1' }],
		['a time without end', { ...start(), readToS: null }],
		['a negative time', { ...start(), startS: -1 }],
		['a part of a second', { ...start(), keptS: 0.5 }],
		['no round', { ...start(), roundS: undefined }],
		['a slice of no length', { ...start(), sliceS: 0 }],
		['a memory that is none', { ...start(), memory: 'AAAA' }],
		['no memory', { ...start(), memory: undefined }],
		['open calls as an object', { ...start(), open: {} }],
		['an open call without times', { ...start(), open: [['1', []]] }],
		['an open call with a time as text', { ...start(), open: [['1', ['x']]] }],
		['an open call with an id as a number', { ...start(), open: [[1, [1]]] }],
		['a tally that is none', { ...start(), tally: { calls: 1 } }],
		['nothing watched', { ...start(), watched: undefined }],
	])('is not gone on from when it is %s', (_case, value) => expect(readCheckpoint(value)).toBeUndefined());
});

describe('a call', () => {
	test.each<[string, WireRecord, Partial<Checkpoint>, boolean]>([
		['ended at the start', ended('1', NOW - 10, NOW), {}, true],
		['ended a second before the start', ended('1', NOW - 10, NOW - 1), {}, false],
		['ended before the start, listed late', ended('1', NOW - 10, NOW - 1), { readToS: NOW + 60 }, false],
		['ended at some time, there at the first reading', ended('1', NOW - 1, null), {}, false],
		['ended at some time, begun at the start', ended('1', NOW, null), {}, true],
		['ended at some time, not there at the first reading', ended('1', NOW - 1, null), { readToS: NOW }, true],
		[
			'ended at some time, in a part that was not read yet',
			ended('1', NOW - 10, null),
			{ readToS: NOW - 20 },
			false,
		],
		[
			'ended at some time, open at the first reading',
			ended('1', NOW - 10, null),
			{ open: [['1', [NOW - 10]]] },
			true,
		],
		[
			'ended before the start, open by mistake',
			ended('1', NOW - 10, NOW - 5),
			{ open: [['1', [NOW - 10]]] },
			false,
		],
		[
			'ended at some time, called while the first poll reads',
			{ ...ended('1', NOW - 1, null), callTime: iso(NOW + 61) },
			{},
			true,
		],
		['not ended', pending('1', NOW), {}, false],
	])('%s', (_case, record, state, isTaken) => {
		const recognizer = new CallTracker(start(state), NOW + 60);
		expect(recognizer.hasEnded(record)).toBe(isTaken);
	});

	test('that ended before the start stays so, without a time of its end too', () => {
		const first = new CallTracker(start(), NOW);
		expect(first.hasEnded(ended('1', NOW - 5, null))).toBe(false);
		const next = new CallTracker(first.checkpoint(after({ keptS: NOW - HOUR_S })), NOW + 60);
		expect(next.hasEnded(ended('1', NOW - 5, null))).toBe(false);
	});

	test.each([
		['its submission', NOW - 1, NOW - 500, true],
		['its call', NOW - 500, NOW - 1, true],
		['neither time', NOW - 500, NOW - 2, false],
	])('is remembered as long as it may be read again by %s', (_case, submitS, callS, isRemembered) => {
		const recognizer = new CallTracker(start(), NOW);
		const record = { ...ended('1', submitS, NOW), callTime: iso(callS) };
		expect(recognizer.isNew(record, Mark.matched)).toBe(true);
		expect(recognizer.isNew(record, Mark.matched)).toBe(false);
		const next = new CallTracker(recognizer.checkpoint(after({ keptS: NOW })), NOW + 60);
		expect(next.isNew(record, Mark.matched)).toBe(!isRemembered);
	});

	test.each([NOW + 2 * DAY_S, NOW + 10_000 * DAY_S, 0, NOW - 100 * DAY_S])(
		'with a time of the call that stands for none (%d) goes by its submission',
		(callS) => {
			const recognizer = new CallTracker(start(), NOW);
			const record = { ...ended('1', NOW - 10, NOW), callTime: iso(callS) };
			recognizer.isNew(record, Mark.matched);
			expect(recognizer.checkpoint(after({ keptS: NOW - 9 })).memory).not.toBe('');
			expect(recognizer.checkpoint(after({ keptS: NOW - 8 })).memory).toBe('');
		},
	);
});

describe('an open call', () => {
	const openAfter = (records: WireRecord[], keptS = NOW, nowS = NOW, before = start()) => {
		const recognizer = new CallTracker(before, nowS);
		for (const record of records) recognizer.hasEnded(record);
		return recognizer.checkpoint(after({ keptS })).open;
	};

	test('is kept when it lies before what is read again by one of its times', () => {
		expect(
			openAfter([pending('1', NOW - 1, NOW), pending('2', NOW, NOW), pending('3', NOW - 2, null)]),
		).toEqual([
			['3', [NOW - 2]],
			['1', [NOW - 1, NOW]],
		]);
	});

	test('is let go when it has ended', () => {
		const before = start({ open: [['1', [NOW - 10]], ['2', [NOW - 5]]] }); // prettier-ignore
		expect(openAfter([ended('1', NOW - 10, NOW)], NOW, NOW, before)).toEqual([['2', [NOW - 5]]]);
	});

	test.each([
		[7 * DAY_S, 1],
		[7 * DAY_S + 1, 0],
	])('is given up after seven days (%d s)', (ageS, count) => {
		const before = start({ open: [['1', [NOW - 10]]] });
		expect(openAfter([], NOW, NOW - 10 + ageS, before)).toHaveLength(count);
	});

	test('of more than a thousand, the newest are kept', () => {
		const records = Array.from({ length: 1005 }, (_, index) => pending(`${index}`, NOW - 2000 + index));
		const kept = openAfter(records.reverse()).map(([voiceId]) => Number(voiceId));
		expect(kept).toEqual(Array.from({ length: 1000 }, (_, index) => index + 5));
	});

	test.each<[string, Checkpoint['open'], Array<[number, number]>]>([
		['none', [], []],
		['one with both times', [['1', [100, 130]]], [[100, 130]]],
		['one with times far apart', [['1', [100, 500]]], [[100, 100], [500, 500]]], // prettier-ignore
		['one that was not called yet', [['1', [100]]], [[100, 400]]],
		['two near each other, in any order', [['1', [200, 201]], ['2', [140, 140]]], [[140, 201]]], // prettier-ignore
		['two apart', [['1', [100, 100]], ['2', [161, 161]]], [[100, 100], [161, 161]]], // prettier-ignore
	])('is looked for where it may be listed: %s', (_case, open, expected) => {
		const ranges = new CallTracker(start({ open }), NOW).openRanges();
		expect(ranges.map(({ fromS, toS }) => [fromS, toS])).toEqual(expected);
	});

	test('is not looked for in the future', () => {
		const recognizer = new CallTracker(start({ open: [['1', [NOW - 10]], ['2', [NOW - 5, NOW + 5]]] }), NOW); // prettier-ignore
		expect(recognizer.openRanges()).toEqual([{ fromS: NOW - 10, toS: NOW }]);
		const ahead = new CallTracker(start({ open: [['1', [NOW + 10]]] }), NOW);
		expect(ahead.openRanges()).toEqual([]);
	});

	test('is looked for in ranges of ten minutes at most, however many there are', () => {
		const open = Array.from({ length: 500 }, (_, index): [string, number[]] => [
			`${index}`,
			[index * 30, index * 30],
		]);
		const ranges = new CallTracker(start({ open }), NOW).openRanges();
		for (const [, [time]] of open)
			expect(ranges.some(({ fromS, toS }) => fromS <= time && time <= toS)).toBe(true);
		expect(Math.max(...ranges.map(({ fromS, toS }) => toS - fromS))).toBeLessThanOrEqual(600);
		expect(ranges.length).toBeLessThan(30);
	});
});

test('the checkpoint that was read from stays as it is', () => {
	const before = start({ open: [['1', [NOW - 10]]] });
	const text = JSON.stringify(before);
	const recognizer = new CallTracker(before, NOW);
	recognizer.hasEnded(ended('1', NOW - 10, NOW));
	recognizer.hasEnded(pending('2', NOW - 10));
	recognizer.isNew(ended('1', NOW - 10, NOW), Mark.matched);
	recognizer.checkpoint(after());
	expect(JSON.stringify(before)).toBe(text);
});
