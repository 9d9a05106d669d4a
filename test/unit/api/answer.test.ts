import fc from 'fast-check';
import {
	readAnswer,
	readRetryAfter,
	type HttpAnswer,
	type Refusal,
} from '../../../nodes/Itniotech/api/answer';
import { STATUS_MEANINGS } from '../../../nodes/Itniotech/api/status';
import { NOW_MS } from '../../support/times';

const read = (body: unknown, statusCode = 200) => readAnswer({ statusCode, headers: {}, body });

function refusalOf(body: HttpAnswer['body'], statusCode?: number): Refusal {
	const result = read(body, statusCode);
	if ('body' in result) throw new Error('read as a success');
	return result.refusal;
}

describe('a success', () => {
	test.each([
		['text', '{"status":"0","data":1}'],
		['a number', '{"status":0,"data":1}'],
		['`code`', '{"code":"0","data":1}'],
		['`code` as a number', '{"code":0,"msg":"ok","data":1}'],
		['`code`, with a `status` of null', '{"status":null,"code":"0","data":1}'],
		['`code`, with a `status` that is a word', '{"status":"success","code":0,"data":1}'],
		['`status`, with a `code` that is a word', '{"status":0,"code":"OK","data":1}'],
		['both', '{"status":"0","code":0,"data":1}'],
		['blanks around it', ' {"status":" 0 ","data":1}\n'],
	])('may carry its status as %s', (_case, text) => {
		expect(read(text)).toEqual({ body: expect.objectContaining({ data: 1 }) as object });
	});

	test.each([200, 201, 204, 299])('may come with the HTTP status %d', (statusCode) => {
		expect(read('{"status":"0"}', statusCode)).toEqual({ body: { status: '0' } });
	});

	test('keeps every digit of a voice ID that is sent as a number', () => {
		const text =
			'{"status":"0","data":{"records":[{"voiceId":22030311133810000021},{"voiceId" : 9007199254740993}]}}';
		expect(read(text)).toMatchObject({
			body: { data: { records: [{ voiceId: '22030311133810000021' }, { voiceId: '9007199254740993' }] } },
		});
	});

	test('keeps text that quotes a voice ID', () => {
		const calledInfo = '{"voiceId": 12, "x": "\\"voiceId\\":3"}';
		expect(read(JSON.stringify({ status: '0', calledInfo }))).toEqual({ body: { status: '0', calledInfo } });
	});
});

describe('a refusal', () => {
	const known = [...STATUS_MEANINGS.keys()];

	test.each(known)(
		'with status %s means what the table says, whatever the field name and HTTP status',
		(status) => {
			const bodies = [
				{ status, reason: 'why' },
				{ status: Number(status), reason: 'why' },
				{ code: status, msg: 'why' },
				{ status: 'error', code: status, msg: 'why' },
				{ status: '0', code: status, msg: 'why' },
				{ status, code: 200, reason: 'why' },
			];
			for (const statusCode of [200, 400, 401, 429, 500]) {
				for (const body of bodies) {
					expect(refusalOf(JSON.stringify(body), statusCode)).toEqual({
						...STATUS_MEANINGS.get(status),
						status,
						httpStatus: statusCode,
						detail: `status ${status}: why`,
					});
				}
			}
		},
	);

	test('with an unknown status shows the status and the reason of the vendor, and is not retried', () => {
		expect(refusalOf('{"status":"-99","reason":"moon phase"}')).toMatchObject({
			message: expect.stringContaining('-99') as string,
			detail: 'status -99: moon phase',
			status: '-99',
			retry: 'no',
		});
	});

	test('without a reason shows only the status', () => {
		expect(refusalOf('{"status":-22}').detail).toBe('status -22');
	});

	test('shows only the beginning of a long reason', () => {
		expect(
			refusalOf(JSON.stringify({ status: '-22', reason: 'x'.repeat(5000) })).detail?.length,
		).toBeLessThan(250);
	});

	test.each([
		['a web page', '<html>busy</html>', 503, 'backoff'],
		['nothing', '', 502, 'backoff'],
		['a success, which contradicts it', '{"status":"0","data":{"records":[]}}', 500, 'backoff'],
		['another kind of body', '{"status":500,"path":"/voice"}', 500, 'backoff'],
		['nothing', '', 429, 'backoff'],
		['a web page', '<html>sign in</html>', 302, 'no'],
		['another kind of body', '{"code":404,"msg":"not found"}', 404, 'no'],
		['nothing', undefined, 403, 'no'],
	])('by HTTP status may contain %s (%#)', (_case, body, statusCode, retry) => {
		expect(refusalOf(body, statusCode)).toMatchObject({
			retry,
			httpStatus: statusCode,
			detail: `HTTP status ${statusCode}`,
		});
	});

	test.each([
		['a web page', '<!doctype html><html></html>', 'no'],
		['plain text', 'It works!', 'no'],
		['an object without a status', '{"data":{"records":[]}}', 'no'],
		['a status that is neither text nor number', '{"status":true,"data":{}}', 'no'],
		['an empty status', '{"status":"","data":{}}', 'no'],
		['a list', '[{"status":"0"}]', 'no'],
		['null', 'null', 'no'],
		['nothing', '', 'backoff'],
		['an incomplete object', '{"status":"0","data":{"records":[{"voi', 'backoff'],
		['an incomplete list', '[{"status"', 'backoff'],
	])('is read from %s, never an empty list', (_case, body, retry) => {
		expect(refusalOf(body)).toMatchObject({ retry });
	});
});

