import type { WireRecord } from '../../api/types';
import { readChoices } from '../../records/parameters';
import { FIELD_NAMES, RECORD_FIELDS, type FieldName } from '../../records/record';

export const FILE_FORMATS = ['csv', 'ndjson'] as const;

export const DELIMITERS = { comma: ',', semicolon: ';', tab: '\t' };

export const DELIMITER_NAMES = Object.keys(DELIMITERS) as Array<keyof typeof DELIMITERS>;

export interface FileLayout {
	format: (typeof FILE_FORMATS)[number];
	/** Absent: every field as the API sends it (`ndjson`), or all columns (`csv`). */
	columns?: FieldName[];
	delimiter: string;
	/** Makes Excel recognize UTF-8. */
	hasByteOrderMark: boolean;
	/** Whether text that a spreadsheet would run as a formula is made harmless. */
	escapesFormulas: boolean;
}

/** @throws UserError listing the columns */
export function readColumns(value: unknown): FieldName[] | undefined {
	const columns = readChoices(value, 'Columns', FIELD_NAMES);
	return columns.length > 0 ? columns : undefined;
}

export function fileHead(layout: FileLayout): string {
	const { format, columns = FIELD_NAMES, delimiter, hasByteOrderMark } = layout;
	return format === 'csv' ? `${hasByteOrderMark ? '\uFEFF' : ''}${columns.join(delimiter)}\r\n` : '';
}

/** A record as a line of a file: RFC 4180, or JSON. */
export function fileLine(record: WireRecord, layout: FileLayout): string {
	return layout.format === 'csv' ? csvLine(record, layout) : jsonLine(record, layout);
}

function jsonLine(record: WireRecord, { columns }: FileLayout): string {
	const value = columns
		? Object.fromEntries(columns.map((name) => [name, RECORD_FIELDS[name].read(record) ?? null]))
		: record;
	return `${JSON.stringify(value)}\n`;
}

function csvLine(record: WireRecord, layout: FileLayout): string {
	const { columns = FIELD_NAMES, delimiter, escapesFormulas } = layout;
	const cells = columns.map((name) => {
		const text = cellText(RECORD_FIELDS[name].read(record));
		return quote(escapesFormulas ? disarm(text, delimiter) : text, delimiter);
	});
	// Many readers skip an empty line, which a single column without a value would make.
	return `${cells.join(delimiter) || '""'}\r\n`;
}

function cellText(value: unknown): string {
	return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');
}

/**
 * An apostrophe keeps a spreadsheet from running a formula (source: OWASP, "CSV Injection"). A cell also begins behind a
 * delimiter of other countries, where the quotes of this file count for nothing, and behind blanks, quotes and invisible
 * characters that a reader drops. A negative number is safe, e.g. the -1 that means no key.
 */
function disarm(text: string, delimiter: string): string {
	if (/^-\d+(\.\d+)?$/.test(text)) return text;
	return text
		.replace(CELL_STARTS, (start) => (isOwnDelimiter(start, delimiter) ? start : `${start}'`))
		.replace(/^(?=[\t\r\n])/, "'");
}

/** The delimiter of the file is inside quotes, which every reader that splits at it honours. */
function isOwnDelimiter(start: string, delimiter: string): boolean {
	return start.startsWith(delimiter) && !/[,;\t\r\n]/.test(start.slice(1));
}

/** What stands between the start of a cell and a formula. */
const CELL_STARTS = /(?:^|[,;\t\r\n])[\s"\p{C}]*(?=[=+\-@＝＋－＠])/gu;

function quote(text: string, delimiter: string): string {
	return /["\r\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;
}
