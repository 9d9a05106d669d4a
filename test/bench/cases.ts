/* eslint-disable @n8n/community-nodes/no-restricted-imports -- for shipped code, not for tests */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';
import { setImmediate as nextTurn } from 'node:timers/promises';

import type { INodeParameters } from 'n8n-workflow';
import { Pool } from 'undici';

import type { WireRecord } from '../../nodes/Itniotech/api/types';
import type { TimeRange } from '../../nodes/Itniotech/records/calendar';
import type * as Fields from '../../nodes/Itniotech/records/output/fields';
import type * as Lines from '../../nodes/Itniotech/resources/voiceRecord/export/fileLines';
import type * as Reports from '../../nodes/Itniotech/reports/document/callReport';
import type * as Turns from '../../nodes/Itniotech/resources/voiceRecord/reporting/inTurns';
import type * as Summaries from '../../nodes/Itniotech/reports/summary/summary';
import type * as Engine from '../engine/support/engine';

import { seededDataset } from '../simulator/dataset';
import { expectedSign } from '../simulator/signature';
import { wireTime } from '../simulator/records';
import { DEMO_CREDENTIAL } from '../simulator/simulator';
import { atOnce } from '../support/atOnce';
import { baseNode, httpRequestWorkflow } from './httpRequest';

type Fold = 'fold' | 'foldDetails' | 'foldReport' | 'foldNumbers' | 'foldNumbersDetails';
type Step = keyof typeof STEPS;

/** One way to read the records, run in a process of its own so that its peak memory is its own. */
export interface BenchCase {
	name: string;
	/** Requests in flight; of the ITNIO TECH node: at most. */
	width: number;
	/**
	 * Left out: undici alone, without n8n; `fold`: the adding up alone, of records in memory, `foldDetails` with all details,
	 * `foldReport` for a report, `foldNumbers` by called number, each called once; a step: what is done with each record alone, of
	 * records in memory; `httpRequest`: n8n's HTTP Request node with its paging, and Split Out.
	 */
	node?: INodeParameters | Fold | Step | 'httpRequest';
	/** Input items of the node, each with an `index`, a `phone` and the `voiceId` of a record; left out: one, which is empty. */
	inputItems?: number;
	/** The node is executed for the first of them alone. */
	executeOnce?: true;
	/** Calls in the list of the simulator. */
	records: number;
	/** Milliseconds before each answer. */
	latencyMs: number;
	/** Milliseconds of a round trip, with TLS; left out: plain HTTP on loopback. */
	rttMs?: number;
	/** undici opens a connection for each request, as n8n does. */
	isReconnecting?: true;
	/** More requests than this at once are rejected. */
	maxInFlight?: number;
	/** The five requests after the first page are rejected. */
	hasBurst?: true;
	/** Answers are compressed for clients that ask for it: n8n's HTTP helper does, undici does not. */
	compresses?: true;
	/** Limit of CPU time, in microseconds per record. */
	maxMicros?: number;
	/** Limit of memory above that of the smallest number of records. */
	maxExtraMegabytes?: number;
	/** Heap that the process may use, if it is another one than that of the suite. */
	heapMegabytes?: number;
}

export interface BenchResult {
	seconds: number;
	/** CPU time of all threads. Other programs on the machine change it less than the seconds. */
	cpuSeconds: number;
	/** Output items. */
	items: number;
	peakMegabytes: number;
	/** In which the process did nothing else. */
	longestPauseMs: number;
}

const PAGE_SIZE = 100;
const RANGE_MS = 31 * 86_400_000;
const ZONE = 'Asia/Singapore';

/** Runs in the child process: measures one case and sends the result to the parent. */
async function runCase(benchCase: BenchCase, url: string): Promise<BenchResult> {
	const read = await readerOf(benchCase, url);
	const startedAt = performance.now();
	const cpuAtStart = process.cpuUsage();
	const delays = monitorEventLoopDelay({ resolution: 5 });
	delays.enable();
	const items = await read();
	const seconds = (performance.now() - startedAt) / 1000;
	const { user, system } = process.cpuUsage(cpuAtStart);
	const cpuSeconds = (user + system) / 1e6;
	const peakMegabytes = process.resourceUsage().maxRSS / 1024;
	return { seconds, cpuSeconds, items, peakMegabytes, longestPauseMs: delays.max / 1e6 };
}

