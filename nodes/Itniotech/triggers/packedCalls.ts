import { createHash } from 'crypto';

/** One entry about a call, without its id. */
interface PackedCall {
	hash: string;
	/** 0 to 255. */
	byte: number;
	/** Unix time. */
	seconds: number;
}

/** 7 bytes: among 10,000 ids, two share a hash once in a billion polls. */
const HASH_BYTES = 7;
const ENTRY_BYTES = HASH_BYTES + 1 + 4;

/** Stands for an id, which cannot be recovered from it. */
export function hashOf(id: string): string {
	return createHash('md5').update(id).digest('binary').slice(0, HASH_BYTES);
}

/** Text of 16 characters for each entry. */
export function packCalls(calls: PackedCall[]): string {
	const bytes = Buffer.alloc(calls.length * ENTRY_BYTES);
	calls.forEach(({ hash, byte, seconds }, index) => {
		const at = index * ENTRY_BYTES;
		bytes.write(hash, at, 'latin1');
		bytes.writeUInt8(byte, at + HASH_BYTES);
		bytes.writeUInt32BE(seconds, at + HASH_BYTES + 1);
	});
	return bytes.toString('base64');
}

/** @returns `undefined` for a text that `packCalls()` did not make */
export function unpackCalls(packed: string): PackedCall[] | undefined {
	const bytes = Buffer.from(packed, 'base64');
	if (bytes.length % ENTRY_BYTES !== 0 || bytes.toString('base64') !== packed) return undefined;
	return Array.from({ length: bytes.length / ENTRY_BYTES }, (_, index) => {
		const at = index * ENTRY_BYTES;
		return {
			hash: bytes.toString('latin1', at, at + HASH_BYTES),
			byte: bytes.readUInt8(at + HASH_BYTES),
			seconds: bytes.readUInt32BE(at + HASH_BYTES + 1),
		};
	});
}
