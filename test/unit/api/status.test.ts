import {
	STATUS_MEANINGS,
	UNKNOWN_STATUS,
	httpStatusMeaning,
	type StatusMeaning,
} from '../../../nodes/Itniotech/api/status';

const HTTP_STATUSES = Array.from({ length: 300 }, (_, index) => 300 + index);
/** Every text that a user may see: for a known status, for an HTTP status, for an unknown status. */
const ALL: StatusMeaning[] = [
	...STATUS_MEANINGS.values(),
	...HTTP_STATUSES.map(httpStatusMeaning),
	{ message: 'ITNIO TECH', ...UNKNOWN_STATUS },
];

test.each([
	['authentication', '-1', 'no', 'credential-invalid'],
	['restricted IP', '-2', 'no', 'configuration-invalid'],
	['user locked', '-13', 'no', 'credential-invalid'],
	['frequent query', '-15', 'backoff', 'rate-limited'],
	['timestamp expired', '-16', 'clock', 'configuration-invalid'],
	['program exception', '-18', 'backoff', 'temporarily-unavailable'],
	['parameter exception', '-22', 'no', 'configuration-invalid'],
	['out of time range', '-25', 'no', 'configuration-invalid'],
	['workspace disabled', '-29', 'no', 'credential-invalid'],
	['API key disabled', '-30', 'no', 'credential-invalid'],
	['IP not in the white list', '-31', 'no', 'configuration-invalid'],
	['key lacks permission', '-32', 'no', 'credential-invalid'],
])('the table of statuses contains "%s" (%s), retry %s', (_meaning, status, retry, cause) => {
	expect(STATUS_MEANINGS.get(status)).toMatchObject({ retry, cause });
});

test('the table of statuses contains only documented ones, and no success', () => {
	expect([...STATUS_MEANINGS.keys()].map(Number).sort((a, b) => b - a)).toEqual([
		-1, -2, -10, -13, -15, -16, -18, -21, -22, -25, -26, -29, -30, -31, -32, -34, -35, -54,
	]);
});

test('an unknown status is not retried', () => expect(UNKNOWN_STATUS.retry).toBe('no'));

test.each([
	['429 alone means too many requests', [429], STATUS_MEANINGS.get('-15')],
	['5xx is temporary', [500, 502, 503, 504, 599], { retry: 'backoff', cause: 'temporarily-unavailable' }],
	['401 and 403 concern the credential', [401, 403], { retry: 'no', cause: 'credential-invalid' }],
	[
		'other statuses concern the address',
		[300, 302, 400, 404, 499],
		{ retry: 'no', cause: 'configuration-invalid' },
	],
])('HTTP status %s', (_case, statuses, expected) => {
	for (const status of statuses) expect(httpStatusMeaning(status)).toMatchObject(expected ?? {});
});

test('of the HTTP statuses, only 408, 429 and 5xx are retried', () => {
	const retried = HTTP_STATUSES.filter((status) => httpStatusMeaning(status).retry !== 'no');
	expect(retried).toEqual(
		HTTP_STATUSES.filter((status) => status === 408 || status === 429 || status >= 500),
	);
});

test('only -15 and 429 slow down the run', () => {
	expect([...STATUS_MEANINGS].filter(([, { slowDown }]) => slowDown).map(([status]) => status)).toEqual([
		'-15',
	]);
	expect(HTTP_STATUSES.filter((status) => httpStatusMeaning(status).slowDown)).toEqual([429]);
});

test('each message says what happened, each hint what to do, without alarming words', () => {
	for (const { message, hint } of ALL) {
		expect(`${message} ${hint}`).not.toMatch(/error|problem|failure|mistake/i);
		expect(message).toMatch(/^[A-Z].*[^.\s]$/);
		expect(hint).toMatch(/^(Check|Add|Contact|Lower|Synchronize|Try|Choose|Enable|Grant) /);
	}
});

test('hints point to the credential, the allow-list, the clock, the range and the load', () => {
	const hints = [...STATUS_MEANINGS].map(([status, { hint }]) => [status, hint] as const);
	expect(Object.fromEntries(hints)).toMatchObject({
		'-1': expect.stringMatching(/"API Key", "API Secret" and "Base URL"/) as string,
		'-2': expect.stringMatching(/allow-list/) as string,
		'-15': expect.stringMatching(/limit of your account/) as string,
		'-16': expect.stringMatching(/clock/) as string,
		'-22': expect.stringMatching(/^Check the parameters of this node/) as string,
		'-25': expect.stringMatching(/two months/) as string,
		'-31': expect.stringMatching(/allow-list/) as string,
	});
});
