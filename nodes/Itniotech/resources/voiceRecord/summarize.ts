import type { INodeExecutionData } from 'n8n-workflow';
import { readBoolean, readChoice, readWholeNumber } from '../../records/parameters';
import { readGroupBy } from '../../reports/groupBy';
import { SORTS, Summary, type SummaryOptions } from '../../reports/summary';
import { addHint } from '../addHint';
import type { OperationRun } from '../operationRun';
import { readOptions } from '../readOptions';
import { startReading } from './startReading';

const DEFAULT_SHORT_CALL_SECONDS = 6;

/** The figures of a time range, one item per group. No record is in memory for longer than its page. */
export async function summarizeRecords(run: OperationRun): Promise<INodeExecutionData[]> {
	const options = readSummaryOptions(run);
	const { query, batches } = await startReading(run);
	const summary = new Summary(options, query.range, query.zone);
	for await (const records of batches) {
		for (const record of records) summary.add(record);
	}
	const rows = summary.rows();
	for (const hint of summary.hints()) addHint(run.context, hint);
	return rows.map((json) => ({ json }));
}

function readSummaryOptions(run: OperationRun): SummaryOptions {
	const { context, itemIndex } = run;
	const options = readOptions(run);
	const { includeDetails = false, maxGroups = 0, shortCallSeconds, sortBy = 'keys' } = options;
	return {
		groupBy: readGroupBy(context.getNodeParameter('groupBy', itemIndex, [])),
		includeDetails: readBoolean(includeDetails, 'Include Details'),
		maxGroups: readWholeNumber(maxGroups, 'Max Groups', { min: 0 }),
		shortCallSeconds: readWholeNumber(
			shortCallSeconds ?? DEFAULT_SHORT_CALL_SECONDS,
			'Short Call (Seconds)',
			{
				min: 0,
			},
		),
		sortBy: readChoice(sortBy, 'Sort By', SORTS),
	};
}