async function readerOf(benchCase: BenchCase, url: string): Promise<() => Promise<number>> {
	const { node, records } = benchCase;
	if (node === 'foldNumbers' || node === 'foldNumbersDetails') {
		return foldNumbers(records, node === 'foldNumbersDetails');
	}
	if (node === 'fold' || node === 'foldDetails' || node === 'foldReport') return fold(records, node);
	if (node === 'httpRequest') return await httpRequestReader(url);
	if (typeof node === 'string') return convert(records, STEPS[node]());
	return node ? await nodeReader(node, url, benchCase) : await undiciReader(url, benchCase);
}

/** The built node in n8n's engine, loaded and run once for one record before the clock starts. */
async function nodeReader(
	parameters: INodeParameters,
	url: string,
	{ inputItems = 0, executeOnce }: BenchCase,
): Promise<() => Promise<number>> {
	// Only here, so that undici alone is measured without n8n in memory; `import()` would load n8n a second time as ESM.
	// eslint-disable-next-line @typescript-eslint/no-require-imports -- for shipped code, not for tests
	const { runWorkflow, storeFilesOnDisk, workflowOf } = require('../engine/support/engine') as typeof Engine;
	await storeFilesOnDisk();
	const credential = { ...DEMO_CREDENTIAL, baseUrl: url };
	const base = { resource: 'voiceRecord', operation: 'query', timeRange: 'last31Days' };
	const known = await runWorkflow(workflowOf({ ...base, limit: inputItems > 0 ? PAGE_SIZE : 1 }), {
		credential,
	});
	const idAt = (index: number) => known.items[index % known.items.length].json.voiceId;
	const input = Array.from({ length: inputItems }, (_, index) => ({
		index,
		phone: String(15_550_000_000 + index),
		voiceId: idAt(index),
	}));
	return async () => {
		const workflow = workflowOf({ ...base, returnAll: true, ...parameters }, { executeOnce });
		const { items, error } = await runWorkflow(workflow, {
			credential,
			...(inputItems > 0 && { input }),
		});
		if (error) throw new Error(error.message);
		return items.length;
	};
}

/** n8n's own nodes in the same engine, as a user would combine them. They sign with the built credential. */
async function httpRequestReader(url: string): Promise<() => Promise<number>> {
	// eslint-disable-next-line @typescript-eslint/no-require-imports -- for shipped code, not for tests
	const { runWorkflow } = require('../engine/support/engine') as typeof Engine;
	const now = Date.now();
	const range = { strTime: wireTime(now - RANGE_MS), endTime: wireTime(now) };
	const options = { credential: { ...DEMO_CREDENTIAL, baseUrl: url }, standIns: baseNode };
	const read = async (maxPages?: number) =>
		await runWorkflow(httpRequestWorkflow(url, range, maxPages), options);
	await read(1);
	return async () => {
		const { items, error } = await read();
		if (error) throw new Error(error.message);
		return items.length;
	};
}

/** What is done with each record, as the node does it. */
const STEPS = {
	simplify: () => outputOf(undefined),
	threeFields: () => outputOf(['submitTime', 'calledNumber', 'cost']),
	csv: () => {
		const { createLines }: typeof Lines =
			// eslint-disable-next-line @typescript-eslint/no-require-imports -- for shipped code, not for tests
			require('../../nodes/Itniotech/resources/voiceRecord/export/fileLines');
		return createLines({
			format: 'csv',
			delimiter: ',',
			hasByteOrderMark: false,
			escapesFormulas: true,
			zone: ZONE,
		});
	},
};

function outputOf(fields: Fields.FieldName[] | undefined) {
	// eslint-disable-next-line @typescript-eslint/no-require-imports -- for shipped code, not for tests
	const { createOutput } = require('../../nodes/Itniotech/records/output/fields') as typeof Fields;
	return createOutput(true, fields, ZONE);
}

/** Converts the same ten thousand records, as they come out of a response, until there were as many as wanted. */
function convert(count: number, step: (record: WireRecord) => unknown): () => Promise<number> {
	const toMs = Date.now();
	const dataset = seededDataset({ count: 10_000, from: toMs - RANGE_MS, to: toMs });
	const records = JSON.parse(
		JSON.stringify(dataset.slice({ fromMs: 0, toMs, order: 'newestFirst' }, 0, 10_000)),
	) as WireRecord[];
	for (const record of records) step(record);
	return async () => {
		let converted = 0;
		while (converted < count) {
			for (const record of records) if (step(record)) converted++;
		}
		return converted;
	};
}

/**
 * Adds the same ten thousand records up until there were as many as wanted: by day and area, or for a report. They are
 * added up once before the clock starts, so that a small number is not the time that V8 takes to compile.
 */
