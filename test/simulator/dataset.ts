import type { EndsInclusive, RowOrder } from './behaviour';
import { makeRecord, randomSequence, wireTime, type WireRecord } from './records';

export type { WireRecord } from './records';

export interface DatasetQuery {
	fromMs: number;
	toMs: number;
	/** Time field that is compared. Default `submitTime`; a row without callTime is found by submitTime. */
	field?: 'submitTime' | 'callTime';
	/** Which rows at exactly `fromMs` and `toMs` count. Default true: both. */
	endsInclusive?: EndsInclusive;
	/** Whether calls without a terminationCode count. Default false. */
	ongoing?: boolean;
	/** Default `newestFirst`. */
	order?: RowOrder;
	/** Picks one of several shuffles for order `none`. Default 0. */
	shuffle?: number;
}

/** The rows that the service knows. Answers ranges without holding them in memory. */
export interface Dataset {
	count(query: DatasetQuery): number;
	/** Rows `offset` to `offset + limit` of the range in the asked order; fewer at its end. */
	slice(query: DatasetQuery, offset: number, limit: number): WireRecord[];
	get(voiceId: string): WireRecord | undefined;
	/** New rows; a known voiceId replaces that row (a seeded one keeps its place in time). */
	add(...records: WireRecord[]): void;
}

export interface SeededDatasetOptions {
	/** Number of ended calls, up to 10 million. */
	count: number;
	/** First and last moment of the submit times, milliseconds since 1970. */
	from: number;
	to: number;
	/** Default 1. The same options and seed give the same rows. */
	seed?: number;
	/** Calls that have not ended, on top of `count`: the newest ones. Default 3. */
	ongoing?: number;
	/** How many computed rows are stored, so that reading a range again costs little time. Default 50,000. */
	maxStored?: number;
}

/** Rows computed from seed and index on demand: ten million cost hardly any memory. */
export function seededDataset(options: SeededDatasetOptions): Dataset {
	const { count, from, to, seed = 1, ongoing = 3, maxStored = 50_000 } = options;
	const size = count + ongoing;

	// Three of every eight calls start within the same second. Never decreasing, so a range of time is a
	// range of indexes.
	const submitMs = (index: number) => {
		const first = index % 8 < 3 ? index - (index % 8) : index;
		const position = (first + randomSequence(seed, first)()) / size;
		return toSecond(from + (to - from) * position);
	};
	// One to three seconds later, and never decreasing either: up to the next multiple of three seconds.
	const callMs = (index: number) => (Math.floor(submitMs(index) / 3000) + 1) * 3000;
	const voiceId = (index: number) => makeVoiceId(submitMs(index), String(index % 1e7).padStart(7, '0'));

	const make = (index: number) =>
		makeRecord({
			voiceId: voiceId(index),
			submitMs: submitMs(index),
			callMs: callMs(index),
			seed,
			index,
			ongoing: index >= count,
		});
	const stored = new Map<number, WireRecord>();

	return createDataset({
		size,
		ended: count,
		timeOf: (index, field) => (field === 'callTime' ? callMs(index) : submitMs(index)),
		record: (index) => {
			const known = stored.get(index);
			if (known) return known;
			const record = Object.freeze(make(index));
			if (stored.size >= maxStored) stored.clear();
			if (maxStored > 0) stored.set(index, record);
			return record;
		},
		indexOf: (id) => {
			const low = Number(id.slice(-7));
			return [low, low + 1e7].find((index) => index < size && voiceId(index) === id);
		},
	});
}

/** A few explicit rows. */
export function listDataset(records: WireRecord[]): Dataset {
	const nothing = { size: 0, ended: 0, timeOf: () => 0, indexOf: () => undefined };
	const dataset = createDataset({ ...nothing, record: () => ({ voiceId: '' }) });
	dataset.add(...records);
	return dataset;
}

/**
 * Id in the vendor's manner: local date and time to the second, then digits that make it unique. With seven
 * digits it has 19 in all, far beyond 2^53.
 */
export function makeVoiceId(submitMs: number, digits: string): string {
	const [year, month, day, hour, minute, second] = wireTime(submitMs).split(/[-T:+]/);
	return year.slice(2) + month + day + hour + minute + second + digits;
}

/** Computed rows 0..size-1 by non-decreasing time; those from `ended` on have not ended. */
interface ComputedRows {
	size: number;
	ended: number;
	timeOf(index: number, field: 'submitTime' | 'callTime'): number;
	record(index: number): WireRecord;
	indexOf(voiceId: string): number | undefined;
}

