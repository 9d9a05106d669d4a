import type { WireRecord } from '../../api/types';
import { isEmpty } from '../../records/query/parameters';
import { textOf } from '../../records/record';
import { compareText } from './compareText';
import { currencyOf, isCurrencyCode } from './currency';
import { ExactSum } from './exactSum';
import type { Gaps } from './gaps';

/** The cost is exact, as text. */
export type Cost = { currency: string; cost: string };

/** What calls cost, exact, for each currency. */
export class Costs {
	unbilledCalls = 0;

	private readonly sums = new Map<string, ExactSum>();

	unreadableCosts = 0;

	constructor(private readonly gaps: Gaps) {}

	/** @param isCharged whether a call like this has a cost sooner or later */
	add(record: WireRecord, isCharged: boolean): void {
		const currency = currencyOf(record);
		if (!isCurrencyCode(currency)) this.gaps.unknownCurrencies++;
		if (isEmpty(record.cost)) {
			if (!isCharged) return;
			this.gaps.unbilledCalls++;
			this.unbilledCalls++;
			return;
		}
		const sum = this.sums.get(currency) ?? new ExactSum();
		if (sum.add(textOf(record.cost) ?? '')) this.sums.set(currency, sum);
		else {
			this.gaps.unreadableCosts++;
			this.unreadableCosts++;
		}
	}

	addAll(other: Costs): void {
		this.unbilledCalls += other.unbilledCalls;
		this.unreadableCosts += other.unreadableCosts;
		for (const { currency, cost } of other.list()) {
			const sum = this.sums.get(currency) ?? new ExactSum();
			sum.add(cost);
			this.sums.set(currency, sum);
		}
	}

	list(): Cost[] {
		return [...this.sums]
			.sort(([a], [b]) => compareText(a, b))
			.map(([currency, sum]) => ({ currency, cost: sum.toString() }));
	}

	/** `null` for none and for several. */
	get currency(): string | null {
		return this.sums.size === 1 ? [...this.sums.keys()][0] : null;
	}

	/** Whether calls are missing that cost something: not billed yet, or with an unreadable cost. */
	get isPart(): boolean {
		return this.unbilledCalls + this.unreadableCosts > 0;
	}

	/** `null` for several currencies, and where it is not known: it may not be 0. */
	get total(): number | null {
		if (this.unbilledCalls > 0 || this.sums.size > 1) return null;
		if (this.sums.size === 1) return Number([...this.sums.values()][0].toString());
		return this.isPart ? null : 0;
	}
}
