/* eslint-disable no-console, @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-dangerous-functions -- for shipped code, not for tests */
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

import Table from 'cli-table3';

import { seededDataset } from '../simulator/dataset';
import { startSimulator } from '../simulator/simulator';
import type { BenchCase, BenchResult } from './cases';

const HOUR_MS = 3_600_000;

/** One case and its figures, of the run with the middle time. */
export interface Measured extends BenchResult {
	benchCase: BenchCase;
	requests: number;
}

export interface Suite {
	cases: BenchCase[];
	runs: number;
	/** Heap that each process may use; left out: what Node chooses by the memory of the machine. */
	heapMegabytes?: number;
	/** Rows of figures, given as text. */
	rows(results: Measured[]): { head: string[]; rows: Array<Array<string | number>> };
}

let child: ChildProcess | undefined;

/** Runs the cases of a suite side by side, each in a process of its own, and prints one table. */
export async function runSuite({ cases, runs, heapMegabytes, rows }: Suite): Promise<void> {
	const folder = await mkdtemp(join(tmpdir(), 'itniotech-bench-'));
	const simulator = await startSimulator({ behaviour: { log: false } });
	let requests = 0;
	const results = new Map<BenchCase, Measured[]>(cases.map((benchCase) => [benchCase, []]));
	try {
		for (let run = 1; run <= runs; run++) {
			for (const benchCase of cases) {
				const { name, width, records, latencyMs } = benchCase;
				process.stderr.write(
					`Run ${run} of ${runs}: ${name}, ${width} in flight, ${records} records, ${latencyMs} ms ... `,
				);
				const now = Date.now();
				simulator.dataset = seededDataset({
					count: records,
					from: now - 30 * 24 * HOUR_MS,
					to: now - HOUR_MS,
				});
				simulator.behaviour.latencyMs = latencyMs;
				simulator.behaviour.log = records <= 10_000;
				simulator.resetStats();
				const result = await runInChild(benchCase, simulator.url, folder, heapMegabytes);
				// The request that warms a process up is not counted.
				requests = Math.max(0, simulator.requests.length - 1);
				results.get(benchCase)!.push({ ...result, benchCase, requests });
				process.stderr.write(`${result.seconds.toFixed(2)} s\n`);
			}
		}
	} finally {
		await simulator.stop();
		await rm(folder, { recursive: true, force: true });
	}
	const { head, rows: lines } = rows([...results.values()].map(median));
	const table = new Table({ head, style: { head: [], border: [], compact: true } });
	table.push(...lines);
	console.log(table.toString());
}

async function runInChild(
	benchCase: BenchCase,
	url: string,
	folder: string,
	heapMegabytes?: number,
): Promise<BenchResult> {
	const limits = heapMegabytes ? [`--max-old-space-size=${heapMegabytes}`] : [];
	return await new Promise((resolve, reject) => {
		child = fork(join(__dirname, 'cases.ts'), {
			execArgv: [...process.execArgv, ...limits],
			env: { ...process.env, N8N_BINARY_DATA_STORAGE_PATH: folder },
		});
		child.once('message', (result) => resolve(result as BenchResult));
		child.once('exit', (code) => reject(new Error(`"${benchCase.name}" ended with code ${code}`)));
		child.send({ benchCase, url });
	});
}

function median(runs: Measured[]): Measured {
	return [...runs].sort((a, b) => a.seconds - b.seconds)[Math.floor(runs.length / 2)];
}

/** Ends the process that is measuring. */
export function stopMeasuring(): void {
	child?.kill();
}
