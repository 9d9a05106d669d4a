import type { IBinaryData, IDataObject, INodeExecutionData } from 'n8n-workflow';
import {
	isEmpty,
	readBoolean,
	readChoices,
	readText,
	readWholeNumber,
} from '../../../records/query/parameters';
import { CallReport } from '../../../reports/document/callReport';
import { htmlOf } from '../../../reports/document/htmlPage';
import { SECTION_NAMES, type ReportLayout } from '../../../reports/document/overview';
import { reportSubject, reportText } from '../../../reports/document/text';
import type { OperationRun } from '../../operationRun';
import { rangeFileName, readBinaryField, storeFile } from '../export/files';
import { readCompared } from './readCompared';
import { readShortCallSeconds, summaryOfCounts } from './summarize';

const DEFAULT_TITLE = 'Call Report';
const DEFAULT_TOP_N = 10;
const HOW_TO_SEE_IT =
	'To see the report as a reader does, turn on Options → "Attach File" and view the file in the tab "Binary"';

interface ReportSettings {
	layout: ReportLayout;
	/** Name of the binary field of the file, if there is to be one. */
	binaryField?: string;
}

/** A report that is ready to send: one item with its subject, text, HTML and figures. */
export async function createReport(run: OperationRun): Promise<INodeExecutionData[]> {
	const { layout, binaryField } = readReportSettings(run);
	const { result, ...known } = await readCompared(
		run,
		'previousPeriod',
		(query) => new CallReport(query.range, query.zone, layout),
	);
	return [await reportItem(run, result, { layout: { ...layout, ...known }, binaryField })];
}

async function reportItem(
	run: OperationRun,
	report: CallReport,
	{ layout, binaryField }: ReportSettings,
): Promise<INodeExecutionData> {
	const html = htmlOf(report, layout);
	const json: IDataObject = {
		subject: reportSubject(report, layout),
		text: reportText(report, layout),
		...report.row(),
		causes: report.causeList(),
		// Last, as it is long. An agent reads the text, and would pay for each character of this.
		...(!run.isTool && { html }),
	};
	for (const text of report.hints()) run.hint(text, summaryOfCounts(text));
	if (run.isTool) return { json };
	if (binaryField === undefined) {
		if (run.context.getMode() === 'manual') run.hint(HOW_TO_SEE_IT);
		return { json };
	}
	return { json, binary: { [binaryField]: await storeReport(run, report, html) } };
}

/** n8n shows files as HTML by their type, but refuses to serve one that is stored as HTML for that (read in n8n 2.41). */
async function storeReport(run: OperationRun, report: CallReport, html: string): Promise<IBinaryData> {
	const fileName = `${rangeFileName('call-report', run, report)}.html`;
	const file = await storeFile(run.context, Buffer.from(html), { fileName, mimeType: 'text/plain' });
	return { ...file, mimeType: 'text/html', fileType: 'html', fileExtension: 'html' };
}

function readReportSettings(run: OperationRun): ReportSettings {
	const { options } = run;
	const title = run.parameter('title', DEFAULT_TITLE);
	const sections = readChoices(run.parameter('sections'), 'Sections', SECTION_NAMES);
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
