import type { INodeExecutionData } from 'n8n-workflow';
import type { WireRecord } from '../../../api/types';
import { ORDERS, ORDER_NAMES, SortedRecords } from '../../../records/output/sort';
import { numberText } from '../../../records/output/text';
import { readBoolean, readChoice, readCollection } from '../../../records/query/parameters';
import { DEFAULT_LIMIT, readLimit } from '../../../records/query/query';
import type { OperationRun } from '../../operationRun';
import { readOutput } from '../readOutput';
import { startReading } from './startReading';

/**
 * Holds of each page only what is output, and reads no page that the limit does not need. An AI agent always has a limit, and
 * is told how many records there were.
 */
export async function queryRecords(run: OperationRun): Promise<INodeExecutionData[]> {
	const limit = readLimitOf(run);
	const sortBy = readSort(run);
	const toOutput = readOutput(run);
	// Set at once rather than later, it takes 31 bytes less.
	const pairedItem = { item: run.itemIndex };
	const toItem = (record: WireRecord): INodeExecutionData => ({ json: toOutput(record), pairedItem });
	const isListed = sortBy === 'asListed';
	const hasLimit = isListed && limit !== undefined && !run.isTool;
	const { batches } = await startReading(run, { hasLimit, isOutput: true });
	const { items, total } = isListed
		? await takeFirst(batches, toItem, limit)
		: await takeSorted(batches, new SortedRecords(ORDERS[sortBy], toItem, limit));
	if (run.isTool && total > items.length) items.push({ json: noteOn(items.length, total) });
	return items;
}

interface Taken {
	items: INodeExecutionData[];
	/** How many records there are, with those that are not output. */
	total: number;
}

async function takeFirst(
	batches: AsyncGenerator<WireRecord[]>,
	toItem: (record: WireRecord) => INodeExecutionData,
	limit = Infinity,
): Promise<Taken> {
	const items: INodeExecutionData[] = [];
	let total = 0;
	for await (const records of batches) {
		for (const record of records) if (items.length < limit) items.push(toItem(record));
		total += records.length;
	}
	return { items, total };
}

async function takeSorted(
	batches: AsyncGenerator<WireRecord[]>,
	sorted: SortedRecords<INodeExecutionData>,
): Promise<Taken> {
	let total = 0;
	for await (const records of batches) {
		sorted.add(records);
		total += records.length;
	}
	return { items: sorted.list(), total };
}

/** @returns `undefined` for all records, which a tool does not offer */
function readLimitOf(run: OperationRun): number | undefined {
	const returnsAll = readBoolean(run.parameter('returnAll', false), 'Return All');
	if (returnsAll && !run.isTool) return undefined;
	return readLimit(run.parameter('limit', DEFAULT_LIMIT));
}

function readSort(run: OperationRun) {
	const { sortBy = 'asListed' } = readCollection(run.parameter('sort'), 'Sort', ['sortBy']);
	return readChoice(sortBy, 'Sort By', ORDER_NAMES);
}

function noteOn(shown: number, total: number) {
	return {
		total,
		note: `Only ${numberText(shown)} of ${numberText(total)} records ${shown === 1 ? 'is' : 'are'} shown. To count calls, use Summarize Voice Records. To see the others, choose a shorter time range, add filters, or raise the limit.`,
	};
}
