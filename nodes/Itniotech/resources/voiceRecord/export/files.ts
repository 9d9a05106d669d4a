import { DateTime } from 'luxon';
import {
	OperationalError,
	type IBinaryData,
	type IExecuteFunctions,
	type INodeProperties,
} from 'n8n-workflow';
import { isWholeDays } from '../../../records/calendar';
import { isEmpty, readText } from '../../../records/query/parameters';
import type { TimeRange } from '../../../records/calendar';

const DEFAULT_FIELD = 'data';

export const binaryFieldOption: INodeProperties = {
	displayName: 'Put Output File in Field',
	name: 'binaryPropertyName',
	type: 'string',
	default: DEFAULT_FIELD,
	description: 'Name of the output binary field to put the file in',
};

export function readBinaryField(field: unknown): string {
	return isEmpty(field)
		? DEFAULT_FIELD
		: readText(field, 'Put Output File in Field', 'Enter a name, e.g. data');
}

/**
 * E.g. `voice-records_2026-11-01_2026-11-30`. With times if the range is not whole days, and with the numbers of the run (in a
 * loop) and the input item if there are several: names differ within an execution, and from minute to minute.
 */
export function rangeFileName(
	prefix: string,
	{ context, itemIndex }: { context: IExecuteFunctions; itemIndex: number },
	{ range, zone }: { range: TimeRange; zone: string },
): string {
	const hasTimes = !isWholeDays(range, zone);
	const [first, last] = [range.fromS, range.toS]
		.map((seconds) => DateTime.fromSeconds(seconds, { zone }))
		.map((time) => time.toFormat(hasTimes ? minuteFormat(time) : 'yyyy-MM-dd'));
	const item = context.getInputData().length > 1 ? `_item${itemIndex + 1}` : '';
	const { $runIndex } = context.getWorkflowDataProxy(itemIndex);
	const run = $runIndex > 0 ? `_run${$runIndex + 1}` : '';
	return `${prefix}_${first}_${last}${run}${item}`;
}

/** With the offset where the clocks go back and a time occurs twice. */
function minuteFormat(time: DateTime): string {
	return time.getPossibleOffsets().length > 1 ? "yyyy-MM-dd'T'HHmmZZZ" : "yyyy-MM-dd'T'HHmm";
}

/** @throws OperationalError if n8n cannot store it */
export async function storeFile(
	context: IExecuteFunctions,
	content: Buffer,
	{ fileName, mimeType }: { fileName: string; mimeType: string },
): Promise<IBinaryData> {
	try {
		return await context.helpers.prepareBinaryData(content, fileName, mimeType);
	} catch (error) {
		const refusal = new OperationalError(`n8n could not store the file ${fileName}`, {
			description: `Check the disk space and the binary data storage of this n8n server (${(error as Error).message})`,
		});
		throw refusal;
	}
}
