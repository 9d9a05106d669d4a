/* eslint-disable no-console, @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-dangerous-functions -- a command, not shipped */
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import process from 'node:process';

import Table from 'cli-table3';

import { seededDataset } from '../simulator/dataset';
import { startSimulator } from '../simulator/simulator';
import type { BenchCase, BenchResult } from './cases';

const RECORDS = 10_000;
const LATENCY_MS = 50;
const RUNS = 3;
const HOUR_MS = 3_600_000;

const query = (width: number, more = {}) => ({ options: { maxConcurrentRequests: width }, ...more });
const SEQUENTIAL = 'vendor sample: undici, one after another';
const CASES: BenchCase[] = [
	{ name: SEQUENTIAL, width: 1 },
	{ name: 'floor: undici', width: 5 },
	{ name: 'floor: undici', width: 8 },
	{ name: 'node in n8n’s engine', width: 1, node: query(1) },
	{ name: 'node in n8n’s engine', width: 5, node: query(5) },
	{ name: 'node in n8n’s engine', width: 8, node: query(8) },
	{ name: 'node, filter keeps nothing', width: 5, node: query(5, { filters: { terminationCode: 'none' } }) },
];

interface Measured extends BenchResult {
	requests: number;
}

let child: ChildProcess | undefined;

async function bench(): Promise<void> {
	const now = Date.now();
	const dataset = seededDataset({ count: RECORDS, from: now - 30 * 24 * HOUR_MS, to: now - HOUR_MS });
	const simulator = await startSimulator({ dataset, behaviour: { latencyMs: LATENCY_MS } });
	try {
		const results = new Map<BenchCase, Measured[]>(CASES.map((benchCase) => [benchCase, []]));
		for (let run = 1; run <= RUNS; run++) {
			for (const benchCase of CASES) {
				process.stderr.write(`Run ${run} of ${RUNS}: ${benchCase.name}, ${benchCase.width} in flight ... `);
				simulator.resetStats();
				const result = await runInChild(benchCase, simulator.url);
				// The request that warms a process up is not counted.
				const requests = simulator.requests.length - 1;
				results.get(benchCase)!.push({ ...result, requests });
				process.stderr.write(`${result.seconds.toFixed(2)} s\n`);
			}
		}
		printTable(new Map([...results].map(([benchCase, runs]) => [benchCase, median(runs)])));
	} finally {
		await simulator.stop();
	}
}

async function runInChild(benchCase: BenchCase, url: string): Promise<BenchResult> {
	return await new Promise((resolve, reject) => {
		child = fork(join(__dirname, 'cases.ts'), { execArgv: process.execArgv });
		child.once('message', (result) => resolve(result as BenchResult));
		child.once('exit', (code) => reject(new Error(`"${benchCase.name}" ended with code ${code}`)));
		child.send({ benchCase, url });
	});
}

function median(runs: Measured[]): Measured {
	return [...runs].sort((a, b) => a.seconds - b.seconds)[Math.floor(runs.length / 2)];
}

function printTable(results: Map<BenchCase, Measured>): void {
	const secondsOf = (isWanted: (benchCase: BenchCase) => boolean) =>
		[...results].find(([benchCase]) => isWanted(benchCase))?.[1].seconds ?? NaN;
	const sequential = secondsOf(({ name }) => name === SEQUENTIAL);
	const table = new Table({
		head: [
			'',
			'in flight',
			'seconds',
			'records/s',
			'kept',
			'requests',
			'peak MB',
			'times as fast as sample',
			'of floor',
		],
		style: { head: [], border: [], compact: true },
	});
	for (const [{ name, width, node }, { seconds, records, requests, peakMegabytes }] of results) {
		const floor = secondsOf((other) => !other.node && other.width === width);
		table.push([
			name,
			width,
			seconds.toFixed(2),
			Math.round(RECORDS / seconds),
			records,
			requests,
			Math.round(peakMegabytes),
			(sequential / seconds).toFixed(2),
			node ? (seconds / floor).toFixed(2) : '',
		]);
	}
	console.log(
		`\n${RECORDS} records, ${LATENCY_MS} ms per answer, median of ${RUNS} runs, Node ${process.version}`,
	);
	console.log(table.toString());
}

process.once('SIGINT', () => {
	child?.kill();
	process.exit(130);
});
void bench();
