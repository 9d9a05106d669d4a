import { createIpCheck } from '../../../../nodes/Itniotech/triggers/push/allowedIps';
import { thrownBy } from '../../support/thrownBy';

test.each<[string, string, boolean]>([
	['', '203.0.113.7', true],
	['  ', 'anything', true],
	['203.0.113.7', '203.0.113.7', true],
	['203.0.113.7', '203.0.113.8', false],
	['203.0.113.7', '::ffff:203.0.113.7', true],
	['203.0.113.7, 198.51.100.0/24', '198.51.100.255', true],
	['203.0.113.7 198.51.100.0/24', '198.51.101.0', false],
	['198.51.100.77/24', '198.51.100.1', true],
	['198.51.100.0/25', '198.51.100.128', false],
	['198.51.100.4/31', '198.51.100.5', true],
	['0.0.0.0/0', '8.8.8.8', true],
	['0.0.0.0/0', '2001:db8::1', false],
	['0.0.0.0/0', '::1', false],
	['2001:db8::/32', '2001:db8:ffff::1', true],
	['2001:db8::/32', '2001:db9::1', false],
	['2001:DB8::1', '2001:db8:0:0:0:0:0:1', true],
	['::1', '::1', true],
	['::1', '127.0.0.1', false],
	['::/0', '::', true],
	['127.0.0.1', '', false],
	['127.0.0.1', '127.0.0', false],
	['127.0.0.1', '127.0.0.1.5', false],
	['127.0.0.1', '127.0.0.1/32', false],
])('with the list "%s", %s may push: %s', (list, ip, expected) =>
	expect(createIpCheck(list)(ip)).toBe(expected),
);

test('a sender without an address is allowed only if the list is empty', () => {
	expect(createIpCheck('')(undefined)).toBe(true);
	expect(createIpCheck('::/0')(undefined)).toBe(false);
});

test.each([
	'203.0.113.256',
	'203.0.113',
	'198.51.100.0/33',
	'198.51.100.0/',
	'/8',
	'2001:db8::1::2',
	'1:2:3:4:5:6:7:8:9',
	'1:2:3:4:5:6:7',
	'2001:db8::/129',
	'itniotech.com',
	'::12345',
])('%s is not a valid address', (entry) => {
	expect(thrownBy(() => createIpCheck(`127.0.0.1, ${entry}`))).toMatchObject({
		message: `"Allowed IP Addresses" contains an invalid address: ${entry}`,
		description: expect.stringContaining('CIDR'),
	});
});

test.each([[['203.0.113.7', ' 198.51.100.0/24 ']]])('the list may be an array: %j', (list) => {
	expect(createIpCheck(list)('198.51.100.9')).toBe(true);
	expect(createIpCheck(list)('198.51.101.9')).toBe(false);
});

test.each([undefined, null, 5, true, false, {}, { ip: '203.0.113.7' }, [], [''], [null], [['']], ',', ' ; '])(
	'%j cannot be read as a list, and lets nobody in',
	(value) => {
		expect(thrownBy(() => createIpCheck(value))).toMatchObject({
			message: expect.stringContaining('"Allowed IP Addresses"'),
		});
	},
);
