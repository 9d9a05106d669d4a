import type { WireRecord } from '../../api/types';
import { countryOf } from '../../records/record';
import type { CallFacts } from '../figures/callFacts';
import { Costs } from '../figures/costs';
import { GROUP_TYPES, type KeyReader } from '../summary/groupBy';

const CAUSE_DIMENSIONS = ['country', 'area', 'displayNum', 'terminationCode', 'hourOfDay'] as const;

export type CauseDimension = (typeof CAUSE_DIMENSIONS)[number];

/** With more of them, such as a display number for each call, none is compared: memory is bounded. */
export const MAX_VALUES = 10_000;

export class SegmentCalls {
	calls = 0;
	/** Answered or failed. */
	ended = 0;
	failed = 0;
	readonly costs = new Costs();

	add(facts: CallFacts): void {
		const { outcome } = facts;
		this.calls++;
		if (outcome === 'answered' || outcome === 'failed') this.ended++;
		if (outcome === 'failed') this.failed++;
		this.costs.add(facts);
	}

	addAll(other: SegmentCalls): void {
		this.calls += other.calls;
		this.ended += other.ended;
		this.failed += other.failed;
		this.costs.addAll(other.costs);
	}
}

/** The calls with one value, in the range and in the earlier one. */
export interface Segment {
	/** `null` for the calls without a value. */
	value: string | null;
	now: SegmentCalls;
	before: SegmentCalls;
}

type CountedDimension = Exclude<CauseDimension, 'country'>;

/** Adds up the calls of two ranges by each dimension, without keeping records. */
export class Segments {
	readonly all = newSegment(null);
	private readonly readers: Array<[CountedDimension, KeyReader]>;
	/** A dimension with too many values is dropped. */
	private readonly counted = new Map<CountedDimension, Map<string | null, Segment>>();

	/** @param zone timezone of the hours */
	constructor(zone: string) {
		this.readers = CAUSE_DIMENSIONS.filter((dimension) => dimension !== 'country').map((dimension) => [
			dimension,
			GROUP_TYPES[dimension].createReader(zone),
		]);
		for (const [dimension] of this.readers) this.counted.set(dimension, new Map());
	}

	add(record: WireRecord, facts: CallFacts, time: 'now' | 'before'): void {
		this.all[time].add(facts);
		for (const [dimension, reader] of this.readers) {
			const segments = this.counted.get(dimension);
			if (!segments) continue;
			segmentIn(segments, reader.keyOf(record).key)[time].add(facts);
			if (segments.size > MAX_VALUES) this.counted.delete(dimension);
		}
	}

	/** Each call is in one of them; none where there are too many. */
	by(dimension: CauseDimension): Segment[] {
		if (dimension !== 'country') return [...(this.counted.get(dimension)?.values() ?? [])];
		const countries = new Map<string | null, Segment>();
		for (const { value, now, before } of this.by('area')) {
			const country = segmentIn(countries, countryOf(value));
			country.now.addAll(now);
			country.before.addAll(before);
		}
		return [...countries.values()];
	}
}

function segmentIn(segments: Map<string | null, Segment>, value: string | null): Segment {
	let segment = segments.get(value);
	if (!segment) {
		segment = newSegment(value);
		segments.set(value, segment);
	}
	return segment;
}

function newSegment(value: string | null): Segment {
	return { value, now: new SegmentCalls(), before: new SegmentCalls() };
}