describe('JSON that cannot be read', () => {
	const incomplete = 'The response from ITNIO TECH was incomplete';
	const unreadable = 'The response from ITNIO TECH could not be read';

	test('is incomplete wherever it ends too early', () => {
		fc.assert(
			fc.property(fc.json(), fc.nat(), fc.constantFrom(undefined, 1), (json, at, indent) => {
				const text = JSON.stringify({ status: '0', data: [JSON.parse(json)] }, null, indent);
				expect(refusalOf(text.slice(0, 1 + (at % (text.length - 1))))).toMatchObject({
					message: incomplete,
					retry: 'backoff',
				});
			}),
		);
	});

	test.each([
		['a raw line break in a text', '{"status":"0","data":{"calledInfo":"a\nb"}}'],
		['a raw tab in a text', '{"status":"0","data":{"calledInfo":"a\tb"}}'],
		['a raw quote in a text', '{"status":"0","data":{"calledInfo":"a"b"}}'],
		['an escape that does not exist', '{"status":"0","data":"\\x41"}'],
		['a comma too many', '{"status":"0","data":[],}'],
		['a value that does not exist', '{"status":"0","data":NaN}'],
		['names without quotes', '{status:0}'],
		['two answers', '{"status":"0"}{"status":"0"}'],
		['a quotation of the words for an early end', '{"status":"0","data": x at position 37 }'],
	])('is complete, but not valid: %s', (_case, text) => {
		expect(refusalOf(text)).toMatchObject({
			message: unreadable,
			hint: expect.stringContaining('not valid JSON') as string,
			retry: 'no',
		});
	});
});

test('HTTP status 407 names the proxy that asks for a password', () => {
	expect(refusalOf('<html>proxy</html>', 407)).toMatchObject({
		message: 'The proxy between n8n and ITNIO TECH requires a username and a password',
		hint: expect.stringContaining('HTTPS_PROXY') as string,
		retry: 'no',
	});
});

test('no message about an answer uses alarming words', () => {
	for (const body of ['', '<html>', '{"status":"-99"}', '{"status":"-22"}']) {
		const { message, hint } = refusalOf(body);
		expect(`${message} ${hint}`).not.toMatch(/error|problem|failure|mistake/i);
	}
});

test.each([
	['seconds', '120', 120_000],
	['seconds as a number', 7, 7000],
	['zero seconds', '0', 0],
	['blanks around the seconds', ' 5 ', 5000],
	['a date', 'Fri, 20 Nov 2026 08:00:10 GMT', 10_000],
	['a date in the past', 'Sun, 15 Mar 2026 11:00:00 GMT', 0],
	['text', 'soon', undefined],
	['text with a number', 'retry after 10', undefined],
	['a fraction', '1.5', undefined],
	['a negative number', '-5', undefined],
	['empty text', '', undefined],
	['nothing', undefined, undefined],
	['a list', ['1', '2'], undefined],
])('Retry-After is read where it says how long to wait: %s', (_case, header, expected) =>
	expect(readRetryAfter(header, NOW_MS)).toBe(expected),
);
