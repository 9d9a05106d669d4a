import type { CallFacts } from './callFacts';
import { compareText } from '../../records/output/text';
import { ExactSum } from './exactSum';

/** The cost is exact, as text. */
type Cost = { currency: string; cost: string };

/** What calls cost, exact, for each currency. */
export class Costs {
	unbilledCalls = 0;
	unreadableCosts = 0;
	/** Calls that have not ended. */
	private openCalls = 0;
	/** A list, as groups of calls have one or two currencies and there may be a million groups. */
	private readonly sums: Array<{ currency: string; sum: ExactSum }> = [];

	add({ currency, cost, missingCost }: Pick<CallFacts, 'currency' | 'cost' | 'missingCost'>): void {
		if (missingCost === 'unbilled') this.unbilledCalls++;
		if (missingCost === 'unreadable') this.unreadableCosts++;
		if (missingCost === 'open') this.openCalls++;
		if (cost !== null) this.addCost({ currency, cost });
	}

	addAll(other: Costs): void {
		this.unbilledCalls += other.unbilledCalls;
		this.unreadableCosts += other.unreadableCosts;
		this.openCalls += other.openCalls;
		for (const { currency, sum } of other.sums) this.addCost({ currency, cost: sum.toString() });
	}

	/** Without the currencies in which nothing was charged, unless there is no other: a free call may have none. */
	list(): Cost[] {
		const all = this.sums
			.map(({ currency, sum }) => ({ currency, cost: sum.toString() }))
			.sort((a, b) => compareText(a.currency, b.currency));
		const charged = all.filter(({ cost }) => cost !== '0');
		return charged.length > 0 ? charged : all;
	}

	/** `null` for none and for several. */
	get currency(): string | null {
		const list = this.list();
		return list.length === 1 ? list[0].currency : null;
	}

	get hasSeveralCurrencies(): boolean {
		return this.list().filter(({ cost }) => cost !== '0').length > 1;
	}

	/** Whether calls are missing that cost something: not billed yet, or with an unreadable cost. */
	get isPart(): boolean {
		return this.unbilledCalls + this.unreadableCosts > 0;
	}

	/** Whether calls are missing that cost something, or that may once they have ended. */
	get isSoFar(): boolean {
		return this.isPart || this.openCalls > 0;
	}

	/** `null` for several currencies, and where a part is not known. */
	get total(): number | null {
		return this.hasSeveralCurrencies ? null : this.knownTotal(this.list()[0]);
	}

	/** What was charged in one currency; `null` where a part is not known. */
	totalIn(currency: string): number | null {
		return this.knownTotal(this.list().find((one) => one.currency === currency));
	}

	/** In the currency of other costs, as another one compares with nothing; `null` where these have several. */
	totalBeside(other: Costs): number | null {
		if (other.hasSeveralCurrencies) return null;
		const { currency, total } = other;
		return currency === null || total === 0 ? this.total : this.totalIn(currency);
	}

	/** A total of 0 is not known while other calls may cost something once they have ended. */
	private knownTotal(cost: Cost | undefined): number | null {
		const total = Number(cost?.cost ?? 0);
		return this.isPart || (total === 0 && this.isSoFar) ? null : total;
	}

	private addCost({ currency, cost }: Cost): void {
		let entry = this.sums.find((one) => one.currency === currency);
		if (!entry) {
			entry = { currency, sum: new ExactSum() };
			this.sums.push(entry);
		}
		entry.sum.add(cost);
	}
}
