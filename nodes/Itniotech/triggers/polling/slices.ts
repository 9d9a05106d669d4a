import type { TimeRange } from '../../records/calendar';

export interface SliceLimits {
	/** Unix time in seconds, like `nowS`. */
	earliestS: number;
	nowS: number;
	budgetMs: number;
	/** Unix time in milliseconds. */
	now(): number;
}

/** One request on a quiet account, with the look-back that is the default. */
export const FIRST_SLICE_S = 2 * 60 * 60;
const MIN_SLICE_S = 60;
const MAX_SLICE_S = 24 * 60 * 60;
/** After a slower slice the next one is half as long, after a quicker one twice as long. */
const TARGET_MS = 5_000;
/** After this share of the budget, no slice is started: the last one needs some time as well. */
export const BUDGET_SHARE = 0.6;
const MAX_BUDGET_SHARE = 0.25;
const SHORTER_AFTER_ABANDON = 8;
/** This many records take no less time in a shorter slice: it is the single request that takes long. */
const FEW_RECORDS = 100;

export class Slices {
	lengthS: number;
	private startedMs = 0;
	private readS = 0;

	constructor(
		lengthS: number,
		private readonly limits: SliceLimits,
	) {
		this.lengthS = withinLimits(lengthS);
	}

	/** Slices begin a second early: the API may exclude the ends of a window. */
	start(fromS: number): TimeRange {
		const { earliestS, nowS, now } = this.limits;
		const toS = Math.min(fromS + this.lengthS, nowS);
		this.startedMs = now();
		this.readS = toS - fromS;
		return { fromS: Math.max(fromS - 1, earliestS), toS };
	}

	isTooLong(recordCount: number): boolean {
		const isSlow = this.tookMs() > this.limits.budgetMs * MAX_BUDGET_SHARE;
		return isSlow && recordCount > FEW_RECORDS && this.lengthS > MIN_SLICE_S;
	}

	abandon(): void {
		this.resize(this.readS / SHORTER_AFTER_ABANDON);
	}

	finish(recordCount: number): void {
		const isQuick = recordCount <= FEW_RECORDS || this.tookMs() < TARGET_MS;
		// The slice that ends at the present is short, however long the next one may be.
		this.resize(isQuick ? Math.max(this.lengthS, this.readS * 2) : this.readS / 2);
	}

	private resize(lengthS: number): void {
		this.lengthS = withinLimits(lengthS);
	}

	private tookMs(): number {
		return this.limits.now() - this.startedMs;
	}
}

function withinLimits(lengthS: number): number {
	return Math.min(MAX_SLICE_S, Math.max(MIN_SLICE_S, Math.round(lengthS)));
}
