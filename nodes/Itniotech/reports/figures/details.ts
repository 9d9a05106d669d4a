import type { IDataObject } from 'n8n-workflow';
import type { WireRecord } from '../../api/types';
import { hasTime, keyPressedIn, secondsOf, textOf } from '../../records/record';
import { compareText } from './compareText';
import type { CallFacts } from './figures';
import { SecondCounts } from './secondCounts';
import { PeakCalls } from './peakCalls';

/** A phone that rings longer, or a call that waits longer, is a wrong time. */
const MAX_WAIT_S = 3600;
/** Of RFC 6076: the call was answered, or the called party could have answered it. */
const EFFECTIVE_CODES = ['200', '480', '486', '600', '603'];

/** What only "Include Details" asks for. */
export class Details {
	private effectiveCalls = 0;

	private readonly keys = new Map<string, number>();

	private readonly ringTimes = new SecondCounts();

	private readonly dispatchDelays = new SecondCounts();

	private readonly billing = { talkedSeconds: 0, billedSeconds: 0, checked: 0, deviations: 0 };

	private readonly peakCalls = new PeakCalls();

	add(record: WireRecord, { outcome, duration, chargedDuration }: CallFacts): void {
		if (EFFECTIVE_CODES.includes(textOf(record.terminationCode) ?? '')) this.effectiveCalls++;
		const key = keyPressedIn(record);
		if (key !== null) this.keys.set(key, (this.keys.get(key) ?? 0) + 1);
		const callS = timeOf(record.callTime);
		const hangupS = timeOf(record.hangupTime);
		addWait(this.ringTimes, timeOf(record.ringingTime), timeOf(record.answerTime) ?? hangupS);
		addWait(this.dispatchDelays, timeOf(record.submitTime), callS);
		if (callS !== null && hangupS !== null && hangupS >= callS) this.peakCalls.add(callS, hangupS);
		this.addBilling(record, outcome === 'answered' ? duration : 0, chargedDuration);
	}

	/** @param endedCalls what the effective calls are a share of */
	toJson(endedCalls: number): IDataObject {
		return {
			seer: endedCalls === 0 ? null : Math.round((this.effectiveCalls / endedCalls) * 10_000) / 10_000,
			keysPressed: [...this.keys]
				.map(([key, calls]) => ({ key, calls }))
				.sort((a, b) => b.calls - a.calls || compareText(a.key, b.key)),
			ringTime: percentiles(this.ringTimes),
			dispatchDelay: percentiles(this.dispatchDelays),
			peakCalls: this.peakCalls.peak(),
			billing: { ...this.billing },
		};
	}

	private addBilling(record: WireRecord, talkedS: number | null, billedS: number | null): void {
		const { billing } = this;
		billing.talkedSeconds += talkedS ?? 0;
		billing.billedSeconds += billedS ?? 0;
		const expectedS = talkedS === null ? null : billedSeconds(talkedS, textOf(record.billPeriod));
		if (expectedS === null || billedS === null) return;
		billing.checked++;
		if (expectedS !== billedS) billing.deviations++;
	}
}

/** By steps such as `60+6`; `null` where the period cannot be read. */
function billedSeconds(talkedS: number, billPeriod: string | null): number | null {
	const match = /^(\d{1,5})\s*\+\s*(\d{1,5})$/.exec(billPeriod ?? '');
	const [first, next] = match ? [Number(match[1]), Number(match[2])] : [0, 0];
	if (next === 0) return null;
	return talkedS === 0 ? 0 : first + Math.max(0, Math.ceil((talkedS - first) / next)) * next;
}

function addWait(counts: SecondCounts, fromS: number | null, toS: number | null): void {
	if (fromS === null || toS === null || toS < fromS || toS - fromS > MAX_WAIT_S) return;
	counts.add(toS - fromS);
}

function percentiles(counts: SecondCounts): IDataObject {
	return {
		median: counts.median(),
		p90: counts.percentile(0.9),
		p95: counts.percentile(0.95),
		calls: counts.total,
	};
}

function timeOf(value: unknown): number | null {
	return hasTime(value) ? secondsOf(value) : null;
}
