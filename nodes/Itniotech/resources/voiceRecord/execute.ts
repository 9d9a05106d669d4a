import { UserError, type INodeExecutionData } from 'n8n-workflow';
import { readBoolean, readText } from '../../records/parameters';
import type { OperationRun } from '../operationRun';
import { readOutput } from './readOutput';
import { startReading } from './startReading';

export async function queryRecords(run: OperationRun): Promise<INodeExecutionData[]> {
	const { context, itemIndex } = run;
	const isLimited = !readBoolean(context.getNodeParameter('returnAll', itemIndex), 'Return All');
	const toOutput = readOutput(run);
	const { batches } = await startReading(run, { hasLimit: isLimited });
	const items: INodeExecutionData[] = [];
	for await (const records of batches) {
		for (const record of records) items.push({ json: toOutput(record) });
	}
	return items;
}

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
