import type { WireRecord } from '../api/types';
import { secondsOf } from './record';
import type { TimeRange } from './windows';

/**
 * The ends of a range. Whether the API counts them as inside is not documented, nor whether it goes by the time of
 * submission or of the call. So one second more is asked for at each end, and what came only because of that second is
 * left out again: a day and the next one share no record and lose none.
 */
export class RangeEdges {
	/** The range to ask for. */
	readonly asked: TimeRange;

	/** Records of a seam that belong to the range by one of the two times only. */
	private readonly undecided: WireRecord[] = [];

	/** A record that was listed outside what was asked for by one time shows that the API goes by the other. */
	private mayGoBy = { submitTime: true, callTime: true };

	/** @param nowS nothing is asked for beyond the present: the list must not grow while it is read */
	constructor(
		private readonly range: TimeRange,
		nowS: number,
	) {
		this.asked = { fromS: range.fromS - 1, toS: Math.min(range.toS + 1, Math.max(nowS, range.toS)) };
	}

	/** Whether a record belongs to the range. One that cannot be told yet comes with `late()`. */
	belongs(record: WireRecord): boolean {
		const submitted = secondsOf(record.submitTime);
		const called = secondsOf(record.callTime) ?? submitted;
		if (submitted === null || called === null) return true;
		if (!isWithin(this.asked, submitted)) this.mayGoBy.submitTime = false;
		if (!isWithin(this.asked, called)) this.mayGoBy.callTime = false;
		if (!this.isOnSeam(submitted) && !this.isOnSeam(called)) return true;
		const isInside = isWithin(this.range, submitted);
		if (isInside === isWithin(this.range, called)) return isInside;
		this.undecided.push(record);
		return false;
	}

	/** When all is read: the undecided records that belong to the range. In doubt they do: rather twice than never. */
	late(): WireRecord[] {
		const { submitTime, callTime } = this.mayGoBy;
		if (submitTime === callTime) return this.undecided;
		return this.undecided.filter((record) =>
			isWithin(this.range, secondsOf(submitTime ? record.submitTime : record.callTime) ?? NaN),
		);
	}

	private isOnSeam(seconds: number): boolean {
		return seconds === this.range.fromS - 1 || seconds === this.range.toS + 1;
	}
}

function isWithin({ fromS, toS }: TimeRange, seconds: number): boolean {
	return seconds >= fromS && seconds <= toS;
}
