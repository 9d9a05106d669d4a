import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import {
	isEmpty,
	readBoolean,
	readChoices,
	readText,
	readWholeNumber,
} from '../../../records/query/parameters';
import { CallReport } from '../../../reports/document/callReport';
import { formatRange } from '../../../reports/document/format';
import { htmlOf } from '../../../reports/document/htmlPage';
import { SECTION_NAMES, type ReportLayout } from '../../../reports/document/overview';
import { subjectOf, textOf } from '../../../reports/document/text';
import type { OperationRun } from '../../operationRun';
import { readBinaryField, storeFile } from '../files';
import { readCompared } from './readCompared';
import { readShortCallSeconds } from './summarize';

const DEFAULT_TITLE = 'Call Report';
const DEFAULT_TOP_N = 10;

interface ReportSettings {
	layout: ReportLayout;
	/** Name of the binary field of the file, if there is to be one. */
	binaryField?: string;
}

/** A report that is ready to send: one item with its subject, text, HTML and figures. */
export async function createReport(run: OperationRun): Promise<INodeExecutionData[]> {
	const { layout, binaryField } = readSettings(run);
	const { result, zone, earlierRange } = await readCompared(
		run,
		'previousPeriod',
		(query) => new CallReport(query.range, query.zone, layout),
	);
	const comparison = earlierRange && `compared with ${formatRange(earlierRange, zone)}`;
	return [await toItem(run, result, { layout: { ...layout, comparison }, binaryField })];
}

async function toItem(
	{ context, isTool, hint }: OperationRun,
	report: CallReport,
	{ layout, binaryField }: ReportSettings,
): Promise<INodeExecutionData> {
	const html = htmlOf(report, layout);
	const json: IDataObject = {
		subject: subjectOf(report, layout),
		text: textOf(report, layout),
		// An agent reads the text, and would pay for each character of this.
		...(!isTool && { html }),
		...report.row(),
	};
	for (const text of report.hints()) hint(text);
	if (binaryField === undefined || isTool) return { json };
	const file = { fileName: `call-report_${String(json.from).slice(0, 10)}.html`, mimeType: 'text/html' };
	return { json, binary: { [binaryField]: await storeFile(context, Buffer.from(html), file) } };
}

function readSettings(run: OperationRun): ReportSettings {
	const { context, itemIndex, options } = run;
	const title: unknown = context.getNodeParameter('title', itemIndex, DEFAULT_TITLE);
	const sections = readChoices(
		context.getNodeParameter('sections', itemIndex, []),
		'Sections',
		SECTION_NAMES,
	);
	const hasFile = readBoolean(options.attachFile ?? false, 'Attach File');
	return {
		layout: {
			title: isEmpty(title) ? DEFAULT_TITLE : readText(title, 'Title', 'Enter a text'),
			sections: sections.length === 0 ? SECTION_NAMES : sections,
			topN: readWholeNumber(options.topN ?? DEFAULT_TOP_N, 'Max Rows per Section', { min: 1, max: 1000 }),
			shortCallSeconds: readShortCallSeconds(options),
		},
		...(hasFile && { binaryField: readBinaryField(options.binaryPropertyName) }),
	};
}
