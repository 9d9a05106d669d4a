import type { CallCounts } from './callWindow';

interface Metric {
	displayName: string;
	description: string;
	/** In texts, before "is". */
	noun: string;
	isRate: boolean;
	/** Rates in percent; `null` without calls. */
	valueOf(counts: CallCounts): number | null;
	/**
	 * What the value is made of, e.g. `Failed: 34 of 100 calls that ended in the last hour`.
	 * @param period e.g. `that ended in the last hour`
	 */
	explain(counts: CallCounts, period: string): string;
}

export const METRICS = {
	failureRate: {
		displayName: 'Failure Rate',
		description: 'Percentage of calls that failed',
		noun: 'the failure rate',
		isRate: true,
		valueOf: ({ failures, calls }) => percentage(failures, calls),
		explain: explainFailures,
	},
	answerRate: {
		displayName: 'Answer Rate',
		description: 'Percentage of calls that were answered (ASR)',
		noun: 'the answer rate',
		isRate: true,
		valueOf: ({ asr }) => inPercent(asr),
		explain: ({ failures, calls }, period) => `Answered: ${calls - failures} of ${calls} calls ${period}`,
	},
	networkEffectiveness: {
		displayName: 'Network Effectiveness',
		description: 'Percentage of calls that reached the called party, answered or not (NER)',
		noun: 'the network effectiveness',
		isRate: true,
		valueOf: ({ ner }) => inPercent(ner),
		explain: explainFailures,
	},
	failures: {
		displayName: 'Failures',
		description: 'Number of calls that failed',
		noun: 'the number of failed calls',
		isRate: false,
		valueOf: ({ failures }) => failures,
		explain: explainFailures,
	},
	calls: {
		displayName: 'Calls',
		description: 'Number of calls',
		noun: 'the number of calls',
		isRate: false,
		valueOf: ({ calls }) => calls,
		explain: explainFailures,
	},
	cost: {
		displayName: 'Cost',
		description: 'What the calls cost, as far as they have been billed',
		noun: 'the cost',
		isRate: false,
		valueOf: ({ cost }) => cost,
		explain: ({ calls, unbilledCalls, unreadableCosts }, period) =>
			[
				`Calls ${period}: ${calls}`,
				unbilledCalls > 0 && `not billed yet: ${unbilledCalls}`,
				unreadableCosts > 0 && `with a cost that is not a number: ${unreadableCosts}`,
			]
				.filter((part) => part !== false)
				.join(', '),
	},
	codeShare: {
		displayName: 'Share of a Termination Code',
		description: 'Percentage of calls that ended with a certain termination code',
		noun: 'the share of termination code',
		isRate: true,
		valueOf: ({ callsWithCode, calls }) => percentage(callsWithCode, calls),
		explain: ({ callsWithCode, calls }, period) =>
			`With this code: ${callsWithCode} of ${calls} calls ${period}`,
	},
} satisfies Record<string, Metric>;

export type MetricName = keyof typeof METRICS;

export const METRIC_NAMES = Object.keys(METRICS) as MetricName[];

function explainFailures({ failures, calls }: CallCounts, period: string): string {
	return `Failed: ${failures} of ${calls} calls ${period}`;
}

function percentage(part: number, whole: number): number | null {
	return whole === 0 ? null : inPercent(part / whole);
}

/** To two decimals, as ratios have four. */
function inPercent(ratio: number | null): number | null {
	return ratio === null ? null : Math.round(ratio * 10_000) / 100;
}
