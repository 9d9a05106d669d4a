import { UserError, type INodeExecutionData } from 'n8n-workflow';
import type { WireRecord } from '../../api/types';
import { ORDERS, ORDER_NAMES, SortedRecords } from '../../records/output/sort';
import { readLimit } from '../../records/query/query';
import { locatorValue, readBoolean, readChoice } from '../../records/query/parameters';
import type { OperationRun } from '../operationRun';
import { readPathId } from '../pathId';
import { readOutput } from './readOutput';
import { DEFAULT_LIMIT } from './reading/readQuery';
import { startReading } from './reading/startReading';

type ToItem = (record: WireRecord) => INodeExecutionData;

const WHICH = 'Enter the ID of a call record, e.g. "voiceId" of a queried record';

export async function queryRecords(run: OperationRun): Promise<INodeExecutionData[]> {
	const { context, itemIndex } = run;
	const isLimited = !readBoolean(context.getNodeParameter('returnAll', itemIndex), 'Return All');
	const toOutput = readOutput(run);
	const toItem: ToItem = (record) => ({ json: toOutput(record) });
	const sortBy = readChoice(run.options.sortBy ?? 'asListed', 'Sort By', ORDER_NAMES);
	if (sortBy === 'asListed') return await readListed(run, isLimited, toItem);
	const limit = isLimited
		? readLimit(context.getNodeParameter('limit', itemIndex, DEFAULT_LIMIT))
		: undefined;
	return await readSorted(run, new SortedRecords(ORDERS[sortBy], toItem, limit));
}

/** Reads no page that the limit does not need, and holds of each page only what is output. */
async function readListed(
	run: OperationRun,
	hasLimit: boolean,
	toItem: ToItem,
): Promise<INodeExecutionData[]> {
	const { batches } = await startReading(run, { hasLimit, isOutput: true });
	const items: INodeExecutionData[] = [];
	for await (const records of batches) {
		for (const record of records) items.push(toItem(record));
	}
	return items;
}

async function readSorted(
	run: OperationRun,
	sorted: SortedRecords<INodeExecutionData>,
): Promise<INodeExecutionData[]> {
	const { batches } = await startReading(run, { isOutput: true });
	for await (const records of batches) sorted.add(records);
	return sorted.list();
}

export async function getRecord(run: OperationRun): Promise<INodeExecutionData[]> {
	const { context, itemIndex, api } = run;
	const toOutput = readOutput(run);
	const record = await api.fetchRecord(
		readPathId(locatorValue(context.getNodeParameter('voiceId', itemIndex)), 'Voice ID', WHICH),
	);
	if (record === null) {
		throw new UserError('ITNIO TECH has no call record with this "Voice ID"', {
			description:
				'Check the ID. ITNIO TECH keeps records for two months, and a new call takes a while to be listed.',
		});
	}
	return [{ json: toOutput(record) }];
}
