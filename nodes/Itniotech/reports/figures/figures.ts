import type { IDataObject } from 'n8n-workflow';
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
import { Costs } from './costs';
import { Details } from './details';
import { Failures } from './failures';
import type { Gaps } from './gaps';
import { SecondCounts } from './secondCounts';

/** The figures of a row, in reading order. */
export const FIGURE_TYPES = {
	calls: 'number',
	answered: 'number',
	failed: 'number',
	pending: 'number',
	asr: 'number',
	ner: 'number',
	acd: 'number',
	pdd: 'number',
	shortCalls: 'number',
	keyPresses: 'number',
	totalDuration: 'number',
	chargedDuration: 'number',
	uniqueNumbers: 'number',
	reachedNumbers: 'number',
	cost: 'number',
	currency: 'text',
	costPerMinute: 'number',
	topFailures: 'text',
} as const;

export interface FigureOptions {
	/** The longest duration of a short call. */
	shortCallSeconds: number;
	includeDetails: boolean;
}

/** A call as the figures have read it. Durations in seconds, `null` without one. */
export interface CallFacts {
	outcome: Outcome;
	duration: number | null;
	chargedDuration: number | null;
	/** Whether it has ended, and the called party was there. */
	isReached: boolean;
	/** Whether it has a cost sooner or later. */
	isCharged: boolean;
}

/** A longer or a negative post-dial delay is a wrong time: ITNIO's own sample rings before it calls. */
const MAX_PDD_S = 120;
/** The called party was there, but did not or would not answer (after ITU-T E.425). */
const REACHED_CODES = ['480', '486', '600', '603'];

/** The figures of a group of calls. Durations in seconds. */
export class Figures {
	uniqueNumbers = 0;

	reachedNumbers = 0;

	calls = 0;

	private readonly outcomes: Record<Outcome, number> = { answered: 0, failed: 0, pending: 0, voicemail: 0 };

	/** Ended calls whose called party was there. */
	reached = 0;

	private totalDuration = 0;

	/** Of the answered calls that have one. */
	private readonly answered = { calls: 0, duration: 0 };

	private chargedDuration = 0;

	private shortCalls = 0;

	private keyPresses = 0;

	readonly postDialDelays = new SecondCounts();

	readonly failures = new Failures();

	readonly costs: Costs;

	private readonly details?: Details;

	constructor(
		private readonly gaps: Gaps,
		private readonly options: FigureOptions,
	) {
		this.costs = new Costs(gaps);
		if (options.includeDetails) this.details = new Details();
	}

	/** @returns what it has read from the record */
	add(record: WireRecord): CallFacts {
		const outcome = outcomeOf(record);
		const duration = this.readDuration(record.callDuration);
		const chargedDuration = this.readDuration(record.chargedDuration);
		const hasRung = hasTime(record.ringingTime);
		this.calls++;
		this.outcomes[outcome]++;
		this.totalDuration += duration ?? 0;
		this.chargedDuration += chargedDuration ?? 0;
		if (outcome === 'answered') this.addAnswered(record, duration);
		if (outcome === 'failed') this.failures.add(record);
		const isReached = outcome !== 'pending' && wasReached(record, outcome, hasRung);
		const isCharged = outcome === 'answered' || (chargedDuration ?? 0) > 0;
		const facts = { outcome, duration, chargedDuration, isReached, isCharged };
		if (isReached) this.reached++;
		if (keyPressedIn(record) !== null) this.keyPresses++;
		if (hasRung) this.addPostDialDelay(record);
		this.costs.add(record, isCharged);
		this.details?.add(record, facts);
		return facts;
	}

	toJson(): Record<keyof typeof FIGURE_TYPES, number | string | null> & { details?: IDataObject } {
		const { answered, failed, pending } = this.outcomes;
		const { total: cost, currency } = this.costs;
		const minutes = this.totalDuration / 60;
		return {
			calls: this.calls,
			answered,
			failed,
			pending,
			asr: ratio(answered, answered + failed, 4),
			ner: ratio(this.reached, answered + failed, 4),
			acd: ratio(this.answered.duration, this.answered.calls, 1),
			pdd: this.postDialDelays.median(),
			shortCalls: this.shortCalls,
			keyPresses: this.keyPresses,
			totalDuration: this.totalDuration,
			chargedDuration: this.chargedDuration,
			uniqueNumbers: this.uniqueNumbers,
			reachedNumbers: this.reachedNumbers,
			cost,
			currency,
			costPerMinute: cost === null ? null : ratio(cost, minutes, 6),
			topFailures: this.failures.text(),
			...(this.details && { details: this.detailsOf(this.details) }),
		};
	}

	private detailsOf(details: Details): IDataObject {
		const { answered, failed } = this.outcomes;
		return {
			failures: this.failures.list(),
			failuresByClass: this.failures.byClass(),
			costs: this.costs.list(),
			callsWithoutCost: this.costs.unbilledCalls,
			pdd: {
				p90: this.postDialDelays.percentile(0.9),
				p95: this.postDialDelays.percentile(0.95),
				notMeasured: this.calls - this.postDialDelays.total,
			},
			...details.toJson(answered + failed),
		};
	}

	private addAnswered(record: WireRecord, duration: number | null): void {
		if (isEmpty(record.callDuration)) this.gaps.unreadableDurations++;
		if (duration === null) return;
		this.answered.calls++;
		this.answered.duration += duration;
		if (duration <= this.options.shortCallSeconds) this.shortCalls++;
	}

	private addPostDialDelay(record: WireRecord): void {
		const [ringingS, callS] = [secondsOf(record.ringingTime), secondsOf(record.callTime)];
		if (ringingS === null || callS === null) return;
		const seconds = ringingS - callS;
		if (seconds >= 0 && seconds <= MAX_PDD_S) this.postDialDelays.add(seconds);
	}

	private readDuration(value: unknown): number | null {
		const seconds = durationOf(value);
		if (seconds === null && !isEmpty(value)) this.gaps.unreadableDurations++;
		return seconds;
	}
}

/** Whether the called party of an ended call was there. */
export function wasReached(record: WireRecord, outcome: Outcome, hasRung: boolean): boolean {
	return outcome === 'answered' || hasRung || REACHED_CODES.includes(textOf(record.terminationCode) ?? '');
}

/** `null` for a share of nothing. */
export function ratio(part: number, whole: number, digits: number): number | null {
	if (whole === 0) return null;
	const factor = 10 ** digits;
	return Math.round((part / whole) * factor) / factor;
}
