import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import type { WireRecord } from '../../../../../nodes/Itniotech/api/types';
import {
	DELIMITERS,
	createLines,
	fileHead,
	type FileLayout,
} from '../../../../../nodes/Itniotech/resources/voiceRecord/export/fileLines';
import {
	FIELD_NAMES,
	RECORD_FIELDS,
	type FieldName,
} from '../../../../../nodes/Itniotech/records/output/fields';
import { recordFieldOptions } from '../../../../../nodes/Itniotech/shared/fields';

const CSV: FileLayout = {
	format: 'csv',
	delimiter: ',',
	hasByteOrderMark: false,
	escapesFormulas: true,
	zone: 'Asia/Singapore',
};
const NDJSON: FileLayout = { ...CSV, format: 'ndjson' };
const SAMPLE: WireRecord = {
	voiceId: '2203031113381000002',
	callee: '91856321412',
	code: 'Afghanistan(Kandahar)',
	submitTime: '2022-01-18T14:42:40+08:00',
	callDuration: 5,
	terminationCode: '200',
	cost: '0.10',
	calledInfo: 'Müller, "Fritz"',
	feedbackValue: '-1',
	currency: null,
};

const wireName = (column: FieldName) => ({ area: 'code', calledNumber: 'callee' })[String(column)] ?? column;
const lineOf = (fields: Partial<WireRecord>, columns: FieldName[], layout: Partial<FileLayout> = {}) =>
	createLines({ ...CSV, columns, ...layout })({ voiceId: '1', ...fields });
const fileOf = (records: WireRecord[], layout: FileLayout) =>
	fileHead(layout) + records.map(createLines(layout)).join('');
const read = (file: string, delimiter = ',') =>
	parse(file, { record_delimiter: '\r\n', delimiter, bom: true, skip_empty_lines: true }) as string[][];

