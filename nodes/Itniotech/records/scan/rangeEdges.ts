import type { WireRecord } from '../../api/types';
import { secondsOf } from '../record';
import type { TimeRange } from '../calendar';

/**
 * Decides which records at the ends of a range belong to it. The API does not document whether a range includes its
 * ends, nor whether it filters by submit time or call time. So one more second is requested at each end, and records
 * that came only because of that second are dropped: consecutive days share no record and lose none.
 */
export class RangeEdges {
	readonly outerRange: TimeRange;
	/** Records near an end that belong to the range by only one of their two times. */
	private readonly undecided: WireRecord[] = [];
	/** A record listed although one of its times lies outside shows that the API filters by the other one. */
	private mayFilterBy = { submitTime: true, callTime: true };

	/** @param nowS nothing after it is requested, as the list must not grow while it is read; Unix time in seconds */
	constructor(
		private readonly range: TimeRange,
		nowS: number,
	) {
		this.outerRange = { fromS: range.fromS - 1, toS: Math.min(range.toS + 1, Math.max(nowS, range.toS)) };
	}

	/** @returns whether the record belongs to the range; one that cannot be decided yet is left to `admitLate()` */
	admit(record: WireRecord): boolean {
		const submitS = secondsOf(record.submitTime);
		const callS = secondsOf(record.callTime) ?? submitS;
		if (submitS === null || callS === null) return true;
		if (!isWithin(this.outerRange, submitS)) this.mayFilterBy.submitTime = false;
		if (!isWithin(this.outerRange, callS)) this.mayFilterBy.callTime = false;
		if (!this.isJustOutside(submitS) && !this.isJustOutside(callS)) return true;
		const isInside = isWithin(this.range, submitS);
		if (isInside === isWithin(this.range, callS)) return isInside;
		this.undecided.push(record);
		return false;
	}

	/** After the last record: the undecided ones that belong to the range. In doubt, all of them: better twice than never. */
	admitLate(): WireRecord[] {
		const { submitTime, callTime } = this.mayFilterBy;
		if (submitTime === callTime) return this.undecided;
		return this.undecided.filter((record) =>
			isWithin(this.range, secondsOf(submitTime ? record.submitTime : record.callTime) ?? NaN),
		);
	}

	private isJustOutside(seconds: number): boolean {
		return seconds === this.range.fromS - 1 || seconds === this.range.toS + 1;
	}
}

function isWithin({ fromS, toS }: TimeRange, seconds: number): boolean {
	return seconds >= fromS && seconds <= toS;
}
