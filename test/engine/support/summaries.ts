import { parse } from 'csv-parse/sync';
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { seededDataset, type WireRecord } from '../../simulator/dataset';
import { DEMO_CREDENTIAL, startSimulator, type Simulator } from '../../simulator/simulator';
import { useTestClock } from '../../support/testClock';
import { runWorkflow, workflowOf, type RunOptions, type RunResult } from './engine';
import { DAY_MS, NOW_MS } from '../../support/times';

/** A range of two windows, as parameters and in milliseconds. */
export const LONG = {
	timeRange: 'custom',
	startTime: '2026-10-01T00:00:00',
	endTime: '2026-11-20T00:00:00',
};
export const LONG_MS = [Date.parse('2026-10-01T00:00:00+08:00'), Date.parse('2026-11-20T00:00:00+08:00')];
export const LAST_7_DAYS_MS = [NOW_MS - 7 * DAY_MS + 1000, NOW_MS];

type Run = (
	parameters: INodeParameters,
	options?: Partial<RunOptions> & { settings?: object },
) => Promise<RunResult>;

/** All records that the API still has of 31 days, as the node outputs them. */
export async function queryLast31Days(
	credential: RunOptions['credential'],
	parameters: INodeParameters = {},
): Promise<RunResult> {
	return await runWorkflow(
		workflowOf({
			resource: 'voiceRecord',
			operation: 'query',
			timeRange: 'last31Days',
			returnAll: true,
			...parameters,
		}),
		{ credential },
	);
}

/** For each test of the file, a simulator with a thousand calls of the 60 days before `NOW_MS`, and the reports on them. */
export function useReports(): {
	/** The service of the test that runs. */
	simulator(): Simulator;
	/** Any operation. */
	run: Run;
	query: Run;
	summarize: Run;
	exported: Run;
	/** What the API knows of a range in milliseconds, newest first. */
	known(range: number[]): WireRecord[];
} {
	let simulator: Simulator;
	useTestClock(NOW_MS);

	beforeEach(async () => {
		const dataset = seededDataset({ count: 1000, from: NOW_MS - 60 * DAY_MS, to: NOW_MS, seed: 7 });
		simulator = await startSimulator({ dataset });
	});

	afterEach(async () => {
		await simulator.stop();
	});

	const run: Run = async (parameters, { settings, ...options } = {}) =>
		await runWorkflow(workflowOf({ resource: 'voiceRecord', ...parameters }, settings), {
			credential: { ...DEMO_CREDENTIAL, baseUrl: simulator.url },
			timezone: 'Asia/Singapore',
			...options,
		});
	return {
		simulator: () => simulator,
		run,
		query: async (parameters, options) =>
			await run({ operation: 'query', returnAll: true, ...parameters }, options),
		summarize: async (parameters, options) => await run({ operation: 'summarize', ...parameters }, options),
		exported: async (parameters, options) =>
			await run({ operation: 'export', format: 'csv', ...parameters }, options),
		known: ([fromMs, toMs]) => simulator.dataset.slice({ fromMs, toMs, order: 'newestFirst' }, 0, 10_000),
	};
}

/** Text of the file of an item. */
export function contentOf({ binary }: INodeExecutionData, field = 'data'): string {
	return Buffer.from(binary?.[field].data ?? '', 'base64').toString();
}

/** Rows of the CSV file of an item, by their column. */
export function tableOf(item: INodeExecutionData): Array<Record<string, string>> {
	return parse(contentOf(item), { bom: true, columns: true });
}

/** What a run shows above its output, but the range. */
export function hintsOf({ run }: RunResult): string[] {
	return (run.data.resultData.runData['ITNIO TECH'][0].hints ?? [])
		.map(({ message }) => message)
		.filter((message) => !message.startsWith('Time range'));
}

export const idsOf = (rows: Array<{ voiceId?: string }>) => rows.map(({ voiceId }) => voiceId);
