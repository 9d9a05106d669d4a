import { UserError, type IDataObject, type INodeExecutionData } from 'n8n-workflow';
import type { WireRecord } from '../../api/types';
import { listOf } from '../../records/filters';
import { readGroupBy } from '../../reports/groupBy';
import { outputForm, simplify, textOf } from '../../records/record';
import { scan } from '../../records/scan';
import { Summary } from '../../reports/summary';
import type { OperationRun } from '../operationRun';
import { readQuery } from './readQuery';

/** All records of a time range, or as many of them as the limit allows. */
export async function queryRecords(run: OperationRun): Promise<INodeExecutionData[]> {
	const { context, itemIndex, api } = run;
	const recordQuery = readQuery(run, { hasLimit: context.getNodeParameter('returnAll', itemIndex) !== true });
	const toOutput = chosenForm(run);
	const items: INodeExecutionData[] = [];
	for await (const records of scan(api, recordQuery)) {
		for (const record of records) items.push({ json: toOutput(record) });
	}
	return items;
}

/** The calls of a time range, added up in groups. */
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
			message: `Call records with a "cost" that is no amount: ${summary.unreadableCosts}. They are counted as calls, but are in no sum of costs.`,
			location: 'outputPane',
		});
	}
	return summary.rows().map((json) => ({ json }));
}

/** One record by its id. */
export async function getRecord(run: OperationRun): Promise<INodeExecutionData[]> {
	const { context, itemIndex, api } = run;
	const record = await api.fetchRecord(readVoiceId(context.getNodeParameter('voiceId', itemIndex)));
	if (record === null) {
		throw new UserError('ITNIO TECH has no call record with this "Voice ID"', {
			description:
				'Check the ID. Records are kept for two months, and a new call takes a while to be listed.',
		});
	}
	return [{ json: chosenForm(run)(record) }];
}

function readVoiceId(value: unknown): string {
	const voiceId = textOf(value);
	if (voiceId === null) {
		throw new UserError('"Voice ID" is empty', {
			description: 'Enter the ID of a call record, e.g. "voiceId" of a queried record',
		});
	}
	if (typeof value === 'number' && !Number.isSafeInteger(value)) {
		throw new UserError('"Voice ID" came as a number and lost its last digits', {
			description: 'A voice ID is longer than a number can hold: keep it as text on its way to this node',
		});
	}
	return voiceId;
}

/** What becomes of a record: "Simplify" on the canvas, "Output" for an AI agent. */
function chosenForm({ context, itemIndex }: OperationRun): (record: WireRecord) => IDataObject {
	const isSimple = context.getNodeParameter('simplify', itemIndex, true) as boolean;
	const output = context.getNodeParameter('output', itemIndex, isSimple ? 'simplified' : 'raw');
	switch (output) {
		case 'simplified':
		case 'raw':
			return outputForm(output === 'simplified');
		case 'selectedFields': {
			const fields = listOf(context.getNodeParameter('fields', itemIndex));
			return (record) => {
				const all: IDataObject = { ...record, ...simplify(record) };
				return Object.fromEntries(fields.map((field) => [field, all[field] ?? null]));
			};
		}
		default:
			throw new UserError('"Output" has an unknown value', {
				description: 'Choose one of: simplified, raw, selectedFields',
			});
	}
}
