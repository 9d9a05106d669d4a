import type { WireRecord } from '../../../api/types';
import { textOf } from '../../../records/record';
import { localTimeIn } from '../../../records/output/localTime';
import {
	FIELD_NAMES,
	RECORD_FIELDS,
	selectFields,
	type FieldName,
	type ToOutput,
} from '../../../records/output/fields';

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
	/** Timezone of the times in columns. */
	zone: string;
}

export function fileHead(layout: FileLayout): string {
	const { format, columns = FIELD_NAMES, delimiter, hasByteOrderMark } = layout;
	return format === 'csv' ? `${hasByteOrderMark ? '\uFEFF' : ''}${columns.join(delimiter)}\r\n` : '';
}

/** Makes a line of a file of each record: RFC 4180, or JSON. */
export function createLines(layout: FileLayout): (record: WireRecord) => string {
	return layout.format === 'csv' ? csvLines(layout) : jsonLines(layout);
}

function jsonLines({ columns, zone }: FileLayout): (record: WireRecord) => string {
	const toOutput: ToOutput = columns ? selectFields(columns, zone, true) : (record) => record;
	return (record) => `${JSON.stringify(toOutput(record))}\n`;
}

/** Numbers are written as they were sent: a spreadsheet or a database reads more digits than a number can hold. */
function csvLines({ columns = FIELD_NAMES, delimiter, escapesFormulas, zone }: FileLayout) {
	const readers = columns.map((name) => RECORD_FIELDS[name]);
	const cellOf = (value: unknown): string => {
		const text = cellText(value);
		if (isPlain(text)) return text;
		return quote(escapesFormulas ? disarm(text, delimiter) : text, delimiter);
	};
	// A time is plain.
	const timeCellOf = localTimeIn(zone, (value) => cellOf(textOf(value)));
	return (record: WireRecord): string => {
		const cells: string[] = [];
		for (const { type, read } of readers) {
			const value = read(record);
			cells.push(type === 'time' ? (timeCellOf(value) ?? '') : cellOf(value));
		}
		// Many readers skip an empty line, which a single column without a value would make.
		return `${cells.join(delimiter) || '""'}\r\n`;
	};
}

function cellText(value: unknown): string {
	if (typeof value === 'string') return value;
	return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');
}

const FORMULA_STARTS = '=+-@＝＋－＠';
/** What a reader drops at the start of a cell. */
const IGNORED = /[\s"\p{C}]/u;
const LINE_START = /^[\t\r\n]/;
const NEGATIVE_NUMBER = /^-\d+(\.\d+)?$/;
/** What a cell cannot have without quotes, and where one of another delimiter begins. Line breaks and tabs are below it. */
const [BLANK, QUOTES, COMMA, SEMICOLON] = [...' ",;'].map((character) => character.charCodeAt(0));

/** Whether any reader takes the text as one cell and as no formula. Not by a regular expression: most cells are plain. */
function isPlain(text: string): boolean {
	if (text === '') return true;
	if (!isLetterOrDigit(text.charCodeAt(0))) return false;
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (code < BLANK || code === QUOTES || code === COMMA || code === SEMICOLON) return false;
	}
	return true;
}

function isLetterOrDigit(code: number): boolean {
	const lowerCase = code | 0x20;
	return (lowerCase >= 0x61 && lowerCase <= 0x7a) || (code >= 0x30 && code <= 0x39);
}

/**
 * An apostrophe keeps a spreadsheet from running a formula (source: OWASP, "CSV Injection"). A cell also begins behind a
 * delimiter of other countries, where the quotes of this file count for nothing, and behind blanks, quotes and invisible
 * characters that a reader drops. A negative number is safe, e.g. the -1 that means no key. One pass over the text: a
 * regular expression takes seconds on a cell of 40,000 tabs.
 */
function disarm(text: string, delimiter: string): string {
	if (NEGATIVE_NUMBER.test(text)) return text;
	const parts: string[] = LINE_START.test(text) ? ["'"] : [];
	let copied = 0;
	let at = 0;
	/** Where the cell begins that this character may be the first of; `undefined` behind any other character. */
	let start: number | undefined = 0;
	for (const character of text) {
		if (FORMULA_STARTS.includes(character)) {
			if (start !== undefined && !isOwnDelimiter(text.slice(start, at), delimiter)) {
				parts.push(text.slice(copied, at), "'");
				copied = at;
			}
			start = undefined;
		} else if (character === ',' || character === ';') start = at;
		else if (LINE_START.test(character)) start ??= at;
		else if (start !== undefined && !IGNORED.test(character)) start = undefined;
		at += character.length;
	}
	return parts.join('') + text.slice(copied);
}

/** The delimiter of the file is inside quotes, which every reader that splits at it honours. */
function isOwnDelimiter(start: string, delimiter: string): boolean {
	return start.startsWith(delimiter) && !/[,;\t\r\n]/.test(start.slice(1));
}

function quote(text: string, delimiter: string): string {
	return /["\r\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;
}
