/* eslint-disable no-console, @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import process from 'node:process';
import { parseArgs } from 'node:util';

import type { INodeParameters } from 'n8n-workflow';

import { runSuite, stopMeasuring, type Measured, type Suite } from './bench';
import type { BenchCase } from './cases';

const {
	values: { records: quick },
	positionals: [wanted],
} = parseArgs({ allowPositionals: true, options: { records: { type: 'string' } } });
/** Records to read; with `--records`, each case runs once with so many. */
const SIZES = quick ? [Number(quick)] : [10_000, 100_000, 1_000_000];
const QUERY_RUNS = quick ? 1 : 3;

const SEQUENTIAL = 'vendor sample: undici, one after another';
const KEEPS_NOTHING = { filters: { terminationCode: 'none' } };

/** Reading the smallest number of records, beside the vendor's way and the floor. */
const querySuite: Suite = {
	runs: QUERY_RUNS,
	cases: [
		queryCase(SEQUENTIAL, 1),
		queryCase('floor: undici', 5),
		queryCase('floor: undici', 8),
		queryCase('Query Voice Records', 1, {}),
		queryCase('Query Voice Records', 5, {}),
		queryCase('Query Voice Records', 8, {}),
		queryCase('Query Voice Records, a filter keeps none', 5, KEEPS_NOTHING),
	],
	rows(results) {
		const secondsOf = (isWanted: (benchCase: BenchCase) => boolean) =>
			results.find(({ benchCase }) => isWanted(benchCase))?.seconds ?? NaN;
		const sequential = secondsOf(({ name }) => name === SEQUENTIAL);
		return {
			head: [
				'',
				'in flight',
				'seconds',
				'records/s',
				'items',
				'requests',
				'peak MB',
				'times as fast',
				'of floor',
			],
			rows: results.map(
				({ benchCase: { name, width, records, node }, seconds, items, requests, peakMegabytes }) => [
					name,
					width,
					seconds.toFixed(2),
					Math.round(records / seconds),
					items,
					requests,
					Math.round(peakMegabytes),
					(sequential / seconds).toFixed(2),
					node ? (seconds / secondsOf((other) => !other.node && other.width === width)).toFixed(2) : '',
				],
			),
		};
	},
};

/** n8n's HTTP helper leaves some 12 KB a request. With gigabytes to fill, V8 would leave it all for a long time. */
const REPORT_HEAP_MB = 128;

/** Reports at three sizes, beside a run that fetches the same pages and drops them. */
const reportSuite: Suite = {
	runs: 1,
	heapMegabytes: REPORT_HEAP_MB,
	cases: [0, 20].flatMap((latencyMs) =>
		SIZES.flatMap((records) => [
			reportCase('fetch and drop', records, latencyMs, KEEPS_NOTHING),
			reportCase('Summarize by day and area', records, latencyMs, {
				operation: 'summarize',
				groupBy: ['day', 'area'],
			}),
			reportCase('Export to CSV', records, latencyMs, { operation: 'export', format: 'csv' }),
			...(latencyMs === 0 ? [reportCase('Adding up alone', records, latencyMs, 'fold')] : []),
		]),
	),
	rows(results) {
		const find = (wanted: Partial<BenchCase>): Measured | undefined =>
			results.find(({ benchCase }) =>
				Object.entries(wanted).every(([key, value]) => benchCase[key as keyof BenchCase] === value),
			);
		return {
			head: [
				'',
				'ms per answer',
				'records',
				'seconds',
				'µs/record',
				'of fetch',
				'peak MB',
				`MB over ${inWords(SIZES[0])}`,
			],
			rows: results.map(({ benchCase: { name, records, latencyMs }, seconds, peakMegabytes }) => [
				name,
				latencyMs,
				records,
				seconds.toFixed(2),
				((seconds / records) * 1e6).toFixed(1),
				(seconds / (find({ name: 'fetch and drop', records, latencyMs })?.seconds ?? NaN)).toFixed(2),
				Math.round(peakMegabytes),
				Math.round(peakMegabytes - (find({ name, records: SIZES[0], latencyMs })?.peakMegabytes ?? NaN)),
			]),
		};
	},
};

function queryCase(name: string, width: number, node?: INodeParameters): BenchCase {
	const parameters = node && { ...node, options: { maxConcurrentRequests: width } };
	return { name, width, node: parameters, records: SIZES[0], latencyMs: 50 };
}

function reportCase(name: string, records: number, latencyMs: number, node: BenchCase['node']): BenchCase {
	return { name, width: 5, node, records, latencyMs };
}

const inWords = (count: number) => count.toLocaleString('en');

/** `npm run bench`: both suites; `npm run bench -- query` or `-- report`: one of them. */
async function run(): Promise<void> {
	console.log(`Node ${process.version}, ${process.platform} ${process.arch}`);
	if (wanted !== 'report') {
		console.log(`\n${inWords(SIZES[0])} records, 50 ms per answer, middle one of ${QUERY_RUNS} runs`);
		await runSuite(querySuite);
	}
	if (wanted !== 'query') {
		console.log(`\nReports, 5 requests in flight, a heap of ${REPORT_HEAP_MB} MB`);
		await runSuite(reportSuite);
	}
}

process.once('SIGINT', () => {
	stopMeasuring();
	process.exit(130);
});
void run();
