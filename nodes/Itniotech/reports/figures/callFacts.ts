import type { WireRecord } from '../../api/types';
import { isEmpty } from '../../records/query/parameters';
import {
	durationOf,
	hasTime,
	keyPressedIn,
	outcomeOf,
	secondsOf,
	textOf,
	type Outcome,
} from '../../records/record';
import { currencyOf, isCurrencyCode } from './currency';
import { isAmount } from './exactSum';
import type { Gaps } from './gaps';

/** What the figures need of a call. Durations in seconds, `null` without one. */
export interface CallFacts {
	outcome: Outcome;
	duration: number | null;
	chargedDuration: number | null;
	/** Whether it has ended, and the called party was there. */
	isDelivered: boolean;
	hasKey: boolean;
	postDialDelay: number | null;
	terminationCode: string;
	terminationReason: string;
	currency: string;
	/** An amount as text; `null` where nothing is charged, or the cost is not known. */
	cost: string | null;
	/** `open`: the call has not ended, so it may still get a cost. */
	missingCost: 'unbilled' | 'unreadable' | 'open' | null;
	/** Whether no call of its group before was to its number; whether none of them was answered. */
	isNewNumber: boolean;
	isNewlyReached: boolean;
	/** Only for "Include Details". */
	details: DetailFacts | null;
}

/** What the details need of a call. Unix times in seconds. */
export interface DetailFacts {
	key: string | null;
	ringTime: number | null;
	dispatchDelay: number | null;
	callS: number | null;
	hangupS: number | null;
	billPeriod: string | null;
}

/** A longer or a negative post-dial delay is a wrong time: ITNIO's own sample rings before it calls. */
const MAX_PDD_S = 120;
/** The network did its part, but the called party did not or would not answer (after ITU-T E.425). */
export const DELIVERED_CODES = ['480', '486', '600', '603'];

/** @param gaps to count what cannot be read */
export function readCall(record: WireRecord, gaps: Gaps): CallFacts {
	const outcome = outcomeOf(record);
	const terminationCode = textOf(record.terminationCode) ?? '';
	const duration = readDuration(record.callDuration, gaps);
	const chargedDuration = readDuration(record.chargedDuration, gaps);
	if (outcome === 'answered' && isEmpty(record.callDuration)) gaps.unreadableDurations++;
	const hasRung = hasTime(record.ringingTime);
	const { currency, cost, missingCost } = readCost(record, { outcome, chargedDuration, gaps });
	// All fields at once: a million of them may be in memory, and a spread takes more of it.
	return {
		outcome,
		duration,
		chargedDuration,
		isDelivered: outcome !== 'pending' && wasDelivered(record, outcome, hasRung),
		hasKey: keyPressedIn(record) !== null,
		postDialDelay: hasRung ? postDialDelayOf(record) : null,
		terminationCode,
		terminationReason: textOf(record.terminationReason) ?? '',
		currency,
		cost,
		missingCost,
		isNewNumber: false,
		isNewlyReached: false,
		details: null,
	};
}

/** Whether a call has a cost sooner or later. */
export function isChargedFor(outcome: Outcome, chargedDuration: number | null): boolean {
	return isTaken(outcome) || (chargedDuration ?? 0) > 0;
}

/** By a person, or by a machine for one. */
function isTaken(outcome: Outcome): boolean {
	return outcome === 'answered' || outcome === 'voicemail';
}

/** Whether the network delivered an ended call. */
export function wasDelivered(record: WireRecord, outcome: Outcome, hasRung: boolean): boolean {
	return isTaken(outcome) || hasRung || DELIVERED_CODES.includes(textOf(record.terminationCode) ?? '');
}

function readDuration(value: unknown, gaps: Gaps): number | null {
	const seconds = durationOf(value);
	if (seconds === null && !isEmpty(value)) gaps.unreadableDurations++;
	return seconds;
}

function postDialDelayOf(record: WireRecord): number | null {
	const [ringingS, callS] = [secondsOf(record.ringingTime), secondsOf(record.callTime)];
	if (ringingS === null || callS === null) return null;
	const seconds = ringingS - callS;
	return seconds >= 0 && seconds <= MAX_PDD_S ? seconds : null;
}

function readCost(
	record: WireRecord,
	{ outcome, chargedDuration, gaps }: Pick<CallFacts, 'outcome' | 'chargedDuration'> & { gaps: Gaps },
): Pick<CallFacts, 'currency' | 'cost' | 'missingCost'> {
	const currency = currencyOf(record);
	if (!isCurrencyCode(currency)) gaps.unknownCurrencies++;
	if (isEmpty(record.cost)) {
		const isCharged = isChargedFor(outcome, chargedDuration);
		if (isCharged) gaps.unbilledCalls++;
		const missingCost = isCharged ? 'unbilled' : outcome === 'pending' ? 'open' : null;
		return { currency, cost: null, missingCost };
	}
	const cost = textOf(record.cost);
	if (cost !== null && isAmount(cost)) return { currency, cost, missingCost: null };
	gaps.unreadableCosts++;
	return { currency, cost: null, missingCost: 'unreadable' };
}
