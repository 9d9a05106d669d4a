const FIRST_CAPACITY = 1024;
/** The table doubles when more than this share of its places is used. */
const MAX_LOAD = 0.7;
/** At most 15 digits (ITU-T E.164), which a JavaScript number holds exactly. */
const PHONE_NUMBER = /^\+?[1-9]\d{0,14}$/;

export interface FailingNumber {
	calledNumber: string;
	failed: number;
}

/** Failed calls by number, in 17 to 35 bytes a number, where a `Map` takes some 100. */
export class FailingNumbers {
	private size = 0;

	/** 0 where a place is free. */
	private numbers = new Float64Array(FIRST_CAPACITY);

	private counts = new Uint32Array(FIRST_CAPACITY);

	/** What is no phone number. */
	private readonly others = new Map<string, number>();

	add(calledNumber: string): void {
		if (!PHONE_NUMBER.test(calledNumber)) {
			this.others.set(calledNumber, (this.others.get(calledNumber) ?? 0) + 1);
			return;
		}
		const at = this.place(Number(calledNumber));
		this.counts[at]++;
		if (this.counts[at] === 1 && ++this.size > this.numbers.length * MAX_LOAD) this.grow();
	}

	/** The numbers with the most failed calls, ties by number. */
	top(count: number): FailingNumber[] {
		const top: FailingNumber[] = [];
		const offer = (entry: FailingNumber) => {
			if (top.length === count && compare(top[count - 1], entry) <= 0) return;
			top.push(entry);
			top.sort(compare);
			top.length = Math.min(top.length, count);
		};
		this.numbers.forEach((number, at) => {
			if (number !== 0) offer({ calledNumber: String(number), failed: this.counts[at] });
		});
		for (const [calledNumber, failed] of this.others) offer({ calledNumber, failed });
		return top;
	}

	get total(): number {
		return this.size + this.others.size;
	}

	/** Index of a number, or of the free place that is now taken for it. */
	private place(number: number): number {
		const mask = this.numbers.length - 1;
		// The last digits differ most; a multiplication spreads them over all bits.
		let at = (Math.imul(number % 0x7fffffff, 0x9e3779b1) >>> 8) & mask;
		while (this.numbers[at] !== 0 && this.numbers[at] !== number) at = (at + 1) & mask;
		this.numbers[at] = number;
		return at;
	}

	private grow(): void {
		const { numbers, counts } = this;
		this.numbers = new Float64Array(numbers.length * 2);
		this.counts = new Uint32Array(numbers.length * 2);
		numbers.forEach((number, at) => {
			if (number !== 0) this.counts[this.place(number)] = counts[at];
		});
	}
}

function compare(a: FailingNumber, b: FailingNumber): number {
	return b.failed - a.failed || (a.calledNumber < b.calledNumber ? -1 : 1);
}
