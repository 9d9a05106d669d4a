import { createHash } from 'crypto';

/** What a call was seen as, one bit each. */
export const SeenAs = {
	endedBeforeStart: 1,
	ended: 2,
	failed: 4,
	/** Output, or counted, as one with the event. */
	matched: 8,
} as const;

export type SeenAsBit = (typeof SeenAs)[keyof typeof SeenAs];

interface Entry {
	bits: number;
	/** Latest time by which the API lists the call. Unix time in seconds. */
	seconds: number;
}

/** 7 bytes: among 10,000 ids, two share a hash once in a billion polls. */
const HASH_BYTES = 7;
const ENTRY_BYTES = HASH_BYTES + 1 + 4;

/** What calls were seen as, by their id. Packed, a call takes 16 characters, and its id cannot be recovered from them. */
export class SeenCalls {
	private constructor(private readonly entries: Map<string, Entry>) {}

	/** @returns `undefined` for a text that `pack()` did not make */
	static unpack(packed: string): SeenCalls | undefined {
		const bytes = Buffer.from(packed, 'base64');
		if (bytes.length % ENTRY_BYTES !== 0 || bytes.toString('base64') !== packed) return undefined;
		const entries = new Map<string, Entry>();
		for (let at = 0; at < bytes.length; at += ENTRY_BYTES) {
			entries.set(bytes.toString('latin1', at, at + HASH_BYTES), {
				bits: bytes.readUInt8(at + HASH_BYTES),
				seconds: bytes.readUInt32BE(at + HASH_BYTES + 1),
			});
		}
		return new SeenCalls(entries);
	}

	has(id: string, bit: SeenAsBit): boolean {
		return ((this.entries.get(hashOf(id))?.bits ?? 0) & bit) !== 0;
	}

	/** @returns whether the call was not seen as this before */
	markOnce(id: string, bit: SeenAsBit, seconds: number): boolean {
		return this.merge(hashOf(id), { bits: bit, seconds });
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
		const bytes = Buffer.alloc(entries.length * ENTRY_BYTES);
		entries.forEach(([hash, { bits, seconds }], index) => {
			const at = index * ENTRY_BYTES;
			bytes.write(hash, at, 'latin1');
			bytes.writeUInt8(bits, at + HASH_BYTES);
			bytes.writeUInt32BE(seconds, at + HASH_BYTES + 1);
		});
		return bytes.toString('base64');
	}

	private merge(hash: string, { bits, seconds }: Entry): boolean {
		const before = this.entries.get(hash) ?? { bits: 0, seconds: 0 };
		this.entries.set(hash, { bits: before.bits | bits, seconds: Math.max(before.seconds, seconds) });
		return (bits & ~before.bits) !== 0;
	}
}

function hashOf(id: string): string {
	return createHash('md5').update(id).digest('binary').slice(0, HASH_BYTES);
}
