import { numberText } from '../../records/output/text';

/** What records do not tell, counted so that no figure leaves it out silently. */
export class Gaps {
	/** Calls that are charged for, but have no cost yet. */
	unbilledCalls = 0;
	/** Costs that are not a number and therefore in no sum. */
	unreadableCosts = 0;
	/** Durations that are missing, not a number, negative or above a day, and therefore in no figure. */
	unreadableDurations = 0;
	/** Times that belong to no day or hour. */
	unreadableTimes = 0;
	/** Currencies that are not a code of three letters. */
	unknownCurrencies = 0;

	hints(): string[] {
		const { unbilledCalls, unreadableCosts, unreadableDurations, unreadableTimes, unknownCurrencies } = this;
		return [
			unbilledCalls > 0 &&
				`Calls without a cost yet: ${numberText(unbilledCalls)}. Until ITNIO TECH has billed them, the cost is not known.`,
			unreadableCosts > 0 &&
				`Call records whose "cost" is not a number: ${numberText(unreadableCosts)}. They count as calls, but no cost includes them.`,
			unreadableDurations > 0 &&
				`Durations that are missing or not possible: ${numberText(unreadableDurations)}. Their calls count, but no duration includes them.`,
			unreadableTimes > 0 &&
				`Call records whose "submitTime" is not a time with an offset: ${numberText(unreadableTimes)}. They are in the group without a time.`,
			unknownCurrencies > 0 &&
				`Call records whose "currency" is not a currency code: ${numberText(unknownCurrencies)}. Their costs are added up separately.`,
		].filter((hint) => hint !== false);
	}
}
