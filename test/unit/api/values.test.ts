import { answeredId } from '../../../nodes/Itniotech/api/values';

test.each([
	1,
	'1234567890123456789',
	'0001',
	'f3',
	'vm_1',
	'task-12',
	'aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee',
	'b-a-1',
])('%p is an ID', (value) => expect(answeredId(value)).toBe(String(value)));

test.each([
	0,
	'0',
	true,
	false,
	null,
	undefined,
	'',
	' ',
	'success',
	'ok',
	'-5',
	-5,
	'code 200',
	'[1]',
	{ id: 5 },
])('%p is no ID', (value) => expect(answeredId(value)).toBeNull());