describe('a CSV file', () => {
	test('has all columns of the contract when none is chosen, which are those of the parameter', () => {
		expect(fileHead(CSV)).toBe(`${FIELD_NAMES.join(',')}\r\n`);
		expect(recordFieldOptions.map(({ value }) => String(value)).sort()).toEqual([...FIELD_NAMES].sort());
		expect(read(fileOf([SAMPLE], CSV)).map((row) => row.length)).toEqual([39, 39]);
	});

	test('begins with a byte order mark when it is wanted', () => {
		const head = Buffer.from(fileHead({ ...CSV, hasByteOrderMark: true, columns: ['voiceId'] }));
		expect([...head.subarray(0, 4)]).toEqual([0xef, 0xbb, 0xbf, 'v'.charCodeAt(0)]);
		expect([...Buffer.from(fileHead(CSV)).subarray(0, 1)]).toEqual(['s'.charCodeAt(0)]);
	});

	test('has the chosen columns in the chosen order', () => {
		const columns: FieldName[] = ['cost', 'outcome', 'voiceId', 'area', 'answerTime', 'feedbackValue'];
		expect(fileOf([SAMPLE], { ...CSV, columns })).toBe(
			'cost,outcome,voiceId,area,answerTime,feedbackValue\r\n' +
				'0.10,answered,2203031113381000002,Afghanistan(Kandahar),,-1\r\n',
		);
	});

	test.each<[string, unknown, string]>([
		['plain text', 'ORDER-1', 'ORDER-1'],
		['a comma', 'a,b', '"a,b"'],
		['quotes', 'say "hi"', '"say ""hi"""'],
		['a line feed', 'a\nb', '"a\nb"'],
		['a carriage return', 'a\rb', '"a\rb"'],
		['blanks at both ends', ' a ', ' a '],
		['other scripts', '😀 заказ', '😀 заказ'],
		['a formula', '=1+1', "'=1+1"],
		['a formula with a comma and quotes', '=A("x",1)', `"'=A(""x"",1)"`],
		['a plus', '+4915550100', "'+4915550100"],
		['a minus before words', '-cmd', "'-cmd"],
		['a minus before a sum', '-1+2', "'-1+2"],
		['two minuses', '--1', "'--1"],
		['a negative number', '-1', '-1'],
		['an at sign', '@SUM(A1)', "'@SUM(A1)"],
		['a tab', '\t=1', "'\t'=1"],
		['a tab before words', '\ta', "'\ta"],
		['a carriage return first', '\r=1', `"'\r'=1"`],
		['a line feed first', '\na', `"'\na"`],
		['a formula of full width', '＝1', "'＝1"],
		['a formula behind a semicolon', 'a;=1;b', "a;'=1;b"],
		['a formula behind a tab', 'a\t=1', "a\t'=1"],
		['a formula behind a semicolon and a blank', 'a; =1', "a; '=1"],
		['a formula behind a semicolon and quotes', 'x;"=1+1;y', `"x;""'=1+1;y"`],
		['a formula behind blanks', ' =1', " '=1"],
		['a formula behind a no-break blank', '\u00a0=1', "\u00a0'=1"],
		['a formula behind an invisible character', '\u200b=1', "\u200b'=1"],
		['a formula in quotes', '"=1"', `"""'=1"""`],
		['a minus behind a comma, which is inside quotes', 'a, -b', '"a, -b"'],
		['a formula behind a comma and a tab', 'a,\t=1', `"a,\t'=1"`],
		['an object', { order: 7 }, '"{""order"":7}"'],
		['a list', ['a', 1], '"[""a"",1]"'],
		['a formula on another line', 'a\n=1', `"a\n'=1"`],
		['a formula further on', 'a=1', 'a=1'],
		['null', null, '""'],
		['undefined', undefined, '""'],
		['empty text', '', '""'],
		['the number 0', 0, '0'],
	])('writes %s', (_, calledInfo, expected) => {
		expect(lineOf({ calledInfo: calledInfo as string }, ['calledInfo'])).toBe(`${expected}\r\n`);
	});

	test.each(['=1+1', '+1', '-a', '@a', '\tb'])('leaves %p as it is when escaping is off', (text) => {
		expect(lineOf({ calledInfo: text }, ['calledInfo'], { escapesFormulas: false })).toBe(`${text}\r\n`);
	});

	test.each([
		['UTC', '2022-01-18T06:42:40+00:00'],
		['America/New_York', '2022-01-18T01:42:40-05:00'],
	])('has times in the zone of the node: %s', (zone, expected) => {
		expect(lineOf(SAMPLE, ['submitTime'], { zone })).toBe(`${expected}\r\n`);
		expect(lineOf(SAMPLE, ['submitTime'], { ...NDJSON, zone })).toBe(`{"submitTime":"${expected}"}\n`);
	});

	test.each<[FieldName, unknown]>([
		['cost', '0.10'],
		['cost', '12345678901234567890.123456789'],
		['cost', '-0.5'],
		['settlePay', '1.2793'],
		['callDuration', 5],
		['callDuration', 0],
		['rate', '007'],
		['submitTime', '2022-01-18T14:42:40+08:00'],
		['voiceId', '22030311133810000021'],
	])('writes %s %p digit by digit and unquoted', (column, value) => {
		expect(lineOf({ [column]: value as string }, [column])).toBe(`${value as string}\r\n`);
	});

	test.each<FieldName>(['cost', 'rate', 'voiceFileId', 'calledNumber'])(
		'disarms a formula in %s too',
		(column) => {
			expect(lineOf({ [wireName(column)]: '=1' }, [column])).toBe("'=1\r\n");
		},
	);
});

const cell = fc.oneof(
	fc.string({ unit: 'grapheme' }),
	fc.string({ unit: fc.constantFrom(',', '"', '\r', '\n', ';', "'", '=', '-', '＠', '\t', 'a') }),
	fc.constantFrom(null, undefined, '0.10', -5, 0),
);
const record = fc.record<Partial<WireRecord>>(
	Object.fromEntries(FIELD_NAMES.map((column) => [wireName(column), cell])),
);
const chosen = fc.uniqueArray(fc.constantFrom(...FIELD_NAMES), { minLength: 1 });

const delimiters = fc.constantFrom(...Object.values(DELIMITERS));

const DERIVED: FieldName[] = [
	'reason',
	'outcome',
	'country',
	'keyPressed',
	...FIELD_NAMES.filter((name) => RECORD_FIELDS[name].type === 'time'),
];

test.each(['\t', '\n', '\t\n', ' ,', '"', ',\t', ',=', '\u200b'])(
	'a cell of %j many times is written at once',
	(text) => {
		const startedAt = performance.now();
		fileOf([{ ...SAMPLE, calledInfo: text.repeat(200_000) }], CSV);
		// A regular expression takes minutes.
		expect(performance.now() - startedAt).toBeLessThan(60_000);
	},
);

