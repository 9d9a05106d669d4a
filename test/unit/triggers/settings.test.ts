import type { IPollFunctions, IWebhookFunctions } from 'n8n-workflow';
import { readPollingSettings as readPolling } from '../../../nodes/Itniotech/triggers/polling/settings';
import { readIpCheck, readPushSettings as readPush } from '../../../nodes/Itniotech/triggers/push/settings';

const DEFAULTS = { event: 'callFailed', output: 'eachRecord', minimumFailures: 1, options: {} };

function contextWith(parameters: object): IPollFunctions & IWebhookFunctions {
	const values = { ...DEFAULTS, ...parameters };
	return {
		getNodeParameter: (name: string, fallback: unknown) =>
			name in values ? values[name as keyof typeof values] : fallback,
		getNode: () => ({ parameters: values }),
		getTimezone: () => 'Asia/Singapore',
	} as never;
}

const TRIGGERS = {
	polling: (parameters: object) => readPolling(contextWith(parameters)),
	push: (parameters: object) => {
		const context = contextWith(parameters);
		readIpCheck(context);
		return readPush(context);
	},
};

describe.each(Object.entries(TRIGGERS))('the %s trigger', (_name, read) => {
	test.each([
		[undefined, false],
		[true, false],
		['TRUE', false],
		[false, true],
		['false', true],
	])('with "Simplify" %p outputs raw records: %p', (simplify, isRaw) => {
		const record = { voiceId: '1', callee: '15550100' };
		const { toOutput } = read(simplify === undefined ? {} : { simplify });
		expect('callee' in toOutput(record)).toBe(isRaw);
	});

	test.each<[string, object]>([
		['"Simplify"', { simplify: 'raw' }],
		['"Filters"', { filters: ['failed'] }],
		['"Filters": areas', { filters: { areas: 'Kandahar' } }],
		['"Outcome"', { filters: '{"outcome":"lost"}' }],
		['"Outcome": pending', { filters: { outcome: 'pending' } }],
		['"Called Number"', { filters: { calledNumber: { __rl: true, mode: 'text', value: 'the boss' } } }],
		['"Options"', { options: ['10'] }],
		['"Options"', { options: 'none' }],
		['"Options": lookBack', { options: { lookBack: 5 } }],
		['"Options": constructor', { options: { constructor: 5 } }],
		['"Termination Code"', { event: 'callFailed', filters: { terminationCode: '200' } }],
		['"Fields": price', { options: { fields: ['voiceId', 'price'] } }],
		['"Timezone"', { options: { timezone: 'Mars' } }],
	])('refuses %s by name in %j', (name, parameters) => {
		expect(() => read(parameters)).toThrow(name);
	});
});

test.each(Object.entries(TRIGGERS))(
	'the %s trigger outputs the fields of its options, in its zone',
	(_, read) => {
		const record = { voiceId: '1', submitTime: '2026-11-20T08:00:00Z', cost: '0.10' };
		const fields = ['submitTime', 'cost', 'currency'];
		expect(read({ options: { fields }, simplify: false }).toOutput(record)).toEqual({
			submitTime: '2026-11-20T16:00:00+08:00',
			cost: 0.1,
			currency: null,
		});
		expect(read({ options: { timezone: 'Europe/Berlin' } }).toOutput(record)).toMatchObject({
			submitTime: '2026-11-20T09:00:00+01:00',
		});
	},
);

test('the options of the polling trigger may be JSON text', () => {
	expect(readPolling(contextWith({ options: '{"lookback":5}' })).lookbackS).toBe(5 * 60 + 60);
});

describe('"Confirm Calls"', () => {
	test.each([
		[{}, true],
		[{ confirm: 'true' }, true],
		[{ confirm: 'false' }, false],
		[{ confirm: false }, false],
	])('of %j is %p', (parameters, isConfirming) => {
		expect(readPush(contextWith(parameters)).isConfirming).toBe(isConfirming);
	});

	test.each([0, 'no', [], {}])('is not turned off by %p', (confirm) => {
		expect(() => readPush(contextWith({ confirm }))).toThrow('"Confirm Calls"');
	});
});

describe('the allow-list', () => {
	test.each([
		null,
		'',
		' ',
		'anybody',
		[],
		['203.0.113.7'],
		5,
		true,
		{ allowedIPs: '203.0.113.7' },
		{ allowedIps: null },
	])('in options of %j lets nobody in', (options) =>
		expect(() => readIpCheck(contextWith({ options }))).toThrow(),
	);

	test.each([{ allowedIps: '203.0.113.7' }, '{"allowedIps":["203.0.113.7"]}'])(
		'is read from %j',
		(options) => {
			const isAllowed = readIpCheck(contextWith({ options }));
			expect([isAllowed('203.0.113.7'), isAllowed('203.0.113.8')]).toEqual([true, false]);
		},
	);
});
