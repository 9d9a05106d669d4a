import type { IDataObject } from 'n8n-workflow';
import type { WireRecord } from '../../api/types';
import { keyPressedIn, realTimeOf, textOf } from '../../records/record';
import { DELIVERED_CODES, type CallFacts, type DetailFacts } from './callFacts';
import { compareText } from '../../records/output/text';
import { PeakCalls } from './peakCalls';
import { shareOf } from './rounding';
import { SecondCounts } from './secondCounts';

/** A phone that rings longer, or a call that waits longer, is a wrong time. */
const MAX_WAIT_S = 3600;

export function readDetails(record: WireRecord): DetailFacts {
	const callS = realTimeOf(record.callTime);
	const hangupS = realTimeOf(record.hangupTime);
	return {
		key: keyPressedIn(record),
		ringTime: waitOf(realTimeOf(record.ringingTime), realTimeOf(record.answerTime) ?? hangupS),
		dispatchDelay: waitOf(realTimeOf(record.submitTime), callS),
		callS,
		hangupS,
		billPeriod: textOf(record.billPeriod),
	};
}

/** What only "Include Details" asks for. */
export class Details {
	private calls = 0;
	/** As RFC 6076 counts: answered, or the called party could have answered. */
	private effectiveCalls = 0;
	private readonly keys = new Map<string, number>();
	private readonly ringTimes = new SecondCounts();
	private readonly dispatchDelays = new SecondCounts();
	private readonly billing = { talkedSeconds: 0, billedSeconds: 0, checked: 0, deviations: 0 };
	private timedCalls = 0;
	private readonly peakCalls = new PeakCalls();

	add({ outcome, terminationCode, duration, chargedDuration }: CallFacts, details: DetailFacts): void {
		const { key, ringTime, dispatchDelay, callS, hangupS, billPeriod } = details;
		this.calls++;
		if (outcome === 'answered' || outcome === 'voicemail' || DELIVERED_CODES.includes(terminationCode))
			this.effectiveCalls++;
		if (key !== null) this.keys.set(key, (this.keys.get(key) ?? 0) + 1);
		if (ringTime !== null) this.ringTimes.add(ringTime);
		if (dispatchDelay !== null) this.dispatchDelays.add(dispatchDelay);
		if (callS !== null && hangupS !== null && hangupS >= callS) {
			this.timedCalls++;
			this.peakCalls.add(callS, hangupS);
		}
		this.addBilling(billPeriod, outcome === 'answered' ? duration : 0, chargedDuration);
	}

	/** @param endedCalls what the effective calls are a share of */
	toJson(endedCalls: number): IDataObject {
		return {
			seer: shareOf(this.effectiveCalls, endedCalls),
			keysPressed: [...this.keys]
				.map(([key, calls]) => ({ key, calls }))
				.sort((a, b) => b.calls - a.calls || compareText(a.key, b.key)),
			ringTime: percentiles(this.ringTimes),
			dispatchDelay: percentiles(this.dispatchDelays),
			peakCalls: this.calls === 0 ? 0 : this.peakCalls.peak(),
			peakNotMeasured: this.calls - this.timedCalls,
			billing: { ...this.billing },
		};
	}

	private addBilling(billPeriod: string | null, talkedS: number | null, billedS: number | null): void {
		const { billing } = this;
		billing.talkedSeconds += talkedS ?? 0;
		billing.billedSeconds += billedS ?? 0;
		const expectedS = talkedS === null ? null : billedSeconds(talkedS, billPeriod);
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

function waitOf(fromS: number | null, toS: number | null): number | null {
	if (fromS === null || toS === null || toS < fromS || toS - fromS > MAX_WAIT_S) return null;
	return toS - fromS;
}

function percentiles(counts: SecondCounts): IDataObject {
	return {
		median: counts.median(),
		p90: counts.percentile(0.9),
		p95: counts.percentile(0.95),
		calls: counts.total,
	};
}
