import { DateTime } from 'luxon';
import { OperationalError, UserError, type IExecuteFunctions, type INodeExecutionData } from 'n8n-workflow';
import { fileHead, fileLine, readColumns, type FileForm } from '../../records/fileLines';
import { readWholeNumber, type RecordQuery } from '../../records/query';
import { textOf } from '../../records/record';
import { scan } from '../../records/scan';
import type { OperationRun } from '../operationRun';
import { readQuery } from './readQuery';

const MIME_TYPES = { csv: 'text/csv', ndjson: 'application/x-ndjson' };
const DEFAULT_MAX_RECORDS_PER_FILE = 100_000;

/** The records of a time range as files, one item a file. No more than one file is held in memory. */
export async function exportFiles(run: OperationRun): Promise<INodeExecutionData[]> {
	const { context, api } = run;
	const query = readQuery(run);
	const { form, maxRecords, field } = readForm(run);
	const items: INodeExecutionData[] = [];
	let chunks: Buffer[] = [];
	let records = 0;

	const closeFile = async () => {
		const content = Buffer.concat(chunks);
		// SeenCalls is free for other things while n8n stores the file.
		chunks = [];
		const fileName = fileNameOf(query, form, items.length + 1);
		const binary = await store(context, content, fileName, MIME_TYPES[form.format]);
		const [from, to] = [query.range.fromS, query.range.toS].map((seconds) =>
			DateTime.fromSeconds(seconds, { zone: query.zone }).toISO({ suppressMilliseconds: true }),
		);
		items.push({ json: { fileName, records, from, to, bytes: content.length }, binary: { [field]: binary } });
	};
	const openFile = () => {
		chunks = [Buffer.from(fileHead(form))];
		records = 0;
	};

	openFile();
	for await (const batch of scan(api, query)) {
		for (let start = 0; start < batch.length; ) {
			if (records === maxRecords) {
				await closeFile();
				openFile();
			}
			const part = batch.slice(start, start + maxRecords - records);
			chunks.push(Buffer.from(part.map((record) => fileLine(record, form)).join('')));
			records += part.length;
			start += part.length;
		}
	}
	await closeFile();
	return items;
}

function readForm({ context, itemIndex }: OperationRun): {
	form: FileForm;
	maxRecords: number;
	field: string;
} {
	const format: unknown = context.getNodeParameter('format', itemIndex);
	if (format !== 'csv' && format !== 'ndjson') {
		throw new UserError('"Format" has an unknown value', { description: 'Choose one of: csv, ndjson' });
	}
	const options = context.getNodeParameter('options', itemIndex, {});
	return {
		form: {
			format,
			columns: readColumns(options.columns),
			hasByteOrderMark: options.byteOrderMark !== false,
			escapesFormulas: options.escapeFormulas !== false,
		},
		maxRecords: readWholeNumber(
			options.maxRecordsPerFile ?? DEFAULT_MAX_RECORDS_PER_FILE,
			'Max Records Per File',
			1,
		),
		field: textOf(options.binaryPropertyName) ?? 'data',
	};
}

/** E.g. `voice-records_2026-11-01_2026-11-30.csv`, and the second file of an export ends with `_2.csv`. */
function fileNameOf({ range, zone }: RecordQuery, { format }: FileForm, number: number): string {
	const [from, to] = [range.fromS, range.toS].map((seconds) =>
		DateTime.fromSeconds(seconds, { zone }).toFormat('yyyy-MM-dd'),
	);
	return `voice-records_${from}_${to}${number > 1 ? `_${number}` : ''}.${format}`;
}

async function store(context: IExecuteFunctions, content: Buffer, fileName: string, mimeType: string) {
	try {
		return await context.helpers.prepareBinaryData(content, fileName, mimeType);
	} catch (error) {
		const refused = new OperationalError(`n8n could not store the file ${fileName}`, {
			description: `Check the disk space and the binary data storage of this n8n server (${(error as Error).message})`,
		});
		throw refused;
	}
}
