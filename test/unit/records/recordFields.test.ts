import { FIELD_NAMES, selectFields } from '../../../nodes/Itniotech/records/recordFields';
import { simplify } from '../../../nodes/Itniotech/records/record';

const RECORD = {
	voiceId: '1',
	callee: '15550100',
	code: 'India(Delhi)',
	terminationCode: 486,
	cost: '0.10',
	rate: '0.05',
};

test('selected fields have the values of the simplified record, others those of the API, in the chosen order', () => {
	const fields = selectFields(RECORD, [
		'rate',
		'calledNumber',
		'cost',
		'terminationCode',
		'outcome',
		'hangupTime',
	]);
	expect(Object.entries(fields)).toEqual([
		['rate', '0.05'],
		['calledNumber', '15550100'],
		['cost', 0.1],
		['terminationCode', '486'],
		['outcome', 'failed'],
		['hangupTime', null],
	]);
});

test('a value that cannot be simplified is null, not what the API sent', () => {
	expect(selectFields({ ...RECORD, cost: 'free' }, ['cost'])).toEqual({ cost: null });
});

test('every simplified field can be selected, and no field has a name that n8n refuses', () => {
	expect(FIELD_NAMES).toEqual(expect.arrayContaining(Object.keys(simplify(RECORD))));
	expect(FIELD_NAMES).not.toContain('callee');
});
