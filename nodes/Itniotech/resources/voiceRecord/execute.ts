import { UserError, type INodeExecutionData } from 'n8n-workflow';
import { readText } from '../../records/parameters';
import { scan } from '../../records/scan';
import { readGroupBy } from '../../reports/groupBy';
import { Summary } from '../../reports/summary';
import type { OperationRun } from '../operationRun';
import { readOutput } from './readOutput';
import { readQuery } from './readQuery';

/** The records of a time range, up to the limit. */
export async function queryRecords(run: OperationRun): Promise<INodeExecutionData[]> {
	const { context, itemIndex, api } = run;
	const recordQuery = readQuery(run, { hasLimit: context.getNodeParameter('returnAll', itemIndex) !== true });
	const toOutput = readOutput(run);
	const items: INodeExecutionData[] = [];
	for await (const records of scan(api, recordQuery)) {
		for (const record of records) items.push({ json: toOutput(record) });
	}
	return items;
}

/** The figures of each group of calls. */
export async function summarizeRecords(run: OperationRun): Promise<INodeExecutionData[]> {
	const { context, itemIndex, api } = run;
	const groupBy = readGroupBy(context.getNodeParameter('groupBy', itemIndex, []));
	const recordQuery = readQuery(run);
	const summary = new Summary(groupBy, recordQuery.range, recordQuery.zone);
	for await (const records of scan(api, recordQuery)) {
		for (const record of records) summary.add(record);
	}
	if (summary.unreadableCosts > 0) {
		context.addExecutionHints({
			message: `Call records whose "cost" is not a number: ${summary.unreadableCosts}. They count as calls, but no cost includes them.`,
			location: 'outputPane',
		});
	}
	return summary.rows().map((json) => ({ json }));
}

/** One record by its ID. */
export async function getRecord(run: OperationRun): Promise<INodeExecutionData[]> {
	const { context, itemIndex, api } = run;
	const record = await api.fetchRecord(readVoiceId(context.getNodeParameter('voiceId', itemIndex)));
	if (record === null) {
		throw new UserError('ITNIO TECH has no call record with this "Voice ID"', {
			description:
				'Check the ID. ITNIO TECH keeps records for two months, and a new call takes a while to be listed.',
		});
	}
	return [{ json: readOutput(run)(record) }];
}

function readVoiceId(value: unknown): string {
	if (typeof value === 'number' && !Number.isSafeInteger(value)) {
		throw new UserError('"Voice ID" is a number and has lost its last digits', {
			description: 'A voice ID has more digits than a number can hold: pass it to this node as text',
		});
	}
	return readText(value, 'Voice ID', 'Enter the ID of a call record, e.g. "voiceId" of a queried record');
}
