import { UserError } from 'n8n-workflow';
import type { WireRecord } from '../api/types';
import { outcomeOf, textOf } from './record';

/** The columns that a file may have, in their usual order: the API's fields, `code` by its meaning, and the outcome. */
export const COLUMNS = [
	'voiceId',
	'callee',
	'displayNum',
	'area',
	'submitTime',
	'callTime',
	'ringingTime',
	'answerTime',
	'hangupTime',
	'outcome',
	'terminationCode',
	'terminationReason',
	'callDuration',
	'chargedDuration',
	'cost',
	'currency',
	'rate',
	'baseCost',
	'billPeriod',
	'feedbackValue',
	'voiceFileId',
	'calledInfo',
	'settleRate',
	'quoteExchange',
	'settlePay',
] as const;

export type Column = (typeof COLUMNS)[number];

export interface FileForm {
	format: 'csv' | 'ndjson';
	/** Left out: every field as the API sends it (`ndjson`), or all columns (`csv`). */
	columns?: Column[];
	/** Whether the file begins with a byte order mark, by which Excel knows UTF-8. */
	hasByteOrderMark: boolean;
	/** Whether text that a spreadsheet would run as a formula is made harmless. */
	escapesFormulas: boolean;
}

/**
 * Checks the chosen columns.
 * @throws UserError naming the unknown one
 */
export function readColumns(value: unknown): Column[] | undefined {
	const names = Array.isArray(value) ? value.map(String) : (textOf(value)?.split(/[\s,]+/) ?? []);
	const unknown = names.find((name) => !COLUMNS.some((known) => known === name));
	if (unknown !== undefined) {
		throw new UserError(`"Columns" cannot hold "${unknown}"`, {
			description: `Choose from: ${COLUMNS.join(', ')}`,
		});
	}
	return names.length > 0 ? ([...new Set(names)] as Column[]) : undefined;
}

/** What a file begins with. */
export function fileHead({ format, columns = [...COLUMNS], hasByteOrderMark }: FileForm): string {
	return format === 'csv' ? `${hasByteOrderMark ? '\uFEFF' : ''}${columns.join(',')}\r\n` : '';
}

/** A record as a line of a file: RFC 4180, or JSON. */
export function fileLine(record: WireRecord, { format, columns, escapesFormulas }: FileForm): string {
	if (format === 'ndjson') {
		const value = columns
			? Object.fromEntries(columns.map((column) => [column, valueOf(record, column) ?? null]))
			: record;
		return `${JSON.stringify(value)}\n`;
	}
	const cells = (columns ?? COLUMNS).map((column) => {
		const text = String(valueOf(record, column) ?? '');
		return quote(escapesFormulas ? disarm(text) : text);
	});
	// Many readers skip an empty line, which an only column without a value would make.
	return `${cells.join(',') || '""'}\r\n`;
}

function valueOf(record: WireRecord, column: Column): unknown {
	if (column === 'area') return record.code;
	if (column === 'outcome') return outcomeOf(record);
	return record[column];
}

/**
 * An apostrophe keeps a spreadsheet from reading a formula, also where it takes a semicolon for the end of a cell, as
 * Excel does in many countries. Source: OWASP, "CSV Injection". A negative number is none, e.g. the -1 of no pressed key.
 */
function disarm(text: string): string {
	if (/^-\d+(\.\d+)?$/.test(text)) return text;
	return text.replace(/^(?=[=+\-@＝＋－＠\t\r\n])|(?<=[;\r\n])(?=[=+\-@＝＋－＠])/g, "'");
}

function quote(text: string): string {
	return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
