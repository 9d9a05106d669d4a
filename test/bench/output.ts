import type { Measured, Suite } from './bench';
import type { BenchCase } from './cases';

const RECORDS = 200_000;
const READING = 'reading alone';
const LOOKUPS = 100;
const QUERIES = 1000;
/** Calls that a thousand queries of one range find: five pages. */
const CALLS = 499;

/** Microseconds of CPU time. */
const MAX_SIMPLIFY_MICROS = 1.8;
const MAX_CSV_MICROS = 10;
/** Above reading. */
const MAX_SIMPLIFIED_KB = 0.55;
const MAX_THREE_FIELDS_KB = 0.25;

interface OutputCase extends BenchCase {
	maxKilobytes?: number;
}

const near = { width: 20, latencyMs: 0, records: RECORDS };
const step = (name: string, node: BenchCase['node'], limits: Partial<OutputCase> = {}): OutputCase => ({
	...near,
	name,
	node,
	...limits,
});

function casesOf(records: number): OutputCase[] {
	const query = (name: string, node: BenchCase['node'], maxKilobytes?: number): OutputCase => ({
		...near,
		name,
		node,
		records,
		maxKilobytes,
	});
	const threeFields = { options: { fields: ['submitTime', 'calledNumber', 'cost'] } };
	const calledInfo = '=ORDER-{{ $json.index }}*';
	return [
		step('Simplify alone', 'simplify', { maxMicros: MAX_SIMPLIFY_MICROS }),
		step('Three fields alone', 'threeFields'),
		step('CSV of all columns alone', 'csv', { maxMicros: MAX_CSV_MICROS }),
		query(READING, { filters: { terminationCode: '999' } }),
		query('Query, simplified', {}, MAX_SIMPLIFIED_KB),
		query('Query, three fields', threeFields, MAX_THREE_FIELDS_KB),
		{
			...near,
			name: `${LOOKUPS} × Get, 50 ms`,
			records: CALLS,
			latencyMs: 50,
			inputItems: LOOKUPS,
			node: { operation: 'get', voiceId: '={{ $json.voiceId }}' },
		},
		{
			...near,
			name: `${QUERIES} × Query, a filter each`,
			records: CALLS,
			latencyMs: 50,
			inputItems: QUERIES,
			node: { filters: { calledInfo } },
		},
	];
}

/** What the node itself takes: CPU time and memory per record beside reading, and many input items. */
export function outputSuite(quick?: number): Suite {
	return {
		runs: quick === undefined ? 3 : 1,
		cases: casesOf(quick ?? RECORDS),
		rows(results) {
			const reading = results.find(({ benchCase }) => benchCase.name === READING);
			return {
				head: ['', 'records', 'seconds', 'requests', 'CPU µs/record', 'of limit', 'peak MB', 'kB/record over reading', 'of limit'], // prettier-ignore
				rows: results.map((result) => rowOf(result, reading)),
			};
		},
	};
}

function rowOf({ benchCase, ...figures }: Measured, reading?: Measured): Array<string | number> {
	const { name, records, maxMicros, maxKilobytes, inputItems }: OutputCase = benchCase;
	const micros = (figures.cpuSeconds / records) * 1e6;
	const kilobytes = ((figures.peakMegabytes - (reading?.peakMegabytes ?? NaN)) * 1024) / records;
	return [
		name,
		records,
		figures.seconds.toFixed(2),
		figures.requests,
		inputItems ? '' : micros.toFixed(1),
		maxMicros ? (micros / maxMicros).toFixed(2) : '',
		Math.round(figures.peakMegabytes),
		maxKilobytes ? kilobytes.toFixed(2) : '',
		maxKilobytes ? (kilobytes / maxKilobytes).toFixed(2) : '',
	];
}
