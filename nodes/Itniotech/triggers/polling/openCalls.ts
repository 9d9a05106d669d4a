import type { TimeRange } from '../../records/calendar';
import { hashOf, packCalls, unpackCalls } from '../packedCalls';

/** An open call without a call time may get one up to this much later than its submit time, and be listed by it. */
const CALLED_WITHIN_S = 5 * 60;
const NEAR_S = 60;
/** A byte holds the length of a range of up to 510 s. */
const LENGTH_UNIT_S = 2;
/** About 800 KB of state. */
const MAX_OPEN_CALLS = 50_000;
const MAX_JOINED_GAP_SHARE = 0.2;
const FEW_RANGES = 10;
/** Below this age, every poll looks a call up. */
const YOUNG_S = 10 * 60;
/** A call of an hour ago is looked up every 7 minutes, one of a day ago every 3 hours. */
const LOOKUPS_PER_AGE = 8;

interface PackedOpenCalls {
	openCalls: string;
	/** How many calls are not followed any more, although they have not ended. */
	abandonedCount: number;
}

/** Calls that have not ended, each with the ranges in which the API may list it. The ids cannot be recovered. */
export class OpenCalls {
	private constructor(private readonly rangesByHash: Map<string, TimeRange[]>) {}

	static unpack(packed: string): OpenCalls | undefined {
		const calls = unpackCalls(packed);
		if (!calls) return undefined;
		const rangesByHash = new Map<string, TimeRange[]>();
		for (const { hash, byte, seconds } of calls) {
			const range = { fromS: seconds, toS: seconds + byte * LENGTH_UNIT_S };
			rangesByHash.set(hash, [...(rangesByHash.get(hash) ?? []), range]);
		}
		return new OpenCalls(rangesByHash);
	}

	has(id: string): boolean {
		return this.rangesByHash.has(hashOf(id));
	}

	/** @param times by which the API may list the call, in Unix seconds: one or two */
	add(id: string, times: number[]): void {
		const [fromS, toS] = [Math.min(...times), Math.max(...times)];
		const isNear = toS - fromS <= NEAR_S;
		const ranges = isNear ? [{ fromS, toS }] : times.map((time) => ({ fromS: time, toS: time }));
		this.rangesByHash.set(hashOf(id), times.length > 1 ? ranges : [{ fromS, toS: fromS + CALLED_WITHIN_S }]);
	}

	delete(id: string): boolean {
		return this.rangesByHash.delete(hashOf(id));
	}

	/** All ranges within the given one, newest first. Those near each other are joined, up to a length. */
	rangesWithin({ fromS, toS }: TimeRange, maxLengthS: number): TimeRange[] {
		const ranges = [...this.rangesByHash.values()]
			.flat()
			.filter((range) => range.fromS >= fromS && range.fromS <= toS)
			.sort((a, b) => b.fromS - a.fromS);
		const joined: TimeRange[] = [];
		for (const range of ranges) {
			const newer = joined.at(-1);
			const endS = Math.min(toS, Math.max(range.toS, newer?.toS ?? 0));
			const isNear = newer && newer.fromS - range.toS <= maxLengthS * MAX_JOINED_GAP_SHARE;
			if (isNear && endS - range.fromS <= maxLengthS) Object.assign(newer, { fromS: range.fromS, toS: endS });
			else joined.push({ fromS: range.fromS, toS: Math.min(range.toS, toS) });
		}
		return joined;
	}

	/** The calls that began before a time. Those whose every time is before `giveUpBeforeS` are given up. */
	pack(beforeS: number, giveUpBeforeS: number): PackedOpenCalls {
		const latest = (ranges: TimeRange[]) => Math.max(...ranges.map(({ fromS }) => fromS));
		const calls = [...this.rangesByHash].filter(([, ranges]) => ranges.some(({ fromS }) => fromS < beforeS));
		const packed = calls
			.filter(([, ranges]) => latest(ranges) >= giveUpBeforeS)
			.sort(([, a], [, b]) => latest(a) - latest(b))
			.slice(-MAX_OPEN_CALLS);
		const entries = packed.flatMap(([hash, ranges]) =>
			ranges.map(({ fromS, toS }) => ({
				hash,
				byte: Math.ceil((toS - fromS) / LENGTH_UNIT_S),
				seconds: fromS,
			})),
		);
		return { openCalls: packCalls(entries), abandonedCount: calls.length - packed.length };
	}
}

interface LookupTimes {
	/** When the ranges were looked up last. */
	beforeS: number;
	nowS: number;
	/** Calls from before it are given up after this lookup. */
	giveUpBeforeS: number;
}

/** The ranges to look up again: all of a few, of many the older ones less often. */
export function dueRanges(ranges: TimeRange[], { beforeS, nowS, giveUpBeforeS }: LookupTimes): TimeRange[] {
	if (ranges.length <= FEW_RANGES) return ranges;
	return ranges.filter(
		({ fromS, toS }) =>
			nowS - toS < YOUNG_S || fromS < giveUpBeforeS || lookupsUntil(nowS - toS) > lookupsUntil(beforeS - toS),
	);
}

/** How many lookups a range has had at an age, in seconds: one each time that the age has grown by an eighth. */
function lookupsUntil(ageS: number): number {
	return Math.floor(Math.log(Math.max(1, ageS)) / Math.log1p(1 / LOOKUPS_PER_AGE));
}
