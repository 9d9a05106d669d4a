/* eslint-disable no-console, @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import process from 'node:process';
import { parseArgs } from 'node:util';

import { findPackages } from '../e2e/support/install';
import { printAlarmDays, printThousandCountries } from './alarms';
import { runSuite, stopMeasuring, type Measured, type Suite } from './bench';
import type { BenchCase } from './cases';
import { campaignSuite } from './campaign';
import { outputSuite } from './output';
import { DAY_MS } from '../support/times';

const {
	values: { records: quick, help },
	positionals: [wanted],
} = parseArgs({
	allowPositionals: true,
	options: { records: { type: 'string' }, help: { type: 'boolean' } },
});
const USAGE = `npm run bench                       all tables, in about half an hour
npm run bench -- query              reading, near and far
npm run bench -- report             summaries and files
npm run bench -- output             CPU time and memory of a record, and many input items
npm run bench -- campaign           a campaign of 100,000 input items
npm run bench -- alarms             alarms that are polled each minute of a day
npm run bench -- query --records N  each case once, with N records, input items or calls an hour
`;
const LARGEST_SIZE = 1_000_000;
/** Records to read; with `--records`, each case runs once with so many. */
const SIZES = quick ? [Number(quick)] : [10_000, 100_000, LARGEST_SIZE];
/** Linear time is as much for each record with fewer as with more. */
const MIDDLE_SIZE = SIZES[Math.floor(SIZES.length / 2)];
const QUERY_RUNS = quick ? 1 : 3;

const KEEPS_NOTHING = { filters: { terminationCode: '999' } };
/** Milliseconds of a round trip: on the same machine, in the same country, across a continent, around the world. */
const DISTANCES = [0, 50, 100, 250];
const FAR_MS = 100;
const KEPT_ALIVE = 'undici, connections kept alive';
const NODE = 'Query Voice Records';
const FETCH = 'fetch and drop';

/** Reading the smallest number of records near and far, and where the service limits requests; each beside its peers. */
const querySuite: Suite = {
	runs: QUERY_RUNS,
	cases: [
		...DISTANCES.flatMap((rttMs) => [
			queryCase('undici, one after another (sample of the vendor)', 1, { rttMs }),
			queryCase(KEPT_ALIVE, 5, { rttMs }),
			queryCase(KEPT_ALIVE, 20, { rttMs }),
			queryCase(NODE, 20, { rttMs, node: {} }),
			queryCase(`${NODE}, answers compressed`, 20, { rttMs, node: {}, compresses: true }),
			queryCase(`${NODE}, a filter keeps none`, 20, { rttMs, node: KEEPS_NOTHING }),
			...(findPackages() ? [queryCase('HTTP Request and Split Out', 1, { rttMs, node: 'httpRequest' })] : []),
		]),
		queryCase('undici, a new connection each time', 8, { rttMs: FAR_MS, isReconnecting: true }),
		queryCase(`${NODE}, more than 8 at once are rejected`, 20, { rttMs: FAR_MS, node: {}, maxInFlight: 8 }),
		queryCase(`${NODE}, five are rejected`, 20, { rttMs: FAR_MS, node: {}, hasBurst: true }),
	],
	rows(results) {
		const floorOf = (rttMs?: number) =>
			results.find(({ benchCase: other }) => other.name === KEPT_ALIVE && other.rttMs === rttMs)?.seconds ??
			NaN;
		return {
			head: [
				'',
				'round trip',
				'at most',
				'seconds',
				'records/s',
				'items',
				'requests',
				'rejected',
				'peak MB',
				'of undici with 5',
			],
			rows: results.map(({ benchCase: { name, rttMs, width, records }, seconds, ...figures }) => [
				name,
				`${rttMs} ms`,
				width,
				seconds.toFixed(2),
				Math.round(records / seconds),
				figures.items,
				figures.requests,
				figures.rejections,
				Math.round(figures.peakMegabytes),
				(seconds / floorOf(rttMs)).toFixed(2),
			]),
		};
	},
};

/** n8n's HTTP helper leaves some 12 KB a request. With gigabytes to fill, V8 would leave it all for a long time. */
const REPORT_HEAP_MB = 128;

/** More than with the smallest number of records. */
const MAX_EXTRA_MB = 64;
/** With the largest number of records: what a report does once, such as its calendar, would weigh on a small one. */
const MAX_MICROS = 5;
/** With details, or as a report. */
const MAX_MICROS_IN_DEPTH = 10;

/** A group for each record, in memory. */
const MANY_GROUPS = { maxExtraMegabytes: 400, heapMegabytes: 512 };

/** The simulated calls were made in 30 days: half of the time is compared with the other half. A future end means now. */
const COMPARED_HALVES = {
	timeRange: 'custom',
	startTime: new Date(Date.now() - 15 * DAY_MS).toISOString(),
	endTime: new Date(Date.now() + DAY_MS).toISOString(),
	compareWith: 'previousPeriod',
};

const REPORT_HEAD = [
	'',
	'ms per answer',
	'records',
	'seconds',
	'µs/record',
	'of fetch',
	'CPU µs/record',
	'of CPU limit',
	`of ${inWords(MIDDLE_SIZE)}`,
	'peak MB',
	`MB over ${inWords(SIZES[0])}`,
	'of MB limit',
	'longest pause ms',
];

