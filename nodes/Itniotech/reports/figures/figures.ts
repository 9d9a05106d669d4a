import type { IDataObject } from 'n8n-workflow';
import type { CallFacts } from './callFacts';
import { Costs } from './costs';
import { Details } from './details';
import { Failures } from './failures';
import { roundedQuotient, shareOf } from './rounding';
import { SecondCounts } from './secondCounts';

/** The figures of a group of calls, in reading order. `null` is what is not known, or what nothing can be computed from. */
// A type, as only that is an IDataObject.
type FigureRow = {
	calls: number;
	answered: number;
	failed: number;
	pending: number;
	voicemails: number;
	asr: number | null;
	ner: number | null;
	acd: number | null;
	pdd: number | null;
	shortCalls: number;
	keyPresses: number;
	totalDuration: number;
	chargedDuration: number;
	uniqueNumbers: number;
	reachedNumbers: number;
	cost: number | null;
	currency: string | null;
	costPerMinute: number | null;
	topFailures: string;
};

export const FIGURE_TYPES = {
	calls: 'number',
	answered: 'number',
	failed: 'number',
	pending: 'number',
	voicemails: 'number',
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
} as const satisfies Record<keyof FigureRow, 'number' | 'text'>;

export interface FigureOptions {
	/** The longest duration of a short call. */
	shortCallSeconds: number;
	includeDetails: boolean;
}

/** The figures of a group of calls. Durations in seconds. */
export class Figures {
	uniqueNumbers = 0;
	reachedNumbers = 0;
	calls = 0;
	answered = 0;
	failed = 0;
	pending = 0;
	voicemail = 0;
	/** Ended calls whose called party was there. */
	delivered = 0;
	private totalDuration = 0;
	/** The answered calls that have a duration. */
	private timedCalls = 0;
	private timedDuration = 0;
	private chargedDuration = 0;
	private shortCalls = 0;
	private keyPresses = 0;
	readonly postDialDelays = new SecondCounts();
	readonly failures = new Failures();
	readonly costs = new Costs();
	private readonly details?: Details;

	constructor(private readonly options: FigureOptions) {
		if (options.includeDetails) this.details = new Details();
	}

	add(facts: CallFacts): void {
		const { outcome, duration, chargedDuration, isDelivered, hasKey, postDialDelay } = facts;
		this.calls++;
		this[outcome]++;
		this.totalDuration += duration ?? 0;
		this.chargedDuration += chargedDuration ?? 0;
		if (outcome === 'answered' && duration !== null) this.addTimed(duration);
		if (outcome === 'failed') this.failures.add(facts);
		if (isDelivered) this.delivered++;
		if (hasKey) this.keyPresses++;
		if (postDialDelay !== null) this.postDialDelays.add(postDialDelay);
		this.costs.add(facts);
		if (facts.isNewNumber) this.uniqueNumbers++;
		if (facts.isNewlyReached) this.reachedNumbers++;
		if (facts.details) this.details?.add(facts, facts.details);
	}

	toJson(): FigureRow & { details?: IDataObject } {
		const { calls, answered, failed, pending, voicemail, timedCalls, totalDuration, chargedDuration } = this;
		const { shortCalls, keyPresses, uniqueNumbers, reachedNumbers } = this;
		const { total: cost, currency } = this.costs;
		return {
			calls,
			answered,
			failed,
			pending,
			voicemails: voicemail,
			asr: this.asr,
			ner: shareOf(this.delivered, answered + failed + voicemail),
			acd: timedCalls === 0 ? null : roundedQuotient(this.timedDuration, timedCalls, 1),
			pdd: this.postDialDelays.median(),
			shortCalls,
			keyPresses,
			totalDuration,
			chargedDuration,
			uniqueNumbers,
			reachedNumbers,
			cost,
			currency,
			costPerMinute: this.costPerMinute(cost),
			topFailures: this.failures.text(),
			...(this.details && { details: this.detailsOf(this.details) }),
		};
	}

	/** Among the calls that were answered or failed. */
	get asr(): number | null {
		return shareOf(this.answered, this.answered + this.failed);
	}

	/** Answered calls without a duration, which are in no figure of durations. */
	get untimedCalls(): number {
		return this.answered - this.timedCalls;
	}

	/** `null` where a part of the cost or of the talk time is not known. */
	private costPerMinute(cost: number | null): number | null {
		if (cost === null || this.totalDuration === 0 || this.timedCalls < this.answered) return null;
		const price = (60 * cost) / this.totalDuration;
		// A price below a millionth is not 0.
		if (Math.abs(price) < 0.001) return Number(price.toPrecision(3));
		return roundedQuotient(60 * cost, this.totalDuration, 6);
	}

	private detailsOf(details: Details): IDataObject {
		return {
			failures: this.failures.list(),
			failuresByClass: this.failures.byClass(),
			costs: this.costs.list(),
			callsWithoutCost: this.costs.unbilledCalls + this.costs.unreadableCosts,
			pdd: {
				p90: this.postDialDelays.percentile(0.9),
				p95: this.postDialDelays.percentile(0.95),
				notMeasured: this.calls - this.postDialDelays.total,
			},
			...details.toJson(this.answered + this.failed + this.voicemail),
		};
	}

	private addTimed(duration: number): void {
		this.timedCalls++;
		this.timedDuration += duration;
		if (duration <= this.options.shortCallSeconds) this.shortCalls++;
	}
}
