import fc from 'fast-check';
import { parsePush, toLookup, withPushedFields } from '../../../../nodes/Itniotech/triggers/push/parsePush';
import { createOutput } from '../../../../nodes/Itniotech/records/output/fields';
import { makeRecord } from '../../../simulator/records';
import { pushBody, pushedCallOf } from '../../../simulator/push';

const record = makeRecord({
	voiceId: '2203031113381000002',
	submitMs: Date.parse('2026-11-01T08:00:00Z'),
	callMs: Date.parse('2026-11-01T08:00:02Z'),
	seed: 1,
	index: 1,
});
const read = (body: unknown) => parsePush(JSON.stringify(body));
const readOne = (fields: object) => read({ voiceId: '1', ...fields })?.calls[0];

test.each(['one', 'array', 'list'] as const)('a pushed call is read from a body of this kind: %s', (kind) => {
	const push = parsePush(pushBody([record], kind));
	expect(push).toMatchObject({
		calls: [{ voiceId: record.voiceId, callee: record.callee }],
		unreadableCount: 0,
	});
});

test('a pushed call has the times, and so the simplified fields, of the queried record', () => {
	const [call] = parsePush(pushBody([record]))!.calls;
	const { submitTime, callTime, ringingTime, answerTime, hangupTime } = record;
	expect(call).toMatchObject({
		submitTime,
		callTime,
		ringingTime,
		answerTime: answerTime ?? null,
		hangupTime,
		type: 1,
		outRecallCount: 0,
	});
	const simplify = createOutput(true, undefined, 'UTC');
	expect(simplify(call)).toEqual(simplify({ ...record }));
});

test.each([
	['as text', '1646278424000', '2022-03-03T11:33:44+08:00'],
	['as a number', 1646278424000, '2022-03-03T11:33:44+08:00'],
	['with a fraction of a second', 1646278424999, '2022-03-03T11:33:44+08:00'],
	['in the format of records', '2022-03-03T11:33:44+08:00', '2022-03-03T11:33:44+08:00'],
	['that is missing: 0', 0, null],
	['that is missing: null', null, null],
	['before 1970', -5, null],
	['beyond the calendar', 1e300, null],
])('a pushed time %s (%j) becomes %j', (_case, hangupTime, expected) => {
	const body = hangupTime === null ? {} : { hangupTime };
	expect(readOne(body)?.hangupTime ?? null).toBe(expected);
});

test('a voice ID sent as a number loses no digit', () => {
	expect(parsePush('{"voiceId":2203031113381000002}')?.calls).toMatchObject([
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

test('readable calls of a list are read, and the others counted', () => {
	const list = [
		{ voiceId: '1' },
		{ voiceId: '' },
		{},
		null,
		'x',
		[{ voiceId: '2' }],
		{ voiceId: '../x' },
		{ voiceId: true },
	];
	expect(read(list)).toMatchObject({ calls: [{ voiceId: '1' }], unreadableCount: 7 });
});

test('an empty list is valid', () => {
	expect(read([])).toEqual({ calls: [], unreadableCount: 0 });
	expect(read({ array: [] })).toEqual({ calls: [], unreadableCount: 0 });
});

test.each([
	['something other than JSON', 'x'],
	['nothing', ''],
	['text', '"1"'],
	['an object without a voice ID', '{"a":1}'],
	['an object instead of the list', '{"array":{"voiceId":"1"}}'],
	['only unreadable calls', '[{},{}]'],
	['too many calls', JSON.stringify(Array.from({ length: 2001 }, () => ({ voiceId: '1' })))],
	['nesting that is too deep', '['.repeat(200_000) + ']'.repeat(200_000)],
])('a body is rejected that contains %s', (_case, text) => expect(parsePush(text)).toBeUndefined());

test('text longer than a field may be is cut', () => {
	const call = readOne({ calledInfo: 'x'.repeat(100_000), submitTime: 'T'.repeat(100_000) })!;
	expect(String(call.calledInfo)).toHaveLength(2000);
	expect(String(call.submitTime)).toHaveLength(2000);
});

test('nested values, invalid field names and what n8n takes for an error are left out', () => {
	const text = `{"voiceId":"1","__proto__":{"polluted":1},"toString":{"x":1},"a-b":1,"error":"x","cost":"2","list":[1],"no":null}`;
	const [call] = parsePush(text)!.calls;
	expect(call).toEqual({ voiceId: '1', cost: '2', no: null, terminationCode: null });
	expect(Object.getPrototypeOf(call)).toBe(Object.prototype);
});

test('any text is either rejected or read as plain calls with an ID', () => {
	fc.assert(
		fc.property(
			fc.oneof(
				fc.json(),
				fc.string(),
				fc.json().map((json) => `[{"voiceId":"7","x":${json}}]`),
			),
			(text) => {
				for (const call of parsePush(text)?.calls ?? []) {
					expect(call.voiceId).toMatch(/^[\w-]{1,64}$/);
					expect(Object.values(call).filter((value) => typeof value === 'object' && value !== null)).toEqual(
						[],
					);
				}
			},
		),
	);
});

test('the simulator pushes milliseconds', () => {
	expect(pushedCallOf(record).submitTime).toBe(Date.parse(record.submitTime!));
});

test('what only a push tells is added where the record lacks it, and nothing else', () => {
	const record = { voiceId: '1', cost: '2', taskId: 'listed', ringDuration: 0, intent: '', scriptId: null };
	const told = { intent: 'yes', scriptId: 3, callStatus: 40 };
	const pushed = { voiceId: '1', cost: '9', taskId: 'pushed', ringDuration: 7, unknown: 'x', ...told };
	expect(withPushedFields(record, toLookup(pushed))).toEqual({ ...record, ...told });
	expect(withPushedFields(record, undefined)).toEqual(record);
	expect(toLookup({ ...pushed, submitTime: 'now', intent: 'y'.repeat(5000) })).toEqual({
		voiceId: '1',
		submitTime: 'now',
		taskId: 'pushed',
		ringDuration: 7,
		scriptId: 3,
		callStatus: 40,
		intent: 'y'.repeat(500),
	});
});
