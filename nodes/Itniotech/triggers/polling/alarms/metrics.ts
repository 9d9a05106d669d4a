import { amountText, listText, numberText, quantityText, shareText } from '../../../records/output/text';
import type { CallCounts } from '../countedCalls/callCounts';
import { fractionOf, largestOf, type Value } from './verdict';

/** What a figure counts in: percent, calls or money. */
export type Unit = 'share' | 'calls' | 'amount';

interface Metric {
	displayName: string;
	description: string;
	/** In texts, before "is". */
	noun: string;
	unit: Unit;
	/** For a share: how many calls, of how many. */
	shareOf?(counts: CallCounts): [number, number];
	/** For another figure. */
	numberOf?(counts: CallCounts): Value;
	/**
	 * What the value is made of, e.g. `Failed: 34 of 100 calls that ended in the last hour`.
	 * @param period e.g. ` that ended in the last hour`
	 */
	explain(counts: CallCounts, period: string): string;
}

const MAX_CURRENCIES_IN_TEXT = 5;

export const METRICS = {
	failureRate: {
		displayName: 'Failure Rate',
		description: 'Percentage of calls that failed',
		noun: 'the failure rate',
		unit: 'share',
		shareOf: ({ failed, calls }) => [failed, calls],
		explain: explainFailures,
	},
	answerRate: {
		displayName: 'Answer Rate',
		description: 'Percentage of calls that were answered (ASR)',
		noun: 'the answer rate',
		unit: 'share',
		shareOf: ({ answered, failed }) => [answered, answered + failed],
		explain: explainAnswers,
	},
	networkEffectiveness: {
		displayName: 'Network Effectiveness',
		description: 'Percentage of calls that the network delivered, answered or not (NER)',
		noun: 'the network effectiveness',
		unit: 'share',
		shareOf: ({ delivered, calls }) => [delivered, calls],
		explain: ({ delivered, calls }, period) =>
			`Delivered: ${numberText(delivered)} of ${callsText(calls)}${period}`,
	},
	failures: {
		displayName: 'Failures',
		description: 'Number of calls that failed',
		noun: 'the number of failed calls',
		unit: 'calls',
		numberOf: ({ failed }) => wholeValue(failed),
		explain: explainFailures,
	},
	calls: {
		displayName: 'Calls',
		description: 'Number of calls',
		noun: 'the number of calls',
		unit: 'calls',
		numberOf: ({ calls }) => wholeValue(calls),
		explain: explainFailures,
	},
	cost: {
		displayName: 'Cost',
		description:
			'What the calls cost. While some calls are not billed yet, it decides only what a higher cost could not change.',
		noun: 'the cost',
		unit: 'amount',
		numberOf: costValue,
		explain: explainCost,
	},
	codeShare: {
		displayName: 'Share of a Termination Code',
		description: 'Percentage of calls that ended with a certain termination code',
		noun: 'the share of termination code',
		unit: 'share',
		shareOf: ({ withCode, calls }) => [withCode, calls],
		explain: ({ withCode, calls }, period) =>
			`With this code: ${numberText(withCode)} of ${callsText(calls)}${period}`,
	},
} satisfies Record<string, Metric>;

export type MetricName = keyof typeof METRICS;

export const METRIC_NAMES = Object.keys(METRICS) as MetricName[];

export function metricOf(name: MetricName): Metric {
	return METRICS[name];
}

/** @returns `undefined` for a share of no calls */
export function valueOf(metric: Metric, counts: CallCounts): Value | undefined {
	if (!metric.shareOf) return metric.numberOf?.(counts);
	const [part, whole] = metric.shareOf(counts);
	return whole === 0
		? undefined
		: { exact: { part: 100n * BigInt(part), whole: BigInt(whole) }, isPart: false };
}

/**
 * E.g. `42.9%`, `1,204`, `12.50 USD so far`; `undefined` where nothing of it is known.
 * @param isTrue what must also be true of the rounded value
 */
export function valueText(
	{ unit, shareOf, numberOf }: Metric,
	counts: CallCounts,
	isTrue: (rounded: number) => boolean,
): string | undefined {
	if (shareOf) {
		const [part, whole] = shareOf(counts);
		return whole === 0 ? undefined : shareText(part, whole, isTrue);
	}
	if (unit === 'amount') {
		if (isCostUnknown(counts)) return undefined;
		const [money] = counts.costs;
		const currency = money ? ` ${money.currency}` : '';
		return `${amountText(costOf(counts), isTrue)}${currency}${isCostPart(counts) ? ' so far' : ''}`;
	}
	return numberOf && numberText(Number(numberOf(counts).exact.part));
}

/** Whether calls have a cost, and none of it is known. */
export function isCostUnknown(counts: CallCounts): boolean {
	return isCostPart(counts) && Number(costOf(counts)) === 0;
}

/** In the currency of most calls, exact, as text. */
function costOf({ costs }: CallCounts): string {
	return costs[0]?.cost ?? '0';
}

function isCostPart({ unbilled, unreadable }: CallCounts): boolean {
	return unbilled + unreadable > 0;
}

function wholeValue(number: number): Value {
	return { exact: { part: BigInt(number), whole: 1n }, isPart: false };
}

/** No currency tells how much another one is: an alarm is over, or a cost is low, only where each of them is. */
function costValue(counts: CallCounts): Value {
	const exact = fractionOf(costOf(counts));
	const most = largestOf(counts.costs.map(({ cost }) => fractionOf(cost)));
	return { exact, isPart: isCostPart(counts), ...(most && { most }) };
}

function explainAnswers({ answered, failed, calls }: CallCounts, period: string): string {
	const voicemails = calls - answered - failed;
	const others = voicemails > 0 ? `, to voicemail: ${numberText(voicemails)}` : '';
	return `Answered: ${numberText(answered)} of ${callsText(answered + failed)}${period}${others}`;
}

function explainFailures({ failed, calls }: CallCounts, period: string): string {
	return `Failed: ${numberText(failed)} of ${callsText(calls)}${period}`;
}

function explainCost({ calls, costs, unbilled, unreadable }: CallCounts, period: string): string {
	const others = costs.slice(1).map(({ currency, cost }) => `${amountText(cost)} ${currency}`);
	return [
		`Calls${period}: ${numberText(calls)}`,
		unbilled > 0 && `not billed yet: ${numberText(unbilled)}`,
		unreadable > 0 && `with a cost that is not a number: ${numberText(unreadable)}`,
		others.length > 0 && `in other currencies: ${listText(others, MAX_CURRENCIES_IN_TEXT)}`,
	]
		.filter((part) => part !== false)
		.join(', ');
}

function callsText(calls: number): string {
	return quantityText(calls, 'call');
}
