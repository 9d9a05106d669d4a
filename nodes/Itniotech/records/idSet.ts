const FIRST_CAPACITY = 1024;
/** Above this share of its places, the table grows to twice the size. */
const MAX_LOAD = 0.7;

const { imul } = Math;

/**
 * A set of texts that keeps a 64-bit hash of each: 8 bytes a place, 12 to 23 bytes an entry, however long the text. Of
 * ten million texts, two share a hash once in 370,000 sets.
 */
export class IdSet {
	size = 0;

	/** Two words a place; both 0 means that it is free. */
	private places = new Uint32Array(2 * FIRST_CAPACITY);

	/** @returns whether the text was not in the set before */
	add(text: string): boolean {
		const [high, low] = hash(text);
		if (!this.put(high, low)) return false;
		if (++this.size > (this.places.length / 2) * MAX_LOAD) this.grow();
		return true;
	}

	has(text: string): boolean {
		const [high, low] = hash(text);
		const at = this.find(high, low);
		return this.places[at] !== 0 || this.places[at + 1] !== 0;
	}

	private put(high: number, low: number): boolean {
		const at = this.find(high, low);
		if (this.places[at] !== 0 || this.places[at + 1] !== 0) return false;
		this.places[at] = high;
		this.places[at + 1] = low;
		return true;
	}

	/** The place of a hash, or the free one where it would go. */
	private find(high: number, low: number): number {
		const { places } = this;
		const mask = places.length - 2;
		let at = (low << 1) & mask;
		while ((places[at] !== 0 || places[at + 1] !== 0) && (places[at] !== high || places[at + 1] !== low)) {
			at = (at + 2) & mask;
		}
		return at;
	}

	private grow(): void {
		const old = this.places;
		this.places = new Uint32Array(old.length * 2);
		for (let at = 0; at < old.length; at += 2) {
			if (old[at] !== 0 || old[at + 1] !== 0) this.put(old[at], old[at + 1]);
		}
	}
}

/** Two independent 32-bit hashes (multiply, mix and spread, as in MurmurHash3), the second never 0. */
function hash(text: string): [number, number] {
	let high = 0x9e3779b9;
	let low = 0x85ebca6b;
	for (let index = 0; index < text.length; index++) {
		const code = text.charCodeAt(index);
		high = imul(high ^ code, 0x9e3779b1);
		low = imul(low ^ code, 0x5f356495);
		high = (high << 13) | (high >>> 19);
		low = (low << 15) | (low >>> 17);
	}
	return [spread(high ^ imul(low, 0x2c1b3c6d)), spread(low ^ imul(high, 0x297a2d39)) || 1];
}

function spread(value: number): number {
	let mixed = value ^ (value >>> 16);
	mixed = imul(mixed, 0x85ebca6b);
	mixed ^= mixed >>> 13;
	mixed = imul(mixed, 0xc2b2ae35);
	return (mixed ^ (mixed >>> 16)) >>> 0;
}
