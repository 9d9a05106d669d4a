import type { WireRecord } from '../../../api/types';
import { isEmpty } from '../../../records/query/parameters';
import { durationOf, hasTime, outcomeOf, textOf, type Outcome } from '../../../records/record';
import { compareText, chatText } from '../../../records/output/text';
import { currencyOf } from '../../../reports/figures/currency';
import { ExactSum } from '../../../reports/figures/exactSum';
import { Failures, type Failure } from '../../../reports/figures/failures';
import { isChargedFor, wasDelivered } from '../../../reports/figures/callFacts';

/** What an alarm needs to know of an ended call. Calls of which it is the same are of one kind. A type, so that it reads like a record. */
export type CallKind = {
	group: string;
	outcome: Outcome;
	isDelivered: boolean;
	/** Whether it ended with one of the rule's termination codes. */
	hasCode: boolean;
	/** Empty for a call that did not fail, like its reason. */
	terminationCode: string;
	terminationReason: string;
	currency: string;
	/** As text; empty without one. */
	cost: string;
	/** Whether it has a cost sooner or later. */
	isCharged: boolean;
};

/** What a rule asks of a call. */
export interface KindReader {
	groupOf(record: WireRecord): string;
	hasCode(record: WireRecord): boolean;
	/** Without it, calls that differ by their cost alone are of one kind. */
	needsCost: boolean;
}

/** @param record of a call that has ended */
export function kindOf(record: WireRecord, { groupOf, hasCode, needsCost }: KindReader): CallKind {
	const outcome = outcomeOf(record);
	const isFailed = outcome === 'failed';
	return {
		group: groupOf(record),
		outcome,
		isDelivered: wasDelivered(record, outcome, hasTime(record.ringingTime)),
		hasCode: hasCode(record),
		terminationCode: (isFailed && textOf(record.terminationCode)) || '',
		terminationReason: (isFailed && textOf(record.terminationReason)) || '',
		currency: needsCost ? currencyOf(record) : '',
		cost: needsCost && !isEmpty(record.cost) ? (textOf(record.cost) ?? '?') : '',
		isCharged: needsCost && isChargedFor(outcome, durationOf(record.chargedDuration)),
	};
}

/** Equal for calls of one kind. */
export function kindKey(kind: CallKind): string {
	return JSON.stringify(Object.values(kind));
}

interface Money {
	currency: string;
	/** Exact, as text. */
	cost: string;
}

/** The calls of one group that ended within a window. */
export class CallCounts {
	calls = 0;
	answered = 0;
	failed = 0;
	delivered = 0;
	withCode = 0;
	unbilled = 0;
	unreadable = 0;
	private readonly failures = new Failures();
	private readonly sums = new Map<string, { sum: ExactSum; chargedCalls: number }>();

	add(kind: CallKind, calls: number): void {
		this.calls += calls;
		if (kind.outcome === 'answered') this.answered += calls;
		if (kind.outcome === 'failed') {
			this.failed += calls;
			this.failures.add(kind, calls);
		}
		if (kind.isDelivered) this.delivered += calls;
		if (kind.hasCode) this.withCode += calls;
		this.addCost(kind, calls);
	}

	/** By reason, most first. */
	listFailures(): Failure[] {
		return this.failures.list();
	}

	/** By currency, that of most charged calls first. A failed call costs 0, and may have no currency. */
	get costs(): Money[] {
		const all = [...this.sums].map(([currency, { sum, chargedCalls }]) => ({
			currency: chatText(currency),
			cost: sum.toString(),
			chargedCalls,
		}));
		const charged = all.filter(({ chargedCalls }) => chargedCalls > 0);
		return (charged.length > 0 ? charged : all.slice(0, 1)).sort(
			(a, b) => b.chargedCalls - a.chargedCalls || compareText(a.currency, b.currency),
		);
	}

	private addCost({ cost, currency, isCharged }: CallKind, calls: number): void {
		if (cost === '') {
			if (isCharged) this.unbilled += calls;
			return;
		}
		const total = this.sums.get(currency) ?? { sum: new ExactSum(), chargedCalls: 0 };
		if (!total.sum.add(cost, calls)) {
			this.unreadable += calls;
			return;
		}
		if (Number(cost) !== 0) total.chargedCalls += calls;
		this.sums.set(currency, total);
	}
}

/** What an item says of all its calls. */
export function totalsOf(all: CallCounts[]): { calls: number; failures: number; topFailures: string } {
	const failures = new Failures();
	for (const counts of all) for (const failure of counts.listFailures()) failures.add(failure, failure.calls);
	const sumOf = (name: 'calls' | 'failed') => all.reduce((sum, counts) => sum + counts[name], 0);
	return { calls: sumOf('calls'), failures: sumOf('failed'), topFailures: failures.text() };
}
