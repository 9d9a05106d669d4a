import type { CallCounts } from './callWindow';

interface Metric {
	displayName: string;
	description: string;
	/** In texts. */
	noun: string;
	isRate: boolean;
	/** Rates in percent; `null` without calls. */
	valueOf(counts: CallCounts): number | null;
	/** What the value is made of, e.g. `34 of 100 calls failed`. */
	explain(counts: CallCounts): string;
}

export const METRICS = {
	failureRate: {
		displayName: 'Failure Rate',
		description: 'Percentage of calls that failed',
		noun: 'failure rate',
		isRate: true,
		valueOf: ({ failures, calls }) => percentage(failures, calls),
		explain: explainFailures,
	},
	answerRate: {
		displayName: 'Answer Rate',
		description: 'Percentage of calls that were answered (ASR)',
		noun: 'answer rate',
		isRate: true,
		valueOf: ({ asr }) => inPercent(asr),
		explain: ({ failures, calls }) => `${calls - failures} of ${calls} calls were answered`,
	},
	networkEffectiveness: {
		displayName: 'Network Effectiveness',
		description: 'Percentage of calls that reached the called party, answered or not (NER)',
		noun: 'network effectiveness',
		isRate: true,
		valueOf: ({ ner }) => inPercent(ner),
		explain: explainFailures,
	},
	failures: {
		displayName: 'Failures',
		description: 'Number of calls that failed',
		noun: 'failures',
		isRate: false,
		valueOf: ({ failures }) => failures,
		explain: explainFailures,
	},
	calls: {
		displayName: 'Calls',
		description: 'Number of calls',
		noun: 'calls',
		isRate: false,
		valueOf: ({ calls }) => calls,
		explain: explainFailures,
	},
	cost: {
		displayName: 'Cost',
		description: 'What the calls cost, as far as they have been billed',
		noun: 'cost',
		isRate: false,
		valueOf: ({ cost }) => cost,
		explain: ({ calls, unbilledCalls }) =>
			unbilledCalls > 0 ? `${calls} calls, ${unbilledCalls} of them not billed yet` : `${calls} calls`,
	},
	codeShare: {
		displayName: 'Share of a Termination Code',
		description: 'Percentage of calls that ended with a certain termination code',
		noun: 'share of the termination code',
		isRate: true,
		valueOf: ({ callsWithCode, calls }) => percentage(callsWithCode, calls),
		explain: ({ callsWithCode, calls }) => `${callsWithCode} of ${calls} calls ended with it`,
	},
} satisfies Record<string, Metric>;

export type MetricName = keyof typeof METRICS;

export const METRIC_NAMES = Object.keys(METRICS) as MetricName[];

function explainFailures({ failures, calls }: CallCounts): string {
	return `${failures} of ${calls} calls failed`;
}

function percentage(part: number, whole: number): number | null {
	return whole === 0 ? null : inPercent(part / whole);
}

/** To two decimals, as ratios have four. */
function inPercent(ratio: number | null): number | null {
	return ratio === null ? null : Math.round(ratio * 10_000) / 100;
}
