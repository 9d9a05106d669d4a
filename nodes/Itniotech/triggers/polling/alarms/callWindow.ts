import { UserError } from 'n8n-workflow';
import type { WireRecord } from '../../../api/types';
import type { RecordFilter } from '../../../records/query/filters';
import { hasTime, outcomeOf, secondsOf } from '../../../records/record';
import type { TimeRange } from '../../../records/windows';
import { chatText, listText } from '../../../records/output/text';
import type { Cost } from '../../../reports/figures/costs';
import { Figures } from '../../../reports/figures/figures';
import { Gaps } from '../../../reports/figures/gaps';

/** Calls that have ended. */
export interface CallCounts {
	calls: number;
	failures: number;
	/** Of the rule's termination codes. */
	callsWithCode: number;
	/** Ratios from 0 to 1, `null` without calls. */
	asr: number | null;
	ner: number | null;
	/** Of the calls that have a cost; `null` where nothing of it is known. */
	cost: number | null;
	/** Empty where no call has a cost. */
	currency: string;
	unbilledCalls: number;
	unreadableCosts: number;
	/** E.g. `486 Busy Here: 7, 503 Service Unavailable: 5`. */
	topFailures: string;
}

const MAX_CURRENCIES_IN_TEXT = 5;

/** The figures of the calls that ended within a range. No record is in memory for longer than its page. */
export class CallWindow {
	private readonly gaps = new Gaps();

	private readonly figures = new Figures(this.gaps, { shortCallSeconds: 0, includeDetails: false });

	private callsWithCode = 0;

	/** @param range Unix times in seconds, both included; it ends at the present */
	constructor(
		private readonly range: TimeRange,
		private readonly filters: { isWanted: RecordFilter; hasCode: RecordFilter },
	) {}

	/** @param record of a call that was not added before */
	add(record: WireRecord): void {
		const { isWanted, hasCode } = this.filters;
		const outcome = outcomeOf(record);
		if (outcome === 'pending' || !this.hasEndedWithin(record) || !isWanted(record)) return;
		this.figures.add(record);
		if (hasCode(record)) this.callsWithCode++;
	}

	/** @throws UserError for costs in several currencies, which have no sum, if `needsCost` */
	counts(needsCost: boolean): CallCounts {
		const { calls, failed, asr, ner, topFailures } = this.figures.toJson();
		const { unbilledCalls } = this.figures.costs;
		const { unreadableCosts } = this.gaps;
		const { cost, currency } = this.cost(needsCost);
		// A part of the sum is no less than that; nothing of it may be anything.
		const isCostKnown = Number(cost) !== 0 || unbilledCalls + unreadableCosts === 0;
		return {
			calls: Number(calls),
			failures: Number(failed),
			callsWithCode: this.callsWithCode,
			asr: asr as number | null,
			ner: ner as number | null,
			cost: isCostKnown ? Number(cost) : null,
			currency,
			unbilledCalls,
			unreadableCosts,
			topFailures: String(topFailures),
		};
	}

	/** A failed call costs 0, and may have no currency. */
	private cost(mustBeOne: boolean): Cost {
		const all = this.figures.costs
			.list()
			.map(({ currency, cost }) => ({ currency: chatText(currency), cost }));
		const charged = all.filter(({ cost }) => Number(cost) !== 0);
		if (mustBeOne && charged.length > 1) {
			const currencies = charged.map(({ currency }) => currency);
			const text = listText(currencies, MAX_CURRENCIES_IN_TEXT);
			throw new UserError(`The calls of the window are billed in several currencies: ${text}`, {
				description: 'Choose another "Metric", or "Filters" for the calls of one currency, e.g. by "Area"',
			});
		}
		return charged[0] ?? all[0] ?? { currency: '', cost: '0' };
	}

	private hasEndedWithin(record: WireRecord): boolean {
		const { fromS, toS } = this.range;
		const endS = endOf(record, toS);
		return endS >= fromS && endS <= toS;
	}
}

/** Without a hang-up time, a call ended no earlier than the latest of its other times. A placeholder is not a time. */
function endOf(record: WireRecord, nowS: number): number {
	const hangupS = timeOf(record.hangupTime);
	if (hangupS !== null) return hangupS;
	const { submitTime, callTime, ringingTime, answerTime } = record;
	const times = [submitTime, callTime, ringingTime, answerTime]
		.map(timeOf)
		.filter((time) => time !== null && time <= nowS);
	return times.length > 0 ? Math.max(...(times as number[])) : nowS;
}

function timeOf(value: unknown): number | null {
	return hasTime(value) ? secondsOf(value) : null;
}
