import { calledNumberIn, phoneNumberOf } from '../../../nodes/Itniotech/records/phoneNumber';

test.each([
	['15550100', '15550100'],
	['+15550100', '15550100'],
	['0015550100', '15550100'],
	[15550100, '15550100'],
	[' 15550100 ', '15550100'],
	['sip:15550111@192.0.2.1', '15550111'],
	['SIP:+1-555-0111@example.com:5060;transport=tcp', '15550111'],
	['sips:15550111;ext=12@192.0.2.1', '15550111'],
	['tel:+15550111', '15550111'],
	['1001', '1001'],
	['0800123456', '0800123456'],
])('%j is the phone number %s', (callee, number) => expect(phoneNumberOf(callee)).toBe(number));

test.each([
	'15550113,15550114',
	'15550112;ext=12',
	'15550113\n15550114',
	'sip:someone@192.0.2.1',
	'sip:15550111:secret@192.0.2.1',
	'anonymous',
	'1555010015550100',
	'1'.repeat(100),
])('%j is not one number, and remains as it is', (callee) => expect(phoneNumberOf(callee)).toBe(callee));

test.each([undefined, null, '', ' ', {}, []])('%j is not a phone number', (callee) =>
	expect(calledNumberIn({ voiceId: '1', callee })).toBeNull(),
);