test('a CSV reader reads back every cell that was written', () => {
	const textOf = (value: unknown) => (value === null || value === undefined ? '' : `${value as string}`);
	fc.assert(
		fc.property(
			fc.array(record),
			chosen,
			fc.boolean(),
			delimiters,
			(rows, columns, hasByteOrderMark, delimiter) => {
				const records = rows.map((row) => ({ ...row, voiceId: textOf(row.voiceId) }) as WireRecord);
				const layout: FileLayout = { ...CSV, delimiter, columns, hasByteOrderMark, escapesFormulas: false };
				const [head, ...body] = read(fileOf(records, layout), delimiter);
				expect(head).toEqual(columns);
				const wanted = records.map((one) => columns.map((column) => textOf(one[wireName(column)])));
				const isAsSent = (_: string, at: number) => !DERIVED.includes(columns[at]);
				expect(body.map((row) => row.filter(isAsSent))).toEqual(wanted.map((row) => row.filter(isAsSent)));
				expect(body.map((row) => row.length)).toEqual(body.map(() => columns.length));
			},
		),
		{ numRuns: 300 },
	);
});

const piece = fc.constantFrom('=', '+', '-', '@', '＝', '－', ',', ';', '\t', '\r', '\n', '"', "'", ' ', '\u00a0', '\u200b', 'a', '1'); // prettier-ignore

/** Whether a spreadsheet may run a cell. */
const isFormula = (text: string) => /^[\s"\p{C}]*[=+\-@＝＋－＠]/u.test(text) && !/^-\d+(\.\d+)?$/.test(text);

/** As a lenient reader sees them; none where even that one gives up. */
function cellsOf(line: string, delimiter: string): string[] {
	try {
		return (parse(line, { delimiter, relax_quotes: true, relax_column_count: true }) as string[][]).flat();
	} catch {
		return [];
	}
}

test('no reader of any delimiter meets a cell that is a formula, and only apostrophes were added', () => {
	const text = fc.oneof(fc.string({ unit: piece, maxLength: 12 }), fc.string({ unit: 'grapheme' }));
	fc.assert(
		fc.property(text, text, delimiters, (area, calledInfo, delimiter) => {
			const columns: FieldName[] = ['voiceId', 'area', 'calledInfo'];
			const line = lineOf({ voiceId: '1', code: area, calledInfo }, columns, { delimiter });
			const [row] = read(line, delimiter);
			const withoutMarks = (one: string) => one.replaceAll("'", '');
			expect(row.map(withoutMarks)).toEqual(['1', area, calledInfo].map(withoutMarks));
			for (const other of Object.values(DELIMITERS)) {
				const cells = other === delimiter ? row : line.split(new RegExp(`[${other}\\r\\n]`));
				expect(cells.filter(isFormula)).toEqual([]);
				expect(cellsOf(line, other).filter(isFormula)).toEqual([]);
			}
		}),
		{ numRuns: 2000 },
	);
});

test.each(Object.values(DELIMITERS))(
	'a file with %j between its cells quotes that and nothing more',
	(delimiter) => {
		const line = lineOf({ code: 'a,b;c\td', calledInfo: 'plain' }, ['area', 'calledInfo'], { delimiter });
		expect(line).toBe(`"a,b;c\td"${delimiter}plain\r\n`);
		expect(fileHead({ ...CSV, columns: ['area', 'cost'], delimiter })).toBe(`area${delimiter}cost\r\n`);
	},
);

describe('an NDJSON file', () => {
	test('has no head, and the record as the API sent it on each line', () => {
		const nasty = { ...SAMPLE, calledInfo: 'line 1\r\nline "2" =SUM(A1)' };
		const file = fileOf([SAMPLE, nasty], { ...NDJSON, hasByteOrderMark: true });
		const lines = file.split('\n');
		expect(lines.map((line) => line && (JSON.parse(line) as unknown))).toEqual([SAMPLE, nasty, '']);
		expect(file).toContain('"voiceId":"2203031113381000002"');
		expect(file).toContain('"cost":"0.10"');
	});

	test('has the chosen columns in their order, null where there is no value', () => {
		const columns: FieldName[] = ['outcome', 'voiceId', 'area', 'callTime', 'currency', 'callDuration'];
		expect(fileOf([SAMPLE], { ...NDJSON, columns })).toBe(
			'{"outcome":"answered","voiceId":"2203031113381000002","area":"Afghanistan(Kandahar)","callTime":null,"currency":null,"callDuration":5}\n',
		);
	});
});
