import { DateTime } from 'luxon';
import { OperationalError, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import { readChoice, readWholeNumber } from '../../records/parameters';
import type { RecordQuery } from '../../records/query';
import { textOf } from '../../records/record';
import { scan } from '../../records/scan';
import type { OperationRun } from '../operationRun';
import { FILE_FORMATS, fileHead, fileLine, readColumns, type FileLayout } from './fileLines';
import { readQuery } from './readQuery';

const MIME_TYPES = { csv: 'text/csv', ndjson: 'application/x-ndjson' };
const DEFAULT_MAX_RECORDS_PER_FILE = 100_000;

interface ExportSettings {
	layout: FileLayout;
	maxRecordsPerFile: number;
	binaryField: string;
}

/** The records of a time range as files, one per item. Only one file at a time is in memory. */
export async function exportFiles(run: OperationRun): Promise<INodeExecutionData[]> {
	const query = readQuery(run);
	const { layout, maxRecordsPerFile, binaryField } = readSettings(run);
	const items: INodeExecutionData[] = [];
	let chunks = [Buffer.from(fileHead(layout))];
	let records = 0;

	const closeFile = async () => {
		const content = Buffer.concat(chunks);
		// Frees the memory while n8n stores the file.
		chunks = [];
		const fileName = fileNameOf(query, layout, items.length + 1);
		const binary = await store(run.context, content, { fileName, mimeType: MIME_TYPES[layout.format] });
		const [from, to] = rangeOf(query).map((time) => time.toISO({ suppressMilliseconds: true }));
		const json = { fileName, records, from, to, bytes: content.length };
		items.push({ json, binary: { [binaryField]: binary } });
	};

	for await (const batch of scan(run.api, query)) {
		for (let start = 0; start < batch.length; ) {
			if (records === maxRecordsPerFile) {
				await closeFile();
				chunks = [Buffer.from(fileHead(layout))];
				records = 0;
			}
			const part = batch.slice(start, start + maxRecordsPerFile - records);
			chunks.push(Buffer.from(part.map((record) => fileLine(record, layout)).join('')));
			records += part.length;
			start += part.length;
		}
	}
	await closeFile();
	return items;
}

function readSettings({ context, itemIndex }: OperationRun): ExportSettings {
	const format = readChoice(context.getNodeParameter('format', itemIndex), 'Format', FILE_FORMATS);
	const options = context.getNodeParameter('options', itemIndex, {});
	const maxRecords = options.maxRecordsPerFile ?? DEFAULT_MAX_RECORDS_PER_FILE;
	return {
		layout: {
			format,
			columns: readColumns(options.columns),
			hasByteOrderMark: options.byteOrderMark !== false,
			escapesFormulas: options.escapeFormulas !== false,
		},
		maxRecordsPerFile: readWholeNumber(maxRecords, 'Max Records Per File', { min: 1 }),
		binaryField: textOf(options.binaryPropertyName) ?? 'data',
	};
}

/** E.g. `voice-records_2026-11-01_2026-11-30.csv`; the name of the second file ends with `_2.csv`. */
function fileNameOf(query: RecordQuery, { format }: FileLayout, number: number): string {
	const [from, to] = rangeOf(query).map((time) => time.toFormat('yyyy-MM-dd'));
	return `voice-records_${from}_${to}${number > 1 ? `_${number}` : ''}.${format}`;
}

function rangeOf({ range, zone }: RecordQuery): DateTime[] {
	return [range.fromS, range.toS].map((seconds) => DateTime.fromSeconds(seconds, { zone }));
}

async function store(
	context: IExecuteFunctions,
	content: Buffer,
	{ fileName, mimeType }: { fileName: string; mimeType: string },
) {
	try {
		return await context.helpers.prepareBinaryData(content, fileName, mimeType);
	} catch (error) {
		const refusal = new OperationalError(`n8n could not store the file ${fileName}`, {
			description: `Check the disk space and the binary data storage of this n8n server (${(error as Error).message})`,
		});
		throw refusal;
	}
}
