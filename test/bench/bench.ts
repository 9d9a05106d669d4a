/* eslint-disable no-console, @n8n/community-nodes/no-restricted-imports, @n8n/community-nodes/no-restricted-globals, @n8n/community-nodes/no-dangerous-functions -- for shipped code, not for tests */
import { fork, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

import Table from 'cli-table3';

import { seededDataset } from '../simulator/dataset';
import { startSimulator, type Fault, type Simulator } from '../simulator/simulator';
import type { BenchCase, BenchResult } from './cases';
import { HOUR_MS } from '../support/times';

/** One case and its figures, of the run with the middle time. */
export interface Measured extends BenchResult {
	benchCase: BenchCase;
	requests: number;
	/** Requests that were rejected as one too many. */
	rejections: number;
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
	const results = new Map<BenchCase, Measured[]>(cases.map((benchCase) => [benchCase, []]));
	try {
		for (let run = 1; run <= runs; run++) {
			for (const benchCase of cases) {
				process.stderr.write(`Run ${run} of ${runs}: ${describe(benchCase)} ... `);
				const measured = await measure(benchCase, folder, heapMegabytes);
				results.get(benchCase)!.push(measured);
				process.stderr.write(`${measured.seconds.toFixed(2)} s\n`);
			}
		}
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
	const { head, rows: lines } = rows([...results.values()].map(median));
	const table = new Table({ head, style: { head: [], border: [], compact: true } });
	table.push(...lines);
	console.log(table.toString());
}

function describe({ name, width, records, latencyMs, rttMs = 0 }: BenchCase): string {
	return `${name}, ${width} in flight, ${records} records, ${latencyMs} ms, round trip ${rttMs} ms`;
}

async function measure(benchCase: BenchCase, folder: string, heapMegabytes?: number): Promise<Measured> {
	const { records, latencyMs, rttMs, maxInFlight = Infinity, hasBurst, compresses = false } = benchCase;
	const now = Date.now();
	const simulator = await startSimulator({
		dataset: seededDataset({ count: records, from: now - 30 * 24 * HOUR_MS, to: now - HOUR_MS }),
		behaviour: { latencyMs, maxInFlight, compresses, log: records <= 10_000 },
		tls: rttMs !== undefined,
		rttMs,
	});
	const burst = hasBurst && setInterval(() => rejectFive(simulator, records, () => clearInterval(burst)), 1);
	try {
		const certificate = join(folder, 'certificate.pem');
		await writeFile(certificate, simulator.certificate ?? '');
		const result = await runInChild(benchCase, simulator.url, {
			folder,
			certificate,
			heapMegabytes: benchCase.heapMegabytes ?? heapMegabytes,
		});
		const statuses = simulator.requests.map(({ status }) => status);
		// The request that warms a process up is not counted.
		const requests = Math.max(0, statuses.length - 1);
		return { ...result, benchCase, requests, rejections: statuses.filter((one) => one === '-15').length };
	} finally {
		clearInterval(burst);
		await simulator.stop();
	}
}

/** After the request that warms up and the first page; fewer than five where fewer pages follow, which could not all be in flight. */
function rejectFive(simulator: Simulator, records: number, done: () => void): void {
	if (simulator.requests.filter(({ status }) => status === '0').length < 2) return;
	done();
	const count = Math.min(5, Math.ceil(records / 100) - 1);
	simulator.failNext(...Array<Fault>(count).fill({ kind: 'status', status: '-15' }));
}

interface ChildOptions {
	folder: string;
	/** File with the certificate to trust. */
	certificate: string;
	heapMegabytes?: number;
}

async function runInChild(
	benchCase: BenchCase,
	url: string,
	{ folder, certificate, heapMegabytes }: ChildOptions,
): Promise<BenchResult> {
	const limits = heapMegabytes ? [`--max-old-space-size=${heapMegabytes}`] : [];
	return await new Promise((resolve, reject) => {
		child = fork(join(__dirname, 'cases.ts'), {
			execArgv: [...process.execArgv, ...limits],
			env: { ...process.env, N8N_BINARY_DATA_STORAGE_PATH: folder, NODE_EXTRA_CA_CERTS: certificate },
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
