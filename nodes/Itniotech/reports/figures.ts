import type { IDataObject } from 'n8n-workflow';
import type { WireRecord } from '../api/types';
import { numberOf, outcomeOf, textOf } from '../records/record';
import { ExactSum } from './exactSum';
import { compareText } from './compareText';

const DEFAULT_CURRENCY = 'USD';
const MAX_TOP_FAILURES = 5;

interface Failure {
	terminationCode: string;
	terminationReason: string;
	calls: number;
}

/** The figures of a group of calls. Durations in seconds. */
export class Figures {
	/** Costs that are not a number and therefore in no sum. */
	unreadableCosts = 0;

	uniqueNumbers = 0;

	private calls = 0;

	private readonly outcomes = { answered: 0, failed: 0, pending: 0 };

	private totalDuration = 0;

	private answeredDuration = 0;

	private chargedDuration = 0;

	private readonly failures = new Map<string, Failure>();

	private readonly costs = new Map<string, ExactSum>();

	add(record: WireRecord): void {
		const outcome = outcomeOf(record);
		const duration = numberOf(record.callDuration) ?? 0;
		this.calls++;
		this.outcomes[outcome]++;
		this.totalDuration += duration;
		if (outcome === 'answered') this.answeredDuration += duration;
		if (outcome === 'failed') this.addFailure(record);
		this.chargedDuration += numberOf(record.chargedDuration) ?? 0;
		this.addCost(record);
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
			acd: ratio(this.answeredDuration, answered),
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

	private addCost(record: WireRecord): void {
		const amount = textOf(record.cost);
		if (amount === null) return;
		const currency = currencyOf(record);
		const sum = this.costs.get(currency) ?? new ExactSum();
		if (sum.add(amount)) this.costs.set(currency, sum);
		else this.unreadableCosts++;
	}

	/** `null` for several currencies, and where no cost could be read: it may not be 0. */
	private singleCost(costs: Array<{ cost: string }>): number | null {
		if (costs.length === 0 && this.unreadableCosts === 0) return 0;
		return costs.length === 1 ? Number(costs[0].cost) : null;
	}
}

/** Source of USD: the vendor's page "voice message record". */
export function currencyOf(record: WireRecord): string {
	return textOf(record.currency) ?? DEFAULT_CURRENCY;
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
