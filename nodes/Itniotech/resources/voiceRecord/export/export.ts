import { UserError, type INodeExecutionData } from 'n8n-workflow';
import { readBoolean, readChoice, readWholeNumber } from '../../../records/query/parameters';
import { readFields } from '../../../records/output/fields';
import { isoTime } from '../../../records/output/localTime';
import { readZone } from '../../../records/query/query';
import type { OperationRun } from '../../operationRun';
import {
	DELIMITERS,
	DELIMITER_NAMES,
	FILE_FORMATS,
	createLines,
	fileHead,
	type FileLayout,
} from './fileLines';
import { rangeFileName, readBinaryField, storeFile } from './files';
import { startReading } from '../reading/startReading';

const MIME_TYPES = { csv: 'text/csv', ndjson: 'application/x-ndjson' };
const DEFAULT_MAX_RECORDS_PER_FILE = 100_000;

interface ExportSettings {
	layout: FileLayout;
	maxRecordsPerFile: number;
	binaryField: string;
}

/** The records of a time range as files, one per item. Only one file at a time is in memory. */
export async function exportFiles(run: OperationRun): Promise<INodeExecutionData[]> {
	refuseTool(run);
	const { layout, maxRecordsPerFile, binaryField } = readSettings(run);
	const { query, batches } = await startReading(run);
	const items: INodeExecutionData[] = [];
	let chunks = [Buffer.from(fileHead(layout))];
	let records = 0;
	const toLine = createLines(layout);

	const closeFile = async () => {
		const content = Buffer.concat(chunks);
		// Frees the memory while n8n stores the file.
		chunks = [];
		const name = rangeFileName('voice-records', run, query);
		const fileName = `${name}${items.length > 0 ? `_${items.length + 1}` : ''}.${layout.format}`;
		const binary = await storeFile(run.context, content, { fileName, mimeType: MIME_TYPES[layout.format] });
		const { range, zone } = query;
		const [from, to] = [range.fromS, range.toS].map((seconds) => isoTime(seconds, zone));
		const json = { fileName, records, from, to, bytes: content.length };
		items.push({ json, binary: { [binaryField]: binary } });
	};

	for await (const batch of batches) {
		for (let start = 0; start < batch.length; ) {
			if (records === maxRecordsPerFile) {
				await closeFile();
				chunks = [Buffer.from(fileHead(layout))];
				records = 0;
			}
			const part = batch.slice(start, start + maxRecordsPerFile - records);
			chunks.push(Buffer.from(part.map(toLine).join('')));
			records += part.length;
			start += part.length;
		}
	}
	await closeFile();
	return items;
}

/** The tool does not offer this operation, but parameters can be set by other means than the editor. */
function refuseTool({ isTool }: OperationRun): void {
	if (!isTool) return;
	throw new UserError('"Export Voice Records" is not available to AI agents', {
		description:
			'An agent cannot read a file. Choose "Query Voice Records" or "Summarize Voice Records", or export in a node of the workflow.',
	});
}

function readSettings(run: OperationRun): ExportSettings {
	const { context, options } = run;
	const format = readChoice(run.parameter('format'), 'Format', FILE_FORMATS);
	const { maxRecordsPerFile = DEFAULT_MAX_RECORDS_PER_FILE, binaryPropertyName: field } = options;
	const delimiter = readChoice(options.delimiter ?? 'comma', 'Delimiter', DELIMITER_NAMES);
	return {
		layout: {
			format,
			columns: readFields(options.columns, 'Columns'),
			delimiter: DELIMITERS[delimiter],
			hasByteOrderMark: readBoolean(options.byteOrderMark ?? true, 'Byte Order Mark'),
			escapesFormulas: readBoolean(options.escapeFormulas ?? true, 'Escape Formulas'),
			zone: readZone(options.timezone, context.getTimezone()),
		},
		maxRecordsPerFile: readWholeNumber(maxRecordsPerFile, 'Max Records per File', { min: 1 }),
		binaryField: readBinaryField(field),
	};
}
