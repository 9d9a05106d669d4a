import { UserError } from 'n8n-workflow';
import type { WireRecord } from '../../../api/types';
import type { RecordFilter } from '../../../records/filters';
import { hasTime, numberOf, outcomeOf, secondsOf } from '../../../records/record';
import type { TimeRange } from '../../../records/windows';
import { chatText } from '../../../reports/chatText';
import { Costs } from '../../../reports/costs';
import { Figures } from '../../../reports/figures';
import { Gaps } from '../../../reports/gaps';

/** Calls that have ended. */
export interface CallCounts {
	calls: number;
	failures: number;
	/** Of the rule's termination codes. */
	callsWithCode: number;
	/** Ratios from 0 to 1, `null` without calls. */
	asr: number | null;
	ner: number | null;
	/** Of the calls that have a cost. */
	cost: number;
	/** Empty where no call has a cost. */
	currency: string;
	unbilledCalls: number;
	/** E.g. `486 Busy Here: 7, 503 Service Unavailable: 5`. */
	topFailures: string;
}

/** The figures of the calls that ended within a range. No record is in memory for longer than its page. */
export class CallWindow {
	private readonly figures: Figures;

	private readonly costs: Costs;

	private callsWithCode = 0;

	/** @param range Unix times in seconds, both included; it ends at the present */
	constructor(
		private readonly range: TimeRange,
		private readonly filters: { isWanted: RecordFilter; hasCode: RecordFilter },
	) {
		const gaps = new Gaps();
		this.figures = new Figures(gaps, { shortCallSeconds: 0, includeDetails: false });
		this.costs = new Costs(gaps);
	}

	/** @param record of a call that was not added before */
	add(record: WireRecord): void {
		const { isWanted, hasCode } = this.filters;
		const outcome = outcomeOf(record);
		if (outcome === 'pending' || !this.hasEndedWithin(record) || !isWanted(record)) return;
		this.figures.add(record);
		this.costs.add(record, outcome === 'answered' || (numberOf(record.chargedDuration) ?? 0) > 0);
		if (hasCode(record)) this.callsWithCode++;
	}

	/** @throws UserError for costs in several currencies, which have no sum, if `needsCost` */
	counts(needsCost: boolean): CallCounts {
		const { calls, failed, asr, ner, topFailures } = this.figures.toJson();
		const costs = this.costs.list();
		if (needsCost && costs.length > 1) {
			const currencies = costs.map(({ currency }) => currency).join(', ');
			throw new UserError(`The calls of the window are billed in several currencies: ${currencies}`, {
				description: 'Choose another "Metric", or "Filters" for the calls of one currency, e.g. by "Area"',
			});
		}
		return {
			calls: Number(calls),
			failures: Number(failed),
			callsWithCode: this.callsWithCode,
			asr: asr as number | null,
			ner: ner as number | null,
			cost: Number(costs[0]?.cost ?? 0),
			currency: chatText(costs[0]?.currency ?? ''),
			unbilledCalls: this.costs.unbilledCalls,
			topFailures: String(topFailures),
		};
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