/** Reports at three sizes, beside a run that fetches the same pages and drops them. */
const reportSuite: Suite = {
	runs: 1,
	heapMegabytes: REPORT_HEAP_MB,
	cases: [0, 20].flatMap((latencyMs) => SIZES.flatMap((records) => reportCases(records, latencyMs))),
	rows(results) {
		const find = (wanted: Partial<BenchCase>): Measured | undefined =>
			results.find(({ benchCase }) =>
				Object.entries(wanted).every(([key, value]) => benchCase[key as keyof BenchCase] === value),
			);
		return {
			head: REPORT_HEAD,
			rows: results.map(({ benchCase, seconds, cpuSeconds, peakMegabytes, longestPauseMs }) => {
				const { name, records, latencyMs, maxMicros, maxExtraMegabytes } = benchCase;
				const microsOf = (measured?: Measured) =>
					measured ? (measured.cpuSeconds / measured.benchCase.records) * 1e6 : NaN;
				const micros = (cpuSeconds / records) * 1e6;
				const smaller = find({ name, records: MIDDLE_SIZE, latencyMs });
				const extraMegabytes =
					peakMegabytes - (find({ name, records: SIZES[0], latencyMs })?.peakMegabytes ?? NaN);
				return [
					name,
					latencyMs,
					records,
					seconds.toFixed(2),
					((seconds / records) * 1e6).toFixed(1),
					(seconds / (find({ name: FETCH, records, latencyMs })?.seconds ?? NaN)).toFixed(2),
					micros.toFixed(1),
					records === LARGEST_SIZE ? shareOf(maxMicros, micros) : '',
					(micros / microsOf(smaller)).toFixed(2),
					Math.round(peakMegabytes),
					Math.round(extraMegabytes),
					shareOf(maxExtraMegabytes, extraMegabytes),
					Math.round(longestPauseMs),
				];
			}),
		};
	},
};

/** All of them with quick answers. How slow answers change them shows in one that counts and one that writes. */
function reportCases(records: number, latencyMs: number): BenchCase[] {
	const reportCase = (name: string, node: BenchCase['node'], limits: Partial<BenchCase> = {}): BenchCase => ({
		name,
		width: 20,
		node,
		records,
		latencyMs,
		...limits,
	});
	const inMemory = { maxExtraMegabytes: MAX_EXTRA_MB };
	const summarize = { operation: 'summarize', groupBy: ['day', 'area'] };
	const areas = { operation: 'summarize', groupBy: ['area'], options: { includeDetails: true } };
	const report = { operation: 'report', ...COMPARED_HALVES };
	return [
		reportCase(FETCH, KEEPS_NOTHING),
		reportCase('Summarize by day and area', summarize, inMemory),
		reportCase('Export to CSV', { operation: 'export', format: 'csv' }),
		...(latencyMs === 0
			? [
					reportCase('Summarize by area, with details', areas, inMemory),
					reportCase('Create Call Report, compared', report, inMemory),
					reportCase('Adding up alone', 'fold', { maxMicros: MAX_MICROS }),
					reportCase('Adding up alone, with details', 'foldDetails', { maxMicros: MAX_MICROS_IN_DEPTH }),
					reportCase('Adding up alone, for a report', 'foldReport', { maxMicros: MAX_MICROS_IN_DEPTH }),
					reportCase('Adding up alone, by called number', 'foldNumbers', MANY_GROUPS),
					reportCase('Adding up alone, by called number, with details', 'foldNumbersDetails', MANY_GROUPS),
				]
			: []),
	];
}

/** Empty where there is no limit. */
function shareOf(limit: number | undefined, figure: number): string {
	return limit === undefined ? '' : (figure / limit).toFixed(2);
}

function inWords(count: number): string {
	return count.toLocaleString('en');
}

function queryCase(name: string, width: number, more: Partial<BenchCase>): BenchCase {
	return { name, width, records: SIZES[0], latencyMs: 50, ...more };
}

/** `npm run bench`: all suites; with a name: one of them. */
async function run(): Promise<void> {
	if (help) return console.log(USAGE);
	console.log(`Node ${process.version}, ${process.platform} ${process.arch}`);
	if (wanted === undefined || wanted === 'query') {
		console.log(
			`\n${inWords(SIZES[0])} records, TLS, 50 ms per answer, middle one of ${QUERY_RUNS} runs, answers not compressed but where it is said`,
		);
		if (!findPackages()) console.log("Without n8n's own nodes: `npm run test:e2e` installs them");
		await runSuite(querySuite);
	}
	if (wanted === undefined || wanted === 'report') {
		console.log(`\nReports, a heap of ${REPORT_HEAP_MB} MB`);
		await runSuite(reportSuite);
	}
	if (wanted === undefined || wanted === 'output') {
		console.log('\nOutput of records, and many input items');
		await runSuite(outputSuite(quick === undefined ? undefined : Number(quick)));
	}
	if (wanted === undefined || wanted === 'campaign') {
		console.log('\nA campaign of many input items');
		await runSuite(campaignSuite(quick === undefined ? undefined : Number(quick)));
	}
	if (wanted === undefined || wanted === 'alarms') {
		console.log('\nAlarms, polled each minute of a day');
		await printThousandCountries();
		await printAlarmDays(quick === undefined ? undefined : Number(quick));
	}
}

process.once('SIGINT', () => {
	stopMeasuring();
	process.exit(130);
});
void run();
