import type { INodeExecutionData } from 'n8n-workflow';
import { readBoolean, readChoice, readWholeNumber } from '../../../records/query/parameters';
import { readGroupBy } from '../../../reports/summary/groupBy';
import { SORTS } from '../../../reports/summary/groupOrder';
import { Summary, type SummaryOptions } from '../../../reports/summary/summary';
import type { OperationRun } from '../../operationRun';
import { inTurns } from './inTurns';
import { readCompared } from './readCompared';

const DEFAULT_SHORT_CALL_SECONDS = 6;

/** The figures of a time range, one item per group. */
export async function summarizeRecords(run: OperationRun): Promise<INodeExecutionData[]> {
	const options = readSummaryOptions(run);
	const { result: summary } = await readCompared(
		run,
		'nothing',
		({ range, zone }) => new Summary(options, range, zone),
	);
	const rows = await inTurns(summary.rows());
	for (const text of [...summary.hints(), summary.currencyHint()]) {
		if (text !== undefined) run.caveat(text, summaryOfCounts(text));
	}
	return rows.map((json) => ({ json }));
}

function readSummaryOptions(run: OperationRun): SummaryOptions {
	const { options } = run;
	const { includeDetails = false, maxGroups = 0, sortBy = 'keys' } = options;
	return {
		groupBy: readGroupBy(run.parameter('groupBy')),
		includeDetails: readBoolean(includeDetails, 'Include Details'),
		maxGroups: readWholeNumber(maxGroups, 'Max Groups', { min: 0 }),
		shortCallSeconds: readShortCallSeconds(options),
		sortBy: readChoice(sortBy, 'Sort By', SORTS),
	};
}

/** One line for a hint that several input items have with their own counts, e.g. `Calls without a cost yet: 3. …`. */
export function summaryOfCounts(hint: string): string {
	return `${hint.replace(/: \d.*$/s, '')}: varies by input item ({count} different values)`;
}

export function readShortCallSeconds({ shortCallSeconds }: Record<string, unknown>): number {
	const seconds = shortCallSeconds ?? DEFAULT_SHORT_CALL_SECONDS;
	return readWholeNumber(seconds, 'Short Call (Seconds)', { min: 0 });
}
