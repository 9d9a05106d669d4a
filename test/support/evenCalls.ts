import type { Dataset, DatasetQuery, WireRecord } from '../simulator/dataset';
import { randomSequence, wireTime } from '../simulator/records';
import { HOUR_S } from './times';

export interface EndedCalls {
	calls: number;
	failures: number;
	cost: number;
}

interface EvenCallsOptions {
	/** When the first call begins. Unix time in seconds. */
	fromS: number;
	callsPerHour: number;
	/** The chance that a call fails, by the second in which it begins. */
	failureShareAt(seconds: number): number;
}

const MAX_DURATION_S = 180;
/** Different amounts that an answered call may cost, one as likely as the other. */
const COSTS = 2000;
const COST_STEP = 0.000125;
export const MEAN_COST = ((COSTS + 1) / 2) * COST_STEP;

/** Calls at an even rate without an end. Each is made up when it is asked for. */
export class EvenCalls {
	private readonly ended: Array<{ index: number; record: WireRecord } | undefined> = [];

	private readonly maxStored: number;

	constructor(readonly options: EvenCallsOptions) {
		// Those of a look-back are listed again and again. As many at any time, so that their memory stays the same.
		this.maxStored = Math.ceil(1.2 * options.callsPerHour);
	}

	submitS(index: number): number {
		const { fromS, callsPerHour } = this.options;
		return fromS + Math.floor((index * HOUR_S) / callsPerHour);
	}

	/** How it ends; the cost in steps. */
	endOf(index: number): { endS: number; isFailed: boolean; costSteps: number } {
		const random = randomSequence(1, index);
		const submitS = this.submitS(index);
		const endS = submitS + Math.floor(random() * MAX_DURATION_S);
		const isFailed = random() < this.options.failureShareAt(submitS);
		return { endS, isFailed, costSteps: isFailed ? 0 : 1 + Math.floor(random() * COSTS) };
	}

	/** What a service lists of them at the present: a call that goes on has no end. */
	datasetAt(nowS: () => number): Dataset {
		const indexFrom = (seconds: number) => {
			const { fromS, callsPerHour } = this.options;
			return Math.max(0, Math.ceil(((seconds - fromS) * callsPerHour) / HOUR_S));
		};
		const indexesOf = ({ fromMs, toMs }: DatasetQuery) => {
			const untilS = Math.min(Math.floor(toMs / 1000), Math.floor(nowS()));
			return { first: indexFrom(Math.ceil(fromMs / 1000)), end: indexFrom(untilS + 1) };
		};
		const count = (query: DatasetQuery) => {
			const { first, end } = indexesOf(query);
			return Math.max(0, end - first);
		};
		return {
			count,
			slice: (query, offset, limit) => {
				const { end } = indexesOf(query);
				const length = Math.max(0, Math.min(limit, count(query) - offset));
				return Array.from({ length }, (_, nth) => this.recordAt(end - 1 - offset - nth, nowS()));
			},
			get: () => undefined,
			add: () => {},
		};
	}

	private recordAt(index: number, nowS: number): WireRecord {
		const place = index % this.maxStored;
		const stored = this.ended[place];
		if (stored?.index === index) return stored.record;
		const record = this.makeRecord(index, nowS);
		if (record.hangupTime !== undefined) this.ended[place] = { index, record: Object.freeze(record) };
		return record;
	}

	private makeRecord(index: number, nowS: number): WireRecord {
		const { endS, isFailed, costSteps } = this.endOf(index);
		const time = wireTime(this.submitS(index) * 1000);
		const voiceId = `1${String(index).padStart(18, '0')}`;
		const begun = { voiceId, code: 'Mali(One)', submitTime: time, callTime: time };
		if (endS > nowS) return begun;
		return {
			...begun,
			hangupTime: wireTime(endS * 1000),
			terminationCode: isFailed ? '486' : '200',
			terminationReason: isFailed ? 'Busy Here' : 'success',
			cost: (costSteps * COST_STEP).toFixed(6),
			currency: 'EUR',
		};
	}
}

/** Counts the calls that end until a time. @returns those that end within a range, in Unix seconds, both included */
export function countEnds(calls: EvenCalls, untilS: number): (fromS: number, toS: number) => EndedCalls {
	const { fromS: startS } = calls.options;
	const [all, failed, steps] = [0, 1, 2].map(() => new Float64Array(untilS - startS + 2));
	for (let index = 0; calls.submitS(index) <= untilS; index++) {
		const { endS, isFailed, costSteps } = calls.endOf(index);
		if (endS > untilS) continue;
		all[endS - startS + 1]++;
		failed[endS - startS + 1] += Number(isFailed);
		steps[endS - startS + 1] += costSteps;
	}
	for (const sums of [all, failed, steps])
		for (let second = 1; second < sums.length; second++) sums[second] += sums[second - 1];
	return (fromS, toS) => {
		const [ended, failures, costSteps] = [all, failed, steps].map(
			(sums) => sums[toS - startS + 1] - sums[fromS - startS],
		);
		return { calls: ended, failures, cost: costSteps * COST_STEP };
	};
}
