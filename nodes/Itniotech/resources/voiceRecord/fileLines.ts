import type { WireRecord } from '../../api/types';
import { readChoices } from '../../records/parameters';
import { FIELD_NAMES, RECORD_FIELDS, type FieldName } from '../../records/record';

export const FILE_FORMATS = ['csv', 'ndjson'] as const;

export interface FileLayout {
	format: (typeof FILE_FORMATS)[number];
	/** Absent: every field as the API sends it (`ndjson`), or all columns (`csv`). */
	columns?: FieldName[];
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

export function fileHead({ format, columns = FIELD_NAMES, hasByteOrderMark }: FileLayout): string {
	return format === 'csv' ? `${hasByteOrderMark ? '\uFEFF' : ''}${columns.join(',')}\r\n` : '';
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

function csvLine(record: WireRecord, { columns = FIELD_NAMES, escapesFormulas }: FileLayout): string {
	const cells = columns.map((name) => {
		const text = String(RECORD_FIELDS[name].read(record) ?? '');
		return quote(escapesFormulas ? disarm(text) : text);
	});
	// Many readers skip an empty line, which a single column without a value would make.
	return `${cells.join(',') || '""'}\r\n`;
}

/**
 * An apostrophe keeps a spreadsheet from running a formula, also where a semicolon ends a cell, as in Excel in many
 * countries (source: OWASP, "CSV Injection"). A negative number is safe, e.g. the -1 that means no key.
 */
function disarm(text: string): string {
	if (/^-\d+(\.\d+)?$/.test(text)) return text;
	return text.replace(/^(?=[=+\-@＝＋－＠\t\r\n])|(?<=[;\r\n])(?=[=+\-@＝＋－＠])/g, "'");
}

function quote(text: string): string {
	return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
