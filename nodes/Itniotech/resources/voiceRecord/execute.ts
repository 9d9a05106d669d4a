import { UserError, type INodeExecutionData } from 'n8n-workflow';
import { locatorValue } from '../../records/query/parameters';
import type { OperationRun } from '../operationRun';
import { readPathId } from '../pathId';
import { readOutput } from './readOutput';
import { addOptionHint } from './reading/readingHints';

const WHICH_RECORD = 'Enter the ID of a call record, e.g. "voiceId" of a queried record';

export async function getRecord(run: OperationRun): Promise<INodeExecutionData[]> {
	const toOutput = readOutput(run);
	const id = readPathId(locatorValue(run.parameter('voiceId')), 'Voice ID', WHICH_RECORD);
	const record = await run.api.fetchRecord(id);
	if (record === null) {
		throw new UserError('ITNIO TECH has no call record with this "Voice ID"', {
			description:
				'Check the ID. ITNIO TECH keeps records for two months, and a new call may take a while to be listed.',
		});
	}
	addOptionHint(run);
	return [{ json: toOutput(record) }];
}
