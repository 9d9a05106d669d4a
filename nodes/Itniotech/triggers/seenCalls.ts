import { createHash } from 'crypto';

/** What is remembered of a call. */
export const Mark = {
	/** It ended before the trigger was started. */
	old: 1,
	/** It was counted as ended. */
	counted: 2,
	/** It was counted as failed. */
	failed: 4,
	/** It was given out, or counted, as one with the event. */
	matched: 8,
} as const;

type MarkValue = (typeof Mark)[keyof typeof Mark];

interface Entry {
	marks: number;
	/** Unix time in seconds; the entry may be forgotten when nothing so early is read any more. */
	seconds: number;
}

/** 7 bytes: among 10,000 ids, two share a hash once in a billion polls. */
const HASH_BYTES = 7;
const ENTRY_BYTES = HASH_BYTES + 1 + 4;

/** Marks of calls by their id. Packed, a call takes 16 characters of text, and the id cannot be read back from it. */
export class SeenCalls {
	private constructor(private readonly entries: Map<string, Entry>) {}

	/** @returns `undefined` for a text that `pack()` did not make */
	static unpack(packed: string): SeenCalls | undefined {
		const bytes = Buffer.from(packed, 'base64');
		if (bytes.length % ENTRY_BYTES !== 0 || bytes.toString('base64') !== packed) return undefined;
		const entries = new Map<string, Entry>();
		for (let at = 0; at < bytes.length; at += ENTRY_BYTES) {
			entries.set(bytes.toString('latin1', at, at + HASH_BYTES), {
				marks: bytes.readUInt8(at + HASH_BYTES),
				seconds: bytes.readUInt32BE(at + HASH_BYTES + 1),
			});
		}
		return new SeenCalls(entries);
	}

	has(id: string, mark: MarkValue): boolean {
		return ((this.entries.get(hashOf(id))?.marks ?? 0) & mark) !== 0;
	}

	/**
	 * Sets a mark, and keeps the entry up to the later of this time and its own.
	 * @returns whether the mark is new
	 */
	mark(id: string, mark: MarkValue, seconds: number): boolean {
		const hash = hashOf(id);
		const entry = this.entries.get(hash) ?? { marks: 0, seconds: 0 };
		this.entries.set(hash, { marks: entry.marks | mark, seconds: Math.max(entry.seconds, seconds) });
		return (entry.marks & mark) === 0;
	}

	/** Takes the entries of another memory in. */
	absorb(other: SeenCalls): void {
		for (const [hash, entry] of other.entries) {
			const own = this.entries.get(hash) ?? { marks: 0, seconds: 0 };
			this.entries.set(hash, {
				marks: own.marks | entry.marks,
				seconds: Math.max(own.seconds, entry.seconds),
			});
		}
	}

	/** Drops the entries before a time, and of the others all but the last so many. */
	forget(fromS: number, most: number): void {
		let excess = this.entries.size - most;
		for (const [hash, { seconds }] of this.entries) {
			if (seconds < fromS || excess > 0) this.entries.delete(hash);
			excess--;
		}
	}

	/** The entries from a time on, as text. */
	pack(fromS: number): string {
		const kept = [...this.entries].filter(([, { seconds }]) => seconds >= fromS);
		const bytes = Buffer.alloc(kept.length * ENTRY_BYTES);
		kept.forEach(([hash, { marks, seconds }], index) => {
			const at = index * ENTRY_BYTES;
			bytes.write(hash, at, 'latin1');
			bytes.writeUInt8(marks, at + HASH_BYTES);
			bytes.writeUInt32BE(seconds, at + HASH_BYTES + 1);
		});
		return bytes.toString('base64');
	}
}

function hashOf(id: string): string {
	return createHash('md5').update(id).digest('binary').slice(0, HASH_BYTES);
}
