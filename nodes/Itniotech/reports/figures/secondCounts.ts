/** Whole seconds, counted one by one, for exact percentiles without keeping the values. */
export class SecondCounts {
	total = 0;
	/** Made for the first value, as there may be a million groups of calls. */
	private counts?: Map<number, number>;

	add(seconds: number): void {
		this.counts ??= new Map();
		this.counts.set(seconds, (this.counts.get(seconds) ?? 0) + 1);
		this.total++;
	}

	/** The middle value, or the mean of the two in the middle; `null` without values. */
	median(): number | null {
		if (this.total === 0) return null;
		return (this.valueAt(Math.floor((this.total - 1) / 2)) + this.valueAt(Math.floor(this.total / 2))) / 2;
	}

	/** The least value that this share of all values does not exceed; `null` without values. */
	percentile(share: number): number | null {
		return this.total === 0 ? null : this.valueAt(Math.ceil(share * this.total) - 1);
	}

	private valueAt(index: number): number {
		let before = 0;
		for (const [seconds, count] of [...(this.counts ?? [])].sort(([a], [b]) => a - b)) {
			before += count;
			if (before > index) return seconds;
		}
		return NaN;
	}
}
