import fc from 'fast-check';
import { parsePush } from '../../../../nodes/Itniotech/triggers/push/parsePush';
import { simplify } from '../../../../nodes/Itniotech/records/record';
import { makeRecord } from '../../../simulator/records';
import { pushBody, reportOf } from '../../../simulator/push';

const record = makeRecord({
	voiceId: '2203031113381000002',
	submitMs: Date.parse('2026-11-01T08:00:00Z'),
	callMs: Date.parse('2026-11-01T08:00:02Z'),
	seed: 1,
	index: 1,
});
const read = (body: unknown) => parsePush(JSON.stringify(body));
const readOne = (fields: object) => read({ voiceId: '1', ...fields })?.reports[0];

test.each(['one', 'array', 'list'] as const)('a report is read from a body of the form: %s', (form) => {
	const push = parsePush(pushBody([record], form));
	expect(push).toMatchObject({
		reports: [{ voiceId: record.voiceId, callee: record.callee }],
		unreadable: 0,
	});
});

test('a report has the times, and so the ten simple fields, of the queried record', () => {
	const [report] = parsePush(pushBody([record]))!.reports;
	const { submitTime, callTime, ringingTime, answerTime, hangupTime } = record;
	expect(report).toMatchObject({
		submitTime,
		callTime,
		ringingTime,
		answerTime: answerTime ?? null,
		hangupTime,
		type: 1,
		outRecallCount: 0,
	});
	expect(simplify(report)).toEqual(simplify({ ...record }));
});

test.each([
	['as text', '1646278424000', '2022-03-03T11:33:44+08:00'],
	['as a number', 1646278424000, '2022-03-03T11:33:44+08:00'],
	['with a part of a second', 1646278424999, '2022-03-03T11:33:44+08:00'],
	['in the form of records', '2022-03-03T11:33:44+08:00', '2022-03-03T11:33:44+08:00'],
	['that never came: 0', 0, null],
	['that never came: null', null, null],
	['before 1970', -5, null],
	['beyond all years', 1e300, null],
])('a time %s', (_case, hangupTime, expected) => {
	const body = hangupTime === null ? {} : { hangupTime };
	expect(readOne(body)?.hangupTime ?? null).toBe(expected);
});

test('no digit of a voice id is lost when it comes as a number', () => {
	expect(parsePush('{"voiceId":2203031113381000002}')?.reports).toMatchObject([
		{ voiceId: '2203031113381000002' },
	]);
});

test.each([
	['the SIP code', { sipCode: '486' }, '486'],
	['the SIP code where it is empty', { sipCode: '486', terminationCode: '' }, '486'],
	['itself', { sipCode: '200', terminationCode: '0' }, '0'],
	['nothing', {}, null],
])('the termination code is taken from %s', (_case, fields, expected) => {
	expect(readOne(fields)?.terminationCode).toBe(expected);
});

test('of a list, readable reports are taken and the others counted', () => {
	const list = [{ voiceId: '1' }, { voiceId: '' }, {}, null, 'x', [{ voiceId: '2' }], { voiceId: '../x' }];
	expect(read(list)).toMatchObject({ reports: [{ voiceId: '1' }], unreadable: 6 });
});

test('a list of nothing is taken as such', () => {
	expect(read([])).toEqual({ reports: [], unreadable: 0 });
	expect(read({ array: [] })).toEqual({ reports: [], unreadable: 0 });
});

test.each([
	['no JSON', 'x'],
	['nothing', ''],
	['no object', '"1"'],
	['an object without a voice id', '{"a":1}'],
	['a list that is none', '{"array":{"voiceId":"1"}}'],
	['only unreadable ones', '[{},{}]'],
	['too many', JSON.stringify(Array.from({ length: 2001 }, () => ({ voiceId: '1' })))],
	['too deep a nesting', '['.repeat(200_000) + ']'.repeat(200_000)],
])('a body is refused that holds %s', (_case, text) => expect(parsePush(text)).toBeUndefined());

test('no more is kept of a text than a field may have', () => {
	const report = readOne({ calledInfo: 'x'.repeat(100_000), submitTime: 'T'.repeat(100_000) })!;
	expect(String(report.calledInfo)).toHaveLength(2000);
	expect(String(report.submitTime)).toHaveLength(2000);
});

test('nested values and names that are no field are left out', () => {
	const text = `{"voiceId":"1","__proto__":{"polluted":1},"toString":{"x":1},"a-b":1,"cost":"2","list":[1],"no":null}`;
	const [report] = parsePush(text)!.reports;
	expect(report).toEqual({ voiceId: '1', cost: '2', no: null, terminationCode: null });
	expect(Object.getPrototypeOf(report)).toBe(Object.prototype);
});

test('whatever comes, a push is refused or gives plain reports with an id', () => {
	fc.assert(
		fc.property(
			fc.oneof(
				fc.json(),
				fc.string(),
				fc.json().map((json) => `[{"voiceId":"7","x":${json}}]`),
			),
			(text) => {
				for (const report of parsePush(text)?.reports ?? []) {
					expect(report.voiceId).toMatch(/^[\w-]{1,64}$/);
					expect(
						Object.values(report).filter((value) => typeof value === 'object' && value !== null),
					).toEqual([]);
				}
			},
		),
	);
});

test('the simulator pushes milliseconds', () => {
	expect(reportOf(record).submitTime).toBe(Date.parse(record.submitTime!));
});
