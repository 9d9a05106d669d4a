import type { IDataObject } from 'n8n-workflow';
import type { WireRecord } from '../api/types';
import { isEmpty } from '../records/parameters';
import { numberOf, outcomeOf, textOf } from '../records/record';
import { compareText } from './compareText';
import { currencyOf, isCurrencyCode } from './currency';
import { ExactSum } from './exactSum';
import type { Gaps } from './gaps';

const MAX_TOP_FAILURES = 5;
/** Longer calls do not exist: such a duration is a clock that was set, or milliseconds. */
const MAX_DURATION_S = 24 * 60 * 60;

interface Failure {
	terminationCode: string;
	terminationReason: string;
	calls: number;
}

/** The figures of a group of calls. Durations in seconds. */
export class Figures {
	uniqueNumbers = 0;

	private calls = 0;

	private readonly outcomes = { answered: 0, failed: 0, pending: 0 };

	private totalDuration = 0;

	/** Of the answered calls that have one. */
	private readonly answered = { calls: 0, duration: 0 };

	private chargedDuration = 0;

	private readonly failures = new Map<string, Failure>();

	private readonly costs = new Map<string, ExactSum>();

	private isCostOpen = false;

	private hasUnreadableCost = false;

	constructor(private readonly gaps: Gaps) {}

	add(record: WireRecord): void {
		const outcome = outcomeOf(record);
		const duration = this.readDuration(record.callDuration);
		this.calls++;
		this.outcomes[outcome]++;
		this.totalDuration += duration ?? 0;
		if (outcome === 'answered') {
			if (isEmpty(record.callDuration)) this.gaps.unreadableDurations++;
			if (duration !== null) this.answered.calls++;
			this.answered.duration += duration ?? 0;
		}
		if (outcome === 'failed') this.addFailure(record);
		const chargedDuration = this.readDuration(record.chargedDuration) ?? 0;
		this.chargedDuration += chargedDuration;
		this.addCost(record, outcome === 'answered' || chargedDuration > 0);
	}

	toJson(): IDataObject {
		const { answered, failed } = this.outcomes;
		const costs = [...this.costs]
			.sort(([a], [b]) => compareText(a, b))
			.map(([currency, sum]) => ({ currency, cost: sum.toString() }));
		return {
			calls: this.calls,
			...this.outcomes,
			asr: ratio(answered, answered + failed),
			acd: ratio(this.answered.duration, this.answered.calls),
			totalDuration: this.totalDuration,
			chargedDuration: this.chargedDuration,
			uniqueNumbers: this.uniqueNumbers,
			topFailures: [...this.failures.values()].sort(byCalls).slice(0, MAX_TOP_FAILURES),
			costs,
			cost: this.singleCost(costs),
		};
	}

	private addFailure(record: WireRecord): void {
		const terminationCode = textOf(record.terminationCode) ?? '';
		const terminationReason = textOf(record.terminationReason) ?? '';
		const id = `${terminationCode} ${terminationReason}`;
		const failure = this.failures.get(id) ?? { terminationCode, terminationReason, calls: 0 };
		failure.calls++;
		this.failures.set(id, failure);
	}

	/** `null` without a duration that a call can have. */
	private readDuration(value: unknown): number | null {
		const seconds = numberOf(value);
		if (seconds !== null && seconds >= 0 && seconds <= MAX_DURATION_S) return seconds;
		if (!isEmpty(value)) this.gaps.unreadableDurations++;
		return null;
	}

	private addCost(record: WireRecord, isCharged: boolean): void {
		const currency = currencyOf(record);
		if (!isCurrencyCode(currency)) this.gaps.unknownCurrencies++;
		if (isEmpty(record.cost)) {
			if (!isCharged) return;
			this.gaps.unbilledCalls++;
			this.isCostOpen = true;
			return;
		}
		const sum = this.costs.get(currency) ?? new ExactSum();
		if (sum.add(textOf(record.cost) ?? '')) this.costs.set(currency, sum);
		else {
			this.gaps.unreadableCosts++;
			this.hasUnreadableCost = true;
		}
	}

	/** `null` for several currencies, and where it is not known: it may not be 0. */
	private singleCost(costs: Array<{ cost: string }>): number | null {
		if (this.isCostOpen || costs.length > 1) return null;
		if (costs.length === 1) return Number(costs[0].cost);
		return this.hasUnreadableCost ? null : 0;
	}
}

function ratio(part: number, whole: number): number | null {
	return whole === 0 ? null : part / whole;
}

/** Most first, ties by code, so that the order of the records makes no difference. */
function byCalls(a: Failure, b: Failure): number {
	return (
		b.calls - a.calls ||
		compareText(a.terminationCode, b.terminationCode) ||
		compareText(a.terminationReason, b.terminationReason)
	);
}