function fold(count: number, kind: Fold): () => Promise<number> {
	const { records, range } = tenThousand();
	const newAdder = () =>
		kind === 'foldReport' ? newReport(range) : newDayAdder(range, kind === 'foldDetails');
	const warmUp = newAdder();
	for (const record of records) warmUp.add(record);
	const { add, rows } = newAdder();
	return async () => {
		for (let added = 0; added < count; added += records.length) {
			for (const record of records) add(record);
		}
		return rows().length;
	};
}

/** A group for each record, page by page as they are read; ten of them are output. */
function foldNumbers(count: number, includeDetails: boolean): () => Promise<number> {
	// eslint-disable-next-line @typescript-eslint/no-require-imports -- for shipped code, not for tests
	const turns = require('../../nodes/Itniotech/resources/voiceRecord/reporting/inTurns') as typeof Turns;
	const { records, range } = tenThousand();
	const summary = newSummary(range, {
		groupBy: ['calledNumber'],
		sortBy: 'failed',
		maxGroups: 10,
		includeDetails,
	});
	return async () => {
		for (let added = 0; added < count; added++) {
			summary.add({ ...records[added % records.length], callee: `${15_550_000_000 + added}` });
			if (added % PAGE_SIZE === 0) await nextTurn();
		}
		return (await turns.inTurns(summary.rows())).length;
	};
}

interface Adder {
	add(record: WireRecord): unknown;
	rows(): unknown[];
}

function newSummary(range: TimeRange, options: Partial<Summaries.SummaryOptions>): Summaries.Summary {
	// eslint-disable-next-line @typescript-eslint/no-require-imports -- for shipped code, not for tests
	const { Summary } = require('../../nodes/Itniotech/reports/summary/summary') as typeof Summaries;
	return new Summary(
		{ groupBy: [], sortBy: 'keys', maxGroups: 0, shortCallSeconds: 6, includeDetails: false, ...options },
		range,
		ZONE,
	);
}

function newDayAdder(range: TimeRange, includeDetails: boolean): Adder {
	const summary = newSummary(range, { groupBy: ['day', 'area'], includeDetails });
	return { add: (record) => summary.add(record), rows: () => atOnce(summary.rows()) };
}

/** Records of the last 30 days, in memory. */
function tenThousand(): { records: WireRecord[]; range: TimeRange } {
	const toMs = Date.now();
	const dataset = seededDataset({ count: 10_000, from: toMs - 30 * 86_400_000, to: toMs });
	const records = dataset
		.slice({ fromMs: 0, toMs, order: 'newestFirst' }, 0, 10_000)
		.map((record) => ({ ...record }));
	return { records, range: { fromS: Math.floor((toMs - RANGE_MS) / 1000), toS: Math.floor(toMs / 1000) } };
}

function newReport(range: TimeRange): Adder {
	// eslint-disable-next-line @typescript-eslint/no-require-imports -- for shipped code, not for tests
	const { CallReport } = require('../../nodes/Itniotech/reports/document/callReport') as typeof Reports;
	const report = new CallReport(range, ZONE, { shortCallSeconds: 6 });
	return { add: (record) => report.add(record), rows: () => [report.row()] };
}

/**
 * With one connection the way of the vendor's sample, one page after another; with more, the floor. Warmed up by one
 * request too.
 */
async function undiciReader(
	url: string,
	{ width: connections, isReconnecting }: BenchCase,
): Promise<() => Promise<number>> {
	const pool = new Pool(url, { connections });
	const now = Date.now();
	const params = { strTime: wireTime(now - RANGE_MS), endTime: wireTime(now) };
	const kept: unknown[][] = [];
	const readPage = async (current: number) => {
		const timestamp = String(Math.floor(Date.now() / 1000));
		const { body } = await pool.request({
			method: 'POST',
			path: '/voice/recordGroupQuery',
			reset: isReconnecting,
			headers: {
				'Content-Type': 'application/json;charset=UTF-8',
				'Api-Key': DEMO_CREDENTIAL.apiKey,
				Timestamp: timestamp,
				Sign: expectedSign(DEMO_CREDENTIAL, timestamp),
			},
			body: JSON.stringify({ current, size: PAGE_SIZE, params }),
		});
		const { data } = (await body.json()) as { data: { pages: number; records: unknown[] } };
		kept[current] = data.records;
		return data.pages;
	};
	await readPage(1);
	return async () => {
		const pages = await readPage(1);
		let next = 2;
		const readOn = async () => {
			while (next <= pages) await readPage(next++);
		};
		await Promise.all(Array.from({ length: connections }, readOn));
		await pool.close();
		return kept.flat().length;
	};
}

if (process.send) {
	process.once('message', ({ benchCase, url }: { benchCase: BenchCase; url: string }) => {
		void runCase(benchCase, url).then((result) => process.send!(result, () => process.exit(0)));
	});
}
