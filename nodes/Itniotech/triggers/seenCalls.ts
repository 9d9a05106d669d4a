import { hashOf, packCalls, unpackCalls } from './packedCalls';

/** What a call was seen as, one bit each. */
export const SeenAs = {
	/** Not news: it ended before the start, or was seen as ended before the event or the filters were edited. */
	old: 1,
	ended: 2,
	failed: 4,
	/** Output, or counted, as one with the event. */
	matched: 8,
	counted: 16,
} as const;

export type SeenAsBit = (typeof SeenAs)[keyof typeof SeenAs];

interface SeenCall {
	bits: number;
	/** Latest time by which the API lists the call. Unix time in seconds. */
	seconds: number;
}

/** What calls were seen as, by their id. Packed, a call takes 16 characters, and its id cannot be recovered from them. */
export class SeenCalls {
	private constructor(private readonly entries: Map<string, SeenCall>) {}

	static unpack(packed: string): SeenCalls | undefined {
		const calls = unpackCalls(packed);
		return (
			calls && new SeenCalls(new Map(calls.map(({ hash, byte, seconds }) => [hash, { bits: byte, seconds }])))
		);
	}

	has(id: string, bit: SeenAsBit): boolean {
		return ((this.entries.get(hashOf(id))?.bits ?? 0) & bit) !== 0;
	}

	/** @returns whether the call was not seen as this before */
	markOnce(id: string, bit: SeenAsBit, seconds: number): boolean {
		return this.merge(hashOf(id), { bits: bit, seconds });
	}

	/** From now on, the calls that were seen as ended are not news. */
	markEndedAsOld(): void {
		for (const entry of this.entries.values()) if (entry.bits & SeenAs.ended) entry.bits |= SeenAs.old;
	}

	absorb(other: SeenCalls): void {
		for (const [hash, entry] of other.entries) this.merge(hash, entry);
	}

	/** Drops the entries before a time, and the oldest of those above `maxEntries`. */
	forget(fromS: number, maxEntries: number): void {
		let excess = this.entries.size - maxEntries;
		for (const [hash, { seconds }] of this.entries) {
			if (seconds < fromS || excess > 0) this.entries.delete(hash);
			excess--;
		}
	}

	pack(fromS: number): string {
		const entries = [...this.entries].filter(([, { seconds }]) => seconds >= fromS);
		return packCalls(entries.map(([hash, { bits, seconds }]) => ({ hash, byte: bits, seconds })));
	}

	private merge(hash: string, { bits, seconds }: SeenCall): boolean {
		const before = this.entries.get(hash) ?? { bits: 0, seconds: 0 };
		this.entries.set(hash, { bits: before.bits | bits, seconds: Math.max(before.seconds, seconds) });
		return (bits & ~before.bits) !== 0;
	}
}
