import type { INodeExecutionData } from 'n8n-workflow';
import type { WireRecord } from '../../../api/types';
import { readBoolean, readChoice, readWholeNumber } from '../../../records/parameters';
import { readGroupBy } from '../../../reports/groupBy';
import { SORTS, Summary, type SummaryOptions } from '../../../reports/summary';
import { addHint } from '../../addHint';
import type { OperationRun } from '../../operationRun';
import { readOptions } from '../../readOptions';
import { startReading } from '../startReading';
import { readComparison, readEarlier } from './readEarlier';

const DEFAULT_SHORT_CALL_SECONDS = 6;

/** The figures of a time range, one item per group. No record is in memory for longer than its page. */
export async function summarizeRecords(run: OperationRun): Promise<INodeExecutionData[]> {
	const options = readSummaryOptions(run);
	const comparison = readComparison(run, 'nothing');
	const { query, batches } = await startReading(run);
	const summary = new Summary(options, query.range, query.zone);
	await addAll(summary, batches);
	if (comparison !== 'nothing') {
		const reading = readEarlier(run, query, comparison);
		const earlier = reading && summary.createEarlier(reading.toLater);
		if (earlier) await addAll(earlier, reading.batches);
		summary.compareWith(earlier);
	}
	const rows = summary.rows();
	for (const hint of summary.hints()) addHint(run.context, hint);
	return rows.map((json) => ({ json }));
}

async function addAll(summary: Summary, batches: AsyncGenerator<WireRecord[]>): Promise<void> {
	for await (const records of batches) {
		for (const record of records) summary.add(record);
	}
}

function readSummaryOptions(run: OperationRun): SummaryOptions {
	const { context, itemIndex } = run;
	const options = readOptions(run);
	const { includeDetails = false, maxGroups = 0, sortBy = 'keys' } = options;
	return {
		groupBy: readGroupBy(context.getNodeParameter('groupBy', itemIndex, [])),
		includeDetails: readBoolean(includeDetails, 'Include Details'),
		maxGroups: readWholeNumber(maxGroups, 'Max Groups', { min: 0 }),
		shortCallSeconds: readShortCallSeconds(options),
		sortBy: readChoice(sortBy, 'Sort By', SORTS),
	};
}

export function readShortCallSeconds({ shortCallSeconds }: Record<string, unknown>): number {
	const seconds = shortCallSeconds ?? DEFAULT_SHORT_CALL_SECONDS;
	return readWholeNumber(seconds, 'Short Call (Seconds)', { min: 0 });
}