interface AddedRow {
	submitTime: number;
	callTime: number;
	record: WireRecord;
}

/** The rows of a range as a virtual list, oldest first. */
interface View {
	total: number;
	at(position: number): WireRecord;
}

/** Computed rows with a list of added ones mixed in by time. */
function createDataset(computed: ComputedRows): Dataset {
	const added = new Map<string, AddedRow>();
	const replaced = new Map<string, WireRecord>();

	let lastView: { range: string; view: View } | undefined;

	/** The rows of a range; all pages of one list ask for the same. */
	function view(query: DatasetQuery): View {
		const range = JSON.stringify({ ...query, order: undefined, shuffle: undefined });
		if (lastView?.range !== range) lastView = { range, view: createView(query) };
		return lastView.view;
	}

	function createView({
		fromMs,
		toMs,
		field = 'submitTime',
		endsInclusive = true,
		ongoing = false,
	}: DatasetQuery): View {
		const startMs = endsInclusive === true || endsInclusive === 'start' ? fromMs : fromMs + 1;
		// First moment that is outside.
		const endMs = endsInclusive === true || endsInclusive === 'end' ? toMs + 1 : toMs;
		const searchable = ongoing ? computed.size : computed.ended;
		const firstIndexAt = (ms: number) =>
			lowerBound(searchable, (index) => computed.timeOf(index, field) >= ms);

		const start = firstIndexAt(startMs);
		const computedCount = Math.max(0, firstIndexAt(endMs) - start);
		const mixedIn = [...added.values()]
			.filter((row) => row[field] >= startMs && row[field] < endMs)
			.filter(({ record }) => ongoing || Boolean(record.terminationCode))
			.sort((a, b) => a[field] - b[field]);
		const positions = mixedIn.map((row, nth) => nth + firstIndexAt(row[field] + 1) - start);

		return {
			total: computedCount + mixedIn.length,
			at(position: number): WireRecord {
				const nth = lowerBound(positions.length, (index) => positions[index] >= position);
				if (positions[nth] === position) return mixedIn[nth].record;
				const record = computed.record(start + position - nth);
				return replaced.get(record.voiceId) ?? record;
			},
		};
	}

	return {
		count: (query) => view(query).total,
		slice(query, offset, limit) {
			const { total, at } = view(query);
			const place = ordering(query.order ?? 'newestFirst', total, query.shuffle ?? 0);
			const length = Math.max(0, Math.min(limit, total - offset));
			return Array.from({ length }, (_, nth) => at(place(offset + nth)));
		},
		get(voiceId) {
			const known = added.get(voiceId)?.record ?? replaced.get(voiceId);
			const index = known ? undefined : computed.indexOf(voiceId);
			return index === undefined ? known : computed.record(index);
		},
		add(...records) {
			lastView = undefined;
			for (const record of records) {
				if (computed.indexOf(record.voiceId) !== undefined) {
					replaced.set(record.voiceId, Object.freeze(record));
					continue;
				}
				// Its text on the wire is written once.
				Object.freeze(record);
				const submitTime = Date.parse(record.submitTime ?? '');
				const callTime = Date.parse(record.callTime ?? record.submitTime ?? '');
				added.set(record.voiceId, { submitTime, callTime, record });
			}
		},
	};
}

/** Maps a place in the asked order to a place in the oldest-first list. */
function ordering(order: RowOrder, total: number, shuffle: number): (position: number) => number {
	if (order === 'oldestFirst') return (position) => position;
	if (order === 'newestFirst') return (position) => total - 1 - position;

	// A step without a common divisor with the total visits every row once, with no list to keep.
	let step = Math.max(1, Math.floor(total * 0.618)) + shuffle;
	while (greatestCommonDivisor(step, total) > 1) step++;
	return (position) => (position * step + step) % total;
}

function greatestCommonDivisor(a: number, b: number): number {
	return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** First index of 0..size-1 for which the test holds, else size. The test must not turn false again. */
function lowerBound(size: number, holds: (index: number) => boolean): number {
	let low = 0;
	let high = size;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if (holds(middle)) high = middle;
		else low = middle + 1;
	}
	return low;
}

function toSecond(ms: number): number {
	return Math.floor(ms / 1000) * 1000;
}
